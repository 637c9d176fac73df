"""
Pieces of evidence about one cell: each cohort, each statement of a document, each judgement, with number and interval.

Knows: facts, judgement, scales. Must not know: networks, draws.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any, Final, Literal

from model.network.mapping import DEFAULT_MAPPING, words_of

if TYPE_CHECKING:
    from priors.schema import Fact, Judged, KnowledgeBase

Kind = Literal["cohort", "document", "judgement"]

Z90: Final = 1.6448536269514722
"""95 % point of the standard normal distribution: every interval here holds 90 %."""

READ_BY_SCALE: Final = ("word", "listed", "negative")
"""Kinds of facts whose term is looked up in the scale of the same name; `specific` speaks of the other diseases."""

AGES: Final = ("age_mean", "age_median", "age_sd", "age_range")


@dataclass(frozen=True, slots=True)
class Piece:
    """
    One thing that is said of a cell.

    Parameters
    ----------
    kind
        ``cohort`` (of the literature), ``document`` or ``judgement``.
    fact, says
        Identifier of the fact, and its kind (count, word ...); empty and ``judged`` for judgement.
    diagnosis, given
        What it speaks of: the diagnosis itself or a relative of it, and under which condition (empty: none).
    title, statement, location, population, address
        Title of the publication or document; what is said, in our words; where; of whom; where it can be read.
    term
        The word, the symbol, or the kind of listing.
    k, n
        Patients with the state, and patients looked at, where they were counted.
    value, low, high
        Share (of ages: years) and 90 % interval: Wilson's for counts, the reading of the scale for words, the range as
        printed. A one-sided reading (listed, denied, "up to") has no value; what has no number has none of the three.
    match, tags
        Of cohorts: how the term fits our finding, and what sets the patients apart.
    """

    kind: Kind
    fact: str
    says: str
    diagnosis: str
    given: str
    title: str
    statement: str
    location: str
    population: str
    address: str
    term: str
    k: int | None
    n: int | None
    value: float | None
    low: float | None
    high: float | None
    match: str
    tags: tuple[str, ...]


Span = tuple[float | None, float | None, float | None]
"""Value, low and high."""

NO_NUMBER: Final[Span] = (None, None, None)


def wilson(k: float, n: float) -> tuple[float, float]:
    """
    Wilson's 90 % interval of a share.

    References
    ----------
    Wilson EB. Probable inference, the law of succession, and statistical inference. J Am Stat Assoc 1927;22:209-212.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(0, 10)], [round(end, 3) for end in wilson(50, 100)]
    ([0.0, 0.213], [0.419, 0.581])
    """
    share, z = k / n, Z90 / sqrt(n)
    middle = share + z * z / 2
    half = z * sqrt(share * (1 - share) + z * z / 4)
    whole = 1 + z * z
    return max(0.0, min(share, (middle - half) / whole)), min(1.0, max(share, (middle + half) / whole))


def piece_of(
    knowledge: KnowledgeBase, fact: Fact, states: Collection[str], readings: Mapping[str, Any]
) -> Piece:
    """
    A fact as a piece of evidence about some states of its finding, taken together.

    Parameters
    ----------
    states
        Those that the fact speaks of, or all the others: then its share is turned round.
    readings
        ``kind/term`` -> ``frequency`` (5 %, 50 %, 95 % point), as the stored draws tell what symbols came to mean.
    """
    turned = (
        bool(fact.state)
        and fact.finding in knowledge.variables
        and not set(fact.state.split("|")) & set(states)
    )
    span = _span(knowledge, fact, readings)
    counted = fact.kind == "count" and fact.low is not None and fact.n is not None
    k = int(fact.low or 0) if counted else None
    source = knowledge.source(fact.source)
    return Piece(
        kind="cohort" if fact.is_cohort else "document",
        fact=fact.id,
        says=fact.kind,
        diagnosis=fact.diagnosis,
        given=fact.given,
        title=source.citation if fact.is_cohort else source.title,
        statement=fact.statement,
        location=fact.location,
        population=fact.denominator,
        address=source.address,
        term=fact.term,
        k=fact.n - k if turned and k is not None and fact.n is not None else k,
        n=fact.n,
        value=_turned(span[0], turned),
        low=_turned(span[2], turned) if turned else span[1],
        high=_turned(span[1], turned) if turned else span[2],
        match=fact.match if fact.is_cohort else "",
        tags=fact.tags,
    )


def _turned(p: float | None, turned: bool) -> float | None:
    return 1 - p if turned and p is not None else p


def _span(knowledge: KnowledgeBase, fact: Fact, readings: Mapping[str, Any]) -> Span:
    """Value, low and high of the state that a fact speaks of; of ages in years."""
    if fact.kind in READ_BY_SCALE:
        return _of_scale(knowledge, fact)
    if fact.kind == "symbol":
        learned = readings.get(f"symbol/{fact.term}")
        return (learned["frequency"][1], *learned["frequency"][::2]) if learned else NO_NUMBER
    if fact.kind in ("count", "percentage") and fact.low is not None:
        share = fact.low / (fact.n or 1) if fact.kind == "count" else fact.low
        return (share, *wilson(share * fact.n, fact.n)) if fact.n else (share, None, None)
    return {
        "upper_bound": (None, 0.0, fact.high),
        "lower_bound": (None, fact.low, 1.0),
        "range": (None, fact.low, fact.high),
        "age_range": (None, fact.low, fact.high),
        "age_mean": (fact.low, None, None),
        "age_median": (fact.low, None, None),
    }.get(fact.kind, NO_NUMBER)


def _of_scale(knowledge: KnowledgeBase, fact: Fact) -> Span:
    """What the scale makes of a term; a listing says "not rarer than", a denial "not commoner than"."""
    found = [s for s in knowledge.scales if (s.scale, s.term) == (fact.kind, fact.term)]
    scale = next((s for s in found if s.mapping == words_of(DEFAULT_MAPPING)), None)
    if scale is None:
        return NO_NUMBER
    if fact.kind == "listed":
        return None, scale.low, 1.0
    return (None, 0.0, scale.high) if fact.kind == "negative" else (scale.median, scale.low, scale.high)


def judged_piece(leaf: str, judged: Sequence[Judged]) -> Piece:
    """
    Judgement of some states of a finding in one leaf, taken together.

    Approximation: the sum of several states is as wide as if they were independent.
    """
    middle = sum(one.median for one in judged)
    if len(judged) == 1:
        low, high = judged[0].low, judged[0].high
    else:
        below = sqrt(sum((one.median - one.low) ** 2 for one in judged))
        above = sqrt(sum((one.high - one.median) ** 2 for one in judged))
        low, high = max(0.0, middle - below), min(1.0, middle + above)
    return _judgement(leaf, min(1.0, middle), low, high)


def judged_age(leaf: str, mean: float, sd: float) -> Piece:
    """Judgement of the ages of one leaf, in years: mean, and the middle 90 %."""
    return _judgement(leaf, mean, max(0.0, mean - Z90 * sd), mean + Z90 * sd)


def _judgement(leaf: str, value: float, low: float, high: float) -> Piece:
    return Piece(
        kind="judgement",
        fact="",
        says="judged",
        diagnosis=leaf,
        given="",
        title="",
        statement="",
        location="",
        population="",
        address="",
        term="",
        k=None,
        n=None,
        value=value,
        low=low,
        high=high,
        match="",
        tags=(),
    )


__all__ = ["AGES", "Kind", "Piece", "judged_age", "judged_piece", "piece_of", "wilson"]
