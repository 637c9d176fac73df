r"""
How informative every order is for thousands of patients at once, from results simulated beforehand.

For each leaf d a few patients are simulated, and the results :math:`x_m` of each order get their
:math:`p(x_m \mid d')` in every leaf. For a patient with weights :math:`w`, and r(d) the table row of d,

.. math:: I(w) \approx \sum_d w_d \frac1M \sum_m \log_2 \frac{p(x_m \mid r(d))}{p(x_m)}, \qquad
    p(x_m) = \sum_{d'} w_{d'} p(x_m \mid d')

A25: approximation: orders are taken as independent given the leaf (mechanisms and MS axes that tie orders
together are averaged out). That is good enough to choose what to order; what follows from a result is never
taken from here.

Knows: arrays over leaves. Must not know: patients' names, costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.inference.engine import infer
from model.inference.graph import FloatArray
from model.network.hierarchy import hierarchy
from model.network.network import DIAGNOSIS, Network
from model.patient.simulation import simulate
from model.record import Record

Single = NDArray[np.float32]

CHUNK = 256
"""Patients handled together where every simulated result meets every leaf."""


@dataclass(frozen=True, slots=True, eq=False)
class _Kinds(Record):
    """
    Results of one order that differ, or belong to patients of different table rows.

    `likelihood` has shape (n_kinds, n_leaves), `row` (n_kinds,), and `share`, the part that a kind is of all
    results of a leaf, (n_kinds, n_leaves).
    """

    likelihood: Single
    row: NDArray[np.intp]
    share: Single

    @classmethod
    def of(cls, likelihood: Single, row: NDArray[np.intp], shares: Single) -> _Kinds:
        """Take equal results together, up to rounding."""
        keys = np.column_stack([row, likelihood.round(5)])
        _, first, where = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        share = np.zeros((len(first), shares.shape[1]), dtype=np.float32)
        np.add.at(share, where.ravel(), shares)
        return cls(likelihood[first], row[first], share)


@dataclass(frozen=True, slots=True, eq=False)
class Survey(Record):
    """
    Simulated results of every order.

    Attributes
    ----------
    orders : tuple of str
    leaf : ndarray of int, shape (n_results,)
        True leaf of each simulated patient; equally many of every leaf.
    likelihood : mapping of order to ndarray of shape (n_results, n_leaves)
        P(results of the order | leaf), scaled to a largest of 1 in each line.
    membership : ndarray of shape (n_leaves, n_rows)
        1 where the leaf belongs to the table row.
    kinds : dict
        Results taken together, by their number; filled lazily, always with the same value for a key, so threads
        may share it.
    """

    orders: tuple[str, ...]
    leaf: NDArray[np.intp]
    likelihood: Mapping[str, Single]
    membership: Single
    kinds: dict[int, tuple[_Kinds, ...]] = field(default_factory=dict)

    @property
    def n_per_leaf(self) -> int:
        """Number of simulated patients of each leaf."""
        return len(self.leaf) // len(self.membership)

    def bits(self, weights: Single, n_per_leaf: int | None = None) -> FloatArray:
        """
        Bits about the table row that each order would give.

        Parameters
        ----------
        weights : ndarray of shape (n_patients, n_leaves)
            P(leaf | what is known).
        n_per_leaf
            Use only so many of the simulated results.

        Returns
        -------
        ndarray of shape (n_patients, n_orders)
        """
        found = np.empty((len(weights), len(self.orders)))
        tiny = np.float32(1e-30)
        log_rows = np.log2(weights @ self.membership + tiny).T
        for i, kinds in enumerate(self._kinds_of_results(n_per_leaf)):
            gain = np.log2((kinds.likelihood * self.membership.T[kinds.row]) @ weights.T + tiny)
            gain -= np.log2(kinds.likelihood @ weights.T + tiny)
            gain -= log_rows[kinds.row]
            found[:, i] = np.einsum("kn,kn->n", kinds.share @ weights.T, gain)
        return np.maximum(found, 0.0)

    def same_decision(self, weights: Single, remaining: NDArray[np.bool_], n_per_leaf: int) -> FloatArray:
        """
        Probability that the leading table row still leads after all remaining orders.

        Parameters
        ----------
        weights : ndarray of shape (n_patients, n_leaves)
        remaining : ndarray of bool, shape (n_patients, n_orders)
        n_per_leaf
            Simulated results of each leaf that are used.

        Returns
        -------
        ndarray of shape (n_patients,)
        """
        used = self._used(n_per_leaf)
        tiny = np.float32(1e-30)
        logs = np.log(np.stack([self.likelihood[order][used] for order in self.orders]) + tiny)
        flat = logs.reshape(len(self.orders), -1)
        leaders = (weights @ self.membership).argmax(axis=1)
        found = np.empty(len(weights))
        for start in range(0, len(weights), CHUNK):
            piece = slice(start, start + CHUNK)
            after = (remaining[piece].astype(np.float32) @ flat).reshape(-1, *logs.shape[1:])
            after += np.log(weights[piece] + tiny)[:, None]
            after -= after.max(axis=2, keepdims=True)
            rows = np.exp(after, out=after) @ self.membership
            stays = rows.argmax(axis=2) == leaders[piece, None]
            found[piece] = (weights[piece][:, self.leaf[used]] * stays).sum(axis=1) / n_per_leaf
        return found

    def results(self, weights: Single, n: int, rng: np.random.Generator) -> NDArray[np.intp]:
        """Numbers of `n` simulated results for each patient, as likely as they are: (n_patients, n)."""
        ends = weights.cumsum(axis=1)
        spots = rng.random((len(weights), n, 1)) * ends[:, None, -1:]
        leaves = (spots >= ends[:, None]).sum(axis=2)
        return np.asarray(leaves * self.n_per_leaf + rng.integers(self.n_per_leaf, size=leaves.shape))

    def _kinds_of_results(self, n_per_leaf: int | None) -> tuple[_Kinds, ...]:
        """Equal results of each order and true row taken together: an order of one finding has few kinds."""
        used = self._used(n_per_leaf)
        if len(used) not in self.kinds:
            true_row = self.membership[self.leaf[used]].argmax(axis=1)
            shares = np.eye(len(self.membership), dtype=np.float32)[self.leaf[used]]
            shares /= len(used) / len(self.membership)
            self.kinds[len(used)] = tuple(
                _Kinds.of(self.likelihood[order][used], true_row, shares) for order in self.orders
            )
        return self.kinds[len(used)]

    def _used(self, n_per_leaf: int | None) -> NDArray[np.intp]:
        n = min(n_per_leaf or self.n_per_leaf, self.n_per_leaf)
        return np.flatnonzero(np.arange(len(self.leaf)) % self.n_per_leaf < n)


def survey(
    network: Network, orders: Mapping[str, Sequence[str]], *, n_per_leaf: int = 32, seed: int = 0
) -> Survey:
    """
    Simulate the results of orders in every leaf, at mean parameters.

    Parameters
    ----------
    network
    orders
        Order -> its findings.
    n_per_leaf
        Simulated patients of each leaf.
    seed
        Of the simulation.
    """
    mean = network.at_mean()
    leaves = mean.states[DIAGNOSIS]
    to_leaf = mean.plan.indicator(mean.index(DIAGNOSIS))
    patients = [simulate(mean, n_per_leaf, seed=seed, diagnosis=leaf) for leaf in leaves]
    n_results = n_per_leaf * len(leaves)
    prior = infer(mean.plan, {}, n_patients=1).hub[0, 0] @ to_leaf
    likelihood = {}
    for order, findings in orders.items():
        parts = [one.evidence(findings).likelihoods for one in patients]
        rows = {
            mean.index(name): np.concatenate(
                [part.get(name, np.ones((n_per_leaf, len(mean.states[name])))) for part in parts]
            )
            for name in findings
        }
        ratio = (infer(mean.plan, rows, n_patients=n_results).hub[0] @ to_leaf) / np.maximum(prior, 1e-300)
        likelihood[order] = (ratio / ratio.max(axis=1, keepdims=True)).astype(np.float32)
    return Survey(
        orders=tuple(orders),
        leaf=np.repeat(np.arange(len(leaves)), n_per_leaf),
        likelihood=likelihood,
        membership=hierarchy(network.knowledge, "row").membership.astype(np.float32),
    )


__all__ = ["Survey", "survey"]
