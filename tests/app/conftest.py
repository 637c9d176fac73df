"""The app in memory (AppTest) and in a browser (Chromium), for the tests of the screens."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from streamlit.testing.v1 import AppTest

from tests.app.controls import is_touched
from tests.support.waiting import MAX_SECONDS

ROOT = Path(__file__).resolve().parents[2]
SCREENS = tuple(sorted(path.parent.name for path in (ROOT / "app_pages").glob("*/page.py")))
GRACE_SECONDS = 30
MILLET = (sys.executable, "-m", "model")
CHROMIUM_NAMES = (os.environ.get("MILLET_CHROMIUM", "chromium"), "chromium-browser", "google-chrome")
READY = {
    "": ".st-key-best_next .stButtonGroup",
    "next_step": ".mf-answer",
    "why": ".mf-waterfall, .stAlert",
    "robustness": ".mf-ranks",
    "compare": ".stAlert, .mf-differential",
    "teach": ".st-key-teach_view, .st-key-leave",
    "knowledge": ".mf-map",
    "about": ".about",
}
"""What the first view of each screen shows once it is drawn."""

RECORD = """
const tell = event => {
  const names = [];
  for (let e = event.target; e instanceof Element; e = e.parentElement)
    names.push(...[...e.classList].filter(c => c.startsWith('st-key-')).map(c => c.slice(7)), e.dataset?.testid);
  window.milletTouched(names.filter(Boolean));
};
for (const kind of ['pointerdown', 'keydown', 'input', 'change']) window.addEventListener(kind, tell, true);
"""
"""Tells the test which controls a mouse, a key or a file has reached: keys and test names of all that is around it."""


@pytest.fixture
def open_app() -> Callable[..., AppTest]:
    """Open the app in memory: a screen's name, and the query of the link as keywords."""

    def open_(screen: str = "case", **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=MAX_SECONDS)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        if screen != "case":
            app.switch_page(f"app_pages/{screen}/page.py").run()
        return app

    return open_


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        return bool(urllib.request.urlopen(url, timeout=5).status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def serving(
    log: int | IO[bytes] = subprocess.DEVNULL, command: tuple[str, ...] = MILLET, **where: object
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Address and process of a running app; what it says goes into the log. `where`: folder and variables of the process."""
    port = _free_port()
    words = [*command, "app", "--port", str(port), "--host", "127.0.0.1"]
    process = subprocess.Popen(words, stdout=log, stderr=subprocess.STDOUT, **{"cwd": ROOT, **where})
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + MAX_SECONDS
        while not _answers(f"{address}/_stcore/health"):
            assert process.poll() is None, "the app ended before it answered"
            assert time.monotonic() < deadline, "the app does not answer"
            time.sleep(0.1)
        yield address, process
    finally:
        process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            # It waits for connections that a browser holds open, until it is told again.
            process.send_signal(signal.SIGINT)
            process.wait(MAX_SECONDS)


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[str]:
    """Address of the running app, one for all tests; its log is free of errors in the end."""
    path = tmp_path_factory.mktemp("server") / "log.txt"
    with path.open("wb") as log, serving(log) as (address, _):
        yield address
    said = path.read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in said, said[-4000:]


@pytest.fixture(scope="session")
def browser() -> Iterator[BrowserContext]:
    """Chromium of the system, one for all tests; it tells which controls are touched."""
    executable = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    assert executable, "Chromium is missing; run scripts/system_packages.sh"
    expect.set_options(timeout=1000 * MAX_SECONDS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
        context.expose_binding("milletTouched", lambda source, names: source["page"].touched.update(names))
        context.add_init_script(RECORD)
        yield context
        chromium.close()


@pytest.fixture
def open_page(browser: BrowserContext, server: str, request) -> Iterator[Callable[..., Page]]:
    """
    Open a screen in the browser.

    The page carries what it complained of, the foreign requests that it made, and the keys of the controls that were
    touched. A test with the mark `uses` has to touch each control that it names. Where the link names a view, `ready` is
    what this shows.
    """
    pages = []

    def open_(
        path: str = "/", *, width: int = 1440, height: int = 900, theme: str = "light", ready: str = ""
    ) -> Page:
        page = browser.new_page()
        pages.append(page)
        page.complaints, page.foreign, page.touched = [], [], set()
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_default_timeout(1000 * MAX_SECONDS)
        page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: page.foreign.append(request.url) if _is_foreign(request) else None)
        page.goto(server + path)
        page.wait_for_selector(ready or READY[urlsplit(path).path.strip("/")])
        return page

    yield open_
    touched = set()
    for page in pages:
        page.evaluate("0")  # whatever the page still has to tell comes before the answer
        touched |= page.touched
        page.close()
    promised = [key for mark in request.node.iter_markers("uses") for key in mark.args]
    assert [key for key in promised if not is_touched(key, touched)] == []


def _is_foreign(request) -> bool:
    parts = urlsplit(request.url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1"
