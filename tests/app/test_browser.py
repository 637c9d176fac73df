"""The app in Chromium: it reacts, complains of nothing, fits a telephone and stays at home."""

import pytest

from tests.app.conftest import ROOT, SCREENS

PATIENT = "f=age_years.39~sex.male~enhancement_pattern.miliary~pvs_pattern.present&prior=documents"
PATHS = {screen: "/" if screen == "case" else f"/{screen}" for screen in SCREENS}
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
    page.get_by_role("combobox", name="Search all findings").fill("Virchow")
    page.get_by_role("option").first.click()
    page.get_by_role("radiogroup", name="Perivascular (PVS) pattern").first.wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_scrolls_sideways_on_a_telephone(open_page, screen, theme):
    page = open_page(f"{PATHS[screen]}?{PATIENT}", width=375, height=812, theme=theme)
    page.wait_for_selector(".stButtonGroup")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    wide = "[...document.querySelectorAll('main *, [data-testid=stMain] *')].filter("
    wide += "e => e.getBoundingClientRect().right > 376 && e.getBoundingClientRect().width > 1).map(e => e.className)"
    assert page.evaluate(wide) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_every_control_has_a_name(open_page, screen):
    page = open_page(f"{PATHS[screen]}?{PATIENT}")
    unnamed = (
        "[...document.querySelectorAll('[data-testid=stMain] :is(button, input, [role=radiogroup])')].filter("
    )
    unnamed += "e => !e.innerText && !e.getAttribute('aria-label') && !(e.labels || []).length && !e.title)"
    assert page.evaluate(unnamed + ".map(e => e.outerHTML.slice(0, 200))") == []


@pytest.mark.parametrize(("width", "height"), [(1440, 1000), (375, 812)])
@pytest.mark.parametrize("screen", SCREENS)
def test_screenshot_of_every_screen(open_page, screen, width, height, request, tmp_path):
    wanted = "screenshot" in request.config.getoption("keyword")
    folder = (
        ROOT / "docs" / "screenshots" if wanted else tmp_path
    )  # `make screenshots` renews those of the README
    page = open_page(f"{PATHS[screen]}?{PATIENT}", width=width, height=height)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton], [data-stale=true]')")
    page.evaluate("document.fonts.ready")
    picture = folder / f"{screen}_{width}.png"
    page.screenshot(path=picture)
    assert picture.stat().st_size > 20_000
