"""Simulated patients: as common as the tables say, the same for a seed, and accepted by the encoder."""

from __future__ import annotations

import numpy as np
import pytest

from model.diagnosis.differential import posterior
from model.errors import EvidenceError, UnknownNameError
from model.patient.evidence import encode
from model.patient.simulation import pick, simulate
from tests.support.small_network import N_DRAWS, small_network

NETWORK = small_network()
MEAN = NETWORK.at_mean()
N = 20_000
STANDARD_ERRORS = 4.5
"""About 60 proportions are compared in all: one beyond this in 2,000 runs of unlucky seeds."""


def assert_is_share(found, expected, n=N):
    """A proportion of n patients is within the stated number of standard errors."""
    spread = np.sqrt(expected * (1 - expected) / n)
    assert (np.abs(found - expected) <= STANDARD_ERRORS * spread + 1e-12).all()


class TestPatientsFollowTheTables:
    def test_diagnoses_are_as_common_as_the_prior_says(self):
        patients = simulate(NETWORK, N, seed=1)
        counts = np.bincount(patients.states["diagnosis"], minlength=6) / N
        assert_is_share(counts, posterior(NETWORK, encode(NETWORK, {})).mean[0])

    @pytest.mark.parametrize(
        "name", ["sex", "optic_neuritis", "enhancement_pattern", "ms_variant", "age_years"]
    )
    def test_states_are_as_common_in_a_disease_as_its_table_says(self, name):
        patients = simulate(MEAN, N, seed=2, diagnosis="multiple_sclerosis")
        counts = np.bincount(patients.states[name], minlength=len(MEAN.states[name])) / N
        assert_is_share(counts, MEAN.tables[name][0, 4])

    def test_further_parents_count(self):
        patients = simulate(MEAN, N, seed=3, diagnosis="multiple_sclerosis")
        old = patients.states["age_years"] == 2
        share = (patients.states["ms_course"][old] == 2).mean()
        assert_is_share(share, 0.4, old.sum())

    def test_regions_of_a_disease_follow_from_bayes_rule(self):
        patients = simulate(MEAN, N, seed=4, diagnosis="nmosd")
        north = 0.6 * 0.05 / (0.6 * 0.05 + 0.4 * 0.15)
        assert_is_share((patients.states["region"] == 0).mean(), north)

    def test_a_draw_is_as_common_as_it_makes_the_disease(self):
        patients = simulate(NETWORK, N, seed=5, diagnosis="nmosd")
        weight = np.einsum("sr,sr->s", NETWORK.tables["region"], NETWORK.tables["diagnosis"][:, :, 2])
        assert_is_share(np.bincount(patients.draws, minlength=N_DRAWS) / N, weight / weight.sum())


class TestSelection:
    @pytest.mark.parametrize(
        ("diagnosis", "leaves"),
        [
            ("nmosd", {"nmosd"}),
            ("cns_lymphoma", {"primary_cns_lymphoma", "secondary_cns_lymphoma"}),
            ("demyelinating", {"nmosd", "multiple_sclerosis"}),
        ],
    )
    def test_a_leaf_a_row_or_a_group(self, diagnosis, leaves):
        assert set(simulate(NETWORK, 200, seed=1, diagnosis=diagnosis).truth) == leaves

    def test_the_seed_decides(self):
        one, same, other = (simulate(NETWORK, 50, seed=seed) for seed in (7, 7, 8))
        assert all((one.states[name] == same.states[name]).all() for name in one.states)
        assert any((one.states[name] != other.states[name]).any() for name in one.states)


class TestRecords:
    def test_the_encoder_reads_the_cases_back(self):
        patients = simulate(NETWORK, 300, seed=1)
        direct, read = patients.evidence(), encode(NETWORK, patients.cases())
        assert direct.likelihoods.keys() == read.likelihoods.keys()
        for name, rows in direct.likelihoods.items():
            np.testing.assert_array_equal(rows, read.likelihoods[name])

    def test_what_another_finding_bars_is_not_on_record(self):
        patients = simulate(NETWORK, 300, seed=1)
        recorded = patients.recorded()
        # fever=present bars enhancement_pattern=miliary as `finding`; the pattern without enhancement bars PVS.
        fever, pattern = patients.states["fever"] == 1, patients.states["enhancement_pattern"]
        assert recorded["fever"].all()
        np.testing.assert_array_equal(recorded["enhancement_pattern"], ~fever)
        np.testing.assert_array_equal(recorded["pvs_pattern"], fever | (pattern != 2))

    def test_a_selection_bars_only_within_itself(self):
        patients = simulate(NETWORK, 100, seed=1)
        assert patients.recorded(["pvs_pattern"])["pvs_pattern"].all()
        assert set(patients.cases(["sex"])[0].findings) == {"sex"}

    def test_the_truth_is_told_apart_from_the_findings(self):
        patients = simulate(NETWORK, 100, seed=1)
        for case, truth in zip(patients.cases(), patients.truth, strict=True):
            assert case.truth == truth
            assert (case.ms_course is None) == (truth != "multiple_sclerosis")
            assert not {"diagnosis", "ms_course", "ms_variant"} & set(case.findings)

    def test_the_summary_counts(self):
        patients = simulate(NETWORK, 10, seed=1, diagnosis="nmosd")
        assert repr(patients) == "10 simulated patients: nmosd 10"


class TestMistakes:
    def test_no_patient(self):
        with pytest.raises(EvidenceError, match="n is 0"):
            simulate(NETWORK, 0, seed=1)

    def test_an_unknown_diagnosis(self):
        with pytest.raises(UnknownNameError, match="did you mean nmosd"):
            simulate(NETWORK, 1, seed=1, diagnosis="nmos")


def test_a_row_that_sums_to_slightly_less_than_one_still_gets_a_state():
    rows = np.full((2000, 10), 0.1) * (1 - 1e-9)
    states = pick(rows, np.random.default_rng(0))
    assert states.min() == 0
    assert states.max() == 9
