r"""
Mechanisms: latent causes inside one disease that stop correlated findings from being counted several times.

A finding f (the event that one of its named states is true) hangs on a binary mechanism m. Given the diagnosis, the two
have a Plackett association: their margins stay :math:`p = P(f \mid d)`, exactly as elicited, and
:math:`\pi = P(m \mid d)`, and the odds ratio between them is :math:`\psi`. With :math:`\psi = 1` the mechanism does nothing.

Knows: arrays of probabilities. Must not know: which finding hangs where, evidence.

References
----------
Plackett RL. A class of bivariate distributions. J Am Stat Assoc 1965;60:516-522. doi:10.1080/01621459.1965.10480807
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.inference.numeric import over_last

FloatArray = NDArray[np.float64]

CLIP = (0.02, 0.98)
"""A20: a mechanism is never rarer or commoner than this in any disease; outside, it could not move its findings."""


def prevalence(event_probabilities: FloatArray) -> FloatArray:
    """
    P(mechanism | diagnosis): the mean log-odds of its findings, as a probability.

    A20: a disease that often shows the findings often has the mechanism; no document gives the number itself.

    Parameters
    ----------
    event_probabilities : ndarray of shape (n_findings, ...)
        P(finding | diagnosis) of the findings that hang on the mechanism.

    Returns
    -------
    ndarray of shape (...)

    Examples
    --------
    >>> float(prevalence(np.array([0.2, 0.8])))
    0.5
    """
    log_odds = np.log(event_probabilities) - np.log1p(-event_probabilities)
    p: FloatArray = np.clip(1 / (1 + np.exp(-log_odds.mean(axis=0))), *CLIP)
    return p


def conditionals(
    p: FloatArray, prevalence: FloatArray, odds_ratio: FloatArray
) -> tuple[FloatArray, FloatArray]:
    r"""
    P(finding | no mechanism) and P(finding | mechanism) that keep the margin and have the odds ratio.

    With :math:`s = 1 + (p + \pi)(\psi - 1)` the joint probability is
    :math:`2 \psi p \pi / (s + \sqrt{s^2 - 4 \psi (\psi - 1) p \pi})`, a form that stays accurate at :math:`\psi = 1`.

    Parameters
    ----------
    p : ndarray
        P(finding | diagnosis), strictly between 0 and 1.
    prevalence : ndarray
        P(mechanism | diagnosis), strictly between 0 and 1.
    odds_ratio : ndarray
        Positive; all three broadcast.

    Returns
    -------
    tuple of two ndarrays of the broadcast shape

    Examples
    --------
    >>> off, on = conditionals(np.array(0.3), np.array(0.4), np.array(5.0))
    >>> round(float(0.6 * off + 0.4 * on), 12), round(float(on / (1 - on) / (off / (1 - off))), 9)
    (0.3, 5.0)
    """
    s = 1 + (p + prevalence) * (odds_ratio - 1)
    root = np.sqrt(s**2 - 4 * odds_ratio * (odds_ratio - 1) * p * prevalence)
    both = 2 * odds_ratio * p * prevalence / (s + root)
    return (p - both) / (1 - prevalence), both / prevalence


def split(
    table: FloatArray, event: NDArray[np.bool_], prevalence: FloatArray, odds_ratio: FloatArray
) -> FloatArray:
    """
    Table of a finding with its mechanism as a further parent.

    Parameters
    ----------
    table : ndarray of shape (n_draws, n_diagnoses, ..., n_states)
        P(state | diagnosis, other parents).
    event : ndarray of bool, shape (n_states,)
        States that the mechanism brings about; how they share their probability among each other stays.
    prevalence : ndarray of shape (n_draws, n_diagnoses)
    odds_ratio : ndarray of shape (n_draws,)

    Returns
    -------
    ndarray of shape (n_draws, n_diagnoses, ..., 2, n_states)
        The new axis is the mechanism, absent first. Averaged over the mechanism it gives `table` again.
    """
    extra = table.ndim - 3
    p = over_last(np.add, table[..., event])
    prevalence = prevalence.reshape(*prevalence.shape, *(1,) * extra)
    odds_ratio = odds_ratio.reshape(-1, *(1,) * (extra + 1))
    result = np.empty((*table.shape[:-1], 2, table.shape[-1]))
    for mechanism, given in enumerate(conditionals(p, prevalence, odds_ratio)):
        scales = (1 - given) / (1 - p), given / p
        for state, is_event in enumerate(event):
            np.multiply(table[..., state], scales[int(is_event)], out=result[..., mechanism, state])
    return result
