"""The app in Chromium: it reacts, complains of nothing, fits a telephone and stays at home."""

import re

import pytest

from tests.app.conftest import ROOT, SCREENS
from tests.app.hands import at_rest

PATIENT = "f=age_years.39~sex.male~enhancement_pattern.miliary~pvs_pattern.present&prior=documents"
PATHS = {screen: "/" if screen == "case" else f"/{screen}" for screen in SCREENS}
VIEWS = {"orders": ("Orders", ".st-key-bars_order"), "stop": ("When to stop", ".st-key-bars_settle")}
"""View of the screen "Next step" -> what its switch says, and what it shows."""

ALSO = {"compare": "&g=age_years.39~sex.male~enhancement_pattern.open_ring&gprior=flat", "teach": "&t=p.H010"}
"""What the pictures of some screens need besides."""

WIDE = (
    "[...document.querySelectorAll('main *, [data-testid=stMain] *')].filter("
    "e => e.getBoundingClientRect().right > 376 && e.getBoundingClientRect().width > 1"
    " && !e.closest('[role=region][tabindex], [data-testid=stDataFrame]')).map(e => e.className)"
)
UNNAMED = (
    "[...document.querySelectorAll('[data-testid=stMain] :is(button, input, [role=radiogroup])')].filter("
    "e => !e.textContent.trim() && !e.getAttribute('aria-label') && !(e.labels || []).length && !e.title)"
    ".map(e => e.outerHTML.slice(0, 200))"
)
LEADERS = "[role=table].mf-differential"


def test_a_finding_set_by_mouse_changes_the_differential(open_page):
    page = open_page(f"/?{PATIENT}")
    before = page.locator(LEADERS).first.inner_text()
    page.get_by_role("radiogroup", name="Known malignancy").get_by_role("radio", name="Present").click()
    page.wait_for_function(
        "before => document.querySelector('.mf-differential').innerText !== before", arg=before
    )
    page.wait_for_url("**known_malignancy.present**")
    assert page.complaints == []
    assert page.foreign == []


def test_a_finding_can_be_set_by_keyboard(open_page):
    page = open_page("/")
    before = page.locator(LEADERS).first.inner_text()
    page.get_by_role("radiogroup", name="Tick bite").get_by_role("radio", name="Present").focus()
    page.keyboard.press("Space")
    page.wait_for_function(
        "before => document.querySelector('.mf-differential').innerText !== before", arg=before
    )
    page.get_by_role("button", name="Tick bite: present").wait_for()


def test_the_patient_travels_to_the_next_screen(open_page):
    page = open_page(f"/?{PATIENT}")
    page.get_by_role("link", name="Next step").click()
    page.wait_for_selector(".mf-answer")
    page.get_by_role("button", name="Sex: male").wait_for()
    page.wait_for_url("**/next_step?**age_years.39**")
    assert page.complaints == []


def test_the_search_finds_a_synonym(open_page):
    page = open_page("/")
    page.get_by_role("searchbox", name="Search all findings").press_sequentially("Virchow")
    control = page.locator(".st-key-found_case_pvs_pattern")
    control.get_by_role("radio", name="Present").click()
    page.wait_for_url("**pvs_pattern.present**")


def test_the_search_says_while_one_types_that_something_is_not_in_the_model(open_page):
    page = open_page("/")
    field = page.get_by_role("searchbox", name="Search all findings")
    field.press_sequentially("MOG")
    page.get_by_text("Not in the model: MOG antibodies").wait_for()
    field.fill("short cord lesion")
    page.locator(".st-key-found_case_cord_lesion_length").wait_for()
    page.get_by_text("Not in the model: MOG antibodies").wait_for(state="detached")
    assert page.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_scrolls_sideways_on_a_telephone(open_page, screen, theme):
    page = open_page(f"{PATHS[screen]}?{PATIENT}", width=375, height=812, theme=theme)
    at_rest(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.evaluate(WIDE) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_a_link_to_a_screen_opens_it_without_a_complaint_and_every_control_has_a_name(open_page, screen):
    page = open_page(f"{PATHS[screen]}?{PATIENT}")
    at_rest(page)
    assert page.url.startswith(f"{page.evaluate('location.origin')}{PATHS[screen]}?")
    assert page.evaluate(UNNAMED) == []
    assert page.complaints == []
    assert page.foreign == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_button_that_cannot_be_pressed_yet_can_be_read(open_page, theme):
    page = open_page("/teach?t=p.H010", theme=theme)
    at_rest(page)
    colours = page.locator(".st-key-commit button").evaluate(
        "b => [b.disabled, getComputedStyle(b.querySelector('p')).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert colours[0]
    word, ground = ([float(n) for n in re.findall(r"[\d.]+", text)[:3]] for text in colours[1:])
    assert max(abs(a - b) for a, b in zip(word, ground, strict=True)) > 100


def test_orders_are_listed_and_a_hazard_is_shown(open_page):
    page = open_page(f"/?{PATIENT}")
    page.get_by_role("link", name="Next step").click()
    page.get_by_role("radio", name="Orders").click()
    page.wait_for_selector(".st-key-bars_order button")
    assert page.locator(".st-key-bars_order button").count() >= 8
    page.get_by_role("button", name="Trial of corticosteroids").click()
    page.get_by_text("contraindicated in tuberculosis").wait_for()
    assert page.complaints == []
    assert page.foreign == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_no_view_scrolls_sideways_on_a_telephone(open_page, view, theme):
    page = open_page(f"/next_step?{PATIENT}", width=375, height=812, theme=theme)
    show(page, view)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.evaluate(WIDE) == []
    assert page.evaluate(UNNAMED) == []


def show(page, view):
    """Open a view of the screen "Next step" and wait until it is drawn."""
    page.get_by_role("radio", name=VIEWS[view][0]).click()
    page.wait_for_selector(VIEWS[view][1])
    at_rest(page)


@pytest.mark.parametrize(("width", "height"), [(1440, 1000), (375, 812)])
@pytest.mark.parametrize("screen", [*SCREENS, *VIEWS])
def test_screenshot_of_every_screen(open_page, screen, width, height, request, tmp_path):
    wanted = "screenshot" in request.config.getoption("keyword")
    folder = (
        ROOT / "docs" / "screenshots" if wanted else tmp_path
    )  # `make screenshots` renews those of the README
    link = f"{PATHS.get(screen, '/next_step')}?{PATIENT}{ALSO.get(screen, '')}"
    page = open_page(link, width=width, height=height)
    if screen in VIEWS:
        show(page, screen)
    at_rest(page)
    picture = folder / f"{screen}_{width}.png"
    page.screenshot(path=picture)
    assert picture.stat().st_size > 20_000
