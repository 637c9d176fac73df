"""List every problem of the tables, and what they cover; exit with 1 if there is an error."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from priors.checks import check


def main(arguments: list[str] | None = None) -> int:
    """Print the report on a folder of tables; return 1 if it holds an error, else 0."""
    parser = argparse.ArgumentParser(prog="python -m priors", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, help="folder of tables; the package's own if left out"
    )
    report = check(parser.parse_args(arguments).folder)
    print(report)
    return 1 if report.errors else 0


if __name__ == "__main__":
    sys.exit(main())
