"""
Of what is worth asking alike, what takes less comes first.

Knows: what something tells and what it takes. Must not know: findings, orders, how either was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from math import floor, inf, log2
from typing import TypeVar

T = TypeVar("T")
Effort = tuple[float, ...]


def alike(items: Iterable[T], value: Callable[[T], float], effort: Callable[[T], Effort]) -> list[list[T]]:
    """
    Groups of items that tell alike, the most telling group first; in a group the item that takes less.

    Two things tell alike if both tell more than half of what the best one tells, or both more than a quarter, and so
    on: estimates nearer together than that are no reason to order a rare examination first.

    Parameters
    ----------
    items
        What may be asked.
    value
        What each tells, such as bits; at least 0.
    effort
        What each takes, the weightiest first, such as cost, delay and invasiveness.

    Examples
    --------
    7 T mapping tells a little more than an antibody, and takes far more; a reflex tells too little to come first.

    >>> told = {"7 T mapping": (0.50, 6), "antibody": (0.45, 1), "reflex": (0.10, 0)}
    >>> alike(told, lambda name: told[name][0], lambda name: (told[name][1],))
    [['antibody', '7 T mapping'], ['reflex']]
    """
    # A31: alike is within a factor of two, counted from the best.
    listed = sorted(items, key=lambda item: -value(item))
    best = value(listed[0]) if listed else 0.0

    def band(item: T) -> float:
        told = value(item)
        return floor(log2(best) - log2(told)) if told > 0 else inf

    return [sorted(group, key=effort) for _, group in groupby(listed, key=band)]


__all__ = ["alike"]
