"""
Worksheet and key of a case as PDF: the same blocks as the HTML pages.

Knows: blocks, paper. Must not know: what they say, screens.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from io import BytesIO
from typing import TYPE_CHECKING, Final, cast

from model.errors import EvidenceError
from model.pages.patient_pdf import fonts, fonts_closed

if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.fonts import TTFFont
    from PIL.Image import Image

    from model.pages.worksheet import Block, Sheet

WIDTHS: Final = {2: (120, 60), 3: (94, 32, 54)}
"""Millimetres of the columns of a table, by their number."""
ROOM_MM: Final = 70
"""A heading, some findings and their table begin on one page."""
LINE_MM: Final = 7
ORIENTATION: Final = 0x0112
"""Entry of a picture's EXIF that says how the camera was held."""
UNKNOWN: Final = "\u25a1"
UNSEEN: Final = "\u200d\ufe0e\ufe0f"
"""Characters that only say how those around them are drawn: without these they need no box."""
N_NAMED: Final = 8
"""So many characters that cannot be drawn are named."""


def page_pdf(title: str, blocks: Sequence[Block], sheet: Sheet, *, pictures: bool = False) -> bytes:
    """
    Blocks as PDF, in the fonts that Matplotlib brings along; pictures of the case before them if wanted.

    Raises
    ------
    EvidenceError
        If Matplotlib is missing, or a picture cannot be drawn.
    """
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    pdf.set_title(title)
    pdf.set_auto_page_break(True, margin=14)
    for style, name in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
        pdf.add_font("DejaVu", style, str(fonts() / name))
    with fonts_closed(pdf):
        pdf.add_page()
        _text(pdf, title, 15, "B")
        _text(pdf, sheet.words["scope"], 9, "B")
        for one in sheet.own.pictures if pictures else ():
            try:
                pdf.image(_upright(one.data), w=pdf.epw / 2, keep_aspect_ratio=True)
            except Exception as error:  # whatever the decoder of pictures does not like
                raise EvidenceError(
                    f"{one.name}: the picture cannot be drawn; save it anew as PNG"
                ) from error
        for block in blocks:
            _block(pdf, block)
        if undrawn := _undrawn(pdf, [title, *_texts(blocks)]):
            pdf.ln(3)
            _text(pdf, _named(undrawn, sheet.words), 8)
        return bytes(pdf.output())


def _upright(data: bytes) -> BytesIO | Image:
    """A picture as a browser shows it: a camera that was held upright only notes that its picture lies on its side."""
    from PIL import Image, ImageOps

    image = Image.open(BytesIO(data))
    return BytesIO(data) if image.getexif().get(ORIENTATION, 1) == 1 else ImageOps.exif_transpose(image)


def _block(pdf: FPDF, block: Block) -> None:
    if pdf.will_page_break(ROOM_MM if block.header else 0):
        pdf.add_page()
    if block.heading:
        pdf.ln(3)
        _text(pdf, block.heading, 11, "B")
    if block.text:
        _text(pdf, block.text)
    for item in block.items:
        _text(pdf, f"• {item}")
    if block.header:
        pdf.ln(1)
        _table(pdf, block)


def _text(pdf: FPDF, text: str, size: float = 10, style: str = "") -> None:
    pdf.set_font("DejaVu", style, size)
    pdf.multi_cell(0, size * 0.55, _printable(pdf, text), align="L", new_x="LMARGIN", new_y="NEXT")


def _table(pdf: FPDF, block: Block) -> None:
    if pdf.will_page_break(LINE_MM * (len(block.lines) + 1)):
        pdf.add_page()
    pdf.set_font("DejaVu", "", 9)
    widths = WIDTHS[len(block.header)]
    with pdf.table(col_widths=widths, width=sum(widths), line_height=LINE_MM, align="LEFT") as table:
        for line in (block.header, *block.lines):
            row = table.row()
            for text in line:
                row.cell(_printable(pdf, text))


def _printable(pdf: FPDF, text: str) -> str:
    """Characters that the font has; others become an empty box, as a browser would draw them."""
    has = _drawable(pdf)
    return "".join(c if ord(c) in has or c == "\n" else UNKNOWN for c in text if c not in UNSEEN)


def _drawable(pdf: FPDF) -> Set[int]:
    """What both fonts have, the usual one and the bold one."""
    usual, bold = (cast("TTFFont", pdf.fonts[name]).cmap.keys() for name in ("dejavu", "dejavuB"))
    return usual & bold


def _texts(blocks: Sequence[Block]) -> Iterator[str]:
    """All that blocks say."""
    for one in blocks:
        yield from (one.heading, one.text, *one.items, *one.header)
        yield from (text for line in one.lines for text in line)


def _undrawn(pdf: FPDF, texts: Sequence[str]) -> list[str]:
    """Characters for which an empty box stands, each once."""
    has = _drawable(pdf)
    return list(dict.fromkeys(c for c in "".join(texts) if ord(c) not in has and c not in f"\n{UNSEEN}"))


def _named(undrawn: Sequence[str], words: Mapping[str, str]) -> str:
    """One line on the empty boxes: what they stand for, by number and name, and where it can be read."""
    numbers = {c: f"{ord(c):04X}" for c in undrawn[:N_NAMED]}
    # The name of a Chinese character is its number once more.
    said = {c: "" if n in unicodedata.name(c, "") else unicodedata.name(c, "") for c, n in numbers.items()}
    names = [f"U+{n} {said[c]}".strip() for c, n in numbers.items()]
    more = len(undrawn) - N_NAMED
    listed = "; ".join([*names, words["undrawn_more"].format(n=more)] if more > 0 else names)
    return words["undrawn"].format(box=UNKNOWN, characters=listed)


__all__ = ["page_pdf"]
