"""
The style sheet of all figures, and what it says of the columns of each kind of table.

Knows: style sheets. Must not know: what a figure shows.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

STYLE: Final = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
"""Style sheet of every figure; `Figure` carries it along in a notebook, the app states it once."""

REM: Final = 16.0
"""Pixels of the unit that the style sheet counts in."""
GAP: Final = 12.0
"""Pixels between two columns."""


@cache
def columns() -> dict[str, tuple[str, ...]]:
    """
    Class of a table -> its columns on a wide page, as the style sheet writes them.

    Examples
    --------
    >>> columns()["mf-bits"]
    ('minmax(10rem, 1.6fr)', 'minmax(5rem, 1fr)', '7.6rem')
    """
    wide = STYLE.split("@container")[0]
    found = {}
    for selectors, template in re.findall(r"([^{}]+)\{ *grid-template-columns: ([^;}]+)", wide):
        for selector in selectors.split(","):
            if name := re.fullmatch(r'\s*\.(mf-\w+) \[role="row"\]\s*', selector):
                found[name[1]] = tuple(re.findall(r"minmax\([^)]*\)|\S+", template.strip()))
    return found


def widths(template: tuple[str, ...], width: float) -> list[float]:
    """
    Pixels of each column: what is fixed first, the rest by shares.

    Examples
    --------
    >>> widths(("minmax(1rem, 3fr)", "1fr", "2rem"), 456)
    [300.0, 100.0, 32.0]
    """
    fixed = [float(part.removesuffix("rem")) * REM if part.endswith("rem") else 0.0 for part in template]
    shares = [float(found[1]) if (found := re.search(r"([\d.]+)fr", part)) else 0.0 for part in template]
    left = width - sum(fixed) - GAP * (len(template) - 1)
    unit = left / (sum(shares) or 1.0)
    return [here or share * unit for here, share in zip(fixed, shares, strict=True)]


__all__ = ["GAP", "STYLE", "columns", "widths"]
