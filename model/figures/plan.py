"""
Results of orders in words, and a plan of orders as nested lists.

Knows: patterns, plans. Must not know: how they were found, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np

from model.figures.base import Figure, group_colour
from model.figures.words import WORDS, state_text
from model.inference.graph import FloatArray
from model.network.hierarchy import Hierarchy
from model.next_step.information import Candidate
from model.next_step.order_results import Pattern
from model.next_step.plan import OrderPlan, Step
from model.text import filled, percent
from priors.schema import KnowledgeBase


def pattern_text(
    pattern: Pattern, knowledge: KnowledgeBase, *, n: int = 5, words: Mapping[str, str] = WORDS
) -> str:
    """What is unusual about a result, by labels; of more than `n` findings the first, and how many follow."""
    parts = []
    for name in pattern.unusual[:n]:
        variable = knowledge.variables[name]
        state = next(state.label for state in variable.states if state.id == pattern.states[name])
        parts.append(state_text(variable.label, state, words))
    if more := len(pattern.unusual) - len(parts):
        parts.append(filled(words["and_more"], words, n=more))
    return "; ".join(parts) or words["nothing_unusual"]


def plan_tree(plan: OrderPlan, knowledge: KnowledgeBase, *, words: Mapping[str, str] = WORDS) -> Figure:
    """A plan as nested lists: an order, who may lead after it, and what to order then."""
    before = plan.before
    tree = "" if plan.first is None else _step_html(plan.first, before, plan.rows, knowledge, words)
    return Figure(f'<div class="mf mf-plan">{tree}</div>')


def look_for_text(
    one: Candidate,
    before: FloatArray,
    rows: Hierarchy,
    knowledge: KnowledgeBase,
    *,
    words: Mapping[str, str] = WORDS,
) -> str:
    """
    One finding to look for: the answer that would move a diagnosis most, how likely it is, and what it would do.

    Parameters
    ----------
    one
        The finding.
    before : ndarray of shape (n_rows,)
        P(table row | what is known).
    rows, knowledge
        Names of diagnoses and of answers.
    words
        What it says; see `WORDS`.
    """
    moves = one.after - before
    answer, row = (int(i) for i in np.unravel_index(int(np.abs(moves).argmax()), moves.shape))
    state = next(s.label for s in knowledge.variables[one.finding].states if s.id == one.states[answer])
    then, now = float(one.after[answer, row]), float(before[row])
    said = {
        "finding": state_text(one.label, state, words),
        "share": percent(float(one.predicted[answer]), words),
        "diagnosis": rows.labels[row],
        "now": percent(now, words),
        "then": percent(then, words),
    }
    return filled(words["look_for_one"], words, **said)


def _look_for_html(
    step: Step, before: FloatArray, rows: Hierarchy, knowledge: KnowledgeBase, words: Mapping[str, str]
) -> str:
    lines = [look_for_text(one, before, rows, knowledge, words=words) for one in step.look_for]
    told = "".join(f"<small>{escape(line)}</small>" for line in lines)
    return f'<div class="look-for"><small>{escape(words["look_for"])}:</small>{told}</div>' if told else ""


def _step_html(
    step: Step, before: FloatArray, rows: Hierarchy, knowledge: KnowledgeBase, words: Mapping[str, str]
) -> str:
    branches = []
    for outcome, after in step.branches:
        label = rows.labels[rows.names.index(outcome.row)]
        text = escape(filled(words["branch"], words, label=label))
        colour = group_colour(knowledge.diagnoses[outcome.row].group)
        then = outcome.pattern.after
        typical = pattern_text(outcome.pattern, knowledge, n=3, words=words)
        name = "about" if step.look_for else "such_as"
        such = filled(words[name], words, typical=typical, share=percent(float(then.max()), words))
        follows = "" if after is None else _step_html(after, then, rows, knowledge, words)
        branches.append(
            f'<li><i style="background:{colour}"></i><b>{percent(outcome.probability, words)}</b> {text}'
            f"<small>{escape(such)}</small>{follows}</li>"
        )
    spent = escape(filled(words["step"], words, spent=step.spent))
    hazard = f'<em role="note">⚠ {escape(step.order.hazard)}</em>' if step.order.hazard else ""
    look_for = _look_for_html(step, before, rows, knowledge, words)
    return (
        f"<section><strong>{escape(step.order.label)}</strong> <span>{spent}</span>{hazard}{look_for}"
        f"<ul>{''.join(branches)}</ul></section>"
    )
