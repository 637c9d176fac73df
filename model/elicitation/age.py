"""
Ages: each leaf diagnosis has one or two normal humps, given by the means, ranges and peaks that the facts state.

The network has age in bins; a hump gives a bin the normal probability of its interval, cut off at 0 and 100 years.

Knows: facts about age. Must not know: pymc, other findings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from priors.schema import Fact, KnowledgeBase

AGE: Final = "age_years"
OLDEST: Final = 100.0
"""Upper end of the age distribution, in years."""

UNIFORM_SHARE: Final = 0.05
"""A9: this share of every disease is spread evenly over all ages, for published patients defy printed ranges."""

Z_TYPICAL: Final = 1.2815515655446004
"""A10: a typical range is read as the central 80 % of patients."""

Z_OBSERVED: Final = 2.0537489106318225
"""A10: an observed range (youngest to oldest of a series) is read as the central 96 %."""

MEAN_PRIOR: Final = (42.0, 15.0)
LOG_SD_PRIOR: Final = (float(np.log(16.0)), 0.25)
"""A11: a hump without facts lies at 42 years with a standard deviation of 16; both widely."""


@dataclass(frozen=True, slots=True)
class Hump:
    """One hump of one leaf: what its facts say of mean and spread."""

    leaf: str
    peak: str
    means: tuple[float, ...]
    ranges: tuple[tuple[float, float, float], ...]


def bin_edges(knowledge: KnowledgeBase) -> NDArray[np.float64]:
    """Edges of the age bins in years, first 0, last `OLDEST`; read off the state ids ``age_low_high``."""
    lows = [float(state.split("_")[1]) for state in knowledge.variables[AGE].state_ids]
    return np.array([*lows, OLDEST])


def humps(knowledge: KnowledgeBase) -> tuple[Hump, ...]:
    """
    Humps of every leaf, in leaf order.

    A leaf whose facts name peaks has one hump a peak; facts without a peak then describe the mixture and are not used.
    Facts on a table row hold for each of its leaves that has none of its own.
    """
    found: list[Hump] = []
    for leaf in knowledge.leaves:
        facts = _facts(knowledge, leaf) or _facts(knowledge, knowledge.row(leaf))
        peaks = sorted({fact.state for fact in facts if fact.state}) or [""]
        found.extend(_hump(leaf, peak, [fact for fact in facts if fact.state == peak]) for peak in peaks)
    return tuple(found)


def _facts(knowledge: KnowledgeBase, diagnosis: str) -> list[Fact]:
    kinds = ("age_mean", "age_range")
    return [f for f in knowledge.facts.values() if f.kind in kinds and f.diagnosis == diagnosis]


def _hump(leaf: str, peak: str, facts: list[Fact]) -> Hump:
    return Hump(
        leaf,
        peak,
        tuple(fact.low for fact in facts if fact.kind == "age_mean" and fact.low is not None),
        tuple(
            (fact.low, fact.high, Z_OBSERVED if fact.term == "observed" else Z_TYPICAL)
            for fact in facts
            if fact.kind == "age_range" and fact.low is not None and fact.high is not None
        ),
    )


def age_log_weights(
    knowledge: KnowledgeBase,
    parameters: NDArray[np.floating],
    first_share: NDArray[np.floating] | None = None,
) -> NDArray[np.float64]:
    """
    Log probability of every age bin in every leaf.

    Parameters
    ----------
    knowledge : KnowledgeBase
    parameters : ndarray of shape (n_draws, n_humps, 2)
        Mean in years and natural log of the standard deviation in years.
    first_share : ndarray of shape (n_draws, n_leaves), optional
        Share of the first hump of leaves with two; one half by default.

    Returns
    -------
    ndarray of shape (n_draws, n_leaves, n_bins)
        ``exp`` sums to 1 over the last axis.
    """
    edges, all_humps = bin_edges(knowledge), humps(knowledge)
    mean, sd = parameters[..., 0, None], np.exp(parameters[..., 1, None])
    cumulative = ndtr((edges - mean) / sd)
    inside = np.diff(cumulative, axis=-1) / (cumulative[..., -1:] - cumulative[..., :1])
    p = np.empty((parameters.shape[0], len(knowledge.leaves), len(edges) - 1))
    for i, leaf in enumerate(knowledge.leaves):
        own = [h for h, hump in enumerate(all_humps) if hump.leaf == leaf]
        share = 0.5 if first_share is None else first_share[:, i, None]
        p[:, i] = (
            inside[:, own[0]]
            if len(own) == 1
            else (share * inside[:, own[0]] + (1 - share) * inside[:, own[1]])
        )
    log_p: NDArray[np.float64] = np.log((1 - UNIFORM_SHARE) * p + UNIFORM_SHARE * np.diff(edges) / OLDEST)
    return log_p
