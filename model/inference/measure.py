r"""
Entropy and mutual information in bits, of many variables at once.

With T a target and F a finding, :math:`I(T; F) = H(T) + H(F) - H(T, F)`, where a cell of probability 0 adds
nothing to an entropy.

Knows: numpy. Must not know: where the probabilities come from.

References
----------
Cover TM, Thomas JA. Elements of Information Theory. 2nd ed. Wiley; 2006. doi:10.1002/047174882X
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.inference.graph import FloatArray
from model.inference.numeric import TINY


def entropy(probabilities: FloatArray) -> FloatArray:
    """
    Entropy in bits over the last axis.

    Parameters
    ----------
    probabilities : ndarray of shape (..., n_states)
        Sums to 1 over the last axis.

    Returns
    -------
    ndarray of shape (...)

    Examples
    --------
    >>> entropy(np.array([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0]]))
    array([1.5, 0. ])
    """
    total: FloatArray = _surprise(probabilities).sum(axis=-1)
    return total


def mutual_information(joint: FloatArray) -> FloatArray:
    """
    Mutual information in bits of the last two axes.

    Parameters
    ----------
    joint : ndarray of shape (..., n_target, n_states)
        Sums to 1 over the last two axes.

    Returns
    -------
    ndarray of shape (...)
        Never negative.

    Examples
    --------
    >>> mutual_information(np.array([[[0.5, 0.0], [0.0, 0.5]], [[0.25, 0.25], [0.25, 0.25]]]))
    array([1., 0.])
    """
    return mutual_information_all([joint])[..., 0]


def mutual_information_all(joints: Sequence[FloatArray], target: FloatArray | None = None) -> FloatArray:
    """
    Mutual information in bits between one target and each of several findings.

    The findings lie side by side in one array, so that a hundred cost little more than one.

    Parameters
    ----------
    joints : sequence of ndarray of shape (..., n_target, n_states)
        Target and one finding each; all shapes are equal but for the number of states. Each sums to 1 over
        its last two axes.
    target : ndarray of shape (n_groups, n_target), optional
        1 where a state of the target belongs to a group: the information is then about the groups.

    Returns
    -------
    ndarray of shape (..., n_findings)
        Never negative.

    Raises
    ------
    ValueError
        If there is no joint.

    Examples
    --------
    A coin, seen by one who sees it, one who guesses, and one who sees it three times out of four
    (1 + 0.75 log2 0.75 + 0.25 log2 0.25):

    >>> coin = np.array([0.5, 0.5])[:, None]
    >>> given_coin = [[1.0, 0.0], [0.0, 1.0]], [[1.0], [1.0]], [[0.75, 0.25], [0.25, 0.75]]
    >>> mutual_information_all([coin * np.array(p) for p in given_coin]).round(4)
    array([1.    , 0.    , 0.1887])
    """
    if not joints:
        raise ValueError("mutual information: no joint distribution given; one or more are needed")
    cards = np.array([joint.shape[-1] for joint in joints])
    starts = np.cumsum(cards) - cards
    cells = np.concatenate(joints, axis=-1)
    if target is not None:
        cells = target @ cells
    of_target = entropy(np.moveaxis(np.add.reduceat(cells, starts, axis=-1), -1, -2))
    of_finding = _surprise(cells.sum(axis=-2))
    bits = of_target + np.add.reduceat(of_finding - _surprise(cells).sum(axis=-2), starts, axis=-1)
    return np.maximum(bits, 0.0)


def _surprise(p: FloatArray) -> FloatArray:
    """Each cell's share of the entropy, ``-p log2 p``; 0 for a cell of 0."""
    shares: FloatArray = np.maximum(
        p, TINY
    )  # quicker than to leave cells of 0 out: they are multiplied by 0 in any case
    np.log2(shares, out=shares)
    shares *= p
    return np.negative(shares, out=shares)
