"""
What every page is made of: one style, one frame around the content, tables of plain cells.

Nothing is loaded from elsewhere, and every text is escaped. Knows: HTML. Must not know: results.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from model.text import unparted


def whole_page(title: str, parts: Iterable[str], *, style: str = "", language: str = "") -> str:
    """
    A page with nothing but what is in it.

    Parameters
    ----------
    title
        What the browser calls the page; escaped here.
    parts
        HTML, one part below the other.
    style
        CSS beside the style that all pages share.
    language
        Code of the language, such as ``en``, for whoever reads the page aloud; empty: not said.

    Examples
    --------
    >>> whole_page("<i>", ["<p>text</p>"]).count("&lt;i&gt;")
    1
    """
    shared = files("model.pages").joinpath("page.css").read_text(encoding="utf-8")
    spoken = f' lang="{escape(language)}"' if language else ""
    return (
        f'<!doctype html><html{spoken}><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{shared}{style}</style></head>'
        f"<body><main>{unparted(''.join(parts))}</main></body></html>\n"
    )


def rows_html(header: Sequence[str], lines: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """
    A table of plain cells, escaped; the columns numbered in `right` are flushed right.

    Examples
    --------
    >>> rows_html(["a"], [["<b>"]]).count("&lt;b&gt;")
    1
    """

    def cells(tag: str, line: Sequence[str]) -> str:
        return "".join(
            f"<{tag}{' class=num' if i in right else ''}>{escape(text)}</{tag}>"
            for i, text in enumerate(line)
        )

    body = "".join(f"<tr>{cells('td', line)}</tr>" for line in lines)
    return f'<div class="wide"><table><thead><tr>{cells("th", header)}</tr></thead><tbody>{body}</tbody></table></div>'


__all__ = ["rows_html", "whole_page"]
