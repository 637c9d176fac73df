"""
Words and small marks of a figure on paper, one after the other, wrapped into lines.

Knows: letters, lines, how strong each kind of text is. Must not know: tables, files, what a figure shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from model.figures.ink import Anchor, Ink, Shape, Word, ellipse, width_of
from model.figures.markup import Element
from model.figures.vector import vector_ink

BASE: Final = 13.2
"""Pixels of the letters of a figure: DejaVu Sans is a tenth wider than the font of the page, see `.mf`."""
SMALL: Final = 11.2
"""Pixels of the letters of notes."""
LEADING: Final = 1.3
"""Height of a line in heights of its letters."""
DOT: Final = 9.6
"""Pixels across the dot before a name."""
SPACE: Final = 6.5
"""Pixels after a dot or a mark."""
HIDDEN: Final = frozenset({"mf-small", "mf-hidden", "mf-narrow"})


@dataclass(frozen=True, slots=True)
class Look:
    """Size in pixels, weight and strength of letters."""

    size: float = BASE
    is_bold: bool = False
    strength: float = 1.0

    def inside(self, element: Element) -> Look:
        """How the letters of an element look inside letters of this look, see `style.css`."""
        changes = [LOOKS[name] for name in (element.tag, *sorted(element.classes)) if name in LOOKS]
        look = self
        for change in changes:
            look = replace(look, **change)
        return look


_SMALL: Final[Mapping[str, Any]] = {"size": SMALL, "is_bold": False, "strength": 0.78}
LOOKS: Final[Mapping[str, Mapping[str, Any]]] = {
    "b": {"is_bold": True},
    "strong": {"is_bold": True},
    "small": _SMALL,
    "em": {"size": 12.0},
    "mf-head": {"size": 11.5, "strength": 0.72},
    "mf-rank": {"size": 11.5, "strength": 0.6},
    "mf-p": {"is_bold": True},
    "mf-interval": _SMALL,
    "mf-shift": {"size": 12.0},
    "mf-leads": {"size": 12.0},
    "mf-down": {"strength": 0.72},
    "mf-up": {"is_bold": True},
    "mf-was": {"is_bold": False, "strength": 0.72},
    "mf-legend": {"size": 11.8, "strength": 0.9},
}


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line: words of one look, or a mark that was drawn, with its width."""

    text: str
    look: Look
    mark: tuple[Ink, ...] = ()
    wide: float = 0.0
    is_lead: bool = False

    @property
    def width(self) -> float:
        """Pixels it takes."""
        return self.wide or width_of(self.text, self.look.size, is_bold=self.look.is_bold)


BREAK: Final = Run("\n", Look())
"""What begins a new line."""


def runs(element: Element, look: Look) -> Iterator[Run]:
    """Words and marks of what stands in an element, whose letters have this look."""
    for child in element.children:
        if isinstance(child, str):
            yield from (Run(word, look) for word in re.findall(r"\s+|\S+", re.sub(r"\s+", " ", child)))
        elif child.classes & HIDDEN:
            continue
        elif child.tag == "svg":
            yield _drawn(child, look)
        elif child.tag == "i" and "background" in child.style:
            yield _dot(child, look)
        else:
            own = look.inside(child)
            if _is_below(child, element):
                yield BREAK
            yield from runs(child, own)
            if "mf-rank" in child.classes:
                yield Run(" ", own, is_lead=True)


def _is_below(child: Element, parent: Element) -> bool:
    """Whether an element begins a line of its own, see `style.css`."""
    is_note = child.tag == "small" and parent.tag in ("span", "li", "section")
    return is_note or child.tag in ("br", "em") or "mf-interval" in child.classes


def _drawn(svg: Element, look: Look) -> Run:
    across, down = float(svg.attributes["width"]), float(svg.attributes["height"])
    inks, _ = vector_ink(svg, across)
    lifted = tuple(ink.moved(0, -down + 1.5) for ink in inks)
    return Run("", look, lifted, across + SPACE, is_lead=True)


def _dot(element: Element, look: Look) -> Run:
    outline = ellipse(DOT / 2, -0.36 * look.size, DOT / 2, DOT / 2)
    return Run("", look, (Shape(outline, ground=element.style["background"]),), DOT + SPACE, is_lead=True)


def wrapped(pieces: Iterable[Run], width: float) -> list[list[Run]]:
    """Pieces as lines that fit a width; a word that is wider than the line stands alone."""
    lines: list[list[Run]] = [[]]
    hang = 0.0
    for piece in pieces:
        taken = sum(run.width for run in lines[-1])
        if piece is BREAK:
            lines.append([])
        elif piece.text.isspace() and not lines[-1]:
            continue
        else:
            if not piece.text.isspace() and taken + piece.width > width and any(r.text for r in lines[-1]):
                lines.append([Run("", piece.look, wide=hang)] if hang else [])
            lines[-1].append(piece)
            if piece.is_lead and len(lines) == 1:
                hang = sum(run.width for run in lines[0])
    return [line for line in lines if line]


def flowed(pieces: Iterable[Run], width: float, *, is_right: bool = False) -> tuple[list[Ink], float]:
    """Ink of pieces that are wrapped into a width, and the height of their lines."""
    inks: list[Ink] = []
    down = 0.0
    for line in wrapped(pieces, width):
        while line and line[-1].text.isspace():
            line.pop()
        if not line:
            continue
        size = max((run.look.size for run in line if run.text), default=BASE)
        inks += _line(line, width, down + 0.5 * LEADING * size + 0.36 * size, is_right=is_right)
        down += LEADING * size
    return inks, down


def _line(line: Sequence[Run], width: float, base: float, *, is_right: bool) -> Iterator[Ink]:
    """Ink of one line; words of one look that follow each other are one piece of text."""
    joined: list[Run] = []
    for run in line:
        if joined and run.text and joined[-1].text and joined[-1].look == run.look:
            joined[-1] = replace(joined[-1], text=joined[-1].text + run.text)
        else:
            joined.append(run)
    total = sum(run.width for run in joined)
    if is_right and len(joined) == 1 and joined[0].text:
        yield _word(joined[0], width, base, anchor="right")
        return
    x = width - total if is_right else 0.0
    for run in joined:
        yield from (ink.moved(x, base) for ink in run.mark)
        if run.text.strip():
            # Spaces before a word are place, not text: readers of SVG drop them.
            start = replace(run, text=run.text.lstrip())
            yield _word(start, x + run.width - start.width, base)
        x += run.width


def _word(run: Run, x: float, base: float, anchor: Anchor = "left") -> Word:
    look = run.look
    return Word(x, base, run.text, look.size, is_bold=look.is_bold, strength=look.strength, anchor=anchor)


__all__ = ["HIDDEN", "SMALL", "Look", "Run", "flowed", "runs", "wrapped"]
