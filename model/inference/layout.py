"""
How a network falls apart once something is known: into stars, stars within stars, and what is left.

Knows: graphs, stars, components. Must not know: evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.inference.component import Component, Factor, product
from model.inference.graph import FloatArray, Graph
from model.inference.numeric import divided, log, over_last
from model.inference.part import Part
from model.inference.star import Star
from model.inference.support import Context, IntArray, factor_of, grid_of, grouped, scope_of

FLAT = 4
"""A rim with no more joint states than this is not worth splitting."""

WORTH = 0.5
"""A split must bring the cells below this share: it saves memory and many patients' time, and costs one patient some."""

MAX_CELLS = 2**25
"""Cells (256 MiB) that the tables of a star may have, those of its branches included."""


@dataclass(frozen=True)
class Shape:
    """
    How a group will be laid out: rim, tables of the rim alone, tables by leaf, and what hangs on them.

    `n_cells` is the size of all tables for one draw and one state of what is conditioned on.
    """

    rim: tuple[int, ...]
    core: tuple[int, ...]
    leaves: Mapping[int, tuple[int, ...]]
    branches: tuple[tuple[int, ...], ...]
    n_cells: int


def groups_of(graph: Graph, tables: Collection[int], context: Context) -> list[list[int]]:
    """
    The groups of tables that make up a part each, given a context; they depend on the shape of the graph alone.

    Variables that stand alone make up two parts, so that patients are answered in few steps: one for those that see
    just what most of them see, and one for the others.
    """
    known = set(context.variables)
    groups = grouped({v: scope_of(graph, v) - known for v in tables})
    seen = {id(members): _seen(graph, members, known) for _, members in groups}
    alone = [members for variables, members in groups if len(variables) == 1]
    together = [members for variables, members in groups if len(variables) > 1]
    common = Counter(seen[id(members)] for members in alone).most_common(1)
    usual = [members for members in alone if seen[id(members)] == common[0][0]]
    unusual = [members for members in alone if seen[id(members)] != common[0][0]]
    merged = [[v for members in some for v in members] for some in (usual, unusual) if some]
    return [*merged, *together]


def part_of(graph: Graph, tables: Sequence[int], context: Context) -> Part:
    """One part of these tables, seen from as little of the context as they need."""
    known = set(context.variables)
    own, where = context.onto(_seen(graph, tables, known))
    shape = shape_of({v: scope_of(graph, v) - known for v in tables}, graph.cards)
    feeds = any(v in known for v in tables)
    if shape.n_cells * len(own) * max(len(graph.tables[v]) for v in tables) <= MAX_CELLS:
        return _star(graph, shape, own, where, feeds)
    factors = tuple(factor_of(graph, v, own) for v in tables)
    variables = tuple(sorted(set().union(*(factor.scope for factor in factors))))
    return Component(variables, factors, feeds, dict(enumerate(graph.cards)), own.variables, where)


def shape_of(scopes: Mapping[int, set[int]], cards: Sequence[int]) -> Shape:
    """
    The layout with few cells: all of the rim at once, or one variable of it first and the rest in branches.

    Parameters
    ----------
    scopes : mapping of table to its variables, without those that are conditioned on
    """
    rim = rim_of(list(scopes.values()), cards)
    flat = _given(scopes, rim, cards)
    if _n_states(rim, cards) <= FLAT:
        return flat
    split = min((_given(scopes, (v,), cards) for v in rim), key=lambda shape: shape.n_cells)
    return split if split.n_cells < WORTH * flat.n_cells else flat


def _given(scopes: Mapping[int, set[int]], rim: tuple[int, ...], cards: Sequence[int]) -> Shape:
    """Layout around a rim; what is not free given the rim is counted as flat and laid out later."""
    rest = {v: scope - set(rim) for v, scope in scopes.items()}
    leaves, branches, n_cells = {}, [], 0
    for variables, members in grouped({v: scope for v, scope in rest.items() if scope}):
        if len(variables) == 1:
            [leaf] = variables
            leaves[leaf] = tuple(members)
            n_cells += cards[leaf]
        else:
            branches.append(tuple(members))
            below = {v: rest[v] for v in members}
            n_cells += _given(below, rim_of(list(below.values()), cards), cards).n_cells
    core = tuple(v for v, scope in rest.items() if not scope)
    return Shape(rim, core, leaves, tuple(branches), _n_states(rim, cards) * (1 + n_cells))


def rim_of(scopes: Sequence[set[int]], cards: Sequence[int]) -> tuple[int, ...]:
    """
    Few variables that leave, once they are known, no two others in one scope.

    Chosen greedily, the variable with the most neighbours first, and of those the one with the fewest states;
    any choice gives the same answers.
    """
    neighbours = {v: set().union(*(s for s in scopes if v in s)) - {v} for v in set().union(*scopes)}
    rim: list[int] = []
    while any(neighbours.values()):
        chosen = max(sorted(neighbours), key=lambda v: (len(neighbours[v]), -cards[v]))
        rim.append(chosen)
        for other in neighbours.pop(chosen):
            neighbours[other].discard(chosen)
    return tuple(sorted(rim))


def _star(graph: Graph, shape: Shape, context: Context, where: IntArray, feeds: bool) -> Star:
    cards = dict(enumerate(graph.cards))
    members = [*shape.core, *(v for tables in shape.leaves.values() for v in tables)]
    factors = {v: factor_of(graph, v, context) for v in members}
    states = grid_of(graph.cards[v] for v in shape.rim)
    core = _flat([factors[v] for v in shape.core], shape.rim, (), cards)[..., 0]
    tables = []
    for leaf, named in shape.leaves.items():
        table = _flat([factors[v] for v in named], shape.rim, (leaf,), cards)
        if named != (leaf,):  # the leaf's own table alone sums to 1
            total = over_last(np.add, table, keepdims=True)
            core = core * total[..., 0]
            table = divided(table, total)
        tables.append(np.moveaxis(table, -1, 0))
    n_draws = max([1, core.shape[1], *(table.shape[2] for table in tables)])
    ends = np.cumsum([graph.cards[leaf] for leaf in shape.leaves]).tolist()
    return Star(
        rim=shape.rim,
        context=context.variables,
        where=where,
        states=states,
        log_core=log(_stacked([core], (n_draws, len(context)), len(states))),
        tables=_stacked(tables, (len(states), n_draws, len(context))),
        columns={leaf: slice(end - cards[leaf], end) for leaf, end in zip(shape.leaves, ends, strict=True)},
        branches=tuple(
            part_of(graph, tables, context.beside(shape.rim, states)) for tables in shape.branches
        ),
        feeds=feeds,
    )


def _flat(
    factors: Sequence[Factor], rim: tuple[int, ...], leaf: tuple[int, ...], cards: Mapping[int, int]
) -> FloatArray:
    """Product of factors, shape (n_rim, n_draws or 1, n_context or 1, card of the leaf or 1)."""
    values = product(factors, (*rim, *leaf), cards)
    n_draws, _, n_context = values.shape[:3]
    return np.moveaxis(values.reshape(n_draws, n_context, -1, *([cards[v] for v in leaf] or [1])), 2, 0)


def _stacked(tables: Sequence[FloatArray], shape: tuple[int, ...], length: int | None = None) -> FloatArray:
    """Tables one after the other along the first axis, each row as contiguous as evidence wants it."""
    lengths = [len(table) if length is None else length for table in tables]
    out = np.empty((sum(lengths), *shape))
    if not tables:
        return out
    return np.concatenate(
        [np.broadcast_to(t, (n, *shape)) for t, n in zip(tables, lengths, strict=True)], out=out
    )


def _seen(graph: Graph, tables: Collection[int], known: set[int]) -> frozenset[int]:
    return frozenset(known & set().union(*(scope_of(graph, v) for v in tables)))


def _n_states(variables: Collection[int], cards: Sequence[int]) -> int:
    n = 1
    for v in variables:
        n *= cards[v]
    return n
