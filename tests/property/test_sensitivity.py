"""Laws of sensitivity: closed forms against recomputed networks, bounds, admissible intervals, smallest changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from model.diagnosis.differential import posterior
from model.errors import EvidenceError, ImpossibleEvidenceError
from model.inference.engine import infer, plan
from model.patient.evidence import encode
from model.robustness.constraint import parse
from model.robustness.family import families, outside_parents
from model.robustness.inverse import smallest_changes
from model.robustness.one_way import sensitivity
from model.robustness.surface import two_way
from model.robustness.units import parameters_of
from tests.support.enumeration import joint_table, onto, questions, with_evidence
from tests.support.small_network import small_network

NETWORK = small_network()
PARAMETERS = parameters_of(NETWORK, unit="row")
CASES = (
    {},
    {"pvs_pattern": "present", "optic_neuritis": "unilateral", "sex": "male"},
    {"age_years": 30, "enhancement_pattern": ["miliary", "ring"], "central_vein_sign": "present"},
    {"fever": "absent", "region": "south", "optic_neuritis": {"absent": 1, "unilateral": 0, "bilateral": 3}},
)
EVIDENCE = encode(NETWORK, [{"id": str(i), "findings": findings} for i, findings in enumerate(CASES)])
FOUND = sensitivity(NETWORK, EVIDENCE, parameters=PARAMETERS)
patients = st.integers(0, len(CASES) - 1)
numbers = st.integers(0, len(PARAMETERS) - 1)
values = st.floats(0.01, 0.99)
leaves = st.sampled_from(NETWORK.knowledge.leaves)


def rows(network, patient):
    """Probability of every table row, recomputed on a network."""
    return posterior(network, EVIDENCE.select(patient)).mean_by("row")[0]


@settings(max_examples=60)
@given(questions(max_draws=1))
def test_families_are_those_of_the_written_out_joint_distribution(question):
    graph, hub, likelihoods, n_patients = question
    compiled = plan(graph, hub)
    try:
        beliefs = infer(compiled, likelihoods, n_patients=n_patients)
    except ImpossibleEvidenceError:
        assume(False)
    found = dict(families(beliefs))
    assert sorted(found) == list(range(len(graph.cards)))
    for patient in range(n_patients):
        joint = with_evidence(joint_table(graph, 0), likelihoods, patient)
        joint /= joint.sum()
        for v, family in found.items():
            outside = outside_parents(compiled, v)
            axes = [*hub, *outside, v] if v not in hub else [*hub, *outside]
            expected = onto(joint, axes)[tuple(compiled.support.T)].reshape(*family.shape[1:3], -1)
            if v in hub:
                expected = expected * np.eye(graph.cards[v])[compiled.support[:, hub.index(v)]][:, None]
            np.testing.assert_allclose(family[patient], expected, rtol=1e-10, atol=1e-14)


@given(patients, numbers, values, st.sampled_from(FOUND.classes.names))
def test_the_function_is_the_answer_of_the_changed_network(patient, number, value, diagnosis):
    expected = rows(PARAMETERS.with_value(number, value), patient)[FOUND.classes.names.index(diagnosis)]
    assert FOUND.function(number, patient, diagnosis)(value) == pytest.approx(expected, rel=1e-10, abs=1e-14)


@given(patients, numbers)
def test_the_derivative_is_that_of_central_differences(patient, number):
    value = PARAMETERS.value[number]
    # Halving the step shows that what remains is the error of the difference, of order step squared.
    step = 1e-4 * value * (1 - value)
    target = FOUND.target[patient]
    high, low = (rows(PARAMETERS.with_value(number, value + s), patient)[target] for s in (step, -step))
    scale = FOUND.bound[patient, number]
    assert (high - low) / (2 * step) == pytest.approx(
        FOUND.derivative[patient, number], abs=1e-6 * scale + 1e-9
    )


def test_no_query_moves_further_than_its_parameter():
    assert (np.abs(FOUND.derivative) <= FOUND.bound * (1 + 1e-9)).all()
    assert (np.abs(FOUND.elasticity) <= 1 + 1e-9).all()
    assert np.abs(FOUND.elasticity).max() > 0.3  # some come near: the bound is no empty one


@given(patients, numbers, values)
def test_log_odds_change_at_most_as_much_as_those_of_the_parameter(patient, number, value):
    def logit(p):
        return np.log(p / (1 - p))

    moved = logit(FOUND.function(number, patient)(value)) - logit(FOUND.present[patient, 0])
    assert abs(moved) <= abs(logit(value) - logit(PARAMETERS.value[number])) + 1e-9


@given(patients, numbers, values)
def test_the_leader_leads_inside_the_admissible_interval_and_only_there(patient, number, value):
    low, high = FOUND.admissible[patient, number]
    assume(min(abs(value - low), abs(value - high)) > 1e-9)
    leader = int(rows(PARAMETERS.with_value(number, value), patient).argmax())
    assert (leader == FOUND.leader[patient]) == (low < value < high)


@given(patients, numbers)
def test_just_outside_leads_who_is_named(patient, number):
    for side, step in ((0, -1e-6), (1, 1e-6)):
        rival, end = FOUND.next_leader[patient, number, side], FOUND.admissible[patient, number, side]
        if rival >= 0 and 0 < end + step < 1:
            assert rows(PARAMETERS.with_value(number, end + step), patient).argmax() == rival
        if rival < 0:
            assert end == (0.0, 1.0)[side]


@settings(max_examples=40)
@given(patients, leaves, leaves, st.sampled_from([">=", "<="]), st.sampled_from("-/ "), st.floats(0.05, 0.9))
def test_smallest_changes_just_meet_the_constraint(patient, first, second, relation, operator, goal):
    text = f"{first} {relation} {goal}"
    if operator != " ":
        text = f"{first} {operator} {second} {relation} {goal}"
    evidence = EVIDENCE.select(patient)
    found = smallest_changes(NETWORK, evidence, text, parameters=PARAMETERS)
    weights = parse(text).weights(NETWORK.knowledge)
    headline, at_mean = (
        posterior(network, evidence).mean[0] @ weights for network in (NETWORK, NETWORK.at_mean())
    )
    assert (found.is_met, found.is_met_at_mean) == (headline >= 0, at_mean >= 0)
    if found.is_met or found.is_met_at_mean:
        assert (found.parameters, found.tables) == ((), ())
    distances = [change.log_odds for change in found.parameters]
    assert distances == sorted(distances)
    for change in found.parameters:
        changed = posterior(PARAMETERS.with_value(change.index, change.needed), evidence).mean[0]
        assert changed @ weights == pytest.approx(0.0, abs=1e-9)
        assert change.log_odds >= found.least - 1e-9
    for change in found.tables:
        network = NETWORK.at_mean()
        network = replace(network, tables={**network.tables, change.what: change.table})
        assert posterior(network, evidence).mean[0] @ weights == pytest.approx(0.0, abs=1e-9)


def test_parameters_that_are_not_named_cannot_meet_the_constraint():
    text, evidence = "nmosd >= 0.5", EVIDENCE.select(1)
    weights = parse(text).weights(NETWORK.knowledge)
    named = {c.index for c in smallest_changes(NETWORK, evidence, text, parameters=PARAMETERS).parameters}
    assert 0 < len(named) < len(PARAMETERS)
    for number in set(range(len(PARAMETERS))) - named:
        for value in (1e-6, 0.3, 0.7, 1 - 1e-6):
            assert posterior(PARAMETERS.with_value(number, value), evidence).mean[0] @ weights < 0


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["pvs_pattern", "optic_neuritis", "diagnosis"]))
def test_no_table_within_a_smaller_distance_meets_the_constraint(seed, name):
    text, evidence = "nmosd >= 0.5", EVIDENCE.select(1)
    weights = parse(text).weights(NETWORK.knowledge)
    [change] = [c for c in smallest_changes(NETWORK, evidence, text, unit="row").tables if c.what == name]
    mean = NETWORK.at_mean()
    table = mean.tables[name]
    # Each state times exp of 0 to the distance: the neighbourhood of that radius, before normalising.
    extremes = np.random.default_rng(seed).choice([0.0, 0.5, 0.999], size=table.shape)
    changed = table * np.exp(extremes * change.log_odds)
    changed /= changed.sum(axis=-1, keepdims=True)
    network = replace(mean, tables={**mean.tables, name: changed})
    assert posterior(network, evidence).mean[0] @ weights < 0


def test_the_two_states_of_one_row_are_no_two_parameters():
    rows = {}
    for i, address in enumerate(zip(PARAMETERS.node.tolist(), PARAMETERS.row.tolist(), strict=True)):
        rows.setdefault(address, []).append(i)
    whole = [pair for pair in rows.values() if len(pair) == 2 and PARAMETERS.value[pair].sum() > 0.999]
    assert whole
    with pytest.raises(EvidenceError, match="add up to 1"):
        two_way(PARAMETERS, EVIDENCE.select(0), *whole[0], n=3)


@settings(max_examples=30)
@given(patients, st.lists(numbers, min_size=2, max_size=2, unique=True), st.data())
def test_a_surface_is_the_answer_of_the_doubly_changed_network(patient, pair, data):
    first, second = pair
    one_node = PARAMETERS.node[first] == PARAMETERS.node[second]
    one_row = one_node and PARAMETERS.row[first] == PARAMETERS.row[second]
    assume(not one_row or PARAMETERS.value[first] + PARAMETERS.value[second] < 0.999)
    surface = two_way(PARAMETERS, EVIDENCE.select(patient), *pair, n=7)
    i, j = data.draw(st.sampled_from(np.argwhere(surface.inside).tolist()))
    x, y = surface.values[0, i], surface.values[1, j]
    expected = rows(PARAMETERS.with_values({pair[0]: x, pair[1]: y}), patient)
    np.testing.assert_allclose(surface.probabilities[i, j], expected, rtol=1e-9, atol=1e-12)
