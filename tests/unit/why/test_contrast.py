"""Why X and not Y: likelihood ratios by hand, sums, two columns of facts, and mistakes."""

from __future__ import annotations

import numpy as np
import pytest

from model.diagnosis.differential import posterior
from model.errors import EvidenceError, UnknownNameError
from model.patient.evidence import encode
from model.why.contrast import contrast
from model.why.explanation import explain
from model.why.weight import coalitions
from tests.support.small_network import small_network

NETWORK = small_network()
MEAN = NETWORK.at_mean()
FINDINGS = {"optic_neuritis": "bilateral", "serum_aqp4_igg": "positive", "pvs_pattern": "present"}


def found(x="nmosd", y="multiple_sclerosis", findings=FINDINGS, network=NETWORK):
    evidence = encode(network, findings)
    return contrast(network, evidence, coalitions(network, evidence), x, y)


def test_between_two_leaves_every_weight_is_the_ratio_of_the_tables():
    """Findings are independent given the leaf here, so alone, in sequence and order-free are one number."""
    for c in found(network=MEAN).contributions:
        state = MEAN.states[c.finding].index(FINDINGS[c.finding])
        table = MEAN.tables[c.finding][0][:, state]
        expected = np.log10(table[2] / table[4])
        np.testing.assert_allclose([c.alone, c.in_sequence, c.order_free], expected, rtol=1e-10)


def test_the_weights_add_up_to_the_change_of_the_odds():
    answer = found("cns_lymphoma", "nmosd")
    p = posterior(NETWORK, encode(NETWORK, [{}, FINDINGS])).mean
    odds = np.log10(p[:, :2].sum(axis=1) / p[:, 2])
    np.testing.assert_allclose([answer.prior_odds, answer.posterior_odds], odds, rtol=1e-10)
    for kind in ("in_sequence", "order_free"):
        total = sum(getattr(c, kind) for c in answer.contributions)
        np.testing.assert_allclose(total, np.diff(odds)[0], rtol=1e-10)


def test_exchanged_diagnoses_exchange_the_signs():
    there, back = found("nmosd", "other"), found("other", "nmosd")
    for one, other in zip(there.contributions, back.contributions, strict=True):
        np.testing.assert_allclose(one.order_free, -other.order_free, rtol=1e-10)
        assert (one.facts, one.facts_against) == (other.facts_against, other.facts)


def test_the_facts_stand_on_both_sides():
    last = found("nmosd", "cns_lymphoma").contributions[2]
    assert [fact.fact for fact in last.facts] == ["001-0002"]
    assert [fact.fact for fact in last.facts_against] == ["001-0001", "001-0004"]


def test_the_text_says_which_and_why():
    text = found().summary()
    assert text.startswith("Why Neuromyelitis optica spectrum disorder and not Multiple sclerosis? Before")
    assert "Most in its favour: Serum aqp4 igg = positive." in text
    assert "Optic neuritis, Multiple sclerosis: no source" in text


def test_the_frame_has_a_line_per_finding():
    frame = found().to_frame()
    assert list(frame["finding"]) == list(FINDINGS)
    assert list(found(findings={}).to_frame().columns) == list(frame.columns)


def test_no_finding_says_so():
    answer = found(findings={})
    assert (answer.total, answer.best) == (0, None)
    assert "No finding favours" in answer.summary()


@pytest.mark.parametrize("pair", [("cns_lymphoma", "primary_cns_lymphoma"), ("nmosd", "nmosd")])
def test_overlapping_diagnoses_cannot_be_contrasted(pair):
    with pytest.raises(EvidenceError, match="they share a leaf"):
        found(*pair)


def test_an_unknown_diagnosis_names_the_nearest():
    with pytest.raises(
        UnknownNameError, match="diagnosis to contrast: unknown diagnosis nmsod; did you mean nmosd"
    ):
        found("nmosd", "nmsod")


def test_an_impossible_diagnosis_cannot_be_contrasted():
    with pytest.raises(EvidenceError, match="contrast, nmosd: the findings make it impossible"):
        found("nmosd", "multiple_sclerosis", {"ms_course": "relapsing_remitting"})


def test_an_explanation_carries_the_contrast_and_explains_its_first_diagnosis():
    why = explain(NETWORK, encode(NETWORK, FINDINGS), contrast=("cns_lymphoma", "nmosd"))
    assert (why.diagnosis, why.contrast) == ("cns_lymphoma", found("cns_lymphoma", "nmosd"))
    assert explain(NETWORK, encode(NETWORK, FINDINGS)).contrast is None
