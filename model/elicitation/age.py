"""
Ages: each leaf diagnosis has one or two normal humps, given by the means, spreads, ranges and peaks that the facts state.

The network has age in bins; a hump gives a bin the normal probability of its interval, cut off at 0 and 100 years.

Knows: facts about age. Must not know: pymc, other findings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from model.elicitation.reading import EFFECTIVE_N
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


READ_WITHIN: Final = MappingProxyType({"mean": 3.0, "low": 5.0, "high": 5.0})
"""A16: a mean age of a document is read within 3 years, an end of a range within 5."""

MEDIAN_WITHIN: Final = 2.0
APART_WITHIN: Final = 4.0
"""A30: years by which a median may miss the mean, and by which patients who are set apart (a broader term, the systemic
disease, an uncertain denominator) may be older or younger."""

JUDGED_MEAN_SD: Final = 5.0
JUDGED_LOG_SD: Final = 0.2
JUDGED_SHARE_N: Final = 8.0
"""A28: years within which judgement gives a mean, width of its log standard deviation, and what its shares are worth."""


@dataclass(frozen=True, slots=True)
class Hump:
    """One hump of one leaf: prior of its mean (years) and of the log of its standard deviation, as (centre, width)."""

    leaf: str
    peak: str
    mean: tuple[float, float]
    log_sd: tuple[float, float]


@dataclass(frozen=True, slots=True)
class AgeReading:
    """
    What one fact says of the ages of a leaf, or of one of its humps (`peak`).

    `kind` is ``mean``, ``low`` or ``high`` (a limit, `z` standard deviations from the mean) in years, or ``log_sd``;
    it is read `within` (one standard deviation), and, of a cohort, with the spread between studies as well.
    """

    leaf: str
    peak: str
    kind: str
    value: float
    z: float
    within: float
    is_cohort: bool


def bin_edges(knowledge: KnowledgeBase) -> NDArray[np.float64]:
    """Edges of the age bins in years, first 0, last `OLDEST`; read off the state ids ``age_low_high``."""
    lows = [float(state.split("_")[1]) for state in knowledge.variables[AGE].state_ids]
    return np.array([*lows, OLDEST])


def humps(knowledge: KnowledgeBase) -> tuple[Hump, ...]:
    """
    Humps of every leaf, in leaf order.

    A leaf whose facts name peaks has one hump a peak, another as many as judgement gives it, else one. Facts on a table
    row hold for each of its leaves that has none of its own.
    """
    found: list[Hump] = []
    for leaf in knowledge.leaves:
        peaks = sorted({fact.state for fact in _of_documents(knowledge, leaf) if fact.state})
        judged = sorted(knowledge.judged_ages.get(leaf, ()), key=lambda age: age.mean)
        names = peaks or [f"component_{i + 1}" if len(judged) > 1 else "" for i in range(max(len(judged), 1))]
        fits = len(judged) == len(names)
        for i, name in enumerate(names):
            mean = (judged[i].mean, JUDGED_MEAN_SD) if fits else MEAN_PRIOR
            log_sd = (float(np.log(judged[i].sd)), JUDGED_LOG_SD) if fits else LOG_SD_PRIOR
            found.append(Hump(leaf, name, mean, log_sd))
    return tuple(found)


def first_share_prior(knowledge: KnowledgeBase) -> NDArray[np.float64]:
    """Beta parameters of the share of the first of two humps, shape (n_leaves, 2); Beta(2, 2) where nobody judged it."""
    found = np.full((len(knowledge.leaves), 2), 2.0)
    for i, leaf in enumerate(knowledge.leaves):
        judged = sorted(knowledge.judged_ages.get(leaf, ()), key=lambda age: age.mean)
        if len(judged) == 2:
            found[i] = JUDGED_SHARE_N * judged[0].weight, JUDGED_SHARE_N * judged[1].weight
    return found


def age_readings(knowledge: KnowledgeBase) -> tuple[AgeReading, ...]:
    """Readings of all facts about age: of each leaf those of documents, then its cohorts (not those of children alone)."""
    found: list[AgeReading] = []
    for leaf in knowledge.leaves:
        for fact in (*_of_documents(knowledge, leaf), *_of_cohorts(knowledge, leaf)):
            found.extend(_read(leaf, fact))
    return tuple(found)


def _read(leaf: str, fact: Fact) -> Iterator[AgeReading]:
    cohort = fact.is_cohort
    apart = APART_WITHIN if cohort and (fact.tags or fact.match != "exact") else 0.0
    n = max(fact.n or 0, 2) if cohort else 0
    if fact.kind in ("age_mean", "age_median") and fact.low is not None:
        within = READ_WITHIN["mean"]
        if cohort:
            about = MEDIAN_WITHIN if fact.kind == "age_median" else 0.0
            within = float(
                np.sqrt(np.exp(2 * LOG_SD_PRIOR[0]) / (fact.n or EFFECTIVE_N) + about**2 + apart**2)
            )
        yield AgeReading(leaf, fact.state, "mean", fact.low, 0.0, within, cohort)
    elif fact.kind == "age_sd" and fact.low:
        yield AgeReading(
            leaf,
            fact.state,
            "log_sd",
            float(np.log(fact.low)),
            0.0,
            (2 * (fact.n or EFFECTIVE_N)) ** -0.5,
            cohort,
        )
    elif fact.kind == "age_range":
        z = Z_OBSERVED if fact.term == "observed" else Z_TYPICAL
        if n > 2:
            z = float(ndtri((n - 0.375) / (n + 0.25)))  # expected place of the oldest of n (Blom)
        for kind, value in (("low", fact.low), ("high", fact.high)):
            if value is not None and (cohort or (fact.low is not None and fact.high is not None)):
                within = float(np.hypot(READ_WITHIN[kind], apart))
                yield AgeReading(leaf, fact.state, kind, value, z, within, cohort)


def _of_documents(knowledge: KnowledgeBase, leaf: str) -> list[Fact]:
    found = _facts(knowledge, leaf, cohort=False) or _facts(knowledge, knowledge.row(leaf), cohort=False)
    # Beside peaks, what is said of the whole is a summary of them: read once.
    return [fact for fact in found if fact.state] or found


def _of_cohorts(knowledge: KnowledgeBase, leaf: str) -> list[Fact]:
    return [fact for fact in _facts(knowledge, leaf, cohort=True) if "children" not in fact.tags]


def _facts(knowledge: KnowledgeBase, diagnosis: str, *, cohort: bool) -> list[Fact]:
    kinds = ("age_mean", "age_median", "age_sd", "age_range")
    return [
        f
        for f in knowledge.facts.values()
        if f.kind in kinds and f.diagnosis == diagnosis and f.is_cohort == cohort and not f.given
    ]


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
