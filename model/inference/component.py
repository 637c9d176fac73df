"""
One group of variables that hang together once the hub is known: its factors, and how they are summed out.

A factor is an array with named axes. Axis order everywhere: draw, evidence row, hub state, then the
variables. This is the general way, for groups of any shape; `model.inference.star` is the fast one for most.

Knows: numpy. Must not know: which variable is the hub, labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce

import numpy as np
from numpy.typing import NDArray

from model.inference.graph import FloatArray
from model.inference.numeric import distinct, divided, log, pieces, side_by_side


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """
    Array of shape (n_draws or 1, n_rows or 1, n_hub or 1, *cards of `scope`).

    `child` is the variable whose conditional table it is, or -1 for a product or a table of a hub variable.
    """

    scope: tuple[int, ...]
    values: FloatArray
    child: int = -1


@dataclass(frozen=True, eq=False)
class Component:
    """
    Factors over a connected group of variables, given the hub.

    Attributes
    ----------
    variables : tuple of int
    factors : tuple of Factor
        Conditional tables on the support of the hub.
    feeds : bool
        Whether a variable of the context has a parent in here; then the group speaks of the context even
        without evidence.
    cards : mapping of variable to number of states
    context : tuple of int
        Variables of the context that the tables see; the hub axis of the factors has their joint states.
    where : ndarray of int
        For each state of the whole context, its number on that axis.
    orders : dict
        Elimination orders found so far, by (kept variable, observed variables); filled lazily, always with
        the same value for a key, so threads may share it.
    """

    variables: tuple[int, ...]
    factors: tuple[Factor, ...]
    feeds: bool
    cards: Mapping[int, int]
    context: tuple[int, ...]
    where: NDArray[np.intp]
    orders: dict[tuple[int, frozenset[int]], tuple[tuple[Factor, ...], tuple[int, ...]]] = field(
        default_factory=dict
    )

    @cached_property
    def silent(self) -> FloatArray:
        """`log_message` without evidence."""
        return self.log_message({})

    def log_bound(self, rows: Mapping[int, FloatArray]) -> float:  # noqa: ARG002, as every part has it
        """Nothing is known of how small its products get."""
        return -np.inf

    def bundles(self, rows: Mapping[int, FloatArray]) -> Sequence[tuple[Mapping[int, FloatArray], float]]:
        """All in one."""
        return ((rows, self.log_bound(rows)),)

    def products(self, rows: Mapping[int, FloatArray]) -> None:
        """Not offered, see `model.inference.star.Star.products`."""

    def log_message(self, rows: Mapping[int, FloatArray]) -> FloatArray:
        """
        Natural log of P(evidence in this group | hub state), times what the group says of the hub by itself.

        Parameters
        ----------
        rows : mapping of variable to ndarray of shape (n_patients, card)
            Likelihood vectors of the observed variables of this group; patients with equal ones share the
            work.

        Returns
        -------
        ndarray of shape (n_draws or 1, n_patients or 1, n_hub or 1)
        """
        message, where = self.message_of_kinds(rows)
        return message if where is None else message[:, where]

    def message_of_kinds(self, rows: Mapping[int, FloatArray]) -> tuple[FloatArray, NDArray[np.intp] | None]:
        """`log_message` of each kind of patient, and the kind of each patient; None if there is but one."""
        if not rows:
            return self._log_message({}), None
        first, where = distinct(side_by_side(rows.values()))
        size = max(factor.values.size for factor in self.factors)
        found = [
            self._log_message({v: rows[v][first[piece]] for v in rows}) for piece in pieces(len(first), size)
        ]
        return np.concatenate(found, axis=1), where

    def conditional(self, rows: Mapping[int, FloatArray], variable: int) -> FloatArray:
        """
        P(state of a variable | hub state, evidence in this group); 0 where the hub state is impossible.

        Returns
        -------
        ndarray of shape (n_draws or 1, n_patients or 1, n_hub or 1, card)
        """
        message, _ = self.message(rows, keep=variable)
        total = message.sum(axis=-1, keepdims=True)
        return divided(message, total)

    def _log_message(self, rows: Mapping[int, FloatArray]) -> FloatArray:
        message, log_scale = self.message(rows)
        return log(message) + log_scale

    def message(self, rows: Mapping[int, FloatArray], keep: int = -1) -> tuple[FloatArray, FloatArray]:
        """
        Sum of the product of all factors and likelihoods over every variable but `keep`.

        Whatever is summed out is divided by its largest number, so that long products do not underflow.

        Parameters
        ----------
        rows : mapping of variable to ndarray of shape (n_rows, card)
            Likelihood vectors of the observed variables of this group.
        keep : int
            Variable that stays as last axis; -1 for none.

        Returns
        -------
        message : ndarray of shape (n_draws or 1, n_rows or 1, n_hub or 1[, card of keep])
            Divided by its scale.
        log_scale : ndarray of shape (n_draws or 1, n_rows or 1, n_hub or 1)
        """
        relevant, order = self._plan(keep, frozenset(rows))
        factors = [*relevant, *(Factor((v,), lik[None, :, None, :]) for v, lik in rows.items())]
        log_scale = np.zeros((1, 1, 1))
        for variable in order:
            touched = [factor for factor in factors if variable in factor.scope]
            factors = [factor for factor in factors if variable not in factor.scope]
            factor, scale = _scaled(_sum_out(touched, variable, self.cards))
            factors.append(factor)
            log_scale = log_scale + np.log(scale)
        scope = (keep,) if keep >= 0 else ()
        return product(factors, scope, self.cards), log_scale

    def _plan(self, keep: int, observed: frozenset[int]) -> tuple[tuple[Factor, ...], tuple[int, ...]]:
        key = (keep, observed)
        if key not in self.orders:
            relevant = prune(self.factors, observed | {keep})
            self.orders[key] = relevant, elimination_order(relevant, keep, self.cards)
        return self.orders[key]


def prune(factors: Sequence[Factor], wanted: frozenset[int]) -> tuple[Factor, ...]:
    """Drop, again and again, the table of a variable that is not wanted and has no child: it sums to 1."""
    kept = list(factors)
    while True:
        barren = [
            factor
            for factor in kept
            if factor.child >= 0
            and factor.child not in wanted
            and not any(factor.child in other.scope for other in kept if other is not factor)
        ]
        if not barren:
            return tuple(kept)
        kept = [factor for factor in kept if factor not in barren]


def elimination_order(factors: Sequence[Factor], keep: int, cards: Mapping[int, int]) -> tuple[int, ...]:
    """Variables to sum out, each time the one that makes the smallest factor."""
    scopes = [set(factor.scope) for factor in factors]
    todo = set().union(*scopes) - {keep} if scopes else set()
    order = []
    while todo:
        merged = {v: set().union(*(s for s in scopes if v in s)) - {v} for v in todo}
        best = min(sorted(todo), key=lambda v: int(np.prod([cards[u] for u in merged[v]] or [1])))
        scopes = [s for s in scopes if best not in s] + [merged[best]]
        order.append(best)
        todo.remove(best)
    return tuple(order)


def product(factors: Sequence[Factor], scope: tuple[int, ...], cards: Mapping[int, int]) -> FloatArray:
    """Product of factors, shape (n_draws or 1, n_rows or 1, n_hub or 1, *cards of `scope`)."""
    aligned = [_aligned(factor, scope) for factor in factors]
    if not aligned:
        return np.ones((1, 1, 1, *(cards[v] for v in scope)))
    values = reduce(np.multiply, aligned)
    return np.broadcast_to(values, (*values.shape[:3], *(cards[v] for v in scope)))


def _sum_out(factors: Sequence[Factor], variable: int, cards: Mapping[int, int]) -> Factor:
    """Product of the factors, summed over one variable, which is put last for the purpose."""
    scope = tuple(sorted({v for factor in factors for v in factor.scope} - {variable}))
    return Factor(scope, product(factors, (*scope, variable), cards).sum(axis=-1))


def _scaled(factor: Factor) -> tuple[Factor, FloatArray]:
    """A factor divided by its largest number for each draw, row and hub state, and that number; 1 instead of 0."""
    axes = tuple(range(3, factor.values.ndim))
    top = factor.values.max(axis=axes, keepdims=True)
    top[top == 0] = 1.0
    return Factor(factor.scope, factor.values / top, factor.child), top.reshape(top.shape[:3])


def _aligned(factor: Factor, scope: tuple[int, ...]) -> FloatArray:
    """View of a factor with its variables in the order of `scope`, and length-1 axes for the others."""
    present = [v for v in scope if v in factor.scope]
    values = factor.values.transpose(0, 1, 2, *(3 + factor.scope.index(v) for v in present))
    shape = iter(values.shape[3:])
    return values.reshape(*values.shape[:3], *(next(shape) if v in factor.scope else 1 for v in scope))
