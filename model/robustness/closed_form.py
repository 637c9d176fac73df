"""
What holds along a straight line: the function of one row of a table, and where another diagnosis takes the lead.

Knows: arrays. Must not know: networks, names of diagnoses.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.inference.graph import FloatArray
from model.robustness.parameter import IntArray

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


def turning_points(
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


__all__ = ["EDGE", "OneWay", "turning_points"]
