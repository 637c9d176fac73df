"""The networks that are measured, and patients sampled from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

import numpy as np

from model.inference.engine import Plan, plan
from model.inference.graph import FloatArray
from model.network.network import DIAGNOSIS, Network
from model.network.shipped import load_network
from priors import load_knowledge_base

N_OBSERVED = 12
"""Findings that are known of a patient, if only one patient is asked about."""

SHARE_OBSERVED = 0.2
"""Share of the findings that is known of each of many patients."""


@dataclass(frozen=True)
class Subject:
    """
    A network, its plan with all draws and at the mean, and the nodes that can be known of a patient.

    `always` are known of every patient.
    """

    name: str
    network: Network
    mean: Network
    draws_plan: Plan
    mean_plan: Plan
    always: tuple[str, ...]
    findings: tuple[str, ...]


def millet() -> Subject:
    """The shipped network, mechanisms and protocol included."""
    network = load_network()
    roles = {name: variable.role for name, variable in network.knowledge.variables.items()}
    always = ("age_years", "sex")
    findings = tuple(
        name for name in network.names if roles.get(name) in ("finding", "context") and name not in always
    )
    mean = network.at_mean()
    return Subject("Millet", network, mean, network.plan, mean.plan, always, findings)


def random_network(
    n_draws: int = 1000, seed: int = 0, *, n_diagnoses: int = 30, n_findings: int = 70
) -> Subject:
    """Five roots, the diagnosis given them, a protocol root, the findings; all tables random."""
    rng = np.random.default_rng(seed)
    cards = {"age": 6, "sex": 2, "region": 4, "immune": 2, "malignancy": 2}
    parents: dict[str, tuple[str, ...]] = dict.fromkeys(cards, ())
    parents |= {DIAGNOSIS: tuple(cards), "protocol": ()}
    cards |= {DIAGNOSIS: n_diagnoses, "protocol": 3}
    for i in range(n_findings):
        extra = ("protocol",) if i < 5 else (f"finding_{i - 5}",) if i < 10 else ()
        parents[f"finding_{i}"] = (DIAGNOSIS, *extra)
        cards[f"finding_{i}"] = int(rng.integers(2, 5))
    tables = {name: _drawn(rng, n_draws, [cards[p] for p in parents[name]], cards[name]) for name in cards}
    network = Network(
        states={name: tuple(f"s{k}" for k in range(card)) for name, card in cards.items()},
        parents=parents,
        tables=tables,
        knowledge=load_knowledge_base(),
        setting="random",
        digest="",
    )
    mean, hub = network.at_mean(), [network.index(DIAGNOSIS)]
    always = ("age", "sex")
    findings = tuple(name for name in cards if name not in (DIAGNOSIS, *always))
    plans = plan(network.graph(), hub), plan(mean.graph(), hub)
    return Subject("random", network, mean, *plans, always, findings)


def _drawn(rng: np.random.Generator, n_draws: int, parent_cards: list[int], card: int) -> FloatArray:
    """Draws of a table, each column with the weight of 50 patients around a random centre."""
    centre = rng.dirichlet(np.full(card, 0.7), size=parent_cards) + 1e-3
    weights = rng.standard_gamma(np.broadcast_to(50 * centre, (n_draws, *centre.shape))) + 1e-12
    return weights / weights.sum(axis=-1, keepdims=True)


def patients(subject: Subject, n: int, seed: int, n_observed: int | None = None) -> dict[str, FloatArray]:
    """
    Likelihood vectors of sampled patients, each of shape (n, n_states).

    With `n_observed` so many findings, chosen at random, are known of all; otherwise each finding is known of a
    random `SHARE_OBSERVED` of the patients. What is always known is known beside.
    """
    rng = np.random.default_rng(seed)
    truth = _sample(subject.mean, n, rng)
    names: list[str] = list(subject.findings)
    if n_observed is not None:
        names = rng.choice(names, n_observed, replace=False).tolist()
    rows = {name: np.eye(len(subject.mean.states[name]))[truth[name]] for name in (*subject.always, *names)}
    for name in names if n_observed is None else ():
        rows[name][rng.random(n) >= SHARE_OBSERVED] = 1.0
    return rows


def _sample(network: Network, n: int, rng: np.random.Generator) -> Mapping[str, np.ndarray]:
    """State of every node for n patients, parents before children."""
    states: dict[str, np.ndarray] = {}
    for name in TopologicalSorter(network.parents).static_order():
        rows = network.tables[name][0][tuple(states[parent] for parent in network.parents[name])]
        below = np.cumsum(np.broadcast_to(rows, (n, rows.shape[-1])), axis=-1)
        reached = (rng.random((n, 1)) * below[:, -1:] >= below).sum(axis=-1)
        states[name] = reached
    return states
