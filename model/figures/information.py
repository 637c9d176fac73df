"""
What findings and whole orders would tell, as bars in bits.

Knows: information. Must not know: how it was computed, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from model.figures.base import Figure, bar, cell, table
from model.figures.words import WORDS
from model.next_step.information import Information
from model.next_step.order_results import Orders
from model.text import filled, localised

COLOUR = "#56b4e9"


def information_bars(information: Information, *, n: int = 10, words: Mapping[str, str] = WORDS) -> Figure:
    """The `n` findings that would tell most, each with its mutual information with the target."""
    best = information.best(n)
    items = [(c.label, c.value, None) for c in best]
    unit = words.get(information.unit, information.unit)
    title = filled(
        words["information_findings"], words, target=words.get(information.target, information.target)
    )
    caption = filled(words["information_caption"], words, now=information.now, unit=unit)
    return Figure(_bars(items, unit, title, words), title, caption)


def order_bars(orders: Orders, *, n: int = 10, words: Mapping[str, str] = WORDS) -> Figure:
    """The `n` orders that would tell most, with the standard error where results were drawn."""
    items = [(o.label, o.value, o.standard_error) for o in orders.orders[:n]]
    unit = words.get(orders.unit, orders.unit)
    title = filled(words["information_orders"], words, target=words.get(orders.target, orders.target))
    caption = filled(words["information_caption"], words, now=orders.now, unit=unit)
    return Figure(_bars(items, unit, title, words), title, caption)


def _bars(
    items: Sequence[tuple[str, float, float | None]], unit: str, title: str, words: Mapping[str, str]
) -> str:
    """Rows of bars that share a scale; a whisker of two standard errors."""
    widest = max((value + 2 * (error or 0.0) for _, value, error in items), default=0.0) or 1.0
    rows = []
    for label, value, error in items:
        bounds = None if error is None else (
            max(0.0, value - 2 * error) / widest,
            (value + 2 * error) / widest,
        )  # fmt: skip
        number = localised(f"{value:.2f}" + ("" if error is None else f" ± {error:.2f}"), words)
        rows.append(
            cell("name", escape(label))
            + cell("bar", bar(max(0.0, value) / widest, COLOUR, bounds))
            + cell("p", f"{number} <small>{escape(unit)}</small>")
        )
    return table("bits", *rows, label=title)
