"""The engine against pgmpy's variable elimination and pyAgrum's lazy propagation, on graphs of a dozen variables."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.inference.engine import infer, joint, marginal, plan
from tests.support.enumeration import questions, random_rows
from tests.support.peers import by_pgmpy, by_pyagrum, in_pgmpy, in_pyagrum

EXACT = {"rtol": 1e-10, "atol": 1e-12}
MANY = settings(max_examples=100, deadline=None)
QUESTIONS = questions(max_variables=12, max_draws=2, zeros=False)


def single_states(graph, observed, rng):
    """One state for each observed variable, as an index."""
    return {v: int(rng.integers(graph.cards[v])) for v in observed}


@MANY
@given(question=QUESTIONS, seed=st.integers(0, 1000), data=st.data())
def test_pgmpy_gives_the_same_posteriors(question, seed, data):
    graph, hub, likelihoods, _ = question
    target = data.draw(st.sampled_from(range(len(graph.cards))))
    states = single_states(graph, set(likelihoods) - {*hub, target}, np.random.default_rng(seed))
    rows = {v: np.eye(graph.cards[v])[[state]] for v, state in states.items()}
    beliefs = infer(plan(graph, hub), rows, n_patients=1)
    for draw in range(graph.n_draws):
        model = in_pgmpy(graph, draw)
        expected = by_pgmpy(model, hub, states)[tuple(beliefs.plan.support.T)]
        np.testing.assert_allclose(beliefs.hub[draw, 0], expected, **EXACT)
        np.testing.assert_allclose(
            marginal(beliefs, target)[draw, 0], by_pgmpy(model, [target], states), **EXACT
        )


@MANY
@given(question=QUESTIONS, seed=st.integers(0, 1000), data=st.data())
def test_pyagrum_gives_the_same_posteriors_and_evidence(question, seed, data):
    graph, hub, likelihoods, _ = question
    target = data.draw(st.sampled_from(range(len(graph.cards))))
    rng = np.random.default_rng(seed)
    rows = {v: random_rows(rng, 1, graph.cards[v]) for v in likelihoods}
    beliefs = infer(plan(graph, hub), rows, n_patients=1)
    vectors = {v: row[0] for v, row in rows.items()}
    for draw in range(graph.n_draws):
        network = in_pyagrum(graph, draw)
        alone, log_evidence = by_pyagrum(network, [target], vectors)
        np.testing.assert_allclose(marginal(beliefs, target)[draw, 0], alone, **EXACT)
        np.testing.assert_allclose(beliefs.log_evidence[draw, 0], log_evidence, rtol=1e-10, atol=1e-10)
        expected = by_pyagrum(network, hub, vectors)[0][tuple(beliefs.plan.support.T)]
        np.testing.assert_allclose(beliefs.hub[draw, 0], expected, **EXACT)


@settings(max_examples=50, deadline=None)
@given(question=QUESTIONS, data=st.data())
def test_pyagrum_gives_the_same_joints_with_the_hub(question, data):
    graph, hub, likelihoods, _ = question
    others = sorted(set(range(len(graph.cards))) - set(hub))
    if not others:
        return
    v = data.draw(st.sampled_from(others))
    rows = {u: vectors[:1] for u, vectors in likelihoods.items()}
    beliefs = infer(plan(graph, hub), rows, n_patients=1)
    vectors = {u: row[0] for u, row in rows.items()}
    expected = by_pyagrum(in_pyagrum(graph), [*hub, v], vectors)[0][tuple(beliefs.plan.support.T)]
    np.testing.assert_allclose(joint(beliefs, v)[0, 0], expected, **EXACT)
