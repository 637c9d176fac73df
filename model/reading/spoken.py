"""
Which language a text seems to be in: a denial that is read in the other language is taken for a finding.

Knows: the commonest words of each language. Must not know: findings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

COMMON: Final[Mapping[str, frozenset[str]]] = {
    "en": frozenset(("the", "and", "of", "with", "no", "not", "is", "are", "without", "has", "had", "shows")),
    "de": frozenset(
        ("der", "das", "und", "mit", "kein", "keine", "nicht", "ist", "ohne", "ein", "eine", "im", "bei")
    ),
}
"""Words that one of the languages uses all the time and the other does not."""
MANY: Final = 2
"""A36: so many times more of them, and so many at least, tell the language."""


def seems_in(text: str) -> str:
    """
    The language that a text seems to be in; empty where that cannot be told.

    Examples
    --------
    >>> seems_in("No hydrocephalus. The patient has ataxia."), seems_in("Kein Hydrozephalus, keine Ataxie.")
    ('en', 'de')
    >>> seems_in("MRI: ataxia")
    ''
    """
    words = re.findall(r"\w+", text.lower())
    counts = sorted((sum(word in common for word in words), name) for name, common in COMMON.items())
    (fewer, _), (most, name) = counts[-2:]
    return name if most >= MANY and most >= MANY * fewer else ""


__all__ = ["seems_in"]
