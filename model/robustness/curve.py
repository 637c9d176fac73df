r"""
What the diagnoses do along a number that several rows of a table hang on: a ratio of polynomials, evaluated exactly.

Knows: cells of numbers, joint probabilities. Must not know: names, how results are shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.inference.graph import FloatArray
from model.record import Record
from model.robustness.number_list import NumberList
from model.robustness.one_row import by_row
from model.robustness.parameter import IntArray

REACH = 24.0
STEP = 0.25
"""Crossings are looked for between factors of the odds of exp(-24) and exp(24), in steps of exp(0.25); two crossings within
one step would be missed."""

N_HALVINGS = 60
FLAT = 1e-12
"""Rows that differ by less are equal."""

SILENT = 1e-15


@dataclass(frozen=True, slots=True, eq=False)
class Curves(Record):
    """
    The numbers along which the answer is no ratio of straight lines.

    Attributes
    ----------
    number : ndarray of int, shape (n_curved,)
        Which of the numbers.
    starts : ndarray of int, shape (n_curved,)
        Where the cells of each begin.
    p, weight : ndarray of shape (n_cells,)
        See `model.robustness.number_list.NumberList`.
    inside, total : ndarray of shape (n_patients, n_cells, n_classes)
        P(diagnosis, state and row | findings), and P(diagnosis, row | findings).
    base : ndarray of shape (n_patients, n_classes)
        P(diagnosis | findings), at the present values.
    """

    number: IntArray
    starts: IntArray
    p: FloatArray
    weight: FloatArray
    inside: FloatArray
    total: FloatArray
    base: FloatArray

    def select(self, patient: int) -> Curves:
        """The curves of one patient."""
        one = slice(patient, patient + 1)
        return replace(self, inside=self.inside[one], total=self.total[one], base=self.base[one])

    def only(self, numbers: IntArray) -> Curves:
        """The curves of some of the numbers, by their places among the curved ones."""
        ends = np.append(self.starts[1:], len(self.p))
        cells = [np.arange(self.starts[i], ends[i]) for i in numbers]
        lengths = np.array([len(one) for one in cells], dtype=np.intp)
        kept = np.concatenate([np.empty(0, dtype=np.intp), *cells])
        return replace(
            self,
            number=self.number[numbers],
            starts=np.cumsum(lengths) - lengths,
            p=self.p[kept],
            weight=self.weight[kept],
            inside=self.inside[:, kept],
            total=self.total[:, kept],
        )

    def numerators(self, log_factor: FloatArray) -> FloatArray:
        """
        P(diagnosis, findings) / P(findings now) where the odds of each number's rows are multiplied.

        Parameters
        ----------
        log_factor : ndarray of shape (n_curved,)

        Returns
        -------
        ndarray of shape (n_patients, n_curved, n_classes)
        """
        if not len(self.number):
            return np.zeros((len(self.base), 0, self.base.shape[1]))
        rise = np.expm1(self._spread(log_factor))
        below = 1 + self.p * rise
        up, down = (1 - self.p) * rise / below, -self.p * rise / below
        change = self.inside * up[:, None] + (self.total - self.inside) * down[:, None]
        found: FloatArray = self.base[:, None] + np.add.reduceat(change, self.starts, axis=1)
        return found

    def values(self, log_factor: FloatArray) -> FloatArray:
        """The numbers themselves where the odds of their rows are multiplied: shape (n_curved,)."""
        odds = np.exp(self._spread(log_factor))
        cells = self.weight * self.p * odds / (1 + self.p * (odds - 1))
        found: FloatArray = np.add.reduceat(cells, self.starts) if len(self.starts) else cells
        return found

    def log_factor(self, values: FloatArray) -> FloatArray:
        """What the odds of the rows are multiplied by for the numbers to have these values, by bisection."""
        low, high = np.full(len(values), -2 * REACH), np.full(len(values), 2 * REACH)
        for _ in range(N_HALVINGS):
            middle = (low + high) / 2
            is_low = self.values(middle) < values
            low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
        return np.asarray((low + high) / 2)

    def _spread(self, values: FloatArray) -> FloatArray:
        lengths = np.diff(np.append(self.starts, len(self.p)))
        return np.repeat(values, lengths)

    def crossings(self, holds: IntArray) -> tuple[FloatArray, IntArray]:
        """
        Where one patient's leader stops leading, below and above the present value of each number.

        Parameters
        ----------
        holds : ndarray of int, shape (1,)
            The class that leads.

        Returns
        -------
        values : ndarray of shape (n_curved, 2)
            0 and 1 where it leads throughout.
        rival : ndarray of int, shape (n_curved, 2)
            Who leads there; -1 for nobody.
        """
        lead = int(holds[0])
        ends, rivals = np.tile([0.0, 1.0], (len(self.number), 1)), np.full((len(self.number), 2), -1)
        for side, sign in enumerate((-1.0, 1.0)):
            inner, outer = self.first(lambda n: n.argmax(axis=1) != lead, sign)
            met = np.flatnonzero(np.isfinite(outer))
            if not len(met):
                continue
            few = self.only(met)
            ends[met, side] = few.values(inner[met])
            rivals[met, side] = few.numerators(outer[met])[0].argmax(axis=1)
        return ends, rivals

    def first(
        self, is_beyond: Callable[[FloatArray], NDArray[np.bool_]], sign: float
    ) -> tuple[FloatArray, FloatArray]:
        """
        The nearest log factor of each number, in one direction, from which something holds.

        Parameters
        ----------
        is_beyond : function of ndarray of shape (n_curved, n_classes)
            Whether it holds for numerators of the first patient: shape (n_curved,).
        sign : float
            -1 for smaller numbers, 1 for larger ones.

        Returns
        -------
        tuple of two ndarrays of shape (n_curved,)
            The last log factor at which it does not hold yet, and the first one at which it does; inf if nowhere.
        """
        n = len(self.number)
        inner, outer = np.zeros(n), np.full(n, np.inf)
        for distance in np.arange(STEP, REACH + STEP, STEP):
            open_ = np.isinf(outer)
            if not open_.any():
                break
            beyond = is_beyond(self.numerators(np.full(n, sign * distance))[0])
            outer = np.where(open_ & beyond, sign * distance, outer)
            inner = np.where(open_ & ~beyond, sign * distance, inner)
        met = np.flatnonzero(np.isfinite(outer))
        few = self.only(met)
        for _ in range(N_HALVINGS if len(met) else 0):
            middle = (inner[met] + outer[met]) / 2
            beyond = is_beyond(few.numerators(middle)[0])
            outer[met] = np.where(beyond, middle, outer[met])
            inner[met] = np.where(beyond, inner[met], middle)
        return inner, outer


def along_numbers(
    numbers: NumberList, found: dict[int, FloatArray], weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """
    What every number does: derivatives of the numerators by its value, and the joint probabilities of its cells.

    Parameters
    ----------
    numbers : NumberList
    found : mapping of variable to ndarray
        From `model.robustness.family.families`.
    weights : ndarray of shape (n_hub, n_classes)

    Returns
    -------
    slope : ndarray of shape (n_patients, n_numbers, n_classes)
    inside, total : ndarray of shape (n_patients, n_cells, n_classes)
    """
    rows, inside, total = numbers.rows, [], []
    ends = np.append(numbers.starts[1:], len(numbers.p))
    nodes = [one.node for one in numbers.numbers.of]
    for name in dict.fromkeys(nodes):
        mine = [i for i, node in enumerate(nodes) if node == name]
        cells = slice(int(numbers.starts[mine[0]]), int(ends[mine[-1]]))
        group, configuration, state = (
            a[cells] for a in (numbers.group, numbers.configuration, numbers.state)
        )
        joint = by_row(rows.tables[name], found[rows.network.index(name)], weights)
        inside.append(joint[:, :, group, configuration, state].swapaxes(1, 2))
        total.append(joint.sum(axis=-1)[:, :, group, configuration].swapaxes(1, 2))
    inside_all, total_all = np.concatenate(inside, axis=1), np.concatenate(total, axis=1)
    rate = np.add.reduceat(numbers.weight * numbers.p * (1 - numbers.p), numbers.starts)
    change = inside_all - numbers.p[:, None] * total_all
    slope = np.add.reduceat(change, numbers.starts, axis=1) / rate[:, None]
    return slope, inside_all, total_all


def curves_of(numbers: NumberList, inside: FloatArray, total: FloatArray, base: FloatArray) -> Curves:
    """The curves among the numbers that say anything of these patients."""
    highest, lowest = (f.reduceat(numbers.p, numbers.starts) for f in (np.maximum, np.minimum))
    moved = np.abs(inside - numbers.p[:, None] * total).max(axis=(0, 2), initial=0.0)
    says = np.maximum.reduceat(moved, numbers.starts) > SILENT
    everything = Curves(
        np.arange(len(numbers)), numbers.starts, numbers.p, numbers.weight, inside, total, base
    )
    return everything.only(np.flatnonzero((highest - lowest > FLAT) & says))


__all__ = ["Curves", "along_numbers", "curves_of"]
