"""
Small numerical tools of the array core: logs with zeros, equal columns, pieces that fit into memory.

Knows: numpy. Must not know: variables, networks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

SMALL = 8
"""Where several arrays are put together, so many times smaller pieces stay in the nearest cache."""

PIECE_CELLS = 2**20
"""Cells (8 MiB) of an intermediate array; small enough for the cache, large enough for few Python steps."""

LOWEST = float(np.finfo(np.float64).min)
TINY = float(np.finfo(np.float64).tiny)
"""Keep -inf - -inf and log 0 from happening where a sum is 0 in any case; cheaper than silencing NumPy."""

BARRED = -1e300
"""Stands for log 0 where it is multiplied by 0, which must give 0, or subtracted; no sum of real logs comes near."""

SAFE_LOG = -650.0
"""Products whose log stays above are far from the smallest number there is, exp(-708)."""

INTERVAL = (0.05, 0.95)
"""Quantiles over the parameter draws between which every interval of an answer lies, unless one is asked for."""

MAX_BITS = 14
"""So many rows of 0 and 1 are told apart by counting instead of sorting."""


def log(values: FloatArray) -> FloatArray:
    """Natural log with -inf for 0, silently."""
    with np.errstate(divide="ignore"):
        logs: FloatArray = np.log(values)
    return logs


Kinds = tuple[FloatArray, NDArray[np.intp] | None]
"""Entries by kind of patient, and the kind of each patient; None if there is an entry for each, or one for all."""

FEW = 4
"""Patients must be this many times as many as kinds for kinds to be worth combining."""


def log_floor(*arrays: FloatArray) -> float:
    """
    Natural log of the smallest positive number in some arrays, 0 if none is below 1.

    Examples
    --------
    >>> round(log_floor(np.array([0.0, 0.5]), np.array([1.0])), 4)
    -0.6931
    """
    return float(np.log(min(array.min(where=array > 0, initial=1.0) for array in arrays)))


def log_sum(cells: FloatArray, axis: int) -> FloatArray:
    """
    Natural log of the sum of ``exp(cells)`` over one axis; -inf where every cell is.

    Examples
    --------
    >>> log_sum(np.log([[0.25, 0.5]]), axis=1).round(4), np.log(0.75).round(4)
    (array([-0.2877]), np.float64(-0.2877))
    """
    if cells.shape[axis] == 1:
        return cells.squeeze(axis)
    top = np.maximum.reduce(cells, axis=axis, keepdims=True)
    shifted = cells - np.maximum(top, LOWEST)
    total = np.add.reduce(np.exp(shifted, out=shifted), axis=axis)
    logs: FloatArray = np.log(np.maximum(total, TINY)) + top.squeeze(axis)
    return logs


def over_last(operation: np.ufunc, table: FloatArray, *, keepdims: bool = False) -> FloatArray:
    """
    Reduce the last axis, which is short: slice after slice takes a fraction of the time of NumPy's own reduction.

    Examples
    --------
    >>> over_last(np.add, np.array([[0.25, 0.5], [1.0, 2.0]])), over_last(np.maximum, np.array([[1.0, 2.0]]), keepdims=True)
    (array([0.75, 3.  ]), array([[2.]]))
    """
    result: FloatArray = reduce(operation, np.moveaxis(table, -1, 0))
    return result[..., None] if keepdims else result


def divided(part: FloatArray, total: FloatArray) -> FloatArray:
    """Quotient, 0 where the total is 0."""
    if (total > 0).all():
        return part / total
    quotient: FloatArray = np.divide(part, total, out=np.zeros_like(part), where=total > 0)
    return quotient


def distinct(columns: FloatArray) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """
    Which columns of a matrix of shape (n_rows, n_columns) differ.

    Few rows of 0 and 1 are read as a binary number. Other columns are compared by a weighted sum, which is then
    checked: should two different ones ever share a sum, every column counts as different. Sorting whole columns
    would take many times as long. The weights are sines of 1, 2 ..., of which no few add up to others. Square roots
    do, those of 2 and 8 to that of 18: then patients who share a sum would each be answered alone.

    Returns
    -------
    first : ndarray of shape (n_distinct,)
        A column of each kind.
    where : ndarray of shape (n_columns,)
        The kind of each column: ``columns[:, first[where]]`` equals ``columns``.

    Examples
    --------
    The first and the last column are equal:

    >>> columns = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    >>> first, where = distinct(columns)
    >>> len(first), bool(where[0] == where[2] != where[1])
    (2, True)
    """
    n_rows, n_columns = columns.shape
    if n_columns > 1 and n_rows <= MAX_BITS and np.array_equal(columns, columns != 0):
        codes = (2.0 ** np.arange(n_rows) @ columns).astype(np.intp)
        seen = np.zeros(2**n_rows, dtype=np.intp)
        seen[codes] = 1
        where = (np.cumsum(seen) - 1)[codes]
        first = np.empty(where.max() + 1, dtype=np.intp)
        first[where] = np.arange(n_columns)
        return first, where
    if n_columns > 1:
        weights = np.sin(np.arange(1.0, 1.0 + n_rows))
        _, first, where = np.unique(weights @ columns, return_index=True, return_inverse=True)
        if np.array_equal(columns[:, first[where]], columns):
            return first, where
    return np.arange(n_columns), np.arange(n_columns)


def side_by_side(vectors: Collection[FloatArray]) -> FloatArray:
    """
    Arrays of shape (n, k) transposed and stacked: shape (sum of k, n).

    Each row is contiguous, which NumPy would not choose by itself and which makes all that follows ten times faster.
    """
    n = len(next(iter(vectors)))
    out = np.empty((sum(v.shape[1] for v in vectors), n))
    return np.concatenate([v.T for v in vectors], out=out)


def counts(flags: NDArray[np.bool_], starts: NDArray[np.intp], sizes: NDArray[np.intp]) -> NDArray[np.int8]:
    """How many flags are set in each group of at most 127 successive rows: shape (n_groups, n_columns)."""
    ones = flags.view(np.int8)
    found = ones[starts]
    for nth in range(1, max(sizes)):
        for group in np.flatnonzero(sizes > nth):
            found[group] += ones[starts[group] + nth]
    return found


def sum_of_kinds(found: Sequence[Kinds], axis: int) -> FloatArray:
    """
    Sum of arrays that have one entry for each kind of patient, with one entry for each patient.

    Where the pairs of kinds of two arrays are far fewer than the patients, the arrays are added for all pairs first.

    Parameters
    ----------
    found : sequence of (ndarray, ndarray of int or None)
        Entries by kind along one axis, and the kind of each patient; None if there is an entry for each patient, or
        one for all.
    axis : int
        The axis of the kinds.

    Examples
    --------
    >>> few = np.array([1.0, 2.0]), np.array([0, 1, 1])
    >>> sum_of_kinds([few, (np.array([10.0, 20.0, 30.0]), None)], axis=0)
    array([11., 22., 32.])
    """
    return reduce(np.add, [_each(*one, axis) for one in _merged(found, axis, np.add)])


def log_sum_of_kinds(found: Sequence[Kinds]) -> Kinds:
    """
    `log_sum` over the second axis of `sum_of_kinds` along the first, without a log or a power for each patient.

    Logs are only added where products could underflow.

    Examples
    --------
    >>> few = np.log([[0.25, 0.5], [0.5, 0.125]]), np.array([0, 1, 1])
    >>> logs, where = log_sum_of_kinds([few, (np.log([[0.5, 1.0]]), None)])
    >>> np.exp(logs), where
    (array([0.625, 0.375, 0.375]), None)
    """
    lowest = sum(values.min(where=values > BARRED / 2, initial=0.0) for values, _ in found)
    highest = sum(values.max(initial=0.0) for values, _ in found)
    if lowest < SAFE_LOG or highest > -SAFE_LOG:
        return log_sum(sum_of_kinds(found, axis=0), axis=1), None
    merged = _merged([(np.exp(values), where) for values, where in found], 0, np.multiply)
    if len(merged) == 1:
        [(values, where)] = merged
        return log(np.add.reduce(values, axis=1)), where
    n = max(len(values if where is None else where) for values, where in merged)
    total = np.empty((n, *np.broadcast_shapes(*(values.shape[2:] for values, _ in merged))))
    by_term = [[np.ascontiguousarray(terms) for terms in np.moveaxis(values, 1, 0)] for values, _ in merged]
    for piece in pieces(n, SMALL * total[0].size):
        kinds = [where if where is None else where[piece] for _, where in merged]
        products = (reduce(np.multiply, map(_each, terms, kinds)) for terms in zip(*by_term, strict=True))
        total[piece] = reduce(np.add, products)
    return log(total), None


def _each(values: FloatArray, where: NDArray[np.intp] | None, axis: int = 0) -> FloatArray:
    return values if where is None else np.take(values, where, axis)


def _merged(found: Sequence[Kinds], axis: int, operation: np.ufunc) -> list[Kinds]:
    """Arrays by kind, some of them put together for all pairs of their kinds."""
    of_kinds = [(values, where) for values, where in found if where is not None]
    of_kinds.sort(key=lambda pair: pair[0].shape[axis])
    merged: list[Kinds] = [(values, where) for values, where in found if where is None]
    while of_kinds:
        values, where = of_kinds.pop(0)
        while of_kinds and values.shape[axis] * of_kinds[0][0].shape[axis] * FEW <= len(where):
            others, where_others = of_kinds.pop(0)
            n, n_others = values.shape[axis], others.shape[axis]
            values = operation(np.repeat(values, n_others, axis), np.concatenate([others] * n, axis))
            where = where * n_others + where_others
        merged.append((values, where))
    return merged


def pieces(n: int, cells: float) -> Iterator[slice]:
    """Slices of 0 to n, each of at most `PIECE_CELLS` cells where one item has `cells` of them."""
    size = max(1, int(PIECE_CELLS // cells))
    for start in range(0, n, size):
        yield slice(start, min(start + size, n))
