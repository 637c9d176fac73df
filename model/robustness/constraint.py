r"""
What is wanted of an answer: that a probability, a difference or a ratio of two reaches a number.

Every such constraint is linear in the joint probabilities P(leaf, findings):

=================  =======================================================
P(a) >= p          :math:`P(a, e) - p P(e) \ge 0`
P(a) - P(b) >= x   :math:`P(a, e) - P(b, e) - x P(e) \ge 0`
P(a) / P(b) >= r   :math:`P(a, e) - r P(b, e) \ge 0`
=================  =======================================================

Knows: names of diagnoses. Must not know: parameters.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from model.errors import EvidenceError, UnknownNameError, plain, shown, unknown_name
from model.inference.graph import FloatArray
from priors.schema import KnowledgeBase

_NAME = r"(?:P\(\s*)?([A-Za-z]\w*)\s*\)?"
_FORM = re.compile(rf"\s*{_NAME}\s*(?:([-/])\s*{_NAME}\s*)?(>=|<=)\s*(\S+)\s*")
ALLOWED = '"a >= 0.5", "a - b >= 0" or "a / b >= 2" (or <=) with diagnoses a and b'


@dataclass(frozen=True, slots=True)
class Constraint:
    """
    A goal for the diagnoses of a patient.

    Attributes
    ----------
    diagnosis : str
        A leaf, table row or group.
    operator : str
        ``-`` or ``/``; "" if there is no second diagnosis.
    other : str
        The second diagnosis, or "".
    relation : str
        ``>=`` or ``<=``.
    goal : float

    Examples
    --------
    >>> parse("P(neurotuberculosis) >= 0.5")
    Constraint(diagnosis='neurotuberculosis', operator='', other='', relation='>=', goal=0.5)
    >>> str(parse("a/b<=2"))
    'a / b <= 2'
    """

    diagnosis: str
    operator: str
    other: str
    relation: str
    goal: float

    def __str__(self) -> str:
        second = f" {self.operator} {self.other}" if self.operator else ""
        return f"{self.diagnosis}{second} {self.relation} {self.goal:g}"

    def weights(self, knowledge: KnowledgeBase) -> FloatArray:
        """
        Weight w of each leaf; the constraint holds where sum of w P(leaf, findings) is at least 0.

        Returns
        -------
        ndarray of shape (n_leaves,)

        Raises
        ------
        UnknownNameError
            If a diagnosis does not exist.
        """
        first = members(knowledge, self.diagnosis)
        second = members(knowledge, self.other) if self.operator else np.zeros_like(first)
        weights = first - self.goal * second if self.operator == "/" else first - second - self.goal
        return weights if self.relation == ">=" else -weights

    def value(self, probabilities: FloatArray, knowledge: KnowledgeBase) -> float:
        """The left-hand side at given leaf probabilities, shape (n_leaves,); inf for a ratio to 0."""
        first = float(probabilities @ members(knowledge, self.diagnosis))
        if not self.operator:
            return first
        second = float(probabilities @ members(knowledge, self.other))
        if self.operator == "-":
            return first - second
        return first / second if second > 0 else math.inf

    def least(self, probabilities: FloatArray, knowledge: KnowledgeBase) -> float:
        """
        Change of log-odds that no single parameter change can do without.

        For one probability it is the distance of its log-odds to the goal (Chan and Darwiche 2002, theorem 2), for
        other constraints 0.
        """
        if self.operator or not 0 < self.goal < 1:
            return 0.0
        inside = members(knowledge, self.diagnosis)
        p, q = float(probabilities @ inside), float(probabilities @ (1 - inside))
        if p <= 0 or q <= 0:
            return math.inf
        return abs(math.log(self.goal / (1 - self.goal)) - math.log(p / q))


def parse(text: str) -> Constraint:
    """
    A constraint from text such as ``nmosd >= 0.5``, ``nmosd - other >= 0``, ``nmosd / other >= 2``.

    Raises
    ------
    EvidenceError
        If the text is no constraint, or no probability can reach it.
    """
    match = _FORM.fullmatch(text)
    goal = _number(match.group(5)) if match else None
    if match is None or goal is None:
        raise EvidenceError(f"constraint: found {shown(text)}; allowed is {ALLOWED}; correct it")
    name, operator, other, relation, _ = match.groups()
    low, high = {None: (0.0, 1.0), "-": (-1.0, 1.0), "/": (0.0, math.inf)}[operator]
    if not low <= goal <= high:
        raise EvidenceError(
            f"constraint {text.strip()}: {goal:g} is out of reach; allowed is {low:g} to {high:g}; change it"
        )
    return Constraint(name, operator or "", other or "", relation, goal)


def members(knowledge: KnowledgeBase, name: str) -> FloatArray:
    """
    1 for the leaves of a leaf, table row or group, else 0: ndarray of shape (n_leaves,).

    Raises
    ------
    UnknownNameError
        If there is no such diagnosis.
    """
    groups = {knowledge.diagnoses[leaf].group for leaf in knowledge.leaves}
    if name in knowledge.diagnoses:
        inside = set(knowledge.members(name))
    elif name in groups:
        inside = {leaf for leaf in knowledge.leaves if knowledge.diagnoses[leaf].group == name}
    else:
        where = f"constraint, {plain(name)}"
        raise UnknownNameError(
            unknown_name(where, "diagnosis", name, [*knowledge.diagnoses, *sorted(groups)])
        )
    return np.array([float(leaf in inside) for leaf in knowledge.leaves])


def _number(text: str) -> float | None:
    """A finite number, or None if the text is none."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


__all__ = ["ALLOWED", "Constraint", "members", "parse"]
