"""The style sheet of all screens: quick to apply, and complete for what the screens put on the page."""

from __future__ import annotations

import re
from pathlib import Path

PAGES = Path(__file__).resolve().parents[2] / "app_pages"
STYLE = (PAGES / "style.css").read_text(encoding="utf-8")


def test_no_selector_makes_each_change_restyle_the_page():
    """`:has()` and parts of a class name are looked up again with every change: 90 of 100 ms of style after a click."""
    lines = STYLE.splitlines()
    slow = [f"{i}: {line}" for i, line in enumerate(lines, 1) if ":has(" in line or "[class*=" in line]
    assert not slow, "name the containers, or move what one screen needs into a style sheet of that screen"


def test_every_list_of_bars_and_every_search_has_its_style():
    """Their containers are named after their place, and the style sheet names each."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted(PAGES.rglob("*.py")))
    names = {f"bars_{place}" for place in re.findall(r'bar_list\("(\w+)"', code)}
    names |= {f"hits_{place}" for place in re.findall(r'search\.show\("(\w+)"', code)}
    assert len(names) >= 6
    assert not [name for name in sorted(names) if f".st-key-{name}" not in STYLE]
