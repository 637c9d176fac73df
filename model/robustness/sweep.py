r"""
How the answer depends on the pre-test probability of one diagnosis, all others keeping their proportions.

In every draw the odds of the diagnosis after the findings are those before them times the Bayes factor of the
findings, so that the whole sweep follows from two answers: with the findings and without. The odds before are
multiplied by one factor in all draws, the one after which their mean probability is the one asked for: at the present
probability the factor is 1 and the sweep passes through the headline.

Knows: differentials. Must not know: parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.diagnosis.differential import posterior
from model.errors import EvidenceError, UnknownNameError, unknown_name
from model.inference.graph import FloatArray
from model.network.answer import Answer
from model.network.hierarchy import Hierarchy, hierarchy
from model.patient.evidence import Asked, as_evidence
from model.patient.naming import diagnosis_aliases
from model.text import percent, table

if TYPE_CHECKING:
    import pandas as pd

    from model.network.network import Network

GRID = tuple(float(p) for p in 1 / (1 + np.exp(-np.linspace(-7, 7, 57))))
"""Pre-test probabilities from 0.1 % to 99.9 %, evenly spaced in log-odds."""

MAX_LOG_FACTOR = 60.0
N_HALVINGS = 60
"""Bisection from `MAX_LOG_FACTOR` leaves an error of 1e-16."""


@dataclass(frozen=True, slots=True, eq=False)
class Sweep(Answer):
    """
    The diagnoses of one patient over the pre-test probability of one of them.

    Attributes
    ----------
    case, diagnosis : str
    before : ndarray of shape (n,)
        Pre-test probability of the diagnosis, mean over draws.
    after : ndarray of shape (n, n_rows)
        Headline probability of every table row at each of them.
    present : float
        The pre-test probability that the network has (mean over draws).
    rows : Hierarchy
    """

    case: str
    diagnosis: str
    before: FloatArray
    after: FloatArray
    present: float
    rows: Hierarchy

    @property
    def leaders(self) -> tuple[str, ...]:
        """The leading table row at each pre-test probability."""
        return tuple(self.rows.names[i] for i in self.after.argmax(axis=1))

    def changes(self) -> tuple[tuple[float, str, str], ...]:
        """Where the leader changes: pre-test probability (midway between two points), old leader, new leader."""
        lead = self.leaders
        return tuple(
            (float(self.before[i : i + 2].mean()), lead[i], lead[i + 1])
            for i in range(len(lead) - 1)
            if lead[i] != lead[i + 1]
        )

    def to_frame(self) -> pd.DataFrame:
        """One line per pre-test probability: case, diagnosis, before, leader, and each row's probability after."""
        import pandas as pd

        rows = pd.DataFrame(self.after, columns=list(self.rows.names))
        head = {"case": self.case, "diagnosis": self.diagnosis, "before": self.before, "leader": self.leaders}
        return pd.concat([pd.DataFrame(head, index=rows.index), rows], axis=1)

    def summary(self) -> str:
        """Who leads, and where that changes, as text."""
        cells = [(percent(p), old, new) for p, old, new in self.changes()]
        first = f"Pre-test probability of {self.diagnosis}: {percent(self.present)} in the model"
        if not cells:
            return f"{first}; {self.leaders[0]} leads at any between {percent(self.before[0])} and more."
        return f"{first}\n{table(('from', 'instead of', 'leads'), cells, right=(0,))}"


def prior_sweep(
    network: Network, evidence: Asked, diagnosis: str, *, before: Sequence[float] = GRID
) -> Sweep:
    """
    Headline probabilities of one patient for a range of pre-test probabilities of one diagnosis.

    Pre-test means before any finding, region and ancestry included.

    Parameters
    ----------
    network, evidence
        The evidence holds one patient.
    diagnosis
        A leaf or table row.
    before
        Pre-test probabilities, strictly between 0 and 1, in rising order.

    Raises
    ------
    UnknownNameError
        If the diagnosis does not exist.
    EvidenceError
        If the evidence holds several patients, or a probability is not between 0 and 1.

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network().thinned(50)
    >>> patient = encode(network, {"enhancement_pattern": "miliary"})
    >>> sweep = prior_sweep(network, patient, "neurosarcoidosis", before=(0.01, 0.1, 0.5))
    >>> sweep.after.shape == (3, len(network.knowledge.rows))
    True
    """
    evidence = as_evidence(network, evidence)
    knowledge = network.knowledge
    if diagnosis not in knowledge.diagnoses:
        allowed = diagnosis_aliases(knowledge)
        raise UnknownNameError(unknown_name("prior sweep", "diagnosis", diagnosis, allowed))
    grid = np.asarray(before, dtype=float)
    if evidence.n_patients != 1 or not ((grid > 0) & (grid < 1)).all():
        raise EvidenceError(
            f"prior sweep: {evidence.n_patients} patients, pre-test {grid.min():g} to {grid.max():g}; one patient and "
            "probabilities between 0 and 1 are needed; change them"
        )
    inside = np.isin(knowledge.leaves, knowledge.members(diagnosis))
    prior = posterior(network, evidence.with_only(np.ones((1, 0), dtype=bool), ())).probabilities[:, 0]
    answer = posterior(network, evidence).probabilities[:, 0]
    p = prior[:, inside].sum(axis=1)
    if not p.any():
        raise EvidenceError(
            f"prior sweep, {diagnosis}: it has probability 0 under the setting {network.setting}; give it a weight"
        )
    rows = hierarchy(knowledge, "row")
    weighted = np.where(inside, answer * _factors(p, grid)[:, None, None], answer)
    after = (weighted / weighted.sum(axis=-1, keepdims=True)).mean(axis=1) @ rows.membership
    return Sweep(evidence.ids[0], diagnosis, grid, after, float(p.mean()), rows, origin=network.origin)


def _factors(p: FloatArray, wanted: FloatArray) -> FloatArray:
    """
    What the odds of all draws are multiplied by for their mean probability to become each wanted one, by bisection.

    Parameters
    ----------
    p : ndarray of shape (n_draws,)
    wanted : ndarray of shape (n,)

    Returns
    -------
    ndarray of shape (n,)

    Examples
    --------
    >>> _factors(np.array([0.5, 0.5]), np.array([0.5, 0.9])).round(6)
    array([1., 9.])
    """
    low, high = np.full(len(wanted), -MAX_LOG_FACTOR), np.full(len(wanted), MAX_LOG_FACTOR)
    for _ in range(N_HALVINGS):
        middle = (low + high) / 2
        raised = np.exp(middle)[:, None] * p
        is_low = (raised / (raised + 1 - p)).mean(axis=1) < wanted
        low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
    return np.asarray(np.exp((low + high) / 2))


__all__ = ["GRID", "Sweep", "prior_sweep"]
