"""Beliefs given subsets of findings: the same as asking the engine for each, however they are multiplied up."""

from __future__ import annotations

import numpy as np
import pytest

from model.diagnosis.differential import posterior
from model.patient.evidence import encode
from model.why import subset
from model.why.subset import blocks, every_subset, subset_beliefs, thinned
from tests.support.small_network import small_network

NETWORK = small_network()
FINDINGS = {
    "region": "south",
    "age_years": 30,
    "sex": "female",
    "optic_neuritis": {"absent": 1, "unilateral": 0, "bilateral": 3},
    "serum_aqp4_igg": "positive",
    "central_vein_sign": "present",
    "brain_mri_field_strength": "7T",
    "ms_variant": "not_applicable|classic",
}
EVIDENCE = encode(NETWORK, FINDINGS)
NAMES = EVIDENCE.observed()


def same_as_the_engine(found, kept):
    answer = posterior(NETWORK, EVIDENCE.with_only(kept, NAMES))
    np.testing.assert_allclose(found.mean, answer.mean, rtol=1e-10)
    np.testing.assert_allclose(found.log10_evidence, answer.log_evidence / np.log(10), rtol=1e-10, atol=1e-12)


def test_all_subsets_agree_with_the_engine():
    kept = every_subset(len(NAMES))
    same_as_the_engine(subset_beliefs(NETWORK, EVIDENCE, NAMES, kept), kept)


def test_some_subsets_agree_with_the_engine():
    kept = every_subset(len(NAMES))[[3, 77, 200, 3]]
    same_as_the_engine(subset_beliefs(NETWORK, EVIDENCE, NAMES, kept), kept)


def test_draws_in_several_chunks_agree_with_the_engine(monkeypatch):
    monkeypatch.setattr(subset, "CHUNK_CELLS", 1)
    for kept in (every_subset(len(NAMES)), every_subset(len(NAMES))[[3, 77, 200, 3]]):
        same_as_the_engine(subset_beliefs(NETWORK, EVIDENCE, NAMES, kept), kept)


def test_no_finding_is_the_prior():
    found = subset_beliefs(NETWORK, encode(NETWORK, {}), (), every_subset(0))
    np.testing.assert_allclose(found.mean, posterior(NETWORK, encode(NETWORK, {})).mean, rtol=1e-10)
    np.testing.assert_allclose(found.log10_evidence, 0, atol=1e-12)


def test_findings_that_share_an_unseen_cause_are_one_block():
    found = [{NAMES[i] for i in block} for block in blocks(NETWORK, NAMES)]
    assert {"central_vein_sign", "brain_mri_field_strength"} in found
    assert {"sex"} in found
    assert {"ms_variant"} in found
    assert sorted(name for block in found for name in block) == sorted(NAMES)


def test_too_much_work_is_thinned_and_says_so(monkeypatch):
    monkeypatch.setattr(subset, "MAX_SUBSETS", 2 * 2 ** len(NAMES))
    kept = every_subset(len(NAMES))
    assert subset_beliefs(NETWORK, EVIDENCE, NAMES, kept).n_draws == 2
    assert subset_beliefs(NETWORK, EVIDENCE, NAMES, kept, all_draws=True).n_draws == NETWORK.n_draws


@pytest.mark.parametrize("n", [1, 2, 5, 9])
def test_thinning_keeps_whole_draws(n):
    few = thinned(NETWORK, n)
    assert few.n_draws == min(n, NETWORK.n_draws)
    np.testing.assert_array_equal(few.at_draw(0).tables["fever"], NETWORK.at_draw(0).tables["fever"])
