"""`python -m benchmarks.compare BEFORE AFTER`: which questions got slower; files with one JSON object of `guard` a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

LIMIT = 1.2
"""A question that takes this many times as long as before is told of."""


def least(path: Path) -> dict[str, float]:
    """Question -> the least ratio of all runs in a file."""
    runs = [json.loads(line)["ratios"] for line in path.read_text(encoding="utf-8").splitlines()]
    return {name: min(run[name] for run in runs) for name in runs[0]}


def slower(before: Mapping[str, float], after: Mapping[str, float]) -> tuple[str, ...]:
    """
    Questions that take more than `LIMIT` times as long; what was not asked before is not compared.

    Examples
    --------
    >>> slower({"plan": 10.0, "posterior": 1.0}, {"plan": 12.1, "posterior": 1.1, "orders": 3.0})
    ('plan',)
    """
    return tuple(name for name, ratio in after.items() if name in before and ratio > LIMIT * before[name])


def main(arguments: list[str]) -> int:
    """Print both columns; 1 if something got slower."""
    before, after = (least(Path(name)) for name in arguments)
    late = slower(before, after)
    print(f"{'in units of one piece of arithmetic':45} {'before':>8} {'after':>8}")
    for name, ratio in after.items():
        was = before.get(name)
        said = "       -" if was is None else f"{was:8.2f}"
        print(f"{name:45} {said} {ratio:8.2f}{'  SLOWER' if name in late else ''}")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
