"""
`millet explain`: why a diagnosis has the probability it has, and why not another one.

JSON keys: the provenance (`model.commands.common.provenance`) and ``cases``, a
list of what `model.why.results.Explanation.to_dict` gives:

* ``unit`` (``ban`` or ``deciban``), ``case``, ``diagnosis``, ``label``, ``prior``, ``probability``, ``total``,
  ``decisive``;
* ``contributions``: ``finding``, ``label``, ``value``, ``alone``, ``in_sequence``, ``order_free``,
  ``order_free_error``, ``without``, ``leader_without``, ``leader_label_without``, ``grade``, ``facts`` (``fact``,
  ``diagnosis``, ``statement``, ``document``, ``location``, ``address``; ``fact`` is ``judgement`` where only that says
  it; empty: no source);
* ``method``, ``order_free_total``, ``order_free_draws``;
* ``conflict``: ``value``, ``low``, ``high``, ``verdict``, ``clash``, ``clash_labels``, ``clash_value``, ``explained_by``
  (``diagnosis``, ``label``, ``support``, ``probability``);
* ``surprise``: ``percentile``, ``standard_error``, ``log10_probability``, ``typical``, ``n``, ``seed``;
* ``counterfactuals``: ``kind``, ``changes`` (``finding``, ``label``, ``value``, ``to``, ``to_label``), ``leader``,
  ``leader_label``, ``probability``;
* ``footing``, what the weight of evidence rests on: ``diagnosis``, ``label``, ``against``, ``against_label`` (the nearest
  rival), ``findings`` (``finding``, ``label``, ``order_free``, ``basis``, ``ground``, ``basis_against``,
  ``ground_against``), ``shares`` and ``shares_against`` (``cohorts``, ``documents``, ``judgement``, ``nothing``: shares
  of the weight without sign), and ``judgement``, what that is, where something rests on it;
* ``contrast``, null unless asked for: ``diagnosis``, ``label``, ``against``, ``against_label``, ``prior_odds``,
  ``posterior_odds``, ``total``, ``method``, ``contributions`` (as above, with ``facts`` and ``facts_against``);
* ``paragraph``: all of it in plain language.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from model.commands.common import (
    add_answer_options,
    add_patient_options,
    add_seed_option,
    asked,
    positive,
    tell,
)
from model.progress import watched

if TYPE_CHECKING:
    from model.why.results import Explanation, Unit

NAME = "explain"
HELP = "why a diagnosis has the probability it has, with sources"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add_patient_options(parser)
    parser.add_argument(
        "--diagnosis", metavar="NAME", help="leaf or table row to explain (default: the leading row)"
    )
    parser.add_argument(
        "--contrast",
        nargs=2,
        metavar=("X", "Y"),
        help="why X and not Y; explains X unless --diagnosis is given",
    )
    parser.add_argument("--decibans", action="store_true", help="weights of evidence in decibans (10 log10)")
    parser.add_argument(
        "--paragraph", action="store_true", help="a paragraph in plain language before the tables"
    )
    parser.add_argument(
        "--simulated",
        type=positive,
        default=1000,
        metavar="N",
        help="patients simulated for the surprise (1000)",
    )
    add_seed_option(parser, "everything sampled")
    parser.add_argument("--facts", type=int, default=2, metavar="N", help="facts shown per finding (2)")
    add_answer_options(parser, top=None)


def run(options: argparse.Namespace) -> int:
    """Print the explanation for every patient."""
    from model.why.explanation import check_names, explain

    pair = (options.contrast[0], options.contrast[1]) if options.contrast else None
    network, evidence = asked(options, lambda known: check_names(known, options.diagnosis, pair))
    unit: Unit = "deciban" if options.decibans else "ban"
    found = [
        explain(
            network,
            evidence.select(i),
            diagnosis=options.diagnosis,
            contrast=pair,
            n_simulated=options.simulated,
            seed=options.seed,
        )
        for i in watched(range(evidence.n_patients), what="patients", after=0)
    ]
    return tell(
        options,
        (network, evidence),
        found,
        lambda one: one.to_dict(unit=unit),
        lambda one: _text(one, unit, options),
    )


def _text(one: Explanation, unit: Unit, options: argparse.Namespace) -> str:
    tables = one.summary(n_facts=max(0, options.facts), unit=unit)
    return f"{one.paragraph()}\n\n{tables}" if options.paragraph else tables
