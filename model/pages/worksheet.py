"""
A case for print: the worksheet with blank tables for the learner, and the key for the educator as a page of its own.

Knows: stages, HTML, lines of text. Must not know: how answers are computed, screens.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np

from model.pages.parts import rows_html, whole_page
from model.text import percent
from priors.shown import Shown

if TYPE_CHECKING:
    from model.teaching.lesson import Stage
    from model.teaching.own_case import OwnCase
    from priors.schema import KnowledgeBase

N_BLANK: Final = 6
"""Lines of the blank differential."""

N_KEY: Final = 5
"""Diagnoses that the key lists for each stage."""

Lines = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Block:
    """
    A piece of a page: heading, text, items, a table.

    Parameters
    ----------
    heading, text, items
        Empty ones are left out.
    header, lines
        Of the table.
    """

    heading: str = ""
    text: str = ""
    items: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    lines: Lines = ()


@dataclass(frozen=True, slots=True)
class Sheet(Shown):
    """
    What is printed of a case.

    Parameters
    ----------
    own, stages
        The case, and what `model.stages` gave.
    knowledge
        Gives labels.
    said
        How a finding and its value are put into words.
    words
        ``scope``, ``stage``, ``start``, ``diagnosis``, ``probability``, ``next``, ``key``, ``truth``, ``proof``, ``source``,
        ``points``, ``model``, ``interval``, ``undrawn``, ``undrawn_more``; how numbers are
        written, see `model.text.percent`.
    language
        Code of the language.
    """

    own: OwnCase
    stages: Sequence[Stage]
    knowledge: KnowledgeBase
    said: Callable[[str, object], str]
    words: Mapping[str, str]
    language: str = ""

    def _heading(self, i: int) -> str:
        label = self.stages[i].label or self.words["start"]
        return self.words["stage"].format(n=i + 1, label=label)

    def worksheet(self) -> list[Block]:
        """Findings stage by stage, each with a differential to fill in; nothing that gives the diagnosis away."""
        words, blank = self.words, [("", "")] * N_BLANK
        header = (words["diagnosis"], words["probability"])
        found = []
        for i, stage in enumerate(self.stages):
            items = tuple(self.said(name, value) for name, value in stage.new.items())
            text = self.own.vignette if not i else ""
            found.append(Block(self._heading(i), text, items, header, blank))
            found.append(Block(text=f"{words['next']} ______________________________"))
        return found

    def key(self) -> list[Block]:
        """The diagnosis, what proved it, what is to be learnt, and the model at every stage."""
        case, words = self.own.case, self.words
        truth = self.knowledge.diagnoses[case.truth].label if case.truth else "–"
        told = ((words["truth"], truth), (words["proof"], case.proven_by), (words["source"], case.source))
        found = [Block(text=f"{name}: {text or '–'}") for name, text in told]
        if self.own.points:
            found.append(Block(words["points"], items=self.own.points))
        header = (words["diagnosis"], words["model"], words["interval"])
        return found + [
            Block(self._heading(i), header=header, lines=self._model(stage))
            for i, stage in enumerate(self.stages)
        ]

    def _model(self, stage: Stage) -> Lines:
        p, interval = stage.probabilities, stage.answer.interval(0.9)
        lines = []
        for row in np.argsort(-p, kind="stable")[:N_KEY]:
            span = (
                ""
                if interval is None
                else " – ".join(percent(float(end[0, row]), self.words) for end in interval)
            )
            lines.append(
                (
                    self.knowledge.diagnoses[self.knowledge.rows[row]].label,
                    percent(float(p[row]), self.words),
                    span,
                )
            )
        return lines


def page_html(title: str, blocks: Sequence[Block], sheet: Sheet, *, pictures: bool = False) -> str:
    """Blocks as one self-contained HTML page, pictures of the case before them if wanted."""
    parts = [f"<h1>{escape(title)}</h1><p><strong>{escape(sheet.words['scope'])}</strong></p>"]
    for i, one in enumerate(sheet.own.pictures if pictures else (), start=1):
        data = base64.b64encode(one.data).decode("ascii")
        name = f"{escape(sheet.words['picture'])} {i}"
        parts.append(f'<p><img alt="{name}" src="data:{one.kind};base64,{data}"></p>')
    for block in blocks:
        heading = f"<h2>{escape(block.heading)}</h2>" if block.heading else ""
        text = f"<p>{escape(block.text)}</p>" if block.text else ""
        items = "".join(f"<li>{escape(item)}</li>" for item in block.items)
        table = rows_html(block.header, block.lines, right=(1, 2)) if block.header else ""
        listed = f"<ul>{items}</ul>" if items else ""
        kind = ' class="blank"' if block.lines and not any(map(any, block.lines)) else ""
        parts.append(f"<section{kind}>{heading}{text}{listed}{table}</section>")
    return whole_page(title, parts, style=PRINT, language=sheet.language)


PRINT: Final = """.blank table { width: 100%; max-width: 44rem; }
.blank td { height: 1.6rem; width: 67%; } .blank td.num { width: 33%; }
section { break-inside: avoid; } @media print { .blank td { height: 7mm; } }
img { max-width: 100%; max-height: 24rem; }"""

__all__ = ["Block", "Sheet", "page_html"]
