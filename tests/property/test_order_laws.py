"""Laws of orders on random networks: enumeration, the sum rule, drawn against listed; and threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.diagnosis.differential import posterior
from model.inference.measure import mutual_information
from model.next_step.information import value_of_information
from model.next_step.order import information_of_orders, outlooks
from model.next_step.pattern import drawn, listed
from model.next_step.plan import plan_orders
from model.next_step.stopping import biopsy_avoidance, same_decision
from model.patient.evidence import encode
from tests.support.enumeration import random_table
from tests.support.joint import joint_by_enumeration
from tests.support.small_network import small_network

BASE = small_network()
FINDINGS = ("age_years", "sex", "region", "fever", "optic_neuritis", "enhancement_pattern", "pvs_pattern")
RTOL = 1e-9
"""Sums of some hundred logs of probabilities down to 1e-6, compared with sums in another order."""


@st.composite
def networks(draw):
    """The small network with random tables, some states impossible, and findings that hang on each other."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    zeros = draw(st.sampled_from([0.0, 0.3]))
    n_draws = draw(st.integers(1, 3))
    parents = dict(BASE.parents)
    for child, parent in (
        ("fever", "pvs_pattern"),
        ("pvs_pattern", "enhancement_pattern"),
        ("optic_neuritis", "sex"),
    ):
        if rng.random() < 0.6:
            parents[child] = ("diagnosis", parent)
    if rng.random() < 0.5:
        parents["serum_aqp4_igg"] = ("diagnosis", "region")
    tables = {}
    for name in BASE.states:
        shape = (n_draws, *(len(BASE.states[p]) for p in parents[name]), len(BASE.states[name]))
        is_structural = name.startswith("ms_")
        tables[name] = (
            np.repeat(BASE.tables[name][:1], n_draws, 0) if is_structural else random_table(rng, shape, 0.0)
        )
    if zeros:
        # The same cells in every draw: what is impossible is so by structure, not by parameters.
        barred = rng.random(tables["fever"].shape[1:-1]) < zeros
        tables["fever"][:, barred] = [1.0, 0.0]
    knowledge = replace(BASE.knowledge, exclusions=())
    return replace(BASE, parents=parents, tables=tables, knowledge=knowledge)


def some_evidence(network, rng):
    """Evidence of up to three findings, single states and sets, possible in the network."""
    names = rng.permutation(FINDINGS)[: rng.integers(0, 4)]
    known = {}
    for name in names:
        states = network.states[name]
        known[str(name)] = states[0] if name == "fever" else states[rng.integers(len(states))]
    return known


@settings(max_examples=60)
@given(network=networks(), seed=st.integers(0, 10**6))
def test_bits_of_every_order_equal_enumeration(network, seed):
    known = some_evidence(network, np.random.default_rng(seed))
    evidence = encode(network, known)
    found = information_of_orders(network, evidence, target="diagnosis", draws=network.n_draws + 1)
    for order in found:
        joint = joint_by_enumeration(network, known, order.findings).mean(axis=0)
        np.testing.assert_allclose(order.value, mutual_information(joint), rtol=RTOL, atol=1e-12)


@settings(max_examples=30)
@given(network=networks(), seed=st.integers(0, 10**6))
def test_the_sum_rule_holds_in_any_sequence(network, seed):
    # I(T; A, B, C) = I(T; A) + I(T; B | A) + I(T; C | A, B), whichever finding comes first.
    network = network.at_mean()
    rng = np.random.default_rng(seed)
    known = {"sex": "male"}
    order = information_of_orders(network, encode(network, known), orders=["brain_mri"], target="diagnosis")[
        "brain_mri"
    ]
    paths, total = [(1.0, known)], 0.0
    for name in rng.permutation(order.findings):
        later = []
        for weight, findings in paths:
            [one] = value_of_information(network, encode(network, findings), candidates=[str(name)])
            total += weight * one.bits
            later += [
                (weight * p, findings | {one.finding: s})
                for s, p in zip(one.states, one.predicted, strict=True)
            ]
        paths = later
    np.testing.assert_allclose(order.value, total, rtol=RTOL, atol=1e-12)


@settings(max_examples=30)
@given(network=networks(), seed=st.integers(0, 10**6))
def test_drawn_patterns_are_those_listed(network, seed):
    rng = np.random.default_rng(seed)
    known = some_evidence(network, rng)
    outlook, _ = outlooks(network, encode(network, known))
    findings = [name for name in ("region", "fever", "optic_neuritis", "pvs_pattern") if name not in known]
    table = listed(outlook, findings)
    place = {tuple(row): i for i, row in enumerate(table.states.tolist())}
    some = drawn(outlook, findings, 2000, rng)
    at = np.array([place[tuple(row)] for row in some.states.tolist()])
    np.testing.assert_allclose(some.probabilities, table.probabilities[at], rtol=1e-8)
    np.testing.assert_allclose(some.hub, table.hub[at], rtol=1e-7, atol=1e-12)
    expected = table.probabilities * 2000
    common = expected > 5
    difference = np.abs(np.bincount(at, minlength=len(expected)) - expected)[common]
    # Up to 40 shares in each of 30 examples: 5 standard errors are passed by chance once in 1,400 runs.
    assert (difference <= 5 * np.sqrt(expected[common])).all()


@settings(max_examples=30)
@given(network=networks())
def test_an_order_is_worth_at_least_its_best_finding_and_no_more_than_everything(network):
    evidence = encode(network, {})
    draws = network.n_draws + 1
    orders = information_of_orders(network, evidence, target="diagnosis", draws=draws)
    for candidate in value_of_information(network, evidence):
        assert candidate.bits <= orders[candidate.order].value + 1e-10
    assert orders.orders[0].value <= orders.now + 1e-12


def answers(network, findings):
    """Everything that can be asked of one patient here, as numbers."""
    evidence = encode(network, findings)
    orders = information_of_orders(network, evidence, exact_limit=3, samples=100, draws=3)
    same = same_decision(network, evidence, exact_limit=3, samples=100)
    biopsy = biopsy_avoidance(network, evidence, threshold=0.6)
    plan = plan_orders(network, evidence, budget=2)
    return (
        [(order.order, order.value, order.standard_error) for order in orders],
        (same.leader, same.probability),
        [(order.order, order.probability) for order in biopsy.orders],
        (plan.sequence, plan.first and plan.first.order.value),
        posterior(network, evidence).mean.tolist(),
    )


@pytest.mark.parametrize("attempt", range(3))
def test_eight_threads_with_different_patients_give_the_serial_answers(attempt):
    patients = [
        {"optic_neuritis": optic, "sex": sex, "region": region}
        for optic in ("absent", "unilateral", "bilateral")
        for sex in ("female", "male")
        for region in ("north", "south")
    ]
    serial = [answers(small_network(), findings) for findings in patients]
    shared = small_network()  # nothing compiled or cached yet: the threads race for that, too
    with ThreadPoolExecutor(max_workers=8) as pool:
        threaded = list(pool.map(lambda findings: answers(shared, findings), patients))
    assert threaded == serial
