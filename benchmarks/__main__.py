"""
``python -m benchmarks [--json]``: how long each engine takes, and how far their answers differ.

Everything is measured in one run, on the same networks and evidence. What a peer would need minutes for is measured on
fewer patients or draws and scaled up; the table says on how many. Ratios are what to read: times depend on the machine.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from statistics import median
from time import perf_counter

import numpy as np

from benchmarks.engines import Engine, Millet, Pgmpy, PyAgrum
from benchmarks.problems import N_MANY, N_SINGLE, Problem, millet_problem, random_problem
from model.inference.graph import FloatArray

PEERS: tuple[type[Engine], ...] = (PyAgrum, Pgmpy)


@dataclass(frozen=True)
class Row:
    """
    One question to all engines.

    Attributes
    ----------
    network, question : str
    milliseconds : dict of engine to median time
    measured_on : dict of engine to number of patients or draws that were really computed
    ratios : dict of peer to its time in units of ours
    difference : float
        Largest absolute difference between our answer and that of a peer.
    """

    network: str
    question: str
    milliseconds: dict[str, float]
    measured_on: dict[str, int]
    ratios: dict[str, float]
    difference: float


def timed(call: Callable[[], FloatArray], repeats: int) -> tuple[float, FloatArray]:
    """Median time in milliseconds, and the answer."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        answer = call()
        times.append(1e3 * (perf_counter() - start))
    return median(times), answer


def one_by_one(
    problem: Problem, engines: list[Engine], question: str, method: str, counts: dict[str, int]
) -> Row:
    """A question about single patients: median over them."""
    times, answers = {}, {}
    for engine in engines:
        ask = getattr(engine, method)
        ask(problem.single[0])
        n_patients = counts[engine.name]
        found = [
            timed(partial(ask, states), 5 if isinstance(engine, Millet) else 1)
            for states in problem.single[:n_patients]
        ]
        times[engine.name] = median(time for time, _ in found)
        answers[engine.name] = [answer for _, answer in found]
    return row(problem, question, times, counts, answers)


def scaled(
    problem: Problem, engines: list[Engine], question: str, n: int, counts: dict[str, int], method: str
) -> Row:
    """A question that takes as long as there are patients or draws: measured on some, scaled to n."""
    times, answers = {}, {}
    for engine in engines:
        count = counts[engine.name]
        call = (
            (lambda e=engine, c=count: e.many(c))
            if method == "many"
            else (lambda e=engine, c=count: e.over_draws(problem.single[0], c))
        )
        time, answer = timed(call, 5 if isinstance(engine, Millet) else 1)
        times[engine.name] = time * n / count
        answers[engine.name] = list(answer)
    return row(problem, question, times, counts, answers)


def row(
    problem: Problem,
    question: str,
    times: dict[str, float],
    counts: dict[str, int],
    answers: dict[str, list[FloatArray]],
) -> Row:
    """Ratios and the largest difference."""
    ours = answers[Millet.name]
    gaps = [
        float(np.abs(mine - other).max())
        for peer in PEERS
        for mine, other in zip(ours, answers[peer.name], strict=False)
    ]
    ratios = {peer.name: times[peer.name] / times[Millet.name] for peer in PEERS}
    return Row(problem.name, question, times, counts, ratios, max(gaps))


def measure(problem: Problem) -> list[Row]:
    """All questions about one network."""
    engines = [Millet(problem), *(peer(problem) for peer in PEERS)]
    n_draws = problem.graph.n_draws
    return [
        one_by_one(
            problem,
            engines,
            "posterior of one patient",
            "posterior",
            {"Millet": N_SINGLE, "pyAgrum": N_SINGLE, "pgmpy": N_SINGLE},
        ),
        one_by_one(
            problem,
            engines,
            "posterior and information of all unknown findings",
            "information",
            {"Millet": N_SINGLE, "pyAgrum": 5, "pgmpy": 3},
        ),
        scaled(
            problem,
            engines,
            f"posterior of one patient in {n_draws} draws",
            n_draws,
            {"Millet": n_draws, "pyAgrum": 10, "pgmpy": 5},
            "over_draws",
        ),
        scaled(
            problem,
            engines,
            f"posterior of {N_MANY:,} patients with missing findings",
            N_MANY,
            {"Millet": N_MANY, "pyAgrum": 1000, "pgmpy": 300},
            "many",
        ),
    ]


def text(rows: list[Row]) -> str:
    """A table for people."""
    header = f"{'question':52} {'Millet':>11} {'pyAgrum':>22} {'pgmpy':>22}  {'difference':>10}"
    lines = []
    for name in dict.fromkeys(r.network for r in rows):
        lines += [f"{name}, milliseconds (x = times as long as Millet)", header]
        for r in (r for r in rows if r.network == name):
            peers = [f"{r.milliseconds[p.name]:,.1f} ({r.ratios[p.name]:,.0f} x)" for p in PEERS]
            ours = f"{r.milliseconds[Millet.name]:,.3f}"
            lines.append(f"{r.question:52} {ours:>11} {peers[0]:>22} {peers[1]:>22}  {r.difference:10.0e}")
        lines.append("")
    counts = "; ".join(f"{r.network}, {r.question}: {r.measured_on}" for r in rows)
    return "\n".join(
        [*lines, f"Measured on so many patients or draws, scaled up where more are named: {counts}"]
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").strip())
    parser.add_argument("--json", action="store_true", help="print an object for programs")
    arguments = parser.parse_args()
    rows = [found for make in (random_problem, millet_problem) for found in measure(make())]
    print(json.dumps([asdict(r) for r in rows], indent=2) if arguments.json else text(rows))


if __name__ == "__main__":
    main()
