"""What every test may use; nothing is skipped in a full run, and no property test watches the clock."""

from __future__ import annotations

import ctypes
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


@pytest.fixture(scope="session")
def root() -> Path:
    """Top folder of the repository."""
    return ROOT


@pytest.fixture(scope="module", autouse=True)
def room_for_the_next() -> Iterator[None]:
    """What one file of tests has asked for is given back, so that a small machine can run them all."""
    yield
    for name, forget in (
        ("model.network.shipped", lambda module: module.forget_networks()),
        ("streamlit", lambda module: module.cache_resource.clear()),
    ):
        if name in sys.modules:
            forget(sys.modules[name])
    # The C library keeps what large arrays have left (a gigabyte after tests/spec) until it is told to give it back.
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


@pytest.fixture
def small_tables(tmp_path: Path) -> Path:
    """Folder with a small, complete and correct set of tables."""
    return write_tables(tmp_path / "tables")
