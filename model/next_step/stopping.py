"""
When to stop asking: whether the leader would still lead if all were known, and whether a biopsy can be avoided.

Knows: patterns of results and what they would do to the leader. Must not know: costs and sequences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.diagnosis.results import ranked
from model.errors import EvidenceError, plain
from model.inference.graph import FloatArray
from model.network.answer import Answer
from model.network.hierarchy import Hierarchy, Level, hierarchy
from model.network.network import DIAGNOSIS, Network
from model.next_step.information import value_of_information
from model.next_step.order import EXACT_LIMIT, Pattern, findings_by_order, outlooks, spelled
from model.next_step.pattern import Outlook, Patterns, drawn, listed, n_patterns
from model.patient.evidence import Asked, Evidence, as_evidence
from model.record import Record
from model.text import counted, percent

SAMPLES = 1000
THRESHOLD = 0.9
UNNAMED = "other"
"""Being sure that it is none of the listed diseases spares nobody a biopsy."""

N_SPELLED = 3


@dataclass(frozen=True, slots=True, eq=False)
class SameDecision(Answer):
    """
    Probability that the leading diagnosis stays in the lead.

    Parameters
    ----------
    case
        Identifier of the patient.
    leader
        The diagnosis that leads now.
    leader_p
        Its probability now.
    probability
        That it would still lead once the findings were known.
    standard_error
        Of that probability, where patterns were drawn; None where it is exact.
    would_lead
        Diagnosis -> probability that it would lead then, most likely first; those of 0 are left out.
    n_findings
        How many findings not known yet it is about.
    """

    case: str
    leader: str
    leader_p: float
    probability: float
    standard_error: float | None
    would_lead: Mapping[str, float]
    n_findings: int

    def summary(self) -> str:
        """The answer in two lines."""
        error = "" if self.standard_error is None else f" ± {percent(self.standard_error)}"
        others = [f"{name} {percent(p)}" for name, p in self.would_lead.items() if name != self.leader][:3]
        first = (
            f"Case {plain(self.case)}: {self.leader} leads with {percent(self.leader_p)}; with all "
            f"{counted(self.n_findings, 'finding')} known it would still lead with probability "
            f"{percent(self.probability)}{error}"
        )
        return f"{first}\nOtherwise: {', '.join(others)}" if others else first


@dataclass(frozen=True, slots=True, eq=False)
class DecidingResult(Record):
    """One state of one finding that alone would lift a diagnosis above the threshold."""

    finding: str
    state: str
    order: str
    probability: float
    row: str
    row_p: float


@dataclass(frozen=True, slots=True, eq=False)
class DecidingOrder(Record):
    """
    An order and how likely it is to settle the matter.

    Parameters
    ----------
    order, label, hazard
        As in `orders.csv`.
    probability
        That some table row reaches the threshold with the results of this order.
    standard_error
        Of the probability, where patterns were drawn; None where it is exact.
    patterns
        The likeliest patterns that do.
    """

    order: str
    label: str
    hazard: str
    probability: float
    standard_error: float | None
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True, eq=False)
class BiopsyAvoidance(Answer):
    """
    Which results would make a brain biopsy unnecessary, and how likely they are.

    Parameters
    ----------
    case
        Identifier of the patient.
    threshold
        A biopsy counts as unnecessary once a table row (`other` excepted) is this probable.
    rows, before
        The table rows, and P(table row | what is known): ndarray of shape (n_rows,).
    results
        Single results that would do, the most likely first.
    orders
        Every order, the one most likely to settle it first.
    """

    case: str
    threshold: float
    rows: Hierarchy
    before: FloatArray
    results: tuple[DecidingResult, ...]
    orders: tuple[DecidingOrder, ...]

    @property
    def is_unnecessary(self) -> bool:
        """Whether a row has reached the threshold already."""
        return bool(_named(self.before[None], self.rows).max() >= self.threshold)

    def summary(self, top: int = 5) -> str:
        """The `top` orders and single results as plain text."""
        lead = int(self.before.argmax())
        state = "reached already" if self.is_unnecessary else "not reached"
        now = f"{self.rows.labels[lead]} {percent(self.before[lead])}"
        lines = [f"Case {plain(self.case)}: {now}; {percent(self.threshold)} is {state}"]
        for order in [order for order in self.orders if order.probability > 0][:top]:
            lines.append(f"{order.label}: would settle it with probability {percent(order.probability)}")
            lines += [
                f"    {percent(p.probability)}  {p.said()} -> {self.rows.labels[p.after.argmax()]} {percent(p.after.max())}"
                for p in order.patterns
            ]
        lines += [
            f"Single result {r.finding} = {r.state} ({percent(r.probability)}) -> {r.row} {percent(r.row_p)}"
            for r in self.results[:top]
        ]
        return "\n".join(lines if len(lines) > 1 else [*lines, "No order could reach it alone."])


def same_decision(
    network: Network,
    evidence: Asked,
    *,
    by: Level = "row",
    orders: Sequence[str] | None = None,
    seed: int = 0,
    exact_limit: float = EXACT_LIMIT,
    samples: int = SAMPLES,
) -> SameDecision:
    r"""
    Probability that the leading diagnosis would still lead once everything still unknown were known.

    .. math:: \sum_x p(x \mid e)\, [\arg\max_d p(d \mid e, x) = \arg\max_d p(d \mid e)]

    Near 1, further findings cannot change the decision and asking may stop. P(result | diagnosis) is taken at
    mean parameters, from the headline probabilities (see `information_of_orders`).

    Parameters
    ----------
    network, evidence
        The evidence holds one patient.
    by
        Level of the diagnoses.
    orders
        Only what these orders give; by default everything.
    seed, exact_limit, samples
        Up to ``2 ** exact_limit`` patterns are summed; beyond, `samples` of them are drawn.

    Raises
    ------
    EvidenceError
        If the evidence holds several patients, or there are fewer than 2 samples.
    UnknownNameError
        If an order does not exist.

    References
    ----------
    Choi A, Xue Y, Darwiche A. Same-decision probability: a confidence measure for threshold-based decisions.
    Int J Approx Reason 2012;53:1415-1428. doi:10.1016/j.ijar.2012.04.005

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network()
    >>> found = same_decision(network, encode(network, {"serum_aqp4_igg": "positive"}), orders=["chest_ct"])
    >>> 0 <= found.probability <= 1
    True
    """
    evidence = as_evidence(network, evidence)
    if samples < 2:
        raise EvidenceError(f"same decision: {samples} samples; at least 2 are needed; raise them")
    outlook, _ = outlooks(network, evidence)
    findings = tuple(
        name for names in findings_by_order(network, evidence, orders).values() for name in names
    )
    units = hierarchy(network.knowledge, by)
    to_unit = network.plan.indicator(network.index(DIAGNOSIS)) @ units.membership
    now = outlook.before @ to_unit
    leader = int(now.argmax())
    if findings:
        patterns = _patterns(outlook, findings, exact_limit, samples, seed)
        winners = (patterns.hub @ to_unit).argmax(axis=1)
        would_lead: FloatArray = patterns.weights @ np.eye(len(now))[winners] / patterns.weights.sum()
        error = None if patterns.is_exact else share_error(float(would_lead[leader]), samples)
    else:
        would_lead, error = np.eye(len(now))[leader], None
    return SameDecision(
        case=evidence.ids[0],
        leader=units.names[leader],
        leader_p=float(now[leader]),
        probability=min(1.0, float(would_lead[leader])),
        standard_error=error,
        would_lead={name: p for name, p in ranked(units.names, would_lead).items() if p > 0},
        n_findings=len(findings),
        origin=network.origin,
    )


def biopsy_avoidance(
    network: Network,
    evidence: Asked,
    *,
    threshold: float = THRESHOLD,
    orders: Sequence[str] | None = None,
    seed: int = 0,
    exact_limit: float = EXACT_LIMIT,
    samples: int = SAMPLES,
) -> BiopsyAvoidance:
    """
    Results and orders that would lift a table row above a threshold, so that a brain biopsy adds nothing.

    Parameters
    ----------
    network, evidence
        The evidence holds one patient.
    threshold
        Probability of a table row (`other` excepted) at which a biopsy is held to be unnecessary, in (0, 1).
    orders, seed, exact_limit, samples
        As `same_decision`; every order by itself.

    Raises
    ------
    EvidenceError
        If the evidence holds several patients, or the threshold is not between 0 and 1.
    UnknownNameError
        If an order does not exist.

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network().thinned(50)
    >>> found = biopsy_avoidance(network, encode(network, {"enhancement_pattern": "miliary"}), samples=100)
    >>> found.is_unnecessary, found.threshold
    (False, 0.9)
    """
    evidence = as_evidence(network, evidence)
    if not 0 < threshold < 1 or samples < 2:
        raise EvidenceError(
            f"biopsy avoidance: threshold {threshold}, {samples} samples; "
            "allowed is a threshold between 0 and 1, and at least 2 samples; change them"
        )
    outlook, _ = outlooks(network, evidence)
    rows = hierarchy(network.knowledge, "row")
    to_row = network.plan.indicator(network.index(DIAGNOSIS)) @ rows.membership
    found = []
    chosen = findings_by_order(network, evidence, orders)
    for order, findings in chosen.items():
        patterns = _patterns(outlook, findings, exact_limit, samples, seed)
        settles = _named(patterns.hub @ to_row, rows).max(axis=1) >= threshold
        p = float(patterns.weights @ settles)
        record = network.knowledge.orders[order]
        error = None if patterns.is_exact else share_error(p, samples)
        some = spelled(network, patterns.only(settles), to_row, N_SPELLED)
        found.append(DecidingOrder(order, record.label, record.hazard, min(p, 1.0), error, some))
    names = [name for findings in chosen.values() for name in findings]
    return BiopsyAvoidance(
        case=evidence.ids[0],
        threshold=threshold,
        rows=rows,
        before=outlook.before @ to_row,
        results=_single_results(network, evidence, names, threshold),
        orders=tuple(sorted(found, key=lambda order: -order.probability)),
        origin=network.origin,
    )


def share_error(share: float, n: int) -> float:
    """
    Standard error of a share of n draws; that of one draw more of either kind, so that it is never 0.

    Examples
    --------
    >>> round(share_error(0.5, 100), 3), share_error(1.0, 100) > 0
    (0.05, True)
    """
    p = (share * n + 1) / (n + 2)
    return float(np.sqrt(p * (1 - p) / n))


def _patterns(
    outlook: Outlook, findings: Sequence[str], exact_limit: float, samples: int, seed: int
) -> Patterns:
    if n_patterns(outlook.network, findings) <= 2.0**exact_limit:
        return listed(outlook, findings)
    return drawn(outlook, findings, samples, np.random.default_rng(seed))


def _named(rows_p: FloatArray, rows: Hierarchy) -> FloatArray:
    """Probabilities of the table rows that name a disease: `other` is taken out."""
    return rows_p[:, [name != UNNAMED for name in rows.names]]


def _single_results(
    network: Network, evidence: Evidence, names: Sequence[str], threshold: float
) -> tuple[DecidingResult, ...]:
    information = value_of_information(network, evidence, target="row", candidates=names)
    is_named = [name != UNNAMED for name in information.rows.names]
    found = [
        DecidingResult(
            c.finding,
            state,
            c.order,
            float(p),
            information.rows.names[int(after.argmax())],
            float(after.max()),
        )
        for c in information
        for state, p, after in zip(c.states, c.predicted, c.after * is_named, strict=True)
        if after.max() >= threshold
    ]
    return tuple(sorted(found, key=lambda result: -result.probability))


__all__ = [
    "BiopsyAvoidance",
    "DecidingOrder",
    "DecidingResult",
    "SameDecision",
    "biopsy_avoidance",
    "same_decision",
    "share_error",
]
