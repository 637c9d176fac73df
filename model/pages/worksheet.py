"""
A case as one page for print: findings stage by stage with blank tables for the learner, the key on a page of its own.

Knows: stages, HTML. Must not know: how answers are computed, screens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from model.pages.parts import rows_html, whole_page
from model.text import SCOPE, percent

if TYPE_CHECKING:
    from model.patient.cases import Case
    from model.teaching.lesson import Stage
    from priors.schema import KnowledgeBase

N_BLANK = 6
"""Lines of the blank differential."""

N_KEY = 5
"""Diagnoses that the key lists for each stage."""


def worksheet(
    title: str,
    case: Case,
    stages: Sequence[Stage],
    knowledge: KnowledgeBase,
    said: Callable[[str, object], str],
    words: dict[str, str],
) -> str:
    """
    One self-contained page.

    Parameters
    ----------
    title
        Heading of the page.
    case
        With its truth, source and proof, which stand on the last page only.
    stages
        What `model.stages` gave.
    knowledge
        Gives labels.
    said
        How a finding and its value are put into words.
    words
        ``stage``, ``start``, ``diagnosis``, ``probability``, ``next``, ``why``, ``key``, ``truth``, ``proof``, ``source``,
        ``model``.
    """
    parts = [f"<h1>{escape(title)}</h1><p><strong>{escape(SCOPE)}</strong></p>"]
    for i, stage in enumerate(stages):
        heading = words["stage"].format(n=i + 1, label=stage.label or words["start"])
        findings = "".join(f"<li>{escape(said(name, value))}</li>" for name, value in stage.new.items())
        parts.append(f"<section><h2>{escape(heading)}</h2><ul>{findings}</ul>{_blank(words)}</section>")
    truth = knowledge.diagnoses[case.truth].label if case.truth else "–"
    parts.append(
        f'<section class="key"><h1>{escape(words["key"])}</h1>'
        f"<p><b>{escape(words['truth'])}:</b> {escape(truth)}</p>"
        f"<p><b>{escape(words['proof'])}:</b> {escape(case.proven_by or '–')}</p>"
        f"<p><b>{escape(words['source'])}:</b> {escape(case.source or '–')}</p>"
        f"{''.join(_key(i, stage, knowledge, words) for i, stage in enumerate(stages))}"
        f"<p><strong>{escape(SCOPE)}</strong></p></section>"
    )
    return whole_page(title, parts, style=PRINT)


PRINT = """.blank td { height: 1.6rem; min-width: 9rem; } section { break-inside: avoid; }
.key { break-before: page; border-top: 3px double currentColor; margin-top: 3rem; }"""


def _blank(words: dict[str, str]) -> str:
    """A differential to fill in, and room for the next step."""
    table = rows_html((words["diagnosis"], words["probability"]), [("", "")] * N_BLANK)
    return f'<div class="blank">{table}<p>{escape(words["next"])} ______________________________</p></div>'


def _key(i: int, stage: Stage, knowledge: KnowledgeBase, words: dict[str, str]) -> str:
    p, interval = stage.probabilities, stage.answer.interval(0.9)
    lines = []
    for row in np.argsort(-p, kind="stable")[:N_KEY]:
        bounds = (
            "" if interval is None else f"{percent(interval[0][0, row])} – {percent(interval[1][0, row])}"
        )
        lines.append((knowledge.diagnoses[knowledge.rows[row]].label, percent(float(p[row])), bounds))
    heading = words["stage"].format(n=i + 1, label=stage.label or words["start"])
    return f"<h2>{escape(heading)}</h2>" + rows_html(
        (words["diagnosis"], words["model"], "90 %"), lines, right=(1, 2)
    )


__all__ = ["worksheet"]
