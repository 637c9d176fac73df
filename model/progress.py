"""
How a long question tells how far it has got: what it works through is wrapped, as a progress bar wraps it.

Knows: iteration. Must not know: terminals, screens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Progress(Protocol):
    """Gives the items as they are, and takes note of each."""

    def __call__(self, items: Sequence[T], /) -> Iterable[T]:
        """Give the items one after the other."""


def silent(items: Sequence[T], /) -> Iterable[T]:
    """Give the items, and tell nobody."""
    return items


__all__ = ["Progress", "silent"]
