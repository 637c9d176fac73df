r"""
Do probabilities come true? Of all answers given about 70 %, about 70 % should be right.

Two bands are shown for each group of answers: the Wilson interval of the share that came true, and the range in which
chance alone would put that share if every probability were exactly right (Bröcker and Smith 2007). Only points outside
the second one speak against the model.

Knows: probabilities and outcomes. Must not know: diagnoses, networks.

References
----------
Bröcker J, Smith LA. Increasing the reliability of reliability diagrams. Weather Forecast 2007;22(3):651-661.
doi:10.1175/WAF993.1
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from model.inference.graph import FloatArray
from model.network.answer import Answer
from model.network.origin import Origin
from model.text import counted, percent, table
from model.validation.score import wilson

if TYPE_CHECKING:
    import pandas as pd

N_REPLICATES: Final = 1000
MANY: Final = 2000
"""Approximation: the number that comes true among more answers than this is drawn from a normal distribution."""

FEW_GROUPS, MANY_GROUPS, ENOUGH = 5, 10, 1000
"""So many groups of equal width between 0 and 1: the larger number from `ENOUGH` answers on."""


@dataclass(frozen=True, slots=True, eq=False)
class Calibration(Answer):
    """
    Answers in groups of similar probability; groups without answers are left out.

    Parameters
    ----------
    n : ndarray of int, shape (n_groups,)
        Answers in each group.
    predicted, observed : ndarray of shape (n_groups,)
        Mean probability, and the share that came true.
    interval : ndarray of shape (n_groups, 2)
        95 % Wilson interval of the share.
    by_chance : ndarray of shape (n_groups, 2)
        Central 95 % of the shares that exactly right probabilities would bring.
    error, error_by_chance, p_value
        Expected calibration error (mean distance of predicted and observed, weighted by the answers), its mean if
        every probability were right, and the chance of one at least as large then.
    """

    n: NDArray[np.int_]
    predicted: FloatArray
    observed: FloatArray
    interval: FloatArray
    by_chance: FloatArray
    error: float
    error_by_chance: float
    p_value: float

    def to_frame(self) -> pd.DataFrame:
        """One line per group: n, predicted, observed, low, high (Wilson), chance_low, chance_high."""
        import pandas as pd

        columns = [self.n, self.predicted, self.observed, *self.interval.T, *self.by_chance.T]
        names = ("n", "predicted", "observed", "low", "high", "chance_low", "chance_high")
        return pd.DataFrame(dict(zip(names, columns, strict=True)))

    def summary(self) -> str:
        """The groups as a table, and the calibration error beside that of chance."""
        cells = [
            (str(n), percent(p), percent(o), f"{percent(a)} to {percent(b)}")
            for n, p, o, (a, b) in zip(
                self.n, self.predicted, self.observed, self.by_chance.tolist(), strict=True
            )
        ]
        header = ("answers", "said", "came true", "by chance (95 %)")
        n = counted(int(self.n.sum()), "answer")
        chance = f"{self.error_by_chance:.3f} by chance alone (p = {self.p_value:.2g})"
        error = f"{n}, calibration error {self.error:.3f}; {chance}"
        return "\n".join([table(header, cells, right=(0, 1, 2)), error])


def calibration(
    probabilities: FloatArray, came_true: NDArray[np.bool_], *, seed: int = 0, origin: Origin | None = None
) -> Calibration:
    """
    Calibration of probabilities against what came true.

    Parameters
    ----------
    probabilities : ndarray of shape (n,)
    came_true : ndarray of bool, shape (n,)
    seed
        Of the replicates that chance is judged by.
    origin
        Of the network that gave the probabilities, see `Answer`.

    Examples
    --------
    Four answers of 25 %, one of which came true:

    >>> found = calibration(np.full(4, 0.25), np.array([True, False, False, False]))
    >>> found.predicted.tolist(), found.observed.tolist(), found.error
    ([0.25], [0.25], 0.0)
    """
    n_groups = MANY_GROUPS if len(probabilities) >= ENOUGH else FEW_GROUPS
    group = np.minimum((probabilities * n_groups).astype(int), n_groups - 1)
    members = [np.flatnonzero(group == g) for g in range(n_groups) if (group == g).any()]
    n = np.array([len(member) for member in members])
    predicted = np.array([probabilities[member].mean() for member in members])
    observed = np.array([came_true[member].mean() for member in members])
    rng = np.random.default_rng(seed)
    chance = np.stack([_shares(probabilities[member], rng) for member in members], axis=1)
    error = float(n @ np.abs(predicted - observed) / n.sum())
    errors = np.abs(chance - predicted) @ n / n.sum()
    return Calibration(
        n=n,
        predicted=predicted,
        observed=observed,
        interval=np.array([wilson(float(k), int(m)) for k, m in zip(observed * n, n, strict=True)]),
        by_chance=np.quantile(chance, (0.025, 0.975), axis=0).T,
        error=error,
        error_by_chance=float(errors.mean()),
        p_value=float((1 + (errors >= error - 1e-12).sum()) / (1 + len(errors))),
        origin=origin or Origin(),
    )


def _shares(probabilities: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Shares that come true in replicates in which every probability is right: shape (N_REPLICATES,)."""
    n = len(probabilities)
    if n > MANY:
        sd = float(np.sqrt((probabilities * (1 - probabilities)).sum())) / n
        drawn: FloatArray = rng.normal(probabilities.mean(), sd, N_REPLICATES).clip(0, 1)
        return drawn
    hits: FloatArray = (rng.random((N_REPLICATES, n)) < probabilities).mean(axis=1)
    return hits


__all__ = ["Calibration", "calibration"]
