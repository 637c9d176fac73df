"""
What findings tell about a target: entropy, mutual information, and gain in utility.

Knows: arrays, targets. Must not know: networks, findings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.next_step.target import Target

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model.inference.graph import FloatArray


def values_of(aim: Target, cells: FloatArray, starts: NDArray[np.intp], hub: FloatArray) -> FloatArray:
    """
    What each finding gives about the target, in each draw.

    Parameters
    ----------
    aim
    cells : ndarray of shape (n_draws, n_hub, n_columns)
        P(hub state, state of a finding); the columns of a finding stand together and sum to `hub`.
    starts : ndarray of int, shape (n_findings,)
        First column of each finding.
    hub : ndarray of shape (n_draws, n_hub)

    Returns
    -------
    ndarray of shape (n_draws, n_findings)
    """
    if aim.is_decision:
        # A gain in utility grows with its pattern's weight: joint cells give it weighed already.
        gains = np.array([aim.gains(after.T, before) for after, before in zip(cells, hub, strict=True)])
        return np.asarray(np.add.reduceat(gains, starts, axis=1))
    return bits_of_groups((aim.values.T @ cells) / (hub @ aim.applies)[:, None, None], starts)


def entropy(probabilities: FloatArray) -> float:
    """
    Entropy in bits of an ndarray of any shape that sums to 1; a cell of 0 adds nothing.

    Examples
    --------
    >>> entropy(np.array([0.5, 0.25, 0.25, 0.0]))
    1.5
    """
    p = probabilities[probabilities > 0]
    return float(max(0.0, -(p * np.log2(p)).sum()))


def mutual_information(cells: FloatArray) -> float:
    """
    Mutual information in bits of the two axes of an ndarray of shape (n_target, n_states) that sums to 1.

    Examples
    --------
    >>> mutual_information(np.array([[0.5, 0.0], [0.0, 0.5]]))
    1.0
    >>> mutual_information(np.array([[0.25, 0.25], [0.25, 0.25]]))
    0.0
    """
    return float(bits_of_groups(cells, np.array([0]))[0])


def bits_of_groups(cells: FloatArray, starts: NDArray[np.intp]) -> FloatArray:
    """
    `mutual_information` of the last axis but one with each group of successive columns.

    Parameters
    ----------
    cells : ndarray of shape (..., n_target, n_columns)
        Each group sums to 1.
    starts : ndarray of int, shape (n_groups,)
        First column of each group.

    Returns
    -------
    ndarray of shape (..., n_groups)
    """
    sizes = np.diff(starts, append=cells.shape[-1])
    by_target = np.repeat(_log2(np.add.reduceat(cells, starts, axis=-1)), sizes, axis=-1)
    gains = cells * (_log2(cells) - by_target - _log2(cells.sum(axis=-2))[..., None, :])
    bits: FloatArray = np.maximum(0.0, np.add.reduceat(gains.sum(axis=-2), starts, axis=-1))
    return bits


def _log2(values: FloatArray) -> FloatArray:
    """Binary logarithm, and 0 for 0: a cell of 0 adds nothing."""
    return np.asarray(np.log2(values, where=values > 0, out=np.zeros_like(values)))


__all__ = ["bits_of_groups", "entropy", "mutual_information", "values_of"]
