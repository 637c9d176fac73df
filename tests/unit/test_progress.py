"""Long questions tell how far they have got, and answer as they do when nobody listens."""

import io
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from model import (
    compare_policies,
    encode,
    load_network,
    plan_orders,
    posterior,
    rank_drivers,
    read_cases,
    score,
    simulate,
    switches,
    value_of_knowing,
)
from model.diagnosis import differential
from model.progress import is_watched, watched
from model.robustness.number import numbers_of
from tests.support.source import ROOT

NETWORK = load_network().thinned(50)
EVIDENCE = encode(NETWORK, {"sex": "male", "pvs_pattern": "present"})
NUMBERS = numbers_of(NETWORK)
PATIENTS = simulate(NETWORK.at_mean(), 3, seed=1)
CASES = read_cases(ROOT / "priors" / "cases" / "published.json")[:3]
QUESTIONS = {
    "switches": lambda **how: (
        switches(NETWORK, EVIDENCE, mappings=["literature"], n_draws=5, **how).probabilities
    ),
    "plan": lambda **how: plan_orders(NETWORK, EVIDENCE, budget=3, depth=2, samples=20, **how).summary(),
    "plan ahead": lambda **how: plan_orders(
        NETWORK, EVIDENCE, budget=3, depth=1, samples=20, way="lookahead", **how
    ).summary(),
    "value of knowing": lambda **how: value_of_knowing(NETWORK, EVIDENCE, numbers=NUMBERS, **how).bits,
    "posterior": lambda **how: posterior(NETWORK, encode(NETWORK, [{}] * 5), **how).mean,
    "drivers": lambda **how: rank_drivers(NETWORK, EVIDENCE, top=2, n_samples=32, **how).total,
    "policies": lambda **how: compare_policies(
        NETWORK.at_mean(), PATIENTS, policies=("fixed", "random"), **how
    ).summary(),
    "score": lambda **how: score(NETWORK.at_mean(), CASES, **how).summary(),
    "simulate": lambda **how: simulate(NETWORK, 5, seed=1, **how).states["fever"],
    "cases": lambda **how: simulate(NETWORK, 5, seed=1).cases(**how),
}


@pytest.fixture(autouse=True)
def two_patients_at_a_time(monkeypatch):
    """So that few patients are several pieces."""
    monkeypatch.setattr(differential, "MAX_CELLS", 2 * NETWORK.n_draws * len(NETWORK.plan.support))


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_step_is_told_and_the_answer_is_the_same(question):
    promised, told = [], []

    def listen(items):
        promised.append(len(items))
        for item in items:
            told.append(item)
            yield item

    heard = QUESTIONS[question](progress=listen)
    assert promised == [len(told)]
    assert len(told) > 0
    assert np.all(np.asarray(QUESTIONS[question]() == heard))


class Terminal(io.StringIO):
    """Somebody sits before it."""

    def isatty(self):
        return True


def test_somebody_at_a_terminal_sees_a_bar_that_goes_in_the_end(monkeypatch):
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    assert list(watched([1, 2, 3], what="patients", after=0)) == [1, 2, 3]
    assert "patients: " in screen.getvalue()
    assert "/3 " in screen.getvalue()
    assert screen.getvalue().endswith("\r")


def test_what_is_done_at_once_and_what_nobody_watches_shows_none(monkeypatch):
    for screen, items, after in ((Terminal(), [1, 2], 60), (Terminal(), [1], 0), (io.StringIO(), [1, 2], 0)):
        monkeypatch.setattr(sys, "stderr", screen)
        assert list(watched(items, after=after)) == items
        assert screen.getvalue() == ""


@pytest.mark.parametrize("has_reader", [True, False])
def test_a_notebook_is_watched_if_a_person_could_answer(monkeypatch, has_reader):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    shell = SimpleNamespace(kernel=SimpleNamespace(_allow_stdin=has_reader))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert is_watched() is has_reader


def test_long_questions_show_a_bar_without_being_told_to(monkeypatch):
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    monkeypatch.setattr("model.progress.PATIENCE", 0.0)
    posterior(NETWORK, encode(NETWORK, [{}] * 5))
    assert "/3 " in screen.getvalue()
