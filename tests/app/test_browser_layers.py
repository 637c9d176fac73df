"""The layer of knowledge and a cell's sources, used by hand: the answer follows, the plot is read, sources open aside."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.app.hands import answer, at_rest, changes, choose, look_up

CELL = "cell=enhancement_pattern.cns_vasculitis"


@pytest.mark.uses("layer")
def test_another_layer_gives_another_answer_and_stands_in_the_address(open_page):
    page = open_page("/?f=fever.present~csf_pleocytosis.present&prior=documents")
    with changes(page):
        answer(page, "layer", "Documents")
    page.wait_for_url(re.compile("knowledge=documents"))
    with changes(page):
        answer(page, "layer", "+ Judgement")
    page.wait_for_url(re.compile(r"^(?!.*knowledge=)"))
    assert page.complaints == []


@pytest.mark.uses("map_cited", "map_finding", "map_disease", "map_state")
def test_a_cell_is_chosen_and_its_sources_are_linked(open_page):
    page = open_page("/knowledge")
    at_rest(page)
    look_up(page, "map_finding", "Localisation")
    at_rest(page)
    with changes(page, ".mf-map"):
        answer(page, "map_cited", "Cohorts")
    choose(page, "map_disease", "CNS vasculitis")
    page.locator(".mf-forest").wait_for()
    at_rest(page)
    with changes(page, ".mf-forest"):
        choose(page, "map_state", "Infratentorial")
    link = page.locator(".mf-forest a").first
    assert link.get_attribute("href").startswith("https://")
    assert (link.get_attribute("target"), "noopener" in link.get_attribute("rel")) == ("_blank", True)
    expect(page).to_have_url(re.compile(r"cell=localisation\.cns_vasculitis"))
    assert page.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_cell_fits_a_telephone_and_can_be_read_by_everybody(open_page, theme):
    page = open_page(f"/knowledge?{CELL}", width=360, theme=theme)
    page.locator(".mf-forest").wait_for()
    at_rest(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page, context=".mf-forest").response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:160]) for rule in found] == []
    marks = page.locator(".mf-forest i[class^=mf-]")
    assert marks.count() > 2
    assert all(marks.nth(i).bounding_box()["width"] > 4 for i in range(marks.count()))
