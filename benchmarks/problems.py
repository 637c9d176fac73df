"""
What is asked: two networks, and patients drawn from them.

Knows: graphs. Must not know: engines, clocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model import load_network
from model.inference.graph import FloatArray, Graph
from model.network import DIAGNOSIS, HUB

N_SINGLE = 20
"""Patients who are asked about one by one."""

N_MANY = 100_000
N_OBSERVED = 12
SHARE_OBSERVED = 0.2
CONTEXT_OBSERVED = 0.6


@dataclass(frozen=True)
class Problem:
    """
    A network with parameter draws, its means, and patients.

    Attributes
    ----------
    name : str
    graph, mean : Graph
        With many draws, and with the mean tables.
    hub : tuple of int
    target : int
        The diagnosis.
    findings : tuple of int
        What may be asked.
    single : tuple of dict of variable to state
        Patients with about a dozen findings.
    many : ndarray of int, shape (N_MANY, n_variables)
        State of each variable, -1 if unknown.
    """

    name: str
    graph: Graph
    mean: Graph
    hub: tuple[int, ...]
    target: int
    findings: tuple[int, ...]
    single: tuple[dict[int, int], ...]
    many: NDArray[np.intp]


def problem(
    name: str, graph: Graph, hub: Sequence[int], findings: Sequence[int], context: Sequence[int]
) -> Problem:
    """Draw the patients."""
    rng = np.random.default_rng(20)
    tables = tuple(table.mean(axis=0, keepdims=True) for table in graph.tables)
    mean = Graph(graph.cards, graph.parents, tables)
    complete = sampled(mean, N_MANY, rng)
    single = []
    for patient in complete[:N_SINGLE]:
        known = [
            *rng.choice(findings, N_OBSERVED, replace=False),
            *(v for v in context if rng.random() < 0.6),
        ]
        single.append({int(v): int(patient[v]) for v in known})
    is_known = np.zeros(complete.shape, dtype=bool)
    is_known[:, findings] = rng.random((N_MANY, len(findings))) < SHARE_OBSERVED
    is_known[:, context] = rng.random((N_MANY, len(context))) < CONTEXT_OBSERVED
    many = np.where(is_known, complete, -1)
    return Problem(name, graph, mean, tuple(hub), hub[0], tuple(findings), tuple(single), many)


def sampled(graph: Graph, n: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """States of all variables of n patients, parents before children."""
    states = np.full((n, len(graph.cards)), -1)
    todo = list(range(len(graph.cards)))
    while todo:
        v = next(u for u in todo if not set(graph.parents[u]) & set(todo))
        rows = graph.tables[v][0][tuple(states[:, p] for p in graph.parents[v])]
        limits = np.broadcast_to(rows, (n, graph.cards[v])).cumsum(axis=1)
        states[:, v] = (rng.random((n, 1)) * limits[:, -1:] > limits).sum(axis=1)
        todo.remove(v)
    return states


def vectors(states: NDArray[np.intp], cards: Sequence[int]) -> dict[int, FloatArray]:
    """Likelihood vectors of the variables that somebody has; a state of -1 gives ones."""
    rows = {}
    for v in np.flatnonzero((states >= 0).any(axis=0)).tolist():
        rows[v] = np.concatenate([np.eye(cards[v]), np.ones((1, cards[v]))])[states[:, v]]
    return rows


def random_problem(n_draws: int = 1000) -> Problem:
    """77 nodes: age, sex, region, immune status, malignancy -> 30 diagnoses -> 70 findings, 10 with a further parent."""
    rng = np.random.default_rng(0)
    context, diagnosis, protocol = tuple(range(5)), 5, 6
    cards = [6, 2, 4, 2, 2, 30, 3, *rng.integers(2, 5, size=70).tolist()]
    parents: list[tuple[int, ...]] = [()] * 5 + [context, (), *((diagnosis,) for _ in range(70))]
    for v in range(7, 12):
        parents[v] = (diagnosis, protocol)
        parents[v + 5] = (diagnosis, v + 20)
    tables = []
    for v, card in enumerate(cards):
        shape = [cards[p] for p in parents[v]]
        mean = rng.dirichlet(np.full(card, 0.7), size=shape) + 1e-4
        counts = rng.standard_gamma(
            50.0 * mean / mean.sum(axis=-1, keepdims=True), size=(n_draws, *mean.shape)
        )
        counts += 1e-6
        tables.append(counts / counts.sum(axis=-1, keepdims=True))
    graph = Graph(tuple(cards), tuple(parents), tuple(tables))
    return problem("random network", graph, [diagnosis], range(7, 77), [*context, protocol])


def millet_problem() -> Problem:
    """The shipped network."""
    network = load_network()
    roles = {name: network.knowledge.variables[name].role for name in network.names if name != DIAGNOSIS}
    findings = [network.index(name) for name, role in roles.items() if role == "finding"]
    context = [network.index(name) for name, role in roles.items() if role in ("context", "protocol")]
    hub = [network.index(name) for name in HUB]
    return problem("Millet network", network.graph(), hub, findings, context)
