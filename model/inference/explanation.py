r"""
The most probable explanation: the one joint state of all variables that is most probable given the evidence.

.. math:: x^* = \arg\max_x P(x) \prod_v \lambda_v(x_v)

Max-product variable elimination on one draw: variables are maximised out one after the other, the cheapest first, and
read back in reverse. Exact for every discrete DAG.

Knows: a graph, likelihood vectors. Must not know: labels, the hub, averages over draws.

References
----------
Dechter R. Bucket elimination: a unifying framework for reasoning. Artif Intell 1999;113:41-85.
doi:10.1016/S0004-3702(99)00059-4
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from model.inference.errors import ImpossibleEvidenceError
from model.inference.graph import FloatArray, Graph
from model.inference.numeric import log

Cells = tuple[tuple[int, ...], FloatArray]
"""Variables and the log of a non-negative function of them, one axis a variable."""


def most_probable_explanation(
    graph: Graph, likelihoods: Mapping[int, FloatArray]
) -> tuple[tuple[int, ...], float]:
    """
    States of all variables, and the natural log of their joint probability with the evidence.

    Parameters
    ----------
    graph : Graph
        With one draw.
    likelihoods : mapping of variable to ndarray of shape (card,)
        P(what was seen | state) of one patient; variables left out were not looked at.

    Raises
    ------
    ValueError
        If the graph has several draws.
    ImpossibleEvidenceError
        If the evidence has probability 0.

    Examples
    --------
    A disease of 1 %, a test with sensitivity 0.8 and false-positive rate 0.1: a positive test is best explained by health.

    >>> graph = Graph((2, 2), ((), (0,)), (np.array([[0.99, 0.01]]), np.array([[[0.9, 0.1], [0.2, 0.8]]])))
    >>> states, log_p = most_probable_explanation(graph, {1: np.array([0.0, 1.0])})
    >>> states, round(float(np.exp(log_p)), 3)
    ((0, 1), 0.099)
    """
    if graph.n_draws != 1:
        raise ValueError(
            f"most probable explanation: {graph.n_draws} draws; one is needed; take the mean or one draw"
        )
    cells: list[Cells] = [((*graph.parents[v], v), log(table[0])) for v, table in enumerate(graph.tables)]
    cells += [((v,), log(np.asarray(vector, dtype=float))) for v, vector in likelihoods.items()]
    buckets = []
    for variable in _order([set(scope) for scope, _ in cells], graph.cards):
        bucket = _together([c for c in cells if variable in c[0]], variable)
        cells = [c for c in cells if variable not in c[0]]
        cells.append((bucket[0][:-1], bucket[1].max(axis=-1)))
        buckets.append((variable, bucket))
    best = float(sum(float(values) for _, values in cells))
    if not np.isfinite(best):
        raise ImpossibleEvidenceError((0,))
    states: dict[int, int] = {}
    for variable, (scope, values) in reversed(buckets):
        states[variable] = int(values[tuple(states[v] for v in scope[:-1])].argmax())
    return tuple(states[v] for v in range(len(graph.cards))), best


def _order(scopes: list[set[int]], cards: Sequence[int]) -> list[int]:
    """All variables, each time the one whose bucket is smallest."""
    order, left = [], set(range(len(cards)))
    while left:
        merged = {v: set().union(*(s for s in scopes if v in s)) for v in left}
        best = min(sorted(left), key=lambda v: np.prod([float(cards[u]) for u in merged[v]]))
        scopes = [s for s in scopes if best not in s] + [merged[best] - {best}]
        order.append(best)
        left.remove(best)
    return order


def _together(cells: Sequence[Cells], last: int) -> Cells:
    """Sum of logs over the union of the scopes, one variable put last."""
    scope = (*sorted({v for variables, _ in cells for v in variables} - {last}), last)
    total = np.zeros((1,) * len(scope))
    for variables, values in cells:
        present = [v for v in scope if v in variables]
        turned = values.transpose([variables.index(v) for v in present])
        shape = iter(turned.shape)
        total = total + turned.reshape([next(shape) if v in variables else 1 for v in scope])
    return scope, total
