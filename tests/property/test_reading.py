"""Laws of reading: no text brings it down, and it says no finding whose words are not there."""

import unicodedata
from functools import cache
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from model.reading.clean import clean, sentences
from model.reading.lexicon import lexicon
from model.reading.reading import read_text
from model.reading.words import stem
from priors import load_knowledge_base
from priors.reading_schema import LANGUAGES

KNOWLEDGE = load_knowledge_base()
EXAMPLES = 150

COMMON = (
    *("no", "not", "without", "with", "and", "or", "but", ",", ".", ";", ":", "(", ")", "was", "were"),
    *("negative", "positive", "normal", "raised", "3", "85", "1.2", "g/l", "/µl", "mm", "C2-C6"),
)


@cache
def vocabulary(language):
    """Words and phrases of the rules of a language, read when the first test asks."""
    rules = lexicon(KNOWLEDGE, language).rules
    words = {*COMMON, *(word for term in rules.terms for word in term.words.split())}
    return [*sorted(words), *sorted({phrase for context in rules.contexts for phrase in context.phrases})]


languages = st.sampled_from(LANGUAGES)
anything = st.text(max_size=400)
medical = languages.flatmap(
    lambda language: st.tuples(
        st.just(language),
        st.lists(st.sampled_from(vocabulary(language)), max_size=40).map(" ".join),
    )
)


@settings(max_examples=EXAMPLES)
@given(text=anything, language=languages)
@example(text="\x00\u200b\ud800<b", language="en")
@example(text="-\n" * 50, language="de")
@example(text="a\u0301" * 100 + "&#1;", language="en")
def test_no_text_brings_it_down(text, language):
    found = read_text(text, KNOWLEDGE, language)
    assert set(found.findings) <= set(KNOWLEDGE.variables)


@settings(max_examples=EXAMPLES)
@given(given_=medical)
def test_words_of_the_field_in_any_order_are_read_within_the_tables(given_):
    language, text = given_
    found = read_text(text, KNOWLEDGE, language)
    for one in found.suggestions:
        variable = KNOWLEDGE.variables[one.finding]
        if variable.kind == "age" and isinstance(one.value, float):
            assert 0 <= one.value <= 120
        else:
            states = [one.value] if isinstance(one.value, str) else one.value
            assert states
            assert set(states) <= set(variable.state_ids)
        assert one.mentions
        assert one.is_certain == any(mention.counts for mention in one.mentions)


@settings(max_examples=EXAMPLES)
@given(given_=medical)
def test_every_mention_stands_where_it_says(given_):
    language, text = given_
    for one in read_text(text, KNOWLEDGE, language).suggestions:
        for mention in one.mentions:
            assert 0 <= mention.start < mention.end <= len(text)
            assert mention.words == text[mention.start : mention.end]


def names_of(finding, language):
    """Stems of all words that can be part of a statement of a finding."""
    book = lexicon(KNOWLEDGE, language)
    concepts = {finding}
    for rule in book.rules.rules:
        if rule.finding == finding:
            concepts |= {need.rstrip("*") for need in rule.needs}
    concepts |= {test.test for test in book.tests if test.finding == finding}
    words = set()
    for entry in book.entries:
        if any(
            entry.name == name or (name.endswith("_") and entry.name.startswith(name)) for name in concepts
        ):
            words |= {
                stem(word, language) for word in entry.words.replace("-", " ").replace("/", " ").split()
            }
    return words


BY_PATTERN = {"age_years", "sex", "enhancement_pattern", "cord_lesion_length", "spinal_cord_involvement"}
"""Findings that numbers can state too."""


@settings(max_examples=EXAMPLES)
@given(given_=medical)
def test_no_finding_is_said_whose_words_are_not_there(given_):
    language, text = given_
    for one in read_text(text, KNOWLEDGE, language).suggestions:
        if one.finding not in BY_PATTERN:
            allowed = names_of(one.finding, language)
            for mention in one.mentions:
                words = (
                    clean(mention.words).text.replace("-", " ").replace("/", " ").replace("'", " ' ").split()
                )
                assert {stem(word.strip(",.;:()"), language) for word in words} & allowed, (one, text)


@settings(max_examples=EXAMPLES)
@given(letters=st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=300))
def test_cleaning_keeps_track_of_every_character(letters):
    cleaned = clean(letters)
    assert len(cleaned.origin) == len(cleaned.text) + 1
    assert list(cleaned.origin) == sorted(cleaned.origin)
    assert not any(unicodedata.category(sign) in ("Cc", "Cf") and sign != "\n" for sign in cleaned.text)
    spans = sentences(cleaned.text)
    assert all(start < end for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


@settings(max_examples=60)
@given(given_=medical, name=st.sampled_from(["Xqzw", "Qwxz"]))
def test_words_that_mean_nothing_change_nothing(given_, name):
    language, text = given_
    plain = read_text(text, KNOWLEDGE, language).findings
    after = read_text(f"{text}.\n\n{name}.", KNOWLEDGE, language).findings
    assert plain == after
