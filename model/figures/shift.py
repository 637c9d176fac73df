"""
The leading diagnoses before and after something becomes known.

Knows: probabilities before and after. Must not know: how they were computed, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from model.figures.base import Figure, bar, cell, group_colour, shift_cell
from model.figures.words import WORDS
from model.inference.graph import FloatArray
from model.network.hierarchy import Hierarchy
from model.next_step.information import Candidate, Information
from model.text import percent
from priors.schema import KnowledgeBase


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
    title: str = "",
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
    title
        What the table is called; see `shift_table`.
    words
        What the figure says; see `WORDS`.
    """
    return shift_table(
        information.rows, information.before, candidate.after[state], knowledge, n=n, title=title, words=words
    )


def shift_table(
    rows: Hierarchy,
    before: FloatArray,
    after: FloatArray,
    knowledge: KnowledgeBase,
    *,
    n: int = 5,
    title: str = "",
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
    title
        What the table is called: read aloud, and written on what is taken away of it; not shown on the page.
    words
        What the figure says; see `WORDS`.
    """
    head = (("name", "diagnosis"), ("bar", ""), ("p", "now_then"), ("shift", "shift"))
    titles = "".join(
        f'<div role="columnheader" class="mf-{name}">{escape(words[word]) if word else ""}</div>'
        for name, word in head
    )
    lines = [f'<div role="row" class="mf-hidden">{titles}</div>']
    for i in leading_rows(before, after, n):
        colour = group_colour(knowledge.diagnoses[rows.names[i]].group)
        spoken = f'<span class="mf-was">{percent(float(before[i]), words)}</span> → {percent(float(after[i]), words)}'
        lines.append(
            f'<div role="row">{cell("name", escape(rows.labels[i]))}'
            f"{cell('bar', bar(float(after[i]), colour, mark=float(before[i])))}{cell('p', spoken)}"
            f"{cell('shift', shift_cell(float(after[i] - before[i]), words))}</div>"
        )
    called = f' aria-label="{escape(title)}"' if title else ""
    return Figure(f'<div class="mf mf-answer" role="table"{called}>{"".join(lines)}</div>')
