"""
Weight of evidence of each finding: alone, in sequence, and free of order.

Knows: subsets of findings and what is believed given them. Must not know: facts, text.

References
----------
Good IJ. Weight of evidence: a brief survey. Bayesian Statistics 2 (1985) 249-270.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from model.record import Record
from model.why.shapley import prefixes, random_orders, sampled_shapley_values, shapley_values
from model.why.subset import IntArray, SubsetBeliefs, every_subset, subset_beliefs

if TYPE_CHECKING:
    from model.inference.graph import FloatArray
    from model.network.network import Network
    from model.patient.evidence import BoolArray, Evidence

MAX_EXACT = 12
"""So many findings are weighed in all their subsets; more in sampled orders."""

N_ORDERS = 64
"""Orders sampled beyond that; each comes with its reverse."""

GRADES = ((2.0, "decisive"), (1.5, "very strong"), (1.0, "strong"), (0.5, "substantial"), (0.0, "weak"))
"""Words of Jeffreys (1961, appendix B) for log10 of a Bayes factor, from each bound upwards."""

NO_WEIGHT = 0.005
"""A weight that rounds to 0.00 is called neutral."""

Method = Literal["exact", "sampled"]

CERTAIN = 1e-12
"""Odds of probabilities nearer to 0 or 1 than this are cut off."""


@dataclass(frozen=True, slots=True, eq=False)
class Coalitions(Record):
    """
    What is believed when some of the findings of a patient are known.

    Parameters
    ----------
    findings
        The n findings that say something, in the order of the case.
    variants
        3 n + 1 subsets in all draws: none; each alone; all but one; the first 1, 2, ..., n.
    game
        All 2^n subsets, or those along the sampled orders.
    orders : ndarray of int, shape (n_orders, n), or None
        The sampled orders; None if all subsets are there.
    """

    findings: tuple[str, ...]
    variants: SubsetBeliefs
    game: SubsetBeliefs
    orders: IntArray | None

    @property
    def method(self) -> Method:
        """How the order-free weights are found."""
        return "exact" if self.orders is None else "sampled"

    @property
    def without(self) -> slice:
        """The variants that know all findings but one."""
        n = len(self.findings)
        return slice(n + 1, 2 * n + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Weights(Record):
    """
    Weights of evidence in log10 units, one per finding.

    Parameters
    ----------
    prior, posterior
        log10 odds without and with all findings.
    alone, in_sequence, order_free, error : ndarray of shape (n_findings,)
        `in_sequence` adds up to ``posterior - prior``; so does `order_free`, if the game was played in all
        draws. `error` is the standard error of `order_free` from sampling orders, 0 if it is exact.
    without : ndarray of shape (n_findings,)
        log10 odds without one finding.
    """

    prior: float
    posterior: float
    alone: FloatArray
    in_sequence: FloatArray
    order_free: FloatArray
    error: FloatArray
    without: FloatArray


def coalitions(
    network: Network, evidence: Evidence, *, seed: int = 0, max_exact: int = MAX_EXACT
) -> Coalitions:
    """
    Beliefs for all the subsets of findings that an explanation speaks of.

    Parameters
    ----------
    network, evidence
        The first patient is explained; the findings must be possible together.
    seed
        Of the sampled orders.
    max_exact
        So many findings are weighed in all their subsets.
    """
    findings = evidence.observed()
    n = len(findings)
    if n <= max_exact:
        game = subset_beliefs(network, evidence, findings, every_subset(n))
        if game.n_draws == network.n_draws:
            numbers = _variants(n) @ (1 << np.arange(n))
            chosen = SubsetBeliefs(game.mean[numbers], game.log10_evidence[:, numbers])
            return Coalitions(findings, chosen, game, None)
        orders = None
    else:
        # Sampled by name: the order in which a patient's findings were entered changes nothing.
        by_name = np.argsort(np.array(findings), kind="stable")
        orders = by_name[random_orders(n, N_ORDERS, np.random.default_rng(seed))]
        game = subset_beliefs(network, evidence, findings, prefixes(orders).reshape(-1, n))
    variants = subset_beliefs(network, evidence, findings, _variants(n), all_draws=True)
    return Coalitions(findings, variants, game, orders)


def _variants(n: int) -> BoolArray:
    one = np.eye(n, dtype=bool)
    return np.concatenate([np.zeros((1, n), bool), one, ~one, np.tri(n, dtype=bool)])


def weigh(known: Coalitions, inside: BoolArray, outside: BoolArray) -> Weights:
    """
    Weights of the findings for one set of leaves against another.

    Parameters
    ----------
    known
        From `coalitions`.
    inside, outside : ndarray of bool, shape (n_leaves,)
        The leaves spoken for and those spoken against; each must be possible given all findings.
    """
    n = len(known.findings)
    odds = log10_odds(known.variants.mean, inside, outside)
    worth = log10_odds(known.game.mean, inside, outside)
    if known.orders is None:
        order_free, error = shapley_values(worth), np.zeros(n)
    else:
        order_free, error = sampled_shapley_values(known.orders, worth.reshape(len(known.orders), n + 1))
    return Weights(
        prior=float(odds[0]),
        posterior=float(odds[-1]),
        alone=odds[1 : n + 1] - odds[0],
        in_sequence=np.diff(odds[2 * n + 1 :], prepend=odds[0]),
        order_free=order_free,
        error=error,
        without=odds[known.without],
    )


def log10_odds(mean: FloatArray, inside: BoolArray, outside: BoolArray) -> FloatArray:
    """
    log10 of the odds of some leaves against others.

    Both sides are summed: 1 - p would lose the small one to rounding.

    Examples
    --------
    >>> log10_odds(np.array([[0.1, 0.9, 0.01]]), np.array([1, 0, 0]) > 0, np.array([0, 0, 1]) > 0).tolist()
    [1.0]
    """
    return np.asarray(np.log10(mean[:, inside].sum(axis=1)) - np.log10(mean[:, outside].sum(axis=1)))


def grade(weight: float) -> str:
    """
    Weight of evidence (log10) in the words of Jeffreys.

    References
    ----------
    Jeffreys H. Theory of Probability. 3rd ed. Oxford; 1961, appendix B.

    Examples
    --------
    >>> grade(1.2), grade(-0.3), grade(0.001)
    ('strong for', 'weak against', 'neutral')
    """
    if abs(weight) < NO_WEIGHT:
        return "neutral"
    word = next(word for bound, word in GRADES if abs(weight) >= bound)
    return f"{word} {'for' if weight > 0 else 'against'}"


def bans(p: float) -> float:
    """
    Odds of a probability in bans, kept finite at both ends.

    Examples
    --------
    >>> bans(0.5), round(bans(10 / 11), 9)
    (0.0, 1.0)
    """
    inside = min(max(float(p), CERTAIN), 1 - CERTAIN)
    return float(np.log10(inside / (1 - inside)))


__all__ = [
    "GRADES",
    "NO_WEIGHT",
    "Coalitions",
    "Weights",
    "bans",
    "coalitions",
    "grade",
    "log10_odds",
    "weigh",
]
