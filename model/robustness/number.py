"""
The uncertain numbers that documents are about: how often a disease shows a state of a finding, in every draw.

An entry of a table is often no number of the literature (who reports a frequency given a latent mechanism?); these
are: P(state | leaf) over all other parents, the pre-test probability of each leaf, and the odds ratio of each mechanism.

Knows: tables of a network, facts. Must not know: evidence beyond which numbers a patient's answer rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.errors import EvidenceError
from model.inference.engine import Beliefs, infer, joint
from model.inference.graph import FloatArray
from model.network.assembly import MECHANISM, MS, NOT_APPLICABLE
from model.network.network import DIAGNOSIS, HUB, Network
from model.record import Record
from model.robustness.parameter import facts_behind

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from model.patient.evidence import Evidence

ODDS_RATIO = "odds ratio"


@dataclass(frozen=True, slots=True)
class Number:
    """
    One uncertain number.

    Attributes
    ----------
    node, state : str
        What occurs; the state of a mechanism is `ODDS_RATIO`.
    leaf : str
        In which disease; "" if it concerns all.
    """

    node: str
    state: str
    leaf: str

    @property
    def name(self) -> str:
        """What it is, as ``finding=state | diagnosis=leaf``."""
        if self.state == ODDS_RATIO:
            return f"{ODDS_RATIO} of {self.node}"
        where = "" if self.node == DIAGNOSIS or not self.leaf else f" | {DIAGNOSIS}={self.leaf}"
        return f"{self.node}={self.state}{where}"


@dataclass(frozen=True, slots=True, eq=False)
class Numbers(Record):
    """
    All uncertain numbers of a network.

    Attributes
    ----------
    of : tuple of Number
    draws : ndarray of shape (n_draws, n_numbers)
        Log-odds of a probability, log of an odds ratio.
    """

    of: tuple[Number, ...]
    draws: FloatArray

    def __len__(self) -> int:
        return len(self.of)

    def to_frame(self) -> pd.DataFrame:
        """Every number (columns, by name) in every draw (lines): probabilities, and the odds ratios of mechanisms."""
        import pandas as pd

        return pd.DataFrame(self._values(), columns=[one.name for one in self.of])

    def to_xarray(self) -> xr.Dataset:
        """
        Every number with its name in every draw, as ArviZ reads it.

        Returns
        -------
        xarray.Dataset
            ``value`` with the dimensions chain (of length 1), draw and number; a probability, or an odds ratio.
        """
        import xarray as xr

        coords = {"chain": [0], "draw": np.arange(len(self.draws)), "number": [one.name for one in self.of]}
        return xr.Dataset({"value": (("chain", "draw", "number"), self._values()[None])}, coords=coords)

    def _values(self) -> FloatArray:
        is_ratio = np.array([one.state == ODDS_RATIO for one in self.of])
        found: FloatArray = np.exp(np.where(is_ratio, self.draws, -np.logaddexp(0, -self.draws)))
        return found

    def mean(self, number: int) -> float:
        """Mean over the draws of a number that is a probability."""
        return float(_probability(self.draws[:, number]).mean())

    def moved(self, number: int, mean: float) -> FloatArray:
        """
        A probability in every draw, its odds multiplied by one factor, so that its mean over the draws is another one.

        It stays as uncertain as it is; with the mean that it has it stays the same in every draw.

        Parameters
        ----------
        number
            Which.
        mean
            The mean that is wanted, between 0 and 1, both excluded.

        Returns
        -------
        ndarray of shape (n_draws,)
            Probabilities, as `Network.with_probabilities` takes them.

        Raises
        ------
        EvidenceError
            If the mean is no such number.

        Examples
        --------
        >>> halves = Numbers((Number("fever", "present", "nmosd"),), np.log([[1 / 4], [4 / 1]]))
        >>> halves.mean(0), halves.moved(0, 0.5).round(3).tolist()
        (0.5, [0.2, 0.8])
        """
        if not 0 < mean < 1:
            raise EvidenceError(
                f"number {self.of[number].name}: found a mean of {mean:g}; allowed is between 0 and 1; change it"
            )
        from scipy.optimize import brentq

        draws = self.draws[:, number]
        far = float(np.abs(draws).max()) + abs(float(np.log(mean) - np.log1p(-mean)))

        def missing(by: float) -> float:
            return float(_probability(draws + by).mean()) - mean

        return _probability(draws + brentq(missing, -far - 1, far + 1, xtol=1e-12))

    def facts(self, network: Network, number: int) -> tuple[str, ...]:
        """Identifiers of the facts behind a number; ``judgement``: judgement alone; empty: nothing says it."""
        one = self.of[number]
        return facts_behind(network.knowledge, one.node, one.state, one.leaf)


def _probability(log_odds: FloatArray) -> FloatArray:
    found: FloatArray = np.exp(-np.logaddexp(0, -log_odds))
    return found


def numbers_of(network: Network) -> Numbers:
    """
    The uncertain numbers of a network in every draw.

    Of a variable with two states the second one is the number. What is certain in every draw is left out.

    Examples
    --------
    >>> from model import load_network
    >>> found = numbers_of(load_network())
    >>> Number("tick_bite", "present", "lyme_neuroborreliosis") in found.of
    True
    """
    beliefs = infer(network.plan, {}, n_patients=1)
    to_leaf = network.plan.indicator(network.index(DIAGNOSIS))
    of: list[Number] = []
    columns = []
    for node in network.names:
        states, leaves, p = _frequencies(network, beliefs, to_leaf, node)
        kept = np.argwhere((p > 0).all(axis=0) & (p < 1).all(axis=0))
        for i, j in kept[kept[:, 1] == 1] if len(states) == 2 else kept:
            of.append(Number(node, states[j], leaves[i]))
            columns.append(np.log(p[:, i, j]) - np.log1p(-p[:, i, j]))
    for node, log_ratio in _odds_ratios(network):
        of.append(Number(node, ODDS_RATIO, ""))
        columns.append(log_ratio)
    return Numbers(tuple(of), np.stack(columns, axis=1))


def _frequencies(
    network: Network, beliefs: Beliefs, to_leaf: FloatArray, node: str
) -> tuple[tuple[str, ...], tuple[str, ...], FloatArray]:
    """States of a node, the leaves it has numbers in, and these: shape (n_draws, n_leaves, n_states)."""
    states, leaves = network.states[node], network.states[DIAGNOSIS]
    if node in network.knowledge.variables and network.knowledge.variables[node].role == MECHANISM:
        return states, (), np.empty((network.n_draws, 0, len(states)))
    if node == DIAGNOSIS:
        p = beliefs.hub[:, 0] @ to_leaf
        # Leaf i has one number, its own probability: the others are on the diagonal, too.
        return states, leaves, np.einsum("sk,ik->sik", p, np.eye(len(leaves)))
    found = joint(beliefs, network.index(node))[:, 0]
    if DIAGNOSIS not in network.parents[node]:
        return states, ("",), found.sum(axis=1)[:, None]
    cells = np.matmul(to_leaf.T, found)
    if node in HUB:
        # A number of multiple sclerosis only: elsewhere the axis does not apply.
        cells = cells * np.array([leaf == MS for leaf in leaves])[:, None]
    total = cells.sum(axis=-1, keepdims=True)
    return states, leaves, np.divide(cells, total, out=np.zeros_like(cells), where=total > 0)


def _odds_ratios(network: Network) -> list[tuple[str, FloatArray]]:
    """Mechanism and log odds ratio with its findings, read off the first table of one of them."""
    knowledge, found = network.knowledge, []
    for node in knowledge.of_role(MECHANISM):
        links = [link for link in knowledge.links if link.parent == node]
        if node in network.states and links:
            event = np.isin(network.states[links[0].child], links[0].child_state.split("|"))
            table = network.tables[links[0].child]
            cells = table.reshape(len(table), -1, *table.shape[-2:])[:, 0]
            p = cells[..., event].sum(axis=-1)
            log_odds = np.log(p) - np.log1p(-p)
            found.append((node, log_odds[:, 1] - log_odds[:, 0]))
    return found


def is_direct(network: Network, evidence: Evidence, numbers: Numbers) -> NDArray[np.bool_]:
    """
    Whether one patient's answer rests on a number: shape (n_numbers,).

    It does on the frequencies of what was found, and on those of unseen causes of it. All others can matter only
    because they vary together with one of these.
    """
    seen = set(evidence.observed())
    causes = set(HUB) | set(seen)
    while more := {p for node in causes for p in network.parents[node]} - causes:
        causes |= more
    weight = {node: evidence.likelihoods[node][0] for node in seen}
    return np.array([_rests_on(network, one, seen, causes, weight) for one in numbers.of])


def _rests_on(
    network: Network, number: Number, seen: set[str], causes: set[str], weight: dict[str, FloatArray]
) -> bool:
    if number.node not in causes:
        return False
    if number.node not in seen or number.state in (ODDS_RATIO, NOT_APPLICABLE):
        return True
    states = network.states[number.node]
    return len(states) == 2 or bool(weight[number.node][states.index(number.state)] > 0)


__all__ = ["ODDS_RATIO", "Number", "Numbers", "is_direct", "numbers_of"]
