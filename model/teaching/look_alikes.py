r"""
Diseases that the model can hardly tell apart, and what would tell them apart.

Patients of every disease are simulated with the findings of everyday orders. For two diseases that were equally probable
before, the share of belief that stays with the wrong one is on average

.. math:: \tfrac12 \Big( E_{x \sim a} \frac{P(x \mid b)}{P(x \mid a) + P(x \mid b)}
    + E_{x \sim b} \frac{P(x \mid a)}{P(x \mid a) + P(x \mid b)} \Big)

0 if they are always told apart, one half if never. What separates a pair best is told by the symmetric divergence of
each finding in bits, :math:`\sum_s (p_s - q_s) \log_2 (p_s / q_s)` (Jeffreys).

Knows: simulated patients, what is believed of findings. Must not know: how it is shown.

References
----------
Jeffreys H. An invariant form for the prior probability in estimation problems. Proc R Soc Lond A 1946;186:453-461.
doi:10.1098/rspa.1946.0056
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from model.diagnosis.differential import posterior
from model.inference.graph import FloatArray
from model.inference.numeric import INTERVAL
from model.network.answer import Answer
from model.network.beliefs import Beliefs
from model.network.hierarchy import Hierarchy, hierarchy
from model.patient.evidence import encode
from model.patient.simulation import simulate
from model.text import percent, table
from model.validation.reliability import EVERYDAY

if TYPE_CHECKING:
    import pandas as pd

    from model.network.network import Network

N_OF_EACH: Final = 60
"""Simulated patients of every table row."""


@dataclass(frozen=True, slots=True, eq=False)
class Separation(Answer):
    """
    How much belief stays with the wrong one of two table rows.

    Parameters
    ----------
    rows
        The table rows.
    confusion, error : ndarray of shape (n_rows, n_rows)
        Mean share that stays with the wrong one, symmetric, 0 on the diagonal; and its standard error.
    orders
        Whose findings were known.
    """

    rows: Hierarchy
    confusion: FloatArray
    error: FloatArray
    orders: tuple[str, ...]

    def pairs(self, n: int | None = None) -> list[tuple[str, str, float, float]]:
        """Pairs of table rows, the hardest to separate first: both names, confusion and its standard error."""
        first, second = np.triu_indices(len(self.rows.names), 1)
        order = np.argsort(-self.confusion[first, second], kind="stable")[:n]
        return [
            (
                self.rows.names[first[k]],
                self.rows.names[second[k]],
                float(self.confusion[first[k], second[k]]),
                float(self.error[first[k], second[k]]),
            )
            for k in order
        ]

    def to_frame(self) -> pd.DataFrame:
        """One line per pair: first, second, confusion, standard_error; the hardest first."""
        import pandas as pd

        return pd.DataFrame(self.pairs(), columns=["first", "second", "confusion", "standard_error"])

    def summary(self) -> str:
        """The ten pairs that are hardest to tell apart."""
        cells = [(a, b, percent(c), percent(e)) for a, b, c, e in self.pairs(10)]
        return table(("these two", "", "wrong one keeps", "standard error"), cells, right=(2, 3))


def separation(
    network: Network, *, n: int = N_OF_EACH, seed: int = 0, orders: Collection[str] = EVERYDAY
) -> Separation:
    """
    How well every pair of table rows is told apart by the findings of some orders, at mean parameters.

    Parameters
    ----------
    network
        Its mean is used.
    n
        Patients to simulate of each row.
    seed
        Of the patients.
    orders
        Whose findings are known.

    Examples
    --------
    >>> from model import load_network
    >>> network = load_network()
    >>> found = separation(network, n=2)
    >>> found.confusion.shape == (len(network.knowledge.rows), len(network.knowledge.rows))
    True
    """
    mean, rows = network.at_mean(), hierarchy(network.knowledge, "row")
    known = [v.id for v in network.knowledge.variables.values() if v.order in orders]
    prior = posterior(mean, encode(mean, {})).mean_by("row")[0]
    wrong = np.zeros((len(rows.names), n, len(rows.names)))
    for i, row in enumerate(rows.names):
        patients = simulate(mean, n, seed=seed + i, diagnosis=row)
        likelihood = posterior(mean, patients.evidence(known)).mean_by("row") / prior
        own = likelihood[:, [i]]
        wrong[i] = np.divide(likelihood, likelihood + own, out=np.zeros_like(likelihood), where=own > 0)
    share, spread = wrong.mean(axis=1), wrong.var(axis=1) / n
    confusion, error = (share + share.T) / 2, np.sqrt(spread + spread.T) / 2
    np.fill_diagonal(confusion, 0.0)
    np.fill_diagonal(error, 0.0)
    return Separation(rows, confusion, error, tuple(orders), origin=network.origin)


def separating_findings(beliefs: Beliefs, first: str, second: str) -> list[tuple[str, float, float, float]]:
    """
    Findings that tell two table rows apart, the best first.

    Parameters
    ----------
    beliefs
        What `model.believed` gave.
    first, second
        Table rows.

    Returns
    -------
    list of (finding, bits, low, high)
        Mean over the draws of the symmetric divergence, with its 5 % and 95 % point: how sure the model is.

    Examples
    --------
    >>> from model import believed, load_network
    >>> best, *_ = separating_findings(believed(load_network().thinned(50)), "nmosd", "multiple_sclerosis")
    >>> best[0]
    'serum_aqp4_igg'
    """
    i, j = (beliefs.knowledge.rows.index(row) for row in (first, second))
    found = []
    for name, probabilities in beliefs.probabilities.items():
        p, q = probabilities[:, i], probabilities[:, j]
        held = (p > 0) & (q > 0)
        ratio = np.log2(np.where(held, p, 1.0)) - np.log2(np.where(held, q, 1.0))
        bits = ((p - q) * ratio).sum(axis=1)
        low, high = np.quantile(bits, INTERVAL)
        found.append((name, float(bits.mean()), float(low), float(high)))
    return sorted(found, key=lambda item: (-item[1], item[0]))


__all__ = ["Separation", "separating_findings", "separation"]
