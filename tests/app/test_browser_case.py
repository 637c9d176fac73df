"""Every control of the screen Case, used by hand: files arrive, open and hold the patient; each answer does what it says."""

import json

import pytest
from pypdf import PdfReader

from tests.app.hands import at_rest, changes, download, press

PATIENT = "f=age_years.39~sex.male~enhancement_pattern.miliary~pvs_pattern.present&prior=documents"
FINDINGS = {"age_years": 39, "sex": "male", "enhancement_pattern": "miliary", "pvs_pattern": "present"}
CHIPS = "[class*=st-key-chip_case_]"
REPORTS = {"": ("Age: 39", "Differential diagnosis"), "&lang=de": ("Alter: 39", "Differentialdiagnose")}


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
    assert page.locator(".mf-waterfall").count() == 1
    assert page.complaints == []


@pytest.mark.uses("case_file", "take_case", "reset", "undo")
def test_a_patient_leaves_as_a_file_and_comes_back(open_page, tmp_path):
    page = open_page(f"/?{PATIENT}")
    at_rest(page)
    press(page, "files")
    file = download(page, "download_case", tmp_path)
    page.keyboard.press("Escape")
    with changes(page, ".st-key-chips_case"):
        press(page, "reset")
    assert "f=" not in page.url
    press(page, "files")
    page.locator("input[type=file]").set_input_files(file)
    with changes(page, ".st-key-chips_case"):
        press(page, "take_case")
    assert page.locator(CHIPS).count() == len(FINDINGS)
    page.keyboard.press("Escape")
    with changes(page, ".st-key-chips_case"):
        press(page, "undo")
    assert page.locator(CHIPS).count() == 0
