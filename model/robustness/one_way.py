r"""
One-way sensitivity functions of every parameter, in closed form and in one pass.

If one entry t of a conditional table changes and the other states of its row keep their proportions, then for every
diagnosis

.. math:: f(t) = P(d \mid e)(t) = \frac{a t + b}{c t + d}

With :math:`p = P(d \mid e)` and the joint probabilities of the row, F of the state itself and S of all others (both
also with d), :math:`a = F_d / \theta - S_d / (1 - \theta)` and :math:`b = p - a \theta`; c and d are their sums over
the diagnoses. A26: all of it holds at mean parameters. This answers "if this number in the model were wrong", never
"if this finding were present".

Knows: families, parameters. Must not know: how results are drawn.

References
----------
Castillo E, Gutiérrez JM, Hadi AS. Sensitivity analysis in discrete Bayesian networks. IEEE Trans Syst Man Cybern A
1997;27(4):412-423. doi:10.1109/3468.594909
Coupé VMH, van der Gaag LC. Properties of sensitivity analysis of Bayesian belief networks. Ann Math Artif Intell
2002;36:323-356. doi:10.1023/A:1016398407857
Chan H, Darwiche A. When do numbers really matter? J Artif Intell Res 2002;17:265-287. doi:10.1613/jair.967
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from model.diagnosis.differential import beliefs_in_pieces, posterior
from model.diagnosis.results import Hierarchy, Level, hierarchy
from model.errors import UnknownNameError, unknown_name
from model.inference.graph import FloatArray
from model.network.network import DIAGNOSIS, Network
from model.robustness.family import families
from model.robustness.parameter import IntArray, ParameterList, parameters_of
from model.robustness.report import frame, summary

if TYPE_CHECKING:
    import pandas as pd

    from model.patient.evidence import Evidence


EDGE = 1e-9
"""A parameter that must come this near to 0 or 1 does not change the leader; the findings become impossible there."""


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
class Sensitivity:
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
        The diagnosis that is asked about: the leader unless another one was named.
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
        k = int(self.target[patient]) if diagnosis is None else _position(self.classes, diagnosis)
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
        """The most probable diagnosis of each patient, ndarray of int, shape (n_patients,)."""
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
        """One line per case and parameter; options and columns as `model.robustness.report.frame` says."""
        return frame(self, by_influence=by_influence, top=top)

    def summary(self, patient: int = 0, *, top: int = 10) -> str:
        """The parameters that matter most to one patient, as text."""
        return summary(self.select(patient), top=top)

    def __repr__(self) -> str:
        return "\n".join(self.summary(i, top=5) for i in range(min(3, self.n_patients)))


def sensitivity(
    network: Network,
    evidence: Evidence,
    *,
    diagnosis: str | None = None,
    by: Level = "row",
    parameters: ParameterList | None = None,
) -> Sensitivity:
    """
    What every parameter of the network does to the diagnoses of each patient.

    Parameters
    ----------
    network, evidence
        Functions are those of ``network.at_mean()``; the draws tell how far each parameter may be off. Kept are 8
        bytes for every patient, parameter and diagnosis: ask for very many patients in groups.
    diagnosis : str, optional
        The diagnosis asked about; the leader by default.
    by : {"row", "leaf", "group"}
        Level of the diagnoses.
    parameters : ParameterList, optional
        ``parameters_of(network)``, to share it between calls.

    Raises
    ------
    UnknownNameError
        If the level has no such diagnosis.
    ImpossibleFindingsError
        If the findings have probability 0 under every diagnosis.

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network()
    >>> found = sensitivity(network, encode(network, {"serum_aqp4_igg": "positive"}))
    >>> found.classes.names[found.target[0]], bool((abs(found.elasticity) <= 1 + 1e-9).all())
    ('nmosd', True)
    """
    classes = hierarchy(network.knowledge, by)
    target = None if diagnosis is None else _position(classes, diagnosis)
    parameters = parameters or parameters_of(network)
    mean = parameters.network
    to_class = mean.plan.indicator(mean.index(DIAGNOSIS)) @ classes.membership
    probabilities, slopes = [], []
    for beliefs in beliefs_in_pieces(mean, evidence):
        probabilities.append(beliefs.hub[0] @ to_class)
        found = dict(families(beliefs))
        slopes.append(_slopes(parameters, found, to_class))
    table = np.concatenate(probabilities)
    chosen = table.argmax(axis=1) if target is None else np.full(len(table), target)
    headline = posterior(network, evidence).mean @ classes.membership
    return Sensitivity(parameters, classes, table, headline, np.concatenate(slopes), chosen, evidence.ids)


def gradients(parameters: ParameterList, name: str, family: FloatArray, weights: FloatArray) -> FloatArray:
    """
    Derivatives of P(class, findings) / P(findings) with respect to the entries of one table.

    Parameters
    ----------
    parameters : ParameterList
    name : str
        The node.
    family : ndarray of shape (n_patients, n_hub, n_configurations, n_states)
        From `families`.
    weights : ndarray of shape (n_hub, n_classes)

    Returns
    -------
    ndarray of shape (n_patients, n_classes, n_groups, n_configurations, n_states)
        0 where the entry is 0 by structure.
    """
    table = parameters.tables[name]
    members = np.eye(len(table.rows))[table.group]
    spread = (weights[:, :, None] * members[:, None, :]).reshape(len(weights), -1)
    flat = family.reshape(*family.shape[:2], -1)
    summed = np.matmul(spread.T, flat).reshape(-1, weights.shape[1], *table.rows.shape, family.shape[-1])
    mean = parameters.network.tables[name]
    values = mean.reshape(-1, mean.shape[-1])[table.rows]
    found: FloatArray = np.divide(summed, values, out=np.zeros_like(summed), where=values > 0)
    return found


def _slopes(parameters: ParameterList, found: dict[int, FloatArray], weights: FloatArray) -> FloatArray:
    """The coefficient a: ndarray of shape (n_patients, n_parameters, n_classes)."""
    network, slopes = parameters.network, []
    for number, name in enumerate(network.names):
        gradient = gradients(parameters, name, found[number], weights)
        table = parameters.tables[name]
        values = network.tables[name].reshape(-1, gradient.shape[-1])[table.rows]
        group, configuration, state = table.kept.T
        own = gradient[:, :, group, configuration, state]
        value = values[group, configuration, state]
        row = (gradient * values).sum(axis=-1)[:, :, group, configuration]
        slopes.append(((own - row) / (1 - value)).swapaxes(1, 2))
    return np.concatenate(slopes, axis=1)


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


def _position(classes: Hierarchy, diagnosis: str) -> int:
    if diagnosis not in classes.names:
        line = unknown_name("sensitivity", "diagnosis of this level", diagnosis, classes.names)
        raise UnknownNameError(line)
    return classes.names.index(diagnosis)


__all__ = ["OneWay", "Sensitivity", "gradients", "sensitivity"]
