r"""
Rows of a conditional table moved until their average is what is wanted, each by the same factor of its odds.

A number of the literature, such as P(miliary | lymphoma), is the average of several rows, for a finding also depends
on protocol, course or mechanism. With p the rows and w how often each occurs, the changed rows are

.. math:: p'_{rs} = \frac{p_{rs} e^{\theta_s}}{\sum_{s'} p_{rs'} e^{\theta_{s'}}},
    \qquad \sum_r w_r p'_{rs} = t_s

with one :math:`\theta` for every row: what links and mechanisms add to the log-odds stays what it was, and states that
are not spoken of keep their proportions. The equations are the gradient of a convex function, which Newton's method with
halved steps minimises.

Knows: arrays. Must not know: names, networks.
"""

from __future__ import annotations

import numpy as np

from model.inference.graph import FloatArray

N_STEPS = 200
N_HALVINGS = 40
CLOSE = 1e-13
FARTHEST = 60.0
"""Odds that have to change by more than exp(60) are kept by a structural 0 or 1."""

REACHED = 1e-9
"""A probability that is further off could not be reached: rows are 0 or 1 by structure."""


def reshaped(rows: FloatArray, weights: FloatArray, groups: FloatArray, wanted: FloatArray) -> FloatArray:
    """
    Rows whose weighted mean gives each group of states the probability that is wanted.

    Parameters
    ----------
    rows : ndarray of shape (n_draws, n_rows, n_states)
        Each sums to 1.
    weights : ndarray of shape (n_draws, n_rows)
        Sum to 1 over the rows.
    groups : ndarray of shape (n_groups, n_states)
        1 where a state belongs to a group; no state belongs to two.
    wanted : ndarray of shape (n_draws, n_groups)
        Strictly between 0 and 1; sums to less than 1 over the groups, or to 1 if they hold all states.

    Returns
    -------
    ndarray of the shape of `rows`

    Raises
    ------
    ValueError
        If a row is 0 or 1 by structure where that keeps the mean from being reached.

    Examples
    --------
    Two equally common rows, whose mean 0.3 becomes 0.5, each by the same factor of its odds:

    >>> rows = np.array([[[0.8, 0.2], [0.6, 0.4]]])
    >>> found = reshaped(rows, np.array([[0.5, 0.5]]), np.array([[0.0, 1.0]]), np.array([[0.5]]))
    >>> odds = found[0, :, 1] / found[0, :, 0] / (rows[0, :, 1] / rows[0, :, 0])
    >>> bool(np.isclose(found[0, :, 1].mean(), 0.5)), bool(np.isclose(*odds))
    (True, True)
    """
    if groups.sum(axis=0).all():
        groups, wanted = groups[:-1], wanted[:, :-1]  # the last one follows
    if not len(groups):
        return rows
    theta = np.zeros(wanted.shape)
    for _ in range(N_STEPS):
        found = _moved(rows, groups, theta)
        inside = found @ groups.T
        mean = np.einsum("dr,drg->dg", weights, inside)
        if np.abs(mean - wanted).max() < CLOSE or np.abs(theta).max() > FARTHEST:
            break
        curve = np.einsum("dr,drg,gh->dgh", weights, inside, np.eye(len(groups)))
        curve -= np.einsum("dr,drg,drh->dgh", weights, inside, inside)
        curve += 1e-300 * np.eye(len(groups))
        step = np.linalg.solve(curve, (wanted - mean)[..., None])[..., 0]
        theta = _stepped(rows, weights, groups, wanted, theta, np.clip(step, -8, 8))
    if np.abs(mean - wanted).max() > REACHED:
        raise ValueError("reshaped: the mean cannot be reached")
    return found


def _moved(rows: FloatArray, groups: FloatArray, theta: FloatArray) -> FloatArray:
    found = rows * np.exp(theta @ groups)[:, None]
    found /= found.sum(axis=-1, keepdims=True)
    return found


def _stepped(
    rows: FloatArray,
    weights: FloatArray,
    groups: FloatArray,
    wanted: FloatArray,
    theta: FloatArray,
    step: FloatArray,
) -> FloatArray:
    """The next point of each draw: the full step, halved for as long as the convex function would rise."""

    def height(at: FloatArray) -> FloatArray:
        total = (rows * np.exp(at @ groups)[:, None]).sum(axis=-1)
        result: FloatArray = (weights * np.log(total)).sum(axis=-1) - (wanted * at).sum(axis=-1)
        return result

    now, length = height(theta), np.ones(len(theta))
    for _ in range(N_HALVINGS):
        is_higher = height(theta + length[:, None] * step) > now + 1e-12 * (1 + np.abs(now))
        if not is_higher.any():
            break
        length = np.where(is_higher, length / 2, length)
    result: FloatArray = theta + length[:, None] * step
    return result


__all__ = ["reshaped"]
