"""
What the weight of evidence of an answer rests on: cohorts, documents, judgement or nothing.

Knows: the footing of an explanation. Must not know: how it was found, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

from model.figures.base import Figure, bar, cell, table
from model.figures.evidence import weight_text
from model.figures.knowledge_map import SIGNS
from model.figures.words import WORDS
from model.network.beliefs import GROUNDS, Ground
from model.text import filled, percent
from model.why.footing import Footing

COLOURS: Final[Mapping[Ground, str]] = {
    "cohorts": "#009e73",
    "documents": "#0072b2",
    "judgement": "#e69f00",
    "nothing": "#8f999f",
}


def footing_table(footing: Footing, *, words: Mapping[str, str] = WORDS) -> Figure:
    """
    Shares by ground for the explained diagnosis and its rival, then each finding with the signs of its two cells.

    Parameters
    ----------
    footing
        What `model.explain` found.
    words
        What the figure says; see `WORDS`.
    """
    heads = (
        escape(filled(words["footing_cell"], words, label=name))
        for name in (footing.label, footing.against_label)
    )
    rows = [
        "".join(
            [cell("name", ""), *(cell("bar", f"<small>{head}</small>") + cell("p", "") for head in heads)]
        )
    ]
    for ground in GROUNDS:
        shares = [side.get(ground, 0.0) for side in (footing.shares, footing.shares_against)]
        if any(shares):
            sides = (
                cell("bar", bar(share, COLOURS[ground])) + cell("p", percent(share, words))
                for share in shares
            )
            rows.append(cell("name", escape(words[f"ground_{ground}"])) + "".join(sides))
    title = words["footing"]
    caption = filled(words["footing_caption"], words, label=footing.label, against=footing.against_label)
    if footing.is_judged:
        caption = f"{caption} {words['judgement_note']}"
    return Figure(table("footing", *rows, label=title) + _findings(footing, words), title, caption)


def ground_squares(
    findings: Mapping[Ground, int], shares: Mapping[Ground, float], *, words: Mapping[str, str] = WORDS
) -> Figure:
    """
    Findings by ground, each a square, with their share of the weight in words: no bar, for none of it is a probability.

    Parameters
    ----------
    findings
        Ground -> how many findings stand on it. See `model.why.reliance`.
    shares
        Ground -> share of the weight; they add up to 1.
    words
        What the figure says; see `WORDS`.
    """
    rows = []
    for ground in GROUNDS:
        if not (n := findings.get(ground, 0)):
            continue
        squares = f'<i style="background:{COLOURS[ground]}"></i>' * n
        counted = words["finding_one"] if n == 1 else filled(words["finding_some"], words, n=n)
        weight = filled(words["of_the_weight"], words, share=percent(shares.get(ground, 0.0), words))
        rows.append(
            cell("name", f"<span>{escape(words[f'ground_{ground}'])}</span>")
            + cell("squares", f'<span aria-hidden="true">{squares}</span>')
            + cell("p", f'{escape(counted)} <span class="mf-interval">{escape(weight)}</span>')
        )
    title = words["reliance"]
    return Figure(table("squares", *rows, label=title) if rows else "", title)


def _findings(footing: Footing, words: Mapping[str, str]) -> str:
    """Each finding with its weight and, in words, what its cells rest on."""
    items = "".join(
        f"<li>{escape(one.label)} {weight_text(one.order_free, words=words)}: "
        f"{SIGNS[one.basis]} {escape(words[f'basis_{one.basis}'])} / "
        f"{SIGNS[one.basis_against]} {escape(words[f'basis_{one.basis_against}'])}</li>"
        for one in footing.findings
    )
    said = filled(words["footing_findings"], words, label=footing.label, against=footing.against_label)
    return f'<details class="mf"><summary>{escape(said)}</summary><ul>{items}</ul></details>'
