r"""
A group of variables that a few of them, the *rim*, hold together: given hub and rim, the others are free.

With r a joint state of the rim and v the other variables, the *leaves*,

.. math:: m(h, e) = \sum_r c(h, r)\, \lambda(r) \prod_v \sum_{x_v} t_v(x_v \mid h, r)\, \lambda(x_v)

so that evidence only picks and multiplies rows of one table that was laid out beforehand. A variable on its
own is a star without a rim, and all those together are one star. Axis order inside: patient, rim, draw, hub.

Knows: numpy, factors. Must not know: which variable is the hub, labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.inference.component import Factor, product
from model.inference.graph import FloatArray
from model.inference.numeric import (
    BARRED,
    LOWEST,
    counts,
    distinct,
    divided,
    log,
    log_sum,
    pieces,
    side_by_side,
)

MAX_RIM = 64
"""Joint states that a rim may have; a group that needs more is summed out variable by variable."""

MAX_CELLS = 2**25
"""Cells (256 MiB) that the table of one star may have."""

SAFE_LOG = -650.0
"""Products whose log stays above are far from the smallest number there is, exp(-708)."""

Rows = Mapping[int, FloatArray]
"""Likelihood vectors of observed variables, each of shape (n_patients, card)."""


@dataclass(frozen=True, eq=False)
class Star:
    """
    A group laid out for evidence.

    Attributes
    ----------
    rim, leaves : tuple of int
    states : ndarray of int, shape (n_rim, len(rim))
        Joint states of the rim; one empty state if there is no rim.
    log_core : ndarray of shape (n_rim, n_draws or 1, n_hub)
        Natural log of what the group says without evidence.
    tables : ndarray of shape (n_columns, n_rim, n_draws or 1, n_hub)
        P(leaf = state | hub, rim), all leaves and states one after the other; 0 where hub and rim are
        impossible.
    columns : mapping of leaf to its slice of the first axis
    feeds_hub : bool
        Whether a hub variable has a parent in here; then the group speaks of the hub even without evidence.
    """

    rim: tuple[int, ...]
    leaves: tuple[int, ...]
    states: NDArray[np.intp]
    log_core: FloatArray
    tables: FloatArray
    columns: Mapping[int, slice]
    feeds_hub: bool

    @property
    def variables(self) -> tuple[int, ...]:
        """Rim and leaves."""
        return (*self.rim, *self.leaves)

    @cached_property
    def log_tables(self) -> FloatArray:
        """Natural log of `tables`, with `BARRED` for log 0."""
        logs = log(self.tables)
        logs[np.isneginf(logs)] = BARRED
        return logs

    @cached_property
    def core(self) -> FloatArray:
        """What the group says without evidence: shape (n_rim, n_draws or 1, n_hub)."""
        return np.exp(self.log_core)

    @cached_property
    def log_floor(self) -> float:
        """Natural log of the smallest positive number in core and tables."""
        return float(np.log(min(array[array > 0].min() for array in (self.core, self.tables))))

    def log_message(self, rows: Rows) -> FloatArray:
        """
        Natural log of P(evidence in this group | hub state), times what the group says of the hub by itself.

        Parameters
        ----------
        rows : mapping of variable to ndarray of shape (n_patients, card)
            Likelihood vectors of the observed variables of this group.

        Returns
        -------
        ndarray of shape (n_draws or 1, n_patients or 1, n_hub)
            Less than half of `BARRED`, for log 0, where the evidence is impossible.
        """
        products = self._products(rows)
        if products is not None:
            return log(np.add.reduce(products, axis=0))[:, None]
        first = where = np.arange(len(next(iter(rows.values()))))
        if self.rim:
            first, where = distinct(side_by_side(rows.values()))
            rows = {v: likelihoods[first] for v, likelihoods in rows.items()}
        n_columns = sum(likelihoods.shape[1] for likelihoods in rows.values())
        found = [
            log_sum(self._cells_of_many({v: likelihoods[piece] for v, likelihoods in rows.items()}), axis=1)
            for piece in pieces(len(first), max(self.log_core.size, n_columns))
        ]
        message = np.concatenate(found)
        return (message[where] if self.rim else message).swapaxes(0, 1)

    def weights(self, rows: Rows) -> FloatArray:
        """
        P(rim state | hub state, evidence in this group); 0 where the hub state is impossible.

        Returns
        -------
        ndarray of shape (n_patients or 1, n_rim, n_draws or 1, n_hub)
        """
        if not self.rim:
            return np.isfinite(self.log_core)[None].astype(np.float64)
        products = self._products(rows)
        if products is not None:
            return divided(products, np.add.reduce(products, axis=0))[None]
        cells = self._cells_of_many(rows)
        top = cells.max(axis=1, keepdims=True)
        weights = np.exp(cells - np.maximum(top, LOWEST)) * (top > BARRED / 2)
        return divided(weights, weights.sum(axis=1, keepdims=True))

    def conditional(self, rows: Rows, variable: int) -> FloatArray:
        """
        P(state of a variable | hub state, evidence in this group); 0 where the hub state is impossible.

        Returns
        -------
        ndarray of shape (n_draws or 1, n_patients or 1, n_hub, card)
        """
        if variable in self.rim:
            one_hot = np.eye(self.states[:, self.rim.index(variable)].max() + 1)
            chosen = one_hot[self.states[:, self.rim.index(variable)]]
            of_rim: FloatArray = np.einsum("nksh,kf->snhf", self.weights(rows), chosen)
            return of_rim
        others = {v: lik for v, lik in rows.items() if v != variable}
        table = self.tables[self.columns[variable]]
        found: FloatArray = np.einsum("nksh,fksh->snhf", self.weights(others), table)
        if variable in rows:
            found = found * rows[variable][None, :, None, :]
            total = found.sum(axis=-1, keepdims=True)
            found = divided(found, total)
        return found

    def expected(self, rows: Rows, hub: FloatArray, columns: slice) -> FloatArray:
        """
        P(hub state, leaf = state | evidence), averaged over the draws, for leaves without evidence.

        Parameters
        ----------
        rows : mapping of variable to ndarray of shape (n_patients, card)
        hub : ndarray of shape (n_draws, n_patients, n_hub)
            P(hub state | all evidence).
        columns : slice
            Of `tables`: which leaves and states.

        Returns
        -------
        ndarray of shape (n_patients, n_hub, n_columns)
        """
        weighted = self.weights(rows) * (hub / len(hub)).swapaxes(0, 1)[:, None]
        tables = self.tables[columns]
        if tables.shape[2] == 1:
            weighted = weighted.sum(axis=2, keepdims=True)
        averaged = np.empty((len(weighted), len(tables), weighted.shape[3]))
        for n, cells in enumerate(weighted):
            np.einsum("ksh,fksh->fh", cells, tables, out=averaged[n])
        return averaged.swapaxes(1, 2)

    def _products(self, rows: Rows) -> FloatArray | None:
        """
        Weight of every rim, draw and hub state for one patient, by plain products: shape (n_rim, n_draws or 1, n_hub).

        Taking logs would cost more than all the rest. None if there are several patients, if something known is not
        simply a state, or if a product of so many numbers could underflow.
        """
        picked, rim = [], []
        for v, likelihoods in rows.items():
            values = likelihoods.tolist()[0] if len(likelihoods) == 1 else ()
            if values.count(0.0) == len(values) - 1 and 1.0 in values:
                state = values.index(1.0)
                if v in self.columns:
                    picked.append(self.columns[v].start + state)
                else:
                    rim.append(self.states[:, self.rim.index(v)] == state)
            elif not values or values.count(1.0) != len(values):
                return None
        if picked and self.log_floor * (len(picked) + 1) < SAFE_LOG:
            return None
        cells = self.core
        if rim:
            cells = cells * np.logical_and.reduce(rim)[:, None, None]
        if picked:
            cells = cells * np.multiply.reduce(self.tables.take(picked, axis=0), axis=0)
        return cells

    def _cells_of_many(self, rows: Rows) -> FloatArray:
        """Log weight of every rim, draw and hub state: shape (n_patients, n_rim, n_draws or 1, n_hub)."""
        cells = self._cells_of_leaves({v: rows[v] for v in rows if v in self.columns})
        of_rim = [
            log(rows[v])[:, column] for v, column in zip(self.rim, self.states.T, strict=True) if v in rows
        ]
        return cells + np.add.reduce(of_rim)[..., None, None] if of_rim else cells

    def _cells_of_leaves(self, rows: Rows) -> FloatArray:
        """
        Core and leaves for several patients: one matrix product adds the rows of all who are in one state.

        Patients who have a set of states, or weights, are added one variable at a time.
        """
        if not rows:
            return self.log_core[None]
        stacked = side_by_side(rows.values())
        cards = np.array([likelihoods.shape[1] for likelihoods in rows.values()])
        starts = np.cumsum(cards) - cards
        is_one = stacked == 1.0
        n_ones, n_zeros = counts(is_one, starts, cards), counts(stacked == 0.0, starts, cards)
        is_state = (n_ones == 1) & (n_zeros == cards[:, None] - 1)
        is_soft = ~is_state & (n_ones < cards[:, None])
        picks = (is_one & np.repeat(is_state, cards, axis=0)).astype(np.float64)
        used = np.concatenate([np.arange(self.columns[v].start, self.columns[v].stop) for v in rows])
        shape = (stacked.shape[1], *self.log_core.shape)
        cells: FloatArray = (picks.T @ self.log_tables[used].reshape(len(used), -1)).reshape(shape)
        cells += self.log_core
        for i in np.flatnonzero(is_soft.any(axis=1)):
            patients = np.flatnonzero(is_soft[i])
            vectors = stacked[starts[i] : starts[i] + cards[i], patients]
            first, where = distinct(vectors)
            message = np.tensordot(vectors[:, first].T, self.tables[used[starts[i] :][: cards[i]]], axes=1)
            cells[patients] += log(message)[where]
        return cells


def star_of(factors: Sequence[Factor], cards: Mapping[int, int], n_hub: int) -> Star | None:
    """Lay out a group; None if its rim or its table would be too large."""
    scopes = [set(factor.scope) for factor in factors]
    rim = rim_of(scopes, cards)
    leaves = tuple(sorted(set().union(*scopes) - set(rim)))
    n_rim = int(np.prod([cards[v] for v in rim], dtype=np.float64))
    n_draws = max(len(factor.values) for factor in factors)
    n_columns = sum(cards[v] for v in leaves)
    if n_rim > MAX_RIM or n_columns * n_rim * n_draws * n_hub > MAX_CELLS:
        return None
    core = _flat([factor for factor in factors if set(factor.scope) <= set(rim)], rim, (), cards)[..., 0]
    tables = []
    for leaf in leaves:
        table = _flat([factor for factor in factors if leaf in factor.scope], rim, (leaf,), cards)
        total = table.sum(axis=-1, keepdims=True)
        core = core * total[..., 0]
        tables.append(np.moveaxis(divided(table, total), -1, 0))
    return Star(
        rim=rim,
        leaves=leaves,
        states=np.indices([cards[v] for v in rim]).reshape(len(rim), n_rim).T,
        log_core=log(_stacked([core], (n_draws, n_hub))),
        tables=_stacked(tables, (n_rim, n_draws, n_hub)),
        columns=_slices(leaves, cards),
        feeds_hub=any(factor.child < 0 for factor in factors),
    )


def merged(stars: Sequence[Star], cards: Mapping[int, int]) -> Star:
    """One star of several that have no rim."""
    shape = np.broadcast_shapes(*(star.log_core.shape for star in stars))
    leaves = tuple(leaf for star in stars for leaf in star.leaves)
    return Star(
        rim=(),
        leaves=leaves,
        states=stars[0].states,
        log_core=sum((star.log_core for star in stars if star.feeds_hub), np.zeros(shape)),
        tables=_stacked([star.tables for star in stars], shape),
        columns=_slices(leaves, cards),
        feeds_hub=any(star.feeds_hub for star in stars),
    )


def rim_of(scopes: Sequence[set[int]], cards: Mapping[int, int]) -> tuple[int, ...]:
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


def _flat(
    factors: Sequence[Factor], rim: tuple[int, ...], leaf: tuple[int, ...], cards: Mapping[int, int]
) -> FloatArray:
    """Product of factors, shape (n_rim, n_draws or 1, n_hub or 1, card of the leaf or 1)."""
    values = product(factors, (*rim, *leaf), cards)
    n_draws, _, n_hub = values.shape[:3]
    return np.moveaxis(values.reshape(n_draws, n_hub, -1, *([cards[v] for v in leaf] or [1])), 2, 0)


def _stacked(tables: Sequence[FloatArray], shape: tuple[int, ...]) -> FloatArray:
    """Tables one after the other along the first axis, each row as contiguous as evidence wants it."""
    out = np.empty((sum(len(table) for table in tables), *shape))
    return np.concatenate([np.broadcast_to(table, (len(table), *shape)) for table in tables], out=out)


def _slices(leaves: Sequence[int], cards: Mapping[int, int]) -> dict[int, slice]:
    ends = np.cumsum([cards[leaf] for leaf in leaves]).tolist()
    return {leaf: slice(end - cards[leaf], end) for leaf, end in zip(leaves, ends, strict=True)}
