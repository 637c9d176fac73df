"""Seconds of our own heavier questions and of the notebooks, beside their goals: what no test asserts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from model import (
    encode,
    explain,
    load_network,
    plan_orders,
    score,
    sensitivity,
    simulate,
    switches,
    value_of_information,
    value_of_knowing,
)
from model.commands.score import DRAWS_FOR_MANY
from model.network.storage import load_record
from model.why.weight import coalitions

N_REPEATS = 3
ROOT = Path(__file__).resolve().parent.parent


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

    def with_intervals() -> object:
        return value_of_information(network, evidence, intervals=True)

    asked: list[tuple[str, Callable[[], object], int, float | None]] = [
        ("import model in an interpreter of its own", import_model, N_REPEATS, 0.5),
        ("4,096 subsets of 12 findings in all draws", lambda: coalitions(network, evidence), N_REPEATS, 0.5),
        ("all one-way functions of a case", lambda: sensitivity(network, evidence), N_REPEATS, 1.0),
        ("explanation with Shapley over 12 findings", lambda: explain(network, evidence), N_REPEATS, 0.5),
        ("information of all findings", lambda: value_of_information(network, evidence), N_REPEATS, 0.025),
        ("the same with intervals", with_intervals, N_REPEATS, 0.025),
        ("plan of orders", lambda: plan_orders(network, evidence, budget=6), N_REPEATS, 1.5),
        ("value of knowing each number (EVPPI)", lambda: value_of_knowing(network, evidence), 1, 1.5),
        ("assumptions switched, 100 draws", lambda: switches(network, evidence), 1, 2.0),
        (f"score of {n_patients:,} complete simulated patients", lambda: score(few, patients), 1, 60.0),
    ]
    found = [Question(what, min(_seconds(ask) for _ in range(n)), goal) for what, ask, n, goal in asked]
    return [*found, elicitation()]


def import_model() -> None:
    """What a program waits for before the first answer."""
    subprocess.run([sys.executable, "-c", "import model"], check=True, cwd=ROOT)


def elicitation() -> Question:
    """The run of the sampler that made the shipped draws, as it was recorded with them."""
    record = load_record()
    seconds = record["seconds_compile"] + record["seconds_sample"]
    return Question("elicitation of the shipped draws, as recorded", seconds, 600.0)


def notebooks() -> list[Question]:
    """Every notebook, run once."""
    import nbformat
    from nbclient import NotebookClient

    def run(path: Path) -> None:
        resources = {"metadata": {"path": str(path.parent)}}
        notebook = nbformat.read(path, as_version=4)
        client = NotebookClient(notebook, timeout=None, kernel_name="python3", resources=resources)
        client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})

    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    return [Question(path.stem, _seconds(lambda path=path: run(path)), 150.0) for path in paths]


def _seconds(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started
