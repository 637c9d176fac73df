"""A patient is entered by hand: on a telephone by search alone, the rest as normal; and the page keeps its manners."""

import re
from functools import cache
from typing import get_args

import pytest
from playwright.sync_api import expect

from app_pages.shared.examples import findings, published, textbook
from model import load_network
from model.teaching.first_patients import Kind, first_patients
from tests.app.conftest import READY, SCREENS
from tests.app.hands import at_rest, changes, choose, control, press
from tests.app.test_browser import PATIENT, WIDE

MAX_STEPS = 150
"""Keys that may be needed to move the focus from one finding's answer to the search and on."""

HAS_NEXT = """(() => { const group = document.activeElement.closest('[role=radiogroup], [role=toolbar]');
  return !!group && [...group.querySelectorAll('button')].at(-1) !== document.activeElement; })()"""
"""Whether the focus is in a group of answers, and not on the last of them."""

MAX_TAPS = 2
"""For each finding with one answer: one into the search, one on the answer; a finding with several takes one for each."""

COUNT_TAPS = "window.milletTaps = 0; addEventListener('pointerdown', () => window.milletTaps++, true)"
TAPS = "window.milletTaps"
KEYBOARD = 812 - 336
"""Pixels of a telephone's window that its keyboard leaves free."""

NORMAL = {
    "Case": "normal_case",
    "Next step": "normal_view",
    "Why": "normal_why_view",
    "Robustness": "normal_robust_view",
    "Compare": "normal_compare",
    "Teach": "normal_educator",
}
"""Screen -> the chip of all normal findings."""

FOCUS_AT_ONCE = """
let answer = null;
new MutationObserver(() => {
  answer ??= document.querySelector('.st-key-best_next :is([role=radio], .stButtonGroup button)');
  if (answer && !window.milletAtOnce) { window.milletAtOnce = true; answer.focus(); }
}).observe(document, { childList: true, subtree: true });
"""
"""Moves the focus to the first answer as soon as it is drawn, which is before the script of the page has come."""

FOCUSED = "document.activeElement.closest('[class*=st-key-]')?.className.match(/st-key-\\S+/)[0]"


@cache
def starts():
    """Findings of the patients to begin with, by kind."""
    network = load_network()
    patients = first_patients(network, list(textbook().values()), list(published().values()))
    return {one.kind: findings(network, one.case) for one in patients}


def entered(page, finding, value):
    """Enter one finding by the search; how often the page was tapped for it, as the page itself counts."""
    before = page.evaluate(TAPS)
    variable = load_network().knowledge.variables[finding]
    answers = [value] if isinstance(value, (str, float)) else value
    search = page.get_by_role("searchbox", name="Search all findings")
    search.click()
    page.keyboard.type(variable.label)  # what was typed before is typed over
    row = control(page, f"found_case_{finding}")
    row.wait_for()
    at_rest(page)
    assert row.bounding_box()["y"] < KEYBOARD, f"{finding} is below the keyboard"
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
    return page.evaluate(TAPS) - before


@pytest.mark.uses("search_case", "found_case_*")
@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_start_patient_is_entered_on_a_telephone_by_search_alone(open_page, kind):
    page = open_page("/", width=375, height=812)
    page.evaluate(COUNT_TAPS)
    taps = {name: entered(page, name, value) for name, value in starts()[kind].items()}
    allowed = {
        name: MAX_TAPS if isinstance(value, (str, float)) else len(value) + 1
        for name, value in starts()[kind].items()
    }
    assert {name: n for name, n in taps.items() if n > allowed[name]} == {}
    assert min(taps.values()) == MAX_TAPS  # what counts them does count
    expect(page.locator("[class*=st-key-chip_case_]")).to_have_count(len(starts()[kind]))
    leading = page.locator(".leading")
    expect(leading).to_be_visible()
    box = leading.bounding_box()
    assert box["y"] + box["height"] <= 812
    assert page.complaints == []


def walked_to(page, arrived, *, back=False):
    """Move the focus by keys until it is where it is wanted: within a group by arrows, else by the tabulator."""
    for _ in range(MAX_STEPS):
        if page.evaluate(arrived):
            return
        page.keyboard.press("Shift+Tab" if back else "ArrowRight" if page.evaluate(HAS_NEXT) else "Tab")
    raise AssertionError(f"the keyboard does not lead to {arrived}")


@pytest.mark.uses("search_case", "found_case_*")
def test_a_start_patient_is_entered_by_keyboard_alone(open_page):
    page = open_page("/")
    at_rest(page)
    kind, findings_of_it = next(iter(starts().items()))
    for name, value in findings_of_it.items():
        variable = load_network().knowledge.variables[name]
        row = f"document.activeElement.closest('.st-key-found_case_{name}')"
        walked_to(page, "document.activeElement.type === 'search'", back="f=" in page.url)
        page.keyboard.type(variable.label)
        control(page, f"found_case_{name}").wait_for()
        at_rest(page)
        for answer in [value] if isinstance(value, (str, float)) else value:
            if isinstance(answer, float):
                walked_to(page, f"!!{row} && document.activeElement.tagName === 'INPUT'")
                page.keyboard.type(f"{answer:g}")
                page.keyboard.press("Enter")
            else:
                label = next(state.label for state in variable.states if state.id == answer)
                walked_to(page, f"!!{row} && document.activeElement.textContent.trim() === {label!r}")
                page.keyboard.press("Space")
        page.wait_for_function("text => decodeURIComponent(location.search).includes(text)", arg=f"{name}.")
        at_rest(page)
    spelled = page.evaluate("decodeURIComponent(location.search)")
    assert [name for name in findings_of_it if f"{name}." not in spelled] == [], kind
    expect(page.locator("[class*=st-key-chip_case_]")).to_have_count(len(findings_of_it))
    assert page.complaints == []


@pytest.mark.uses("panel", "rest_normal", "undo_normal")
def test_the_rest_of_an_examination_is_normal_in_one_click_and_taken_back_in_one(open_page):
    page = open_page(f"/?{PATIENT}")
    control(page, "panel").get_by_text("Brain MRI with contrast").click()
    page.locator(".section", has_text="Complications").wait_for()
    with changes(page):
        press(page, "rest_normal")
    page.wait_for_function("location.search.includes('hydrocephalus.absent')")
    expect(page).not_to_have_url(re.compile(r"lesion_count"))
    control(page, "normal_said").get_by_text("Left open, because it has no normal answer").wait_for()
    with changes(page):
        press(page, "undo_normal")
    page.wait_for_function("!location.search.includes('hydrocephalus')")
    expect(page.locator("[class*=st-key-chip_case_]")).to_have_count(4)
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
        expect(control(page, key).get_by_text("4 normal findings")).to_be_visible()
        page.keyboard.press("Escape")
        at_rest(page)
    assert page.complaints == []


@pytest.mark.uses("keep")
def test_a_comparison_counts_many_normal_findings(open_page):
    page = open_page("/compare?f=sex.male~headache.absent~fever.absent~ataxia.absent~seizures.absent")
    press(page, "keep")
    expect(page.get_by_text("Sex: male; 4 normal findings")).to_have_count(2)


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
    expect(page).to_have_url(re.compile(r"/why\?"))
    page.go_back()
    page.wait_for_selector(".st-key-best_next .stButtonGroup")
    at_rest(page)
    page.get_by_role("button", name="Sex: male").wait_for()
    expect(page).to_have_url(re.compile(r"sex\.male"))
    assert page.complaints == []


@pytest.mark.uses("points_rows", "commit", "reveal_next", "teach_order_*")
def test_back_comes_back_to_the_stage_of_a_lesson(open_page):
    page = open_page("/?f=sex.male&prior=documents")
    at_rest(page)
    page.get_by_role("link", name="Teach", exact=True).click()
    control(page, "teach_view").get_by_text("One patient").click()
    control(page, "begin_published").wait_for()
    at_rest(page)
    press(page, "begin_published")
    control(page, "points_rows").wait_for()
    choose(page, "points_rows", "Neurosarcoidosis")
    page.keyboard.press("Escape")
    at_rest(page)
    choose(page, "teach_order_0", "Brain MRI with contrast")
    at_rest(page)
    press(page, "commit")
    press(page, "reveal_next")
    page.get_by_text("Stage 2 of").wait_for()
    page.wait_for_url("**at=**")
    page.get_by_role("link", name="Why", exact=True).click()
    page.wait_for_selector(READY["why"])
    at_rest(page)
    page.go_back()
    page.get_by_text("Stage 2 of").wait_for()
    at_rest(page)
    expect(page).to_have_url(re.compile("at="))
    page.go_back()
    page.wait_for_selector(READY[""])
    at_rest(page)
    page.get_by_role("button", name="Sex: male").wait_for()
    expect(page).not_to_have_url(re.compile(r"at="))
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
    with changes(page, ".st-key-chips"):
        page.keyboard.press("Enter")
    page.wait_for_function(f"({FOCUSED})?.startsWith('st-key-chip_case_')")
    expect(chips).to_have_count(n - 1)


@pytest.mark.uses("ask_*")
def test_the_focus_goes_on_from_an_answer_that_had_it_before_the_page_was_ready(open_page):
    page = open_page(f"/?{PATIENT}")
    page.add_init_script(FOCUS_AT_ONCE)
    page.reload()
    page.wait_for_function(f"({FOCUSED})?.startsWith('st-key-ask_')")
    with changes(page, ".st-key-best_next"):
        page.keyboard.press("Space")
    page.wait_for_function(f"({FOCUSED})?.startsWith('st-key-ask_')")
    assert page.complaints == []


@pytest.mark.uses("menu", "stPageLink")
@pytest.mark.parametrize("width", [375, 768])
@pytest.mark.parametrize("spoken", ["en", "de"])
def test_the_menu_takes_one_row_on_what_is_narrow_and_leads_to_every_screen(open_page, width, spoken):
    page = open_page(f"/?lang={spoken}", width=width, height=812)
    at_rest(page)
    assert control(page, "screens").bounding_box()["height"] < 60
    press(page, "menu")
    body = page.get_by_test_id("stPopoverBody")
    expect(body.get_by_role("link")).to_have_count(len(SCREENS))
    body.get_by_role("link").nth(len(SCREENS) - 2).click()
    page.wait_for_selector(READY["knowledge"])
    assert page.evaluate(WIDE, width) == []
    assert page.complaints == []


@pytest.mark.parametrize("gap", [20, 150, 400])
def test_answers_that_come_quicker_than_the_page_are_all_taken(open_page, gap):
    """A finding that stands in two places of the page (the sex) is answered first; the others follow without waiting."""
    page = open_page(
        f"/?f=pvs_pattern.present&{PATIENT.partition('&')[2]}", ready=".st-key-panel_findings .stButtonGroup"
    )
    at_rest(page)
    given = page.evaluate(
        """async gap => {
            const groups = [...document.querySelectorAll('.st-key-panel_findings [class*=st-key-finding_]')];
            const names = groups.filter(group => group.querySelectorAll('[role=radio]').length === 2)
                .map(group => [...group.classList].find(name => name.startsWith('st-key-finding_')))
                .filter(name => !name.endsWith('_sex')).slice(0, 5);
            for (const name of ['st-key-person_sex', ...names]) {
                document.querySelector('.' + name).querySelectorAll('[role=radio]')[0].click();
                await new Promise(done => setTimeout(done, gap));
            }
            return names.map(name => name.replace('st-key-finding_', ''));
        }""",
        gap,
    )
    at_rest(page)
    assert len(given) == 5
    page.wait_for_function(
        "names => names.every(name => new URL(location).searchParams.get('f').includes(name + '.'))",
        arg=["sex", *given],
    )


@pytest.mark.parametrize("gap", [10, 60, 150])
def test_an_answer_that_is_taken_back_at_once_is_not_in_the_address(open_page, gap):
    page = open_page(f"/?{PATIENT}", ready=".st-key-panel_findings .stButtonGroup")
    at_rest(page)
    before = page.url
    page.evaluate(
        """async gap => {
            const answer = '.st-key-panel_findings .st-key-finding_tuberculosis_history [role=radio]';
            for (let i = 0; i < 4; i++) {
                document.querySelector(answer).click();
                await new Promise(done => setTimeout(done, gap));
            }
        }""",
        gap,
    )
    at_rest(page)
    page.wait_for_function("before => location.href === before", arg=before)
    expect(page.locator("[class*=st-key-chip_case_tuberculosis_history]")).to_have_count(0)


@pytest.mark.uses("example")
def test_an_example_that_was_given_up_does_not_come_back_with_the_next_quick_answer(open_page):
    page = open_page("/")
    with changes(page, "[class*=st-key-chip_case_]"):
        choose(page, "example", "H010")
    page.evaluate("""async () => {
        document.querySelector('.st-key-reset button').click();
        await new Promise(done => setTimeout(done, 20));
        document.querySelector('.st-key-panel_findings [class*=st-key-finding_] [role=radio]').click();
    }""")
    at_rest(page)
    expect(page.locator("[class*=st-key-chip_case_]")).to_have_count(1)
    assert page.complaints == []
