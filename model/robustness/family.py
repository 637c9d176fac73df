r"""
How probable each configuration of a variable and its parents is, given the findings.

The probability of evidence is linear in every entry of a conditional table, with

.. math:: \frac{\partial P(h, e)}{\partial \theta_{x \mid u}} = \frac{P(h, u, x, e)}{\theta_{x \mid u}}

so these joint distributions hold every derivative. The engine answers for one variable at a time; parents
outside the hub are therefore fixed at each of their joint states in turn, as if there were so many patients.

Knows: the engine's arrays. Must not know: labels.

References
----------
Darwiche A. A differential approach to inference in Bayesian networks. J ACM 2003;50(3):280-305.
doi:10.1145/765568.765570
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from model.inference.engine import Beliefs, Plan, infer, joint
from model.inference.errors import ImpossibleEvidenceError
from model.inference.graph import FloatArray

Likelihoods = Mapping[int, FloatArray]
IntArray = NDArray[np.intp]


def outside_parents(plan: Plan, variable: int) -> tuple[int, ...]:
    """Parents of a variable that are not in the hub, in the axis order of its table."""
    return tuple(parent for parent in plan.graph.parents[variable] if parent not in plan.hub)


def families(beliefs: Beliefs) -> Iterator[tuple[int, FloatArray]]:
    """
    P(hub state, parents outside the hub, variable | evidence), for every variable of a network with one draw.

    Parameters
    ----------
    beliefs : Beliefs
        Of a plan with one draw.

    Yields
    ------
    variable : int
    joint : ndarray of shape (n_patients, n_hub, n_configurations, card)
        Joint states of the outside parents in lexicographic order, the last parent fastest. Sums to 1 over the last
        three axes.

    Examples
    --------
    A disease with prevalence 1 %, and a test with sensitivity 0.8 and false-positive rate 0.1, positive:

    >>> from model.inference.engine import plan
    >>> from model.inference.graph import Graph
    >>> graph = Graph((2, 2), ((), (0,)), (np.array([[0.99, 0.01]]), np.array([[[0.9, 0.1], [0.2, 0.8]]])))
    >>> positive = infer(plan(graph, [0]), {1: np.array([[0.0, 1.0]])}, n_patients=1)
    >>> dict(families(positive))[1][0, :, 0].round(4)
    array([[0.    , 0.9252],
           [0.    , 0.0748]])
    """
    plan = beliefs.plan
    groups: dict[tuple[int, ...], list[int]] = {}
    for v in range(len(plan.graph.cards)):
        groups.setdefault(outside_parents(plan, v), []).append(v)
    for parents, variables in groups.items():
        yield from _families_of(beliefs, parents, variables)


def family_of(beliefs: Beliefs, variable: int) -> FloatArray:
    """The family of one variable alone; see `families`."""
    [(_, found)] = _families_of(beliefs, outside_parents(beliefs.plan, variable), [variable])
    return found


def _families_of(
    beliefs: Beliefs, parents: tuple[int, ...], variables: list[int]
) -> Iterator[tuple[int, FloatArray]]:
    """The families that have the same parents outside the hub."""
    plan = beliefs.plan
    n_patients = beliefs.hub.shape[1]
    if not parents:
        for v in variables:
            yield v, joint(beliefs, v)[0][:, :, None]
        return
    states = np.indices([plan.graph.cards[p] for p in parents]).reshape(len(parents), -1).T
    rows = np.repeat(np.arange(n_patients), len(states))
    chosen = np.tile(states, (n_patients, 1))
    fixed, kept = _fixed(beliefs, parents, chosen, rows)
    share = np.exp(fixed.log_evidence[0] - beliefs.log_evidence[0, rows[kept]])
    for v in variables:
        found = np.zeros((len(rows), len(plan.support), plan.graph.cards[v]))
        found[kept] = share[:, None, None] * joint(fixed, v)[0]
        yield v, found.reshape(n_patients, len(states), *found.shape[1:]).swapaxes(1, 2)


def _fixed(
    beliefs: Beliefs, parents: tuple[int, ...], states: IntArray, rows: IntArray
) -> tuple[Beliefs, IntArray]:
    """
    Beliefs with some variables fixed at given states, and which of the rows are possible.

    Row i is patient ``rows[i]`` with `parents` fixed at ``states[i]``.
    """
    cards = beliefs.plan.graph.cards
    said = {v: likelihood[rows] for v, likelihood in beliefs.likelihoods.items()}
    for parent, state in zip(parents, states.T, strict=True):
        one_hot = np.eye(cards[parent])[state]
        said[parent] = said.get(parent, 1.0) * one_hot
    kept = np.flatnonzero(np.all([said[parent].any(axis=1) for parent in parents], axis=0))
    try:
        return _answered(beliefs.plan, said, kept), kept
    except ImpossibleEvidenceError as error:
        kept = np.delete(kept, error.patients)
        return _answered(beliefs.plan, said, kept), kept


def _answered(plan: Plan, said: Likelihoods, kept: IntArray) -> Beliefs:
    return infer(plan, {v: rows[kept] for v, rows in said.items()}, n_patients=len(kept))


__all__ = ["families", "family_of", "outside_parents"]
