r"""
A group of variables that a few of them, the *rim*, hold together: given context and rim, the rest falls apart.

With u a state of the context, r a joint state of the rim, v the variables that are free then, the *leaves*, and b the
groups that still hang together, the *branches*, which are stars seen from context and rim,

.. math:: m(u, e) = \sum_r c(u, r)\, \lambda(r) \prod_v \sum_{x_v} t_v(x_v \mid u, r)\, \lambda(x_v) \prod_b m_b(u, r, e)

so that evidence only picks and multiplies rows of tables that were laid out beforehand. A variable on its own is a star
without a rim, and many of those are one star. Axis order inside: patient, rim, draw, context.

Knows: numpy. Must not know: which variable is the hub, labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.inference.graph import FloatArray
from model.inference.numeric import (
    BARRED,
    LOWEST,
    SAFE_LOG,
    Kinds,
    counts,
    distinct,
    divided,
    log,
    log_floor,
    log_sum,
    log_sum_of_kinds,
    pieces,
    side_by_side,
    sum_of_kinds,
)
from model.inference.part import Part, Rows

CORE = -1
"""Stands for the core where the others are leaves."""

LARGE = 2**10
"""Cells of a rim in all draws from which kinds of patients are multiplied one by one, without logs of each cell."""

FEW_COLUMNS = 4
"""So many are multiplied faster one by one."""


@dataclass(frozen=True, eq=False)
class Star:
    """
    A group laid out for evidence.

    Attributes
    ----------
    rim : tuple of int
    context : tuple of int
        Variables of the context that the tables see; the last axis of the tables has their joint states.
    where : ndarray of int
        For each state of the whole context, its number on that axis.
    states : ndarray of int, shape (n_rim, len(rim))
        Joint states of the rim; one empty state if there is no rim.
    log_core : ndarray of shape (n_rim, n_draws or 1, n_context)
        Natural log of what rim and leaves say without evidence.
    tables : ndarray of shape (n_columns, n_rim, n_draws or 1, n_context)
        P(leaf = state | context, rim), all leaves and states one after the other; 0 where context and rim are
        impossible.
    columns : mapping of leaf to its slice of the first axis
    branches : tuple of Star or Component
        Their context is this one and the rim, all pairs of states, the rim's slowest.
    feeds : bool
        Whether a variable of the context has a parent in here; then the group speaks of the context even without
        evidence.
    """

    rim: tuple[int, ...]
    context: tuple[int, ...]
    where: NDArray[np.intp]
    states: NDArray[np.intp]
    log_core: FloatArray
    tables: FloatArray
    columns: Mapping[int, slice]
    branches: tuple[Part, ...]
    feeds: bool

    @cached_property
    def variables(self) -> tuple[int, ...]:
        """Rim, leaves, and the variables of the branches."""
        return (*self.rim, *self.columns, *self.branch_of)

    @cached_property
    def branch_of(self) -> Mapping[int, Part]:
        """Variable -> the branch that holds it."""
        return {v: branch for branch in self.branches for v in branch.variables}

    @cached_property
    def log_tables(self) -> FloatArray:
        """Natural log of `tables`, with `BARRED` for log 0."""
        logs = log(self.tables)
        logs[np.isneginf(logs)] = BARRED
        return logs

    @cached_property
    def core(self) -> FloatArray:
        """Probabilities of `log_core`."""
        return np.exp(self.log_core)

    @cached_property
    def log_floors(self) -> Mapping[int, float]:
        """Natural log of the smallest positive number in the table of each leaf, 0 for the rim, and of the core."""
        of_rim = dict.fromkeys(self.rim, 0.0)
        of_leaves = {v: log_floor(self.tables[columns]) for v, columns in self.columns.items()}
        return {CORE: log_floor(self.core)} | of_rim | of_leaves

    def log_bound(self, rows: Rows) -> float:
        """Natural log of what no positive product of these rows falls below."""
        floors = self.log_floors
        if not self.branches:
            return sum([floors[v] for v in rows], start=floors[CORE])
        below = self._below(rows)
        own = sum([floors[v] for v in rows if v in floors], start=floors[CORE])
        return own + sum(b.log_bound(below.get(b, {})) for b in self.branches)

    def bundles(self, rows: Rows) -> Sequence[tuple[Rows, float]]:
        """Leaves without a rim say what they say one by one, so that no bundle of several need be near underflow."""
        bound = self.log_bound(rows)
        if bound > SAFE_LOG / 2 or self.rim or self.feeds or len(rows) < 2:
            return ((rows, bound),)
        named = tuple(rows)
        halves = named[: len(named) // 2], named[len(named) // 2 :]
        return [bundle for half in halves for bundle in self.bundles({v: rows[v] for v in half})]

    @cached_property
    def silent(self) -> FloatArray:
        """`log_message` without evidence."""
        return self.log_message({})

    def log_message(self, rows: Rows) -> FloatArray:
        """
        Natural log of P(evidence in this group | context), times what the group says of the context by itself.

        Parameters
        ----------
        rows : mapping of variable to ndarray of shape (n_patients, card)
            Likelihood vectors of the observed variables of this group.

        Returns
        -------
        ndarray of shape (n_draws or 1, n_patients or 1, n_context)
        """
        message, where = self.message_of_kinds(rows)
        return message if where is None else message[:, where]

    def message_of_kinds(self, rows: Rows) -> tuple[FloatArray, NDArray[np.intp] | None]:
        """
        `log_message` of each kind of patient, and the kind of each patient; None if each is a kind of its own.

        Patients are of one kind if nothing in this group tells them apart.
        """
        products = self._safe_products(rows)
        if products is not None:
            return log(np.add.reduce(products, axis=0))[:, None], None
        if self.branches:
            message, where = log_sum_of_kinds(self._found(rows))
            return message.swapaxes(0, 1), where
        where = None
        if rows and self.rim:
            first, where = distinct(side_by_side(rows.values()))
            rows = {v: likelihoods[first] for v, likelihoods in rows.items()}
        n_columns = sum(likelihoods.shape[1] for likelihoods in rows.values())
        is_large = bool(self.rim) and self.log_core.size > LARGE
        found = [
            self._log_sum({v: likelihoods[piece] for v, likelihoods in rows.items()})
            for piece in pieces(_length(rows), np.inf if is_large else max(self.log_core.size, n_columns))
        ]
        return np.concatenate(found).swapaxes(0, 1), where

    def _log_sum(self, rows: Rows) -> FloatArray:
        """Message of rim and leaves, the patients first."""
        products = self._safe_products(rows) if self.rim else None
        if products is not None:
            return log(np.add.reduce(products, axis=0))[None]
        return log_sum(self._cells_of_own(rows), axis=1)

    def weights(self, rows: Rows) -> FloatArray:
        """
        P(rim state | context, evidence in this group); 0 where the context is impossible.

        Returns
        -------
        ndarray of shape (n_patients or 1, n_rim, n_draws or 1, n_context)
        """
        if not self.rim:
            return self.possible
        if not rows:
            return self._weights
        products = self._safe_products(rows)
        if products is not None:
            return divided(products, np.add.reduce(products, axis=0))[None]
        return _shares(self._cells_of_many(rows))

    def conditional(self, rows: Rows, variable: int) -> FloatArray:
        """
        P(state of a variable | context, evidence in this group); 0 where the context is impossible.

        Returns
        -------
        ndarray of shape (n_draws or 1, n_patients or 1, n_context, card)
        """
        if variable in self.rim:
            of_variable = self.states[:, self.rim.index(variable)]
            chosen = np.eye(of_variable.max() + 1)[of_variable]
            of_rim: FloatArray = np.einsum("nksu,kf->snuf", self.weights(rows), chosen)
            return of_rim
        if variable in self.branch_of:
            branch = self.branch_of[variable]
            below = branch.conditional({v: rows[v] for v in rows if v in branch.variables}, variable)
            below = below[:, :, self.pairs(branch)]
            of_branch: FloatArray = np.einsum("nksu,snkuf->snuf", self.weights(rows), below)
            return of_branch
        others = {v: lik for v, lik in rows.items() if v != variable}
        table = self.tables[self.columns[variable]]
        found: FloatArray = np.einsum("nksu,fksu->snuf", self.weights(others), table)
        if variable in rows:
            found = found * rows[variable][None, :, None, :]
            total = found.sum(axis=-1, keepdims=True)
            found = divided(found, total)
        return found

    @cached_property
    def possible(self) -> FloatArray:
        """1 where the context is possible, as weights of a rim of one state."""
        possible: FloatArray = (self.silent > BARRED / 2)[:, 0][None, None].astype(np.float64)
        return possible

    @cached_property
    def _weights(self) -> FloatArray:
        """Weights without evidence."""
        return _shares(self._cells_of_many({}))

    @cached_property
    def alone(self) -> FloatArray:
        """P(leaf = state | context) without evidence, as tables of a rim of one state."""
        alone: FloatArray = np.einsum("ksu,fksu->fsu", self._weights[0], self.tables)
        return alone[:, None]

    def pairs(self, branch: Part) -> NDArray[np.intp]:
        """Number in a branch of each rim state and state of our context: shape (n_rim, n_context)."""
        return branch.where.reshape(len(self.states), -1)

    def products(self, rows: Rows) -> FloatArray | None:
        """
        Weight of every rim, draw and context for one patient, by plain products.

        Taking logs would cost more than all the rest.

        Returns
        -------
        ndarray of shape (n_rim, n_draws or 1, n_context), or None
            None if there are several patients, or if something known is neither a state nor a set of states.
            Where `log_bound` is below `SAFE_LOG`, a product may have become 0 that is not.
        """
        if not self.branches:
            return self._products_of_own(rows)
        below = self._below(rows)
        cells = self._products_of_own({v: rows[v] for v in rows if v not in self.branch_of})
        for branch in self.branches if cells is not None else ():
            if branch in below or branch.feeds:
                found = branch.products(below.get(branch, {}))
                if found is None:
                    return None
                cells = cells * np.add.reduce(found, axis=0)[:, self.pairs(branch)].swapaxes(0, 1)
        return cells

    def _safe_products(self, rows: Rows) -> FloatArray | None:
        """`products`, None also if one of them could underflow."""
        return self.products(rows) if self.log_bound(rows) > SAFE_LOG else None

    def _products_of_own(self, rows: Rows) -> FloatArray | None:
        """`products` of rim and leaves alone."""
        cells, picked = self.core, []
        for v, likelihoods in rows.items():
            values = likelihoods.tolist()[0] if len(likelihoods) == 1 else ()
            n_ones = values.count(1.0)
            if n_ones + values.count(0.0) != len(values) or not values:
                return None
            if v in self.rim:
                cells = cells * likelihoods[0, self.states[:, self.rim.index(v)], None, None]
            elif n_ones == 1:
                picked.append(self.columns[v].start + values.index(1.0))
            elif n_ones < len(values):
                cells = cells * np.tensordot(likelihoods[0], self.tables[self.columns[v]], axes=1)
        for column in picked if len(picked) <= FEW_COLUMNS else ():
            cells = cells * self.tables[column]
        if len(picked) > FEW_COLUMNS:
            cells = cells * np.multiply.reduce(self.tables.take(picked, axis=0), axis=0)
        return cells

    def _below(self, rows: Rows) -> dict[Part, dict[int, FloatArray]]:
        """The rows of each branch that has some."""
        below: dict[Part, dict[int, FloatArray]] = {}
        for v, likelihoods in rows.items():
            if v in self.branch_of:
                below.setdefault(self.branch_of[v], {})[v] = likelihoods
        return below

    def _cells_of_many(self, rows: Rows) -> FloatArray:
        """Log weight of every rim, draw and context: shape (n_patients, n_rim, n_draws or 1, n_context)."""
        return sum_of_kinds(self._found(rows), axis=0)

    def _found(self, rows: Rows) -> list[Kinds]:
        """What adds up to `_cells_of_many`: rim and leaves, and each branch that has something to say."""
        messages = self._messages(rows)
        own = {v: rows[v] for v in rows if v not in self.branch_of}
        if not messages:
            return [(self._cells_of_own(own), None)]
        where = None
        if own:
            first, where = distinct(side_by_side(own.values()))
            own = {v: likelihoods[first] for v, likelihoods in own.items()}
        found: list[Kinds] = [(self._cells_of_own(own), where)]
        for branch, message, kinds in messages:
            found.append((message[:, :, self.pairs(branch)].transpose(1, 2, 0, 3), kinds))
        return found

    def _cells_of_own(self, rows: Rows) -> FloatArray:
        """`_cells_of_many` of rim and leaves alone."""
        cells = self._cells_of_leaves({v: rows[v] for v in rows if v in self.columns})
        of_rim = [
            log(rows[v])[:, column] for v, column in zip(self.rim, self.states.T, strict=True) if v in rows
        ]
        return cells + np.add.reduce(of_rim)[..., None, None] if of_rim else cells

    def _messages(self, rows: Rows) -> list[tuple[Part, FloatArray, NDArray[np.intp] | None]]:
        """Log messages of the branches that have something to say, as `message_of_kinds` gives them."""
        below = self._below(rows)
        return [
            (branch, *branch.message_of_kinds(below[branch]))
            if branch in below
            else (branch, branch.silent, None)
            for branch in self.branches
            if branch in below or branch.feeds
        ]

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


def _length(rows: Rows) -> int:
    """Number of patients."""
    return len(next(iter(rows.values()))) if rows else 1


def _shares(cells: FloatArray) -> FloatArray:
    """Log weights of shape (n_patients, n_rim, n_draws, n_context), normalised over the rim."""
    top = cells.max(axis=1, keepdims=True)
    weights = np.exp(cells - np.maximum(top, LOWEST)) * (top > BARRED / 2)
    return divided(weights, weights.sum(axis=1, keepdims=True))
