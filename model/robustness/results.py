"""
One-way sensitivity as a record: the functions inside; derivatives, intervals, a table and text on request.

Knows: what follows from the coefficients, and how it is shown. Must not know: how the coefficients were computed
(`model.robustness.one_way`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from model.errors import EvidenceError, plain, shown
from model.inference.graph import FloatArray
from model.network.answer import Answer
from model.network.hierarchy import Hierarchy
from model.robustness.closed_form import EDGE, OneWay, turning_points
from model.robustness.curve import Curves
from model.robustness.number_list import NumberList
from model.robustness.parameter import IntArray, ParameterList
from model.text import counted, percent, table

if TYPE_CHECKING:
    import pandas as pd

NOBODY = ""
OF_ROWS = ("a", "b", "c", "d", "bound")
"""Columns that only the rows of a table have."""

HEADING = "if this number in the model were wrong"


@dataclass(frozen=True, eq=False)
class Sensitivity(Answer):
    """
    What every number, or row of a table, does to the diagnoses of each patient, at the mean of the draws.

    Attributes
    ----------
    parameters : NumberList or ParameterList
        What is varied: numbers of the literature, or rows of tables (``parameters.unit``).
    classes : Hierarchy
        The diagnoses, at the level asked for.
    probabilities : ndarray of shape (n_patients, n_classes)
        P(diagnosis | findings) at mean parameters.
    headline : ndarray of shape (n_patients, n_classes)
        The mean over draws of P(diagnosis | findings), which is another number and may have another leader.
    slope : ndarray of shape (n_patients, n_parameters, n_classes)
        Derivative of the numerator of every diagnosis, scaled so that their sum is 1 at the present value; along a row,
        and along a number whose rows are equal, numerators are straight lines, and it is the coefficient a.
    target : ndarray of int, shape (n_patients,)
        The diagnosis that is asked about: the leader of the headline unless another one was named.
    ids : tuple of str
    curves : Curves or None
        The numbers along which numerators are no straight lines; None for rows.
    """

    parameters: NumberList | ParameterList
    classes: Hierarchy
    probabilities: FloatArray
    headline: FloatArray
    slope: FloatArray
    target: IntArray
    ids: tuple[str, ...]
    curves: Curves | None = None

    @property
    def n_patients(self) -> int:
        """Number of patients."""
        return len(self.ids)

    def select(self, patient: int) -> Sensitivity:
        """The answer for one patient alone."""
        one = slice(patient, patient + 1)
        return replace(
            self,
            probabilities=self.probabilities[one],
            headline=self.headline[one],
            slope=self.slope[one],
            target=self.target[one],
            ids=self.ids[one],
            curves=None if self.curves is None else self.curves.select(patient),
        )

    def along(self, parameter: int | str, values: FloatArray, patient: int = 0) -> FloatArray:
        """
        Probability of every diagnosis of the level where one number, or row, has other values.

        Parameters
        ----------
        parameter : int or str
            Its place or its name.
        values : ndarray of shape (n,)
            Between 0 and 1.

        Returns
        -------
        ndarray of shape (n, n_classes)
            Sums to 1 over the last axis.

        Examples
        --------
        >>> from model import encode, load_network, sensitivity
        >>> network = load_network()
        >>> found = sensitivity(network, encode(network, {"serum_aqp4_igg": "positive"}))
        >>> found.along("serum_aqp4_igg=positive | diagnosis=nmosd", np.array([0.5, 0.8])).shape
        (2, 19)
        """
        number, one = self.parameters.position(parameter), self.select(patient)
        values = np.asarray(values, dtype=float)
        if not ((values > 0) & (values < 1)).all():
            found = shown(values.tolist())
            raise EvidenceError(
                f"along {self.parameters.name(number)}: found {found}; allowed is 0 to 1, both excluded"
            )
        if one.curves is not None and number in one.curves.number:
            curve = one.curves.only(np.flatnonzero(one.curves.number == number))
            cells = np.concatenate([curve.numerators(curve.log_factor(np.array([t])))[0] for t in values])
        else:
            change = values[:, None] - self.parameters.value[number]
            cells = one.probabilities + one.slope[0, number] * change
        result: FloatArray = cells / cells.sum(axis=1, keepdims=True)
        return result

    def function(self, parameter: int, patient: int = 0, diagnosis: str | None = None) -> OneWay:
        """
        The closed form along one row, or along a number whose rows are equal, for the target or another diagnosis.

        Raises
        ------
        EvidenceError
            If the number moves rows that differ: then `along` gives the answer, which has no such form.
        """
        if self.curves is not None and parameter in self.curves.number:
            name = self.parameters.name(parameter)
            raise EvidenceError(
                f"function of {name}: its rows differ, there is none; call along(), or take unit='row'"
            )
        k = (
            int(self.target[patient])
            if diagnosis is None
            else self.classes.position(diagnosis, "sensitivity")
        )
        value, slope = float(self.parameters.value[parameter]), self.slope[patient, parameter]
        a, c = float(slope[k]), float(slope.sum())
        b = float(self.probabilities[patient, k]) - a * value
        return OneWay(self.parameters.name(parameter), value, a, b, c, 1.0 - c * value)

    @cached_property
    def of_target(self) -> FloatArray:
        """The coefficient a of the target: ndarray of shape (n_patients, n_parameters)."""
        return np.take_along_axis(self.slope, self.target[:, None, None], axis=2)[..., 0]

    @cached_property
    def total(self) -> FloatArray:
        """The coefficient c: ndarray of shape (n_patients, n_parameters)."""
        total: FloatArray = self.slope.sum(axis=2)
        return total

    @cached_property
    def present(self) -> FloatArray:
        """Probability of the target at the present values: ndarray of shape (n_patients, 1)."""
        return np.take_along_axis(self.probabilities, self.target[:, None], axis=1)

    def at(self, values: FloatArray) -> FloatArray:
        """Probability of the target with each parameter by itself at a value, shape (n_patients, n_parameters)."""
        change = values - self.parameters.value
        result: FloatArray = (self.present + self.of_target * change) / (1 + self.total * change)
        if self.curves is not None and len(self.curves.number):
            curved = self.curves.number
            cells = self.curves.numerators(self.curves.log_factor(values[curved]))
            result[:, curved] = np.take_along_axis(cells, self.target[:, None, None], axis=2)[
                ..., 0
            ] / cells.sum(axis=2)
        return result

    @cached_property
    def derivative(self) -> FloatArray:
        """Derivative of the probability at the present value: ndarray of shape (n_patients, n_parameters)."""
        result: FloatArray = self.of_target - self.total * self.present
        return result

    @cached_property
    def elasticity(self) -> FloatArray:
        """
        Change of the log-odds of the target per change of the log-odds of the parameter.

        Along a row never beyond -1 and 1: a query never moves further than the row does (Chan and Darwiche 2002).

        Returns
        -------
        ndarray of shape (n_patients, n_parameters)
        """
        value = self.parameters.value
        inside, outside = self.present, self._rest
        possible = (inside > 0) & (outside > 0)
        scale = np.divide(
            value * (1 - value), inside * outside, out=np.zeros_like(self.derivative), where=possible
        )
        result: FloatArray = self.derivative * scale
        return result

    @property
    def _rest(self) -> FloatArray:
        others = np.arange(len(self.classes.names)) != self.target[:, None]
        rest: FloatArray = (self.probabilities * others).sum(axis=1, keepdims=True)
        return rest

    @cached_property
    def bound(self) -> FloatArray:
        r"""
        The most that the derivative along a row could be: :math:`P (1 - P) / (\theta (1 - \theta))` (Chan, Darwiche 2002).

        Returns
        -------
        ndarray of shape (n_patients, n_parameters)
        """
        value = self.parameters.value
        result: FloatArray = self.present * self._rest / (value * (1 - value))
        return result

    @property
    def leader(self) -> IntArray:
        """The most probable diagnosis of each patient at mean parameters, ndarray of int, shape (n_patients,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @cached_property
    def _turns(self) -> tuple[FloatArray, IntArray]:
        """Where the leader changes below and above the present value, and who leads then."""
        ends, rivals = turning_points(self.parameters.value, self.probabilities, self.slope, self.leader)
        if self.curves is not None:
            for i in range(self.n_patients):
                curves = self.curves.select(i)
                found, who = curves.crossings(self.leader[[i]])
                met = (found > EDGE) & (found < 1 - EDGE)
                ends[i, curves.number] = np.where(met, found, [0.0, 1.0])
                rivals[i, curves.number] = np.where(met, who, -1)
        return ends, rivals

    @property
    def admissible(self) -> FloatArray:
        """Interval of each parameter in which the leader still leads, shape (n_patients, n_parameters, 2)."""
        return self._turns[0]

    @property
    def next_leader(self) -> IntArray:
        """Who leads just below and just above that interval, -1 for nobody: shape (n_patients, n_parameters, 2)."""
        return self._turns[1]

    @cached_property
    def flip(self) -> FloatArray:
        """Smallest change of the log-odds of a parameter after which another diagnosis leads; inf if none."""
        value, inside = self.parameters.value[:, None], self.next_leader >= 0
        ends = np.where(inside, self.admissible, 0.5)
        distance = np.abs(np.log(ends) - np.log1p(-ends) - np.log(value) + np.log1p(-value))
        nearest: FloatArray = np.where(inside, distance, np.inf).min(axis=2)
        return nearest

    def to_frame(self, *, by_influence: bool = False, top: int | None = None) -> pd.DataFrame:
        """
        One line per case and parameter, in the order of the network, or the most influential first within a case.

        With `top` only so many for each case.

        Numbers have no columns a to d and bound, which belong to rows.

        Columns: case, diagnosis (the target), probability (of it: the headline), at_mean (the same at mean parameters,
        where all that follows holds), leader_at_mean, parameter, node, state, given, leaf (the diagnosis that the
        parameter belongs to; empty for none), value, low, high (5 % and 95 % point over the draws), a, b, c, d (the
        function), at_low, at_high (probability of the target there), derivative, bound (of the derivative), elasticity
        (log-odds per log-odds), admissible_low, admissible_high (that leader still leads), leader_below, leader_above
        (who leads outside; empty for nobody), flip_log_odds (inf: nothing flips), flips_within (the leader changes
        between low and high).
        """
        import pandas as pd

        orders = [
            influence(self, i) if by_influence else np.arange(len(self.parameters))
            for i in range(self.n_patients)
        ]
        return pd.concat(
            [_frame_of(self, i, order[:top]) for i, order in enumerate(orders)], ignore_index=True
        )

    def summary(self, patient: int = 0, *, top: int = 10) -> str:
        """The parameters that matter most to one patient, as text."""
        return _summary(self.select(patient), top=top)


def influence(found: Sensitivity, patient: int = 0) -> IntArray:
    """
    Parameters of one patient, the most influential first.

    Influence is how far the probability of the target moves when the parameter goes from its 5 % to its 95 % point;
    equal ones (with a single draw, all) are ordered by their elasticity.
    """
    one, parameters = found.select(patient), found.parameters
    swing = np.abs(one.at(parameters.high) - one.at(parameters.low))[0]
    return np.lexsort((np.arange(len(swing)), -np.abs(one.elasticity[0]), -swing))


def _frame_of(found: Sensitivity, patient: int, order: IntArray) -> pd.DataFrame:
    import pandas as pd

    one, parameters = found.select(patient), found.parameters
    described = [parameters.addresses[i] for i in order]
    ends, slope, total = one.admissible[0], one.of_target[0], one.total[0]
    columns: dict[str, object] = {
        "case": one.ids[0],
        "diagnosis": one.classes.names[int(one.target[0])],
        "probability": float(one.headline[0, int(one.target[0])]),
        "at_mean": float(one.present[0, 0]),
        "leader_at_mean": one.classes.names[int(one.leader[0])],
        "parameter": [parameters.names[i] for i in order],
        "node": [node for node, _, _ in described],
        "state": [state for _, _, state in described],
        "given": [", ".join(f"{k}={v}" for k, v in given.items()) for _, given, _ in described],
        "leaf": [parameters.diagnosis(i) for i in order],
        "value": parameters.value[order],
        "low": parameters.low[order],
        "high": parameters.high[order],
        "a": slope[order],
        "b": (one.present[0] - slope * parameters.value)[order],
        "c": total[order],
        "d": (1 - total * parameters.value)[order],
        "at_low": one.at(parameters.low)[0, order],
        "at_high": one.at(parameters.high)[0, order],
        "derivative": one.derivative[0, order],
        "bound": one.bound[0, order],
        "elasticity": one.elasticity[0, order],
        "admissible_low": ends[order, 0],
        "admissible_high": ends[order, 1],
        "leader_below": _names(one, 0)[order],
        "leader_above": _names(one, 1)[order],
        "flip_log_odds": one.flip[0, order],
        "flips_within": ((ends[:, 0] > parameters.low) | (ends[:, 1] < parameters.high))[order],
    }
    if parameters.unit == "number":
        columns = {name: column for name, column in columns.items() if name not in OF_ROWS}
    return pd.DataFrame(columns)


def _names(one: Sensitivity, side: int) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    names = np.array([*one.classes.names, NOBODY], dtype=object)
    found: np.ndarray[tuple[int], np.dtype[np.object_]] = names[one.next_leader[0, :, side]]
    return found


def _summary(one: Sensitivity, *, top: int = 10) -> str:
    """The `top` parameters of one patient with what they would do, where the leader changes, and the facts."""
    parameters = one.parameters
    order = influence(one)[:top]
    target, leader = int(one.target[0]), int(one.leader[0])
    label, leads = one.classes.labels[target], one.classes.labels[leader]
    at_mean = f"{label} has {percent(float(one.present[0, 0]))}"
    if leader != target:
        at_mean += f" and {leads} leads with {percent(float(one.probabilities[0, leader]))}"
    lines = [f"Case {plain(one.ids[0])}: {label} {percent(float(one.headline[0, target]))}; {HEADING}"]
    if (parameters.low < parameters.high).any():
        lines.append(
            f"That is the mean over all draws, as everywhere; below all is at mean parameters, where {at_mean}."
        )
    header = ("number in the model", "value", "plausible", "probability", f"{leads} leads", "facts")
    cells = [_cells(one, int(i)) for i in order]
    lines.append(table(header, cells, right=(1,)))
    within = (one.admissible[0, :, 0] > parameters.low) | (one.admissible[0, :, 1] < parameters.high)
    n = int(within.sum())
    lines.append(
        f"Of {counted(len(parameters), parameters.unit)}, {n} could take the lead from {leads} alone within "
        "5 % to 95 % of the draws."
    )
    return "\n".join(lines)


def _cells(one: Sensitivity, i: int) -> tuple[str, ...]:
    parameters = one.parameters
    low, high = one.at(parameters.low)[0, i], one.at(parameters.high)[0, i]
    start, end = one.admissible[0, i]
    facts = parameters.facts(i)
    more = f" and {len(facts) - 2} more" if len(facts) > 2 else ""
    return (
        parameters.name(i),
        percent(float(parameters.value[i])),
        f"{percent(float(parameters.low[i]))} to {percent(float(parameters.high[i]))}",
        f"{percent(float(low))} to {percent(float(high))}",
        "always" if one.flip[0, i] == np.inf else f"{percent(float(start))} to {percent(float(end))}",
        f"{' '.join(facts[:2])}{more}" if facts else "no source",
    )


__all__ = ["HEADING", "Sensitivity", "influence"]
