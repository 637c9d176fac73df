"""What can be taken away: figures as drawing, picture and table, made in the browser, and the link to what is shown."""

import csv
import struct
import xml.etree.ElementTree as ET

import pytest
from playwright.sync_api import expect

from model import __version__
from tests.app.hands import at_rest, control, press, saved, unfold

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
    page.evaluate("document.fonts.ready")  # a heading in another font may take two lines
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


def test_what_is_folded_is_no_part_of_a_drawing_and_is_taken_by_itself_once_open(open_page, tmp_path):
    page = open_page(f"/why?{PATIENT}")
    footing = page.locator("figure:has(.mf-footing)")
    footing.locator(".mf-take").wait_for()
    hidden = footing.locator("details li").first.evaluate("item => item.textContent.trim().split(/\\s+/)[0]")
    drawing = ET.parse(taken(page, footing, "SVG", tmp_path)).getroot()
    texts = [text.text for text in drawing.iter(f"{SVG}text") if not text.text.startswith("Findings: ")]
    assert [text for text in texts if hidden in text and "likelier" in text] == []
    footing.locator("summary").click()
    drawing = ET.parse(taken(page, footing, "SVG", tmp_path)).getroot()
    assert [text.text for text in drawing.iter(f"{SVG}text") if "likelier" in text.text] != []

    page = open_page(f"/?{PATIENT}")
    unfold(page, "rest")
    file = taken(page, control(page, "rest"), "CSV", tmp_path)
    assert "11_further_diagnoses" in file.name
    assert len([row for row in table_of(file) if len(row) == 4]) == 1 + 11
    unfold(page, "inside_ms")
    names = {taken(page, page.locator(f"[aria-label$=': {axis}']").locator("xpath=.."), "CSV", tmp_path).name
             for axis in ("Course", "Variant")}  # fmt: skip
    assert len(names) == 2


def test_a_long_title_is_written_in_several_lines_on_a_telephone(open_page, tmp_path):
    page = open_page(
        f"/next_step?{PATIENT}&lang=de&view=stop", width=375, height=812, ready=".st-key-bars_settle"
    )
    at_rest(page)
    bare = page.locator("*:has(> [aria-label^='Wahrscheinlichste Diagnose'])").last
    drawing = ET.parse(taken(page, bare, "SVG", tmp_path)).getroot()
    title = [text.text for text in drawing.iter(f"{SVG}text") if text.get("font-size") == "16"]
    assert " ".join(title) == drawing.find(f"{SVG}title").text
    assert len(title) > 1


@pytest.mark.uses("share")
def test_the_link_of_a_page_opens_the_same_page(open_page):
    page = open_page(f"/why?{PATIENT}&view=fit", ready=".st-key-share")
    at_rest(page)
    press(page, "share")
    link = page.locator("[data-testid=stPopoverBody] code").inner_text()
    assert link.startswith(page.url.partition("?")[0])
    copy = page.get_by_role("button", name="Copy to clipboard")
    expect(copy).to_be_visible()  # no mouse is over it, as on a telephone
    copy.click()
    page.wait_for_function("async link => await navigator.clipboard.readText() === link", arg=link)
    other = open_page(f"/why?{link.partition('?')[2]}", ready=".st-key-share")
    at_rest(other)
    assert control(other, "chips").inner_text() == control(page, "chips").inner_text()
    expect(other.get_by_text("Do the findings fit together?")).to_have_count(1)


def table_of(file, parting=","):
    """The rows of a table that was taken away."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened, delimiter=parting))


def test_each_answer_is_taken_under_its_own_name_and_a_ranking_with_its_values(open_page, tmp_path):
    page = open_page(f"/next_step?{PATIENT}&lang=de", ready=".mf-answer")
    at_rest(page)
    answers = page.locator("*:has(> .mf-answer)")
    files = [taken(page, answers.nth(i), "CSV", tmp_path) for i in range(2)]
    assert files[0].name != files[1].name
    for i, file in enumerate(files):
        rows = table_of(file, ";")
        assert rows[0] == ["Diagnose", "", "Wahrscheinlichkeit jetzt → dann", "Änderung"]
        assert [rows[-3][0]] == [answers.nth(i).locator(".mf-answer").get_attribute("aria-label")]
    buttons = page.locator("[class*=st-key-bits_] button")
    ranking = page.locator("*:has(> .st-key-bars_bits)").last
    rows = table_of(taken(page, ranking, "CSV", tmp_path), ";")
    assert len(rows) == buttons.count() + 4
    assert all("Kosten" in row[2] for row in rows[: buttons.count()])
    assert rows[-3] == ["Welcher Befund als Nächstes?: Befunde"]
    drawing = ET.parse(taken(page, ranking, "SVG", tmp_path)).getroot()
    said = " ".join(text.text for text in drawing.iter(f"{SVG}text"))
    assert all(" ".join(row[0].split()) in said for row in rows[: buttons.count()])


def test_a_figure_of_the_patient_kept_says_so(open_page, tmp_path):
    page = open_page(f"/compare?{PATIENT}&g=sex.male&gprior=flat", ready=".mf-differential")
    at_rest(page)
    for place, said in (("here", "Age: 39; Sex: female"), ("there", "Findings: Sex: male")):
        figure = control(page, f"whose_{place}").locator("*:has(> .mf-differential)").last
        rows = table_of(taken(page, figure, "CSV", tmp_path))
        assert said in rows[-2][0]
        assert ("prior: Documents" in rows[-1][0]) == (place == "here")
