"""
Seconds of our own questions in units of one fixed piece of arithmetic, as JSON: what `make bench-compare` compares.

Run as a file, with the checkout that is to be measured first on the path. It asks public functions alone, so that it
measures older commits as well.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

# Processor time of one thread: other work on the machine lengthens every wait, and two threads wait for each other.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

import model
from model import (
    encode,
    information_of_orders,
    load_network,
    plan_orders,
    posterior,
    simulate,
    switches,
    value_of_information,
    value_of_knowing,
)
from model.network.shipped import forget_networks

N_REPEATS = 3
N_PATIENTS = 2000
FEW = {"age_years": 39, "sex": "male", "enhancement_pattern": "miliary", "pvs_pattern": "present"}


def reference() -> None:
    """Arithmetic that no commit changes: it feels a busy machine as our questions do."""
    cells = np.linspace(0.1, 1.0, 1_000_000)
    for _ in range(5):
        (np.log(cells) * cells).sum()


def questions() -> dict[str, Callable[[], object]]:
    """What is asked, by name."""
    network = load_network()
    few = encode(network, FEW)
    patients = simulate(network, N_PATIENTS, seed=1).evidence()

    def anew() -> object:
        forget_networks()
        return load_network(knowledge="published").plan  # which nobody else holds

    return {
        "network made and compiled": anew,
        "posterior": lambda: posterior(network, few),
        "posterior of 2,000 patients at the mean": lambda: posterior(network.at_mean(), patients),
        "value of information": lambda: value_of_information(network, few, target="row"),
        "value of information, with intervals": lambda: value_of_information(network, few, intervals=True),
        "information of orders": lambda: information_of_orders(network, few, samples=400),
        "plan": lambda: plan_orders(network, few, budget=10),
        "assumptions switched": lambda: switches(network, few),
        "value of knowing": lambda: value_of_knowing(network, few),
    }


def least(ask: Callable[[], object]) -> float:
    """Least seconds of processor time of a few runs, which other work on the machine disturbs least."""
    seconds = []
    for _ in range(N_REPEATS):
        start = time.process_time()
        ask()
        seconds.append(time.process_time() - start)
    return min(seconds)


def main() -> None:
    """Print the ratios, and which checkout was measured."""
    asked = questions()
    ratios = {name: least(ask) / least(reference) for name, ask in asked.items()}
    print(json.dumps({"checkout": str(Path(model.__file__).parents[1]), "ratios": ratios}))


if __name__ == "__main__":
    main()
