r"""
Two parameters at once: P(diagnosis | findings) over a grid of both.

Numerators are bilinear in two entries of different rows, :math:`a t_1 t_2 + b t_1 + c t_2 + d`; four evaluations of the
network determine them exactly. In one row, where the other states share what the two leave, they are linear and the
two cannot add up to more than 1. Of two numbers, each with several rows: see `model.robustness.two_numbers`.

Knows: parameters, the answer of a changed network. Must not know: how results are drawn.

References
----------
Kjærulff U, van der Gaag LC. Making sensitivity analysis computationally efficient. UAI 2000:317-325.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.diagnosis.differential import posterior
from model.errors import EvidenceError, UnknownNameError, unknown_name
from model.inference.graph import FloatArray
from model.network.answer import Answer
from model.network.hierarchy import Hierarchy, Level, hierarchy
from model.network.network import Network
from model.patient.evidence import Asked, as_evidence
from model.robustness.number_list import NumberList
from model.robustness.parameter import ParameterList
from model.robustness.two_numbers import over_two_numbers
from model.robustness.units import parameters_of

if TYPE_CHECKING:
    import pandas as pd

    from model.patient.evidence import Evidence

CORNERS = (0.2, 0.4)
"""Values that the coefficients are determined from; in one row both together stay below 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Surface(Answer):
    """
    The diagnoses of one patient over two parameters.

    Attributes
    ----------
    first, second : str
        The parameters.
    values : ndarray of shape (2, n)
        Grid of the first and of the second parameter.
    classes : Hierarchy
    probabilities : ndarray of shape (n, n, n_classes)
        Axis 0 is the first parameter, axis 1 the second. All 0 outside the domain.
    inside : ndarray of bool, shape (n, n)
        False where two parameters of one row would add up to more than 1.
    """

    first: str
    second: str
    values: FloatArray
    classes: Hierarchy
    probabilities: FloatArray
    inside: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

    def of(self, diagnosis: str) -> FloatArray:
        """
        Probability of one diagnosis of the level: ndarray of shape (n, n).

        Raises
        ------
        UnknownNameError
            If the level has no such diagnosis.
        """
        if diagnosis not in self.classes.names:
            raise UnknownNameError(unknown_name("surface", "diagnosis", diagnosis, self.classes.names))
        found: FloatArray = self.probabilities[..., self.classes.names.index(diagnosis)]
        return found

    @property
    def leaders(self) -> tuple[str, ...]:
        """Diagnoses that lead somewhere on the grid, the one with the largest area first."""
        leads = self.probabilities[self.inside].argmax(axis=-1)
        area = np.bincount(leads, minlength=len(self.classes.names))
        return tuple(self.classes.names[i] for i in np.argsort(-area, kind="stable") if area[i])

    def to_frame(self) -> pd.DataFrame:
        """One line per grid point inside the domain: first, second, leader, and the probability of each diagnosis."""
        import pandas as pd

        first, second = (axis[self.inside] for axis in np.meshgrid(*self.values, indexing="ij"))
        rows = self.probabilities[self.inside]
        leader = [self.classes.names[i] for i in rows.argmax(axis=1)]
        points = pd.DataFrame({"first": first, "second": second, "leader": leader})
        return pd.concat([points, pd.DataFrame(rows, columns=list(self.classes.names))], axis=1)

    def summary(self) -> str:
        """Who leads anywhere, the widest area first."""
        return f"{self.first} and {self.second}: on the grid lead {', '.join(self.leaders)}"


def two_way(
    parameters: Network | NumberList | ParameterList,
    evidence: Asked,
    first: int | str,
    second: int | str,
    *,
    n: int = 41,
    by: Level = "row",
) -> Surface:
    """
    P(diagnosis | findings) of one patient over a grid of two parameters.

    Parameters
    ----------
    parameters : NumberList, ParameterList or Network
        ``parameters_of(network)``; of a network its numbers.
    evidence : Evidence, or findings
        Of one patient.
    first, second : int or str
        Two different numbers or rows, by their place or their name.
    n : int
        Points along each axis, from 0 to 1 without the ends, where findings may become impossible.
    by : {"row", "leaf", "group"}

    Raises
    ------
    EvidenceError
        If the evidence holds several patients, or the parameters are one and the same or complements.

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network().thinned(50)
    >>> patient = encode(network, {"enhancement_pattern": "miliary"})
    >>> numbers = [f"enhancement_pattern=miliary | diagnosis={row}" for row in ("clippers", "multiple_sclerosis")]
    >>> surface = two_way(network, patient, *numbers, n=5)
    >>> surface.probabilities.shape[:2]
    (5, 5)
    """
    if isinstance(parameters, Network):
        parameters = parameters_of(parameters)
    evidence = as_evidence(parameters.network, evidence)
    first, second = parameters.position(first), parameters.position(second)
    if evidence.n_patients != 1 or first == second:
        raise EvidenceError(
            f"two-way: {evidence.n_patients} patients, parameters {first} and {second}; one patient and two "
            "different parameters are needed; select them"
        )
    classes = hierarchy(parameters.network.knowledge, by)
    grid = (np.arange(n) + 0.5) / n
    if isinstance(parameters, NumberList):
        cells, is_row = over_two_numbers(parameters, evidence, first, second, grid)
    else:
        cells, is_row = _over_two_rows(parameters, evidence, first, second, grid)
    cells = cells @ classes.membership
    inside = (grid[:, None] + grid < 1) | (not is_row)
    cells[~inside] = 0.0
    cells = np.maximum(cells, 0.0)  # rounding may leave -1e-17
    total = cells.sum(axis=-1, keepdims=True)
    shares = np.divide(cells, total, out=np.zeros_like(cells), where=total > 0)
    names = parameters.name(first), parameters.name(second)
    return Surface(*names, np.stack([grid, grid]), classes, shares, inside, origin=parameters.network.origin)


def _over_two_rows(
    parameters: ParameterList, evidence: Evidence, first: int, second: int, grid: FloatArray
) -> tuple[FloatArray, bool]:
    """P(leaf, findings) up to a constant over the grid, shape (n, n, n_leaves), and whether both are of one row."""
    is_row = bool(
        parameters.node[first] == parameters.node[second] and parameters.row[first] == parameters.row[second]
    )
    corners = _joint_at_corners(parameters, evidence, first, second)
    share = (grid - CORNERS[0]) / (CORNERS[1] - CORNERS[0])
    basis = np.stack([1 - share, share], axis=1)
    return np.einsum("xi,yj,ijk->xyk", basis, basis, corners), is_row


def _joint_at_corners(parameters: ParameterList, evidence: Evidence, first: int, second: int) -> FloatArray:
    """P(leaf, findings) up to a constant at the four combinations of `CORNERS`: shape (2, 2, n_leaves)."""
    answers = [
        posterior(parameters.with_values({first: x, second: y}), evidence) for x in CORNERS for y in CORNERS
    ]
    log_evidence = np.array([answer.log_evidence[0, 0] for answer in answers])
    scale = np.exp(log_evidence - log_evidence.max())
    joint: FloatArray = np.stack([answer.mean[0] for answer in answers]) * scale[:, None]
    return joint.reshape(2, 2, joint.shape[1])


__all__ = ["Surface", "two_way"]
