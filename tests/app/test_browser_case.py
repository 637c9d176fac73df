"""Every control of the screen Case, used by hand: files arrive, open and hold the patient; each answer does what it says."""

import json
import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from app_pages.shared import link
from app_pages.shared.examples import findings, published
from model import load_network
from tests.app.conftest import READY
from tests.app.hands import answer, at_rest, changes, choose, control, download, press, seek, unfold

PATIENT = "f=age_years.39~sex.male~enhancement_pattern.miliary~pvs_pattern.present&prior=documents"
FINDINGS = {"age_years": 39, "sex": "male", "enhancement_pattern": "miliary", "pvs_pattern": "present"}
PAPER = 688
"""Width of a page without its margins, in pixels of CSS: 182 mm."""

CHIPS = "[class*=st-key-chip_case_]"
REPORTS = {"": ("Age: 39", "Differential diagnosis"), "&lang=de": ("Alter: 39", "Differenzialdiagnose")}


@pytest.mark.uses("files", "download_case", "report_html", "report_pdf")
@pytest.mark.parametrize("language", REPORTS)
def test_every_file_arrives_and_holds_the_patient(open_page, tmp_path, language):
    page = open_page(f"/?{PATIENT}{language}")
    at_rest(page)
    press(page, "files")
    [case] = json.loads(download(page, "download_case", tmp_path).read_text(encoding="utf-8"))
    assert case["findings"] == FINDINGS
    html = download(page, "report_html", tmp_path)
    reader = PdfReader(download(page, "report_pdf", tmp_path))
    text = " ".join(sheet.extract_text() for sheet in reader.pages)
    for word in REPORTS[language]:
        assert word in html.read_text(encoding="utf-8")
        assert word in text
    page.goto(html.as_uri())
    expect(page.locator(".mf-waterfall")).to_have_count(1)
    assert page.complaints == []


@pytest.mark.uses("files", "report_html")
@pytest.mark.parametrize("language", REPORTS)
def test_the_report_of_the_patient_of_whom_most_is_known_prints_on_two_pages(open_page, tmp_path, language):
    network = load_network()
    known = max((findings(network, case) for case in published().values()), key=len)
    page = open_page(f"/?{urlencode(link.written(known, 'documents'))}{language}")
    at_rest(page)
    press(page, "files")
    page.goto(download(page, "report_html", tmp_path).as_uri())
    printed = tmp_path / "printed.pdf"
    page.pdf(path=printed, prefer_css_page_size=True)
    assert len(PdfReader(printed).pages) <= 2
    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.emulate_media(media="print")
    outside = (
        "w => [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > w + 1)"
    )
    assert page.evaluate(f"w => ({outside})(w).map(e => e.textContent.slice(0, 60))", PAPER) == []


@pytest.mark.uses("case_file", "take_case", "reset", "undo")
def test_a_patient_leaves_as_a_file_and_comes_back(open_page, tmp_path):
    page = open_page(f"/?{PATIENT}")
    at_rest(page)
    press(page, "files")
    file = download(page, "download_case", tmp_path)
    page.keyboard.press("Escape")
    with changes(page, ".st-key-chips"):
        press(page, "reset")
    expect(page).not_to_have_url(re.compile(r"f="))
    press(page, "files")
    page.locator("input[type=file]").set_input_files(file)
    with changes(page, ".st-key-chips"):
        press(page, "take_case")
    expect(page.locator(CHIPS)).to_have_count(len(FINDINGS))
    page.keyboard.press("Escape")
    with changes(page, ".st-key-chips"):
        press(page, "undo")
    expect(page.locator(CHIPS)).to_have_count(0)


@pytest.mark.uses("case_file")
def test_a_bad_file_is_named_and_harms_nothing(open_page, tmp_path):
    page = open_page("/?f=sex.male")
    press(page, "files")
    bad = tmp_path / "bad.json"
    bad.write_text('{"findings": {"pvs_patern": "<img src=x onerror=alert(1)>"}}', encoding="utf-8")
    page.locator("input[type=file]").set_input_files(bad)
    page.get_by_text("The file cannot be used").wait_for()
    expect(page.locator("img[src=x]")).to_have_count(0)
    large = {"name": "large.csv", "mimeType": "text/csv", "buffer": b"id,fever\n" + b"A,present\n" * 250_000}
    page.locator("input[type=file]").set_input_files(large)
    page.get_by_text(
        "large.csv: 2.5 MB; at most 2 MB are read"
    ).wait_for()  # in our words, which know the language
    expect(page.locator(CHIPS)).to_have_count(1)
    assert page.complaints == []


@pytest.mark.uses("case_file", "which_case", "file_notes", "take_case")
def test_one_of_several_patients_is_taken_and_what_was_not_used_is_said(open_page, tmp_path):
    file = tmp_path / "packets.json"
    subject = {"subject": {"sex": "FEMALE"}, "metaData": {}}
    packets = [
        {"id": "first", "phenotypicFeatures": [{"type": {"id": "HP:0000023"}}], **subject},
        {"id": "second", "phenotypicFeatures": [{"type": {"id": "HP:0002315"}}], **subject},
    ]
    file.write_text(json.dumps(packets), encoding="utf-8")
    page = open_page("/")
    press(page, "files")
    page.locator("input[type=file]").set_input_files(file)
    unfold(page, "file_notes")
    control(page, "file_notes").get_by_text("HP:0000023").wait_for()
    choose(page, "which_case", "second")
    with changes(page, CHIPS):
        press(page, "take_case")
    expect(page.locator(CHIPS)).to_have_count(2)
    page.wait_for_url("**headache.present**")


@pytest.mark.uses("finding_*", "panel", "chip_case_*", "undo", "reset", "language", "stPageLink")
def test_findings_come_and_go(open_page):
    page = open_page("/?f=sex.male")
    answer(page, "panel", "Physical examination")
    control(page, "finding_uveitis").wait_for()
    with changes(page):
        answer(page, "finding_uveitis", "Present")
    with changes(page):
        control(page, "chip_case_sex").get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"uveitis\.present"))
    expect(page).not_to_have_url(re.compile(r"sex"))
    with changes(page, CHIPS):
        press(page, "undo")
    with changes(page, CHIPS):
        press(page, "reset")
    expect(page.locator(CHIPS)).to_have_count(0)
    with changes(page, ".scope"):
        answer(page, "language", "DE")
    expect(page).to_have_url(re.compile("lang=de"))
    page.get_by_test_id("stPageLink").get_by_role("link", name="Wissen").click()
    page.wait_for_selector(".mf-map")
    assert page.complaints == []


@pytest.mark.uses("search_case", "found_case_*", "ask_*")
def test_a_finding_is_searched_and_a_question_answered(open_page):
    page = open_page("/?f=fever.present")
    at_rest(page)
    seek(page, "case", "Virchow")
    with changes(page):
        answer(page, "found_case_pvs_pattern", "Present")
    expect(page).to_have_url(re.compile(r"pvs_pattern\.present"))
    asked = page.locator("[class*=st-key-ask_] :is([role=radio], button)").first
    with changes(page):
        asked.click()
    expect(page.locator(CHIPS)).to_have_count(3)


@pytest.mark.uses("search_case")
def test_the_search_says_while_one_types_that_something_is_not_in_the_model(open_page):
    page = open_page("/")
    seek(page, "case", "MOG")
    page.get_by_text("Not in the model: MOG antibodies").wait_for()
    seek(page, "case", "short cord lesion")
    control(page, "found_case_cord_lesion_length").wait_for()
    page.get_by_text("Not in the model: MOG antibodies").wait_for(state="detached")
    assert page.complaints == []


@pytest.mark.uses("example", "reveal", "add_confirmatory", "inside_ms", "inside_other", "rest", "people")
def test_an_example_is_looked_at_from_all_sides(open_page):
    page = open_page("/")
    with changes(page, CHIPS):
        choose(page, "example", "H010")
    known = page.locator(CHIPS).count()
    for key, shown in (("inside_ms", "Variant"), ("inside_other", "MOGAD")):
        unfold(page, key)
        control(page, key).get_by_text(shown, exact=False).last.wait_for()
    unfold(page, "rest")
    control(page, "rest").locator(".mf-differential").wait_for()
    control(page, "people").get_by_text("As 1,000 people").click()
    page.wait_for_selector(".mf-people")
    press(page, "reveal")
    page.get_by_text("Neurosarcoidosis", exact=True).last.wait_for()
    with changes(page, CHIPS):
        press(page, "add_confirmatory")
    assert page.locator(CHIPS).count() > known


@pytest.mark.uses("setting", "own_prior", "weight_*", "apply_prior")
def test_the_prior_is_changed(open_page):
    page = open_page("/?f=fever.present")
    with changes(page):
        answer(page, "setting", "Flat")
    expect(page).to_have_url(re.compile("prior=flat"))
    press(page, "own_prior")
    control(page, "weight_nmosd").locator("input").fill("5000")  # the key Enter would apply it at once
    with changes(page):
        press(page, "apply_prior")
    page.wait_for_url("**custom~nmosd.5000**")
    assert "\n1\nNeuromyelitis optica" in page.locator(".mf-differential").first.inner_text()


@pytest.mark.uses("undo_trouble", "finding_*")
def test_a_contradiction_is_taken_back(open_page):
    page = open_page("/?f=enhancement_pattern.none")
    answer(page, "panel", "Brain MRI with contrast (1)")
    answer(page, "finding_pvs_pattern", "Present")
    page.get_by_role("alert").get_by_text("cannot all be true").wait_for()
    press(page, "files")
    expect(control(page, "report_pdf").get_by_role("button")).to_be_disabled()
    page.keyboard.press("Escape")
    press(page, "undo_trouble")
    page.wait_for_selector(".mf-differential")
    expect(page.locator(CHIPS)).to_have_count(1)


@pytest.mark.uses("chip_trouble_*")
def test_on_a_telephone_a_contradiction_stays_in_view_and_each_of_its_findings_is_taken_away_beside_it(
    open_page,
):
    page = open_page(
        "/?f=sex.male~enhancement_pattern.none~pvs_pattern.present",
        width=375,
        height=812,
        ready="[role=alert], .stAlert",
    )
    at_rest(page)
    line = page.locator(".leading")
    assert "cannot all be true" in line.inner_text()
    expect(control(page, "chips_trouble").get_by_role("button")).to_have_count(2)
    expect(control(page, "chips_trouble")).not_to_be_in_viewport()
    line.click()
    expect(control(page, "chips_trouble")).to_be_in_viewport()
    press(page, "chip_trouble_enhancement_pattern")
    page.wait_for_selector(".mf-differential")
    expect(page.locator(CHIPS)).to_have_count(2)
    assert page.complaints == []


def test_on_a_telephone_the_leading_diagnosis_leads_to_the_whole_answer_and_back(open_page):
    page = open_page(f"/?{PATIENT}", width=375, height=812)
    at_rest(page)
    title = page.get_by_role("heading", name="Differential diagnosis")
    search = control(page, "search_case")
    expect(title).not_to_be_in_viewport()
    page.locator(".leading").click()
    expect(title).to_be_in_viewport()
    expect(search).not_to_be_in_viewport()
    page.locator(".leading").press("Enter")
    expect(search).to_be_in_viewport()
    assert page.complaints == []


@pytest.mark.uses("own_prior")
@pytest.mark.parametrize("width", [1440, 375])
def test_the_weights_fill_what_opens_and_what_takes_them_over_is_in_view(open_page, width):
    page = open_page(f"/?{PATIENT}", width=width, height=812)
    at_rest(page)
    press(page, "own_prior")
    control(page, "apply_prior").wait_for()
    at_rest(page)
    left, right = control(page, "weights").evaluate(
        """grid => { const whole = grid.closest('[data-testid=stPopoverBody]').getBoundingClientRect();
        const ends = [...grid.children].map(one => one.getBoundingClientRect());
        return [Math.min(...ends.map(e => e.left)) - whole.left, whole.right - Math.max(...ends.map(e => e.right))]; }"""
    )
    assert abs(left - right) < 20  # a scroll bar
    expect(control(page, "apply_prior").get_by_role("button")).to_be_in_viewport(ratio=1)
    body = page.get_by_test_id("stPopoverBody").bounding_box()
    assert body["height"] > 400
    names = control(page, "weights").locator("label").all_inner_texts()
    assert names == sorted(names, key=str.casefold)


@pytest.mark.uses("see_fit")
def test_findings_that_hardly_fit_together_lead_to_where_it_is_looked_at(open_page):
    page = open_page("/?f=serum_aqp4_igg.positive~csf_malignant_cells.present~erythema_migrans.present")
    at_rest(page)
    press(page, "see_fit")
    page.wait_for_url("**/why?**view=fit**")
    at_rest(page)
    page.get_by_role("heading", name="Do the findings fit together?").wait_for()
    expect(page.get_by_role("button", name="Erythema migrans: present")).to_have_count(1)
    page.go_back()
    page.wait_for_selector(READY[""])
    assert page.complaints == []


def test_the_screen_itself_prints_what_is_known_and_what_follows_on_one_page(open_page, tmp_path):
    page = open_page(f"/?{PATIENT}", theme="dark")
    at_rest(page)
    printed = tmp_path / "printed.pdf"
    page.pdf(path=printed, format="A4")
    [paper] = PdfReader(printed).pages
    said = re.sub(r"\s+", " ", paper.extract_text())
    for word in ("Enhancement pattern: miliary", "Neurosarcoidosis", "90 % interval"):
        assert word in said
    for word in ("Best next findings", "The rest of this examination", "Leading:", "Undo"):
        assert word not in said
