"""
The part of `millet next` that is about orders; what it prints is described in `model.commands.next_finding`.

Knows: records of orders, plans and stop rules. Must not know: arithmetic.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from model.commands.common import tell
from model.diagnosis.results import ranked
from model.errors import EvidenceError, plain, shown
from model.network.hierarchy import Hierarchy
from model.next_step.order import information_of_orders
from model.next_step.order_results import Orders, OrderValue, Pattern
from model.next_step.plan import OrderPlan, Step, plan_orders
from model.next_step.stopping import (
    BiopsyAvoidance,
    DecidingOrder,
    SameDecision,
    biopsy_avoidance,
    same_decision,
)
from model.next_step.target import Decision
from model.record import row

if TYPE_CHECKING:
    from model.network.network import Network
    from model.patient.evidence import Evidence
TOLD = ("case", "origin")
"""Fields that the JSON has elsewhere: the identifier of the patient, and provenance."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options about orders."""
    group = parser.add_argument_group("orders")
    group.add_argument(
        "--orders", action="store_true", help="whole orders instead of single findings, and when to stop"
    )
    group.add_argument(
        "--budget", type=budget, metavar="X", help="with --orders: a plan that costs at most X"
    )
    group.add_argument(
        "--cost",
        metavar="ORDER=COST",
        action="append",
        default=[],
        help="with --orders: a cost in place of that of orders.csv; repeatable",
    )
    group.add_argument(
        "--decision",
        metavar="FILE",
        help='a decision in place of --target, {"actions": [...], "utilities": {diagnosis: [...]}}',
    )


def budget(text: str) -> float:
    """What a plan may cost, for argparse: a number from 0 upwards."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not number >= 0:
        raise argparse.ArgumentTypeError(f"found {shown(text)}; allowed are numbers from 0 upwards")
    return number


def check_options(options: argparse.Namespace) -> dict[str, float]:
    """
    The costs that are given. Options that belong to ``--orders`` need it, and one that belongs to findings excludes it.

    Raises
    ------
    EvidenceError
        If one is given without it, or with it.
    """
    if options.orders and options.intervals:
        raise EvidenceError(
            "--intervals: given with --orders; it is about single findings; leave one of the two out"
        )
    given = {"--budget": options.budget is not None, "--cost": options.cost}
    if not options.orders:
        for name, value in given.items():
            if value:
                raise EvidenceError(
                    f"{name}: given without --orders; it is about orders; add --orders or leave it out"
                )
    return read_costs(options.cost)


def run(
    options: argparse.Namespace,
    network: Network,
    evidence: Evidence,
    target: str | Decision,
    costs: dict[str, float],
) -> int:
    """Print orders, stop rule and, with a budget, a plan for every patient."""
    found = (
        _about(network, evidence.select(i), target, costs, options.budget) for i in range(evidence.n_patients)
    )
    return tell(
        options,
        (network, evidence),
        found,
        lambda one: case_json(*one, options.top),
        lambda one: _text(*one, options.top),
        target="decision" if isinstance(target, Decision) else target,
    )


About = tuple[Orders, SameDecision, BiopsyAvoidance, OrderPlan | None]


def _about(
    network: Network, one: Evidence, target: str | Decision, costs: dict[str, float], budget: float | None
) -> About:
    """Orders, stop rules and, with a budget, a plan for one patient."""
    orders = information_of_orders(network, one, target=target, costs=costs)
    plan = None if budget is None else plan_orders(network, one, target=target, budget=budget, costs=costs)
    return orders, same_decision(network, one), biopsy_avoidance(network, one), plan


def _text(
    orders: Orders, same: SameDecision, biopsy: BiopsyAvoidance, plan: OrderPlan | None, top: int
) -> str:
    blocks = [orders.summary(top), same.summary(), biopsy.summary(top)]
    return "\n\n".join([*blocks, *([] if plan is None else [plan.summary()])])


def read_costs(items: Sequence[str]) -> dict[str, float]:
    """
    Costs of ``order=cost`` pairs.

    Examples
    --------
    >>> read_costs(["brain_mri=3", "pet_ct=6.5"])
    {'brain_mri': 3.0, 'pet_ct': 6.5}
    """
    costs: dict[str, float] = {}
    for item in items:
        name, _, number = (part.strip() for part in item.partition("="))
        try:
            cost = float(number)
        except ValueError:
            raise EvidenceError(
                f"--cost: found {shown(item)}; allowed is order=cost, such as brain_mri=3"
            ) from None
        if name in costs:
            raise EvidenceError(f"--cost {plain(name)}: given twice; keep one of them")
        costs[name] = cost
    return costs


def case_json(
    orders: Orders, same: SameDecision, biopsy: BiopsyAvoidance, plan: OrderPlan | None, top: int
) -> dict[str, object]:
    """The answer for one patient with the keys that `next_finding` describes."""
    return {
        "id": orders.case,
        "unit": orders.unit,
        "now": orders.now,
        "rows": ranked(orders.rows.names, orders.before),
        "orders": [_order_json(order, orders.rows) for order in orders.ranked()[:top]],
        "same_decision": row(same, [key for key in SameDecision.__dataclass_fields__ if key not in TOLD]),
        "biopsy": {
            "threshold": biopsy.threshold,
            "is_unnecessary": biopsy.is_unnecessary,
            "orders": [_deciding_json(order, biopsy.rows) for order in biopsy.orders[:top]],
            "results": [asdict(result) for result in biopsy.results[:top]],
        },
        "plan": None if plan is None or plan.first is None else _step_json(plan.first, plan.rows),
    }


def _order_json(order: OrderValue, rows: Hierarchy) -> dict[str, object]:
    names = (
        "order", "label", "findings", "value", "standard_error", "n_patterns", "cost", "per_cost", "delay_days",
        "invasiveness", "hazard",
    )  # fmt: skip
    patterns = [_pattern_json(pattern, rows) for pattern in order.patterns]
    return row(order, names, patterns=patterns, leads={o.row: o.probability for o in order.outcomes})


def _pattern_json(pattern: Pattern, rows: Hierarchy) -> dict[str, object]:
    return {
        "states": dict(pattern.states),
        "unusual": pattern.unusual,
        "probability": pattern.probability,
        "rows": ranked(rows.names, pattern.after),
    }


def _deciding_json(order: DecidingOrder, rows: Hierarchy) -> dict[str, object]:
    return {
        "order": order.order,
        "probability": order.probability,
        "standard_error": order.standard_error,
        "hazard": order.hazard,
        "patterns": [_pattern_json(pattern, rows) for pattern in order.patterns],
    }


def _step_json(step: Step, rows: Hierarchy) -> dict[str, object]:
    return {
        "order": step.order.order,
        "value": step.order.value,
        "spent": step.spent,
        "look_for": [one.finding for one in step.look_for],
        "branches": [
            {
                "row": outcome.row,
                "probability": outcome.probability,
                "pattern": _pattern_json(outcome.pattern, rows),
                "next": None if after is None else _step_json(after, rows),
            }
            for outcome, after in step.branches
        ],
    }
