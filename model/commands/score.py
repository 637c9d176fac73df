"""
`millet score`: how well the network does on cases whose truth is known.

JSON keys: the provenance (`model.commands.common.provenance`),
``mask_confirmatory``; the totals ``n``, ``top1``, ``top3`` (shares of the scored cases), ``top1_interval``,
``top3_interval`` (95 %, Wilson), ``log_score`` (mean natural log of P(true row)), ``brier``; ``baselines`` (``prior``,
``naive_bayes`` -> the same totals); and ``cases``, a list of ``id``, ``truth``, ``posterior`` (leaf -> p), ``rows``
(table row -> p), ``ms_course``, ``ms_variant`` (state -> p if it is multiple sclerosis) and ``rank`` of the truth
among the rows (null without a truth: such a case is not scored).

With ``--details`` or ``--report`` also ``calibration`` (``leader`` and ``rows``: a list of ``n``, ``predicted``,
``observed``, ``low``, ``high``, ``chance_low``, ``chance_high``), ``diseases`` (``row``, ``n``, ``top1``, ``top1_low``,
``top1_high``, ``top3``, ``p_truth``, ``taken_for``), ``reveal`` (``order``, ``n_findings``, and ``top1``, ``top3``,
``log_score``, ``brier`` of ``network``, ``prior``, ``naive_bayes``) and ``reliability`` (``way``, ``level``, ``coverage``,
``low``, ``high``, ``p_value``; null with a single set of parameters).

Approximation: above 1,000 cases the mean is taken over 100 evenly spaced draws, unless ``--draws`` says otherwise;
``n_draws`` tells.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from model.commands.common import (
    add_answer_options,
    add_seed_option,
    cases_of,
    network_of,
    positive,
    print_json,
    print_text,
    provenance,
    simulated,
    written_file,
)
from model.errors import EvidenceError
from model.files import replacing
from model.progress import watched
from model.text import percent, table
from model.validation.score import Score, score

if TYPE_CHECKING:
    from model.network.network import Network
    from model.patient.cases import Case
    from model.validation.assessment import Assessment

NAME = "score"
HELP = "scores on cases whose truth is known, beside two baselines"

MANY_CASES = 1000
DRAWS_FOR_MANY = 100
N_REVEALED = 500
"""So many cases, the first ones, are revealed order by order."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="case file (JSON) with truths, or published, or - for standard input",
    )
    parser.add_argument(
        "--simulated", type=simulated, metavar="N", help="score N patients simulated from the network instead"
    )
    add_seed_option(parser, "everything simulated")
    parser.add_argument(
        "--mask-confirmatory", action="store_true", help="take away findings that proved the diagnosis"
    )
    parser.add_argument(
        "--report", type=written_file, metavar="FILE", help="also write one HTML page with figures"
    )
    parser.add_argument(
        "--details", action="store_true", help="calibration, diseases, order by order, reliability"
    )
    parser.add_argument(
        "--draws",
        type=positive,
        metavar="N",
        help=f"evenly spaced draws to average over (all; above {MANY_CASES} cases {DRAWS_FOR_MANY})",
    )
    add_answer_options(parser, top=None)


def run(options: argparse.Namespace) -> int:
    """Print the scores and one line per case."""
    if (options.file is None) == (options.simulated is None):
        raise EvidenceError("score: give either a case file (- for standard input) or --simulated N")
    whole = network_of(options)
    cases = cases_of(options, whole.knowledge) if options.file else []
    if options.simulated:
        from model.patient.simulation import simulate

        cases = list(simulate(whole, options.simulated, seed=options.seed).cases())
    usual = DRAWS_FOR_MANY if len(cases) > MANY_CASES else whole.n_draws
    network = whole.thinned(options.draws or usual)
    found = score(
        network,
        cases,
        mask_confirmatory=options.mask_confirmatory,
        progress=partial(watched, after=0, what="groups of patients"),
    )
    more = _assessed(network, cases, found, options) if options.details or options.report else None
    if options.report is not None and more is not None:
        from model.pages.assessment import page

        with replacing(options.report) as aside:
            aside.write_text(page(more), encoding="utf-8")
    if options.json:
        details = {} if more is None else details_json(more)
        print_json({**provenance(network, cases if options.file else ()), **score_json(found), **details})
    else:
        written = [f"written: {options.report}"] if options.report else []
        print_text(_case_table(found), found.summary(), *_details(more), *written)
    return 0


def _assessed(
    network: Network, cases: Sequence[Case], found: Score, options: argparse.Namespace
) -> Assessment:
    """What goes beyond the scores."""
    from model.validation.assessment import assess
    from model.validation.reliability import reliability
    from model.validation.reveal import reveal

    known = [case for case in cases if case.truth is not None][:N_REVEALED]
    steps = reveal(
        network,
        known,
        mask_confirmatory=options.mask_confirmatory,
        progress=partial(watched, after=0, what="groups of patients"),
    )
    what = f"{options.simulated} simulated patients" if options.simulated else Path(options.file).name
    about = {
        name: str(value) for name, value in provenance(network).items() if name not in ("scope", "protocol")
    }
    about |= {"seed": str(options.seed), "cases revealed order by order": str(len(known))}
    return assess(
        found,
        network.knowledge,
        reveal=steps,
        reliability=reliability(network, seed=options.seed) if network.n_draws > 1 else None,
        title=f"Millet: scores on {what}",
        about=about,
    )


def score_json(found: Score) -> dict[str, object]:
    """Scores with the keys that the module describes."""
    return {
        "mask_confirmatory": found.is_masked,
        **asdict(found.totals),
        "baselines": {name: asdict(totals) for name, totals in found.baselines.items()},
        "cases": [asdict(case) for case in found.cases],
    }


def details_json(found: Assessment) -> dict[str, object]:
    """The further parts with the keys that the module describes."""
    parts = {"diseases": found.diseases, "reveal": found.reveal, "reliability": found.reliability}
    frames = {name: None if part is None else part.to_frame() for name, part in parts.items()}
    calibrated = {"leader": found.of_leader, "rows": found.of_rows}
    return {
        "calibration": {name: one.to_frame().to_dict("records") for name, one in calibrated.items()},
        **{name: None if frame is None else frame.to_dict("records") for name, frame in frames.items()},
    }


def _details(found: Assessment | None) -> list[str]:
    """The further parts as text, each below its name."""
    if found is None:
        return []
    named = {
        "Calibration of the leading diagnosis": found.of_leader.summary(),
        "By disease": found.diseases.summary(),
        "Order by order": found.reveal.summary() if found.reveal else "",
        "Reliability of the intervals (simulated patients)": found.reliability.summary()
        if found.reliability
        else "",
    }
    return [f"{name}\n{text}" for name, text in named.items() if text]


def _case_table(found: Score) -> str:
    cells = []
    for case in found.cases:
        leader, p = next(iter(case.rows.items()))
        cells.append((case.id, case.truth or "not given", str(case.rank or "-"), leader, percent(p)))
    return table(("case", "truth", "rank", "leading row", "probability"), cells, right=(2, 4))
