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

from model.errors import plain
from model.inference.graph import FloatArray
from model.network.hierarchy import Hierarchy
from model.record import Record
from model.robustness.parameter import IntArray, ParameterList
from model.text import counted, percent, table

if TYPE_CHECKING:
    import pandas as pd

EDGE = 1e-9
"""A parameter that must come this near to 0 or 1 does not change the leader; the findings become impossible there."""

NOBODY = ""
HEADING = "if this number in the model were wrong"


@dataclass(frozen=True, slots=True)
class OneWay:
    """
    P(diagnosis | findings) as a function (a t + b) / (c t + d) of one parameter t in [0, 1].

    Examples
    --------
    Prevalence t, sensitivity 0.8, false-positive rate 0.1: 0.8 t / (0.7 t + 0.1).

    >>> f = OneWay("diagnosis=disease", 0.01, 0.8, 0.0, 0.7, 0.1)
    >>> round(f(0.01), 4), round(f(0.5), 4)
    (0.0748, 0.8889)
    """

    parameter: str
    value: float
    a: float
    b: float
    c: float
    d: float

    def __call__(self, t: float) -> float:
        """Probability of the diagnosis if the parameter were t."""
        return (self.a * t + self.b) / (self.c * t + self.d)


@dataclass(frozen=True, eq=False)
class Sensitivity(Record):
    """
    What every parameter does to the diagnoses of each patient, at the mean of the draws.

    Attributes
    ----------
    parameters : ParameterList
    classes : Hierarchy
        The diagnoses, at the level asked for.
    probabilities : ndarray of shape (n_patients, n_classes)
        P(diagnosis | findings) at mean parameters.
    headline : ndarray of shape (n_patients, n_classes)
        The mean over draws of P(diagnosis | findings), which is another number and may have another leader.
    slope : ndarray of shape (n_patients, n_parameters, n_classes)
        The coefficient a of every diagnosis, scaled so that the sum of all numerators is 1 at the present value.
    target : ndarray of int, shape (n_patients,)
        The diagnosis that is asked about: the leader of the headline unless another one was named.
    ids : tuple of str
    """

    parameters: ParameterList
    classes: Hierarchy
    probabilities: FloatArray
    headline: FloatArray
    slope: FloatArray
    target: IntArray
    ids: tuple[str, ...]

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
        )

    def function(self, parameter: int, patient: int = 0, diagnosis: str | None = None) -> OneWay:
        """The function of one parameter, for the target or for a diagnosis of the level."""
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

        Never beyond -1 and 1: a query never moves further than the parameter does (Chan and Darwiche 2002).

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
        The most that the derivative could be, :math:`P (1 - P) / (\theta (1 - \theta))` (Chan and Darwiche 2002).

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
        return _turning_points(self.parameters.value, self.probabilities, self.slope, self.leader)

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

    def __repr__(self) -> str:
        return "\n".join(self.summary(i, top=5) for i in range(min(3, self.n_patients)))


def _turning_points(
    value: FloatArray, probabilities: FloatArray, slope: FloatArray, leader: IntArray
) -> tuple[FloatArray, IntArray]:
    """
    Where a rival's numerator, a straight line, meets the leader's.

    Returns
    -------
    points : ndarray of shape (n_patients, n_parameters, 2)
        0 and 1 where no rival ever overtakes.
    rival : ndarray of int of the same shape
        Number of the diagnosis that overtakes; -1 for none inside [0, 1].
    """
    at = leader[:, None, None]
    closing = slope - np.take_along_axis(slope, np.broadcast_to(at, (*slope.shape[:2], 1)), axis=2)
    lead = np.take_along_axis(probabilities, leader[:, None], axis=1) - probabilities
    room = np.broadcast_to(lead[:, None], slope.shape)
    where = np.abs(closing) > 1e-14
    points = np.divide(room, closing, out=np.full(slope.shape, np.inf), where=where) + value[:, None]
    below = np.where(where & (closing < 0), points, -1.0)
    above = np.where(where & (closing > 0), points, 2.0)
    ends = np.stack([below.max(axis=2), above.min(axis=2)], axis=-1)
    rivals = np.stack([below.argmax(axis=2), above.argmin(axis=2)], axis=-1)
    met = (ends > EDGE) & (ends < 1 - EDGE)
    return np.where(met, ends, [0.0, 1.0]), np.where(met, rivals, -1)


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
    header = ("number in the model", "value", "plausible", f"P({label})", f"{leads} leads", "facts")
    cells = [_cells(one, int(i)) for i in order]
    lines.append(table(header, cells, right=(1,)))
    within = (one.admissible[0, :, 0] > parameters.low) | (one.admissible[0, :, 1] < parameters.high)
    n = int(within.sum())
    lines.append(
        f"Of {counted(len(parameters), 'parameter')}, {n} could take the lead from {leads} alone within "
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


__all__ = ["HEADING", "OneWay", "Sensitivity", "influence"]
