"""The shipped network in pgmpy: the same nodes, arcs and numbers, and pgmpy's own answers from them."""

from __future__ import annotations

import numpy as np
import pytest
from pgmpy.inference import VariableElimination

from model import encode, load_network, posterior
from model.errors import ContradictionError
from model.exchange import check_columns, to_pgmpy
from model.network.network import DIAGNOSIS

N_PATIENTS = 24
ALWAYS_ASKED = (
    *("age_years", "region", "sex", "ms_course", "immune_status", "contrast_protocol", "cord_mri_sequences"),
    *("enhancement_pattern", "spinal_cord_involvement", "central_vein_sign", "brain_mri_field_strength"),
)
"""Nodes with several parents, and those parents."""


@pytest.fixture(scope="module")
def network():
    return load_network().at_mean()


@pytest.fixture(scope="module")
def exported(network):
    return to_pgmpy(network)


def sampled_patient(network, rng):
    """States of all nodes, drawn from the network, so that the evidence is possible."""
    patient: dict[str, int] = {}
    todo = list(network.names)
    while todo:
        name = next(n for n in todo if all(p in patient for p in network.parents[n]))
        row = network.tables[name][(0, *(patient[p] for p in network.parents[name]))]
        patient[name] = int(rng.choice(len(row), p=row / row.sum()))
        todo.remove(name)
    return {name: network.states[name][state] for name, state in patient.items()}


def findings_of_patients(network, n):
    """Findings of n patients: half of the nodes with several parents, and a dozen others."""
    rng = np.random.default_rng(7)
    while n:
        patient = sampled_patient(network, rng)
        known = [name for name in ALWAYS_ASKED if rng.random() < 0.5]
        unseen = {*ALWAYS_ASKED, DIAGNOSIS, *network.knowledge.of_role("mechanism")}
        others = [name for name in network.names if name not in unseen]
        known += rng.choice(others, size=12, replace=False).tolist()
        findings = {name: patient[name] for name in known}
        try:
            encode(network, findings)
        except ContradictionError:
            continue  # a statement about words, not about probabilities
        n -= 1
        yield findings


def test_nodes_arcs_and_states_are_ours(network, exported):
    assert set(exported.nodes) == set(network.names)
    assert set(exported.edges) == {(p, c) for c in network.names for p in network.parents[c]}
    assert exported.states == {name: list(network.states[name]) for name in network.names}


def test_tables_are_ours(network, exported):
    for name in network.names:
        cpd = exported.get_cpds(name)
        assert cpd.variables == [name, *network.parents[name]]
        np.testing.assert_allclose(np.moveaxis(cpd.values, 0, -1), network.tables[name][0], rtol=1e-14)


def test_both_checks_pass(exported):
    assert exported.check_model()
    check_columns(exported)


def test_answers_of_pgmpy_equal_ours_at_the_mean(network, exported):
    engine = VariableElimination(exported)
    patients = list(findings_of_patients(network, N_PATIENTS))
    assert len(patients) >= 20
    assert {name for findings in patients for name in findings} >= {*ALWAYS_ASKED}
    for findings in patients:
        theirs = engine.query([DIAGNOSIS], findings, show_progress=False)
        ours = posterior(network, encode(network, findings)).probabilities[0, 0]
        np.testing.assert_allclose(theirs.values, ours, rtol=1e-10, atol=1e-13)
        assert theirs.state_names[DIAGNOSIS] == list(network.states[DIAGNOSIS])


def test_ms_axes_of_pgmpy_equal_ours_at_the_mean(network, exported):
    engine = VariableElimination(exported)
    for findings in findings_of_patients(network, 6):
        answer = posterior(network, encode(network, findings))
        for axis in {"ms_course", "ms_variant"} - set(findings):
            theirs = engine.query([axis], findings, show_progress=False)
            np.testing.assert_allclose(theirs.values, answer.ms_axes[axis][0], rtol=1e-10, atol=1e-13)
