"""
Two numbers of the literature at once: the first is changed in the network, along the second the answer is exact.

With everything else fixed, P(diagnosis, findings) is linear in the rows of one table, so that one answer of the engine
serves all values of the second number.

Knows: numbers, the answer of a changed network. Must not know: how results are drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.diagnosis.differential import beliefs_in_pieces
from model.inference.graph import FloatArray
from model.network.change import row_weights
from model.network.network import DIAGNOSIS, Network
from model.network.reshape import reshaped
from model.robustness.family import family_of
from model.robustness.number import Number
from model.robustness.number_list import NumberList
from model.robustness.one_row import by_row
from model.robustness.parameter import table_of

if TYPE_CHECKING:
    from model.patient.evidence import Evidence


def over_two_numbers(
    numbers: NumberList, evidence: Evidence, first: int, second: int, grid: FloatArray
) -> tuple[FloatArray, bool]:
    """
    P(leaf, findings) over a grid of two numbers.

    Parameters
    ----------
    numbers, evidence
    first, second : int
        Places of the numbers.
    grid : ndarray of shape (n,)
        Values of both, strictly between 0 and 1.

    Returns
    -------
    ndarray of shape (n, n, n_leaves)
        Axis 0 is the first number; 0 where two states of one place would add up to 1 or more.
    bool
        Whether they are two states of one place.
    """
    one, two = numbers.numbers.of[first], numbers.numbers.of[second]
    is_place = one.node == two.node and (one.leaf == two.leaf or one.node == DIAGNOSIS)
    found = np.zeros((len(grid), len(grid), len(numbers.network.states[DIAGNOSIS])))
    for i, value in enumerate(grid):
        if is_place:
            inside = grid + value < 1
            wanted = np.stack([np.full(inside.sum(), value), grid[inside]], axis=1)
            if len(wanted):
                found[i, inside] = _along(numbers.network, evidence, two, (one.state, two.state), wanted)
        else:
            changed = numbers.with_value(first, float(value))
            found[i] = _along(changed, evidence, two, (two.state,), grid[:, None])
    return found, is_place


def _along(
    network: Network, evidence: Evidence, number: Number, states: tuple[str, ...], wanted: FloatArray
) -> FloatArray:
    """P(leaf, findings) where states of one place have the probabilities that are wanted: shape (n, n_leaves)."""
    v = network.index(number.node)
    [beliefs] = beliefs_in_pieces(network, evidence)
    to_leaf = network.plan.indicator(network.index(DIAGNOSIS))
    table = table_of(network, number.node)
    joint = by_row(table, family_of(beliefs, v), to_leaf)[0]
    rows, weights, mine = _rows(network, number, table.rows)
    groups = np.array([[float(s == state) for s in network.states[number.node]] for state in states])
    n = len(wanted)
    moved = reshaped(
        np.broadcast_to(rows, (n, *rows.shape)), np.broadcast_to(weights, (n, *weights.shape)), groups, wanted
    )
    factor = np.divide(moved, rows, out=np.ones_like(moved), where=rows > 0) - 1
    change = np.einsum("lrs,nrs->nl", joint[:, mine], factor)
    base = beliefs.hub[0, 0] @ to_leaf
    found: FloatArray = (base + change) * np.exp(beliefs.log_evidence[0, 0])
    return found


def _rows(
    network: Network, number: Number, rows: np.ndarray[tuple[int, ...], np.dtype[np.intp]]
) -> tuple[FloatArray, FloatArray, np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    """The rows that a number is about, how often each occurs, and where they are among the reachable ones."""
    table = network.tables[number.node][0]
    flat = table.reshape(-1, table.shape[-1])
    share = row_weights(network, number.node)[0]
    if number.leaf and number.node != DIAGNOSIS:
        axis = network.parents[number.node].index(DIAGNOSIS)
        leaf = np.eye(share.shape[axis])[network.states[DIAGNOSIS].index(number.leaf)]
        share = np.moveaxis(np.moveaxis(share, axis, -1) * leaf, -1, axis)
    weights = share.reshape(-1)[rows]
    mine = weights > 0
    return flat[rows[mine]], weights[mine] / weights[mine].sum(), mine


__all__ = ["over_two_numbers"]
