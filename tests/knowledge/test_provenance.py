"""Every number has a source or says that it has none; a number without one is in the assumption register."""

import math
import re
from collections import Counter

import numpy as np
import pytest

from model import encode, explain, load_network
from priors import load_knowledge_base

KNOWLEDGE = load_knowledge_base()
SETTINGS = {row.setting for row in KNOWLEDGE.prior_weights}


def test_every_reading_of_a_word_has_a_source_or_says_that_it_has_none():
    known = re.compile(r"doi:10\.|frequency classes|documents|no source")
    assert [(s.scale, s.term) for s in KNOWLEDGE.scales if not known.search(s.source)] == []


def test_every_reading_is_a_probability_with_a_width():
    """Roots and odds ratios are weights; all else is a probability. None is certain."""
    shares = [s for s in KNOWLEDGE.scales if s.scale not in ("root", "odds_ratio")]
    assert [s for s in shares if not 0 < s.low < s.median < s.high < 1] == []
    assert [s for s in KNOWLEDGE.scales if not 0 < s.low < s.median < s.high] == []


def test_words_are_ordered_as_speakers_order_them():
    order = ("extremely_rare", "very_rare", "rare", "less_common", "common", "leading", "usual", "defining")
    for mapping in ("literature", "hpo", "renooij_witteman"):
        medians = {s.term: s.median for s in KNOWLEDGE.scales if (s.scale, s.mapping) == ("word", mapping)}
        found = [medians[term] for term in order if term in medians]
        assert len(found) >= 7
        assert found == sorted(found), mapping


def test_symbols_are_ordered_as_they_are_printed():
    medians = {s.term: s.median for s in KNOWLEDGE.scales if s.scale == "symbol"}
    assert medians["-"] < medians["rare"] < medians["+/-"] < medians["+"]


def test_every_prior_weight_cites_a_fact_or_says_why_it_does_not():
    assert [w for w in KNOWLEDGE.prior_weights if not w.note] == []
    assert [f for w in KNOWLEDGE.prior_weights for f in w.facts if f not in KNOWLEDGE.facts] == []


@pytest.mark.parametrize("setting", sorted(SETTINGS))
def test_every_leaf_has_one_weight_for_each_setting_and_place(setting):
    rows = [w for w in KNOWLEDGE.prior_weights if w.setting == setting]
    places = Counter((w.diagnosis, w.region, w.ancestry) for w in rows)
    assert {w.diagnosis for w in rows} == set(KNOWLEDGE.leaves)
    assert max(places.values()) == 1
    assert [w for w in rows if not 0 < w.low <= w.median <= w.high < math.inf] == []


def test_every_mechanism_has_an_odds_ratio():
    terms = [scale.term for scale in KNOWLEDGE.scales if scale.scale == "odds_ratio"]
    assert sorted(terms) == sorted(KNOWLEDGE.of_role("mechanism"))


def test_every_root_state_has_a_weight():
    terms = {scale.term for scale in KNOWLEDGE.scales if scale.scale == "root"}
    roots = KNOWLEDGE.of_role("context", "protocol")
    assert terms == {f"{name}={state}" for name, variable in roots.items() for state in variable.state_ids}


@pytest.fixture(scope="module")
def network():
    return load_network()


def test_no_probability_of_the_network_is_certain_except_for_the_structural_ones(network):
    """Course and variant exist in MS only; everything else can always happen, and can always fail to happen."""
    certain = [
        name
        for name, table in network.tables.items()
        if name not in ("ms_course", "ms_variant") and not ((table > 0).all() and (table < 1).all())
    ]
    assert certain == []


def test_every_table_of_the_network_is_a_distribution(network):
    for name, table in network.tables.items():
        np.testing.assert_allclose(table.sum(axis=-1), 1, rtol=0, atol=1e-6, err_msg=name)  # single precision


def test_course_and_variant_exist_in_multiple_sclerosis_only(network):
    ms = network.states["diagnosis"].index("multiple_sclerosis")
    for name in ("ms_course", "ms_variant"):
        table = np.moveaxis(network.tables[name], 1, 0)
        assert network.states[name][0] == "not_applicable"
        assert (table[ms][..., 0] == 0).all()
        assert (np.delete(table, ms, axis=0)[..., 0] == 1).all()


@pytest.mark.parametrize(
    ("finding", "state", "diagnosis", "has_source"),
    [("oral_ulcers", "present", "behcet_disease", True), ("oral_ulcers", "present", "clippers", False)],
)
def test_an_explanation_cites_the_facts_or_says_that_there_are_none(
    network, finding, state, diagnosis, has_source
):
    why = explain(network, encode(network, {finding: state}), diagnosis=diagnosis)
    cited = why.contributions[0].facts
    facts = [citation.fact for citation in cited if citation.fact != "judgement"]
    assert bool(facts) == has_source
    assert all(fact in KNOWLEDGE.facts for fact in facts)
    assert ("Judgement of a language model" in {citation.document for citation in cited}) == (
        len(facts) < len(cited)
    )
