"""
What figures say beside the names of the tables, in English; a screen may give words of its own.

Knows: the file `words.toml` beside it, plain text. Must not know: anything else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from model.text import filled, within

WORDS: Final[Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
"""Name of a sentence -> the sentence, with blanks in braces."""


def placed(label: str, words: Mapping[str, str]) -> str:
    """A label inside a sentence: in small letters (``small``), or only if it begins with one of the words that are told."""
    if words["inside"] == "small":
        return within(label)
    first = label.partition(" ")[0]
    return label[:1].lower() + label[1:] if first in words["inside"].split() else label


def state_text(label: str, state: str, words: Mapping[str, str]) -> str:
    """A variable and its state."""
    return filled(words["state"], words, label=label, state=placed(state, words))


def age_text(years: float, words: Mapping[str, str] = WORDS) -> str:
    """
    An age as a person says it: years, and months where it is no whole number of years.

    Examples
    --------
    >>> age_text(39), age_text(3.75), age_text(0.5), age_text(1.08)
    ('39 years', '3 years 9 months', '6 months', '1 year 1 month')
    """
    parts = zip(("year", "month"), divmod(round(12 * years), 12), strict=True)
    said = [
        words[f"{unit}_one"] if n == 1 else filled(words[f"{unit}_some"], words, n=n)
        for unit, n in parts
        if n
    ]
    return " ".join(said) or filled(words["month_some"], words, n=0)
