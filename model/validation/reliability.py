r"""
Do the intervals hold what they say? Simulation-based calibration of the answer over the parameter draws.

A patient is simulated with the numbers of one draw. Those numbers give the patient's diagnosis a probability; where
does it lie among the probabilities that all other draws give? Over many patients its rank should be uniform, and a 90 %
interval should hold it for 90 % of them.

Two ways of counting are shown. *As shown*: every draw counts the same, as in the app. *Weighted*: every draw counts as
much as it makes the patient's findings probable, which is what a Bayesian who learnt from patients would do and what
must be uniform if the engine is right (Talts et al. 2018). It says nothing of whether the numbers are true: the patients
are the model's own.

Knows: simulated patients, draws. Must not know: how answers are computed.

References
----------
Talts S, Betancourt M, Simpson D, Vehtari A, Gelman A. Validating Bayesian inference algorithms with simulation-based
calibration. arXiv:1804.06788, 2018.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from model.diagnosis.differential import posterior
from model.errors import EvidenceError
from model.inference.graph import FloatArray
from model.network.answer import Answer
from model.network.hierarchy import hierarchy
from model.patient.evidence import Evidence
from model.patient.simulation import simulate
from model.text import percent, table
from model.validation.score import wilson
from priors.frozen import Frozen

if TYPE_CHECKING:
    import pandas as pd

    from model.network.network import Network

LEVELS: Final = (0.5, 0.9, 0.95)
N_DRAWS: Final = 100
"""Evenly spaced draws that are compared; ranks then have steps of one in a hundred."""

N_BINS: Final = 20
EVERYDAY: Final = ("history", "examination", "brain_mri")
"""Orders whose findings the simulated patients may have."""

N_FINDINGS: Final = 8
"""So many of them, chosen by chance, are known of each patient: as many as published patients have."""


@dataclass(frozen=True, slots=True, eq=False)
class Reliability(Answer):
    """
    Ranks of the true probability among those of the other draws.

    Parameters
    ----------
    as_shown, weighted : ndarray of shape (n_patients,)
        Share of the other draws (or of their weight) that give the leading row less than the draw that made the
        patient; uniform on 0 to 1 if the intervals hold.
    effective
        Mean number of draws that the weights leave effective; far below `n_draws` the weighted ranks are rough.
    n_draws, seed
        Draws compared, and the seed of the patients.
    """

    as_shown: FloatArray
    weighted: FloatArray
    effective: float
    n_draws: int
    seed: int

    @property
    def ways(self) -> Mapping[str, FloatArray]:
        """The two ways of counting."""
        return {"as_shown": self.as_shown, "weighted": self.weighted}

    def coverage(self, way: str = "as_shown") -> dict[float, tuple[float, float, float]]:
        """Level -> share of patients inside the central interval of that level, with its 95 % Wilson interval."""
        ranks, n = self.ways[way], len(self.as_shown)
        found = {}
        for level in LEVELS:
            k = int((np.abs(ranks - 0.5) <= level / 2).sum())
            found[level] = (k / n, *wilson(k, n))
        return found

    def histogram(self, way: str = "as_shown") -> NDArray[np.int_]:
        """Patients by rank, in `N_BINS` groups of equal width."""
        counted: NDArray[np.int_] = np.histogram(self.ways[way], bins=N_BINS, range=(0, 1))[0]
        return counted

    def p_value(self, way: str = "as_shown") -> float:
        """Chance of ranks at least as uneven (chi-squared over the groups) if they were uniform."""
        from scipy.special import chdtrc

        counted = self.histogram(way)
        expected = counted.sum() / N_BINS
        return float(chdtrc(N_BINS - 1, ((counted - expected) ** 2 / expected).sum()))

    def to_frame(self) -> pd.DataFrame:
        """One line per way and level: way, level, coverage, low, high, p_value (of uniform ranks)."""
        import pandas as pd

        names = ("coverage", "low", "high")
        lines = [
            {"way": way, "level": level, **dict(zip(names, found, strict=True)), "p_value": self.p_value(way)}
            for way in self.ways
            for level, found in self.coverage(way).items()
        ]
        return pd.DataFrame(lines)

    def summary(self) -> str:
        """Coverage of the intervals as a plain table."""
        cells = [
            (way.replace("_", " "), percent(level), percent(k), f"{percent(a)} to {percent(b)}")
            for way in self.ways
            for level, (k, a, b) in self.coverage(way).items()
        ]
        header = ("draws counted", "interval", "holds in", "95 % interval")
        return table(header, cells, right=(1, 2))


def reliability(
    network: Network,
    *,
    n: int = 500,
    seed: int = 0,
    n_draws: int = N_DRAWS,
    orders: Collection[str] = EVERYDAY,
    n_findings: int = N_FINDINGS,
) -> Reliability:
    """
    Whether intervals over draws hold the probability under the numbers that made the patient.

    Parameters
    ----------
    network
        With several draws.
    n
        Patients to simulate.
    seed
        Of the patients, and of what is known of them.
    n_draws
        Evenly spaced draws to compare, at least 20.
    orders, n_findings
        How many findings of which orders are known of each patient.

    Raises
    ------
    EvidenceError
        If the network has fewer than 20 draws.

    Examples
    --------
    >>> from model import load_network
    >>> found = reliability(load_network().thinned(20), n=10, n_draws=20)
    >>> found.n_draws, "as shown" in found.summary()
    (20, True)
    """
    few = network.thinned(n_draws)
    if few.n_draws < 20:
        raise EvidenceError(
            f"reliability: {few.n_draws} draws; at least 20 are needed; use a network with draws"
        )
    patients = simulate(few, n, seed=seed)
    names = [name for name in patients.findings if network.knowledge.variables[name].order in orders]
    answer = posterior(few, _some_of(patients.evidence(names), n_findings, seed))
    leader = answer.mean_by("row").argmax(axis=1)
    of_leader = hierarchy(network.knowledge, "row").membership[:, leader]
    p = np.einsum("snl,ln->sn", answer.probabilities, of_leader)
    weights = np.exp(answer.log_evidence - answer.log_evidence.max(axis=0))
    effective = float((weights.sum(axis=0) ** 2 / (weights**2).sum(axis=0)).mean())
    return Reliability(
        *ranks(p, answer.log_evidence, patients.draws), effective, few.n_draws, seed, origin=network.origin
    )


def _some_of(evidence: Evidence, n_findings: int, seed: int) -> Evidence:
    """So many findings of each patient, chosen by chance; the others are not assessed."""
    shape = evidence.n_patients, len(evidence.likelihoods)
    place = np.random.default_rng([seed, 1]).random(shape).argsort(axis=1).argsort(axis=1)
    kept = {
        name: np.where(place[:, [column]] < n_findings, rows, 1.0)
        for column, (name, rows) in enumerate(evidence.likelihoods.items())
    }
    return Evidence(Frozen(kept), evidence.cases)


def ranks(
    probabilities: FloatArray, log_evidence: FloatArray, draws: NDArray[np.intp]
) -> tuple[FloatArray, FloatArray]:
    """
    Share of the other draws below the patient's own, each counting the same, and weighted by the evidence.

    Parameters
    ----------
    probabilities, log_evidence : ndarray of shape (n_draws, n_patients)
    draws : ndarray of int, shape (n_patients,)
        The draw that made each patient.

    Returns
    -------
    tuple of two ndarrays of shape (n_patients,)

    Examples
    --------
    One patient of the second of three draws: one other lies below, one above, and the one below is three times as
    probable.

    >>> p, log_e = np.array([[0.1], [0.2], [0.3]]), np.log([[0.6], [0.5], [0.2]])
    >>> [round(float(share[0]), 4) for share in ranks(p, log_e, np.array([1]))]
    [0.5, 0.75]
    """
    columns = np.arange(len(draws))
    own = probabilities[draws, columns]
    below = (probabilities < own) + 0.5 * (probabilities == own)
    weights = np.exp(log_evidence - log_evidence.max(axis=0))
    same = np.ones_like(weights)
    weights[draws, columns] = same[draws, columns] = 0.0
    as_shown, weighted = ((w * below).sum(axis=0) / w.sum(axis=0) for w in (same, weights))
    return as_shown, weighted


__all__ = ["EVERYDAY", "N_BINS", "Reliability", "ranks", "reliability"]
