"""Seconds of our own heavier questions, beside their goals: sensitivity, explanation, value of knowing, scores."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from model import encode, explain, load_network, score, sensitivity, simulate, switches, value_of_knowing
from model.commands.score import DRAWS_FOR_MANY

N_REPEATS = 3


@dataclass(frozen=True)
class Question:
    """What was asked, the least seconds of a few runs, and the goal."""

    what: str
    seconds: float
    goal: float | None


def questions(n_patients: int = 10_000) -> list[Question]:
    """
    Every question on the shipped network, for a simulated patient of whom 12 findings are known.

    `n_patients` complete simulated patients are scored, over as many draws as `millet score` takes for so many.
    """
    network = load_network()
    case = simulate(network, 1, seed=5, diagnosis="neurosarcoidosis").cases()[0]
    names = [n for n in case.findings if network.knowledge.variables[n].role == "finding"][::11][:12]
    evidence = encode(network, {name: case.findings[name] for name in names})
    few = network.thinned(DRAWS_FOR_MANY)
    patients = simulate(network, n_patients, seed=1).cases()
    asked: list[tuple[str, Callable[[], object], int, float | None]] = [
        ("all one-way functions of a case", lambda: sensitivity(network, evidence), N_REPEATS, 1.0),
        ("explanation with Shapley over 12 findings", lambda: explain(network, evidence), N_REPEATS, 0.5),
        ("value of knowing each number (EVPPI)", lambda: value_of_knowing(network, evidence), 1, 60.0),
        ("assumptions switched, 100 draws", lambda: switches(network, evidence), 1, None),
        (f"score of {n_patients:,} complete simulated patients", lambda: score(few, patients), 1, 60.0),
    ]
    return [Question(what, min(_seconds(ask) for _ in range(n)), goal) for what, ask, n, goal in asked]


def _seconds(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started
