"""
From a text to suggestions: `read_text`.

Knows: the order of the steps. Must not know: files, the app; keeps no text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from model.errors import CaseFileError, shown
from model.reading import person
from model.reading.clean import Clean, clean, sentences
from model.reading.combine import Hit, combined, terms
from model.reading.lexicon import Entry, Lexicon, lexicon
from model.reading.outcome import results
from model.reading.record import FindingValue, Mention, Reading, Suggestion, Unlisted
from model.reading.sentence import Marked, Sentence, scopes, without_overlaps
from model.reading.words import Words, longest
from priors.reading_schema import LANGUAGES

if TYPE_CHECKING:
    from priors.schema import KnowledgeBase

MAX_CHARACTERS: Final = 20_000
HISTORY: Final = "history"
"""The order whose findings are of the past by nature."""

LONG_SEGMENTS: Final = 3
SMALL_MM: Final = 3.0
TOPICS: Final = {
    "topic_brain": frozenset[str](),
    "mri_spine": frozenset({"cord"}),
    "chest_imaging": frozenset({"chest_imaging"}),
    "csf": frozenset({"csf"}),
    "serum": frozenset({"serum"}),
    "pet": frozenset({"pet"}),
    "bal": frozenset({"bal"}),
    "echo": frozenset({"echo"}),
}
"""Concepts that say what the next sentences are about, and which concept goes without saying there."""

LASTS_IN_TEXT, LASTS_BELOW_HEADING = 3, 12
"""For so many sentences a topic holds."""


def read_text(text: str, knowledge: KnowledgeBase, language: str = "en") -> Reading:
    """
    What a text states of a patient: suggestions, each with the words that say it.

    Parameters
    ----------
    text
        A report, a letter, an abstract: at most 20,000 characters, about one patient.
    knowledge
        The tables whose findings are looked for.
    language
        ``en`` or ``de``.

    Returns
    -------
    Reading
        One suggestion for each finding that is spoken of; nothing of the text beyond the words of its mentions.

    Raises
    ------
    CaseFileError
        If the text is too long or the language is another.
    MissingPackageError
        If the extra `text` is not installed.

    Examples
    --------
    >>> from priors import load_knowledge_base
    >>> found = read_text("A 34-year-old woman without fever. CSF protein was 1.2 g/l.", load_knowledge_base())
    >>> dict(found.findings)
    {'age_years': 34.0, 'sex': 'female', 'fever': 'absent', 'csf_protein_high': 'present'}
    """
    if language not in LANGUAGES:
        raise CaseFileError(f"language: found {shown(language)}; allowed are {', '.join(LANGUAGES)}")
    if len(text) > MAX_CHARACTERS:
        raise CaseFileError(
            f"text: {len(text):,} characters; at most {MAX_CHARACTERS:,} are read; give the part that matters"
        )
    book = lexicon(knowledge, language)
    cleaned = clean(text)
    words, marked = _marked(cleaned.text, book)
    parts = list(_sentences(cleaned.text, words, marked, book))
    said = _persons(cleaned.text, parts, book)
    sex = next((one.states[0] for one in said if one.finding == "sex"), "")
    mentions = [_from_person(one, cleaned) for one in said]
    for part in parts:
        hits = (*terms(part, book), *combined(part, book), *results(part, book, cleaned.text, sex))
        mentions += [mention for hit in hits if (mention := _mention(hit, part, cleaned, book))]
    mentions = [replace(one, words=text[one.start : one.end]) for one in mentions]
    return Reading(
        tuple(_suggestions(mentions, book)), tuple(_unlisted(marked, words, mentions, cleaned, text))
    )


def _marked(text: str, book: Lexicon) -> tuple[Words, list[Marked]]:
    """The words of a text and all that they may mean."""
    words, found = book.phrases.find(text)
    marked = list(dict.fromkeys(Marked(one.start, one.end, book.entries[one.phrase]) for one in found))
    lowered = text.lower()
    for pattern in book.patterns:
        if pattern.kind in MEASURED:
            for match in re.finditer(pattern.pattern, lowered):
                place = _words_at(words, match.start(), match.end())
                names = MEASURED[pattern.kind](match)
                marked += [Marked(*place, Entry("concept", name, (), "", pattern.id)) for name in names]
    return words, marked


def _sized(match: re.Match[str]) -> tuple[str, ...]:
    return ("size_under_3_mm",) if float(match["n"]) <= SMALL_MM else ()


def _counted(_: re.Match[str]) -> tuple[str, ...]:
    return ("some",)


def _long(match: re.Match[str]) -> tuple[str, ...]:
    n_segments = person.segments(match)
    if n_segments >= LONG_SEGMENTS:
        return ("cord_segments", "segments_3_or_more")
    return ("cord_segments",) if n_segments else ()


MEASURED: Final = {"size": _sized, "count": _counted, "segments": _long}
"""Kind of a pattern -> the concepts that its numbers say."""


def _words_at(words: Words, start: int, end: int) -> tuple[int, int]:
    """First word that ends behind `start`, and the one behind the last that begins before `end`."""
    first = bisect_right(words.ends, start)
    last = bisect_right(words.starts, end - 1)
    return first, max(last, first + 1)


def _sentences(text: str, words: Words, marked: Sequence[Marked], book: Lexicon) -> Iterator[Sentence]:
    """The sentences with what their words mean, and what the lines above say of them."""
    topic, left = frozenset[str](), 0
    heads = {rule.needs[0] for rule in book.rules.rules}
    section, is_open = "", False
    for start, end in sentences(text):
        low, high = _words_at(words, start, end)
        inside = [one for one in marked if low <= one.start and one.end <= high]
        contexts = without_overlaps(_without_pseudo([one for one in inside if one.entry.kind == "context"]))
        concepts = _concepts(inside, heads)
        heading = _heading(inside, words, low)
        if heading is not None:
            section, stops_at = heading.entry.name, heading.end + 1
            is_open = stops_at >= high
            section = "" if section == "plain" else section
        elif not is_open or text[:start].endswith("\n\n"):
            section, is_open = "", False
        named = [one for one in concepts if one.entry.name in TOPICS]
        if named:
            topic = _topic(named, low)
            left = LASTS_IN_TEXT if text[start:end].endswith(".") else LASTS_BELOW_HEADING
        yield Sentence(
            *(low, high, words, concepts, scopes(words, low, high, contexts)),
            stops=frozenset(one.start for one in contexts if one.entry.name == "stop"),
            ambient=topic if left > 0 and not named else frozenset(),
            section=section,
        )
        left -= 1


def _topic(named: Sequence[Marked], low: int) -> frozenset[str]:
    """What the next sentences are about: what this one begins with, else what it named last."""
    names = {one.entry.name for one in named}
    if {"topic_brain", "mri_spine"} <= names:
        return frozenset()
    first, last = min(named, key=lambda one: one.start), max(named, key=lambda one: (one.start, one.end))
    return TOPICS[(first if first.start <= low + 1 else last).entry.name]


def _heading(inside: Sequence[Marked], words: Words, low: int) -> Marked | None:
    """The heading that a line begins with: `Family history:`."""
    found = [
        one
        for one in inside
        if one.entry.direction == "section"
        and one.start == low
        and words.texts[one.end : one.end + 1] == (":",)
    ]
    return max(found, key=lambda one: one.end) if found else None


def _without_pseudo(contexts: Sequence[Marked]) -> tuple[Marked, ...]:
    """Phrases that a longer one takes back: there is a headache where there is `no change in the headache`."""
    pseudo = [one for one in contexts if one.entry.name == "pseudo"]
    return tuple(
        one
        for one in contexts
        if one.entry.name != "pseudo"
        and not (
            one.entry.name in ("negated", "historical", "relative")
            and any(p.start < one.end and one.start < p.end for p in pseudo)
        )
    )


def _concepts(inside: Sequence[Marked], heads: set[str]) -> tuple[Marked, ...]:
    """What words mean, without what stands inside a longer term that means something else."""
    concepts = [one for one in inside if one.entry.kind == "concept"]
    wholes = [
        (one.start, one.end)
        for one in inside
        if one.entry.kind == "other" or one.entry.states or one.entry.name in heads
    ]
    blocked = [(one.start, one.end) for one in concepts if one.entry.name == "blocked"]

    def is_part(one: Marked, others: Iterable[tuple[int, int]]) -> bool:
        size = one.end - one.start
        return any(low <= one.start and one.end <= high and high - low > size for low, high in others)

    return tuple(
        one
        for one in concepts
        if one.entry.name != "blocked"
        and not is_part(one, blocked)
        and not (one.entry.states and is_part(one, wholes))
    )


def _persons(text: str, parts: Sequence[Sentence], book: Lexicon) -> list[person.Said]:
    variables = book.knowledge.variables
    ages = [name for name, variable in variables.items() if variable.kind == "age"]
    said = [one for name in ages[:1] for one in person.age(text, parts, book, name)]
    return said + (list(person.sex(text, parts, book, "sex")) if "sex" in variables else [])


def _from_person(said: person.Said, cleaned: Clean) -> Mention:
    start, end = cleaned.span(said.start, said.end)
    return Mention(said.finding, said.states, start, end, "", said.rule, number=said.number)


def _mention(hit: Hit, part: Sentence, cleaned: Clean, book: Lexicon) -> Mention | None:
    """A hit with what the words around do to it; None if it says nothing in the end."""
    around = part.said_of(hit.head_start, hit.head_end)
    whole = frozenset[str]().union(
        *(
            part.said_of(*span, (hit.head_start, hit.head_end))
            for span in hit.parts or ((hit.start, hit.end),)
        )
    )
    is_test = hit.rule.startswith("test ")
    is_negated = "negated" in around and not is_test
    if "negated" in whole - around and not is_test:
        return None  # `enhancing foci, no leptomeningeal thickening`: a part of it is denied, not the whole
    states = hit.negated if is_negated else hit.states
    if not states:
        return None
    start, end = cleaned.span(part.words.starts[hit.start], part.words.ends[hit.end - 1])
    variable = book.knowledge.variables[hit.finding]
    is_lasting = variable.order == HISTORY or hit.finding in book.rules.past_counts
    is_uncertain = bool({"uncertain", "general"} & whole)
    is_past, is_relative = "historical" in whole, "relative" in whole
    return Mention(
        *(hit.finding, states, start, end, "", hit.rule),
        negated=is_negated,
        uncertain=is_uncertain,
        historical=is_past,
        relative=is_relative,
        counts=not is_uncertain and not is_relative and (not is_past or is_lasting or is_negated),
    )


def _suggestions(mentions: Sequence[Mention], book: Lexicon) -> Iterator[Suggestion]:
    """One suggestion for each finding, in the order of the text."""
    by_finding: dict[str, list[Mention]] = {}
    for mention in sorted(mentions, key=lambda one: (one.start, one.end)):
        by_finding.setdefault(mention.finding, []).append(mention)
    for finding, places in by_finding.items():
        counting = [one for one in places if one.counts]
        value, is_contradicted = _value(counting or places, finding, book)
        yield Suggestion(finding, value, bool(counting), is_contradicted, tuple(places))


def _value(places: Sequence[Mention], finding: str, book: Lexicon) -> tuple[FindingValue, bool]:
    """What the places say together: what is found weighs more than what is missed, the narrower more than the wider."""
    if places[0].number is not None:
        return places[0].number, False
    variable = book.knowledge.variables[finding]
    reference = {state.id for state in variable.states if state.is_reference}
    found = [set(one.states) for one in places if not set(one.states) <= reference]
    missed = [set(one.states) for one in places if set(one.states) <= reference]
    stated = found or missed
    common = set.intersection(*stated)
    if not common and variable.order == HISTORY:
        common = stated[-1]  # of a drug that was given and stopped the last word counts
    states = [name for name in variable.state_ids if name in (common or set.union(*stated))]
    return states[0] if len(states) == 1 else states, bool(found and missed)


def _unlisted(
    marked: Sequence[Marked], words: Words, mentions: Sequence[Mention], cleaned: Clean, text: str
) -> Iterator[Unlisted]:
    """What was recognised outside all mentions."""
    others = [one for one in marked if one.entry.kind == "other"]
    kept = longest((one.start, one.end) for one in others)
    for one in others:
        start, end = cleaned.span(words.starts[one.start], words.ends[one.end - 1])
        if (one.start, one.end) in kept and not any(m.start < end and start < m.end for m in mentions):
            yield Unlisted(start, end, text[start:end], one.entry.name)


__all__ = ["MAX_CHARACTERS", "read_text"]
