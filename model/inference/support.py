"""
The states that the hub can take, and conditional tables seen from there.

Knows: graphs. Must not know: evidence.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.inference.component import Factor
from model.inference.graph import Graph


def support_of(graph: Graph, hub: tuple[int, ...]) -> NDArray[np.intp]:
    """
    Joint states of the hub that no table of a hub variable rules out in every draw.

    Returns
    -------
    ndarray of shape (n_hub, len(hub))
        State of each hub variable, in lexicographic order.
    """
    grid = np.indices([graph.cards[v] for v in hub]).reshape(len(hub), -1).T
    possible = np.ones(len(grid), dtype=bool)
    for i, v in enumerate(hub):
        table = graph.tables[v].max(axis=0) > 0
        outside = tuple(axis for axis, p in enumerate(graph.parents[v]) if p not in hub)
        table = table.any(axis=outside)
        inside = [p for p in graph.parents[v] if p in hub]
        possible &= table[(*(grid[:, hub.index(p)] for p in inside), grid[:, i])]
    return grid[possible]


def factor_of(graph: Graph, v: int, hub: tuple[int, ...], support: NDArray[np.intp]) -> Factor:
    """Table of a variable as a factor: its hub axes merged into one over the support, the others named."""
    axes = (*graph.parents[v], v)
    inside = [a for a, u in enumerate(axes) if u in hub]
    outside = [a for a, u in enumerate(axes) if u not in hub]
    table = graph.tables[v].transpose(0, *(1 + a for a in inside), *(1 + a for a in outside))
    if inside:
        at_support: list[slice | NDArray[np.intp]] = [support[:, hub.index(axes[a])] for a in inside]
        table = table[(slice(None), *at_support)]
    else:
        table = table[:, None]
    scope = tuple(axes[a] for a in outside)
    return Factor(scope, table[:, None], v if v not in hub else -1)


def grouped(factors: Sequence[Factor]) -> list[tuple[tuple[int, ...], list[Factor]]]:
    """Groups of factors whose scopes overlap, directly or through others, each with its variables."""
    groups: list[tuple[set[int], list[Factor]]] = []
    for factor in factors:
        scope, members = set(factor.scope), [factor]
        for other in [group for group in groups if group[0] & scope]:
            groups.remove(other)
            scope |= other[0]
            members = other[1] + members
        groups.append((scope, members))
    return [(tuple(sorted(scope)), members) for scope, members in groups]
