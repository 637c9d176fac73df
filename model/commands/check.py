"""
`millet check`: every problem of the tables at once.

JSON keys: ``version``, ``scope``, ``errors``, ``warnings`` (numbers), ``problems`` (a list of ``level``,
``file``, ``line``, ``message``, ``remedy``).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from model.commands.common import add_output_options, existing_folder, print_json, print_text
from model.text import SCOPE

NAME = "check"
HELP = "list every problem of the tables"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "folder", nargs="?", type=Path, help="folder of tables (default: those of the package)"
    )
    add_output_options(parser, top=None)


def run(options: argparse.Namespace) -> int:
    """Print the report; 1 if there is an error in the tables, else 0."""
    from model import __version__
    from priors.checks import check

    if options.folder is not None:
        existing_folder(options.folder)
    report = check(options.folder)
    if options.json:
        keys = ("level", "file", "line", "message", "remedy")
        print_json(
            {
                "version": __version__,
                "scope": SCOPE,
                "errors": len(report.errors),
                "warnings": len(report.warnings),
                "problems": [{key: getattr(problem, key) for key in keys} for problem in report.problems],
            }
        )
    else:
        print_text(str(report))
    return 1 if report.errors else 0
