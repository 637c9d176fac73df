"""
The records that the tables of `reading/` are read into, and the words that their columns may hold.

Knows: which fields a term, a rule, a test has. Must not know: files, texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from priors.shown import Shown

LANGUAGES: Final = ("en", "de")
CATEGORIES: Final = {
    "negated": ("forward", "backward"),
    "uncertain": ("forward", "backward", "section"),
    "historical": ("forward", "backward", "section"),
    "relative": ("clause", "section"),
    "general": ("sentence",),
    "plain": ("section",),
    "pseudo": ("",),
    "stop": ("",),
    "verb": ("",),
    "reporting": ("",),
}
"""What a phrase around a finding does to it -> where it may stand, see `Context`."""

KINDS: Final = ("years", "months", "weeks", "decade", "word", "segments", "size", "count")
OUTCOMES: Final = ("positive", "negative", "raised", "normal", "lowered", "named")
"""What a test may say; `named`: it is only named, as cells are that were seen."""


@dataclass(frozen=True, slots=True)
class Term:
    """
    Words that stand for a concept.

    Parameters
    ----------
    language
        ``en``, ``de``, or ``any``.
    concept
        A finding, a test, or a concept that only rules use.
    states
        Of a finding: what the words say of it. Empty for the others.
    words
        As they are written.
    source
        ``terms``, ``label``, ``synonym`` or the code of another vocabulary.
    """

    language: str
    concept: str
    states: tuple[str, ...]
    words: str
    source: str = "terms"


@dataclass(frozen=True, slots=True)
class Rule:
    """
    Concepts that say something together.

    Parameters
    ----------
    states, negated
        What is said of the finding, and what a negation of the first concept says; nothing if empty.
    needs
        Concepts that stand in one sentence; a name that ends with ``*`` means every concept that begins so.
    window
        At most so many words between neighbours.
    without
        Concepts that must not stand between or beside them.
    """

    id: str
    finding: str
    states: tuple[str, ...]
    negated: tuple[str, ...]
    needs: tuple[str, ...]
    window: int
    without: tuple[str, ...]
    example: str
    reads: str


@dataclass(frozen=True, slots=True)
class Context(Shown):
    """
    Phrases that change what the words around them say.

    Parameters
    ----------
    category
        See `CATEGORIES`.
    direction
        ``forward``: what follows; ``backward``: what goes before; ``clause`` and ``sentence``: both; ``section``: a heading.
    """

    language: str
    category: str
    direction: str
    phrases: tuple[str, ...]
    example: str
    reads: str


@dataclass(frozen=True, slots=True)
class LaboratoryTest:
    """
    A test of one specimen, and which outcome says what of a finding.

    Parameters
    ----------
    said
        ``must``: the text has to say the specimen; ``usual``: it goes without saying.
    outcomes
        Outcome, see `OUTCOMES` -> state of the finding.
    """

    test: str
    finding: str
    specimen: str
    said: str
    outcomes: Mapping[str, str]
    example: str
    reads: str


@dataclass(frozen=True, slots=True)
class ReferenceValue:
    """The range of a test that is normal; None is no limit. `sex` is empty for everybody."""

    test: str
    sex: str
    unit: str
    low: float | None
    high: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Unit:
    """Spellings of a unit; a value times `factor` is in the unit of the reference values."""

    test: str
    unit: str
    spellings: tuple[str, ...]
    factor: float


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression for an age, a run of segments of the cord, or a size."""

    id: str
    language: str
    kind: str
    pattern: str
    example: str
    reads: str


@dataclass(frozen=True, slots=True)
class ReadingRules(Shown):
    """All tables of the folder."""

    terms: tuple[Term, ...]
    rules: tuple[Rule, ...]
    contexts: tuple[Context, ...]
    tests: tuple[LaboratoryTest, ...]
    reference_values: tuple[ReferenceValue, ...]
    units: tuple[Unit, ...]
    patterns: tuple[Pattern, ...]
    past_counts: frozenset[str]
    not_statements: frozenset[tuple[str, str]]
    hpo: tuple[tuple[str, str], ...]


__all__ = [
    "CATEGORIES",
    "KINDS",
    "LANGUAGES",
    "OUTCOMES",
    "Context",
    "LaboratoryTest",
    "Pattern",
    "ReadingRules",
    "ReferenceValue",
    "Rule",
    "Term",
    "Unit",
]
