"""
The free numbers of the network, as draws: what the elicitation produces and the assembly turns into tables.

Knows: names and shapes. Must not know: where the numbers came from, or what is asked of the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Parameters:
    """
    Draws of every free number of the network.

    Attributes
    ----------
    log_weights : mapping of variable to ndarray of shape (n_draws, n_leaves, n_states)
        Natural log of the unnormalised probability of each state in each leaf diagnosis, before the links act;
        ``softmax`` over the last axis gives P(state | diagnosis) at the base state of every other parent.
        For the age it is the log probability of each bin; for ``ms_course`` and ``ms_variant`` the axis of
        diagnoses has length 1 (multiple sclerosis) and the state ``not_applicable`` is left out.
    shifts : ndarray of shape (n_draws, n_links)
        What each row of ``links.csv`` adds to the log weight of its child state; signs included, 0 for mechanisms.
    roots : mapping of variable to ndarray of shape (n_draws, n_states)
        Log weights of the variables without parents: region, ancestry, protocol.
    odds_ratios : mapping of mechanism to ndarray of shape (n_draws,)
        Odds ratio between a mechanism and each of its findings.
    prior_weights : ndarray of shape (n_draws, n_rows)
        Natural log of the weight in each row of ``prior_settings.csv``.
    digest : str
        Digest of the tables that the numbers were elicited from.
    problems : tuple of str
        Why the draws should not be trusted, one line each; empty for sound ones.
    """

    log_weights: Mapping[str, FloatArray]
    shifts: FloatArray
    roots: Mapping[str, FloatArray]
    odds_ratios: Mapping[str, FloatArray]
    prior_weights: FloatArray
    digest: str
    problems: tuple[str, ...] = ()

    @property
    def n_draws(self) -> int:
        """Number of draws."""
        return int(self.shifts.shape[0])
