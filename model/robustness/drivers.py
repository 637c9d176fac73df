r"""
Which numbers decide who leads: rank correlations over the draws, and Sobol indices by sampling.

The outcome is :math:`\ln P(\text{leader}) - \ln P(\text{strongest rival})`; whoever leads, leads where it is above 0.
Partial rank correlations are those over the stored draws, each number against the others that are looked at. Sobol
indices vary each of them independently over its own draws, all others at their mean, by the estimators of Saltelli
(first order) and Jansen (total); errors are bootstrapped over the samples. A number of the literature counts once,
however many rows of a table it moves, and of the states of one place only the one that matters most.

Knows: numbers, changed networks. Must not know: the terminal.

References
----------
Saltelli A, Annoni P, Azzini I, et al. Variance based sensitivity analysis of model output. Comput Phys Commun
2010;181(2):259-270. doi:10.1016/j.cpc.2009.09.018
Jansen MJW. Analysis of variance designs for model output. Comput Phys Commun 1999;117:35-43.
doi:10.1016/S0010-4655(98)00154-4
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.diagnosis.differential import posterior
from model.errors import EvidenceError, plain
from model.inference.graph import FloatArray
from model.network.answer import Answer
from model.network.hierarchy import hierarchy
from model.network.network import DIAGNOSIS, Network
from model.patient.evidence import as_evidence
from model.progress import Progress, watched
from model.robustness.number import ODDS_RATIO, Numbers, is_direct, numbers_of
from model.robustness.regression import FIXED, MIN_DRAWS, basis_of, orders, variance_share
from model.text import table

if TYPE_CHECKING:
    import pandas as pd

    from model.patient.evidence import Asked, Evidence

SMALLEST = 1e-12
N_BOOTSTRAPS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Drivers(Answer):
    """
    The numbers that decide over the draws who leads, for one patient.

    Attributes
    ----------
    case, leader, rival : str
        The patient; the table row that leads the headline, and the strongest other one.
    names : tuple of str
        The numbers, those with the largest total index first.
    correlation, correlation_error : ndarray of shape (n,)
        Partial rank correlation with the outcome over the draws, and its standard error.
    first, first_error, total, total_error : ndarray of shape (n,)
        Sobol indices and their standard errors.
    n_samples : int
        Samples that the indices rest on; each asks the network n + 2 times.
    """

    case: str
    leader: str
    rival: str
    names: tuple[str, ...]
    correlation: FloatArray
    correlation_error: FloatArray
    first: FloatArray
    first_error: FloatArray
    total: FloatArray
    total_error: FloatArray
    n_samples: int

    def to_frame(self) -> pd.DataFrame:
        """One line per number: number, correlation, first, total, each with its standard error."""
        import pandas as pd

        parts = ("correlation", "first", "total")
        columns: dict[str, object] = {"number": self.names}
        for part in parts:
            columns |= {part: getattr(self, part), f"{part}_error": getattr(self, f"{part}_error")}
        return pd.DataFrame(columns)

    def summary(self) -> str:
        """The numbers with their indices, as text."""
        rows = [
            (name, *(f"{v:.2f} ± {e:.2f}" for v, e in values))
            for name, *values in zip(
                self.names,
                zip(self.correlation, self.correlation_error, strict=True),
                zip(self.first, self.first_error, strict=True),
                zip(self.total, self.total_error, strict=True),
                strict=True,
            )
        ]
        head = f"Case {plain(self.case)}: what decides between {self.leader} and {self.rival}"
        return f"{head}\n{table(('number', 'rank correlation', 'first order', 'total'), rows)}"


def rank_drivers(
    network: Network,
    evidence: Asked,
    *,
    top: int = 8,
    n_samples: int = 256,
    numbers: Numbers | None = None,
    seed: int = 1,
    progress: Progress = watched,
) -> Drivers:
    """
    Which numbers of the literature decide over the draws who leads.

    Parameters
    ----------
    network, evidence
        At least 30 draws, and one patient.
    top : int
        How many numbers to look at: those that the answer rests on with the largest share of variance over the draws.
    n_samples : int
        Of the Sobol indices.
    numbers : Numbers, optional
        ``numbers_of(network)``, to share it between patients.
    seed : int
        Of samples and bootstrap.
    progress
        Wraps the samples that the network is asked about, such as a progress bar.

    Raises
    ------
    EvidenceError
        If there are too few draws or samples, or several patients.

    Examples
    --------
    >>> from model import load_network
    >>> found = rank_drivers(load_network(), {"enhancement_pattern": "miliary"}, top=3, n_samples=32)
    >>> len(found.names), bool((found.total_error > 0).all())
    (3, True)
    """
    evidence = as_evidence(network, evidence)
    evidence.require_one("rank drivers")
    if network.n_draws < MIN_DRAWS or n_samples < MIN_DRAWS or top < 1:
        raise EvidenceError(
            f"rank drivers: {network.n_draws} draws, {n_samples} samples, top {top}; at least {MIN_DRAWS} draws, "
            f"{MIN_DRAWS} samples and one number are needed; give more"
        )
    every = numbers or numbers_of(network)
    rows = hierarchy(network.knowledge, "row")
    mean = posterior(network, evidence).mean_by("row")[0]
    leader, rival = (int(i) for i in np.argsort(-mean, kind="stable")[:2])
    outcome = _outcome(network, evidence, leader)
    chosen = _chosen(network, evidence, every, outcome, top)
    correlation, error = partial_rank_correlations(every.draws[:, chosen], outcome)
    samples = _samples(every.draws[:, chosen], n_samples, seed)
    names = [every.of[i].name for i in chosen]
    runs = [_asked(network, evidence, names, one, leader) for one in progress(_designs(*samples))]
    first, total = sobol(np.array(runs[0]), np.array(runs[1]), np.array(runs[2:]))
    errors = _bootstrapped(runs, seed)
    order = np.argsort(-total, kind="stable")
    return Drivers(
        case=evidence.ids[0],
        leader=rows.names[leader],
        rival=rows.names[rival],
        names=tuple(names[i] for i in order),
        correlation=correlation[order],
        correlation_error=error[order],
        first=first[order],
        first_error=errors[0][order],
        total=total[order],
        total_error=errors[1][order],
        n_samples=n_samples,
        origin=network.origin,
    )


def sobol(a: FloatArray, b: FloatArray, mixed: FloatArray) -> tuple[FloatArray, FloatArray]:
    """
    First-order and total Sobol indices.

    Parameters
    ----------
    a, b : ndarray of shape (n_samples,)
        The outcome of two independent samples.
    mixed : ndarray of shape (n_numbers, n_samples)
        The outcome of the first sample with one number each from the second.

    Returns
    -------
    tuple of two ndarrays of shape (n_numbers,)
        0 if the outcome does not vary.
    """
    variance = float(np.concatenate([a, b]).var())
    if variance == 0:
        return np.zeros(len(mixed)), np.zeros(len(mixed))
    centred = b - np.concatenate([a, b]).mean()
    first: FloatArray = (centred * (mixed - a)).mean(axis=1) / variance
    total: FloatArray = ((mixed - a) ** 2).mean(axis=1) / (2 * variance)
    return first, total


def partial_rank_correlations(inputs: FloatArray, outcome: FloatArray) -> tuple[FloatArray, FloatArray]:
    """
    Rank correlation of each input with the outcome, the other inputs held, and its standard error.

    Parameters
    ----------
    inputs : ndarray of shape (n_draws, n_numbers)
    outcome : ndarray of shape (n_draws,)

    Returns
    -------
    tuple of two ndarrays of shape (n_numbers,)
    """
    columns = np.column_stack([inputs, outcome])
    ranks = np.argsort(np.argsort(columns, axis=0, kind="stable"), axis=0, kind="stable")
    precision = np.linalg.pinv(np.corrcoef(ranks, rowvar=False))
    scale = np.sqrt(np.diag(precision))
    found = np.clip(-precision[:-1, -1] / (scale[:-1] * scale[-1]), -1.0, 1.0)
    free = max(len(outcome) - inputs.shape[1] - 2, 1)
    return found, (1 - found**2) / np.sqrt(free)


def _outcome(network: Network, evidence: Evidence, leader: int) -> FloatArray:
    """Log ratio of the leader to its strongest rival in every draw."""
    p = np.maximum(posterior(network, evidence).draws("row")[:, 0], SMALLEST)
    found: FloatArray = np.log(p[:, leader]) - np.log(np.delete(p, leader, axis=1).max(axis=1))
    return found


def _chosen(
    network: Network, evidence: Evidence, numbers: Numbers, outcome: FloatArray, top: int
) -> list[int]:
    """Numbers that the answer rests on, with the largest share of variance; odds ratios are no probabilities."""
    basis = basis_of(len(outcome))
    share = np.concatenate(
        [
            variance_share(basis.fitted(outcome[:, None], order)[..., 0], outcome)
            for order in orders(numbers.draws)
        ]
    )
    kept = is_direct(network, evidence, numbers) & (numbers.draws.std(axis=0) > FIXED) & (share > 0)
    kept &= np.array([one.state != ODDS_RATIO for one in numbers.of])
    ranked = np.argsort(-np.where(kept, share, -1.0), kind="stable")
    found: dict[tuple[str, str], int] = {}
    for i in ranked[kept[ranked]]:
        one = numbers.of[i]
        found.setdefault((one.node, "" if one.node == DIAGNOSIS else one.leaf), int(i))
        if len(found) == top:
            break
    return list(found.values())


def _samples(draws: FloatArray, n: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """Two samples of independent numbers, each by its own quantiles over the draws, as probabilities."""
    uniform = np.random.default_rng(seed).random((2, n, draws.shape[1]))
    logits = np.stack([np.quantile(draws[:, i], uniform[..., i]) for i in range(draws.shape[1])], axis=-1)
    first, second = 1 / (1 + np.exp(-logits))
    return first, second


def _designs(a: FloatArray, b: FloatArray) -> list[FloatArray]:
    mixed = []
    for i in range(a.shape[1]):
        one = a.copy()
        one[:, i] = b[:, i]
        mixed.append(one)
    return [a, b, *mixed]


def _asked(
    network: Network, evidence: Evidence, names: list[str], sample: FloatArray, leader: int
) -> FloatArray:
    samples = {name: sample[:, i] for i, name in enumerate(names)}
    return _outcome(network.with_draws(samples, others="mean"), evidence, leader)


def _bootstrapped(runs: list[FloatArray], seed: int) -> tuple[FloatArray, FloatArray]:
    """Standard errors of both indices."""
    all_runs, rng = np.stack(runs), np.random.default_rng(seed + 1)
    found = []
    for _ in range(N_BOOTSTRAPS):
        again = all_runs[:, rng.integers(0, all_runs.shape[1], all_runs.shape[1])]
        found.append(sobol(again[0], again[1], again[2:]))
    first, total = (np.stack(part).std(axis=0) for part in zip(*found, strict=True))
    return first, total


__all__ = ["Drivers", "partial_rank_correlations", "rank_drivers", "sobol"]
