"""What can be taken away: figures as drawing, picture and table, made in the browser, and the link to what is shown."""

import csv
import struct
import xml.etree.ElementTree as ET

import pytest
from playwright.sync_api import expect

from model import __version__
from tests.app.hands import at_rest, control, press, saved

PATIENT = "f=age_years.39~sex.female~enhancement_pattern.miliary~pvs_pattern.present~weight_loss.present"
SVG = "{http://www.w3.org/2000/svg}"


def taken(page, figure, way, folder):
    """The file that one of a figure's buttons gives."""
    with page.expect_download() as waiting:
        figure.get_by_role("button", name=f": {way},").click()
    return saved(waiting.value, folder)


def test_a_figure_is_taken_as_drawing_picture_and_table(open_page, tmp_path):
    page = open_page(f"/why?{PATIENT}")
    figure = page.locator("figure:has(.mf-waterfall)")
    figure.locator(".mf-take").wait_for()
    title = figure.locator("figcaption b").first.inner_text()

    drawing = ET.parse(taken(page, figure, "SVG", tmp_path)).getroot()
    said = " ".join(text.text for text in drawing.iter(f"{SVG}text"))
    assert drawing.find(f"{SVG}title").text == title
    for word in (title, "Findings: Age: 39; Sex: female", f"Millet {__version__}", "times as likely"):
        assert word in said
    bars = figure.locator(".mf-for, .mf-against").count()
    assert len(list(drawing.iter(f"{SVG}rect"))) > bars
    assert not list(drawing.iter(f"{SVG}foreignObject"))

    picture = taken(page, figure, "PNG", tmp_path).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == tuple(2 * int(drawing.get(n)) for n in ("width", "height"))

    with taken(page, figure, "CSV", tmp_path).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows if len(row) == 3][1] == "Before the findings"
    assert rows[-3:][0] == [title]
    assert page.complaints == []
    assert page.foreign == []


def test_a_bare_table_has_its_buttons_below_it_and_they_go_with_it(open_page, tmp_path):
    page = open_page(f"/?{PATIENT}")
    page.locator(".mf-differential + .mf-take").first.wait_for()
    below = page.locator("*:has(> .mf-differential)").first
    drawing = ET.parse(taken(page, below, "SVG", tmp_path)).getroot()
    colours = {rect.get("fill") for rect in drawing.iter(f"{SVG}rect")}
    assert "rgb(230,159,0)" in colours
    page.get_by_role("link", name="Compare").click()
    page.wait_for_selector("[data-testid=stMain] .stAlert")
    at_rest(page)
    expect(page.locator(".mf-take")).to_have_count(0)


def test_what_is_wider_than_the_page_is_taken_whole_with_its_marks_as_they_are(open_page, tmp_path):
    page = open_page("/knowledge?cell=csf_oligoclonal_bands.nmosd", width=600)
    page.locator(".mf-forest").wait_for()
    at_rest(page)
    wide = page.locator("figure:has(table)")
    drawing = ET.parse(taken(page, wide, "SVG", tmp_path)).getroot()
    [last] = [text for text in drawing.iter(f"{SVG}text") if text.text == "None of the listed diseases"]
    assert last.get("transform").startswith("rotate(-90")  # as it stands on the page
    assert float(drawing.get("width")) >= wide.locator(".mf-map").evaluate("one => one.scrollWidth") > 600
    assert float(last.get("x")) < float(drawing.get("width"))
    forest = page.locator("figure:has(.mf-forest)")
    drawing = ET.parse(taken(page, forest, "SVG", tmp_path)).getroot()
    assert len(list(drawing.iter(f"{SVG}path"))) >= forest.locator("i.mf-network").count() == 2
    with taken(page, forest, "CSV", tmp_path).open(encoding="utf-8-sig", newline="") as file:
        told = [row[2] for row in csv.reader(file) if len(row) == 3]
    assert any(cell.count(" | ") == 2 and " of " in cell for cell in told)  # share, interval, patients


@pytest.mark.uses("share")
def test_the_link_of_a_page_opens_the_same_page(open_page):
    page = open_page(f"/why?{PATIENT}&view=fit", ready=".st-key-share")
    at_rest(page)
    press(page, "share")
    link = page.locator("[data-testid=stPopoverBody] code").inner_text()
    assert link.startswith(page.url.partition("?")[0])
    other = open_page(f"/why?{link.partition('?')[2]}", ready=".st-key-share")
    at_rest(other)
    assert control(other, "chips").inner_text() == control(page, "chips").inner_text()
    expect(other.get_by_text("Do the findings fit together?")).to_have_count(1)
