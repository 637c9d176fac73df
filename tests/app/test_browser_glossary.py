"""The glossary by hand: opened on a screen, searched, a drawing opened beside its control, on a telephone, too."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.app.hands import answer, at_rest, changes, choose, press, write
from tests.app.test_browser import PATIENT, WIDE


def opened_popover(page):
    """The glossary's popover, opened by a click."""
    press(page, "glossary")
    body = page.get_by_test_id("stPopoverBody")
    body.locator(".term").first.wait_for()
    return body


@pytest.mark.uses("glossary", "glossary_find")
def test_a_word_is_looked_up_on_a_screen(open_page):
    page = open_page(f"/why?{PATIENT}")
    body = opened_popover(page)
    body.get_by_text("Probability of a diagnosis before any finding is known.").wait_for()
    write(page, "glossary_find", "dawson")
    body.locator(".term b", has_text="Dawson fingers").wait_for()
    expect(body.locator("svg.mf-sketch")).to_have_count(1)
    assert page.complaints == []
    assert page.foreign == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_drawing_opens_beside_its_control_by_keyboard_and_fits_a_telephone(open_page, theme):
    page = open_page(f"/?{PATIENT}", width=375, height=812, theme=theme)
    page.get_by_text("Brain MRI with contrast").click()
    row = page.locator(".st-key-row_finding_pvs_pattern")
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    meaning = row.locator(".term p", has_text="strung along small vessels")
    meaning.wait_for()
    at_rest(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.evaluate(WIDE, 375) == []
    row.get_by_role("radio", name="Absent").click()
    page.wait_for_url("**pvs_pattern.absent**")
    expect(meaning).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_popover_fits_a_telephone_and_can_be_read(open_page, theme):
    page = open_page("/about", width=375, height=812, theme=theme)
    body = opened_popover(page)
    at_rest(page)
    assert body.bounding_box()["width"] <= 375
    grounds = body.locator(".term p").first.evaluate(
        "p => [getComputedStyle(p).color, getComputedStyle(p.closest('[data-testid=stPopoverBody]')).backgroundColor]"
    )
    assert len(set(grounds)) == 2
    found = Axe().run(page).response["violations"]
    assert [
        (rule["id"], rule["nodes"][0]["html"][:300])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ] == []


@pytest.mark.uses("glossary_all")
def test_the_list_of_all_terms_is_searched(open_page):
    page = open_page("/knowledge")
    answer(page, "knowledge_view", "Glossary")
    page.locator(".terms").first.wait_for()
    with changes(page, ".terms"):
        write(page, "glossary_all", "longitudinally")
    assert page.locator(".term b").all_inner_texts() == [
        "Longitudinally extensive cord lesion",
        "Cord lesion length",  # found by its synonym
    ]


def test_what_a_lesson_reveals_is_drawn(open_page):
    page = open_page("/teach?t=p.H010")
    choose(page, "points_rows", "Neurosarcoidosis")
    page.locator(".st-key-points [data-testid=stNumberInput]").wait_for()
    page.keyboard.press("Escape")
    for stage in range(2):
        at_rest(page)
        choose(page, f"teach_order_{stage}", "Nothing: I would stop here")
        at_rest(page)
        press(page, "commit")
        press(page, "reveal_next")
        page.locator(".st-key-commit").wait_for()
    page.locator(".facts.new summary").first.click()
    page.locator(".facts.new .term").first.wait_for()
    assert page.locator(".facts.new summary svg").count() >= 2
    assert page.complaints == []
