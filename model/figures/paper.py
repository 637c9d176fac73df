"""
A figure on paper: its text laid out without a browser, for a file that any program reads.

Tables, bars, scales, legends, lists and drawings are placed as the style sheet places them on a wide page. Knows: the
markup that our figures are made of. Must not know: what a figure shows, how anything was computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Final

from model.figures.flow import HIDDEN, SMALL, Look, flowed, runs
from model.figures.ink import Anchor, Ink, Shape, Word, diamond, line, rectangle, width_of, written
from model.figures.markup import Element, parsed
from model.figures.style import GAP, columns, widths
from model.figures.vector import vector_ink

Laid = tuple[list[Ink], float]
"""Ink with its upper left corner at the origin, and its height in pixels."""

EDGE: Final = 16.0
"""Pixels left free around a figure."""
BAR, BAND = 11.2, 17.6
"""Pixels of the height of a bar, and of one with a band behind it."""
ROW: Final = 4.8
"""Pixels above and below a row of a table."""
BLOCKS: Final = frozenset({"div", "section", "ul", "ol", "li", "p", "table", "figure", "details"})
RIGHT: Final = frozenset({"mf-p", "mf-shift", "mf-leads"})
"""Cells whose text ends at the right."""
WIDEST: Final = {"mf-plot": 608.0, "mf-people": 640.0, "mf-drawing": 992.0, "mf-sketch": 240.0}
"""Pixels that a drawing has at most."""
BLUE: Final = "#56b4e9"


def saved(html: str, title: str, caption: str, path: Path, width: float) -> None:
    """Write a figure as SVG, PNG or PDF; it is as high as it needs to be."""
    inside = width - 2 * EDGE
    parts = [
        _said(title, Look(14.0, is_bold=True), inside),
        block(parsed(html), inside, Look()),
        _said(caption, Look(12.3, strength=0.85), inside),
    ]
    inks, height = _stacked([part for part in parts if part[1]], gap=8.0)
    written([ink.moved(EDGE, EDGE) for ink in inks], width, height + 2 * EDGE, path, title)


def _said(text: str, look: Look, width: float) -> Laid:
    return flowed(runs(Element("p", {}, [text]), look), width)


def _stacked(parts: Iterable[Laid], gap: float = 0.0) -> Laid:
    """Parts below each other."""
    inks: list[Ink] = []
    down = 0.0
    for part, height in parts:
        down += gap if down else 0.0
        inks += [ink.moved(0, down) for ink in part]
        down += height
    return inks, down


def block(element: Element, width: float, look: Look, grid: tuple[str, ...] = ()) -> Laid:
    """An element that takes the whole width."""
    classes, look = element.classes, look.inside(element)
    if classes & HIDDEN or element.tag == "details":
        return [], 0.0
    grid = next((columns()[name] for name in reversed(columns()) if name in classes), grid)
    if element.attributes.get("role") == "row":
        return _row(element, width, look, grid)
    if "mf-legend" in classes:
        return _legend(element, width, look)
    special = next((WAYS[name] for name in (element.tag, *classes) if name in WAYS), None)
    return special(element, width) if special else _mixed(element, width, look, grid)


def _is_block(child: Element | str) -> bool:
    if isinstance(child, str):
        return False
    is_drawing = child.tag == "svg" and "width" not in child.attributes
    return child.tag in BLOCKS or is_drawing or bool(child.classes & {"mf-track", "mf-scale"})


def _mixed(element: Element, width: float, look: Look, grid: tuple[str, ...]) -> Laid:
    """Lines of text and blocks, in their order; lists are set in and have a line on their left."""
    indent = 19.0 if element.tag == "ul" else 0.0
    parts: list[Laid] = []
    is_right, rows = bool(element.classes & RIGHT), 0
    for is_block, found in groupby(element.children, _is_block):
        children = list(found)
        if not is_block:
            parts.append(
                flowed(runs(Element(element.tag, {}, children), look), width - indent, is_right=is_right)
            )
            continue
        for child in (one for one in children if isinstance(one, Element)):
            inks, height = block(child, width - indent, look, grid)
            if child.attributes.get("role") == "row":
                above = [Shape(line(0, 0, width, 0), edge="black", strength=0.09)] if rows else []
                inks, rows = [*above, *inks], rows + 1
            parts.append((inks, height))
    inks, height = _stacked(parts, gap=4.0 if element.tag in ("li", "section", "ul") else 0.0)
    if indent:
        edge = Shape(line(4, 0, 4, height), edge="black", strength=0.25)
        inks = [edge, *(ink.moved(indent, 0) for ink in inks)]
    return inks, height


def _row(row: Element, width: float, look: Look, grid: tuple[str, ...]) -> Laid:
    """Cells beside each other, each in the middle of the row's height; a cell alone takes the whole width."""
    cells = row.elements()
    wide = [width] if len(cells) == 1 else widths(grid[: len(cells)], width)
    laid = [_cell(one, across, look) for one, across in zip(cells, wide, strict=True)]
    height = max((down for _, down in laid), default=0.0)
    inks, x = [], 0.0
    for (part, down), across in zip(laid, wide, strict=True):
        inks += [ink.moved(x, ROW + (height - down) / 2) for ink in part]
        x += across + GAP
    return inks, height + 2 * ROW


def _drawing(svg: Element, width: float) -> Laid:
    most = min((WIDEST[name] for name in svg.classes if name in WIDEST), default=width)
    return vector_ink(svg, min(width, most))


def _cell(cell: Element, width: float, look: Look) -> Laid:
    ends = cell.elements()
    if "mf-bar" in cell.classes and len(ends) == 2 and {one.tag for one in ends} == {"small"}:
        left, right = (_mixed(Element("div", one.attributes, [one]), width / 2, look, ()) for one in ends)
        words = [ink for ink in right[0] if isinstance(ink, Word)]
        across = max((width_of(word.text, word.size) for word in words), default=0.0)
        return [*left[0], *(ink.moved(width - across, 0) for ink in right[0])], max(left[1], right[1])
    return block(cell, width, look)


def _legend(element: Element, width: float, look: Look) -> Laid:
    """Items in lines, none of them parted."""
    inks: list[Ink] = []
    x = down = high = 0.0
    for item in element.elements():
        pieces = list(runs(item, look))
        across = sum(piece.width for piece in pieces)
        if x and x + across > width:
            x, down = 0.0, down + high + 3.0
        part, high = flowed(pieces, max(width, across) + 1)
        inks += [ink.moved(x, down) for ink in part]
        x += across + 15.0
    return inks, down + high + 4.0 if inks else 0.0


def _track(track: Element, width: float) -> Laid:
    """A bar: its pale ground, what it is filled with, bands, intervals and marks."""
    height = BAND if any(part.tag == "u" for part in track.elements()) else BAR
    inks: list[Ink] = []
    middle = height / 2
    if "mf-bare" not in track.classes:
        inks.append(Shape(rectangle(0, 0, width, height), ground="black", strength=0.08))
    for part in track.elements():
        left, wide = width * part.share("left"), width * part.share("width")
        if part.tag == "span":
            inks += _filling(part, width, height)
        elif part.tag == "u":
            inks.append(Shape(rectangle(left, -ROW, wide, height + 2 * ROW), ground=BLUE, strength=0.28))
        elif part.tag == "em":
            inks += _interval(part, left, wide, middle)
        elif part.tag == "b":
            inks.append(Shape(line(left, -3, left, height + 3), edge="black", thick=2))
        elif part.tag == "i":
            inks.append(_mark(part, left, middle))
    return inks, height


def _filling(part: Element, width: float, height: float) -> list[Ink]:
    left, wide = width * part.share("margin-left"), width * part.share("width")
    colour = part.style.get("--bar") or part.style.get("background", "black")
    outline = rectangle(left, 0, wide, height)
    if "mf-against" in part.classes:
        return [Shape(outline, edge=colour, stripes=True)]
    return [Shape(outline, ground=colour)]


def _interval(part: Element, left: float, wide: float, middle: float) -> list[Ink]:
    """From end to end: a line with two strokes, broken where an end is open, a striped box for judgement."""
    if "mf-judgement" in part.classes:
        return [Shape(rectangle(left, middle - 5, wide, 10), edge="black", strength=0.55, stripes=True)]
    dash = (4.0, 3.0) if "mf-open" in part.classes else ()
    strokes = [line(x, middle - 3.5, x, middle + 3.5) for x in (left, left + wide)]
    across = Shape(line(left, middle, left + wide, middle), edge="black", thick=2, dash=dash, strength=0.75)
    return [across, *(Shape(stroke, edge="black", thick=2, strength=0.75) for stroke in strokes)]


def _mark(part: Element, x: float, y: float) -> Shape:
    """A square for a cohort, a diamond for a document, a larger one for the network."""
    if not part.classes & {"mf-document", "mf-network"}:
        return Shape(rectangle(x - 4.4, y - 4.4, 8.8, 8.8), ground="black")
    colour, half = ("#0072b2", 8.5) if "mf-network" in part.classes else ("black", 6.2)
    return Shape(diamond(x, y, half), ground=colour)


def _scale(scale: Element, width: float) -> Laid:
    """Names of values above a bar; the first and the last stay inside where they stand at its ends."""
    inks: list[Ink] = []
    for mark in scale.elements():
        text = "".join(child for child in mark.children if isinstance(child, str))
        at = mark.share("left")
        anchor: Anchor = "left" if at < 0.02 else "right" if at > 0.98 else "center"
        inks.append(Word(width * at, 12.0, text, SMALL, strength=0.78, anchor=anchor))
    return inks, 16.0


def _grounds(element: Element, width: float) -> Laid:
    """Parts of one bar beside each other."""
    inks: list[Ink] = []
    x = 0.0
    for part in element.elements():
        wide = width * part.share("width")
        inks.append(Shape(rectangle(x, 4, max(wide - 2, 0.5), 11.2), ground=part.style["background"]))
        x += wide
    return inks, 20.0


def _map(table: Element, width: float) -> Laid:
    """A table of many small cells: names upright above it, each cell as dark as its share."""
    lines = [
        [cell for cell in row.elements() if cell.tag in ("td", "th")]
        for row in table.all()
        if row.tag == "tr"
    ]
    n, names = max(map(len, lines)) - 1, 176.0
    step = min((width - names) / n, 64.0)
    inks: list[Ink] = []
    down = 0.0
    for row in lines:
        is_head = row[0].tag == "td"
        high = 176.0 if is_head else 22.0
        for i, cell in enumerate(row):
            x = names + (i - 1) * step
            if is_head and i:
                inks += _upright(cell, x + step / 2, down + high)
            elif i:
                inks += _shaded(cell, x, down, step, high)
            else:
                part, tall = flowed(runs(cell, Look(11.5)), names - GAP)
                high = max(high, tall + 4)
                inks += [ink.moved(0, down + (high - tall) / 2) for ink in part]
        down += high
    return inks, down + 6


def _upright(cell: Element, x: float, bottom: float) -> list[Ink]:
    lines, _ = flowed(runs(cell, Look(11.0)), 168)
    words = [ink for ink in lines if isinstance(ink, Word)]
    return [
        Word(x + 4 + 14 * (i - (len(words) - 1) / 2), bottom - 6, word.text, word.size, turn=90)
        for i, word in enumerate(words)
    ]


def _shaded(cell: Element, x: float, y: float, width: float, height: float) -> list[Ink]:
    share = cell.share("--p")
    ground = Shape(rectangle(x + 0.5, y + 0.5, width - 1, height - 1), ground=BLUE, strength=share)
    text = "".join(run.text for run in runs(cell, Look()))
    return [ground, Word(x + width / 2, y + height / 2 + 4, text, 10.0, anchor="center")]


WAYS: Final[Mapping[str, Callable[[Element, float], Laid]]] = {
    "svg": _drawing,
    "table": _map,
    "mf-track": _track,
    "mf-scale": _scale,
    "mf-grounds": _grounds,
}
"""Name of an element or of its class -> how it is laid out, where its look does not matter."""

__all__ = ["block", "saved"]
