"""Thirty-two threads ask one network at the same time: the answers are those of one thread, and memory stays flat."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil

from model import encode, load_network, posterior, value_of_information
from model.patient.cases import read_cases
from tests.support.source import ROOT

SECONDS = float(os.environ.get("MILLET_SOAK_SECONDS", "12"))
"""How long each test goes on; `make soak` takes two minutes."""

N_THREADS = 32
LEAST = 4
"""Questions that each thread asks at least, however slow the machine."""

N_PATIENTS = 10
MAX_GROWTH = 150_000_000
"""Bytes that the process may grow by between the first third and the end."""

CASES = read_cases(ROOT / "priors" / "cases" / "published.json")[:N_PATIENTS]
NETWORK = load_network()
MEAN = NETWORK.at_mean()


def differential(case):
    return posterior(NETWORK, encode(NETWORK, case)).probabilities


def information(case):
    found = value_of_information(MEAN, encode(MEAN, case))
    return np.array([one.bits for one in found.best(20)])


QUESTIONS = (differential, information)


def test_the_answers_of_many_threads_are_those_of_one():
    expected = {(i, ask): ask(case) for i, case in enumerate(CASES) for ask in QUESTIONS}
    process, start, sizes = psutil.Process(), time.monotonic(), []

    def work(thread):
        rng, n = np.random.default_rng(thread), 0
        while n < LEAST or time.monotonic() < start + SECONDS:
            i, ask = int(rng.integers(N_PATIENTS)), QUESTIONS[int(rng.integers(len(QUESTIONS)))]
            np.testing.assert_allclose(ask(CASES[i]), expected[i, ask], rtol=1e-12)
            n += 1
            if thread == 0:
                sizes.append(process.memory_info().rss)
        return n

    with ThreadPoolExecutor(N_THREADS) as threads:
        done = list(threads.map(work, range(N_THREADS)))
    assert max(sizes[len(sizes) // 3 :]) - sizes[len(sizes) // 3] < MAX_GROWTH
    print(f"{sum(done)} answers of {N_THREADS} threads in {SECONDS:g} s; {sizes[-1] / 1e6:.0f} MB")
