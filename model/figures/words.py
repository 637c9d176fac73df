"""
What figures say beside the names of the tables, in English; a screen may give words of its own.

Knows: the file `words.toml` beside it. Must not know: anything else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

WORDS: Final[Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
"""Name of a sentence -> the sentence, with blanks in braces."""
