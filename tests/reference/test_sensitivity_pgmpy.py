"""Sensitivity functions and admissible intervals of the shipped network, recomputed by pgmpy on changed networks."""

from __future__ import annotations

import numpy as np
import pytest
from pgmpy.inference import VariableElimination

from model.exchange import to_pgmpy
from model.network.hierarchy import hierarchy
from model.network.network import DIAGNOSIS
from model.network.shipped import load_network
from model.patient.evidence import encode
from model.robustness.inverse import smallest_changes
from model.robustness.one_way import sensitivity
from model.robustness.units import parameters_of

FINDINGS = {
    "sex": "male",
    "region": "northern_europe",
    "pvs_pattern": "present",
    "leptomeningeal_enhancement": "present",
    "headache": "present",
    "csf_protein_high": "present",
}


@pytest.fixture(scope="module")
def network():
    return load_network()


@pytest.fixture(scope="module")
def parameters(network):
    return parameters_of(network, unit="row")


@pytest.fixture(scope="module")
def found(network, parameters):
    return sensitivity(network, encode(network, FINDINGS), parameters=parameters)


@pytest.fixture(scope="module")
def chosen(parameters, found):
    """Parameters of every kind, and those that change the leader soonest."""
    kinds = [
        parameters.index(
            "pvs_pattern", "present", diagnosis="neurosarcoidosis", perivascular_spread="present"
        ),
        parameters.index("meningeal_disease", "present", diagnosis="neurosarcoidosis"),
        parameters.index("sex", "male", diagnosis="cns_cryptococcosis", region="northern_europe"),
    ]
    return [*kinds, *found.flip[0].argsort()[:3].tolist()]


def rows(network):
    """P(table row | findings) by pgmpy's variable elimination, with leaves in our order."""
    model = to_pgmpy(network)
    answer = VariableElimination(model).query([DIAGNOSIS], evidence=FINDINGS, show_progress=False)
    order = [answer.state_names[DIAGNOSIS].index(leaf) for leaf in network.states[DIAGNOSIS]]
    return np.asarray(answer.values)[order] @ hierarchy(network.knowledge, "row").membership


def test_functions_equal_what_pgmpy_answers_on_the_changed_network(parameters, found, chosen):
    for number in chosen:
        expected = rows(parameters.with_value(number, 0.8))
        for diagnosis, p in zip(found.classes.names, expected, strict=True):
            assert found.function(number, 0, diagnosis)(0.8) == pytest.approx(p, rel=1e-10, abs=1e-14)


def test_the_leader_changes_at_the_ends_of_the_admissible_interval(parameters, found, chosen):
    n_ends = 0
    for number in chosen:
        for side, step in ((0, -1e-6), (1, 1e-6)):
            rival, end = found.next_leader[0, number, side], found.admissible[0, number, side]
            if rival >= 0 and 0 < end + step < 1:
                n_ends += 1
                assert rows(parameters.with_value(number, end + step)).argmax() == rival
                assert rows(parameters.with_value(number, end - step)).argmax() == found.leader[0]
    assert n_ends > 0


def test_the_smallest_change_meets_the_constraint(network, parameters, found):
    names = hierarchy(network.knowledge, "row").names
    first, second = names.index("cns_lymphoma"), names.index("neurosarcoidosis")
    goal = round(1.3 * float(found.probabilities[0, first] / found.probabilities[0, second]), 3)
    constraint = f"cns_lymphoma / neurosarcoidosis >= {goal}"
    changes = smallest_changes(network, encode(network, FINDINGS), constraint, parameters=parameters)
    assert not changes.is_met
    p = rows(parameters.with_value(changes.parameters[0].index, changes.parameters[0].needed))
    assert p[first] / p[second] == pytest.approx(goal, rel=1e-9)
