"""
The knowledge heat map: how often each finding is unusual in each disease, and what that rests on.

The stronger the colour, the more often; a sign tells number, word, symbol, listing or nothing, so that grey is enough.

Knows: beliefs. Must not know: how they were computed, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from model.figures.base import Figure
from model.figures.words import WORDS
from model.network.beliefs import ORDER, Belief, Beliefs
from model.text import filled, percent

SIGNS: Final[Mapping[str, str]] = {
    "cohort": "★",
    "number": "■",
    "word": "◆",
    "symbol": "▲",
    "listed": "●",
    "judged": "○",
    "nothing": "·",
}


def knowledge_map(
    beliefs: Beliefs,
    findings: Sequence[str],
    rows: Sequence[str],
    *,
    words: Mapping[str, str] = WORDS,
) -> Figure:
    """
    Findings down, diseases across; each cell the frequency in per cent and the sign of its basis.

    Parameters
    ----------
    beliefs
        What `model.believed` gave.
    findings, rows
        What to show, in this order.
    words
        What the figure says; see `WORDS`.
    """
    tables = beliefs.knowledge
    head = "".join(f'<th scope="col"><span>{escape(tables.diagnoses[row].label)}</span></th>' for row in rows)
    lines = []
    for finding in findings:
        cells = "".join(_cell(beliefs.of(finding, row), beliefs, words) for row in rows)
        lines.append(f'<tr><th scope="row">{escape(tables.variables[finding].label)}</th>{cells}</tr>')
    title = words["map"]
    table = (
        f'<div class="mf-map" role="region" tabindex="0" aria-label="{escape(title)}"><table>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )
    return Figure(_key(words) + table, title, words["map_caption"])


def _cell(belief: Belief, beliefs: Beliefs, words: Mapping[str, str]) -> str:
    variable = beliefs.knowledge.variables[belief.finding]
    state = next((s.label for s in variable.states if s.id == belief.state), words["any_unusual"])
    told = filled(
        words["map_cell"],
        words,
        label=variable.label,
        row=beliefs.knowledge.diagnoses[belief.row].label,
        state=state,
        mean=percent(belief.mean, words),
        low=percent(belief.low, words),
        high=percent(belief.high, words),
        basis=words[f"basis_{belief.basis}"],
        facts=" ".join(belief.facts[:6]) or "–",
    )
    shown = f"{100 * belief.mean:.0f}" if belief.mean >= 0.01 else "<1"
    return (
        f'<td title="{escape(told)}" style="--p:{45 * belief.mean:.0f}%">{escape(shown)}'
        f"<i>{SIGNS[belief.basis]}</i></td>"
    )


def _key(words: Mapping[str, str]) -> str:
    items = "".join(
        f'<span role="listitem">{SIGNS[basis]} {escape(words[f"basis_{basis}"])}</span>' for basis in ORDER
    )
    return f'<div class="mf mf-legend" role="list">{items}</div>'
