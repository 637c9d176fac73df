"""Every fact can be found again in its document, is said in our words, and is read by something."""

import csv
import re
from collections import Counter

from priors import load_knowledge_base
from tests.support.source import ROOT

KNOWLEDGE = load_knowledge_base()
FACTS = tuple(KNOWLEDGE.facts.values())
FREQUENCIES = (
    "count",
    "percentage",
    "range",
    "upper_bound",
    "lower_bound",
    "word",
    "symbol",
    "listed",
    "negative",
)


def ids(facts):
    return [fact.id for fact in facts]


def test_every_fact_says_where_it_stands_and_what_it_says():
    assert ids(f for f in FACTS if not f.location.strip() or not f.statement.strip()) == []


def test_every_fact_belongs_to_a_document_or_a_publication():
    assert {fact.source for fact in FACTS if not fact.is_cohort} == set(KNOWLEDGE.sources)
    assert {fact.source for fact in FACTS if fact.is_cohort} == set(KNOWLEDGE.publications)


def test_every_document_can_be_cited():
    assert [s.id for s in KNOWLEDGE.sources.values() if not s.title or len(s.citation) < 40] == []
    assert all(re.fullmatch(r"(10\.\d{4,}/\S+)?", source.doi) for source in KNOWLEDGE.sources.values())


def test_statements_are_short_and_in_our_words():
    """Long enough to say something, too short to be a passage of the document."""
    assert ids(f for f in FACTS if not 1 <= len(f.statement.split()) <= 25) == []
    assert (
        ids(f for f in FACTS if re.search(r"[“”]|\[\d+\]|et al", f.statement)) == []
    )  # quotations, citations


def test_statements_are_english():
    """One document is German; its facts are not."""
    german = re.compile(r"\b(?:und|der|die|das|mit|nicht|bei|wird|sind|Myelon|Läsionen?)\b")
    assert ids(fact for fact in FACTS if german.search(fact.statement)) == []


def test_a_count_is_k_of_n():
    counts = [fact for fact in FACTS if fact.kind == "count"]
    assert len(counts) > 5
    assert ids(f for f in counts if not (f.low is not None and f.n and 0 <= f.low <= f.n)) == []


def test_a_percentage_is_a_share():
    shares = [f for f in FACTS if f.kind in ("percentage", "range", "upper_bound", "lower_bound")]
    assert ids(f for f in shares for x in (f.low, f.high) if x is not None and not 0 <= x <= 1) == []


def test_numbers_carry_their_denominator():
    """A share without the group it is a share of cannot be read."""
    numbers = [fact for fact in FACTS if fact.kind in ("count", "percentage", "range", "upper_bound")]
    assert ids(fact for fact in numbers if not fact.denominator) == []


def test_a_frequency_is_about_a_state_of_a_diagnosis():
    wrong = [
        fact
        for fact in FACTS
        if fact.kind in FREQUENCIES
        and (
            fact.diagnosis not in KNOWLEDGE.diagnoses
            or not set(fact.state.split("|")) <= set(KNOWLEDGE.variables[fact.finding].state_ids)
        )
    ]
    assert ids(wrong) == []


def test_every_word_stands_on_the_scale():
    scale = {(entry.scale, entry.term) for entry in KNOWLEDGE.scales}
    scaled = [fact for fact in FACTS if fact.kind in ("word", "symbol", "listed", "negative", "specific")]
    assert ids(fact for fact in scaled if (fact.kind, fact.term) not in scale) == []


def test_every_condition_is_an_arc_of_the_network():
    arcs = {(link.child, link.parent) for link in KNOWLEDGE.links}
    conditional = [fact for fact in FACTS if fact.given and fact.kind in FREQUENCIES]
    assert len(conditional) > 20
    wrong = [f for f in conditional if (f.finding, f.given.split("=")[0]) not in arcs]
    assert ids(wrong) == []


def test_identifiers_are_unique_and_ascending_in_their_file():
    """Never renumbered: a file may have gaps, but a later line has a higher number."""
    for path in sorted((ROOT / "priors" / "facts").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            numbers = [row["id"] for row in csv.DictReader(lines)]
        assert numbers == sorted(set(numbers)), path.name


def test_no_fact_stands_twice():
    """Same place, cell, reading, words and extracted statement: one line too many."""
    key = Counter(
        (
            f.source,
            f.location,
            f.diagnosis,
            f.finding,
            f.state,
            f.given,
            f.kind,
            f.term,
            f.statement,
            f.ledger,
        )
        for f in FACTS
        if not f.is_cohort
    )
    assert [cell for cell, n in key.items() if n > 1] == []


def test_every_document_contributes_a_frequency():
    assert {fact.source for fact in FACTS if fact.kind in FREQUENCIES} >= set(KNOWLEDGE.sources)
