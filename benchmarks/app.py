"""
How quick the app is: from a click on a finding to the new differential, beside the rerun of an empty page; and the start.

Headless Chromium on this machine; nothing but the loopback interface is used.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
PATIENT = "/?f=age_years.39~sex.male~enhancement_pattern.miliary~pvs_pattern.present&prior=documents"
USABLE = ".st-key-best_next .stButtonGroup"
EMPTY = """
import streamlit as st

st.session_state.setdefault("n", 0)
if st.button("go"):
    st.session_state["n"] += 1
st.html(f"<p id='n'>{st.session_state['n']}</p>")
"""
N_CLICKS = 15
N_STARTS = 5
MAX_SECONDS = 60


@dataclass(frozen=True)
class Quickness:
    """
    Medians of our app, each beside that of an empty page in the same run.

    Milliseconds of a change, and of a rerun of the empty page; seconds from the start of the server to a usable page, and of
    a further visit.
    """

    change_ms: float
    empty_ms: float
    cold_start_s: float
    empty_cold_start_s: float
    further_visit_s: float
    empty_further_visit_s: float


def quickness() -> Quickness:
    """Measure all of it, our app and the empty page in turn."""
    from playwright.sync_api import sync_playwright

    names = (os.environ.get("MILLET_CHROMIUM", "chromium"), "chromium-browser", "google-chrome")
    executable = next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY, encoding="utf-8")
        ours, theirs = [], []
        for _ in range(N_STARTS):
            started = time.perf_counter()
            with served("app_pages/shared/server.py", ROOT) as address:
                ours.append(_visits(browser, address + PATIENT, USABLE, _changes, started))
            started = time.perf_counter()
            with served(str(empty), empty.parent) as address:
                theirs.append(_visits(browser, address, "#n", _reruns, started))
        browser.close()
    (cold, further, change), (empty_cold, empty_further, rerun) = (
        map(median, zip(*runs, strict=True)) for runs in (ours, theirs)
    )
    return Quickness(change, rerun, cold, empty_cold, further, empty_further)


def _visits(
    browser, address: str, usable: str, clicks: Callable, started: float
) -> tuple[float, float, float]:
    """Seconds from the start to the first usable page, and of a further visit; milliseconds of a click there."""
    waits = []
    for _ in range(2):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(MAX_SECONDS * 1000)
        page.goto(address)
        page.wait_for_selector(usable)
        waits.append(time.perf_counter() - started)
        started = time.perf_counter()
    return waits[0], waits[1], median(clicks(page))


def _changes(page) -> Iterator[float]:
    """Milliseconds from a click to the changed table, timed in the page itself; to look must not make it lay itself out."""
    for i in range(N_CLICKS):
        answer = ("Present", "Absent")[i % 2]
        yield page.evaluate(
            """async answer => {
                const group = document.querySelector('.st-key-finding_tick_bite');
                const button = [...group.querySelectorAll('button')].find(b => b.innerText.trim() === answer);
                const table = () => document.querySelector('.mf-differential').textContent;
                const before = table(), start = performance.now();
                button.click();
                while (table() === before) await new Promise(done => setTimeout(done, 2));
                return performance.now() - start;
            }""",
            answer,
        )
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        page.wait_for_timeout(200)


def _reruns(page) -> Iterator[float]:
    for _ in range(N_CLICKS):
        yield page.evaluate(
            """async () => {
                const number = () => document.querySelector('#n').textContent;
                const before = number(), start = performance.now();
                document.querySelector('[data-testid=stBaseButton-secondary]').click();
                while (number() === before) await new Promise(done => setTimeout(done, 2));
                return performance.now() - start;
            }"""
        )
        page.wait_for_timeout(100)


@contextmanager
def served(script: str, folder: Path) -> Iterator[str]:
    """Address of a Streamlit server that is up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [f"--server.port={port}", "--server.headless=true", "--browser.gatherUsageStats=false"]
    command = [sys.executable, "-m", "streamlit", "run", script, *options]
    # As for whoever starts it a second time: what is compiled once is kept.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + MAX_SECONDS
        while not _is_up(f"{address}/_stcore/health"):
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError(f"{script}: the server does not answer; run it by hand to see why")
            time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait()


def _is_up(url: str) -> bool:
    try:
        return urllib.request.urlopen(url, timeout=2).status == 200
    except (urllib.error.URLError, OSError):
        return False
