"""What every test may use; nothing is skipped in a full run, and no property test watches the clock."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.tables import write_tables

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def is_full_run() -> bool:
    """Whether a skipped test counts as a failed one: in CI, and wherever MILLET_FULL is set."""
    return any(os.environ.get(name, "").lower() not in ("", "0", "false") for name in ("CI", "MILLET_FULL"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """In a full run a skipped test fails: a missing package must not pass for a passed test."""
    report = yield
    return _refuse_skip(report, item.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """In a full run a skipped file fails, too."""
    report = yield
    return _refuse_skip(report, collector.nodeid)


def _refuse_skip(report, name):
    if report.skipped and not hasattr(report, "wasxfail") and is_full_run():
        report.outcome = "failed"
        report.longrepr = f"{name}: skipped in a full run ({report.longrepr}); install what is missing"
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a slow test come first: at the end, one worker would take minutes over the last of them, alone."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """What collecting has made stays to the end: it need not be searched again whenever room is made."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def root() -> Path:
    """Top folder of the repository."""
    return ROOT


MUCH = 300
"""MB that may gather before room is made; about what one more layer of knowledge takes."""

USUAL = ("documents", True, "full", None)
"""The network that `load_network()` gives, as `model.network.shipped` knows it."""

kept: dict[str, object] = {"usual": None, "left": 0}
"""The network that nearly all ask for, which is read once; and how large the process was when room was last made."""


def size() -> int:
    """MB of this process in memory; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def make_room() -> None:
    """Give back what was asked for, so that a small machine can run all tests."""
    if shipped := sys.modules.get("model.network.shipped"):
        kept["usual"] = shipped._ALIVE.get(USUAL)
        shipped.forget_networks()
    if streamlit := sys.modules.get("streamlit"):
        streamlit.cache_resource.clear()
    gc.collect()  # networks that know each other and answers in tracebacks are circles, too few to be noticed in time
    # The C library keeps what large arrays have left (a gigabyte after tests/spec) until it is told to give it back.
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
    kept["left"] = size()


@pytest.fixture(scope="module", autouse=True)
def room_for_the_next() -> Iterator[None]:
    """Make room after every file of tests."""
    yield
    make_room()


@pytest.fixture(autouse=True)
def room_after_much() -> Iterator[None]:
    """Make room after a test that asked for much: three layers of knowledge, one after the other, are no need at once."""
    yield
    if size() > kept["left"] + MUCH:
        make_room()


@pytest.fixture
def small_tables(tmp_path: Path) -> Path:
    """Folder with a small, complete and correct set of tables."""
    return write_tables(tmp_path / "tables")
