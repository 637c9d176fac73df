"""
How unusual are the findings as a whole? Their probability among that of patients simulated from the network.

Every simulated patient has the same findings on record. A finding that was given as a set of states or as
weights is read as a report that is made with the given weight: a simulated patient gives the same report with
the weight of his state, and else names the state. So both are patients of one model, and if the network were
right, every percentile would be equally common.

Knows: simulation and the engine. Must not know: facts, diagnoses.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.diagnosis.differential import indexed
from model.errors import EvidenceError
from model.inference.engine import infer
from model.patient.evidence import Evidence
from model.patient.simulation import states_of
from model.text import percent
from priors.frozen import Frozen

if TYPE_CHECKING:
    from model.inference.graph import FloatArray
    from model.network.network import Network

N_SIMULATED = 1000
"""Simulated patients: the standard error of a percentile is at most 1.6 points."""

TIE = 1e-9
"""Log probabilities nearer than this are equal but for rounding."""


@dataclass(frozen=True, slots=True)
class Surprise:
    """
    How unusual the findings are.

    Parameters
    ----------
    percentile
        Share of simulated patients whose findings are at most as probable, in (0, 1]: the Monte Carlo p-value
        (k + 1) / (n + 1). Small is surprising.
    standard_error
        Of the percentile, from the number of simulated patients.
    log10_probability, typical
        log10 P(findings) of the patient, and the median over the simulated patients.
    n, seed
        Number of simulated patients and seed that gives the same ones.
    """

    percentile: float
    standard_error: float
    log10_probability: float
    typical: float
    n: int
    seed: int

    def sentence(self) -> str:
        """The percentile in words and numbers."""
        word = (
            "very unusual"
            if self.percentile < 0.01
            else "unusual"
            if self.percentile < 0.05
            else "not unusual"
        )
        return (
            f"The findings as a whole are {word}: {percent(self.percentile)} of {self.n} simulated patients have "
            f"findings at most as probable (standard error {percent(self.standard_error)})."
        )


def surprise(
    network: Network, evidence: Evidence, *, n_simulated: int = N_SIMULATED, seed: int = 0
) -> Surprise:
    """
    Percentile of P(findings) of the first patient among patients simulated with the same findings on record.

    A small percentile need not mean that the model is wrong: published patients are published because they are
    unusual, and list what they have rather than what they have not.

    Patients are simulated and weighed at mean parameters: there both come from one distribution, so that the
    percentile is calibrated, and a thousand patients take milliseconds.

    Raises
    ------
    EvidenceError
        If no patient is to be simulated.

    References
    ----------
    Phipson B, Smyth GK. Permutation p-values should never be zero. Stat Appl Genet Mol Biol 2010;9:39.
    doi:10.2202/1544-6115.1585
    """
    if n_simulated < 1:
        raise EvidenceError(
            f"surprise: {n_simulated} simulated patients; allowed are 1 and more, such as {N_SIMULATED}"
        )
    mean, one = network.at_mean(), evidence.select(0)
    observed = one.observed()
    log10_p = _log10_probability(mean, _with_patient(mean, one, observed, n_simulated, seed), n_simulated + 1)
    patient, others = float(log10_p[0]), log10_p[1:]
    percentile = float((np.sum(others <= patient + TIE) + 1) / (n_simulated + 1))
    return Surprise(
        percentile=percentile,
        standard_error=math.sqrt(percentile * (1 - percentile) / n_simulated),
        log10_probability=patient,
        typical=float(np.median(others)),
        n=n_simulated,
        seed=seed,
    )


def _with_patient(
    network: Network, evidence: Evidence, observed: tuple[str, ...], n: int, seed: int
) -> dict[str, FloatArray]:
    """Likelihood vectors of the patient in row 0 and of n simulated patients below."""
    states = states_of(network, observed, n, seed=seed)
    rng = np.random.default_rng((seed, 1))  # its own stream: the simulated patients do not depend on it
    return {
        name: np.concatenate(
            [evidence.likelihoods[name], reports(evidence.likelihoods[name][0], states[name], rng)]
        )
        for name in observed
    }


def reports(weights: FloatArray, states: NDArray[np.intp], rng: np.random.Generator) -> FloatArray:
    """
    What patients in given states would have on record where one patient has `weights`.

    Parameters
    ----------
    weights : ndarray of shape (n_states,)
        P(this report is made | state).
    states : ndarray of int, shape (n,)

    Returns
    -------
    ndarray of shape (n, n_states)
        `weights` for those who make this report, else P(another report | state) at the state alone.

    Examples
    --------
    >>> reports(np.array([0.0, 1.0, 1.0]), np.array([0, 2]), np.random.default_rng(0)).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]
    """
    is_made = rng.random(len(states)) < weights[states]
    named = np.eye(len(weights))[states] * (1 - weights)
    return np.where(is_made[:, None], weights, named)


def _log10_probability(network: Network, likelihoods: dict[str, FloatArray], n: int) -> FloatArray:
    """log10 P(findings) of every patient at mean parameters: ndarray of shape (n,)."""
    rows = Evidence(Frozen(likelihoods), ())
    beliefs = infer(network.plan, indexed(network, rows), n_patients=n)
    return np.asarray(beliefs.log_evidence[0] / np.log(10))


__all__ = ["N_SIMULATED", "Surprise", "reports", "surprise"]
