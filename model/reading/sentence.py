"""
One sentence: which words mean what, what its phrases deny or doubt, and what the lines before it are about.

Scope of a phrase is found as ConText does (Harkema et al. 2009, J Biomed Inform 42:839, doi:10.1016/j.jbi.2009.05.002):
up to a word that ends it, or a new clause. Knows: phrases and their order. Must not know: findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from model.reading.lexicon import Entry
from model.reading.words import Words, longest

FARTHEST: Final = {"negated": 30, "uncertain": 12, "historical": 12}
"""A phrase reaches over so many words at most: a doubt or a date concerns less than a denial, which may open a list."""

_REPORTING_WITHIN: Final = 3
_JOINERS: Final = frozenset({",", "and", "und", "("})
_AUXILIARIES: Final = frozenset(
    {
        *("is", "are", "was", "were", "has", "have", "had"),
        *(
            "ist",
            "sind",
            "war",
            "waren",
            "hat",
            "haben",
            "wurde",
            "wurden",
            "wird",
            "werden",
            "habe",
            "hätte",
            "sei",
        ),
    }
)
_ALTERNATIVES: Final = frozenset({"or", "nor", "oder", "noch", "sowie"})


@dataclass(frozen=True, slots=True)
class Marked:
    """Words `start` to before `end` and what they mean."""

    start: int
    end: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Scope:
    """
    Words `low` to before `high` are denied, doubted ... by the phrase at `start` to `end`.

    Parameters
    ----------
    category
        ``negated``, ``uncertain``, ``historical``, ``relative`` or ``general``.
    """

    category: str
    low: int
    high: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """
    A sentence of a text.

    Parameters
    ----------
    low, high
        Its words, `low` to before `high`.
    words
        All words of the text.
    concepts
        What words of it mean, without what lies inside longer terms.
    scopes
        What its phrases do to the words around.
    stops
        Words at which one thought ends.
    ambient
        Concepts that the lines before say and that still hold.
    section
        What the heading says of all that stands below it; empty for nothing.
    """

    low: int
    high: int
    words: Words
    concepts: tuple[Marked, ...]
    scopes: tuple[Scope, ...]
    stops: frozenset[int]
    ambient: frozenset[str] = frozenset()
    section: str = ""

    def of(self, name: str) -> tuple[Marked, ...]:
        """Where a concept is named; a name that ends with ``*`` means all that begin so."""
        if name.endswith("*"):
            return tuple(one for one in self.concepts if one.entry.name.startswith(name[:-1]))
        return tuple(one for one in self.concepts if one.entry.name == name)

    def said_of(self, start: int, end: int, own: tuple[int, int] = (0, 0)) -> frozenset[str]:
        """
        Categories of the phrases that reach to words `start` to before `end`, and of the heading.

        What stands inside them, or inside the words `own`, does not count: `never received` denies no drug.
        """
        found = {
            scope.category
            for scope in self.scopes
            if scope.low < end
            and start < scope.high
            and not (start <= scope.start and scope.end <= end)
            and not (own[0] <= scope.start and scope.end <= own[1])
        }
        return frozenset(found | ({self.section} if self.section else set()))


def scopes(words: Words, low: int, high: int, contexts: Sequence[Marked]) -> tuple[Scope, ...]:
    """What each phrase of a sentence reaches; `contexts` are those of the sentence without what others contain."""
    return tuple(_Reach(words, low, high, contexts).all())


def without_overlaps(contexts: Iterable[Marked]) -> tuple[Marked, ...]:
    """Phrases that no longer one contains; of equal ones all stay."""
    contexts = tuple(one for one in contexts if one.entry.direction != "section")
    kept = longest((one.start, one.end) for one in contexts)
    return tuple(one for one in contexts if (one.start, one.end) in kept)


class _Reach:
    """The reach of the phrases of one sentence."""

    def __init__(self, words: Words, low: int, high: int, contexts: Sequence[Marked]) -> None:
        self.words, self.low, self.high, self.contexts = words, low, high, contexts
        self.stops = {one.start for one in contexts if one.entry.name == "stop"}
        self.verbs = {i for one in contexts if one.entry.name == "verb" for i in range(one.start, one.end)}
        self.reporting = {
            i for one in contexts if one.entry.name == "reporting" for i in range(one.start, one.end)
        }
        self.phrases = {
            i for one in contexts if one.entry.name == "negated" for i in range(one.start, one.end)
        }

    def all(self) -> Iterator[Scope]:
        """Every scope."""
        for one in self.contexts:
            name, direction = one.entry.name, one.entry.direction
            if direction == "forward" and self._is_last(one.end):
                # `Kopfschmerzen bestanden, Fieber nicht.`
                yield Scope(name, self.backward(one.start, FARTHEST[name]), one.start, one.start, one.end)
            elif direction == "forward":
                if self._looked_for(one.end):
                    # `enhancement was not seen in the pons`: what was looked for stands on either side.
                    yield Scope(name, self.backward(one.start, FARTHEST[name]), one.start, one.start, one.end)
                yield Scope(name, one.end, self.forward(one.end, name), one.start, one.end)
            elif direction == "backward":
                yield Scope(name, self.backward(one.start, FARTHEST[name]), one.start, one.start, one.end)
            elif direction in ("clause", "sentence"):
                yield Scope(name, self.low, self.high, one.start, one.end)

    def _looked_for(self, i: int) -> bool:
        """Whether a denial goes on with `seen`, `been seen` or `be found`."""
        return i in self.reporting or (
            i < self.high and self.text(i) in ("been", "be") and i + 1 in self.reporting
        )

    def _is_last(self, end: int) -> bool:
        return end >= self.high or self.words.texts[end] in (".", ",", ";", ")")

    def text(self, i: int) -> str:
        """A word in small letters."""
        return self.words.texts[i].lower()

    def forward(self, start: int, name: str) -> int:
        """The word before which a phrase stops to reach what follows it."""
        depth, comma, is_list, farthest = 0, -1, False, FARTHEST[name]
        for i in range(start, min(self.high, start + farthest)):
            word = self.text(i)
            depth += (word == "(") - (word == ")")
            if depth < 0 or i in self.stops:
                return i
            if word in _JOINERS:
                comma, is_list = i, False
            is_list = is_list or word in _ALTERNATIVES
            # A denial or a doubt may go on with a verb (`did not show`), a date does not.
            if i in self.verbs and (i > start or name == "historical"):
                if self._only_reports(i):
                    continue
                # A new clause with a verb of its own: `no fever, headache was severe`.
                return comma if comma >= 0 and not is_list else i
            if self._begins_with(i, comma):
                return comma
        return min(self.high, start + farthest)

    def _begins_with(self, i: int, comma: int) -> bool:
        """Whether `i` is a preposition right after a comma, which turns to something that is there: `, with oedema`."""
        return comma >= 0 and i == comma + 1 and self.text(i) in {"with", "mit", "showing"}

    def _only_reports(self, i: int) -> bool:
        """Whether a verb only says that something was looked for: `was noted`."""
        return any(j in self.reporting for j in range(i, min(self.high, i + _REPORTING_WITHIN + 1)))

    def backward(self, end: int, farthest: int) -> int:
        """The first word that a phrase behind it reaches."""
        while end - 1 >= self.low and end - 1 in self.verbs:
            end -= 1  # the verb of the phrase itself: `is not seen`
        comma, is_crossed = end, False
        for i in range(end - 1, max(self.low, end - farthest) - 1, -1):
            word = self.text(i)
            if i in self.stops or word in ("(", ":"):
                return i + 1
            if i in self.verbs and comma == end and word in _AUXILIARIES and not is_crossed:
                is_crossed = True  # the verb of the same clause: `seizures have so far not occurred`
            elif i in self.verbs or i in self.phrases:
                return comma + 1 if comma < end else i + 1
            if word in _JOINERS:
                comma = i
        return max(self.low, end - farthest)


__all__ = ["Marked", "Scope", "Sentence", "scopes", "without_overlaps"]
