"""
Results -> figures: small HTML tables with bars, for the app and for notebooks alike.

A figure is text in a page, not a picture: it can be read aloud, copied, printed, and follows the light or
dark theme around it and the width it is given. Knows: results, colours, shapes. Must not know: Streamlit, how
anything was computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

import numpy as np

from model.errors import EvidenceError
from model.inference.graph import FloatArray
from model.information import Candidate, Information
from model.order_results import Pattern
from model.plan import OrderPlan, Step
from model.results import Differential, Hierarchy, Level, hierarchy
from model.text import percent
from priors.schema import KnowledgeBase

STYLE: Final = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
"""Style sheet of every figure; `Figure` carries it along in a notebook, the app states it once."""

GROUP_COLOURS: Final[Mapping[str, str]] = {
    "inflammatory": "#e69f00",
    "infectious": "#009e73",
    "neoplastic": "#cc79a7",
    "demyelinating": "#0072b2",
    "nutritional": "#56b4e9",
    "other": "#8f999f",
}
"""Okabe and Ito's palette, which people with any kind of colour vision can tell apart."""

WORDS: Final[Mapping[str, str]] = {
    "diagnosis": "Diagnosis",
    "probability": "Probability",
    "interval": "{low} to {high}",
    "interval_title": "{level:g} % interval",
    "shift": "Change",
    "leads": "Leads in",
    "leads_title": "Share of the parameter draws in which this diagnosis is the most probable one",
    "unchanged": "unchanged",
    "points": "{points} points",
    "state": "{label}: {state}",
    "nothing_unusual": "nothing unusual",
    "and_more": "and {n} more",
    "step": "cost so far {spent:g}",
    "branch": "{label} leads then",
    "such_as": "{typical} → {share}",
}
"""What a figure says beside its names; a screen may give its own words."""

NO_SHIFT: Final = 0.0005
"""A change of probability that would be shown as 0.0 points."""


@dataclass(frozen=True, slots=True)
class Figure:
    """
    A figure as HTML; a notebook shows it, the app takes `html`.

    Examples
    --------
    >>> Figure("<p>7 %</p>")._repr_html_().endswith("<p>7 %</p>")
    True
    """

    html: str

    def _repr_html_(self) -> str:
        return f"<style>{STYLE}</style>{self.html}"


def group_colour(group: str) -> str:
    """
    Colour of a group of diagnoses; grey for a group without one.

    Examples
    --------
    >>> group_colour("infectious"), group_colour("a later group")
    ('#009e73', '#8f999f')
    """
    return GROUP_COLOURS.get(group, GROUP_COLOURS["other"])


def legend(knowledge: KnowledgeBase) -> Figure:
    """The groups of diagnoses, each with its colour."""
    groups = dict.fromkeys(diagnosis.group for diagnosis in knowledge.diagnoses.values())
    items = "".join(
        f'<span role="listitem"><i style="background:{group_colour(group)}"></i>{escape(group)}</span>'
        for group in groups
    )
    return Figure(f'<div class="mf mf-legend" role="list">{items}</div>')


def shift_text(change: float) -> str:
    """
    A change of probability in points of a hundred, with its sign; empty if it rounds to nothing.

    Examples
    --------
    >>> shift_text(0.123), shift_text(-0.004), shift_text(0.0001)
    ('+12', '−0.4', '')
    """
    if abs(change) < NO_SHIFT:
        return ""
    digits = 0 if abs(change) >= 0.0995 else 1
    return f"{100 * change:+.{digits}f}".replace("-", "−")


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
    shifts = np.zeros_like(mean) if before is None else mean - before
    lines = []
    for rank, i in enumerate(np.argsort(-mean, kind="stable")[start:stop], start=start + 1):
        bounds = (
            None if interval is None else (float(interval[0, patient, i]), float(interval[1, patient, i]))
        )
        group = units.names[i] if by == "group" else differential.knowledge.diagnoses[units.names[i]].group
        cells = [
            _cell("name", _name(rank, units.labels[i], group)),
            _cell("bar", bar(float(mean[i]), group_colour(group), bounds)),
            _cell("p", percent(float(mean[i])) + _interval_text(bounds, words)),
            _cell("shift", _shift(float(shifts[i]), words)),
        ]
        if top is not None:
            cells.append(_cell("leads", percent(float(top[patient, i])), words["leads"]))
        lines.append(f'<div role="row">{"".join(cells)}</div>')
    return Figure(
        f'<div class="mf mf-differential" role="table">{_header(words, level)}{"".join(lines)}</div>'
    )


def _header(words: Mapping[str, str], level: float) -> str:
    titles = (
        ("name", words["diagnosis"], ""),
        ("bar", words["interval_title"].format(level=100 * level), ""),
        ("p", words["probability"], ""),
        ("shift", words["shift"], ""),
        ("leads", words["leads"], words["leads_title"]),
    )
    cells = "".join(
        f'<div role="columnheader" class="mf-{name}" title="{escape(title)}">{escape(text)}</div>'
        for name, text, title in titles
    )
    return f'<div role="row" class="mf-head">{cells}</div>'


def _cell(name: str, content: str, label: str = "") -> str:
    prefix = f'<span class="mf-small">{escape(label)} </span>' if label else ""
    return f'<div role="cell" class="mf-{name}">{prefix}{content}</div>'


def _name(rank: int, label: str, group: str) -> str:
    dot = f'<i style="background:{group_colour(group)}" title="{escape(group)}"></i>'
    return f'<span class="mf-rank">{rank}</span>{dot}<span>{escape(label)}</span>'


def _interval_text(bounds: tuple[float, float] | None, words: Mapping[str, str]) -> str:
    if bounds is None:
        return ""
    text = words["interval"].format(low=percent(bounds[0]), high=percent(bounds[1]))
    return f' <span class="mf-interval">{escape(text)}</span>'


def _shift(change: float, words: Mapping[str, str]) -> str:
    text = shift_text(change)
    if not text:
        return f'<span class="mf-hidden">{escape(words["unchanged"])}</span>'
    arrow, name = ("▲", "up") if change > 0 else ("▼", "down")
    spoken = escape(words["points"].format(points=text))
    return f'<span class="mf-{name}" aria-label="{spoken}"><b aria-hidden="true">{arrow}</b> {text}</span>'


def bar(
    fraction: float, colour: str, bounds: tuple[float, float] | None = None, mark: float | None = None
) -> str:
    """
    A bar from 0 to 1 as HTML, with an interval as a thin line and a mark (an earlier value) as a tick.

    Examples
    --------
    >>> bar(0.25, "#009e73")
    '<span class="mf-track" aria-hidden="true"><span style="width:25.0%;background:#009e73"></span></span>'
    """
    parts = [f'<span style="width:{100 * fraction:.1f}%;background:{colour}"></span>']
    if bounds is not None:
        low, high = bounds
        parts.append(f'<em style="left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"></em>')
    if mark is not None:
        parts.append(f'<b style="left:{100 * mark:.1f}%"></b>')
    return f'<span class="mf-track" aria-hidden="true">{"".join(parts)}</span>'


def share_bars(shares: Mapping[str, float], *, colour: str | Mapping[str, str]) -> Figure:
    """
    Names with their shares as bars, in the order given; one colour for all, or one for each name.

    Examples
    --------
    >>> "Relapsing" in share_bars({"Relapsing": 0.7, "Progressive": 0.3}, colour="#0072b2").html
    True
    """
    colours = {name: colour if isinstance(colour, str) else colour[name] for name in shares}
    lines = "".join(
        f'<div role="row">{_cell("name", escape(name))}{_cell("bar", bar(p, colours[name]))}'
        f"{_cell('p', percent(p))}</div>"
        for name, p in shares.items()
    )
    return Figure(f'<div class="mf mf-shares" role="table">{lines}</div>')


def leading_rows(before: FloatArray, after: FloatArray, n: int = 5) -> Sequence[int]:
    """
    Positions of the rows to show when `before` turns into `after`: the leader of each, and what moves most.

    Examples
    --------
    >>> list(leading_rows(np.array([0.5, 0.3, 0.2, 0.0]), np.array([0.1, 0.3, 0.25, 0.35]), n=3))
    [0, 3, 2]
    """
    weight = np.abs(after - before)
    weight[[before.argmax(), after.argmax()]] += 1
    kept = np.argsort(-weight, kind="stable")[:n]
    return [int(i) for i in sorted(kept, key=lambda i: -max(before[i], after[i]))]


def answer_table(
    information: Information,
    candidate: Candidate,
    state: int,
    knowledge: KnowledgeBase,
    *,
    n: int = 5,
    words: Mapping[str, str] = WORDS,
) -> Figure:
    """
    What one answer to a question would do to the leading table rows: each before and after it.

    Parameters
    ----------
    information
        Gives the probabilities before.
    candidate
        The finding asked for.
    state
        Position of the answer in ``candidate.states``.
    knowledge
        Gives the groups of the diagnoses.
    n
        How many table rows to show.
    words
        What the figure says; see `WORDS`.
    """
    return shift_table(
        information.rows, information.before, candidate.after[state], knowledge, n=n, words=words
    )


def shift_table(
    rows: Hierarchy,
    before: FloatArray,
    after: FloatArray,
    knowledge: KnowledgeBase,
    *,
    n: int = 5,
    words: Mapping[str, str] = WORDS,
) -> Figure:
    """
    The leading table rows before and after something becomes known.

    Parameters
    ----------
    rows
        The table rows.
    before, after : ndarray of shape (n_rows,)
        Their probabilities; each sums to 1.
    knowledge
        Gives the groups of the diagnoses.
    n
        How many table rows to show.
    words
        What the figure says; see `WORDS`.
    """
    lines = []
    for i in leading_rows(before, after, n):
        colour = group_colour(knowledge.diagnoses[rows.names[i]].group)
        spoken = f'<span class="mf-was">{percent(float(before[i]))}</span> → {percent(float(after[i]))}'
        lines.append(
            f'<div role="row">{_cell("name", escape(rows.labels[i]))}'
            f"{_cell('bar', bar(float(after[i]), colour, mark=float(before[i])))}{_cell('p', spoken)}"
            f"{_cell('shift', _shift(float(after[i] - before[i]), words))}</div>"
        )
    return Figure(f'<div class="mf mf-answer" role="table">{"".join(lines)}</div>')


def pattern_text(
    pattern: Pattern, knowledge: KnowledgeBase, *, n: int = 5, words: Mapping[str, str] = WORDS
) -> str:
    """What is unusual about a result, by labels; of more than `n` findings the first, and how many follow."""
    parts = []
    for name in pattern.unusual[:n]:
        variable = knowledge.variables[name]
        state = next(state.label for state in variable.states if state.id == pattern.states[name])
        parts.append(words["state"].format(label=variable.label, state=state[:1].lower() + state[1:]))
    if more := len(pattern.unusual) - len(parts):
        parts.append(words["and_more"].format(n=more))
    return "; ".join(parts) or words["nothing_unusual"]


def plan_tree(plan: OrderPlan, knowledge: KnowledgeBase, *, words: Mapping[str, str] = WORDS) -> Figure:
    """A plan as nested lists: an order, who may lead after it, and what to order then."""
    tree = "" if plan.first is None else _step_html(plan.first, plan.rows, knowledge, words)
    return Figure(f'<div class="mf mf-plan">{tree}</div>')


def _step_html(step: Step, rows: Hierarchy, knowledge: KnowledgeBase, words: Mapping[str, str]) -> str:
    branches = []
    for outcome, after in step.branches:
        label = rows.labels[rows.names.index(outcome.row)]
        text = escape(words["branch"].format(label=label))
        colour = group_colour(knowledge.diagnoses[outcome.row].group)
        typical = pattern_text(outcome.pattern, knowledge, n=3, words=words)
        such = words["such_as"].format(typical=typical, share=percent(float(outcome.pattern.after.max())))
        follows = "" if after is None else _step_html(after, rows, knowledge, words)
        branches.append(
            f'<li><i style="background:{colour}"></i><b>{percent(outcome.probability)}</b> {text}'
            f"<small>{escape(such)}</small>{follows}</li>"
        )
    spent = escape(words["step"].format(spent=step.spent))
    hazard = f'<em role="note">⚠ {escape(step.order.hazard)}</em>' if step.order.hazard else ""
    return (
        f"<section><strong>{escape(step.order.label)}</strong> <span>{spent}</span>{hazard}"
        f"<ul>{''.join(branches)}</ul></section>"
    )


__all__ = [
    "GROUP_COLOURS",
    "STYLE",
    "WORDS",
    "Figure",
    "FloatArray",
    "answer_table",
    "bar",
    "differential_table",
    "group_colour",
    "leading_rows",
    "legend",
    "pattern_text",
    "plan_tree",
    "share_bars",
    "shift_table",
    "shift_text",
]
