"""
Mentions that terms and rules find in a sentence: a term states its finding, a rule needs several concepts near each other.

Knows: concepts and distances. Must not know: results of tests, persons.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product
from typing import NamedTuple

from model.reading.lexicon import Lexicon
from model.reading.sentence import Marked, Sentence
from priors.reading_rules import concept_matches
from priors.reading_schema import Rule

AROUND = 3
"""A concept that a rule excludes may stand so many words beside its own."""

MOST_PLACES = 12
"""So many places of one concept are tried in a sentence; longer lists say nothing more."""


class Hit(NamedTuple):
    """
    A statement found in a sentence.

    Parameters
    ----------
    start, end
        All its words.
    head_start, head_end
        The words that a negation has to reach.
    states, negated
        What it says, and what its negation says.
    parts
        The words of each concept of a rule.
    """

    finding: str
    states: tuple[str, ...]
    negated: tuple[str, ...]
    start: int
    end: int
    head_start: int
    head_end: int
    rule: str
    parts: tuple[tuple[int, int], ...] = ()


def terms(sentence: Sentence, lexicon: Lexicon) -> Iterator[Hit]:
    """Findings that are named by a term."""
    tested = {test.test for test in lexicon.tests}
    for one in sentence.concepts:
        finding, states = one.entry.name, one.entry.states
        if finding in lexicon.knowledge.variables and states and finding not in tested:
            place = (one.start, one.end, one.start, one.end)
            yield Hit(finding, states, lexicon.negation(finding, states), *place, one.entry.source)


def combined(sentence: Sentence, lexicon: Lexicon) -> Iterator[Hit]:
    """Findings that rules put together."""
    names = {one.entry.name for one in sentence.concepts} | sentence.ambient
    for rule in lexicon.rules.rules:
        if all(any(concept_matches(need, name) for name in names) for need in rule.needs):
            for parts in _places(rule, sentence):
                start, end = min(p.start for p in parts), max(p.end for p in parts)
                head = parts[0]
                place = (start, end, head.start, head.end)
                spans = tuple((part.start, part.end) for part in parts)
                yield Hit(rule.finding, rule.states, rule.negated, *place, rule.id, spans)


def _places(rule: Rule, sentence: Sentence) -> Iterator[tuple[Marked, ...]]:
    """The words that fulfil a rule: for each place of its first concept the nearest of the others."""
    heads, *others = (sentence.of(need)[:MOST_PLACES] for need in rule.needs)
    needed = [
        places
        for places, need in zip(others, rule.needs[1:], strict=True)
        if need not in sentence.ambient or places
    ]
    for head in heads:
        fits = [parts for parts in product([head], *needed) if _is_near(parts, rule.window, sentence)]
        if fits:
            best = min(fits, key=lambda parts: (_length(parts), parts[-1].start))
            if not _is_excluded(best, rule, sentence):
                yield best


def _length(parts: tuple[Marked, ...]) -> int:
    return max(part.end for part in parts) - min(part.start for part in parts)


def _is_near(parts: tuple[Marked, ...], window: int, sentence: Sentence) -> bool:
    """Whether neighbours are at most `window` words apart, with nothing between that ends a thought."""
    ordered = sorted(parts, key=lambda part: part.start)
    for left, right in pairwise(ordered):
        if right.start - left.end > window or any(left.end <= stop < right.start for stop in sentence.stops):
            return False
    return True


def _is_excluded(parts: tuple[Marked, ...], rule: Rule, sentence: Sentence) -> bool:
    if any(name in sentence.ambient for name in rule.without):
        return True
    low, high = min(part.start for part in parts) - AROUND, max(part.end for part in parts) + AROUND
    return any(one.start < high and low < one.end for name in rule.without for one in sentence.of(name))


__all__ = ["Hit", "combined", "terms"]
