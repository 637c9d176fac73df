r"""
Shapley values: what each member of a coalition adds, whatever the order in which they come.

.. math:: \phi_i = \sum_{S \not\ni i} \frac{|S|!\,(n - |S| - 1)!}{n!} \left(v(S \cup \{i\}) - v(S)\right)

They are the only values that add up to the whole (efficiency), treat members alike that do the same
(symmetry), give nothing to a member that never does anything (null player) and add up over games. Knows:
arrays. Must not know: findings, networks.

References
----------
Shapley LS. A value for n-person games. In: Contributions to the theory of games II. Princeton; 1953, 307-317.
doi:10.1515/9781400881970-018
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]


def shapley_values(values: FloatArray) -> FloatArray:
    """
    Exact Shapley values of a game.

    Parameters
    ----------
    values : ndarray of shape (2^n,)
        Worth of every coalition; bit i of its position says whether member i belongs to it.

    Returns
    -------
    ndarray of shape (n,)
        Adds up to ``values[-1] - values[0]``.

    Examples
    --------
    Two members are worth 1 and 2 alone and 5 together; each adds 2 beside the other:

    >>> shapley_values(np.array([0.0, 1.0, 2.0, 5.0])).tolist()
    [2.0, 3.0]
    """
    n = len(values).bit_length() - 1
    sizes = np.bitwise_count(np.arange(2 ** max(n - 1, 0)))
    weights = np.array([1 / (n * math.comb(n - 1, size)) for size in range(n)])
    result = np.empty(n)
    for i in range(n):
        pairs = values.reshape(-1, 2, 2**i)
        result[i] = weights[sizes] @ (pairs[:, 1] - pairs[:, 0]).ravel()
    return result


def random_orders(n: int, n_orders: int, rng: np.random.Generator) -> IntArray:
    """
    Orders in which n members may come, each followed by its reverse.

    Returns
    -------
    ndarray of int, shape (n_orders, n)
        `n_orders` is rounded up to an even number.

    References
    ----------
    Mitchell R, Cooper J, Frank E, Holmes G. Sampling permutations for Shapley value estimation. J Mach Learn
    Res 2022;23(43):1-46. arXiv:2104.12199 (antithetic sampling).
    """
    half = np.array([rng.permutation(n) for _ in range(-(-n_orders // 2))], dtype=np.intp)
    return np.stack([half, half[:, ::-1]], axis=1).reshape(-1, n)


def prefixes(orders: IntArray) -> NDArray[np.bool_]:
    """
    The coalitions that grow along each order, from nobody to everybody.

    Returns
    -------
    ndarray of bool, shape (n_orders, n + 1, n)

    Examples
    --------
    >>> prefixes(np.array([[1, 0]])).astype(int).tolist()
    [[[0, 0], [0, 1], [1, 1]]]
    """
    place = orders.argsort(axis=1)
    result: NDArray[np.bool_] = place[:, None, :] < np.arange(orders.shape[1] + 1)[:, None]
    return result


def sampled_shapley_values(orders: IntArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """
    Shapley values from some of the orders, and their standard errors.

    Approximation: the mean over orders replaces that over all n! of them. Efficiency and null player hold
    exactly, because they hold along each order.

    Parameters
    ----------
    orders : ndarray of int, shape (n_orders, n)
        From `random_orders`.
    values : ndarray of shape (n_orders, n + 1)
        Worth of the coalitions of `prefixes`.

    Returns
    -------
    values, errors : ndarray of shape (n,)
        The standard error comes from the spread of the pairs of an order and its reverse.

    References
    ----------
    Castro J, Gomez D, Tejada J. Polynomial calculation of the Shapley value based on sampling. Comput Oper Res
    2009;36:1726-1730. doi:10.1016/j.cor.2008.04.004

    Examples
    --------
    >>> orders = np.array([[0, 1], [1, 0], [0, 1], [1, 0]])
    >>> worth = np.array([[0, 1, 5], [0, 2, 5], [0, 1, 5], [0, 2, 5]], dtype=float)
    >>> [part.tolist() for part in sampled_shapley_values(orders, worth)]
    [[2.0, 3.0], [0.0, 0.0]]
    """
    added = np.empty(orders.shape)
    np.put_along_axis(added, orders, np.diff(values, axis=1), axis=1)
    pairs = added.reshape(-1, 2, orders.shape[1]).mean(axis=1)
    return pairs.mean(axis=0), pairs.std(axis=0, ddof=1) / math.sqrt(len(pairs))


__all__ = ["prefixes", "random_orders", "sampled_shapley_values", "shapley_values"]
