"""
Joint probabilities averaged over the draws, for many variables that share the work.

Knows: parts. Must not know: labels, how a part finds its messages.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.inference.graph import FloatArray
from model.inference.part import Part, Rows
from model.inference.star import Star


def expected(
    part: Part, rows: Rows, context: FloatArray, where: NDArray[np.intp], variables: Sequence[int]
) -> dict[int, FloatArray]:
    """
    P(context, variable = state | evidence), averaged over the draws.

    Parameters
    ----------
    part : Part
    rows : mapping of variable to ndarray of shape (n_patients, card)
    context : ndarray of shape (n_draws, n_patients, n)
        P(state of the whole context | all evidence).
    where : ndarray of shape (n,)
        Number of each of these states in the part.
    variables : sequence of int
        Variables of the part.

    Returns
    -------
    dict of variable to ndarray of shape (n_patients, n, card)
    """
    answers: dict[int, FloatArray] = {}
    asked: dict[Part, list[int]] = {}
    leaves: list[int] = []
    rim: list[int] = []
    for v in variables:
        if isinstance(part, Star) and v in part.branch_of:
            asked.setdefault(part.branch_of[v], []).append(v)
        elif isinstance(part, Star) and v in part.columns and v not in rows:
            leaves.append(v)
        elif isinstance(part, Star) and v in part.rim:
            rim.append(v)
        else:
            answers[v] = _expected_one(part, rows, context, where, v)
    if isinstance(part, Star) and leaves:
        answers |= _expected_leaves(part, rows, context, where, leaves)
    if isinstance(part, Star) and rim:
        answers |= _expected_rim(part, rows, context, where, rim)
    if isinstance(part, Star) and asked:
        answers |= _expected_below(part, rows, context, where, asked)
    return answers


def _expected_one(
    part: Part, rows: Rows, context: FloatArray, where: NDArray[np.intp], variable: int
) -> FloatArray:
    given = part.conditional(rows, variable)
    given = given[:, :, where] if given.shape[2] > 1 else given
    given = np.broadcast_to(given, (*context.shape, given.shape[-1]))
    averaged: FloatArray = np.einsum("snu,snuf->nuf", context, given) / len(context)
    return averaged


def _expected_rim(
    star: Star, rows: Rows, context: FloatArray, where: NDArray[np.intp], variables: Sequence[int]
) -> dict[int, FloatArray]:
    """Variables of the rim, observed or not: the weights of the rim, added up by state."""
    weights = star.weights(rows)[..., where] * context.swapaxes(0, 1)[:, None]
    by_rim = np.add.reduce(weights, axis=2) / len(context)
    answers = {}
    for v in variables:
        states = star.states[:, star.rim.index(v)]
        is_state = np.arange(states.max() + 1)[:, None] == states
        answers[v] = (is_state.astype(np.float64) @ by_rim).swapaxes(1, 2)
    return answers


def _expected_below(
    star: Star, rows: Rows, context: FloatArray, where: NDArray[np.intp], asked: dict[Part, list[int]]
) -> dict[int, FloatArray]:
    """Variables of the branches, whose context is this one and the rim; the rim is summed out at the end."""
    shares = np.moveaxis(star.weights(rows)[..., where], 2, 0) * context[:, :, None]
    pairs = shares.reshape(*shares.shape[:2], -1)
    answers = {}
    for branch, variables in asked.items():
        below = {v: rows[v] for v in rows if v in branch.variables}
        found = expected(branch, below, pairs, star.pairs(branch)[:, where].reshape(-1), variables)
        for v, of_pairs in found.items():
            by_rim = of_pairs.reshape(len(of_pairs), len(star.states), len(where), -1)
            answers[v] = by_rim.sum(axis=1)
    return answers


def _expected_leaves(
    star: Star, rows: Rows, context: FloatArray, where: NDArray[np.intp], leaves: Sequence[int]
) -> dict[int, FloatArray]:
    """Leaves without evidence: their rows are multiplied by what weighs them, all at once."""
    slices = [star.columns[v] for v in leaves]
    start, stop = min(columns.start for columns in slices), max(columns.stop for columns in slices)
    if star.rim and not rows:
        tables, weights = star.alone[start:stop], star.possible
    else:
        tables, weights = star.tables[start:stop], star.weights(rows)
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
    at_seen = tables if len(seen) == tables.shape[-1] else tables[..., seen]
    out[:, first] = np.einsum("ksu,fksu->fu", cells[..., first], at_seen)
    others = np.setdiff1d(np.arange(len(where)), first)
    for u in np.unique(where[others]):
        members = others[where[others] == u]
        out[:, members] = tables[..., u].reshape(len(tables), -1) @ cells[..., members].reshape(
            -1, len(members)
        )
