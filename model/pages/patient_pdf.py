"""
The report of one patient as PDF: the same lines as the HTML page, with both figures drawn, on two pages at most.

Knows: reports, paper. Must not know: how answers were computed, screens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from model.errors import EvidenceError
from model.figures import group_colour
from model.figures.evidence import AGAINST, FOR

if TYPE_CHECKING:
    from fpdf import FPDF

    from model.pages.patient import Report

MARGIN, WIDTH, BOTTOM = 14.0, 182.0, 283.0
"""Millimetres: left of the text, across it, and where a page ends."""
LINE: Final = 4.6
"""Millimetres of a row of a figure."""
NAMES, BARS = 64.0, 60.0
"""Millimetres of the names and of the bars of a figure; numbers take the rest."""
SMALL: Final = 5.6
"""Points of a name that takes two lines."""
THREE: Final = (17.0, 25.0, 16.0)
"""Millimetres of probability, interval and share of versions."""
MADE: Final = 3.4
"""Millimetres of a line at the end."""
LONG_LINK: Final = 160
"""A link with more characters is not printed, only behind its words."""
GREY, PALE = (120, 120, 120), (236, 236, 236)
UNKNOWN: Final = "\u25a1"


def report_pdf(report: Report) -> bytes:
    """
    The report as PDF, in the fonts that Matplotlib brings along.

    Raises
    ------
    EvidenceError
        If Matplotlib is missing.
    """
    pdf, t = _paper(report), report.texts
    with fonts_closed(pdf):
        _heading(pdf, t["findings"])
        _text(pdf, "; ".join(report.findings) or t["none"], 8)
        _heading(pdf, t["differential"])
        _text(pdf, report.basis, 7)
        _differential(pdf, report)
        if report.why is not None:
            _heading(pdf, t["why"].format(label=report.why.label))
            _waterfall(pdf, report)
            _text(pdf, report.weights_said(), 7)
            _footing(pdf, report)
        _sources(pdf, report)
        _heading(pdf, t["made"])
        for name, value in report.made.items():
            _text(pdf, f"{name}: {value}", 6.5)
        return bytes(pdf.output())


@contextmanager
def fonts_closed(pdf: FPDF) -> Iterator[None]:
    """Close the files of the fonts in the end: fpdf2 leaves them open, and forgets them while it writes."""
    from fpdf.fonts import TTFFont

    readers = [font.ttfont.reader for font in pdf.fonts.values() if isinstance(font, TTFFont)]
    files = [reader.file for reader in readers if reader is not None]
    try:
        yield
    finally:
        for file in files:
            file.close()


def _paper(report: Report) -> FPDF:
    """The first page with its head: title, date, scope and link."""
    from fpdf import FPDF

    t, pdf = report.texts, FPDF(format="A4")
    pdf.set_title(t["title"])
    pdf.set_margins(MARGIN, 12, MARGIN)
    pdf.set_auto_page_break(True, margin=297 - BOTTOM)
    for style, name in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
        pdf.add_font("DejaVu", style, str(fonts() / name))
    pdf.add_page()
    _text(pdf, t["title"], 14, "B")
    _text(pdf, f"{report.date} · {t['scope']}" if report.date else t["scope"], 8, "B")
    if report.link:
        said = t["link"] if len(report.link) > LONG_LINK else f"{t['link']}: {report.link}"
        pdf.set_text_color(0, 90, 160)
        _text(pdf, said, 7, link=report.link)
        pdf.set_text_color(0, 0, 0)
    return pdf


def _differential(pdf: FPDF, report: Report) -> None:
    """Bars with intervals, the most probable first."""
    t = report.texts
    _row(pdf, t["diagnosis"], (t["probability"], t["interval"], t["leads"]), size=6.5)
    for line in report.bars():
        top = _row(pdf, line.label, (line.probability, line.interval, line.leads))
        _track(pdf, top)
        _bar(pdf, top, 0.0, line.mean, group_colour(line.group))
        if line.bounds is not None:
            low, high = (MARGIN + NAMES + BARS * end for end in line.bounds)
            pdf.set_draw_color(0, 0, 0)
            pdf.line(low, top + LINE / 2, high, top + LINE / 2)
            for end in (low, high):
                pdf.line(end, top + LINE / 2 - 0.8, end, top + LINE / 2 + 0.8)


def _waterfall(pdf: FPDF, report: Report) -> None:
    """From the probability before the findings to that with all of them; what speaks against is only outlined."""
    steps = report.steps()
    low, high = min(step.start for step in steps), max(step.end for step in steps)
    low, high = min(low, *(s.end for s in steps)), max(high, *(s.start for s in steps))
    low, high = low - 0.25, max(high, low + 1.0) + 0.25

    def place(odds: float) -> float:
        return (odds - low) / (high - low)

    for step in steps:
        top = _row(pdf, step.name, (step.said,), is_bold=step.is_end)
        if step.is_end:
            x = MARGIN + NAMES + BARS * place(step.start)
            pdf.set_draw_color(0, 0, 0)
            pdf.line(x, top + 0.6, x, top + LINE - 0.6)
            continue
        is_for = step.end >= step.start
        ends = sorted((place(step.start), place(step.end)))
        _bar(pdf, top, ends[0], ends[1], FOR if is_for else AGAINST, is_filled=is_for)


def _footing(pdf: FPDF, report: Report) -> None:
    """What the weight rests on, as one line for each side."""
    found = report.footing()
    if report.why is None or not found:
        return
    _text(pdf, report.words["footing"], 8, "B")
    for place, label in enumerate((report.why.footing.label, report.why.footing.against_label), start=1):
        said = ", ".join(f"{line[0]} {line[place]}" for line in found)
        _text(pdf, f"{label}: {said}", 7)
    if report.why.footing.is_judged:
        _text(pdf, report.words["judgement_note"], 6.5)


def _sources(pdf: FPDF, report: Report) -> None:
    """As many facts as the second page holds, each linked, and how many there are beside them."""
    facts = report.facts()
    if not facts:
        return
    _heading(pdf, report.texts["sources"])
    end = BOTTOM - MADE * (len(report.made) + 4)
    for i, (said, address) in enumerate(facts):
        pdf.set_font("DejaVu", "", 6.5)
        lines = cast("list[str]", pdf.multi_cell(0, 3.2, _printable(pdf, said), dry_run=True, output="LINES"))
        height = 3.2 * len(lines)
        if pdf.page_no() > 1 and pdf.get_y() + height > end:
            _text(pdf, report.texts["more_facts"].format(n=len(facts) - i), 6.5)
            return
        _text(pdf, said, 6.5, link=address)


def _row(pdf: FPDF, name: str, numbers: Sequence[str], *, size: float = 7.5, is_bold: bool = False) -> float:
    """A row of a figure: its name, room for its bar, its numbers; gives its top."""
    if pdf.get_y() + LINE > BOTTOM:
        pdf.add_page()
    top, style = pdf.get_y(), "B" if is_bold else ""
    _name(pdf, name, top, size, style)
    pdf.set_font("DejaVu", style, size)
    widths = THREE if len(numbers) == len(THREE) else (sum(THREE),)
    pdf.set_xy(MARGIN + NAMES + BARS, top)
    for text, width in zip(numbers, widths, strict=True):
        pdf.cell(width, LINE, _printable(pdf, text), align="R")
    pdf.set_xy(MARGIN, top + LINE)
    return top


def _name(pdf: FPDF, name: str, top: float, size: float, style: str) -> None:
    """The name of a row: on one line, or on two smaller ones of the same height."""
    pdf.set_font("DejaVu", style, size)
    lines = [_printable(pdf, name)]
    if pdf.get_string_width(lines[0]) > NAMES - 3:
        pdf.set_font("DejaVu", style, SMALL)
        lines = cast("list[str]", pdf.multi_cell(NAMES - 3, LINE / 2, lines[0], dry_run=True, output="LINES"))
        lines = [lines[0], _fitting(pdf, " ".join(lines[1:]), NAMES - 3)] if len(lines) > 1 else lines
    for i, line in enumerate(lines):
        pdf.set_xy(MARGIN, top + i * LINE / len(lines))
        pdf.cell(NAMES - 2, LINE / len(lines), line)


def _track(pdf: FPDF, top: float) -> None:
    pdf.set_fill_color(*PALE)
    pdf.rect(MARGIN + NAMES, top + 1.1, BARS, LINE - 2.2, style="F")


def _bar(pdf: FPDF, top: float, start: float, end: float, colour: str, *, is_filled: bool = True) -> None:
    """A bar between two shares of the room for bars."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    pdf.set_fill_color(red, green, blue)
    pdf.set_draw_color(red, green, blue)
    width = max(BARS * (end - start), 0.3)
    pdf.rect(MARGIN + NAMES + BARS * start, top + 1.1, width, LINE - 2.2, style="F" if is_filled else "D")


def fonts() -> Path:
    """The folder of fonts in the package matplotlib, which is not loaded for it."""
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise EvidenceError("report: the package matplotlib with its fonts is missing; install it")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


def _text(pdf: FPDF, text: str, size: float, style: str = "", link: str = "") -> None:
    pdf.set_font("DejaVu", style, size)
    pdf.multi_cell(
        0, size * 0.49, _printable(pdf, text), align="L", new_x="LMARGIN", new_y="NEXT", link=link or None
    )


def _heading(pdf: FPDF, text: str) -> None:
    pdf.ln(2)
    _text(pdf, text, 10, "B")
    pdf.ln(0.6)


def _fitting(pdf: FPDF, text: str, width: float) -> str:
    """A text shortened to a width."""
    text = _printable(pdf, text)
    while pdf.get_string_width(text) > width:
        text = f"{text[:-2].rstrip()}…"
    return text


def _printable(pdf: FPDF, text: str) -> str:
    """The text; a character that the font lacks, which no table has, as an empty box."""
    known = getattr(pdf.current_font, "cmap", {})
    return "".join(c if ord(c) in known else UNKNOWN for c in text)


__all__ = ["fonts", "report_pdf"]
