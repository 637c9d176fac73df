"""
A plan for one patient: what to order first, and what next after each of its likeliest results.

Knows: the budget, and when asking may stop. Must not know: how information is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from model.errors import EvidenceError, UnknownNameError, unknown_name
from model.inference.graph import FloatArray
from model.network.answer import Answer
from model.network.hierarchy import Hierarchy
from model.network.network import Network
from model.next_step.information import Candidate, value_of_information
from model.next_step.order import information_of_orders
from model.next_step.order_results import Orders, OrderValue, Outcome
from model.next_step.policy import GOES_ON
from model.next_step.target import Decision
from model.patient.evidence import Asked, as_evidence
from model.progress import Progress, watched
from model.record import Record
from model.text import percent
from priors.frozen import Frozen

if TYPE_CHECKING:
    from model.patient.evidence import Evidence

WAYS = ("greedy", "lookahead")
N_CANDIDATES, N_OUTCOMES = 3, 3
"""Lookahead: best orders looked behind, and outcomes of each."""

N_TELLING = 3
"""So many findings of an order without a likely result are named, the most telling ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Step(Record):
    """
    One order of a plan, and what follows from its results.

    Parameters
    ----------
    order
        What the order would tell, in the situation that leads here.
    spent
        Cost of everything ordered so far, this order included.
    look_for
        Where no result of the order is likely as a whole: its findings that tell most one by one. Else empty.
    branches
        Its likeliest outcomes, each with the next step after its likeliest result; None where the plan ends.
    """

    order: OrderValue
    spent: float
    look_for: tuple[Candidate, ...]
    branches: tuple[tuple[Outcome, Step | None], ...]


@dataclass(frozen=True, slots=True, eq=False)
class OrderPlan(Answer):
    """
    A conditional sequence of orders.

    Parameters
    ----------
    case
        Identifier of the patient.
    way
        ``greedy`` or ``lookahead``.
    budget
        Most that may be spent; inf for no limit.
    rows, before
        The table rows, and P(table row | what is known): ndarray of shape (n_rows,).
    first
        The first step; None if the leader is past the threshold, or nothing can be afforded.
    """

    case: str
    way: str
    budget: float
    rows: Hierarchy
    before: FloatArray
    first: Step | None

    @property
    def sequence(self) -> tuple[str, ...]:
        """Orders along the likeliest results."""
        found, step = [], self.first
        while step is not None:
            found.append(step.order.order)
            step = step.branches[0][1] if step.branches else None
        return tuple(found)

    def summary(self) -> str:
        """The plan as an indented tree."""
        budget = "no limit" if np.isinf(self.budget) else f"{self.budget:g}"
        title = f"Case {self.case}: {self.way} plan, budget {budget}"
        if self.first is None:
            return f"{title}\nNothing to order: the leader is sure enough, or the budget too small."
        return "\n".join([title, *self._lines(self.first, "")])

    def _lines(self, step: Step, indent: str) -> list[str]:
        hazard = f" (hazard: {step.order.hazard})" if step.order.hazard else ""
        lines = [f"{indent}{step.order.label}: {step.order.value:.2f}, cost so far {step.spent:g}{hazard}"]
        if step.look_for:
            lines.append(f"{indent}  look for: {', '.join(one.finding for one in step.look_for)}")
        for outcome, after in step.branches:
            leader = self.rows.labels[self.rows.names.index(outcome.row)]
            then = percent(outcome.pattern.after.max())
            such = (
                f"for example with {then}"
                if step.look_for
                else f"such as after {outcome.pattern.said()} -> {then}"
            )
            lines.append(f"{indent}  {percent(outcome.probability)} {leader} leads, {such}")
            if after is not None:
                lines += self._lines(after, indent + "    ")
        return lines


@dataclass(frozen=True, slots=True)
class _Terms:
    """What stays the same throughout a plan."""

    network: Network
    target: str | Decision
    way: str
    costs: Mapping[str, float] | None
    n_branches: int
    threshold: float
    samples: int
    seed: int
    steps: Iterator[int]

    def ask(self, evidence: Evidence) -> Orders:
        next(self.steps, None)
        return information_of_orders(
            self.network, evidence, target=self.target, costs=self.costs, samples=self.samples, seed=self.seed
        )


def plan_orders(
    network: Network,
    evidence: Asked,
    *,
    target: str | Decision = "row",
    budget: float = np.inf,
    way: str = "greedy",
    depth: int = 3,
    n_branches: int = 2,
    threshold: float = 0.95,
    costs: Mapping[str, float] | None = None,
    samples: int = 200,
    seed: int = 0,
    progress: Progress = watched,
) -> OrderPlan:
    """
    What to order first, and what next after each of its likeliest results, within a budget.

    Parameters
    ----------
    network, evidence
        The evidence holds one patient.
    target
        As `information_of_orders`.
    budget
        Most that may be spent in all; an order that does not fit is passed over.
    way
        ``greedy``: most value for each unit of cost. ``lookahead``: of the three greedy favourites, the one whose
        value, with that of the best order after each of its likeliest results, is most for both costs.
    depth
        Orders in a row, from 1 upwards.
    n_branches
        Outcomes of an order that are followed, the likeliest ones.
    threshold
        A branch ends once a table row is this probable.
    costs, samples, seed
        As `information_of_orders`.
    progress
        Wraps the questions that a greedy plan asks at most, such as a progress bar.

    Raises
    ------
    EvidenceError
        If the evidence holds several patients, or a number is out of range.
    UnknownNameError
        If the target, the way or an order does not exist.

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network()
    >>> plan = plan_orders(network, encode(network, {"sex": "male"}), budget=2, depth=1)
    >>> plan.first.spent <= 2
    True
    """
    evidence = as_evidence(network, evidence)
    if way not in WAYS:
        raise UnknownNameError(unknown_name("plan", "way", way, WAYS))
    if not budget >= 0 or depth < 1 or n_branches < 1 or not 0 < threshold <= 1:
        raise EvidenceError(
            f"plan: budget {budget}, depth {depth}, {n_branches} branches, threshold {threshold}; allowed are a "
            "budget from 0, depth and branches from 1 upwards, and a threshold above 0, up to 1; change them"
        )
    steps = iter(progress(range(sum(n_branches**level for level in range(depth)))))
    terms = _Terms(network, target, way, costs, n_branches, threshold, samples, seed, steps)
    found = terms.ask(evidence)
    first = _step(terms, evidence, found, budget, 0.0, depth)
    for _ in steps:  # a bar that was not filled is at its end all the same
        pass
    return OrderPlan(found.case, way, budget, found.rows, found.before, first, origin=network.origin)


def with_results(network: Network, evidence: Evidence, results: Mapping[str, str]) -> Evidence:
    """
    What is known of one patient once some results are in.

    Parameters
    ----------
    network, evidence
        The evidence holds one patient.
    results
        Finding -> state.
    """
    rows = dict(evidence.likelihoods)
    for name, state in results.items():
        rows[name] = np.eye(len(network.states[name]))[[network.states[name].index(state)]]
    [case] = evidence.cases
    known = replace(case, findings={**case.findings, **results})
    return replace(evidence, likelihoods=Frozen(rows), cases=(known,))


def _step(
    terms: _Terms, evidence: Evidence, found: Orders, budget: float, spent: float, depth: int
) -> Step | None:
    """The next order where `found` is what orders would tell; None where the plan ends."""
    affordable = [order for order in found.ranked() if order.cost <= budget - spent and order.value > 0]
    if not affordable or found.before.max() >= terms.threshold:
        return None
    if terms.way == "lookahead":
        affordable = [_best_ahead(terms, evidence, affordable, budget - spent)]
    order = affordable[0]
    branches = []
    for outcome in order.outcomes[: terms.n_branches]:
        after = None
        if depth > 1 and outcome.pattern.after.max() < terms.threshold:
            known = with_results(terms.network, evidence, outcome.pattern.states)
            after = _step(terms, known, terms.ask(known), budget, spent + order.cost, depth - 1)
        branches.append((outcome, after))
    return Step(order, spent + order.cost, _look_for(terms, evidence, order), tuple(branches))


def _look_for(terms: _Terms, evidence: Evidence, order: OrderValue) -> tuple[Candidate, ...]:
    """The findings of an order that matter most one by one, unless some result as a whole is likely."""
    if order.has_likely_result:
        return ()
    asked = value_of_information(terms.network, evidence, target=terms.target, candidates=order.findings)
    return asked.best(N_TELLING)


def _best_ahead(terms: _Terms, evidence: Evidence, orders: list[OrderValue], budget: float) -> OrderValue:
    """
    Of the first few orders, the one that is best together with what would follow it; a free one at once.

    Approximation: what follows is averaged over the likeliest outcomes, each seen through its likeliest result,
    and counts half, with its cost, for asking may have stopped by then.
    """
    if orders[0].per_cost is None:
        return orders[0]
    return max(orders[:N_CANDIDATES], key=lambda order: _rate_ahead(terms, evidence, order, budget))


def _rate_ahead(terms: _Terms, evidence: Evidence, order: OrderValue, budget: float) -> float:
    value, cost = order.value, order.cost
    outcomes = order.outcomes[:N_OUTCOMES]
    total = sum(outcome.probability for outcome in outcomes)
    for outcome in outcomes:
        later = terms.ask(with_results(terms.network, evidence, outcome.pattern.states)).ranked()
        best = next((one for one in later if one.cost <= budget - order.cost), None)
        if best is not None:
            value += GOES_ON * outcome.probability / total * best.value
            cost += GOES_ON * outcome.probability / total * best.cost
    return value / cost


__all__ = ["WAYS", "OrderPlan", "Step", "plan_orders", "with_results"]
