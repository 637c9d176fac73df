"""
A drawing of the network: context and protocol, the diagnosis with the MS axes, mechanisms, and chosen findings.

Four columns, arrows from left to right; a label never lies on another one.

Knows: nodes and parents. Must not know: probabilities, Streamlit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from html import escape
from typing import Final

from model.figures.base import Figure
from model.figures.words import WORDS
from model.network.network import DIAGNOSIS, Network
from model.text import filled

COLUMNS: Final = (8, 232, 430, 660)
"""Left edges of the columns in pixels."""
WIDTH, LINE, BOX = 980, 26, 18
WIDTHS: Final = (186, 160, 190, 290)
LONGEST: Final = (28, 24, 28, 44)
"""Letters of a label that fit into a box of each column."""

PALETTE: Final = ("#8f999f", "#0072b2", "#e69f00", "#56b4e9")


def network_drawing(
    network: Network, findings: Collection[str], *, words: Mapping[str, str] = WORDS
) -> Figure:
    """
    Chosen findings with everything that they depend on.

    Parameters
    ----------
    network
        Gives nodes and arcs.
    findings
        Which findings to show; their parents come along.
    words
        What the figure says; see `WORDS`.
    """
    nodes = _with_parents(network, findings)
    columns: list[list[str]] = [[], [], [], []]
    for name in network.names:
        if name in nodes:
            columns[_column(network, name)].append(name)
    tallest = max(len(column) for column in columns)
    height = max(tallest, 4) * LINE + 40
    place = {
        name: (c, 34 + (i + 0.5) * (height - 40) / len(column))
        for c, column in enumerate(columns)
        for i, name in enumerate(column)
    }
    arrows = [
        _arrow(place[parent], place[name])
        for name in nodes
        for parent in network.parents[name]
        if parent in nodes
    ]
    boxes = [_box(network, name, *place[name], words) for name in place]
    heads = [
        f'<text x="{x}" y="16" class="mf-axis">{escape(words[f"column_{c}"])}</text>'
        for c, x in enumerate(COLUMNS)
        if columns[c]
    ]
    title = words["drawing"]
    said = filled(words["drawing_said"], words, nodes=len(nodes), arrows=len(arrows))
    svg = (
        f'<svg class="mf-svg mf-drawing" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-label="{escape(f"{title}. {said}")}">{"".join((*arrows, *boxes, *heads))}</svg>'
    )
    scroll = f'<div class="mf-map" role="region" tabindex="0" aria-label="{escape(title)}">{svg}</div>'
    return Figure(scroll, title, words["drawing_caption"])


def _with_parents(network: Network, findings: Collection[str]) -> set[str]:
    """The findings, the diagnosis, and all that lies above them."""
    nodes = {DIAGNOSIS} | {name for name in findings if name in network.states}
    while more := {p for name in nodes for p in network.parents[name]} - nodes:
        nodes |= more
    return nodes


def _column(network: Network, name: str) -> int:
    role = network.knowledge.variables[name].role if name in network.knowledge.variables else DIAGNOSIS
    return {"context": 0, "protocol": 0, DIAGNOSIS: 1, "ms_axis": 1, "mechanism": 2}.get(role, 3)


def _box(network: Network, name: str, column: int, y: float, words: Mapping[str, str]) -> str:
    known = network.knowledge.variables
    label = known[name].label if name in known else words[DIAGNOSIS]
    shown = label if len(label) <= LONGEST[column] else label[: LONGEST[column] - 1] + "…"
    x, width, colour = COLUMNS[column], WIDTHS[column], PALETTE[column]
    return (
        f"<g><title>{escape(label)}</title>"
        f'<rect x="{x}" y="{y - BOX / 2:.1f}" width="{width}" height="{BOX}" rx="4" fill="{colour}" opacity="0.28"/>'
        f'<rect x="{x}" y="{y - BOX / 2:.1f}" width="4" height="{BOX}" fill="{colour}"/>'
        f'<text x="{x + 10}" y="{y + 4:.1f}">{escape(shown)}</text></g>'
    )


def _arrow(start: tuple[int, float], end: tuple[int, float]) -> str:
    """A curve from the right edge of one box to the left edge of another; within a column it swings out."""
    x1, y1 = COLUMNS[start[0]] + WIDTHS[start[0]], start[1]
    x2, y2 = COLUMNS[end[0]], end[1]
    if end[0] <= start[0]:
        x2 = COLUMNS[end[0]] + WIDTHS[end[0]]
        bend = f"C{x1 + 26} {y1:.1f} {x2 + 26} {y2:.1f} {x2} {y2:.1f}"
    else:
        middle = (x1 + x2) / 2
        bend = f"C{middle:.0f} {y1:.1f} {middle:.0f} {y2:.1f} {x2} {y2:.1f}"
    return f'<path d="M{x1} {y1:.1f}{bend}" fill="none" stroke="currentColor" opacity="0.3"/>'
