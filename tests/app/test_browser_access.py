"""Access for everybody, and nobody else's patient: axe on every screen, eight sessions at once, a lesson by hand."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.app.conftest import READY, SCREENS
from tests.app.hands import at_rest
from tests.app.test_browser import PATHS, PATIENT

KNOWN_OF_STREAMLIT = {
    "nested-interactive",  # a widget's help icon inside its label
}
"""Rules that Streamlit's own elements break and that no option of it mends."""

DIAGNOSES = (
    "Neurosarcoidosis",
    "CLIPPERS",
    "Susac syndrome",
    "Brain metastases",
    "PML-IRIS",
    "NMOSD",
    "Lyme",
    "MS",
)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_serious(open_page, screen, theme):
    page = open_page(f"{PATHS[screen]}?{PATIENT}", theme=theme)
    at_rest(page)
    found = Axe().run(page).response["violations"]
    serious = {
        rule["id"]: [node["html"][:160] for node in rule["nodes"][:3]]
        for rule in found
        if rule["impact"] in ("serious", "critical") and rule["id"] not in KNOWN_OF_STREAMLIT
    }
    assert serious == {}


def test_eight_sessions_see_their_own_patient_only(open_page):
    ages = range(21, 29)
    pages = [open_page(f"/?f=age_years.{age}~sex.male&prior=documents") for age in ages]
    for page, age in zip(pages, ages, strict=True):
        assert page.get_by_role("button", name=f"Age: {age}").count() == 1
        others = [other for other in ages if other != age]
        assert all(page.get_by_role("button", name=f"Age: {other}").count() == 0 for other in others)
    for page in pages[::2]:
        page.get_by_role("radiogroup", name="Tick bite").get_by_role("radio", name="Present").click()
    for i, page in enumerate(pages):
        if i % 2 == 0:
            page.get_by_role("button", name="Tick bite: present").wait_for()
        else:
            assert page.get_by_role("button", name="Tick bite: present").count() == 0


def test_screens_are_walked_through_without_a_complaint(open_page):
    page = open_page(f"/?{PATIENT}")
    for name, screen in (
        ("Why", "why"),
        ("Robustness", "robustness"),
        ("Compare", "compare"),
        ("Teach", "teach"),
    ):
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_selector(READY[screen])
        at_rest(page)
    assert page.complaints == []
    assert page.foreign == []


def test_a_bad_file_is_named_and_a_good_one_taken(open_page, tmp_path):
    page = open_page("/?f=sex.male&prior=documents")
    page.get_by_role("button", name="Files").click()
    bad, good = tmp_path / "bad.json", tmp_path / "good.json"
    bad.write_text('{"findings": {"pvs_patern": "<img src=x onerror=alert(1)>"}}', encoding="utf-8")
    good.write_text('{"findings": {"fever": "present"}}', encoding="utf-8")
    page.locator("input[type=file]").set_input_files(bad)
    page.get_by_text("The file cannot be used").wait_for()
    assert page.locator("main img[src=x], [data-testid=stMain] img[src=x]").count() == 0
    page.locator("input[type=file]").set_input_files(good)
    page.get_by_role("button", name="Take this patient").click()
    page.get_by_role("button", name="Fever: present").wait_for()
    assert page.complaints == []


def test_a_finding_is_cleared_by_its_chip(open_page):
    page = open_page(f"/?{PATIENT}")
    page.get_by_role("button", name="Sex: male").click()
    page.wait_for_function("!location.search.includes('sex.male')")
    assert page.get_by_role("button", name="Sex: male").count() == 0


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_is_cut_off_on_a_very_wide_screen(open_page, screen):
    page = open_page(f"{PATHS[screen]}?{PATIENT}", width=2560, height=1400)
    at_rest(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 2560


def test_a_lesson_by_hand(open_page):
    page = open_page("/teach?t=p.H010")
    stages = 0
    while True:
        at_rest(page)
        assert page.locator(".mf-differential, .mf-answer, .mf-plot").count() == 0  # nothing of the model yet
        if page.get_by_role("combobox", name="What would you order next?").count():
            page.get_by_role("combobox", name="What would you order next?").click()
            page.get_by_role("option", name="Lumbar puncture").click()
            at_rest(page)
        page.get_by_role("button", name="Commit").click()
        page.wait_for_selector(".mf-differential")
        at_rest(page)
        stages += 1
        if page.get_by_role("button", name="Reveal the next findings").count() == 0:
            break
        page.get_by_role("button", name="Reveal the next findings").click()
        page.wait_for_selector(".st-key-commit")
    assert stages == 5
    page.get_by_text("log score: you").first.wait_for()
