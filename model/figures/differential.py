"""
The differential diagnosis as a table with bars and intervals.

Knows: differentials. Must not know: how they were computed, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np

from model.diagnosis.results import Differential
from model.errors import EvidenceError
from model.figures.base import Figure, bar, cell, group_colour, shift_cell, table
from model.figures.words import WORDS
from model.inference.graph import FloatArray
from model.network.hierarchy import Level, hierarchy
from model.text import filled, percent, span


def differential_table(
    differential: Differential,
    *,
    patient: int = 0,
    by: Level = "row",
    start: int = 0,
    stop: int | None = None,
    before: FloatArray | None = None,
    level: float = 0.9,
    words: Mapping[str, str] = WORDS,
) -> Figure:
    """
    Diagnoses ranked, each with its probability, interval, change and the share of draws in which it leads.

    Parameters
    ----------
    differential
        The answer to show.
    patient
        Whose.
    by
        Level of the diagnoses.
    start, stop
        Ranks to show, from 0; `stop` is left out, None shows all that follow.
    before : ndarray of shape (n_names,), optional
        Probabilities before the last change, in the order of ``differential.names(by)``.
    level
        Probability inside the interval.
    words
        What the figure says; see `WORDS`.

    Raises
    ------
    EvidenceError
        If `before` belongs to another level.
    """
    units, mean = hierarchy(differential.knowledge, by), differential.mean_by(by)[patient]
    if before is not None and before.shape != mean.shape:
        raise EvidenceError(f"figure: before has shape {before.shape}; {mean.shape} is needed at level {by}")
    interval, top = differential.interval(level, by), differential.p_top(1, by)
    shifts = None if before is None else mean - before
    lines = []
    for rank, i in enumerate(np.argsort(-mean, kind="stable")[start:stop], start=start + 1):
        bounds = (
            None if interval is None else (float(interval[0, patient, i]), float(interval[1, patient, i]))
        )
        group = units.names[i] if by == "group" else differential.knowledge.diagnoses[units.names[i]].group
        cells = [
            cell("name", _name(rank, units.labels[i], group)),
            cell("bar", bar(float(mean[i]), group_colour(group), bounds)),
            cell("p", percent(float(mean[i]), words) + _interval_text(bounds, words)),
        ]
        if shifts is not None:
            cells.append(cell("shift", shift_cell(float(shifts[i]), words)))
        if top is not None:
            cells.append(cell("leads", _leads(float(top[patient, i]), words)))
        lines.append(f'<div role="row">{"".join(cells)}</div>')
    kind = "" if shifts is None else " mf-shifted"
    head = _header(words, level, has_shifts=shifts is not None)
    return Figure(f'<div class="mf mf-differential{kind}" role="table">{head}{"".join(lines)}</div>')


def _header(words: Mapping[str, str], level: float, *, has_shifts: bool) -> str:
    titles = (
        ("name", words["diagnosis"], ""),
        ("bar", filled(words["interval_title"], words, level=100 * level), ""),
        ("p", words["probability"], ""),
        ("shift", words["shift"], ""),
        ("leads", words["leads_head"], words["leads_title"]),
    )
    cells = "".join(
        f'<div role="columnheader" class="mf-{name}" title="{escape(title)}">{escape(text)}</div>'
        for name, text, title in titles
        if has_shifts or name != "shift"
    )
    return f'<div role="row" class="mf-head">{cells}</div>'


def _name(rank: int, label: str, group: str) -> str:
    dot = f'<i style="background:{group_colour(group)}" title="{escape(group)}"></i>'
    return f'<span class="mf-rank">{rank}</span>{dot}<span>{escape(label)}</span>'


def _leads(share: float, words: Mapping[str, str]) -> str:
    """The share of the versions; of what it is one is said by the head of the column, on narrow screens by the cell."""
    said = words["leads_in"].split("{share}")
    start, end = (f'<span class="mf-small">{escape(part)}</span>' for part in said)
    return f"{start}{percent(share, words)}{end}"


def _interval_text(bounds: tuple[float, float] | None, words: Mapping[str, str]) -> str:
    if bounds is None:
        return ""
    text = span(percent(bounds[0], words), percent(bounds[1], words), words)
    return f' <span class="mf-interval">{escape(text)}</span>'


def more_often_text(differential: Differential, words: Mapping[str, str] = WORDS) -> str:
    """That another diagnosis than the leader of the mean is first in most draws of the first patient; empty if none is."""
    other, first = differential.first_more_often(), differential.p_top(1)
    if not other or first is None:
        return ""
    units = hierarchy(differential.knowledge, "row")
    most, leader = (units.names.index(name) for name in (other, differential.leader()))
    said = {"other": units.labels[most], "label": units.labels[leader]}
    shares = {"most": percent(float(first[0, most]), words), "share": percent(float(first[0, leader]), words)}
    return filled(words["more_often"], words, **said, **shares)


def rank_table(
    differential: Differential, *, patient: int = 0, n: int = 8, words: Mapping[str, str] = WORDS
) -> Figure:
    """
    How stable the ranks are: in what share of the draws each diagnosis leads, and is among the first three.

    Parameters
    ----------
    differential
        With several draws.
    patient
        Whose.
    n
        How many diagnoses to show, the most probable first.
    words
        What the figure says; see `WORDS`.

    Raises
    ------
    EvidenceError
        If there is a single set of parameters, which says nothing of stability.
    """
    first, three = differential.p_top(1), differential.p_top(3)
    if first is None or three is None:
        raise EvidenceError("rank table: a single set of parameters; use a network with draws")
    units, mean = hierarchy(differential.knowledge, "row"), differential.mean_by("row")[patient]
    titles = (
        ("name", "diagnosis"),
        ("bar", "leads"),
        ("p", "percent"),
        ("bar", "first_three"),
        ("p", "percent"),
    )
    head = "".join(cell(kind, f"<small>{escape(words[word])}</small>") for kind, word in titles)
    rows = [head]
    for i in np.argsort(-mean, kind="stable")[:n]:
        colour = group_colour(differential.knowledge.diagnoses[units.names[i]].group)
        shares = (float(first[patient, i]), float(three[patient, i]))
        rows.append(
            cell("name", escape(units.labels[i]))
            + "".join(cell("bar", bar(share, colour)) + cell("p", percent(share, words)) for share in shares)
        )
    title = words["ranks_of_draws"]
    return Figure(
        table("ranks", *rows, label=title),
        title,
        filled(words["ranks_of_draws_caption"], words, n=differential.n_draws),
    )
