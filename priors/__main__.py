"""List every problem of the tables, and what they cover; exit with 1 if there is an error."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from priors.checks import check

PIPE_CLOSED = 141
"""Exit status where the reader of a pipe has left."""


def main(arguments: list[str] | None = None) -> int:
    """Print the report on a folder of tables; return 1 if it holds an error, 141 if nobody reads on, else 0."""
    parser = argparse.ArgumentParser(prog="python -m priors", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, help="folder of tables; the package's own if left out"
    )
    report = check(parser.parse_args(arguments).folder)
    try:
        print(report, flush=True)
    except BrokenPipeError:
        # The interpreter flushes standard output once more when it ends; give it somewhere to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    return 1 if report.errors else 0


if __name__ == "__main__":
    sys.exit(main())
