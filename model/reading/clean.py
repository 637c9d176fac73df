"""
A text as the reader takes it: signs unified, markup and what cannot be seen gone, and where each character came from.

Knows: characters. Must not know: words of medicine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_SIGNS: Final = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("‘’‚‛´`", "'"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\t\v\f", " "),
        **dict.fromkeys("\u2028\u2029\u0085\r", "\n"),
        "μ": "µ",
        "•": "-",
    }
)
_TAG: Final = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>|&(?:nbsp|amp|lt|gt|quot|#\d{1,6});")
_BROKEN_WORD: Final = re.compile(r"(?<=[a-zäöüß])-\n(?=[a-zäöüß])")
_DECIMAL_COMMA: Final = re.compile(r"(?<=\d),(?=\d(?:\d?(?!\d)))")
_ABBREVIATIONS: Final = frozenset(
    {
        *(
            "dr",
            "prof",
            "mr",
            "mrs",
            "ms",
            "st",
            "vs",
            "fig",
            "approx",
            "ca",
            "resp",
            "incl",
            "cf",
            "al",
            "no",
            "nr",
        ),
        *(
            "bzw",
            "pat",
            "evtl",
            "ggf",
            "inkl",
            "re",
            "li",
            "bds",
            "o",
            "u",
            "z",
            "n",
            "b",
            "v",
            "a",
            "d",
            "h",
            "e",
            "g",
            "i",
        ),
        *("sog", "geb", "vgl", "zit", "usw", "etc", "max", "min"),
    }
)
"""Words after which a full stop ends no sentence."""

_END: Final = re.compile(r"[.!?;]+(?=[\s)\"']|$)|\n")
_SHORT_LINE: Final = 60
"""A line that is shorter than this was ended on purpose; longer ones may only have been wrapped."""


@dataclass(frozen=True, slots=True)
class Clean:
    """
    A cleaned text.

    Parameters
    ----------
    text
        Letters as they were, one space or line end for what cannot be seen.
    origin
        For each character, and one past the last, its position in the text that was given.
    """

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Positions in the text that was given."""
        return self.origin[start], self.origin[end - 1] + 1 if end > start else self.origin[start]


def clean(text: str) -> Clean:
    r"""
    A text without markup, control characters and broken words; signs that look alike become one.

    Examples
    --------
    >>> clean("<b>No</b> lepto-\nmeningeal enhance\u00adment, 1,2 g/l").text
    '   No     leptomeningeal enhancement, 1.2 g/l'
    """
    blanked = _TAG.sub(lambda tag: " " * len(tag[0]), text)
    letters, origin = [], []
    for start, cluster in _clusters(blanked):
        sign = unicodedata.normalize("NFC", cluster)[:1].translate(_SIGNS)
        category = unicodedata.category(sign)
        if category in {"Cf", "Mn"}:
            continue
        letters.append(" " if category[0] == "C" and sign != "\n" else sign)
        origin.append(start)
    joined = "".join(letters)
    keep = bytearray(b"\x01") * len(joined)
    for match in _BROKEN_WORD.finditer(joined):
        keep[match.start() : match.end()] = b"\x00" * (match.end() - match.start())
    joined = _DECIMAL_COMMA.sub(".", joined)
    kept = [i for i, is_kept in enumerate(keep) if is_kept]
    return Clean("".join(joined[i] for i in kept), (*(origin[i] for i in kept), len(text)))


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Each character with the marks that are written over it."""
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or not unicodedata.combining(text[i]):
            if text:
                yield start, text[start:i]
            start = i


def sentences(text: str) -> list[tuple[int, int]]:
    """
    Start and end of each sentence; a semicolon ends one, and so does a line that was not merely wrapped.

    Examples
    --------
    >>> text = "Seen by Dr. Miller. No fever; cough."
    >>> [text[start:end] for start, end in sentences(text)]
    ['Seen by Dr. Miller.', 'No fever;', 'cough.']
    """
    cuts = [0, *(match.end() for match in _END.finditer(text) if _ends(text, match)), len(text)]
    found = []
    for start, end in pairwise(cuts):
        stripped = text[start:end].strip()
        if stripped:
            first = text.index(stripped[0], start, end)
            found.append((first, first + len(stripped)))
    return found


def _ends(text: str, match: re.Match[str]) -> bool:
    start, end = match.span()
    rest = text[end : end + 40].lstrip()
    if match[0] == "\n":
        line = text[text.rfind("\n", 0, start) + 1 : start].rstrip()
        is_new = rest[:1].isupper() or rest[:1] in "-*(" or rest[:1].isdigit()
        return not line or not rest or text[end : end + 1] == "\n" or (is_new and len(line) < _SHORT_LINE)
    if match[0] != ".":
        return True
    word = re.search(r"(\w+)$", text[max(0, start - 20) : start])
    if word and (word[1].lower() in _ABBREVIATIONS or (len(word[1]) == 1 and word[1].isalpha())):
        return False
    return not rest or not rest[:1].islower()


__all__ = ["Clean", "clean", "sentences"]
