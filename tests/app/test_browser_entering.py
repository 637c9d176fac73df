"""A patient is entered by hand: on a telephone by search alone, the rest as normal; and the page keeps its manners."""

from functools import cache
from typing import get_args

import pytest

from app_pages.shared.examples import findings, published, textbook
from model import load_network
from model.teaching.first_patients import Kind, first_patients
from tests.app.conftest import READY, SCREENS
from tests.app.hands import at_rest, changes, control, press
from tests.app.test_browser import PATIENT, WIDE

MAX_TAPS = 2
"""For each finding: one into the search, one for each answer that is given."""

NORMAL = {
    "Case": "normal_case",
    "Next step": "normal_view",
    "Why": "normal_why_view",
    "Robustness": "normal_robust_view",
    "Compare": "normal_compare",
    "Knowledge": "normal_knowledge_view",
    "Teach": "normal_educator",
}
"""Screen -> the chip of all normal findings."""

FOCUSED = "document.activeElement.closest('[class*=st-key-]')?.className.match(/st-key-\\S+/)[0]"


@cache
def starts():
    """Findings of the patients to begin with, by kind."""
    network = load_network()
    patients = first_patients(network, list(textbook().values()), list(published().values()))
    return {one.kind: findings(network, one.case) for one in patients}


def entered(page, finding, value):
    """Enter one finding by the search; how often it was tapped."""
    variable = load_network().knowledge.variables[finding]
    answers = [value] if isinstance(value, (str, float)) else value
    search = page.get_by_role("searchbox", name="Search all findings")
    search.click()
    page.keyboard.type(variable.label)  # what was typed before is typed over
    row = control(page, f"found_case_{finding}")
    row.wait_for()
    for answer in answers:
        if isinstance(answer, float):
            row.locator("input").click()
            page.keyboard.type(f"{answer:g}")
            page.keyboard.press("Enter")
        else:
            label = next(state.label for state in variable.states if state.id == answer)
            row.get_by_text(label, exact=True).last.click()
    spelled = f"{value:g}" if isinstance(value, float) else "|".join(answers)
    page.wait_for_function(
        "text => decodeURIComponent(location.search).includes(text)", arg=f"{finding}.{spelled}"
    )
    at_rest(page)
    return 1 + len(answers)


@pytest.mark.uses("search_case", "found_case_*")
@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_start_patient_is_entered_on_a_telephone_by_search_alone(open_page, kind):
    page = open_page("/", width=375, height=812)
    taps = {name: entered(page, name, value) for name, value in starts()[kind].items()}
    allowed = {
        name: MAX_TAPS if isinstance(value, (str, float)) else len(value) + 1
        for name, value in starts()[kind].items()
    }
    assert taps == allowed
    assert page.locator("[class*=st-key-chip_case_]").count() == len(starts()[kind])
    leading = page.locator(".leading")
    assert leading.is_visible()
    box = leading.bounding_box()
    assert box["y"] + box["height"] <= 812
    assert page.complaints == []


@pytest.mark.uses("panel", "rest_normal", "undo_normal")
def test_the_rest_of_an_examination_is_normal_in_one_click_and_taken_back_in_one(open_page):
    page = open_page(f"/?{PATIENT}")
    control(page, "panel").get_by_text("Brain MRI with contrast").click()
    page.locator(".section", has_text="Complications").wait_for()
    with changes(page):
        press(page, "rest_normal")
    page.wait_for_function("location.search.includes('hydrocephalus.absent')")
    assert "lesion_count" not in page.url
    control(page, "normal_said").get_by_text("Left open, because it has no normal answer").wait_for()
    with changes(page):
        press(page, "undo_normal")
    page.wait_for_function("!location.search.includes('hydrocephalus')")
    assert page.locator("[class*=st-key-chip_case_]").count() == 4
    assert page.complaints == []


@pytest.mark.uses(*NORMAL.values())
def test_many_normal_findings_are_one_chip_on_every_screen(open_page):
    page = open_page("/?f=sex.male~headache.absent~fever.absent~ataxia.absent~seizures.absent")
    for name, key in NORMAL.items():
        page.get_by_role("link", name=name, exact=True).click()
        if name == "Teach":
            control(page, "teach_view").get_by_role("radio").last.click()
        press(page, key)
        page.get_by_test_id("stPopoverBody").get_by_role("button", name="Ataxia: absent").wait_for()
        assert control(page, key).get_by_text("4 normal findings").is_visible()
        page.keyboard.press("Escape")
        at_rest(page)
    assert page.complaints == []


@pytest.mark.uses("keep")
def test_a_comparison_counts_many_normal_findings(open_page):
    page = open_page("/compare?f=sex.male~headache.absent~fever.absent~ataxia.absent~seizures.absent")
    press(page, "keep")
    page.get_by_text("Sex: male; 4 normal findings").first.wait_for()
    assert page.get_by_text("Sex: male; 4 normal findings").count() == 2


@pytest.mark.uses("person_*")
def test_back_goes_back_one_screen_in_one_press(open_page):
    page = open_page("/")
    for answer in ("Female", "Male"):
        with changes(page):
            control(page, "person_sex").get_by_text(answer, exact=True).click()
    for name, screen in (("Why", "why"), ("Knowledge", "knowledge")):
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_selector(READY[screen])
        at_rest(page)
    page.go_back()
    page.wait_for_selector(READY["why"])
    at_rest(page)
    assert "/why?" in page.url
    page.go_back()
    page.wait_for_selector(".st-key-best_next .stButtonGroup")
    at_rest(page)
    page.get_by_role("button", name="Sex: male").wait_for()
    assert "sex.male" in page.url
    assert page.complaints == []


@pytest.mark.uses("ask_*", "chip_case_*")
def test_the_focus_goes_on_to_what_comes_next(open_page):
    page = open_page(f"/?{PATIENT}")
    for _ in range(2):
        asked = page.locator(".st-key-best_next .stButtonGroup button, .st-key-best_next [role=radio]").first
        asked.focus()
        with changes(page, ".st-key-best_next"):
            page.keyboard.press("Space")
        page.wait_for_function(f"({FOCUSED})?.startsWith('st-key-ask_')")
        first = page.locator(".st-key-best_next [class*=st-key-ask_]").first.get_attribute("class")
        assert page.evaluate(FOCUSED) in first.split()
    chips = page.locator("[class*=st-key-chip_case_]")
    n = chips.count()
    chips.first.get_by_role("button").first.focus()
    with changes(page, ".st-key-chips_case"):
        page.keyboard.press("Enter")
    page.wait_for_function(f"({FOCUSED})?.startsWith('st-key-chip_case_')")
    assert chips.count() == n - 1


@pytest.mark.uses("menu", "stPageLink")
def test_the_menu_takes_one_row_on_a_telephone_and_leads_to_every_screen(open_page):
    page = open_page("/", width=375, height=812)
    at_rest(page)
    assert control(page, "screens").bounding_box()["height"] < 60
    press(page, "menu")
    body = page.get_by_test_id("stPopoverBody")
    assert body.get_by_role("link").count() == len(SCREENS)
    body.get_by_role("link", name="Knowledge").click()
    page.wait_for_selector(READY["knowledge"])
    assert page.evaluate(WIDE, 375) == []
    assert page.complaints == []
