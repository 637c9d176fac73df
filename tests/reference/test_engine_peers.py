"""The engine says what pgmpy's variable elimination and pyAgrum's lazy propagation say."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.peers import ask_pgmpy, ask_pyagrum, to_pyagrum
from model.exchange import to_pgmpy
from model.inference.engine import infer, joint, marginal, plan
from model.inference.errors import ImpossibleEvidenceError
from tests.support.enumeration import evidence, graphs
from tests.support.graphs import as_network

FEW = settings(max_examples=100)
EXACT = {"rtol": 1e-10, "atol": 1e-13}


@st.composite
def larger_questions(draw):
    """Graphs too large to write out comfortably, a hub, evidence of every kind, and patients."""
    graph = draw(graphs(max_variables=12))
    n = len(graph.cards)
    hub = draw(st.lists(st.sampled_from(range(n)), min_size=1, max_size=min(3, n), unique=True))
    return (graph, tuple(hub), *draw(evidence(graph, max_patients=2)))


def beliefs_of(question):
    """The engine's beliefs; a question whose evidence is impossible is another test's."""
    graph, hub, likelihoods, n_patients = question
    try:
        return infer(plan(graph, hub), likelihoods, n_patients=n_patients)
    except ImpossibleEvidenceError:
        assume(False)


def named(network, likelihoods, patient):
    """One patient's likelihood vectors by node name."""
    return {network.names[v]: rows[patient] for v, rows in likelihoods.items()}


@FEW
@given(question=larger_questions(), data=st.data())
def test_lazy_propagation_agrees(question, data):
    graph, _, likelihoods, n_patients = question
    beliefs = beliefs_of(question)
    network = as_network(graph)
    v = data.draw(st.sampled_from(range(len(graph.cards))))
    answers = marginal(beliefs, v)
    for draw in range(graph.n_draws):
        twin = to_pyagrum(network, draw)
        for patient in range(n_patients):
            vectors = named(network, likelihoods, patient)
            posterior, probability = ask_pyagrum(twin, network.names[v], vectors)
            np.testing.assert_allclose(answers[draw, patient], posterior, **EXACT)
            np.testing.assert_allclose(beliefs.log_evidence[draw, patient], np.log(probability), **EXACT)


@FEW
@given(question=larger_questions(), data=st.data())
def test_variable_elimination_agrees(question, data):
    graph, hub, likelihoods, n_patients = question
    beliefs = beliefs_of(question)
    network = as_network(graph)
    v = data.draw(st.sampled_from([v for v in range(len(graph.cards)) if v not in hub] or hub))
    nodes = [network.names[u] for u in dict.fromkeys((*hub, v))]
    answers = joint(beliefs, v) if v not in hub else beliefs.hub
    for draw in range(graph.n_draws):
        standard = to_pgmpy(network, draw=draw)
        for patient in range(n_patients):
            table = ask_pgmpy(standard, nodes, {}, named(network, likelihoods, patient))
            expected = table[tuple(beliefs.plan.support.T)]
            np.testing.assert_allclose(answers[draw, patient], expected, **EXACT)
