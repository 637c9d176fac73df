"""
Which number of the literature to look up next: what it would be worth to know each one exactly.

Never to be confused with the value of a finding: this is about the model, not about the patient.

Knows: numbers, regression over draws. Must not know: the terminal.

References
----------
Strong M, Oakley JE, Brennan A. Estimating multiparameter partial expected value of perfect information from a
probabilistic sensitivity analysis sample: a nonparametric regression approach. Med Decis Making 2014;34(3):311-326.
doi:10.1177/0272989X13505910
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.diagnosis.differential import posterior
from model.errors import EvidenceError, plain
from model.inference.graph import FloatArray
from model.network.answer import Answer
from model.network.hierarchy import hierarchy
from model.network.network import Network
from model.next_step.target import Decision
from model.patient.evidence import as_evidence
from model.progress import Progress, watched
from model.robustness.number import Numbers, is_direct, numbers_of
from model.robustness.regression import (
    FIXED,
    MIN_DRAWS,
    basis_of,
    bits,
    gain,
    orders,
    share_error,
    shuffles,
    surrogate,
    variance_share,
)
from model.text import decimals, percent, table

if TYPE_CHECKING:
    import pandas as pd

    from model.patient.evidence import Asked

SMALLEST = 1e-12
"""Keeps the log of a probability finite; the outcome of a draw below it counts as this."""


@dataclass(frozen=True, slots=True, eq=False)
class Knowing(Answer):
    """
    What knowing each number would be worth for one patient.

    Attributes
    ----------
    network : Network
    case, diagnosis, label : str
        The patient; identifier and label of the leading table row.
    numbers : Numbers
    direct : ndarray of bool, shape (n_numbers,)
        Whether the answer rests on the number itself; others matter only by varying together with one that does.
    share, share_error : ndarray of shape (n_numbers,)
        Share of the variance of the leader's log-odds over the draws, first order, and its standard error.
    joint_share : ndarray of shape (n_numbers,)
        Share in a regression on all direct numbers together; 0 for others.
    predicted : float
        Share of the variance that this regression predicts in draws left out: 1 - its error.
    bits : ndarray of shape (n_numbers,)
        Expected fall of the entropy of the diagnosis.
    gain : ndarray of shape (n_numbers,)
        Expected gain in `unit` (EVPPI).
    unit : str
        "probability of naming the right diagnosis", or the unit of a decision.
    noise : tuple of two floats
        95 % point of bits and gain for numbers that have nothing to do with the answer.
    most : float
        Gain if all numbers were known (EVPI): no single one is worth more.
    """

    network: Network
    case: str
    diagnosis: str
    label: str
    numbers: Numbers
    direct: NDArray[np.bool_]
    share: FloatArray
    share_error: FloatArray
    joint_share: FloatArray
    predicted: float
    bits: FloatArray
    gain: FloatArray
    unit: str
    noise: tuple[float, float]
    most: float

    @property
    def order(self) -> NDArray[np.intp]:
        """Numbers worth knowing most first: those that the answer rests on, by bits; then the others."""
        return np.lexsort((np.arange(len(self.bits)), -self.bits, ~self.direct))

    def by_finding(self) -> dict[str, float]:
        """Node -> share of the variance of the leader's log-odds in the joint regression, largest first."""
        found: dict[str, float] = {}
        for number, share in zip(self.numbers.of, self.joint_share, strict=True):
            found[number.node] = found.get(number.node, 0.0) + float(share)
        kept = {node: share for node, share in found.items() if share}
        return dict(sorted(kept.items(), key=lambda item: -item[1]))

    def to_frame(self) -> pd.DataFrame:
        """
        One line per number, the one to look up first on top.

        Columns: case, number, node, state, leaf, median, low, high (50 %, 5 % and 95 % point over the draws; of an
        odds ratio the ratio itself), direct, bits, above_noise, gain, share, share_error, joint_share, facts.
        """
        import pandas as pd

        order = self.order
        of = [self.numbers.of[i] for i in order]
        low, median, high = self._quantiles()
        columns: dict[str, object] = {
            "case": self.case,
            "number": [number.name for number in of],
            "node": [number.node for number in of],
            "state": [number.state for number in of],
            "leaf": [number.leaf for number in of],
            "median": median[order],
            "low": low[order],
            "high": high[order],
            "direct": self.direct[order],
            "bits": self.bits[order],
            "above_noise": self.bits[order] > self.noise[0],
            "gain": self.gain[order],
            "share": self.share[order],
            "share_error": self.share_error[order],
            "joint_share": self.joint_share[order],
            "facts": ["|".join(self.numbers.facts(self.network, int(i))) for i in order],
        }
        return pd.DataFrame(columns)

    def _quantiles(self) -> FloatArray:
        """5 %, 50 % and 95 % point of each number, shape (3, n_numbers)."""
        logs = np.quantile(self.numbers.draws, [0.05, 0.5, 0.95], axis=0)
        ratio = np.array([number.state not in self.network.states[number.node] for number in self.numbers.of])
        return np.where(ratio, np.exp(logs * ratio), 1 / (1 + np.exp(-logs)))

    def summary(self, *, top: int = 10) -> str:
        """The numbers to look up first, with the facts behind them, as text."""
        low, median, high = self._quantiles()
        cells = []
        for i in self.order[:top]:
            number = self.numbers.of[i]
            is_ratio = number.state not in self.network.states[number.node]
            shown = [f"{q[i]:.2g}" if is_ratio else percent(float(q[i])) for q in (median, low, high)]
            facts = self.numbers.facts(self.network, int(i))
            said = " ".join(facts[:2]) + (f" and {len(facts) - 2} more" if len(facts) > 2 else "")
            known = decimals(float(self.bits[i])) if self.bits[i] > self.noise[0] else "no more than noise"
            row = (number.name, shown[0], f"{shown[1]} to {shown[2]}", known, percent(float(self.share[i])))
            cells.append((*row, said or "no source"))
        header = ("number to look up", "now", "plausible", "bits", "of the variance", "facts")
        lines = [
            f"Case {plain(self.case)}: what it would be worth to know a number of the literature exactly",
            table(header, cells, right=(1, 3, 4)),
            f"Bits up to {decimals(self.noise[0])} cannot be told from chance.",
            f"All numbers together would add {self.most:.3f} ({self.unit}).",
            f"A regression on all predicts {max(0.0, self.predicted):.0%} of the variance of {self.label}.",
        ]
        return "\n".join(lines)


def value_of_knowing(
    network: Network,
    evidence: Asked,
    *,
    decision: Decision | None = None,
    numbers: Numbers | None = None,
    seed: int = 1,
    progress: Progress = watched,
) -> Knowing:
    """
    What it would be worth, for one patient, to know each number of the model exactly.

    Parameters
    ----------
    network, evidence
        At least `MIN_DRAWS` draws, and one patient.
    decision : Decision, optional
        What is to be decided; by default which diagnosis to name, worth 1 if it is right.
    numbers : Numbers, optional
        ``numbers_of(network)``, to share it between patients.
    seed : int
        Of the shuffles that measure what chance alone would reach.
    progress
        Wraps the numbers, some at a time, such as a progress bar.

    Raises
    ------
    EvidenceError
        If the network has too few draws, or the evidence several patients.

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network().thinned(100)
    >>> found = value_of_knowing(network, encode(network, {"enhancement_pattern": "miliary"}))
    >>> found.bits.shape == found.gain.shape, "plausible" in found.summary()
    (True, True)
    """
    evidence = as_evidence(network, evidence)
    evidence.require_one("value of knowing")
    enough_draws(network)
    numbers = numbers or numbers_of(network)
    leaves = posterior(network, evidence).probabilities[:, 0]
    rows = hierarchy(network.knowledge, "row")
    classes = leaves @ rows.membership
    leader = int(classes.mean(axis=0).argmax())
    inside = np.maximum(classes[:, leader], SMALLEST)
    outside = np.maximum(np.delete(classes, leader, axis=1).sum(axis=1), SMALLEST)
    outcome = np.log(inside) - np.log(outside)
    # To name the right diagnosis is worth its probability: what is regressed for the bits serves for the gain as well.
    utility = classes if decision is None else leaves @ decision.table(network)
    own = [] if decision is None else [utility]
    everything = np.concatenate([classes, *own, outcome[:, None]], axis=1)
    share, known, gained = _over_numbers(numbers.draws, everything, len(rows.names), progress)
    noise = _scores(everything, shuffles(network.n_draws, seed), len(rows.names))
    direct = is_direct(network, evidence, numbers)
    joint_share = np.zeros(len(numbers))
    joint_share[direct], predicted = surrogate(numbers.draws[:, direct], outcome)
    return Knowing(
        network=network,
        case=evidence.ids[0],
        diagnosis=rows.names[leader],
        label=rows.labels[leader],
        numbers=numbers,
        direct=direct,
        share=share,
        share_error=share_error(share, network.n_draws),
        joint_share=joint_share,
        predicted=predicted,
        bits=known,
        gain=gained,
        unit="probability of naming the right diagnosis" if decision is None else decision.unit,
        noise=(float(np.quantile(noise[1], 0.95)), float(np.quantile(noise[2], 0.95))),
        most=float(utility.max(axis=1).mean() - utility.mean(axis=0).max()),
        origin=network.origin,
    )


def enough_draws(network: Network) -> None:
    """
    Refuse a network with too few draws to tell numbers apart.

    Raises
    ------
    EvidenceError
        If there are fewer than `MIN_DRAWS`.
    """
    if network.n_draws < MIN_DRAWS:
        raise EvidenceError(
            f"value of knowing: {network.n_draws} draws; at least {MIN_DRAWS} are needed; take more, not their mean"
        )


def _over_numbers(
    draws: FloatArray, outcomes: FloatArray, n_classes: int, progress: Progress
) -> tuple[FloatArray, ...]:
    """Share, bits and gain of every number."""
    pieces = [_scores(outcomes, order, n_classes) for order in orders(draws, progress)]
    varies = draws.std(axis=0) > FIXED
    return tuple(np.where(varies, np.concatenate(column), 0.0) for column in zip(*pieces, strict=True))


def _scores(
    outcomes: FloatArray, order: NDArray[np.intp], n_classes: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """
    Share, bits and gain of some numbers.

    Outcomes are probabilities, utilities unless those are the probabilities, and the leader's log-odds.
    """
    fitted = basis_of(len(outcomes)).fitted(outcomes, order)
    share = variance_share(fitted[..., -1], outcomes[:, -1])
    utility = fitted[..., n_classes:-1] if fitted.shape[-1] > n_classes + 1 else fitted[..., :n_classes]
    return share, bits(fitted[..., :n_classes]), gain(utility)


__all__ = ["Knowing", "value_of_knowing"]
