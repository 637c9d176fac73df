"""
The plainest exact inference there is: write out the joint distribution, multiply, sum.

Independent of the engine on purpose: it shares no function with it, only the record of the graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
from hypothesis import strategies as st

from model.inference.graph import Graph


def joint_table(graph: Graph, draw: int) -> np.ndarray:
    """P(x_0, ..., x_n-1) in one draw: one axis for each variable."""
    joint = np.ones(graph.cards)
    for v, (parents, tables) in enumerate(zip(graph.parents, graph.tables, strict=True)):
        table = tables[draw if len(tables) > 1 else 0]
        for states in product(*(range(card) for card in graph.cards)):
            joint[states] *= table[(*(states[p] for p in parents), states[v])]
    return joint


def with_evidence(joint: np.ndarray, likelihoods: Mapping[int, np.ndarray], patient: int) -> np.ndarray:
    """P(x, evidence of a patient)."""
    for v, rows in likelihoods.items():
        shape = [1] * joint.ndim
        shape[v] = -1
        joint = joint * rows[patient].reshape(shape)
    return joint


def onto(joint: np.ndarray, variables: Sequence[int]) -> np.ndarray:
    """Sum over all axes but some, which come in the order asked for."""
    others = tuple(v for v in range(joint.ndim) if v not in variables)
    return joint.sum(axis=others).transpose(np.argsort(np.argsort(variables)))


@st.composite
def graphs(draw, max_variables: int = 6, max_draws: int = 3, zeros: bool = True) -> Graph:
    """Graphs with up to 3 parents a node, numbered in any order, some states impossible, some draws shared."""
    n = draw(st.integers(1, max_variables))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_draws = draw(st.integers(1, max_draws))
    order = rng.permutation(n)
    density = draw(st.sampled_from([0.2, 0.5, 0.9]))
    cards = tuple(int(c) for c in rng.integers(2, 5, size=n))
    parents: list[tuple[int, ...]] = [()] * n
    for i, v in enumerate(order):
        chosen = [int(p) for p in order[:i] if rng.random() < density]
        parents[v] = tuple(rng.permutation(chosen)[:3].tolist())
    sparsity = draw(st.sampled_from([0.0, 0.3])) if zeros else 0.0
    tables = [
        random_table(
            rng, (n_draws if rng.random() < 0.8 else 1, *(cards[p] for p in parents[v]), cards[v]), sparsity
        )
        for v in range(n)
    ]
    return Graph(cards, tuple(parents), tuple(tables))


def random_table(rng: np.random.Generator, shape: tuple[int, ...], sparsity: float = 0.0) -> np.ndarray:
    """Conditional table with a share of zeros; one state of each distribution is always possible."""
    weights = rng.gamma(0.7, size=shape) + 1e-3
    weights[rng.random(shape) < sparsity] = 0.0
    kept = rng.integers(shape[-1], size=shape[:-1])
    np.put_along_axis(weights, kept[..., None], 1.0, axis=-1)
    return weights / weights.sum(axis=-1, keepdims=True)


@st.composite
def evidence(draw, graph: Graph, max_patients: int = 3) -> tuple[dict[int, np.ndarray], int]:
    """Likelihood vectors of some variables: single states, sets, weights, and rows of ones."""
    n_patients = draw(st.integers(1, max_patients))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    observed = draw(st.sets(st.sampled_from(range(len(graph.cards)))))
    return {v: random_rows(rng, n_patients, graph.cards[v]) for v in sorted(observed)}, n_patients


def random_rows(rng: np.random.Generator, n_patients: int, card: int) -> np.ndarray:
    """One likelihood vector a patient, of a kind drawn for each."""
    rows = np.ones((n_patients, card))
    for row in rows:
        kind = rng.integers(5)
        if kind == 1:
            row[:] = rng.random(card) + 1e-3
        elif kind == 2:
            row[rng.permutation(card)[: rng.integers(1, card)]] = 0.0
        elif kind >= 3:
            row[:] = np.eye(card)[rng.integers(card)]
    return rows


@st.composite
def questions(draw, **options) -> tuple[Graph, tuple[int, ...], dict[int, np.ndarray], int]:
    """A graph, a hub of 1 to 3 variables in any order, evidence, and the number of patients."""
    graph = draw(graphs(**options))
    n = len(graph.cards)
    hub = draw(st.lists(st.sampled_from(range(n)), min_size=1, max_size=min(3, n), unique=True))
    return (graph, tuple(hub), *draw(evidence(graph)))
