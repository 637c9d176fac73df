"""
Curves, bands and points over two axes, as SVG that follows the colours of the page.

Every series has a dash and a mark of its own, so that a print in grey can be read. Coordinates are rounded to a tenth of
a pixel: the same numbers give the same text.

Knows: axes, shapes. Must not know: results, diagnoses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final, Literal

import numpy as np

from model.text import ENGLISH, localised

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 480, 56, 24, 12, 46
"""Pixels of the drawing and of its margins; it is scaled to the page, letters stay readable at 340 pixels."""

LETTER, PLATE = 7.2, 20
"""Pixels of a letter, on the safe side, and of the height of a plate behind a word."""

DASHES: Final = ("", "8 4", "2 3", "9 3 2 3", "14 4", "1 4")
"""Pattern of the line of each series."""

PALETTE: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Okabe and Ito's colours for series that are no diagnoses."""

MARKS: Final = (
    '<circle cx="{x}" cy="{y}" r="4"/>',
    '<rect x="{left}" y="{top}" width="7.4" height="7.4"/>',
    '<path d="M{x} {top}l4.4 7.8h-8.8z"/>',
    '<path d="M{x} {top}l4.4 4.4-4.4 4.4-4.4-4.4z"/>',
)
"""Shape of the points of each series."""


@dataclass(frozen=True, slots=True)
class Axis:
    """
    One axis: its ends, what it is called, and how its numbers are written.

    Parameters
    ----------
    low, high
        Ends, ``low < high``.
    label
        What it shows, with the unit.
    scale
        ``linear``, or ``log odds`` for probabilities strictly between 0 and 1.
    is_share
        Whether numbers are probabilities, written in per cent.
    words
        How numbers are written; see `model.text.localised`.

    Examples
    --------
    >>> axis = Axis(0, 1, "probability")
    >>> axis.at(0.25), axis.ticks()[1]
    (0.25, (0.25, '25 %'))
    """

    low: float
    high: float
    label: str
    scale: Literal["linear", "log odds"] = "linear"
    is_share: bool = True
    words: Mapping[str, str] = field(default_factory=lambda: ENGLISH)

    def at(self, value: float) -> float:
        """Place of a value: 0 at the low end, 1 at the high one; what lies outside is drawn at the end."""
        low, high, here = (self._stretched(v) for v in (self.low, self.high, value))
        return float(min(1.0, max(0.0, (here - low) / (high - low))))

    def _stretched(self, value: float) -> float:
        if self.scale == "linear":
            return value
        inside = min(max(value, 1e-9), 1 - 1e-9)
        return float(np.log(inside) - np.log1p(-inside))

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Values to name, with their names."""
        if self.scale == "log odds":
            values = [p for p in (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999) if self.low <= p <= self.high]
        else:
            step = _round_step((self.high - self.low) / 4)
            first = np.ceil(self.low / step - 1e-9) * step
            values = [float(v) for v in np.arange(first, self.high + step * 1e-6, step)]
        names = (_number(100 * v) + " %" if self.is_share else _number(v) for v in values)
        return tuple((v, localised(name, self.words)) for v, name in zip(values, names, strict=True))


def _round_step(raw: float) -> float:
    """The nearest step of 1, 2, 2.5 or 5 times a power of ten that is not much smaller."""
    power = 10.0 ** np.floor(np.log10(raw))
    return float(next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= raw * 0.999))


@dataclass(frozen=True, slots=True)
class Plot:
    """
    Two axes, and methods that turn numbers into SVG elements for `drawn`.

    Examples
    --------
    >>> plot = Plot(Axis(0, 1, "before"), Axis(0, 1, "after"))
    >>> plot.line([0, 1], [0, 1], 1)
    '<path d="M56 242L456 12" fill="none" stroke="#d55e00" stroke-width="2" stroke-dasharray="8 4"/>'
    """

    x: Axis
    y: Axis
    height: int = 288

    def point(self, x: float, y: float) -> tuple[str, str]:
        """Pixels of a pair of values."""
        across = LEFT + self.x.at(x) * (WIDTH - LEFT - RIGHT)
        down = self.height - BOTTOM - self.y.at(y) * (self.height - TOP - BOTTOM)
        return _short(across), _short(down)

    def line(
        self, xs: Iterable[float], ys: Iterable[float], series: int = 0, *, colour: str = "", width: float = 2
    ) -> str:
        """A line through points, in the dash of its series."""
        d = "L".join(" ".join(self.point(x, y)) for x, y in zip(xs, ys, strict=True))
        dash = DASHES[series % len(DASHES)]
        style = f' stroke-dasharray="{dash}"' if dash else ""
        return f'<path d="M{d}" fill="none" stroke="{colour or _colour(series)}" stroke-width="{width:g}"{style}/>'

    def band(
        self, xs: Sequence[float], low: Sequence[float], high: Sequence[float], colour: str = "currentColor"
    ) -> str:
        """The area between two lines, pale."""
        there = [self.point(x, y) for x, y in zip(xs, high, strict=True)]
        back = [self.point(x, y) for x, y in zip(reversed(xs), reversed(low), strict=True)]
        d = "L".join(" ".join(pair) for pair in (*there, *back))
        return f'<path d="M{d}Z" fill="{colour}" opacity="0.16"/>'

    def points(self, xs: Iterable[float], ys: Iterable[float], series: int = 0, *, colour: str = "") -> str:
        """Marks of the shape of a series."""
        shape = MARKS[series % len(MARKS)]
        marks = []
        for x, y in zip(xs, ys, strict=True):
            across, down = self.point(x, y)
            left, top = _short(float(across) - 3.7), _short(float(down) - 3.9)
            marks.append(shape.format(x=across, y=down, left=left, top=top))
        return f'<g fill="{colour or _colour(series)}">{"".join(marks)}</g>'

    def errors(self, xs: Iterable[float], low: Iterable[float], high: Iterable[float]) -> str:
        """Upright lines from low to high."""
        d = ""
        for x, a, b in zip(xs, low, high, strict=True):
            (across, start), (_, end) = self.point(x, a), self.point(x, b)
            d += f"M{across} {start}V{end}"
        return f'<path d="{d}" stroke="currentColor" stroke-width="1.4"/>'

    def rule(self, *, x: float | None = None, y: float | None = None, text: str = "") -> str:
        """A thin line across the plot at a value of one axis, with a word beside it."""
        if x is not None:
            (across, bottom), (_, top) = self.point(x, self.y.low), self.point(x, self.y.high)
            line, place = f"M{across} {bottom}V{top}", (across, _short(float(top) + 11))
        else:
            (left, down), (right, _) = self.point(self.x.low, y or 0.0), self.point(self.x.high, y or 0.0)
            line, place = f"M{left} {down}H{right}", (right, _short(float(down) - 4))
        path = (
            f'<path d="{line}" stroke="currentColor" stroke-width="1" stroke-dasharray="3 3" opacity="0.7"/>'
        )
        return path + (self._word(*place, text, at_end=float(place[0]) > WIDTH * 0.6) if text else "")

    def word(self, x: float, y: float, text: str) -> str:
        """A word in the middle of a place."""
        across, down = self.point(x, y)
        wide = LETTER * len(text) + 10
        left, top = (_short(float(at) - half) for at, half in ((across, wide / 2), (down, PLATE / 2)))
        # Whatever lies below it, the word is read: a plate in the colour of the page.
        size, fill = (
            f'width="{_short(wide)}" height="{PLATE}" rx="3"',
            'fill="var(--mf-page, Canvas)" opacity="0.8"',
        )
        plate = f'<rect x="{left}" y="{top}" {size} {fill}/>'
        return f'{plate}<text x="{across}" y="{_short(float(down) + 4)}" text-anchor="middle">{escape(text)}</text>'

    def _word(self, x: str, y: str, text: str, *, at_end: bool) -> str:
        shift = -4 if at_end else 4
        anchor = ' text-anchor="end"' if at_end else ""
        return f'<text x="{_short(float(x) + shift)}" y="{y}"{anchor}>{escape(text)}</text>'

    def cell(self, x: tuple[float, float], y: tuple[float, float], colour: str, opacity: float = 1.0) -> str:
        """A filled rectangle between two values of each axis."""
        (left, bottom), (right, top) = self.point(x[0], y[0]), self.point(x[1], y[1])
        wide, high = (_short(float(b) - float(a)) for a, b in ((left, right), (top, bottom)))
        shade = f'fill="{colour}" opacity="{opacity:.2f}" shape-rendering="crispEdges"'
        return f'<rect x="{left}" y="{top}" width="{wide}" height="{high}" {shade}/>'

    def drawn(self, *parts: str, title: str, description: str = "") -> str:
        """The whole drawing as SVG: axes, then the parts, with a title and a description for screen readers."""
        words = f"{title}. {description}" if description else title
        return (
            f'<svg class="mf-svg mf-plot" viewBox="0 0 {WIDTH} {self.height}" role="img" aria-label="{escape(words)}">'
            f"{self._axes()}{''.join(parts)}</svg>"
        )

    def _axes(self) -> str:
        bottom, right = self.height - BOTTOM, WIDTH - RIGHT
        parts = [
            f'<path d="M{LEFT} {TOP}V{bottom}H{right}" fill="none" stroke="currentColor" opacity="0.6"/>'
        ]
        for value, name in self.x.ticks():
            across = self.point(value, self.y.low)[0]
            parts.append(f'<text x="{across}" y="{bottom + 16}" text-anchor="middle">{escape(name)}</text>')
        for value, name in self.y.ticks():
            down = self.point(self.x.low, value)[1]
            grid = f'<path d="M{LEFT} {down}H{right}" stroke="currentColor" opacity="0.12"/>'
            place = f'x="{LEFT - 6}" y="{_short(float(down) + 4)}" text-anchor="end"'
            parts.append(f"{grid}<text {place}>{escape(name)}</text>")
        middle = (LEFT + right) / 2
        below = f'x="{middle:g}" y="{self.height - 8}" text-anchor="middle" class="mf-axis"'
        upright = f'transform="translate(11 {(TOP + bottom) / 2:g})rotate(-90)" text-anchor="middle" class="mf-axis"'
        parts.append(
            f"<text {below}>{escape(self.x.label)}</text><text {upright}>{escape(self.y.label)}</text>"
        )
        return "".join(parts)


def key(names: Sequence[str], colours: Sequence[str] = ()) -> str:
    """
    A list of series below a plot, each with its dash, colour and name.

    Examples
    --------
    >>> key(["a", "b"]).count("<span")
    2
    """
    items = []
    for i, name in enumerate(names):
        colour, dash = colours[i] if colours else _colour(i), DASHES[i % len(DASHES)]
        line = f'<path d="M0 6H28" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"/>'
        items.append(
            f'<span role="listitem"><svg viewBox="0 0 28 12" width="28" height="12" aria-hidden="true">{line}</svg>'
            f"{escape(name)}</span>"
        )
    return f'<div class="mf mf-legend" role="list">{"".join(items)}</div>'


def _colour(series: int) -> str:
    return PALETTE[series % len(PALETTE)]


def _number(value: float) -> str:
    """A number as a tick writes it; rounding leaves no minus before zero."""
    return f"{round(value, 9) + 0.0:g}"


def _short(pixels: float) -> str:
    """Pixels with at most one digit behind the point."""
    return f"{pixels:.1f}".removesuffix(".0")
