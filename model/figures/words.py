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
