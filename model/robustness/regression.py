r"""
What remains uncertain once one number is known, estimated by regression over the draws.

For each number the outcome is regressed on the powers 0 to `DEGREE` of its normal score (the normal quantile of its
rank), so that every number has the same orthonormal basis, in another order of the draws, and one matrix product
serves thousands of numbers. Conditional means do not change if a number is transformed monotonically.

Approximation: a cubic in the normal score stands for the conditional mean. What chance alone reaches is measured on
shuffled draws with the same basis.

Knows: arrays. Must not know: numbers' names, networks.

References
----------
Strong M, Oakley JE, Brennan A. Estimating multiparameter partial expected value of perfect information from a
probabilistic sensitivity analysis sample: a nonparametric regression approach. Med Decis Making 2014;34(3):311-326.
doi:10.1177/0272989X13505910
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from model.inference.graph import FloatArray
from model.inference.measure import entropy
from model.inference.numeric import over_last
from model.progress import Progress, silent
from model.record import Record

DEGREE = 3
MIN_DRAWS = 30
"""Fewer draws than this cannot carry a regression on three powers."""

FIXED = 1e-9
"""A log-odds whose standard deviation over the draws is below this does not vary; the rest is rounding."""

N_SHUFFLES = 400
PIECE = 32
"""Numbers regressed at a time: 500 draws, 19 diagnoses and 32 numbers are 2.5 MB, which a cache holds."""


@dataclass(frozen=True, slots=True, eq=False)
class Basis(Record):
    """
    Orthonormal polynomials of normal scores, for draws in rising order of a number.

    Attributes
    ----------
    columns : ndarray of shape (n_draws, DEGREE + 1)
    """

    columns: FloatArray

    def fitted(
        self, outcome: FloatArray, order: np.ndarray[tuple[int, ...], np.dtype[np.intp]]
    ) -> FloatArray:
        """
        Conditional means, in the order of the number.

        Parameters
        ----------
        outcome : ndarray of shape (n_draws, n_outcomes)
        order : ndarray of int, shape (n_numbers, n_draws)
            Draws in rising order of each number.

        Returns
        -------
        ndarray of shape (n_numbers, n_draws, n_outcomes)
        """
        coefficients = np.matmul(self.columns.T, outcome[order])
        # The draws stand together in memory: what follows adds up over outcomes, which are few, a block of draws at a time.
        result: FloatArray = np.matmul(coefficients.swapaxes(1, 2), self.columns.T)
        return result.swapaxes(1, 2)


def basis_of(n_draws: int) -> Basis:
    """
    The basis for a number of draws.

    Examples
    --------
    >>> columns = basis_of(100).columns
    >>> columns.shape, bool(np.allclose(columns.T @ columns, np.eye(4)))
    ((100, 4), True)
    """
    from scipy.special import ndtri

    scores = ndtri((np.arange(n_draws) + 0.5) / n_draws)
    columns: FloatArray = np.linalg.qr(scores[:, None] ** np.arange(DEGREE + 1))[0]
    return Basis(columns)


def orders(
    draws: FloatArray, progress: Progress = silent
) -> Iterator[np.ndarray[tuple[int, ...], np.dtype[np.intp]]]:
    """Draws in rising order of each number, some numbers at a time: arrays of shape (n_numbers, n_draws)."""
    for start in progress(range(0, draws.shape[1], PIECE)):
        yield np.argsort(draws[:, start : start + PIECE].T, axis=1, kind="stable")


def shuffles(n_draws: int, seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Orders of numbers that have nothing to do with any outcome: shape (N_SHUFFLES, n_draws)."""
    rng = np.random.default_rng(seed)
    return rng.permuted(np.tile(np.arange(n_draws), (N_SHUFFLES, 1)), axis=1)


def variance_share(fitted: FloatArray, outcome: FloatArray) -> FloatArray:
    r"""
    First-order share of variance, :math:`\mathrm{Var}(E[y \mid \theta]) / \mathrm{Var}(y)`, corrected for overfitting.

    Parameters
    ----------
    fitted : ndarray of shape (n_numbers, n_draws)
    outcome : ndarray of shape (n_draws,)

    Returns
    -------
    ndarray of shape (n_numbers,)
        Adjusted R squared, 0 where that is negative or the outcome does not vary.
    """
    n, total = len(outcome), float(outcome.var())
    if total == 0:
        return np.zeros(len(fitted))
    r2 = fitted.var(axis=1) / total
    adjusted: FloatArray = np.clip(1 - (1 - r2) * (n - 1) / (n - 1 - DEGREE), 0.0, 1.0)
    return adjusted


def share_error(share: FloatArray, n_draws: int) -> FloatArray:
    """
    Standard error of R squared with `DEGREE` regressors.

    References
    ----------
    Cohen J, Cohen P, West SG, Aiken LS. Applied multiple regression/correlation analysis for the behavioral sciences.
    3rd ed. Erlbaum; 2003, section 3.6. doi:10.4324/9780203774441
    """
    k, n = DEGREE, n_draws
    variance = 4 * share * (1 - share) ** 2 * (n - k - 1) ** 2 / ((n**2 - 1) * (n + 3))
    error: FloatArray = np.sqrt(variance)
    return error


def gain(fitted: FloatArray) -> FloatArray:
    """
    Expected gain of the best action once the number is known (EVPPI).

    Parameters
    ----------
    fitted : ndarray of shape (n_numbers, n_draws, n_actions)
        Conditional mean utility of each action.

    Returns
    -------
    ndarray of shape (n_numbers,)
        Never negative.
    """
    known = over_last(np.maximum, fitted).mean(axis=1)
    now = fitted.mean(axis=1).max(axis=1)
    result: FloatArray = np.maximum(known - now, 0.0)
    return result


def bits(fitted: FloatArray) -> FloatArray:
    """
    Expected fall of the entropy of the diagnosis, in bits, once the number is known.

    Parameters
    ----------
    fitted : ndarray of shape (n_numbers, n_draws, n_classes)
        Conditional mean probabilities; sums to 1 over the last axis, and may be slightly negative as fits are.

    Returns
    -------
    ndarray of shape (n_numbers,)
        Never negative.
    """
    p = np.maximum(fitted, 0.0)
    p /= over_last(np.add, p, keepdims=True)
    result: FloatArray = np.maximum(entropy(p.mean(axis=1)) - entropy(p).mean(axis=1), 0.0)
    return result


def surrogate(inputs: FloatArray, outcome: FloatArray) -> tuple[FloatArray, float]:
    r"""
    Ridge regression of an outcome on all numbers together: how it shares out the variance, and how well it predicts.

    The share of a number is :math:`\mathrm{Cov}(\beta_i x_i, \hat y) / \mathrm{Var}(y)`; numbers that vary together
    share what they explain, and a share may be negative. The penalty is the one that predicts draws best that were
    left out.

    Parameters
    ----------
    inputs : ndarray of shape (n_draws, n_numbers)
    outcome : ndarray of shape (n_draws,)

    Returns
    -------
    shares : ndarray of shape (n_numbers,)
        They add up to the share of the variance that the regression explains.
    predicted : float
        1 - mean squared error on draws left out / variance; below 0 the surrogate is worse than the mean.

    References
    ----------
    Li G, Rabitz H, Yelvington PE, et al. Global sensitivity analysis for systems with independent and/or correlated
    inputs. J Phys Chem A 2010;114(19):6022-6032. doi:10.1021/jp9096919
    """
    centred = outcome - outcome.mean()
    spread = inputs.std(axis=0)
    x = np.divide(inputs - inputs.mean(axis=0), spread, out=np.zeros_like(inputs), where=spread > FIXED)
    total = float(centred @ centred)
    if total == 0 or not inputs.shape[1]:
        return np.zeros(inputs.shape[1]), 0.0
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    projected = u.T @ centred
    best, kept = -np.inf, np.zeros_like(s)
    for penalty in len(x) * np.logspace(-4, 2, 25):
        shrink = s**2 / (s**2 + penalty)
        residual = (centred - u @ (shrink * projected)) / (1 - 1 / len(x) - (u**2 @ shrink))
        predicted = 1 - float(residual @ residual) / total
        if predicted > best:
            best, kept = predicted, shrink
    coefficients = vt.T @ (np.divide(kept, s, out=np.zeros_like(s), where=s > 0) * projected)
    shares: FloatArray = (x * coefficients).T @ (u @ (kept * projected)) / total
    return shares, best


__all__ = [
    "FIXED",
    "MIN_DRAWS",
    "Basis",
    "basis_of",
    "bits",
    "gain",
    "orders",
    "share_error",
    "shuffles",
    "surrogate",
    "variance_share",
]
