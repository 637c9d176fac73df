"""
Chapter 8. Why: what an explanation of a patient must say.

The shipped network, with patients a few findings long. What is asked for are laws and the verdicts of an expert, not
digits.
"""

import pytest

from model import encode, explain

FULL = {
    "age_years": 39,
    "sex": "male",
    "enhancement_pattern": "miliary",
    "headache": "present",
    "meningism": "present",
    "fever": "present",
    "ataxia": "present",
    "diplopia": "present",
    "csf_pleocytosis": "present",
    "csf_protein_high": "present",
    "facial_palsy": "bilateral",
    "hydrocephalus": "present",
}


@pytest.fixture
def why(documents):
    """The explanation of a patient of the shipped network."""

    def explained(findings, **keywords):
        return explain(documents.network, encode(documents.network, findings), **keywords)

    return explained


def test_the_weights_of_twelve_findings_add_up_whatever_the_diagnosis(why):
    for diagnosis in (None, "neurosarcoidosis", "multiple_sclerosis"):
        found = why(FULL, diagnosis=diagnosis)
        assert len(found.contributions) == 12
        assert sum(c.in_sequence for c in found.contributions) == pytest.approx(found.total, rel=1e-10)
        assert sum(c.order_free for c in found.contributions) == pytest.approx(found.total, rel=1e-10)


def test_the_order_in_which_findings_are_told_does_not_change_their_order_free_weight(why):
    told, reversed_ = why(FULL), why(dict(reversed(FULL.items())))
    weights = {c.finding: c.order_free for c in reversed_.contributions}
    for c in told.contributions:
        assert c.order_free == pytest.approx(weights[c.finding], rel=1e-9)
    assert any(abs(c.in_sequence - c.order_free) > 0.01 for c in told.contributions)


def test_findings_of_one_mechanism_share_their_weight_instead_of_adding_it(why):
    both = why({"hearing_loss": "present", "tinnitus": "present"}, diagnosis="susac_syndrome")
    assert sum(c.alone for c in both.contributions) > both.total > max(c.alone for c in both.contributions)


def test_aquaporin_antibodies_are_why_it_is_nmosd_and_not_ms(why):
    found = why({"serum_aqp4_igg": "positive", "sex": "female"}, contrast=("nmosd", "multiple_sclerosis"))
    assert found.contrast.best.finding == "serum_aqp4_igg"
    assert found.contrast.best.facts
    [change] = next(c for c in found.counterfactuals if c.kind == "not_known").changes
    assert change.finding == "serum_aqp4_igg"


def test_two_specific_markers_of_two_diseases_are_a_conflict_and_a_common_picture_is_none(why):
    odd = why({"serum_aqp4_igg": "positive", "csf_fungal_culture": "cryptococcus", "sex": "female"})
    assert odd.conflict.value > 0
    assert odd.conflict.verdict == "conflict"
    assert set(odd.conflict.clash) == {"serum_aqp4_igg", "csf_fungal_culture"}
    usual = why({"csf_oligoclonal_bands": "present", "periventricular_lesions": "present", "sex": "female"})
    assert usual.conflict.verdict == "coherent"
    assert usual.surprise.percentile > odd.surprise.percentile


def test_every_number_has_its_facts_or_says_that_there_are_none(why):
    found = why(FULL)
    text = found.summary(n_facts=1)
    for c in found.contributions:
        assert (f"{c.facts[0].fact}]" in text) if c.facts else (f"{c.label}: no source" in text)
    assert all(fact.document and fact.location for c in found.contributions for fact in c.facts)


def test_twelve_findings_are_weighed_in_all_4096_subsets_and_all_draws(documents):
    from model.why.weight import coalitions

    known = coalitions(documents.network, encode(documents.network, FULL))
    assert (known.method, len(known.game.mean)) == ("exact", 4096)
    assert known.game.n_draws == documents.network.n_draws
