"""Long questions tell how far they have got, and answer as they do when nobody listens."""

import numpy as np
import pytest

from model import encode, load_network, plan_orders, simulate, switches, value_of_knowing
from model.robustness.number import numbers_of

NETWORK = load_network().thinned(50)
EVIDENCE = encode(NETWORK, {"sex": "male", "pvs_pattern": "present"})
NUMBERS = numbers_of(NETWORK)
QUESTIONS = {
    "switches": lambda **how: (
        switches(NETWORK, EVIDENCE, mappings=["literature"], n_draws=5, **how).probabilities
    ),
    "plan": lambda **how: plan_orders(NETWORK, EVIDENCE, budget=3, depth=2, samples=20, **how).summary(),
    "plan ahead": lambda **how: plan_orders(
        NETWORK, EVIDENCE, budget=3, depth=1, samples=20, way="lookahead", **how
    ).summary(),
    "value of knowing": lambda **how: value_of_knowing(NETWORK, EVIDENCE, numbers=NUMBERS, **how).bits,
    "simulate": lambda **how: simulate(NETWORK, 5, seed=1, **how).states["fever"],
    "cases": lambda **how: simulate(NETWORK, 5, seed=1).cases(**how),
}


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
