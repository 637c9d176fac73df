"""
A QR code as SVG, black on white whatever the page: cameras need the light frame.

Knows: SVG. Must not know: what a link leads to.
"""

from __future__ import annotations

from html import escape

from model.errors import EvidenceError

MAX_CHARACTERS = 1800
"""What a telephone still reads from a projector; the norm ends at 2,953."""


def qr_code(text: str, label: str) -> str:
    """
    The code of a text.

    Parameters
    ----------
    text
        What a camera reads.
    label
        What is read aloud in its place.

    Raises
    ------
    EvidenceError
        If the text is longer than `MAX_CHARACTERS`.

    Examples
    --------
    >>> qr_code("https://example.org", "Link").startswith('<svg class="mf-qr" role="img" aria-label="Link"')
    True
    """
    import segno

    if len(text) > MAX_CHARACTERS:
        raise EvidenceError(
            f"QR code: {len(text)} characters; at most {MAX_CHARACTERS} can be read from a screen; use the link itself"
        )
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(
        border=4, dark="#000000", light="#ffffff", omitsize=True, svgclass=None, lineclass=None
    )
    return drawn.replace("<svg", f'<svg class="mf-qr" role="img" aria-label="{escape(label)}"', 1)


__all__ = ["qr_code"]
