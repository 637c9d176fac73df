"""
`millet next`: which finding to ask for next, or which order to give.

JSON keys: the provenance (`model.commands.common.provenance`), ``target`` and
``cases``, a list of ``id``, ``entropy_bits`` (of the target now), ``rows`` (table row -> p now) and ``findings``, most
informative first: ``finding``, ``order``, ``bits`` and ``states``, a list of ``state``, ``predicted`` (its
probability) and ``rows`` (table row -> p after it). With ``--decision`` a case has ``unit`` and ``now`` (the best
expected utility) in place of ``entropy_bits``, and a finding ``value`` in place of ``bits``. With ``--intervals``
a finding has ``interval``: low and high over the draws.

With ``--orders`` each case has ``id``, ``unit``, ``now`` (entropy in bits, or the best expected utility),
``rows``, ``orders`` (``order``, ``label``, ``findings``, ``value``, ``standard_error``, null if exact,
``n_patterns``, ``cost``, ``per_cost``, null if free, ``delay_days``, ``invasiveness``, ``hazard``,
``patterns``: ``states``, ``unusual``, ``probability``, ``rows``; ``leads``: table row -> p that it leads
then), ``same_decision`` (``leader``, ``leader_p``, ``probability``, ``standard_error``, ``would_lead``,
``n_findings``), ``biopsy`` (``threshold``, ``is_unnecessary``, ``orders``, ``results``) and ``plan`` (null
without ``--budget``, or if nothing is to be ordered; else ``order``, ``value``, ``spent``, ``branches``:
``row`` that leads then, ``probability``, likeliest ``pattern``, ``next`` step).
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from model.commands import next_order
from model.commands.common import add_answer_options, add_patient_options, asked, tell
from model.diagnosis.results import ranked
from model.next_step.information import TARGETS, Candidate, Information, value_of_information
from model.next_step.order import prices
from model.next_step.target import Decision, read_decision

if TYPE_CHECKING:
    from model.network.network import Network

NAME = "next"
HELP = "which finding to ask for next, or which order to give"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add_patient_options(parser)
    parser.add_argument("--target", choices=TARGETS, default="diagnosis", help="what the bits are about")
    parser.add_argument(
        "--intervals", action="store_true", help="also the 90 %% interval of each finding over the draws"
    )
    next_order.add_options(parser)
    add_answer_options(parser, top=8)


def run(options: argparse.Namespace) -> int:
    """Print the most informative findings for every patient."""
    costs = next_order.check_options(options)
    target = read_decision(options.decision) if options.decision else options.target

    def check(network: Network) -> None:
        prices(network, costs)
        if isinstance(target, Decision):
            target.table(network)

    network, evidence = asked(options, check)
    if options.orders:
        return next_order.run(options, network, evidence, target, costs)
    found = [
        value_of_information(network, evidence.select(i), target=target, intervals=options.intervals)
        for i in range(evidence.n_patients)
    ]
    return tell(
        options,
        (network, evidence),
        found,
        lambda one: case_json(one, options.top),
        lambda one: one.summary(options.top),
        target="decision" if options.decision else options.target,
    )


def case_json(information: Information, top: int) -> dict[str, object]:
    """The answer for one patient with the keys that the module describes."""
    is_decision = information.target == "decision"
    now = {"unit": information.unit, "now": information.now}
    return {
        "id": information.case,
        **(now if is_decision else {"entropy_bits": information.now}),
        "rows": ranked(information.rows.names, information.before),
        "findings": [_candidate_json(information, candidate) for candidate in information.best(top)],
    }


def _candidate_json(information: Information, candidate: Candidate) -> dict[str, object]:
    return {
        "finding": candidate.finding,
        "order": candidate.order,
        "value" if information.target == "decision" else "bits": candidate.value,
        **({} if candidate.interval is None else {"interval": list(candidate.interval)}),
        "states": [
            {"state": state, "predicted": float(p), "rows": ranked(information.rows.names, after)}
            for state, p, after in zip(candidate.states, candidate.predicted, candidate.after, strict=True)
        ],
    }
