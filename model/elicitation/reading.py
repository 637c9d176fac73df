r"""
How each kind of fact reads the frequency of a state: as a point on the log-odds scale with a width, or as a count.

A word, a listing, a denial or a percentage without a denominator becomes :math:`\mathrm{logit}\,\theta` read with
error; a count is binomial; a table symbol is an ordered category (see :mod:`model.elicitation.model`).

Knows: facts and scales. Must not know: pymc, cells, the network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, cast

import numpy as np

from model.errors import UnknownNameError, unknown_name
from model.network.mapping import DEFAULT_MAPPING, mappings, reads_symbols_as_words, words_of
from priors.frozen import Frozen
from priors.schema import Fact, FactKind, KnowledgeBase, Scale

Z95: Final = 1.6448536269514722
"""95 % point of the standard normal distribution: the limits of `scales.csv` are 5 % and 95 % points."""

EFFECTIVE_N: Final = 50.0
"""A5: a percentage printed without its denominator counts like one seen in 50 patients."""

RANGE_SD: Final = 0.25
"""A6: beyond its printed width, a range between publications carries this much more, in log-odds."""

SYMBOL_WORDS: Final = Frozen(
    {
        "+": ("listed", "section"),
        "+/-": ("word", "occasional"),
        "rare": ("word", "rare"),
        "-": ("negative", "not_reported"),
    }
)
"""A27: the words that stand for a table symbol where symbols are read as words instead of as steps of a scale."""

BOUND_SLOPE: Final = 1.5
"""A6a: steepness, per unit of log-odds, of a one-sided reading."""

NO_FREQUENCY: Final = frozenset({"odds_ratio", "root"})
"""Scales that hold something else than the frequency of a finding in a disease."""

READING_DF: Final = 4.0
"""A4: degrees of freedom of a reading; heavy tails let contradicting facts widen a cell instead of averaging it."""

SYMBOL_SLOPE: Final = 2.5
"""A12: steepness of the ordered logistic emission: a symbol separates frequencies about 1.5 log-odds apart."""

ORDER_WIDTH: Final = 0.3
"""A15: softness of an ordering, in log-odds."""

READ_BY_SCALE: Final = frozenset({"word", "listed", "negative", "specific"})
"""Kinds of fact whose term is looked up in the scale of the same name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One fact read as log-odds of a frequency: centre and standard deviation."""

    mean: float
    sd: float


def logit(p: float) -> float:
    """
    Log-odds of a probability.

    Examples
    --------
    >>> round(logit(0.75), 4)
    1.0986
    """
    return float(np.log(p) - np.log1p(-p))


def scale_reading(scale: Scale) -> Reading:
    """
    Log-odds normal through the median of a scale entry, as wide as its 5 % and 95 % points are apart.

    Examples
    --------
    >>> scale_reading(Scale("word", "even", "literature", 0.2, 0.5, 0.8, "example"))
    Reading(mean=0.0, sd=0.8428...)
    """
    return Reading(logit(scale.median), (logit(scale.high) - logit(scale.low)) / (2 * Z95))


def check_mapping(knowledge: KnowledgeBase, mapping: str) -> None:
    """
    Refuse a reading of words that no scale has, and one of symbols that there is not.

    Raises
    ------
    UnknownNameError
        With the mappings that exist.
    """
    allowed = mappings(knowledge)
    if mapping not in allowed:
        raise UnknownNameError(unknown_name("scales.csv", "mapping", mapping, allowed))


def reread(knowledge: KnowledgeBase, mapping: str) -> KnowledgeBase:
    """
    The knowledge base with its symbols turned into words, if the mapping reads them so; else as it is.

    Every symbol becomes a fact of the kind and term that `SYMBOL_WORDS` gives it; the digest stays that of the tables.
    """
    if not reads_symbols_as_words(mapping):
        return knowledge
    facts = {name: _as_word(fact) for name, fact in knowledge.facts.items()}
    return replace(knowledge, facts=Frozen(facts))


def _as_word(fact: Fact) -> Fact:
    if fact.kind != "symbol":
        return fact
    kind, term = SYMBOL_WORDS[fact.term]
    return replace(fact, kind=cast("FactKind", kind), term=term)


def scale_table(
    knowledge: KnowledgeBase, mapping: str = DEFAULT_MAPPING
) -> Mapping[tuple[str, str], Reading]:
    """
    Reading of every term of every scale; a term that the mapping lacks falls back on the default mapping.

    Raises
    ------
    UnknownNameError
        If no scale has the mapping.
    """
    check_mapping(knowledge, mapping)
    words = words_of(mapping)
    ordered = sorted(knowledge.scales, key=lambda scale: scale.mapping == words)
    wanted = (scale for scale in ordered if scale.mapping in (DEFAULT_MAPPING, words))
    return {(s.scale, s.term): scale_reading(s) for s in wanted if s.scale not in NO_FREQUENCY}


def percentage_reading(p: float) -> Reading:
    """Percentage without denominator: log-odds with the standard error that `EFFECTIVE_N` patients would give."""
    p = _inside(p)
    return Reading(logit(p), float(1 / np.sqrt(EFFECTIVE_N * p * (1 - p))))


def _inside(p: float) -> float:
    """Keep a printed 0 or 100 % away from certainty by half a patient in `EFFECTIVE_N`."""
    return min(max(p, 0.5 / EFFECTIVE_N), 1 - 0.5 / EFFECTIVE_N)


def range_reading(low: float, high: float) -> Reading:
    """Printed range: midpoint of the log-odds, and half the width taken as a 95 % limit widened by `RANGE_SD`."""
    lower, upper = logit(_inside(low)), logit(_inside(high))
    return Reading((lower + upper) / 2, float(np.hypot((upper - lower) / (2 * Z95), RANGE_SD)))


def upper_bound_reading(high: float) -> Reading:
    """Read "up to x" as the highest of several reports: the frequency itself at three quarters of it, widely."""
    return Reading(logit(0.75 * high), 0.45)


def reading(fact: Fact, scales: Mapping[tuple[str, str], Reading]) -> Reading | None:
    """
    Log-odds reading of a fact, or None if its kind is not read that way (count, symbol, ordering, ages, notes).

    Raises
    ------
    KeyError
        If the term of the fact stands in no scale.
    """
    if fact.kind in READ_BY_SCALE:
        return scales[fact.kind, fact.term]
    if fact.kind == "percentage" and fact.low is not None:
        return percentage_reading(fact.low)
    if fact.kind == "range" and fact.low is not None and fact.high is not None:
        return range_reading(fact.low, fact.high)
    if fact.kind == "upper_bound" and fact.high is not None:
        return upper_bound_reading(fact.high)
    return None


def bound(fact: Fact, knowledge: KnowledgeBase) -> tuple[float, float] | None:
    """
    One-sided reading of a listing or a denial: (log-odds of the bound, +1 for at least or -1 for at most).

    A listing says that the finding is not rarer than the 5 % point of its term, a denial that it is not commoner than
    the 95 % point; neither says anything on the other side. None for other kinds.

    Raises
    ------
    StopIteration
        If the term of the fact stands in no scale.
    """
    if fact.kind not in ("listed", "negative"):
        return None
    scale = next(s for s in knowledge.scales if (s.scale, s.term) == (fact.kind, fact.term))
    return (logit(scale.low), 1.0) if fact.kind == "listed" else (logit(scale.high), -1.0)


def positive(facts: Iterable[Fact]) -> bool:
    """Whether any of the facts says that the state occurs: everything but denials and the symbol `-`."""
    return any(fact.kind != "negative" and fact.term != "-" for fact in facts)
