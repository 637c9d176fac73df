"""The panel "From text", used by hand in Chromium."""

import re

import pytest
from playwright.sync_api import expect

from tests.app.hands import answer, at_rest, changes, control, press, unfold

TEXT = "A 34-year-old woman with headache but no fever. Seizures cannot be excluded."
CHIPS = "[class*=st-key-chip_case_]"


def written(page, text):
    """Open the panel and write into it."""
    at_rest(page)
    unfold(page, "from_text")
    area = control(page, "report_text").locator("textarea")
    area.fill(text)
    press(page, "read_report")
    page.wait_for_selector(".said-text mark")
    at_rest(page)


@pytest.mark.uses("from_text", "report_text", "read_report", "take_all_said", "report_language")
def test_a_text_becomes_findings(open_page):
    page = open_page("/")
    written(page, TEXT)
    classes = "marks => marks.map(m => [m.className, m.innerText])"
    assert page.locator(".said-text mark").evaluate_all(classes) == [
        ["said present", "34-year-old+"],
        ["said present", "woman+"],
        ["said present", "headache+"],
        ["said absent", "fever−"],
        ["said uncertain", "Seizures?"],
    ]
    borders = "marks => [...new Set(marks.map(m => getComputedStyle(m).borderBottomStyle))]"
    assert page.locator(".said-text mark").evaluate_all(borders) == ["solid", "dashed", "dotted"]
    with changes(page):
        press(page, "take_all_said")
    expect(page.locator(CHIPS)).to_have_count(4)
    expect(page).not_to_have_url(re.compile(r"woman"))
    control(page, "report_text").locator("textarea").fill("She had fever. " * 2000)
    press(page, "read_report")
    page.get_by_role("alert").get_by_text("30,000 characters; at most 20,000 are read").wait_for()
    written_again = control(page, "report_text").locator("textarea")
    written_again.fill(TEXT)
    press(page, "read_report")
    page.wait_for_selector(".said-text mark.absent")
    answer(page, "report_language", "DE")
    page.wait_for_function("!document.querySelector('.said-text mark.absent')")
    assert page.complaints == []
    assert page.foreign == []


@pytest.mark.uses("take_said_*", "leave_said_*", "text_*")
def test_suggestions_are_taken_one_by_one(open_page):
    page = open_page("/")
    written(page, TEXT)
    with changes(page):
        press(page, "take_said_headache")
    press(page, "leave_said_fever")
    page.wait_for_selector(".st-key-leave_said_fever", state="detached")
    with changes(page):
        answer(page, "text_seizures", "Absent")
    expect(page).to_have_url(re.compile(r"f=headache\.present~seizures\.absent&prior=documents$"))
    assert page.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_panel_fits_a_telephone(open_page, theme):
    page = open_page("/", width=375, height=812, theme=theme)
    written(page, f"{TEXT} {'endless' * 300}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
