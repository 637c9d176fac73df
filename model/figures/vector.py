"""
A drawing (SVG) of a figure as ink on paper: paths, boxes, dots and words, with what they inherit.

Knows: the part of SVG that our figures use. Must not know: what a figure shows, files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import atan2, degrees
from typing import TYPE_CHECKING, Any, Final

from model.figures.ink import Anchor, Ink, Shape, Word, ellipse, line, rectangle
from model.figures.markup import Element

if TYPE_CHECKING:
    from matplotlib.path import Path as Outline
    from matplotlib.transforms import Transform

TEXT: Final = 12.0
"""Height of letters in a drawing, see `.mf-plot text`; names of axes are half a pixel larger."""
COLOURS: Final = {
    "--mf-enhancing": "#d0600f",
    "--mf-lesion": "#3b8fd6",
    "--mf-dark": "#0b0f12",
    "--mf-page": "white",
}
"""Inks of the small drawings, see `.mf-sketch`, and paper."""
ANCHORS: Final[Mapping[str, Anchor]] = {"middle": "center", "end": "right"}


@dataclass(frozen=True, slots=True)
class _Pen:
    """What an element hands on to those inside it."""

    place: Transform
    fill: str | None = "black"
    stroke: str | None = None
    thick: float = 1.0
    dash: tuple[float, ...] = ()
    strength: float = 1.0
    fill_strength: float = 1.0
    stroke_strength: float = 1.0
    size: float = TEXT
    anchor: Anchor = "left"

    def taking(self, attributes: Mapping[str, str]) -> _Pen:
        """The pen with the attributes of one more element."""
        numbers = {
            name: float(attributes[key])
            for name, key in (
                ("thick", "stroke-width"),
                ("fill_strength", "fill-opacity"),
                ("stroke_strength", "stroke-opacity"),
            )
            if key in attributes
        }
        colours = {name: _colour(attributes[name]) for name in ("fill", "stroke") if name in attributes}
        more: dict[str, Any] = {**numbers, **colours}
        if "stroke-dasharray" in attributes:
            more["dash"] = tuple(map(float, re.findall(r"[\d.]+", attributes["stroke-dasharray"])))
        if "text-anchor" in attributes:
            more["anchor"] = ANCHORS.get(attributes["text-anchor"], "left")
        return replace(
            self,
            place=_transform(attributes.get("transform", "")) + self.place,
            strength=self.strength * float(attributes.get("opacity", 1)),
            **more,
        )


def vector_ink(svg: Element, width: float) -> tuple[list[Ink], float]:
    """
    The ink of a drawing that is as wide as said, and its height, both in pixels.

    Examples
    --------
    >>> from model.figures.markup import parsed
    >>> svg = parsed('<svg viewBox="0 0 20 10"><rect x="0" y="0" width="5" height="5"/></svg>').elements()[0]
    >>> ink, height = vector_ink(svg, 40)
    >>> len(ink), height
    (1, 20.0)
    """
    from matplotlib.transforms import Affine2D

    # The parser of HTML writes the names of attributes small.
    left, top, across, down = map(float, svg.attributes["viewbox"].split())
    scale = width / across
    return list(_drawn(svg, _Pen(Affine2D().translate(-left, -top).scale(scale)))), down * scale


def _drawn(element: Element, pen: _Pen) -> Iterator[Ink]:
    for child in element.elements():
        if child.tag in ("title", "desc"):
            continue
        own = pen.taking(child.attributes)
        if child.tag == "g":
            yield from _drawn(child, own)
        elif child.tag == "text":
            yield _text(child, own)
        elif (outline := _outline(child)) is not None:
            yield from _painted(outline, own)


def _painted(outline: Outline, pen: _Pen) -> Iterator[Shape]:
    """Ground and edge of one outline, each as strong as it is said to be."""
    there, scale = outline.transformed(pen.place), _scale(pen)
    if pen.fill is not None:
        yield Shape(there, ground=pen.fill, strength=pen.strength * pen.fill_strength)
    if pen.stroke is not None:
        dash = tuple(scale * part for part in pen.dash)
        strength = pen.strength * pen.stroke_strength
        yield Shape(there, edge=pen.stroke, thick=scale * pen.thick, dash=dash, strength=strength)


def _text(element: Element, pen: _Pen) -> Word:
    at = (float(element.attributes.get("x", 0)), float(element.attributes.get("y", 0)))
    x, y = pen.place.transform(at)
    (across, _, _), (down, _, _) = pen.place.get_matrix()[:2]
    size = (pen.size + 0.5 * ("mf-axis" in element.classes)) * _scale(pen)
    text = "".join(child for child in element.children if isinstance(child, str))
    # Paper counts downwards, angles upwards.
    turn = -degrees(atan2(down, across))
    return Word(float(x), float(y), text, size, strength=pen.strength, anchor=pen.anchor, turn=turn)


def _outline(element: Element) -> Outline | None:
    """Outline of a shape before it is put into its place; None for what is no shape."""

    def number(name: str) -> float:
        return float(element.attributes.get(name, 0))

    if element.tag == "path":
        return _path(element.attributes["d"])
    if element.tag == "rect":
        return rectangle(number("x"), number("y"), number("width"), number("height"))
    if element.tag == "circle":
        return ellipse(number("cx"), number("cy"), number("r"), number("r"))
    if element.tag == "ellipse":
        return ellipse(number("cx"), number("cy"), number("rx"), number("ry"))
    if element.tag == "line":
        return line(number("x1"), number("y1"), number("x2"), number("y2"))
    return None


def _path(commands: str) -> Outline:
    from fontTools.pens.recordingPen import RecordingPen
    from fontTools.svgLib.path import parse_path
    from matplotlib.path import Path as Outline

    recorded = RecordingPen()
    parse_path(commands, recorded)
    codes = {
        "moveTo": Outline.MOVETO,
        "lineTo": Outline.LINETO,
        "curveTo": Outline.CURVE4,
        "qCurveTo": Outline.CURVE3,
    }
    points: list[tuple[float, float]] = []
    kinds: list[Any] = []
    for step, places in recorded.value:
        if step in codes:
            points += places
            kinds += [codes[step]] * len(places)
        elif step == "closePath":
            points.append(points[-1])
            kinds.append(Outline.CLOSEPOLY)
    return Outline(points, kinds)


def _transform(said: str) -> Transform:
    from matplotlib.transforms import Affine2D

    total: Transform = Affine2D()
    for name, inside in re.findall(r"(\w+)\(([^)]*)\)", said):
        numbers = [float(one) for one in re.findall(r"-?[\d.]+", inside)]
        if name == "translate":
            one = Affine2D().translate(numbers[0], numbers[1] if len(numbers) > 1 else 0.0)
        elif name == "rotate":
            x, y = numbers[1:] or (0.0, 0.0)
            one = Affine2D().rotate_deg_around(x, y, numbers[0])
        elif name == "scale":
            one = Affine2D().scale(numbers[0], numbers[-1])
        else:
            one = Affine2D.from_values(*numbers)
        total = one + total
    return total


def _scale(pen: _Pen) -> float:
    (a, b, _), (c, d, _) = pen.place.get_matrix()[:2]
    return float(abs(a * d - b * c) ** 0.5)


def _colour(said: str) -> str | None:
    if said == "none":
        return None
    if found := re.search(r"var\((--[\w-]+)", said):
        return COLOURS[found[1]]
    return "black" if said == "currentColor" else said


__all__ = ["vector_ink"]
