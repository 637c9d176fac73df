"""
Joint probabilities averaged over the draws or in each, for many variables that share the work.

Knows: parts. Must not know: labels, how a part finds its messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.inference.graph import FloatArray
from model.inference.part import Part, Rows
from model.inference.star import Star

BLOCK = 1024
"""Successive cells that are multiplied and added at once: NumPy is slow where the innermost axis is short."""


@dataclass(frozen=True, eq=False)
class View:
    """
    States of the hub taken together where neither their group nor a part tells them apart.

    Attributes
    ----------
    context : ndarray of shape (n_draws, n_patients, n)
        P(state taken together | all evidence).
    where : ndarray of int, shape (n,)
        Number of each in the part.
    groups : ndarray of int, shape (n,), or None
        Group of each; None if each is one.
    """

    context: FloatArray
    where: NDArray[np.intp]
    groups: NDArray[np.intp] | None

    @classmethod
    def of(cls, context: FloatArray, groups: NDArray[np.intp] | None, where: NDArray[np.intp]) -> View:
        """Of P(state | all evidence), the group of each state, and its number in the part."""
        if groups is None:
            return cls(context, where, groups)
        n_seen = where.max() + 1
        kinds, kind = np.unique(groups * n_seen + where, return_inverse=True)
        if len(kinds) == len(kind):
            return cls(context, where, groups)
        return cls(context @ np.eye(len(kinds))[kind], kinds % n_seen, kinds // n_seen)

    def by_group(self, found: dict[int, FloatArray]) -> dict[int, FloatArray]:
        """Cells of shape (n_patients, n, card) added up by group: (n_patients, n_groups, card)."""
        if self.groups is None or not found:
            return found
        in_group = np.eye(self.groups.max() + 1)[self.groups].T
        summed = in_group @ np.concatenate(list(found.values()), axis=2)
        ends = np.cumsum([cells.shape[2] for cells in found.values()]).tolist()
        return {
            v: summed[..., end - cells.shape[2] : end]
            for (v, cells), end in zip(found.items(), ends, strict=True)
        }


def expected(part: Part, rows: Rows, view: View, variables: Sequence[int]) -> dict[int, FloatArray]:
    """
    P(group, variable = state | evidence), averaged over the draws.

    Parameters
    ----------
    part : Part
    rows : mapping of variable to ndarray of shape (n_patients, card)
    view : View
        What the part hangs on.
    variables : sequence of int
        Variables of the part.

    Returns
    -------
    dict of variable to ndarray of shape (n_patients, n_groups, card)
    """
    answers: dict[int, FloatArray] = {}
    asked: dict[Part, list[int]] = {}
    leaves: list[int] = []
    rim: list[int] = []
    context, where = view.context, view.where
    for v in variables:
        if isinstance(part, Star) and v in part.branch_of:
            asked.setdefault(part.branch_of[v], []).append(v)
        elif isinstance(part, Star) and v in part.columns and v not in rows:
            leaves.append(v)
        elif isinstance(part, Star) and v in part.rim:
            rim.append(v)
        else:
            answers[v] = _expected_one(part, rows, context, where, v)
    if not isinstance(part, Star):
        return view.by_group(answers)
    weights = part.weights(rows)
    if leaves:
        answers |= _expected_leaves(part, rows, weights, context, where, leaves)
    if rim:
        answers |= _expected_rim(part, weights, context, where, rim)
    answers = view.by_group(answers)
    if asked:
        answers |= _expected_below(part, rows, weights, view, asked)
    return answers


def in_each_draw(
    part: Part, rows: Rows, view: View, variables: Sequence[int]
) -> Iterator[tuple[int, FloatArray]]:
    """
    P(group, variable = state | evidence) of one patient in each draw, variable after variable.

    Parameters
    ----------
    part, rows, variables
        As of `expected`.
    view : View
        With groups.

    Yields
    ------
    variable, ndarray of shape (card, n_draws, n_groups)
    """
    assert view.groups is not None
    order = np.argsort(view.groups, kind="stable")
    context, where, in_group = view.context[:, 0, order], view.where[order], None
    if len(order) > view.groups.max() + 1:
        in_group = np.eye(view.groups.max() + 1)[view.groups[order]]
    asked: dict[Part, list[int]] = {}
    for v in variables:
        if isinstance(part, Star) and v in part.branch_of:
            asked.setdefault(part.branch_of[v], []).append(v)
            continue
        given = _given(part, rows, v)
        cells = (given[..., where] if given.shape[2] > 1 else given) * context
        yield v, cells if in_group is None else cells @ in_group
    if isinstance(part, Star) and asked:
        for branch, below, seen, members in _below(part, rows, part.weights(rows), view, asked):
            yield from in_each_draw(branch, below, seen, members)


def _given(part: Part, rows: Rows, variable: int) -> FloatArray:
    """P(state | context, evidence in this group) of one patient, shape (card, n_draws or 1, n_context or 1)."""
    if isinstance(part, Star) and variable in part.columns and not rows:
        tables = part.alone if part.rim else part.tables
        return tables[part.columns[variable], 0]
    return np.ascontiguousarray(np.moveaxis(part.conditional(rows, variable)[:, 0], 2, 0))


def _expected_one(
    part: Part, rows: Rows, context: FloatArray, where: NDArray[np.intp], variable: int
) -> FloatArray:
    given = part.conditional(rows, variable)
    given = given[:, :, where] if given.shape[2] > 1 else given
    given = np.broadcast_to(given, (*context.shape, given.shape[-1]))
    averaged: FloatArray = np.einsum("snu,snuf->nuf", context, given) / len(context)
    return averaged


def _expected_rim(
    star: Star, weights: FloatArray, context: FloatArray, where: NDArray[np.intp], variables: Sequence[int]
) -> dict[int, FloatArray]:
    """Variables of the rim, observed or not: the weights of the rim, added up by state."""
    shares = weights[..., where] * context.swapaxes(0, 1)[:, None]
    by_rim = np.add.reduce(shares, axis=2) / len(context)
    answers = {}
    for v in variables:
        states = star.states[:, star.rim.index(v)]
        is_state = np.arange(states.max() + 1)[:, None] == states
        answers[v] = (is_state.astype(np.float64) @ by_rim).swapaxes(1, 2)
    return answers


def _below(
    star: Star, rows: Rows, weights: FloatArray, view: View, asked: Mapping[Part, list[int]]
) -> Iterator[tuple[Part, Rows, View, list[int]]]:
    """Branches whose variables are asked for; their context is this one and the rim, which is summed out with the groups."""
    shares = np.moveaxis(weights[..., view.where], 2, 0) * view.context[:, :, None]
    pairs = shares.reshape(*shares.shape[:2], -1)
    groups = None if view.groups is None else np.tile(view.groups, len(star.states))
    for branch, variables in asked.items():
        below = {v: rows[v] for v in rows if v in branch.variables}
        where = star.pairs(branch)[:, view.where].reshape(-1)
        yield branch, below, View.of(pairs, groups, where), variables


def _expected_below(
    star: Star, rows: Rows, weights: FloatArray, view: View, asked: Mapping[Part, list[int]]
) -> dict[int, FloatArray]:
    """Variables of the branches."""
    answers: dict[int, FloatArray] = {}
    for branch, below, seen, variables in _below(star, rows, weights, view, asked):
        answers |= expected(branch, below, seen, variables)
    if view.groups is not None:
        return answers
    n_rim = len(star.states)
    by_rim = {v: cells.reshape(len(cells), n_rim, len(view.where), -1) for v, cells in answers.items()}
    return {v: np.add.reduce(cells, axis=1) for v, cells in by_rim.items()}


def _expected_leaves(
    star: Star,
    rows: Rows,
    weights: FloatArray,
    context: FloatArray,
    where: NDArray[np.intp],
    leaves: Sequence[int],
) -> dict[int, FloatArray]:
    """Leaves without evidence: their rows are multiplied by what weighs them, all at once."""
    slices = [star.columns[v] for v in leaves]
    start, stop = min(columns.start for columns in slices), max(columns.stop for columns in slices)
    if star.rim and not rows:
        tables, weights = star.alone[start:stop], star.possible
    else:
        tables = star.tables[start:stop]
    averaged = np.empty((context.shape[1], len(tables), len(where)))
    if tables.shape[2] == weights.shape[2] == 1:
        of_context = context[0] if len(context) == 1 else context.mean(axis=0)
        for n in range(len(averaged)):
            given = _given_context(weights[n if len(weights) > 1 else 0, :, 0], tables[:, :, 0])
            np.multiply(given[:, where], of_context[n], out=averaged[n])
    else:
        weighted = weights[..., where] * (context / len(context)).swapaxes(0, 1)[:, None]
        if tables.shape[2] == 1:
            weighted = weighted.sum(axis=2, keepdims=True)
        for n, cells in enumerate(weighted):
            _add_up(cells, tables, where, averaged[n])
    found = averaged.swapaxes(1, 2)
    return {v: found[..., c.start - start : c.stop - start] for v, c in zip(leaves, slices, strict=True)}


def _given_context(weights: FloatArray, tables: FloatArray) -> FloatArray:
    """P(column | context) of shape (n_columns, n_context), from weights (n_rim, n_context) and one draw's tables."""
    if len(weights) == 1:
        return tables[:, 0]
    given: FloatArray = np.einsum("ku,fku->fu", weights, tables)
    return given


def _add_up(cells: FloatArray, tables: FloatArray, where: NDArray[np.intp], out: FloatArray) -> None:
    """
    Sum over rim and draws of cells (n_rim, n_draws, n) times tables (n_columns, n_rim, n_draws, n_context).

    States that see the same of the tables are not each given a copy of them.
    """
    seen, first = np.unique(where, return_index=True)
    at_seen = tables if len(seen) == tables.shape[-1] else np.take(tables, seen, axis=-1)
    out[:, first] = _dot(cells[..., first], at_seen)
    others = np.delete(np.arange(len(where)), first)
    for u in np.unique(where[others]):
        members = others[where[others] == u]
        out[:, members] = tables[..., u].reshape(len(tables), -1) @ cells[..., members].reshape(
            -1, len(members)
        )


def _dot(cells: FloatArray, tables: FloatArray) -> FloatArray:
    """Sum over rim and draws of cells (n_rim, n_draws, n) times tables (n_columns, n_rim, n_draws, n), many at once."""
    n_columns, *others, n = tables.shape
    n_rows = int(np.prod(others))
    block = next(size for size in range(max(1, BLOCK // n), 0, -1) if n_rows % size == 0)
    blocks = np.einsum(
        "gx,fgx->fx", cells.reshape(-1, block * n), tables.reshape(n_columns, n_rows // block, block * n)
    )
    added: FloatArray = np.add.reduce(blocks.reshape(n_columns, block, n), axis=1)
    return added
