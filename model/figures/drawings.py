"""
Small drawings of what a term means on an image: miliary, open ring, Dawson fingers ...

Each is a list of strokes laid over shared views (brain from below and from the side, cord, vessel), all of them in
`drawings.toml`. A stroke is one line of text: an ink, ``both`` if it is mirrored in the midline, a shape, its numbers on a
field of 96 by 96. Inks are the colours of the page: grey is anatomy, what takes up contrast, what is bright on T2 and
what has lost its signal have a colour of their own, and a shape of their own, so that none needs colour.

Knows: shapes and inks. Must not know: findings, definitions, what a term means.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from html import escape
from math import cos, pi, sin
from pathlib import Path
from typing import Final

from model.figures.base import Figure

SIDE: Final = 96
"""Side of the square field on which all drawings are made."""

_DATA: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_VIEWS: Final[Mapping[str, list[str]]] = _DATA["views"]
_STROKES: Final[Mapping[str, list[str]]] = _DATA["drawings"]

DRAWINGS: Final = tuple(_STROKES)
"""Names of all drawings, in the order of the file."""

_ROUND: Final = 'stroke-linecap="round" stroke-linejoin="round"'
_INKS: Final[Mapping[str, str]] = {
    "tissue": f'fill="currentColor" fill-opacity="0.1" stroke="currentColor" stroke-opacity="0.6" '
    f'stroke-width="1.6" {_ROUND}',
    "nucleus": 'fill="currentColor" fill-opacity="0.16" stroke="currentColor" stroke-opacity="0.4"',
    "fluid": 'fill="currentColor" fill-opacity="0.34"',
    "bone": 'fill="currentColor" fill-opacity="0.2" stroke="currentColor" stroke-opacity="0.45"',
    "line": f'fill="none" stroke="currentColor" stroke-opacity="0.5" stroke-width="1.5" {_ROUND}',
    "dashes": 'fill="none" stroke="currentColor" stroke-opacity="0.7" stroke-width="1.3" stroke-dasharray="3 3"',
    "skull": 'fill="none" stroke="currentColor" stroke-opacity="0.3" stroke-width="5"',
    "band": f'fill="none" stroke="currentColor" stroke-opacity="0.3" stroke-width="6" {_ROUND}',
    "vessel": f'fill="none" stroke="currentColor" stroke-opacity="0.75" stroke-width="2.2" {_ROUND}',
    "enhancing": 'fill="var(--mf-enhancing, currentColor)"',
    "enhancing-line": f'fill="none" stroke="var(--mf-enhancing, currentColor)" stroke-width="3.2" {_ROUND}',
    "enhancing-thin": f'fill="none" stroke="var(--mf-enhancing, currentColor)" stroke-width="1.9" {_ROUND}',
    "enhancing-band": f'fill="none" stroke="var(--mf-enhancing, currentColor)" stroke-width="5" {_ROUND}',
    "cloud": 'fill="var(--mf-enhancing, currentColor)" fill-opacity="0.3"',
    "lesion": 'fill="var(--mf-lesion, currentColor)" fill-opacity="0.6" stroke="var(--mf-lesion, currentColor)"',
    "lesion-band": f'fill="none" stroke="var(--mf-lesion, currentColor)" stroke-width="6" {_ROUND}',
    "dense": 'fill="currentColor" fill-opacity="0.75"',
    "dark": 'fill="var(--mf-dark, currentColor)" stroke="currentColor" stroke-opacity="0.8"',
    "halo": f'fill="none" stroke="currentColor" stroke-opacity="0.5" stroke-width="4.8" {_ROUND}',
    "dark-line": f'fill="none" stroke="var(--mf-dark, currentColor)" stroke-width="3" {_ROUND}',
}


def drawing(name: str, *, title: str, description: str = "") -> Figure:
    """
    One drawing as SVG, as wide as the place it is put into.

    Parameters
    ----------
    name
        One of `DRAWINGS`.
    title, description
        What a screen reader says of it: the term, and what it means.

    Raises
    ------
    KeyError
        If there is no such drawing.

    Examples
    --------
    >>> drawing("mass", title="Mass").html.startswith('<svg class="mf-sketch" viewBox="0 0 96 96" role="img"')
    True
    """
    said = f"<title>{escape(title)}</title>" + (f"<desc>{escape(description)}</desc>" if description else "")
    strokes = "".join(_stroke(line) for line in _lines(_STROKES[name]))
    return Figure(f'<svg class="mf-sketch" viewBox="0 0 {SIDE} {SIDE}" role="img">{said}{strokes}</svg>')


def _lines(lines: list[str]) -> Iterator[str]:
    """The strokes of a drawing; a line ``@view`` stands for the strokes of that view, which may name others."""
    for line in lines:
        if line.startswith("@"):
            yield from _lines(_VIEWS[line[1:]])
        else:
            yield line


def _stroke(line: str) -> str:
    ink, rest = line.split(" ", 1)
    is_mirrored = rest.startswith("both ")
    shape, numbers = rest.removeprefix("both ").split(" ", 1)
    drawn = _SHAPES[shape](numbers)
    twin = f'<g transform="matrix(-1 0 0 1 {SIDE} 0)">{drawn}</g>' if is_mirrored else ""
    return f"<g {_INKS[ink]}>{drawn}{twin}</g>"


def _path(numbers: str) -> str:
    return f'<path d="{numbers}"/>'


def _dots(numbers: str) -> str:
    """Circles of one radius: ``radius x,y x,y ...``."""
    radius, *places = numbers.split()
    return "".join('<circle cx="{}" cy="{}" r="{}"/>'.format(*place.split(","), radius) for place in places)


def _ellipse(numbers: str) -> str:
    """An ellipse: ``x y half-width half-height`` and the degrees that it is turned by, if any."""
    x, y, rx, ry, *turn = numbers.split()
    turned = f' transform="rotate({turn[0]} {x} {y})"' if turn else ""
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}"{turned}/>'


def _ring(numbers: str) -> str:
    """An arc of a circle: ``x y radius from to`` in degrees clockwise from the top."""
    x, y, radius, first, last = map(float, numbers.split())
    start, end = (
        f"{x + radius * sin(a * pi / 180):.1f} {y - radius * cos(a * pi / 180):.1f}" for a in (first, last)
    )
    return f'<path d="M{start}A{radius:g} {radius:g} 0 {int(last - first > 180)} 1 {end}"/>'


def _folds(numbers: str) -> str:
    """
    The surface of a brain: an ellipse with furrows, ``x y half-width half-height gyri depth``.

    Two numbers more draw a part of it: the first gyrus and the one after the last, counted clockwise from the top.
    """
    x, y, rx, ry, gyri, depth, *part = map(float, numbers.split())
    first, last = part or (0.0, gyri)
    inner = 1 - depth / min(rx, ry)
    outer = (4 - inner) / 3  # where the middle of a gyrus touches the ellipse, see Bézier

    def at(turn: float, scale: float) -> str:
        angle = 2 * pi * turn / gyri
        return f"{x + scale * rx * sin(angle):.1f} {y - scale * ry * cos(angle):.1f}"

    steps = (first + i for i in range(round(last - first)))
    curves = "".join(f"C{at(t + 0.1, outer)} {at(t + 0.9, outer)} {at(t + 1, inner)}" for t in steps)
    return f'<path d="M{at(first, inner)}{curves}{"" if part else "Z"}"/>'


_SHAPES: Final[Mapping[str, Callable[[str], str]]] = {
    "path": _path,
    "dots": _dots,
    "ellipse": _ellipse,
    "ring": _ring,
    "folds": _folds,
}
