"""
What is conditioned on, and conditional tables seen from there.

Knows: graphs. Must not know: evidence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.inference.component import Factor
from model.inference.graph import Graph

IntArray = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Context:
    """
    Variables that are conditioned on, and those of their joint states that are looked at.

    Attributes
    ----------
    variables : tuple of int
    states : ndarray of shape (n_states, len(variables))
    """

    variables: tuple[int, ...]
    states: IntArray

    def __len__(self) -> int:
        return len(self.states)

    def is_within(self, states: IntArray) -> bool:
        """Whether these are some of the given states of the same variables."""
        return set(map(tuple, self.states.tolist())) <= set(map(tuple, states.tolist()))

    def onto(self, wanted: Collection[int]) -> tuple[Context, IntArray]:
        """Context of some of the variables, and for each state of this one the number of its state there."""
        kept = [i for i, v in enumerate(self.variables) if v in wanted]
        if len(kept) == len(self.variables):
            return self, np.arange(len(self))
        if not kept:
            return Context((), np.empty((1, 0), dtype=np.intp)), np.zeros(len(self), dtype=np.intp)
        states, where = np.unique(self.states[:, kept], axis=0, return_inverse=True)
        return Context(tuple(self.variables[i] for i in kept), states), where.reshape(-1)

    def beside(self, variables: tuple[int, ...], states: IntArray) -> Context:
        """Context of these and further variables: all pairs of states, those of the further ones slowest."""
        ours = np.tile(self.states, (len(states), 1))
        theirs = np.repeat(states, len(self), axis=0)
        return Context((*self.variables, *variables), np.hstack([ours, theirs]))


def support_of(graph: Graph, hub: tuple[int, ...]) -> Context:
    """The hub, with those joint states that no table of a hub variable rules out in every draw."""
    grid = grid_of(graph.cards[v] for v in hub)
    possible = np.ones(len(grid), dtype=bool)
    for i, v in enumerate(hub):
        table = graph.tables[v].max(axis=0) > 0
        outside = tuple(axis for axis, p in enumerate(graph.parents[v]) if p not in hub)
        table = table.any(axis=outside)
        inside = [p for p in graph.parents[v] if p in hub]
        possible &= table[(*(grid[:, hub.index(p)] for p in inside), grid[:, i])]
    return Context(hub, grid[possible])


def grid_of(cards: Iterable[int]) -> IntArray:
    """All joint states of some variables, in lexicographic order: shape (product of cards, n_variables)."""
    cards = tuple(cards)
    n = int(np.prod(cards, dtype=np.intp))
    return np.indices(cards).reshape(len(cards), n).T.astype(np.intp)


def factor_of(graph: Graph, v: int, context: Context) -> Factor:
    """Table of a variable as a factor: its axes of the context merged into one, the others named."""
    axes = (*graph.parents[v], v)
    inside = [a for a, u in enumerate(axes) if u in context.variables]
    outside = [a for a, u in enumerate(axes) if u not in context.variables]
    table = graph.tables[v].transpose(0, *(1 + a for a in inside), *(1 + a for a in outside))
    if not inside:
        table = table[:, None]
    # One variable in all its states, in their order, leaves nothing to pick.
    elif context.variables != (axes[inside[0]],) or len(context) < graph.cards[axes[inside[0]]]:
        at_states: list[slice | IntArray] = [
            context.states[:, context.variables.index(axes[a])] for a in inside
        ]
        table = table[(slice(None), *at_states)]
    scope = tuple(axes[a] for a in outside)
    return Factor(scope, table[:, None], v if v not in context.variables else -1)


def grouped(scopes: Mapping[int, set[int]]) -> list[tuple[set[int], list[int]]]:
    """Groups of scopes that overlap, directly or through others: each group's variables and its keys."""
    groups: list[tuple[set[int], list[int]]] = []
    for key, scope in scopes.items():
        union, members = set(scope), [key]
        for other in [group for group in groups if group[0] & scope]:
            groups.remove(other)
            union |= other[0]
            members = other[1] + members
        groups.append((union, members))
    return groups


def scope_of(graph: Graph, v: int) -> set[int]:
    """Variables of a table."""
    return {v, *graph.parents[v]}
