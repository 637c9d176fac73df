"""
A discrete directed acyclic graph as arrays: cardinalities, parents, conditional probability tables.

Knows: numbers. Must not know: labels, files, patients.
"""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import numpy as np

from model.inference.numeric import FloatArray, over_last

SUM_TOLERANCE = 1e-9
"""A conditional distribution may miss 1 by this much and no more."""


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """
    Variables 0 to n - 1.

    Attributes
    ----------
    cards : tuple of int
        Number of states of each variable.
    parents : tuple of tuple of int
        Parents of each variable, in the axis order of its table.
    tables : tuple of ndarray of shape (n_draws or 1, *cards of the parents, card)
        P(variable | parents); sums to 1 over the last axis.
    """

    cards: tuple[int, ...]
    parents: tuple[tuple[int, ...], ...]
    tables: tuple[FloatArray, ...]

    def __post_init__(self) -> None:
        try:
            tuple(TopologicalSorter(dict(enumerate(self.parents))).static_order())
        except CycleError as error:
            raise ValueError(f"graph: cycle through {error.args[1]}; remove an arc") from None
        n_draws = self.n_draws
        for v, table in enumerate(self.tables):
            self._check(v, table, n_draws)

    def _check(self, v: int, table: FloatArray, n_draws: int) -> None:
        shape = (*(self.cards[p] for p in self.parents[v]), self.cards[v])
        if table.shape[1:] != shape or table.shape[0] not in (1, n_draws):
            raise ValueError(f"graph, variable {v}: table of shape {table.shape}; (draws, *{shape}) fits")
        off = np.abs(over_last(np.add, table) - 1.0).max(initial=0.0)
        if not off <= SUM_TOLERANCE or not (table >= 0).all():
            raise ValueError(f"graph, variable {v}: its columns are no distributions (off by {off:.3g})")

    @property
    def n_draws(self) -> int:
        """Number of parameter draws."""
        return max((len(table) for table in self.tables), default=1)

    def children(self, v: int) -> tuple[int, ...]:
        """Variables that have `v` among their parents."""
        return tuple(c for c, parents in enumerate(self.parents) if v in parents)


__all__ = ["SUM_TOLERANCE", "FloatArray", "Graph"]
