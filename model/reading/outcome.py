"""
Results of tests: a name, a specimen, and a word or a number that is compared with the reference values.

Knows: names of tests, units, reference values. Must not know: other findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from model.reading.combine import Hit
from model.reading.lexicon import Lexicon
from model.reading.sentence import Marked, Sentence
from model.reading.words import longest
from priors.reading_schema import OUTCOMES, LaboratoryTest, ReferenceValue, Unit

BEFORE: Final = 3
"""A word such as `raised` stands at most so many words before the test."""

AFTER: Final = 12
"""A result stands at most so many words behind the test."""

REACH: Final = 45
"""A number stands at most so many characters behind the test, or so many before it."""

_NUMBER: Final = r"(?P<n>\d{1,6}(?:\.\d{1,3})?)(?:\s*-\s*\d{1,6}(?:\.\d{1,3})?)?"
ADJACENT: Final = 3
"""A denial of a specimen stands at most so many words before it: `not in the serum`."""

_CELLS: Final = "cells"
_COUNTED: Final = (
    r"(?:(?:white |nucleated |mononuclear )?(?:cells|zellen|leukocytes|leukozyten|wbc|lymphocytes))?"
)
_CUTS: Final = frozenset(
    {
        ",",
        ")",
        "and",
        "und",
        "but",
        "or",
        "was",
        "were",
        "in",
        "im",
        "with",
        "no",
        "not",
        "kein",
        "keine",
        "keinen",
        "without",
        "ohne",
    }
)
_SPECIMENS: Final = ("csf", "serum")


class Result(NamedTuple):
    """Outcome of a test with the words `start` to before `end` that say it."""

    outcome: str
    start: int
    end: int


def results(sentence: Sentence, lexicon: Lexicon, text: str, sex: str) -> Iterator[Hit]:
    """Findings that results of tests say; `text` is the cleaned text, `sex` empty if it is not known."""
    names = {test.test for test in lexicon.tests}
    places = [one for one in sentence.concepts if one.entry.name in names]
    kept = longest((one.start, one.end) for one in places)
    places = sorted((one for one in places if (one.start, one.end) in kept), key=lambda one: one.start)
    earlier: Result | None = None
    for i, place in enumerate(places):
        following = places[i + 1] if i + 1 < len(places) else None
        allowed = {name for test in lexicon.tests if test.test == place.entry.name for name in test.outcomes}
        if apart := _by_specimen(place, following, sentence, allowed, lexicon):
            yield from apart
            continue
        found = _number(place, sentence, lexicon, text, sex) or _word(place, following, sentence, allowed)
        found = found or _denied(place, sentence)
        if found is None and earlier is not None and _is_list(places[i - 1], place, sentence):
            found = earlier._replace(start=min(earlier.start, place.start), end=max(earlier.end, place.end))
        if found is None and "named" in allowed:
            found = Result("named", place.start, place.end)
        earlier = found
        if found is not None:
            yield from _hits(place, found, sentence, lexicon)


def _hits(place: Marked, found: Result, sentence: Sentence, lexicon: Lexicon) -> Iterator[Hit]:
    tests = [
        test for test in lexicon.tests if test.test == place.entry.name and found.outcome in test.outcomes
    ]
    start, end = min(place.start, found.start), max(place.end, found.end)
    for test in _of_specimen(tests, place, sentence):
        states = (test.outcomes[found.outcome],)
        # The outcome has its negation in it already; no phrase may turn it round once more.
        yield Hit(test.finding, states, (), start, end, place.start, place.end, f"test {test.test}")


def _of_specimen(tests: list[LaboratoryTest], place: Marked, sentence: Sentence) -> list[LaboratoryTest]:
    """Tests of the specimens that are named nearest, or of the one that goes without saying."""
    possible = {test.specimen for test in tests}
    said = {name: sentence.of(name) for name in _SPECIMENS}
    beside = {name for name, places in said.items() if any(_distance(place, one) <= 1 for one in places)}
    near = beside or {name for name, places in said.items() if places}
    if len(near & possible) == 2 and not _are_joined(said["csf"], said["serum"], sentence):
        distance = {name: min(_distance(place, one) for one in places) for name, places in said.items()}
        near = {min(distance, key=lambda name: distance[name])}
    near = near or set(sentence.ambient & set(_SPECIMENS))
    fitting = [test for test in tests if test.specimen in near]
    return fitting or [test for test in tests if test.said == "usual" and (not near or len(tests) == 1)]


def _by_specimen(
    place: Marked, following: Marked | None, sentence: Sentence, allowed: set[str], lexicon: Lexicon
) -> list[Hit]:
    """What is said of each specimen apart: `positive in CSF and negative in serum`, `in CSF but not in serum`."""
    tests = {test.specimen: test for test in lexicon.tests if test.test == place.entry.name}
    end = sentence.high if following is None else following.start
    specimens = [
        (name, one)
        for name in tests
        for one in sentence.of(name)
        if place.end <= one.start and one.end <= end
    ]
    words = [one for name in OUTCOMES if name in allowed for one in sentence.of(f"result_{name}")]
    words = [one for one in _longest_only(words) if place.end <= one.start and one.end <= end]
    denied = [one for _, one in specimens if _is_denied_before(one, sentence, ADJACENT)]
    if len({name for name, _ in specimens}) < 2 or not words or len(words) + len(denied) < 2:
        return []
    found = []
    is_before = min(word.start for word in words) < min(one.start for _, one in specimens)
    for name, one in specimens:
        beside = [w for w in words if (w.end <= one.start if is_before else one.end <= w.start)] or words
        result = _result(min(beside, key=lambda word: _distance(word, one)), sentence)
        outcome = "negative" if one in denied else result.outcome
        test = tests[name]
        if outcome in test.outcomes:
            states, last = (test.outcomes[outcome],), max(one.end, result.end)
            found.append(
                Hit(test.finding, states, (), place.start, last, place.start, place.end, f"test {test.test}")
            )
    return found


def _are_joined(one: tuple[Marked, ...], other: tuple[Marked, ...], sentence: Sentence) -> bool:
    """Whether two specimens stand side by side: `in serum and CSF`."""
    return any(
        0 <= second.start - first.end <= 2
        and sentence.words.texts[first.end : second.start] in (("and",), ("und",))
        for left, right in ((one, other), (other, one))
        for first in left
        for second in right
    )


def _distance(one: Marked, other: Marked) -> int:
    return max(other.start - one.end, one.start - other.end, 0)


def _word(place: Marked, following: Marked | None, sentence: Sentence, allowed: set[str]) -> Result | None:
    """The outcome that a word says: right before the test, else behind it."""
    words = [one for name in OUTCOMES if name in allowed for one in sentence.of(f"result_{name}")]
    words = _longest_only(words)
    shown = [one for one in sentence.of("result_shown") if "positive" in allowed and one.end <= place.start]
    before = [
        one
        for one in (*words, *shown)
        if 0 <= place.start - one.end <= BEFORE and not _is_cut(one.end, place.start, sentence)
    ]
    behind = [
        one
        for one in words
        if 0 <= one.start - place.end <= AFTER and not _is_stopped(place.end, one.start, sentence)
    ]
    if before and not (behind and _is_direct(place, behind, following, sentence)):
        return _result(max(before, key=lambda one: one.end), sentence)
    return _result(min(behind, key=lambda one: one.start), sentence) if behind else None


def _longest_only(words: list[Marked]) -> list[Marked]:
    return [
        one
        for one in words
        if not any(
            o.start <= one.start and one.end <= o.end and o.end - o.start > one.end - one.start for o in words
        )
    ]


def _is_direct(place: Marked, behind: list[Marked], following: Marked | None, sentence: Sentence) -> bool:
    """Whether a result behind the test belongs to it with a verb or a colon: `normal CSF, protein was raised`."""
    first = min(behind, key=lambda one: one.start)
    if following is not None and following.start < first.start:
        return False
    between = sentence.words.texts[place.end : first.start]
    return (
        bool(between)
        and "," not in between
        and any(w.lower() in {"was", "were", ":", "is", "war", "waren"} for w in between)
    )


def _is_cut(start: int, end: int, sentence: Sentence) -> bool:
    """Whether a comma, a conjunction or a verb stands between a word and the test that it would describe."""
    between = {word.lower() for word in sentence.words.texts[start:end]}
    return bool(between & _CUTS) and between != {"in", "the"}


def _is_stopped(start: int, end: int, sentence: Sentence) -> bool:
    return any(start <= stop < end for stop in sentence.stops)


def _result(one: Marked, sentence: Sentence) -> Result:
    outcome = one.entry.name.removeprefix("result_")
    is_denied = _is_denied_before(one, sentence, sentence.high)
    outcome = "positive" if outcome == "shown" else outcome
    turned = {"positive": "negative", "raised": "normal", "lowered": "normal"}
    return Result(turned.get(outcome, outcome) if is_denied else outcome, one.start, one.end)


def _is_denied_before(one: Marked, sentence: Sentence, farthest: int) -> bool:
    """Whether a phrase before it denies it: in `CSF positive, serum negative` the last word denies nothing of the rest."""
    return any(
        scope.category == "negated"
        and scope.end <= one.start < scope.high
        and one.start - scope.end <= farthest
        for scope in sentence.scopes
    )


def _is_list(left: Marked, right: Marked, sentence: Sentence) -> bool:
    """Whether two tests stand in one list: `protein, cells and ACE`."""
    between = [word.lower() for word in sentence.words.texts[left.end : right.start]]
    return len(between) <= 3 and any(word in {",", "and", "und", "or", "oder"} for word in between)


def _denied(place: Marked, sentence: Sentence) -> Result | None:
    """`No oligoclonal bands`: the test is named only to say that it found nothing."""
    is_denied = "negated" in sentence.said_of(place.start, place.end)
    return Result("negative", place.start, place.end) if is_denied else None


def _number(place: Marked, sentence: Sentence, lexicon: Lexicon, text: str, sex: str) -> Result | None:
    """The outcome that a number with its unit says: the nearest behind the test, else right before it."""
    words = sentence.words
    stop = min(words.ends[sentence.high - 1], words.ends[place.end - 1] + REACH)
    behind = text[words.ends[place.end - 1] : stop].lower()
    begin = max(words.starts[sentence.low], words.starts[place.start] - REACH)
    before = text[begin : words.starts[place.start]].lower()
    for unit, pattern, pattern_before in _patterns(lexicon.rules.units, place.entry.name):
        if (match := pattern.match(behind)) and (outcome := _compared(match, unit, lexicon, sex)):
            last = words.ends[place.end - 1] + match.end()
            end = next(
                (i for i in range(place.end, sentence.high) if words.ends[i] >= last), sentence.high - 1
            )
            return Result(outcome, place.start, end + 1)
        if (match := pattern_before.search(before)) and (outcome := _compared(match, unit, lexicon, sex)):
            first = begin + match.start("n")
            start = next(
                (i for i in range(place.start, sentence.low, -1) if words.starts[i] <= first), sentence.low
            )
            return Result(outcome, start, place.end)
    return None


@lru_cache(maxsize=64)
def _patterns(
    units: tuple[Unit, ...], test: str
) -> tuple[tuple[Unit, re.Pattern[str], re.Pattern[str]], ...]:
    """For each unit of a test: a number with it behind the test, and one before it."""
    found = []
    for unit in units:
        if unit.test == test:
            ordered = sorted(unit.spellings, key=len, reverse=True)
            spelled = rf"(?:(?:{'|'.join(re.escape(spelling) for spelling in ordered)})(?![a-z]))"
            behind = rf"[^\d;.]{{0,30}}?{_NUMBER}\s*{_COUNTED}\s*{spelled}"
            # `85 cells`: what is counted may go without a unit.
            before = rf"{_NUMBER}\s*{spelled}{'?' if unit.test == _CELLS else ''}\s*(?:of )?\(?$"
            found.append((unit, re.compile(behind), re.compile(before)))
    return tuple(found)


def _compared(match: re.Match[str], unit: Unit, lexicon: Lexicon, sex: str) -> str:
    value = float(match["n"]) * unit.factor
    ranges = [r for r in lexicon.rules.reference_values if r.test == unit.test and r.unit == unit.unit]
    fitting = [r for r in ranges if r.sex == sex] or [r for r in ranges if not r.sex]
    return _outcome(value, fitting[0]) if fitting else ""


def _outcome(value: float, normal: ReferenceValue) -> str:
    if normal.high is not None and value > normal.high:
        return "raised"
    if normal.low is not None and value < normal.low:
        return "lowered"
    return "normal"


__all__ = ["results"]
