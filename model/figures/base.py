"""
What every figure is made of: the record `Figure`, colours, the words it says, bars and cells.

A figure is text in a page, not a picture: it can be read aloud, copied, printed, and follows the light or
dark theme around it and the width it is given. Knows: shapes, colours. Must not know: results, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from model.errors import EvidenceError
from model.figures.style import STYLE
from model.figures.words import WORDS
from model.files import replacing
from model.text import filled, localised, percent, unparted
from priors.schema import KnowledgeBase
from priors.shown import Shown

GROUP_COLOURS: Final[Mapping[str, str]] = {
    "inflammatory": "#e69f00",
    "infectious": "#009e73",
    "neoplastic": "#cc79a7",
    "demyelinating": "#0072b2",
    "nutritional": "#56b4e9",
    "other": "#8f999f",
}
"""Okabe and Ito's palette, which people with any kind of colour vision can tell apart."""

PAPER: Final = (".svg", ".png", ".pdf")
"""Endings of the files that any program reads."""

NARROWEST: Final = 560
"""Pixels below which the columns of a wide table have no place left for names."""

NO_SHIFT: Final = 0.0005
"""A change of probability that would be shown as 0.0 points."""


@dataclass(frozen=True, slots=True)
class Figure(Shown):
    r"""
    A figure as HTML; a notebook shows it with title and caption, the app takes `html` or `whole`.

    Parameters
    ----------
    html
        The figure itself, everything from outside escaped.
    title, caption
        What it shows, and how to read it; plain text, so that the figure can stand alone.

    Examples
    --------
    >>> Figure("<p>7 %</p>", title="Share").whole
    '<figure class="mf-figure"><figcaption><b>Share</b></figcaption><p>7\xa0%</p></figure>'
    """

    html: str
    title: str = ""
    caption: str = ""

    @property
    def whole(self) -> str:
        """The figure between its title and its caption, bare if it has neither; no line parts a number from its sign."""
        if not self.title and not self.caption:
            return unparted(self.html)
        title = f"<figcaption><b>{escape(self.title)}</b></figcaption>" if self.title else ""
        caption = f"<figcaption>{escape(self.caption)}</figcaption>" if self.caption else ""
        return unparted(f'<figure class="mf-figure">{title}{self.html}{caption}</figure>')

    def _repr_html_(self) -> str:
        return f"<style>{STYLE}</style>{self.whole}"

    def save(self, path: str | Path, *, width: float = 900) -> None:
        """
        Write the figure to a file for a paper or a talk: ``.svg``, ``.png`` or ``.pdf``, or as a page (``.html``).

        Parameters
        ----------
        path
            Its ending says the format. Text stays text in SVG and PDF; a PNG has 192 pixels to the inch.
        width
            Pixels, 96 to the inch; letters keep their size, and the height follows from what is shown. A page is as wide
            as its window.

        Raises
        ------
        EvidenceError
            If the name ends otherwise, or the width is below `NARROWEST`.
        StorageError
            If the file cannot be written.

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     Figure("<p>7 %</p>").save(f"{folder}/share.svg")
        ...     "7 %" in Path(folder, "share.svg").read_text(encoding="utf-8")
        True
        """
        from model.figures.paper import saved

        target = Path(path)
        if target.suffix not in (".html", *PAPER):
            raise EvidenceError(
                f"figure, {target.name}: allowed are .html, {', '.join(PAPER)}; choose one of them"
            )
        if width < NARROWEST:
            raise EvidenceError(f"figure, width {width:g}: at least {NARROWEST} pixels are needed; give more")
        if target.suffix in PAPER:
            saved(self.html, self.title, self.caption, target, width)
            return
        with replacing(target) as aside:
            aside.write_text(
                f'<!doctype html><meta charset="utf-8"><title>{escape(self.title)}</title>{self._repr_html_()}',
                encoding="utf-8",
            )


def group_colour(group: str) -> str:
    """
    Colour of a group of diagnoses; grey for a group without one.

    Examples
    --------
    >>> group_colour("infectious"), group_colour("a later group")
    ('#009e73', '#8f999f')
    """
    return GROUP_COLOURS.get(group, GROUP_COLOURS["other"])


def legend(knowledge: KnowledgeBase, *, words: Mapping[str, str] = WORDS) -> Figure:
    """The groups of diagnoses, each with its colour; the words may name them otherwise (``group infectious``)."""
    groups = dict.fromkeys(diagnosis.group for diagnosis in knowledge.diagnoses.values())
    items = "".join(
        f'<span role="listitem"><i style="background:{group_colour(group)}"></i>{escape(name)}</span>'
        for group, name in ((group, words.get(f"group {group}", group)) for group in groups)
    )
    return Figure(f'<div class="mf mf-legend" role="list">{items}</div>')


def shift_text(change: float, words: Mapping[str, str] = WORDS) -> str:
    """
    A change of probability in points of a hundred, with its sign; empty if it rounds to nothing.

    Examples
    --------
    >>> shift_text(0.123), shift_text(-0.004), shift_text(0.0001)
    ('+12', '−0.4', '')
    """
    if abs(change) < NO_SHIFT:
        return ""
    digits = 0 if abs(change) >= 0.0995 else 1
    return localised(f"{100 * change:+.{digits}f}", words).replace("-", "−")


def cell(name: str, content: str, label: str = "") -> str:
    """One cell of a row: class `mf-name`, HTML inside, and a label that only narrow screens show."""
    prefix = f'<span class="mf-small">{escape(label)} </span>' if label else ""
    return f'<div role="cell" class="mf-{name}">{prefix}{content}</div>'


def shift_cell(change: float, words: Mapping[str, str]) -> str:
    """A change of probability with an arrow, and in words for a screen reader."""
    text = shift_text(change, words)
    if not text:
        return f'<span class="mf-hidden">{escape(words["unchanged"])}</span>'
    arrow, name = ("▲", "up") if change > 0 else ("▼", "down")
    spoken = escape(filled(words["points"], words, points=text))
    return f'<span class="mf-{name}" aria-label="{spoken}"><b aria-hidden="true">{arrow}</b> {text}</span>'


def bar(
    fraction: float, colour: str, bounds: tuple[float, float] | None = None, mark: float | None = None
) -> str:
    """
    A bar from 0 to 1 as HTML, with an interval as a thin line and a mark (an earlier value) as a tick.

    Examples
    --------
    >>> bar(0.25, "#009e73")
    '<span class="mf-track" aria-hidden="true"><span style="width:25.0%;background:#009e73"></span></span>'
    """
    parts = [f'<span style="width:{100 * fraction:.1f}%;background:{colour}"></span>']
    if bounds is not None:
        low, high = bounds
        parts.append(f'<em style="left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"></em>')
    if mark is not None:
        parts.append(f'<b style="left:{100 * mark:.1f}%"></b>')
    return f'<span class="mf-track" aria-hidden="true">{"".join(parts)}</span>'


def share_bars(
    shares: Mapping[str, float],
    *,
    colour: str | Mapping[str, str],
    now: float | None = None,
    title: str = "",
    words: Mapping[str, str] = WORDS,
) -> Figure:
    """
    Names with their shares as bars, in the order given.

    Parameters
    ----------
    shares
        Name -> share, from 0 to 1.
    colour
        One for all, or one for each name.
    now
        What each share is compared with, as a line across the bars, with the change behind; None: with nothing.
    title
        What the table is called: read aloud, and written on what is taken away of it; not shown on the page.
    words
        What the figure says; see `WORDS`.

    Examples
    --------
    >>> "Relapsing" in share_bars({"Relapsing": 0.7, "Progressive": 0.3}, colour="#0072b2").html
    True
    """
    colours = {name: colour if isinstance(colour, str) else colour[name] for name in shares}
    rows = [
        cell("name", escape(name))
        + cell("bar", bar(p, colours[name], mark=now))
        + cell("p", percent(p, words))
        + ("" if now is None else cell("shift", shift_cell(p - now, words)))
        for name, p in shares.items()
    ]
    return Figure(table("shares" if now is None else "shares mf-compared", *rows, label=title))


def table(name: str, *rows: str, label: str = "") -> str:
    """A table of rows of cells, class `mf-name`; the label is what a screen reader calls it."""
    called = f' aria-label="{escape(label)}"' if label else ""
    lines = "".join(f'<div role="row">{row}</div>' for row in rows)
    return f'<div class="mf mf-{name}" role="table"{called}>{lines}</div>'
