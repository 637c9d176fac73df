"""
`millet score`: how well the network does on cases whose truth is known.

JSON keys: ``version``, ``digest``, ``setting``, ``n_draws``, ``scope``, ``mask_confirmatory``; the totals
``n``, ``top1``, ``top3`` (shares of the scored cases), ``top1_interval``, ``top3_interval`` (95 %, Wilson),
``log_score`` (mean natural log of P(true row)), ``brier``; ``baselines`` (``prior``, ``naive_bayes`` -> the
same totals); and ``cases``, a list of ``id``, ``truth``, ``posterior`` (leaf -> p), ``rows`` (table row ->
p), ``ms_course``, ``ms_variant`` (state -> p if it is multiple sclerosis) and ``rank`` of the truth among the
rows (null without a truth: such a case is not scored).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from model.commands.common import (
    add_network_options,
    add_output_options,
    cases_of,
    network_of,
    print_json,
    print_text,
    provenance,
)
from model.text import percent, table
from model.validation import Score, score

NAME = "score"
HELP = "scores on cases whose truth is known, beside two baselines"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("file", metavar="FILE", help="case file (JSON) with truths, or - for standard input")
    parser.add_argument(
        "--mask-confirmatory", action="store_true", help="take away findings that proved the diagnosis"
    )
    add_network_options(parser)
    add_output_options(parser, top=None)


def run(options: argparse.Namespace) -> int:
    """Print the scores and one line per case."""
    cases = cases_of(options.file)
    network = network_of(options)
    found = score(network, cases, mask_confirmatory=options.mask_confirmatory, progress=_progress)
    if options.json:
        print_json({**provenance(network), **score_json(found)})
    else:
        print_text(_case_table(found), found.summary())
    return 0


def _progress(groups: Sequence[slice]) -> Iterable[slice]:
    """A progress bar on standard error, if somebody watches and it takes long enough to want one."""
    if len(groups) < 2 or not sys.stderr.isatty():
        return groups
    from tqdm import tqdm

    bar: Iterable[slice] = tqdm(groups, desc="patients", unit="group", leave=False)
    return bar


def score_json(found: Score) -> dict[str, object]:
    """Scores with the keys that the module describes."""
    return {
        "mask_confirmatory": found.is_masked,
        **asdict(found.totals),
        "baselines": {name: asdict(totals) for name, totals in found.baselines.items()},
        "cases": [asdict(case) for case in found.cases],
    }


def _case_table(found: Score) -> str:
    cells = []
    for case in found.cases:
        leader, p = next(iter(case.rows.items()))
        cells.append((case.id, case.truth or "not given", str(case.rank or "-"), leader, percent(p)))
    return table(("case", "truth", "rank", "leading row", "probability"), cells, right=(2, 4))
