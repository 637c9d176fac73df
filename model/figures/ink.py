"""
What a figure on paper is made of, shapes and words at their places in pixels, and how Matplotlib writes it to a file.

Pixels are those of a browser, 96 to the inch, and count downwards. Knows: shapes, letters, files. Must not know: what a
figure shows, HTML.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from model.files import replacing

if TYPE_CHECKING:
    from matplotlib.path import Path as Outline

INCH: Final = 96.0
"""Pixels to the inch."""
POINT: Final = 72 / INCH
"""Points to the pixel."""
SHARP: Final = 2
"""Pixels of a picture for one of the figure, as in the app."""
FONTS: Final = ("DejaVu Sans", "sans-serif")
"""The first comes with Matplotlib and measures the lines; the other is for machines that draw the SVG without it."""

WAY: Final[Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "millet",
    "pdf.fonttype": 42,
    "text.hinting": "none",
}
"""Text stays text, the same figure gives the same file, and letters are as wide as they were measured."""


Anchor = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Shape:
    """An outline in pixels, with its colours; None draws neither ground nor edge. `stripes` fills it with slanted lines."""

    outline: Outline
    ground: str | None = None
    edge: str | None = None
    thick: float = 1.0
    dash: tuple[float, ...] = ()
    strength: float = 1.0
    stripes: bool = False

    def moved(self, across: float, down: float) -> Shape:
        """The same elsewhere."""
        from matplotlib.transforms import Affine2D

        return replace(self, outline=self.outline.transformed(Affine2D().translate(across, down)))


@dataclass(frozen=True, slots=True)
class Word:
    """Words on one line: where they start on their base line, or end (`anchor`), and how they are turned, in degrees."""

    x: float
    y: float
    text: str
    size: float = 13.2
    is_bold: bool = False
    strength: float = 1.0
    anchor: Anchor = "left"
    turn: float = 0.0
    colour: str = "black"

    def moved(self, across: float, down: float) -> Word:
        """The same elsewhere."""
        return replace(self, x=self.x + across, y=self.y + down)


Ink = Shape | Word


def rectangle(x: float, y: float, width: float, height: float) -> Outline:
    """Outline of a rectangle."""
    from matplotlib.path import Path as Outline

    corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    return Outline(corners, closed=True)


def line(x: float, y: float, to_x: float, to_y: float) -> Outline:
    """Outline of a straight line."""
    from matplotlib.path import Path as Outline

    return Outline([(x, y), (to_x, to_y)])


def ellipse(x: float, y: float, across: float, down: float) -> Outline:
    """Outline of an ellipse around a point, with half its width and half its height."""
    from matplotlib.path import Path as Outline
    from matplotlib.transforms import Affine2D

    return Outline.unit_circle().transformed(Affine2D().scale(across, down).translate(x, y))


def diamond(x: float, y: float, half: float) -> Outline:
    """Outline of a square on its tip around a point."""
    from matplotlib.path import Path as Outline

    tips = [(x, y - half), (x + half, y), (x, y + half), (x - half, y), (x, y - half)]
    return Outline(tips, closed=True)


@cache
def width_of(text: str, size: float, *, is_bold: bool = False) -> float:
    """
    Pixels that words take.

    Examples
    --------
    >>> width_of("miliary", 20) > width_of("miliary", 10) > 0
    True
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=FONTS[0], weight="bold" if is_bold else "normal", size=size)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def written(inks: Iterable[Ink], width: float, height: float, path: Path, title: str) -> None:
    """Write shapes and words as SVG with text that can be read and changed, as PNG, or as PDF, by the name's ending."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure as Sheet

    ending = path.suffix.lstrip(".")
    made: dict[str, Any] = {
        "svg": {"Title": title, "Date": None},
        "pdf": {"Title": title, "CreationDate": None},
    }
    with rc_context(WAY):
        sheet = Sheet(figsize=(width / INCH, height / INCH), dpi=INCH * SHARP, facecolor="white")
        axes = sheet.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        for ink in inks:
            axes.add_artist(_word(ink) if isinstance(ink, Word) else _shape(ink))
        with replacing(path) as aside:
            sheet.savefig(aside, format=ending, metadata=made.get(ending, {"Title": title}))


def _word(word: Word) -> Any:
    from matplotlib.text import Text

    return Text(
        word.x,
        word.y,
        word.text,
        color=word.colour,
        alpha=word.strength,
        fontfamily=FONTS,
        fontsize=word.size * POINT,
        fontweight="bold" if word.is_bold else "normal",
        horizontalalignment=word.anchor,
        verticalalignment="baseline",
        rotation=word.turn,
        rotation_mode="anchor",
        parse_math=False,
        clip_on=False,
    )


def _shape(shape: Shape) -> Any:
    from matplotlib.patches import PathPatch

    dash: Any = (0, tuple(part / shape.thick for part in shape.dash)) if shape.dash else "solid"
    return PathPatch(
        shape.outline,
        facecolor=shape.ground or "none",
        edgecolor=shape.edge or "none",
        linewidth=shape.thick * POINT if shape.edge else 0,
        linestyle=dash,
        alpha=shape.strength,
        hatch="/////" if shape.stripes else None,
        capstyle="butt" if shape.dash else "round",
        clip_on=False,
    )


__all__ = ["Anchor", "Ink", "Shape", "Word", "diamond", "ellipse", "line", "rectangle", "width_of", "written"]
