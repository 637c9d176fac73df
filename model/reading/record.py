"""
What reading a text gives: mentions, one suggestion for each finding, and what was recognised but is no finding.

Knows: the shape of the result. Must not know: how it was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FindingValue = str | float | list[str]


@dataclass(frozen=True, slots=True)
class Mention:
    """
    One place of the text that speaks of a finding.

    Parameters
    ----------
    finding
        Its identifier.
    states
        States that the words leave possible; empty where a number is given.
    start, end
        Characters of the text that was given.
    words
        What stands there.
    rule
        The row of the tables that read it.
    number
        Age in years; None for every other finding.
    negated, uncertain, historical, relative
        What the words around say: that it is not there; that it is only thought of; that it is long ago; that somebody
        else has it.
    counts
        Whether the mention is taken for a statement about the patient.
    """

    finding: str
    states: tuple[str, ...]
    start: int
    end: int
    words: str
    rule: str
    number: float | None = None
    negated: bool = False
    uncertain: bool = False
    historical: bool = False
    relative: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Suggestion:
    """
    What the text says of one finding.

    Parameters
    ----------
    value
        State, states of which one is true, or number, as a case file holds it.
    is_certain
        Whether the text states it of the patient; what it only thinks of, or says of the past or of others, is not.
    is_contradicted
        Whether another place of the text says the opposite.
    mentions
        The places, in order.
    """

    finding: str
    value: FindingValue
    is_certain: bool
    is_contradicted: bool
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Words that were recognised and are no finding of the tables: code of another vocabulary, or diagnosis."""

    start: int
    end: int
    words: str
    code: str


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What a text says.

    Parameters
    ----------
    suggestions
        One for each finding that the text speaks of, in the order of the text.
    unlisted
        What was recognised beside.
    """

    suggestions: tuple[Suggestion, ...]
    unlisted: tuple[Unlisted, ...] = field(default=())

    @property
    def findings(self) -> Mapping[str, FindingValue]:
        """What is certain, as the findings of a case."""
        return {one.finding: one.value for one in self.suggestions if one.is_certain}


__all__ = ["FindingValue", "Mention", "Reading", "Suggestion", "Unlisted"]
