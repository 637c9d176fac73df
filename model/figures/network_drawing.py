"""
A drawing of the network: context and protocol, the diagnosis with the MS axes, mechanisms, and chosen findings.

Four columns, arrows from left to right; a label never lies on another one. Where there is no room for the columns, a list
says the same: what hangs on each node.

Knows: nodes and parents. Must not know: probabilities, Streamlit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Final

from model.figures.base import Figure
from model.figures.words import WORDS
from model.network.network import DIAGNOSIS, Network
from model.text import filled

LINE, BOX, EDGE, SWING = 26, 18, 8, 40
"""Pixels: between two boxes, height of a box, margin of the drawing, and what arrows within the last column need."""
NARROWEST, GAP = 120, 62
"""Pixels: of a column, and between two columns."""
LETTER: Final = 6.6
"""Pixels of a letter, on the safe side: no label is cut."""

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
    widths = [_width(network, column, words) for column in columns]
    lefts = [EDGE + sum(widths[:c]) + c * GAP for c in range(len(columns))]
    arrows = [
        _arrow(place[parent], place[name], lefts, widths)
        for name in nodes
        for parent in network.parents[name]
        if parent in nodes
    ]
    boxes = [
        _box(_label(network, name, words), lefts[c], y, widths[c], PALETTE[c])
        for name, (c, y) in place.items()
    ]
    heads = [
        f'<text x="{x}" y="16" class="mf-axis">{escape(words[f"column_{c}"])}</text>'
        for c, x in enumerate(lefts)
        if columns[c]
    ]
    title = words["drawing"]
    said = filled(words["drawing_said"], words, nodes=len(nodes), arrows=len(arrows))
    width = lefts[-1] + widths[-1] + SWING
    svg = (
        f'<svg class="mf-svg mf-drawing" viewBox="0 0 {width} {height:.0f}" style="min-width:{width}px" role="img" '
        f'aria-label="{escape(f"{title}. {said}")}">{"".join((*arrows, *boxes, *heads))}</svg>'
    )
    scroll = f'<div class="mf-map" role="region" tabindex="0" aria-label="{escape(title)}">{svg}</div>'
    listed = f'<div class="mf-narrow">{_listed(network, columns, words)}</div>'
    return Figure(f'<div class="mf-either">{scroll}{listed}</div>', title, words["drawing_caption"])


def _listed(network: Network, columns: Sequence[Sequence[str]], words: Mapping[str, str]) -> str:
    """What hangs on each node, by column; of the diagnosis, on which all do, what hangs on nothing else."""
    nodes = {name for column in columns for name in column}
    parts = []
    for c, column in enumerate(columns):
        lines = []
        for parent in column:
            children = [name for name in network.names if name in nodes and parent in network.parents[name]]
            if parent == DIAGNOSIS:
                children = [name for name in children if set(network.parents[name]) == {DIAGNOSIS}]
            if children:
                said = ", ".join(_label(network, name, words) for name in children)
                text = filled(words["drawing_alone"], words, children=said) if parent == DIAGNOSIS else said
                lines.append(f"<li><b>{escape(_label(network, parent, words))}</b> → {escape(text)}</li>")
        if lines:
            parts.append(f"<b>{escape(words[f'column_{c}'])}</b><ul>{''.join(lines)}</ul>")
    return "".join(parts)


def _with_parents(network: Network, findings: Collection[str]) -> set[str]:
    """The findings, the diagnosis, and all that lies above them."""
    nodes = {DIAGNOSIS} | {name for name in findings if name in network.states}
    while more := {p for name in nodes for p in network.parents[name]} - nodes:
        nodes |= more
    return nodes


def _column(network: Network, name: str) -> int:
    role = network.knowledge.variables[name].role if name in network.knowledge.variables else DIAGNOSIS
    return {"context": 0, "protocol": 0, DIAGNOSIS: 1, "ms_axis": 1, "mechanism": 2}.get(role, 3)


def _label(network: Network, name: str, words: Mapping[str, str]) -> str:
    known = network.knowledge.variables
    return known[name].label if name in known else words[DIAGNOSIS]


def _width(network: Network, column: Sequence[str], words: Mapping[str, str]) -> int:
    """Pixels that the longest label of a column needs."""
    longest = max((len(_label(network, name, words)) for name in column), default=0)
    return max(NARROWEST, round(LETTER * longest) + 20)


def _box(label: str, x: int, y: float, width: int, colour: str) -> str:
    return (
        f"<g><title>{escape(label)}</title>"
        f'<rect x="{x}" y="{y - BOX / 2:.1f}" width="{width}" height="{BOX}" rx="4" fill="{colour}" opacity="0.28"/>'
        f'<rect x="{x}" y="{y - BOX / 2:.1f}" width="4" height="{BOX}" fill="{colour}"/>'
        f'<text x="{x + 10}" y="{y + 4:.1f}">{escape(label)}</text></g>'
    )


def _arrow(
    start: tuple[int, float], end: tuple[int, float], lefts: Sequence[int], widths: Sequence[int]
) -> str:
    """A curve from the right edge of one box to the left edge of another; within a column it swings out."""
    x1, y1 = lefts[start[0]] + widths[start[0]], start[1]
    x2, y2 = lefts[end[0]], end[1]
    if end[0] <= start[0]:
        x2 = lefts[end[0]] + widths[end[0]]
        bend = f"C{x1 + 26} {y1:.1f} {x2 + 26} {y2:.1f} {x2} {y2:.1f}"
    else:
        middle = (x1 + x2) / 2
        bend = f"C{middle:.0f} {y1:.1f} {middle:.0f} {y2:.1f} {x2} {y2:.1f}"
    return f'<path d="M{x1} {y1:.1f}{bend}" fill="none" stroke="currentColor" opacity="0.3"/>'
