"""
Levels of the diagnoses: leaves, table rows and groups, and which leaves each is made of.

Knows: the tables of knowledge. Must not know: probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from model.errors import EvidenceError, UnknownNameError, unknown_name
from model.record import Record

if TYPE_CHECKING:
    from model.inference.graph import FloatArray
    from priors.schema import KnowledgeBase

Level = Literal["leaf", "row", "group"]
LEVELS: tuple[Level, ...] = ("leaf", "row", "group")


@dataclass(frozen=True, slots=True, eq=False)
class Hierarchy(Record):
    """
    Names of the diagnoses at one level and the leaves that each is made of.

    Parameters
    ----------
    names
        Identifiers, in table order.
    labels
        What a person reads, in the same order.
    membership : ndarray of shape (n_leaves, n_names)
        1 where the leaf belongs to the diagnosis, else 0.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    membership: FloatArray

    def position(self, diagnosis: str, where: str) -> int:
        """
        Number of a diagnosis of this level.

        Raises
        ------
        UnknownNameError
            If the level has no such diagnosis; the message begins with `where`.
        """
        if diagnosis not in self.names:
            raise UnknownNameError(unknown_name(where, "diagnosis of this level", diagnosis, self.names))
        return self.names.index(diagnosis)


def hierarchy(knowledge: KnowledgeBase, by: Level) -> Hierarchy:
    """Diagnoses of one level (``"leaf"``, ``"row"``: table rows, or ``"group"``) and the leaves in each."""
    if by not in LEVELS:
        raise EvidenceError(unknown_name("level of the diagnoses", "level", by, LEVELS))
    leaves = knowledge.leaves
    owners = {
        "leaf": leaves,
        "row": tuple(knowledge.row(leaf) for leaf in leaves),
        "group": tuple(knowledge.diagnoses[leaf].group for leaf in leaves),
    }[by]
    names = tuple(dict.fromkeys(owners))
    labels = tuple(knowledge.diagnoses[n].label if by != "group" else n.capitalize() for n in names)
    membership = np.array([[float(o == name) for name in names] for o in owners])
    return Hierarchy(names, labels, membership)


__all__ = ["LEVELS", "Hierarchy", "Level", "hierarchy"]
