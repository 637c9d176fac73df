"""
Results of orders in words, and a plan of orders as nested lists.

Knows: patterns, plans. Must not know: how they were found, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from model.figures.base import Figure, group_colour
from model.figures.words import WORDS, state_text
from model.network.hierarchy import Hierarchy
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
    tree = "" if plan.first is None else _step_html(plan.first, plan.rows, knowledge, words)
    return Figure(f'<div class="mf mf-plan">{tree}</div>')


def _step_html(step: Step, rows: Hierarchy, knowledge: KnowledgeBase, words: Mapping[str, str]) -> str:
    branches = []
    for outcome, after in step.branches:
        label = rows.labels[rows.names.index(outcome.row)]
        text = escape(filled(words["branch"], words, label=label))
        colour = group_colour(knowledge.diagnoses[outcome.row].group)
        typical = pattern_text(outcome.pattern, knowledge, n=3, words=words)
        such = filled(
            words["such_as"], words, typical=typical, share=percent(float(outcome.pattern.after.max()), words)
        )
        follows = "" if after is None else _step_html(after, rows, knowledge, words)
        branches.append(
            f'<li><i style="background:{colour}"></i><b>{percent(outcome.probability, words)}</b> {text}'
            f"<small>{escape(such)}</small>{follows}</li>"
        )
    spent = escape(filled(words["step"], words, spent=step.spent))
    hazard = f'<em role="note">⚠ {escape(step.order.hazard)}</em>' if step.order.hazard else ""
    return (
        f"<section><strong>{escape(step.order.label)}</strong> <span>{spent}</span>{hazard}"
        f"<ul>{''.join(branches)}</ul></section>"
    )
