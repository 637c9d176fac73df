"""
`millet explain`: why a diagnosis has the probability it has.

JSON keys: ``version``, ``digest``, ``setting``, ``n_draws``, ``scope`` and ``cases``, a list of the fields of
`model.explanation.Explanation`: ``case``, ``diagnosis``, ``label``, ``prior``, ``probability``, ``total``,
``decisive`` and ``contributions`` (``finding``, ``label``, ``value``, ``alone``, ``in_sequence``,
``without``, ``leader_without``, ``grade``, ``facts``: a list of ``fact``, ``diagnosis``, ``statement``,
``document``, ``location``; empty: no source).
"""

from __future__ import annotations

import argparse
from dataclasses import asdict

from model.commands.common import (
    add_network_options,
    add_output_options,
    add_patient_options,
    network_of,
    patients_of,
    print_json,
    print_text,
    provenance,
)

NAME = "explain"
HELP = "why a diagnosis has the probability it has, with sources"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add_patient_options(parser)
    parser.add_argument(
        "--diagnosis", metavar="NAME", help="leaf or table row to explain (default: the leading row)"
    )
    add_network_options(parser)
    parser.add_argument("--facts", type=int, default=2, metavar="N", help="facts shown per finding (2)")
    add_output_options(parser, top=None)


def run(options: argparse.Namespace) -> int:
    """Print the explanation for every patient."""
    from model.evidence import encode
    from model.explanation import explain

    cases = patients_of(options)
    network = network_of(options)
    evidence = encode(network, cases)
    found = [
        explain(network, evidence.select(i), diagnosis=options.diagnosis) for i in range(evidence.n_patients)
    ]
    if options.json:
        print_json({**provenance(network), "cases": [asdict(explanation) for explanation in found]})
    else:
        print_text(*(explanation.summary(n_facts=max(0, options.facts)) for explanation in found))
    return 0
