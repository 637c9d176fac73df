"""A first visit by hand: the welcome, three patients to start with, the tour; put away, it stays away."""

import pytest
from playwright.sync_api import expect

from tests.app.conftest import READY
from tests.app.hands import at_rest, changes, control, press
from tests.app.sight import cut
from tests.app.test_browser import SIZES, barriers, faults

CHIPS = "[class*=st-key-chip_case_]"
POINTED = (
    "document.querySelector('.st-key-tour').innerText.slice(0, 6) + "
    "[...document.querySelectorAll('[class*=st-key-]')].filter(e => getComputedStyle(e).outlineStyle === 'solid')"
    ".map(e => [...e.classList].find(c => c.startsWith('st-key-')))"
)


@pytest.mark.uses("start_*", "reveal", "reset")
def test_each_start_patient_is_taken_over_and_what_is_claimed_of_him_is_so(open_page):
    page = open_page("/")
    for kind, said in (
        ("typical", "The model leads with this diagnosis, too"),
        ("miliary", "The model leads with this diagnosis, too"),
        ("wrong", "The model leads with another diagnosis"),
    ):
        with changes(page):
            press(page, f"start_{kind}")
        expect(control(page, "welcome")).to_have_count(0)
        assert page.locator(CHIPS).count() >= 6
        press(page, "reveal")
        page.get_by_text(said).wait_for()
        page.keyboard.press("Escape")
        with changes(page):
            press(page, "reset")
        control(page, "welcome").wait_for()
    assert page.complaints == []


@pytest.mark.uses("tour_begin", "tour_next", "tour_back", "tour_leave")
@pytest.mark.parametrize("width", [1440, 375])
def test_the_tour_points_at_five_parts_that_are_in_view(open_page, width):
    page = open_page("/", width=width, height=812)
    press(page, "tour_begin")
    seen = []
    for step in range(1, 6):
        control(page, "tour").get_by_text(f"{step} of 5").wait_for()
        at_rest(page)
        seen.append(page.evaluate(POINTED))
        pointed = page.locator(f".{seen[-1][6:]}")
        page.wait_for_function(
            "e => e.getBoundingClientRect().bottom > 0 && e.getBoundingClientRect().top < innerHeight",
            arg=pointed.element_handle(),
        )
        if step == 2:
            press(page, "tour_back")
            control(page, "tour").get_by_text("1 of 5").wait_for()
            press(page, "tour_next")
            control(page, "tour").get_by_text("2 of 5").wait_for()
        if step < 5:
            press(page, "tour_next")
    assert seen == [
        *("1 of 5st-key-enter", "2 of 5st-key-answer", "3 of 5st-key-best_next"),
        *("4 of 5st-key-rests_on", "5 of 5st-key-screens"),
    ]
    press(page, "tour_next")
    control(page, "tour").wait_for(state="detached")
    press(page, "tour_begin")
    press(page, "tour_leave")
    control(page, "tour").wait_for(state="detached")
    assert page.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_welcome_and_tour_are_sound_at_every_size(open_page, theme):
    page = open_page("/", theme=theme)
    found = {}
    for is_touring in (False, True):
        if is_touring:
            press(page, "tour_begin")
            control(page, "tour").wait_for()
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            found |= {
                (is_touring, width, what): wrong for what, wrong in faults(page, width).items() if wrong
            }
            card = control(page, "welcome").bounding_box()
            ends = [one.bounding_box() for one in control(page, "welcome").get_by_role("button").all()]
            out = [box for box in ends if box["x"] + box["width"] > card["x"] + card["width"]]
            found |= {(is_touring, width, "out of the card"): out} if out else {}
        found |= {(is_touring, rule): places for rule, places in barriers(page).items()}
    assert found == {}


@pytest.mark.uses("welcome_away", "welcome_again")
def test_what_was_put_away_stays_away_until_it_is_fetched_back(open_page):
    page = open_page("/")
    control(page, "welcome").wait_for()
    press(page, "welcome_away")
    control(page, "welcome").wait_for(state="detached")
    page.wait_for_function("document.cookie.includes('millet_welcome=1')")
    page.reload()
    page.wait_for_selector(".st-key-best_next .stButtonGroup")
    at_rest(page)
    expect(control(page, "welcome")).to_have_count(0)
    page.get_by_role("link", name="About").click()
    page.wait_for_selector(READY["about"])
    press(page, "welcome_again")
    page.wait_for_function("!document.cookie.includes('millet_welcome')")
    page.get_by_role("link", name="Case").click()
    control(page, "welcome").wait_for()
    assert page.complaints == []


@pytest.mark.parametrize("width", [375, 640, 720, 768, 1440])
def test_the_first_patients_are_said_whole_at_every_width(open_page, width):
    page = open_page("/?lang=de", width=width)
    at_rest(page)
    expect(page.locator(".st-key-starts button")).to_have_count(3)
    assert cut(page) == []
    tops = {round(button.bounding_box()["y"]) for button in page.locator(".st-key-starts button").all()}
    assert len(tops) == (3 if width == 375 else 1)
