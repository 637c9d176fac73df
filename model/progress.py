"""
How a long question tells how far it has got: what it works through is wrapped, as a progress bar wraps it.

Knows: iteration, and whether somebody watches. Must not know: screens, what is asked.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Final, Protocol, TypeVar

T = TypeVar("T")

PATIENCE: Final = 2.0
"""Seconds before a bar appears: what is quicker needs none."""


class Progress(Protocol):
    """Gives the items as they are, and takes note of each."""

    def __call__(self, items: Sequence[T], /) -> Iterable[T]:
        """Give the items one after the other."""


def silent(items: Sequence[T], /) -> Iterable[T]:
    """Give the items, and tell nobody."""
    return items


def watched(items: Sequence[T], /, *, what: str = "", after: float | None = None) -> Iterable[T]:
    """
    Give the items, with a bar on standard error if there are several and somebody watches; it goes when all are done.

    Parameters
    ----------
    items
        What is worked through.
    what
        Its name, such as "patients".
    after
        Seconds before the bar appears; `PATIENCE` by default.
    """
    if len(items) < 2 or not is_watched():
        return items
    from tqdm import tqdm

    bar: Iterable[T] = tqdm(items, desc=what or None, leave=False, delay=PATIENCE if after is None else after)
    return bar


def is_watched() -> bool:
    """
    Whether somebody sees what is written to standard error: at a terminal, or in a notebook in which a person could answer.

    A notebook that a program executes asks nobody, so no bar is stored in it.
    """
    if sys.stderr is not None and sys.stderr.isatty():
        return True
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    kernel = getattr(shell, "kernel", None)
    return bool(getattr(kernel, "_allow_stdin", False))


__all__ = ["PATIENCE", "Progress", "is_watched", "silent", "watched"]
