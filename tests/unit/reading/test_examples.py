"""Every row of the tables of reading does what its example says, and every term says its finding."""

from collections.abc import Iterable

import pytest

from model.reading.lexicon import lexicon
from model.reading.reading import read_text
from model.reading.record import Reading
from priors import load_knowledge_base
from priors.reading_rules import load_reading_rules
from priors.reading_schema import LANGUAGES

KNOWLEDGE = load_knowledge_base()
RULES = load_reading_rules(KNOWLEDGE)
UNCERTAIN, PAST = "?", "~"


def language_of(example: str, own: str = "") -> str:
    """The language of an example whose row has none."""
    is_german = example.split(maxsplit=1)[0] in ("Keine", "Eine", "Ein")
    return own if own in LANGUAGES else "de" if is_german else "en"


def as_text(found: Reading) -> dict[str, str]:
    """Finding -> state, with a sign before what is only thought of or past."""
    said = {}
    for one in found.suggestions:
        value = one.value
        states = (
            "|".join(value) if isinstance(value, list) else value if isinstance(value, str) else f"{value:g}"
        )
        sign = "" if one.is_certain else PAST if any(m.historical for m in one.mentions) else UNCERTAIN
        if one.is_certain or not any(m.relative or m.rule == "general" for m in one.mentions):
            said[one.finding] = f"{sign}{states}"
    return said


def expected(reads: str) -> dict[str, str]:
    return dict(part.split("=") for part in reads.split(";")) if reads else {}


def differing(rows: Iterable[tuple[str, str, str, str]]) -> list[str]:
    """Rows whose example is read otherwise; of a rule's example only its own finding counts."""
    wrong = []
    for name, language, example, reads in rows:
        said = as_text(read_text(example, KNOWLEDGE, language))
        wanted = expected(reads)
        if any(said.get(finding) != state for finding, state in wanted.items()) or (not wanted and said):
            wrong.append(f"{name}: {example!r} reads {said}, not {reads!r}")
    return wrong


def test_every_rule_reads_its_example():
    rows = [(rule.id, language_of(rule.example), rule.example, rule.reads) for rule in RULES.rules]
    assert len(rows) > 100
    assert differing(rows) == []


def test_every_test_reads_its_example():
    assert differing((test.test, "en", test.example, test.reads) for test in RULES.tests) == []


def test_every_pattern_reads_its_example():
    rows = [(p.id, language_of(p.example, p.language), p.example, p.reads) for p in RULES.patterns]
    assert differing(rows) == []


def test_every_row_of_phrases_reads_its_example():
    rows = [
        (c.category, c.language, c.example, "" if c.category in ("relative", "general") else c.reads)
        for c in RULES.contexts
    ]
    assert differing((n, g, e, r) for n, g, e, r in rows if r) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_that_denies_denies_what_it_stands_by(language):
    finding, word = "seizures", {"en": "seizures", "de": "Krampfanfälle"}[language]
    wrong = []
    for context in RULES.contexts:
        if (context.language, context.category) == (language, "negated"):
            for phrase in context.phrases:
                text = f"{phrase} {word}." if context.direction == "forward" else f"{word} {phrase}."
                if read_text(text, KNOWLEDGE, language).findings.get(finding) == "present":
                    wrong.append(text)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_that_doubts_lets_nothing_be_certain(language):
    word = {"en": "seizures", "de": "Krampfanfälle"}[language]
    wrong = []
    for context in RULES.contexts:
        if context.language == language and context.category in ("uncertain", "relative", "general"):
            for phrase in context.phrases:
                text = {
                    "forward": f"{phrase} {word}.",
                    "backward": f"{word} {phrase}.",
                    "section": f"{phrase}: {word}.",
                }.get(context.direction, f"{phrase} {word}.")
                if read_text(text, KNOWLEDGE, language).findings.get("seizures"):
                    wrong.append(text)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_of_a_finding_states_it(language):
    book = lexicon(KNOWLEDGE, language)
    tested = {test.test for test in book.tests}
    wrong = []
    for term in RULES.terms:
        variable = KNOWLEDGE.variables.get(term.concept)
        if variable is None or term.language not in (language, "any") or term.concept in tested:
            continue
        given = read_text(f"{term.words}.", KNOWLEDGE, language)
        places = [m for one in given.suggestions if one.finding == term.concept for m in one.mentions]
        allowed = set(term.states) or {s.id for s in variable.states if not s.is_reference}
        if not any(set(place.states) <= allowed for place in places):
            wrong.append(f"{term.words} -> {term.concept}: {dict(given.findings)}")
    assert wrong == []


def test_the_result_keeps_nothing_of_the_text_but_the_words_of_its_mentions():
    text = "Mrs Zyx lives in Xyz street. She has no fever."
    assert "Zyx" not in repr(read_text(text, KNOWLEDGE))
    assert "fever" in repr(read_text(text, KNOWLEDGE))
