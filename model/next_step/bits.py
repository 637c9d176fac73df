"""
What findings tell about a target: entropy, mutual information, and gain in utility.

Knows: arrays, targets. Must not know: networks, findings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.inference.numeric import TINY
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
    cells : ndarray of shape (n_states, n_draws, n_hub)
        P(state of a finding, hub state); the states of a finding stand together and sum to `hub`.
    starts : ndarray of int, shape (n_findings,)
        First state of each finding.
    hub : ndarray of shape (n_draws, n_hub)

    Returns
    -------
    ndarray of shape (n_findings, n_draws)
    """
    if aim.is_decision:
        # A gain in utility grows with its pattern's weight: joint cells give it weighed already.
        utility, now = cells @ aim.values, (hub @ aim.values).argmax(axis=1)
        gains = utility.max(axis=2) - utility[:, np.arange(len(now)), now]
        return np.asarray(np.add.reduceat(gains, starts, axis=0))
    if (aim.values.sum(axis=0) > 1).any():
        cells, hub = cells @ aim.values, hub @ aim.values
    elif not aim.applies.all():
        cells, hub = cells[..., aim.applies > 0], hub[:, aim.applies > 0]
    # With p = cells / total: sum of p log p, less that of either margin, all three of numbers that are not yet divided.
    total, of_state = hub.sum(axis=1), cells @ np.ones(cells.shape[2])
    gains = _sum_plogp(cells) - _sum_plogp(of_state[..., None])
    bits = np.add.reduceat(gains, starts, axis=0) - _sum_plogp(hub)
    return np.asarray(np.maximum(bits / total + np.log2(total), 0.0))


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


def _sum_plogp(p: FloatArray) -> FloatArray:
    """``p log2 p`` summed over the last axis; a cell of 0 adds nothing."""
    logs = np.maximum(p, TINY)  # quicker than to leave zeros out, which are multiplied by 0 in any case
    return np.asarray(np.einsum("...i,...i", p, np.log2(logs, out=logs)))


__all__ = ["entropy", "values_of"]
