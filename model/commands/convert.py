"""
`millet convert`: patients from phenopackets or tables into case files, and into phenopackets.

The file is recognised by what is in it. The result is JSON on standard output or in ``--out``: one object for one
patient, a list for several. What the other format cannot hold is said on standard error, one line each.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from datetime import UTC, datetime

from model.commands.common import cases_of, tell_notes, written_file
from model.errors import CaseFileError, plain
from model.files import replacing
from model.patient.cases import CASE_KEYS, Case

NAME = "convert"
HELP = "phenopackets (GA4GH, versions 1 and 2) or tables into case files, and patients into phenopackets"
CREATED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "file",
        metavar="FILE",
        help="phenopackets, case file or table (JSON, CSV, Parquet), or - for standard input",
    )
    parser.add_argument("--to", choices=("phenopacket", "case"), required=True, help="what to write")
    parser.add_argument(
        "--out", type=written_file, metavar="FILE", help="where to (default: standard output)"
    )
    parser.add_argument(
        "--created",
        metavar="TIME",
        help="time stamp of phenopackets, such as 2026-01-31T12:00:00Z (default: now)",
    )


def run(options: argparse.Namespace) -> int:
    """Write the patients in the other format."""
    from model.exchange.phenopacket_write import to_phenopacket
    from model.network.shipped import load_network
    from model.patient.evidence import encode
    from priors import load_knowledge_base

    created = options.created or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if not CREATED.fullmatch(created):
        raise CaseFileError(
            f"--created: found {plain(created)}; allowed is a time such as 2026-01-31T12:00:00Z; change it"
        )
    knowledge = load_knowledge_base()
    cases = cases_of(options, knowledge)
    encode(load_network(), cases)  # refuses what cannot be read, with its place
    if options.to == "phenopacket":
        written = [to_phenopacket(case, knowledge, created=created) for case in cases]
        found: list[object] = [one.packet for one in written]
        tell_notes(options, [note for one in written for note in one.notes])
    else:
        found = [case_json(case) for case in cases]
    text = json.dumps(found[0] if len(found) == 1 else found, indent=2, allow_nan=False) + "\n"
    if options.out is None:
        sys.stdout.write(text)
    else:
        with replacing(options.out) as aside:
            aside.write_text(text, encoding="utf-8")
    return 0


def case_json(case: Case) -> dict[str, object]:
    """A case with the keys of a case file that say something."""
    content = {key: getattr(case, key) for key in CASE_KEYS} | {"findings": dict(case.findings)}
    return {key: value for key, value in content.items() if value or key == "findings"}
