"""Surprise: a percentile among simulated patients, calibrated where it must be."""

from __future__ import annotations

import numpy as np
import pytest

from model.errors import EvidenceError
from model.patient.evidence import encode
from model.patient.simulation import simulate
from model.why.surprise import reports, surprise
from tests.support.small_network import small_network

NETWORK = small_network()


def found(findings, **keywords):
    return surprise(NETWORK, encode(NETWORK, findings), **keywords)


def test_the_percentile_is_the_probability_of_findings_at_most_as_probable():
    """One finding with three states: the exact percentile is the sum of the not more probable ones."""
    t = NETWORK.at_mean().tables
    p = t["region"][0] @ t["diagnosis"][0] @ t["enhancement_pattern"][0]
    for i, state in enumerate(NETWORK.states["enhancement_pattern"]):
        answer = found({"enhancement_pattern": state}, n_simulated=4000)
        expected = p[p <= p[i]].sum()
        assert abs(answer.percentile - expected) < 5 * np.sqrt(expected * (1 - expected) / 4000) + 1 / 4000
        np.testing.assert_allclose(answer.log10_probability, np.log10(p[i]), rtol=1e-10)


def test_patients_of_the_network_are_not_surprising():
    """Among 100 simulated patients about 10 lie in the lowest tenth: within five standard errors (of 3)."""
    patients = simulate(NETWORK.at_mean(), 100, seed=5)
    names = ("fever", "sex", "optic_neuritis", "enhancement_pattern", "age_years", "serum_aqp4_igg")
    evidence = patients.evidence(names)
    low = [surprise(NETWORK, evidence.select(i), n_simulated=200).percentile <= 0.1 for i in range(100)]
    assert abs(sum(low) - 10) < 15
    assert any(low)


def test_the_same_seed_gives_the_same_percentile():
    findings = {
        "fever": "present",
        "sex": ["female"],
        "optic_neuritis": {"absent": 1, "unilateral": 0, "bilateral": 3},
    }
    assert found(findings, seed=3) == found(findings, seed=3)
    assert found(findings, seed=3).percentile != found(findings, seed=4).percentile


def test_no_finding_is_no_surprise():
    answer = found({})
    assert (answer.percentile, answer.log10_probability) == (1.0, pytest.approx(0, abs=1e-12))
    assert "not unusual" in answer.sentence()


def test_it_is_never_zero():
    tables = NETWORK.tables["serum_aqp4_igg"]
    assert tables[..., 1].max() < 1
    answer = found({"serum_aqp4_igg": "positive", "fever": "present", "sex": "male"}, n_simulated=1)
    assert answer.percentile in (0.5, 1.0)


def test_reports_of_all_patients_make_one_distribution():
    """P(this report) + P(any other) = 1 for every state: a model of what is on record."""
    weights = np.array([0.2, 1.0, 0.0])
    for state in range(3):
        rows = reports(weights, np.full(4000, state), np.random.default_rng(0))
        is_made = (rows == weights).all(axis=1)
        assert abs(is_made.mean() - weights[state]) < 5 * np.sqrt(0.25 / 4000)
        assert (rows[~is_made, state] == 1 - weights[state]).all()


def test_no_patient_cannot_be_simulated():
    with pytest.raises(EvidenceError, match="0 simulated patients; allowed are 1 and more"):
        found({}, n_simulated=0)
