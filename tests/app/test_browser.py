"""The app in Chromium: it reacts, complains of nothing, fits every size, light and dark, and stays at home."""

import re
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.app.conftest import READY, ROOT, SCREENS
from tests.app.hands import at_rest, changes
from tests.app.sight import cut, faint

PATIENT = "f=age_years.39~sex.male~enhancement_pattern.miliary~pvs_pattern.present&prior=documents"
PATHS = {screen: "/" if screen == "case" else f"/{screen}" for screen in SCREENS}
VIEWS = {"orders": ("Orders", ".st-key-bars_order"), "stop": ("When to stop", ".st-key-bars_settle")}
"""View of the screen "Next step" -> what its switch says, and what it shows."""

ALSO = {"compare": "&g=age_years.39~sex.male~enhancement_pattern.open_ring&gprior=flat", "teach": "&t=p.H010"}
"""What the pictures of some screens need besides."""

GROUNDS = {"light": "rgb(253, 253, 252)", "dark": "rgb(18, 23, 27)"}
"""What the app stands on, light and dark."""

SIZES = ((1440, 1000), (375, 812), (720, 450), (2560, 1400))
"""A desk, a telephone, the desk at 200 %, a wall."""

PICTURED = {1440, 375}

KNOWN_OF_STREAMLIT = {
    "nested-interactive",  # a widget's help icon inside its label
}
"""Rules that Streamlit's own elements break and that no option of it mends."""

WIDE = (
    "width => [...document.querySelectorAll('main *, [data-testid=stMain] *')].filter("
    "e => e.getBoundingClientRect().right > width + 1 && e.getBoundingClientRect().width > 1"
    " && !e.closest('[role=region][tabindex], [data-testid=stDataFrame], .st-key-known_above .st-key-chips > *'))"
    ".map(e => e.className)"
)
"""What is wider than the page; what is pushed sideways in a row of its own is not."""
UNNAMED = (
    "[...document.querySelectorAll('[data-testid=stMain] :is(button, input, [role=radiogroup])')].filter("
    "e => !e.textContent.trim() && !e.getAttribute('aria-label') && !(e.labels || []).length && !e.title)"
    ".map(e => e.outerHTML.slice(0, 200))"
)
LEADERS = "[role=table].mf-differential"


def test_a_finding_set_by_mouse_changes_the_differential(open_page):
    page = open_page(f"/?{PATIENT}")
    with changes(page, LEADERS):
        page.get_by_role("radiogroup", name="Known malignancy").get_by_role("radio", name="Present").click()
    page.wait_for_url("**known_malignancy.present**")
    assert page.complaints == []
    assert page.foreign == []


def test_a_finding_can_be_set_by_keyboard(open_page):
    page = open_page("/")
    with changes(page, LEADERS):
        page.get_by_role("radiogroup", name="Tick bite").get_by_role("radio", name="Present").focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Tick bite: present").wait_for()


def test_the_patient_travels_through_the_screens_without_a_complaint(open_page):
    page = open_page(f"/?{PATIENT}")
    for name, screen in (
        ("Next step", "next_step"),
        ("Why", "why"),
        ("Compare", "compare"),
        ("Teach", "teach"),
    ):
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_selector(READY[screen])
        at_rest(page)
        page.wait_for_url(f"**/{screen}?**age_years.39**")
    assert page.complaints == []
    assert page.foreign == []


def test_sessions_see_their_own_patient_only(open_page):
    ages = (21, 22, 23)
    pages = [open_page(f"/?f=age_years.{age}~sex.male&prior=documents") for age in ages]
    for page, age in zip(pages, ages, strict=True):
        [chip] = page.get_by_role("button", name=re.compile("^Age: ")).all_inner_texts()
        assert chip.startswith(f"Age: {age}")
    pages[0].get_by_role("radiogroup", name="Tick bite").get_by_role("radio", name="Present").click()
    pages[0].get_by_role("button", name="Tick bite: present").wait_for()
    for page in pages[1:]:
        expect(page.get_by_role("button", name="Tick bite: present")).to_have_count(0)


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


def show(page, view):
    """Open a view of the screen "Next step" and wait until it is drawn."""
    page.get_by_role("radio", name=VIEWS[view][0]).click()
    page.wait_for_selector(VIEWS[view][1])
    at_rest(page)


def wear(page, theme):
    """Let the page look light or dark."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.wait_for_function(
        "ground => getComputedStyle(document.querySelector('.stApp')).backgroundColor === ground",
        arg=GROUNDS[theme],
    )


def faults(page, width):
    """What is wrong with a page at a width: what runs out of it or is cut off, what is faint, and what has no name."""
    at_rest(page)
    found = {"wide": page.evaluate(WIDE, width), "unnamed": page.evaluate(UNNAMED)}
    found |= {"cut": cut(page), "faint": faint(page)}
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found["scrolls"] = page.evaluate("document.documentElement.scrollWidth")
    return found


def barriers(page):
    """What axe finds serious: rule -> some of the places."""
    return {
        rule["id"]: [node["html"][:160] for node in rule["nodes"][:3]]
        for rule in Axe().run(page).response["violations"]
        if rule["impact"] in ("serious", "critical") and rule["id"] not in KNOWN_OF_STREAMLIT
    }


@pytest.mark.parametrize("screen", [*SCREENS, *VIEWS])
def test_a_screen_is_sound_at_every_size_light_and_dark_and_a_screenshot_is_taken(
    open_page, screen, request, tmp_path
):
    wanted = "screenshot" in request.config.getoption(
        "keyword"
    )  # `make screenshots` renews those of the README
    folder = ROOT / "docs" / "screenshots" if wanted else tmp_path
    path = PATHS.get(screen, "/next_step")
    page = open_page(f"{path}?{PATIENT}{ALSO.get(screen, '')}")
    if screen in VIEWS:
        show(page, screen)
    at_rest(page)
    assert page.url.startswith(f"{page.evaluate('location.origin')}{path}?")
    found = {}
    for theme, (width, height) in product(GROUNDS, SIZES):
        page.set_viewport_size({"width": width, "height": height})
        wear(page, theme)
        found |= {(theme, width, what): wrong for what, wrong in faults(page, width).items() if wrong}
        if width == SIZES[0][0]:
            found |= {(theme, rule): places for rule, places in barriers(page).items()}
        if theme == "light" and width in PICTURED:
            page.screenshot(path=folder / f"{screen}_{width}.png")
    assert found == {}
    assert page.complaints == []
    assert page.foreign == []


def test_the_first_screen_is_found_by_its_name_as_well(open_page):
    page = open_page("/case?f=sex.male", ready=".st-key-chips")
    assert page.url.partition("/case")[1] == ""
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.complaints == []
