"""
What to look for in an examination: the findings that matter, and what each answer would do.

An examination of many findings has no likely result; its findings, one by one, have.

Knows: information, shapes. Must not know: how it was computed, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from model.figures.base import Figure, bar, cell, group_colour, table
from model.figures.words import WORDS, placed
from model.next_step.information import Candidate, Information
from model.text import filled, percent
from priors.schema import KnowledgeBase

N_ANSWERS = 3


def look_for_table(
    information: Information,
    candidates: Sequence[Candidate],
    knowledge: KnowledgeBase,
    *,
    words: Mapping[str, str] = WORDS,
) -> Figure:
    """
    Findings of one examination, each with its likeliest answers and the diagnosis that each would move most.

    Parameters
    ----------
    information
        Gives the probabilities before.
    candidates
        The findings to show, among those of `information`.
    knowledge
        Gives names of answers and groups of diagnoses.
    words
        What the figure says; see `WORDS`.
    """
    rows = []
    for one in candidates:
        labels = {state.id: state.label for state in knowledge.variables[one.finding].states}
        rows.append(cell("name", f"<strong>{escape(one.label)}</strong>"))
        for i in np.argsort(-one.predicted, kind="stable")[:N_ANSWERS]:
            moved = int(np.abs(one.after[i] - information.before).argmax())
            before, after = float(information.before[moved]), float(one.after[i][moved])
            diagnosis = knowledge.diagnoses[information.rows.names[moved]]
            share = filled(words["expected"], words, share=percent(float(one.predicted[i]), words))
            shift = f'<span class="mf-was">{percent(before, words)}</span> → {percent(after, words)}'
            rows.append(
                cell("name", f"{escape(placed(labels[one.states[i]], words))} <small>{escape(share)}</small>")
                + cell("what", escape(diagnosis.label))
                + cell("bar", bar(after, group_colour(diagnosis.group), mark=before))
                + cell("p", shift)
            )
    title = words["look_for"]
    return Figure(table("look", *rows, label=title), title, words["look_for_caption"])
