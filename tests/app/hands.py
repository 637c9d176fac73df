"""What a hand does in the browser, and how a test knows that the app has answered: by what is shown, never by the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Download, Locator, Page

LEADERS = ".mf-differential"


RESTING = """() => {
  const rests = document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')
    && !document.querySelector('[data-testid=stSkeleton], [data-stale=true]');
  window.milletRests = rests ? window.milletRests + 1 : 0;
  return window.milletRests > 3;
}"""
"""Nothing is computed or drawn, several looks in a row: the end of a picture is told before its last parts are drawn."""

TWO_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""What was asked for is drawn."""


def at_rest(page: Page) -> None:
    """Wait until nothing is being computed or drawn."""
    page.evaluate("window.milletRests = 0")
    page.wait_for_function(RESTING, polling=40)
    page.evaluate("document.fonts.ready")


@contextmanager
def changes(page: Page, selector: str = LEADERS) -> Iterator[None]:
    """What is done inside changes what a part of the screen says; goes on when it has."""
    at_rest(page)
    words = "s => [...document.querySelectorAll(s)].map(e => e.innerText).join('|')"
    before = page.evaluate(words, selector)
    yield
    page.wait_for_function(f"([s, before]) => ({words})(s) !== before", arg=[selector, before])
    at_rest(page)


def control(page: Page, key: str) -> Locator:
    """A control by its key."""
    return page.locator(f".st-key-{key}").first


def press(page: Page, key: str) -> None:
    """Press a button."""
    control(page, key).get_by_role("button").first.click()


def answer(page: Page, key: str, option: str) -> None:
    """Choose one of the answers that stand side by side."""
    control(page, key).get_by_text(option, exact=True).click()


def choose(page: Page, key: str, option: str) -> None:
    """Choose from a list that opens, by the words of an option: what is left of the list needs no scrolling."""
    open_list(page, key)
    control(page, key).get_by_role("combobox").fill(option)
    _take(page, page.get_by_role("option", name=option).first)


def look_up(page: Page, key: str, words: str) -> None:
    """Choose from a list by typing what is looked for, which keeps the list open whatever changes beside it."""
    control(page, key).get_by_role("combobox").press_sequentially(words)
    _take(page, page.get_by_role("option", name=words).first)


def pick(page: Page, key: str, place: int) -> None:
    """Choose from a list that opens, by place."""
    open_list(page, key)
    _take(page, page.get_by_role("option").nth(place))


def open_list(page: Page, key: str) -> None:
    """Open the list of a control; it closes when the page scrolls, so that comes first."""
    box = control(page, key).get_by_role("combobox")
    box.scroll_into_view_if_needed()
    page.evaluate(TWO_FRAMES)
    box.click()


def _take(page: Page, option: Locator) -> None:
    """Choose from an open list: it draws them anew when it scrolls or is pointed at; a click meanwhile is lost."""
    option.hover()
    page.evaluate(TWO_FRAMES)
    option.click()


def write(page: Page, key: str, text: str) -> None:
    """Write into a field and leave it."""
    field = control(page, key).locator("input").first
    field.fill(text)
    field.press("Enter")


def seek(page: Page, place: str, words: str) -> None:
    """Write into a search field, key by key: it answers while one types."""
    field = control(page, f"search_{place}").locator("input")
    field.fill("")
    field.press_sequentially(words)


def unfold(page: Page, key: str) -> None:
    """Open what can be opened below a heading."""
    control(page, key).locator("summary").first.click()


def download(page: Page, key: str, folder: Path) -> Path:
    """Press a button that gives a file, and wait until the file is there."""
    with page.expect_download() as waiting:
        press(page, key)
    return saved(waiting.value, folder)


def saved(given: Download, folder: Path) -> Path:
    """A file that has arrived."""
    path = folder / given.suggested_filename
    given.save_as(path)
    return path


def slide(page: Page, key: str, steps: int) -> None:
    """Move the knob of a slider by some steps, to the left where they are negative."""
    knob = control(page, key).get_by_role("slider").first
    knob.focus()
    for _ in range(abs(steps)):
        knob.press("ArrowRight" if steps > 0 else "ArrowLeft")
