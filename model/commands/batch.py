"""
`millet batch`: the differential of every patient of a table, into another table.

One row a patient, one column a finding; an empty cell is a finding that was not assessed, ``a|b`` is one of two. JSON
keys: ``version``, ``digest``, ``setting``, ``knowledge``, ``protocol`` (columns that say how patients were examined),
``n_draws``, ``scope``, ``target``, ``n_patients`` and ``n_problems``, the number of patients whose findings are
impossible together.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from model.commands.common import (
    add_network_options,
    add_output_options,
    file_named,
    network_of,
    positive,
    print_json,
    print_text,
    provenance,
    tell_notes,
    written_file,
)
from model.text import counted

NAME = "batch"
HELP = "differential of every patient of a table (CSV or Parquet)"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "table",
        metavar="FILE",
        help="patients: a table (CSV, Parquet), case file or phenopackets, or - for standard input",
    )
    parser.add_argument(
        "--out",
        type=written_file,
        required=True,
        metavar="FILE",
        help="answers: a file that ends in .csv or .parquet",
    )
    parser.add_argument(
        "--draws",
        type=positive,
        metavar="N",
        help="mean over N parameter draws, with 90 %% intervals (default: mean parameters, which is quickest)",
    )
    parser.add_argument("--chunk", type=positive, metavar="N", help="rows at a time (as many as 200 MB hold)")
    add_network_options(parser)
    add_output_options(parser, top=None)


def run(options: argparse.Namespace) -> int:
    """Write the answers."""
    from model.diagnosis.batch_files import answer_file, known_format

    known_format(options.out)
    network = network_of(options)
    network = network.at_mean() if options.draws is None else network.thinned(options.draws)
    made_by = provenance(network)
    source = file_named(options.table)
    with counting(Path(source.name).name) as progress:
        done = answer_file(
            source, options.out, network, provenance=made_by, chunk=options.chunk, progress=progress
        )
    tell_notes(options, done.notes)
    if options.json:
        counts = {"target": str(options.out), "n_patients": done.n_patients, "n_problems": done.n_problems}
        protocol = [name for name in network.knowledge.of_role("protocol") if name in done.columns]
        print_json({**made_by, "protocol": protocol, **counts})
        return 0
    said = f"{counted(done.n_patients, 'patient')} answered into {options.out}"
    if done.n_problems:
        said += (
            f"; {counted(done.n_problems, 'of them has', 'of them have')} a problem, see the column problem"
        )
    if network.n_draws == 1:
        said += "; at mean parameters: --draws N gives the mean over draws, as the other commands do"
    print_text(f"{said}.")
    return 0


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, float], None] | None]:
    """Takes what is done and shows it on standard error, out of as many patients as it comes to; None if nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    def count(n_patients: int, share: float) -> None:
        bar.total = round((bar.n + n_patients) / share)
        bar.update(n_patients)

    with tqdm(desc=what, unit=" patients", leave=False) as bar:
        yield count
