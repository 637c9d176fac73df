"""The engine says what the written-out joint distribution says, whatever the graph, the hub and the evidence."""

from __future__ import annotations

from contextlib import ExitStack
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.inference import layout, numeric, one_patient, star
from model.inference.component import Component
from model.inference.engine import (
    conditional,
    infer,
    joint,
    joint_in_each_draw,
    marginal,
    mean_joint,
    mean_joint_all,
    plan,
)
from model.inference.errors import ImpossibleEvidenceError
from model.inference.star import Star
from tests.support.enumeration import joint_table, onto, questions, with_evidence

MANY = settings(max_examples=200)
FEWER = settings(max_examples=80)
EXACT = {"rtol": 1e-10, "atol": 1e-13}

WAYS = {
    "stars": {},
    "stars within stars": {"FLAT": 1, "WORTH": np.inf},
    "variable elimination": {"MAX_CELLS": 0},
    "one patient at a time": {"PIECE_CELLS": 1},
    "logs only": {"SAFE_LOG": np.inf},
    "products of few": {"SAFE_LOG": -4.0},
}
"""How the engine may be made to compute; its answers must not depend on it."""


def compiled(graph, hub, way):
    """A plan made in one of the ways."""
    limits = {name: WAYS[way].get(name, getattr(layout, name)) for name in ("MAX_CELLS", "FLAT", "WORTH")}
    with patch.multiple(layout, **limits):
        return plan(graph, hub)


def answered(graph, hub, likelihoods, n_patients, way="stars"):
    """Beliefs, the evidence without the patients for whom it is impossible, and how many are left."""
    made = compiled(graph, hub, way)
    try:
        return infer(made, likelihoods, n_patients=n_patients), likelihoods, n_patients
    except ImpossibleEvidenceError as error:
        possible = [n for n in range(n_patients) if n not in error.patients]
    kept = {v: rows[possible] for v, rows in likelihoods.items()}
    return (infer(made, kept, n_patients=len(possible)) if possible else None), kept, len(possible)


def on_support(beliefs, table):
    """A table over the hub variables, first axes, at the hub states of the engine."""
    return table[tuple(beliefs.plan.support.T)]


@pytest.mark.parametrize("way", ["stars", "stars within stars", "variable elimination"])
@MANY
@given(question=questions())
def test_hub_and_evidence_are_those_of_the_joint_distribution(way, question):
    graph, hub, *rest = question
    beliefs, likelihoods, n_patients = answered(graph, hub, *rest, way)
    for draw in range(graph.n_draws):
        everything = joint_table(graph, draw)
        for patient in range(n_patients):
            expected = onto(with_evidence(everything, likelihoods, patient), hub)
            np.testing.assert_allclose(beliefs.log_evidence[draw, patient], np.log(expected.sum()), **EXACT)
            possible = on_support(beliefs, expected / expected.sum())
            np.testing.assert_allclose(possible.sum(), 1.0, **EXACT)
            np.testing.assert_allclose(beliefs.hub[draw, patient], possible, **EXACT)


@pytest.mark.parametrize("way", ["stars", "stars within stars", "variable elimination"])
@MANY
@given(question=questions())
def test_every_variable_is_that_of_the_joint_distribution(way, question):
    graph, hub, *rest = question
    beliefs, likelihoods, n_patients = answered(graph, hub, *rest, way)
    variables = range(len(graph.cards))
    marginals = {v: marginal(beliefs, v) for v in variables} if beliefs else {}
    joints = {v: joint(beliefs, v) for v in variables} if beliefs else {}
    for draw in range(graph.n_draws if beliefs else 0):
        everything = joint_table(graph, draw)
        for patient in range(n_patients):
            given_all = with_evidence(everything, likelihoods, patient)
            given_all /= given_all.sum()
            for v in variables:
                np.testing.assert_allclose(marginals[v][draw, patient], onto(given_all, [v]), **EXACT)
                if v not in hub:
                    expected = on_support(beliefs, onto(given_all, [*hub, v]))
                    np.testing.assert_allclose(joints[v][draw, patient], expected, **EXACT)


@pytest.mark.parametrize("way", ["stars", "stars within stars", "variable elimination"])
@MANY
@given(question=questions())
def test_averages_over_draws_are_averages_of_the_joints(way, question):
    beliefs, _, _ = answered(*question, way)
    if beliefs is None:
        return
    variables = range(len(question[0].cards))
    together = mean_joint_all(beliefs, variables)
    assert list(together) == list(variables)
    for v in variables:
        expected = joint(beliefs, v).mean(axis=0)
        np.testing.assert_allclose(together[v], expected, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(mean_joint(beliefs, v), expected, rtol=1e-12, atol=1e-15)
    groups = np.arange(beliefs.hub.shape[2]) % 3
    for v, cells in mean_joint_all(beliefs, variables, groups).items():
        expected = np.eye(groups.max() + 1)[groups].T @ together[v]
        np.testing.assert_allclose(cells, expected, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("way", ["stars", "stars within stars", "variable elimination"])
@MANY
@given(question=questions(), n_groups=st.integers(1, 4))
def test_joints_in_each_draw_are_the_joints_by_group(way, question, n_groups):
    graph, hub, likelihoods, _ = question
    beliefs, _, _ = answered(graph, hub, {v: rows[:1] for v, rows in likelihoods.items()}, 1, way)
    if beliefs is None:
        return
    groups = np.arange(beliefs.hub.shape[2])[::-1] % n_groups
    found = dict(joint_in_each_draw(beliefs, range(len(graph.cards)), groups))
    assert sorted(found) == list(range(len(graph.cards)))
    for v, cells in found.items():
        expected = np.eye(groups.max() + 1)[groups].T @ joint(beliefs, v)[:, 0]
        np.testing.assert_allclose(cells, np.moveaxis(expected, -1, 0), rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("way", [way for way in WAYS if way != "stars"])
@MANY
@given(question=questions(max_variables=9))
def test_the_way_of_computing_does_not_show(way, question):
    plain, *_ = answered(*question)
    with ExitStack() as patches:
        for module, name in ((numeric, "PIECE_CELLS"), (star, "SAFE_LOG"), (one_patient, "SAFE_LOG")):
            if name in WAYS[way]:
                patches.enter_context(patch.object(module, name, WAYS[way][name]))
        other, *_ = answered(*question, way)
    if plain is None:
        assert other is None
        return
    np.testing.assert_allclose(other.log_evidence, plain.log_evidence, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(other.hub, plain.hub, rtol=1e-11, atol=1e-15)


@MANY
@given(question=questions(max_variables=9), data=st.data())
def test_patients_do_not_see_each_other(question, data):
    beliefs, likelihoods, n_patients = answered(*question)
    order = data.draw(st.lists(st.integers(0, max(0, n_patients - 1)), min_size=1, max_size=8))
    if beliefs is None:
        return
    shuffled = {v: rows[order] for v, rows in likelihoods.items()}
    again = infer(beliefs.plan, shuffled, n_patients=len(order))
    np.testing.assert_allclose(again.hub, beliefs.hub[:, order], rtol=1e-11, atol=1e-15)
    np.testing.assert_allclose(again.log_evidence, beliefs.log_evidence[:, order], rtol=1e-12, atol=1e-12)


@FEWER
@given(question=questions(max_variables=7))
def test_without_evidence_the_answer_is_the_prior(question):
    graph, hub, _, _ = question
    silent = infer(plan(graph, hub), {}, n_patients=1)
    np.testing.assert_allclose(silent.log_evidence, 0.0, atol=1e-12)
    for draw in range(graph.n_draws):
        everything = joint_table(graph, draw)
        for v in range(len(graph.cards)):
            np.testing.assert_allclose(marginal(silent, v)[draw, 0], onto(everything, [v]), **EXACT)


@FEWER
@given(question=questions(max_variables=7), factor=st.floats(0.01, 100.0))
def test_a_likelihood_counts_up_to_a_constant(question, factor):
    beliefs, likelihoods, n_patients = answered(*question)
    if beliefs is None:
        return
    scaled = infer(beliefs.plan, {v: rows * factor for v, rows in likelihoods.items()}, n_patients=n_patients)
    np.testing.assert_allclose(scaled.hub, beliefs.hub, rtol=1e-10, atol=1e-14)
    expected = beliefs.log_evidence + len(likelihoods) * np.log(factor)
    np.testing.assert_allclose(scaled.log_evidence, expected, rtol=1e-10, atol=1e-10)


@FEWER
@given(question=questions())
def test_impossible_evidence_names_the_patients_of_probability_0(question):
    graph, hub, likelihoods, n_patients = question
    named: tuple[int, ...] = ()
    try:
        infer(plan(graph, hub), likelihoods, n_patients=n_patients)
    except ImpossibleEvidenceError as error:
        named = error.patients
    tables = [joint_table(graph, draw) for draw in range(graph.n_draws)]
    expected = tuple(
        n for n in range(n_patients) if any(with_evidence(t, likelihoods, n).sum() == 0 for t in tables)
    )
    assert named == expected


@FEWER
@given(question=questions(max_variables=7))
def test_conditionals_are_distributions_or_zero(question):
    beliefs, _, _ = answered(*question)
    if beliefs is None:
        return
    for v in set(range(len(question[0].cards))) - set(question[1]):
        total = np.broadcast_to(conditional(beliefs, v).sum(axis=-1), beliefs.hub.shape)
        np.testing.assert_allclose(total[beliefs.hub > 0], 1.0, **EXACT)
        assert ((np.abs(total - 1.0) < 1e-10) | (total == 0.0)).all()


@FEWER
@given(question=questions(max_variables=4))
def test_a_plan_without_stars_has_components_only(question):
    graph, hub, _, _ = question
    parts = compiled(graph, hub, "variable elimination").parts
    assert all(isinstance(part, Component) for part in parts)
    assert all(isinstance(part, Star) for part in compiled(graph, hub, "stars").parts)
