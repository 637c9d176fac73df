"""
Natural frequencies: of so many people with these findings, how many have what. One dot is one person.

Knows: shares, shapes. Must not know: how probabilities were computed, Streamlit.

References
----------
Gigerenzer G, Hoffrage U. How to improve Bayesian reasoning without instruction: frequency formats. Psychol Rev
1995;102(4):684-704. doi:10.1037/0033-295X.102.4.684
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.diagnosis.results import Differential
from model.figures.base import Figure, group_colour
from model.figures.words import WORDS
from model.inference.graph import FloatArray
from model.network.hierarchy import hierarchy
from model.text import filled

COLUMNS: Final = 50
STEP: Final = 9
N_NAMED: Final = 6

SHAPES: Final = (
    "M{x} {y}m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0",
    "M{x} {y}m-2.8-2.8h5.6v5.6h-5.6z",
    "M{x} {y}m0-3.4l3.4 6h-6.8z",
    "M{x} {y}m0-3.6l3.6 3.6-3.6 3.6-3.6-3.6z",
    "M{x} {y}m-3 0h6m-3-3v6",
    "M{x} {y}m-3-2.6h6l-3 5.6z",
    "M{x} {y}m-2.6-2.6l5.2 5.2m0-5.2l-5.2 5.2",
)
"""Disc, square, triangle, diamond, cross, triangle on its tip, saltire: neighbours differ in shape as well as in colour."""


def whole_people(shares: FloatArray, n: int) -> NDArray[np.int_]:
    """
    Shares as whole people that add up to `n`: rounded down, the largest remainders rounded up.

    Examples
    --------
    >>> whole_people(np.array([0.405, 0.305, 0.29]), 100)
    array([41, 30, 29])
    """
    exact = shares / shares.sum() * n
    people: NDArray[np.int_] = np.floor(exact).astype(int)
    left = n - int(people.sum())
    people[np.argsort(-(exact - people), kind="stable")[:left]] += 1
    return people


def people_dots(
    differential: Differential, *, patient: int = 0, n: int = 1000, words: Mapping[str, str] = WORDS
) -> Figure:
    """
    `n` people with the findings of one patient as dots, the most probable table rows first.

    Parameters
    ----------
    differential
        The answer to show.
    patient
        Whose.
    n
        How many people to draw.
    words
        What the figure says; see `WORDS`.
    """
    units = hierarchy(differential.knowledge, "row")
    people = whole_people(differential.mean_by("row")[patient], n)
    order = [int(i) for i in np.argsort(-people, kind="stable") if people[i]]
    named, rest = order[:N_NAMED], order[N_NAMED:]
    counts = [int(people[i]) for i in named] + ([sum(int(people[i]) for i in rest)] if rest else [])
    labels = [units.labels[i] for i in named] + ([words["all_others"]] if rest else [])
    groups = [differential.knowledge.diagnoses[units.names[i]].group for i in named] + ["other"] * bool(rest)
    paths, items, start = [], [], 0
    for i, (count, label, group) in enumerate(zip(counts, labels, groups, strict=True)):
        shape, colour = SHAPES[i % len(SHAPES)], group_colour(group)
        paths.append(_path(shape, colour, start, count))
        items.append(_named(shape, colour, count, label))
        start += count
    title = filled(words["people"], words, n=n)
    said = "; ".join(f"{count} {label}" for count, label in zip(counts, labels, strict=True))
    height = -(-n // COLUMNS) * STEP
    svg = (
        f'<svg class="mf-svg mf-people" viewBox="0 0 {COLUMNS * STEP} {height}" role="img" '
        f'aria-label="{escape(f"{title}: {said}")}">{"".join(paths)}</svg>'
    )
    legend = f'<div class="mf mf-legend" role="list">{"".join(items)}</div>'
    return Figure(svg + legend, title, words["people_caption"])


def _path(shape: str, colour: str, start: int, count: int) -> str:
    d = "".join(
        shape.format(x=i % COLUMNS * STEP + STEP // 2, y=i // COLUMNS * STEP + STEP // 2)
        for i in range(start, start + count)
    )
    return f'<path d="{d}" fill="{colour}" stroke="{colour}" stroke-width="1"/>'


def _named(shape: str, colour: str, count: int, label: str) -> str:
    mark = f'<path d="{shape.format(x=5, y=5)}" fill="{colour}" stroke="{colour}"/>'
    svg = f'<svg viewBox="0 0 10 10" width="12" height="12" aria-hidden="true">{mark}</svg>'
    return f'<span role="listitem">{svg}<b>{count}</b> {escape(label)}</span>'
