"""The axioms that define Shapley values, on any game; and what sampling keeps of them."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.why.shapley import prefixes, random_orders, sampled_shapley_values, shapley_values

WORTH = st.floats(-100, 100).map(lambda x: round(x, 3))
GAMES = st.integers(1, 6).flatmap(lambda n: arrays(float, 2**n, elements=WORTH))
CLOSE = {"rtol": 1e-10, "atol": 1e-9}


def members(values):
    return len(values).bit_length() - 1


@given(GAMES)
def test_efficiency_the_values_add_up_to_the_whole(values):
    np.testing.assert_allclose(shapley_values(values).sum(), values[-1] - values[0], **CLOSE)


@given(GAMES, st.data())
def test_symmetry_members_that_do_the_same_get_the_same(values, data):
    n = members(values)
    i, j = data.draw(st.integers(0, n - 1)), data.draw(st.integers(0, n - 1))
    codes = np.arange(2**n)
    swapped = codes & ~(1 << i | 1 << j) | (codes >> i & 1) << j | (codes >> j & 1) << i
    same = values + values[swapped]
    result = shapley_values(same)
    np.testing.assert_allclose(result[i], result[j], **CLOSE)


@given(GAMES, st.data())
def test_null_player_a_member_that_never_adds_gets_nothing(values, data):
    i = data.draw(st.integers(0, members(values) - 1))
    idle = values[np.arange(len(values)) & ~(1 << i)]
    np.testing.assert_allclose(shapley_values(idle)[i], 0, atol=1e-12)
    orders = random_orders(members(values), 8, np.random.default_rng(0))
    found, errors = sampled_shapley_values(orders, along(idle, orders))
    np.testing.assert_allclose((found[i], errors[i]), 0, atol=1e-12)


@given(GAMES, WORTH)
def test_additivity_a_sum_of_games_has_the_sum_of_the_values(values, factor):
    other = np.cos(factor * np.arange(len(values)))
    np.testing.assert_allclose(
        shapley_values(values + other), shapley_values(values) + shapley_values(other), **CLOSE
    )


@given(st.integers(1, 5).flatmap(lambda n: arrays(float, 2**n, elements=WORTH)))
def test_the_values_are_the_mean_over_all_orders(values):
    n = members(values)
    orders = np.array(list(permutations(range(n))))
    added = np.empty(orders.shape)
    np.put_along_axis(added, orders, np.diff(along(values, orders), axis=1), axis=1)
    assert len(orders) == math.factorial(n)
    np.testing.assert_allclose(shapley_values(values), added.mean(axis=0), **CLOSE)


@given(GAMES, st.integers(0, 2**32 - 1))
def test_efficiency_holds_for_every_sample(values, seed):
    orders = random_orders(members(values), 8, np.random.default_rng(seed))
    found, _ = sampled_shapley_values(orders, along(values, orders))
    np.testing.assert_allclose(found.sum(), values[-1] - values[0], **CLOSE)


def test_sampled_values_are_within_five_standard_errors():
    rng = np.random.default_rng(7)
    values = rng.normal(size=2**8).cumsum()
    orders = random_orders(8, 4000, rng)
    found, errors = sampled_shapley_values(orders, along(values, orders))
    assert (errors > 0).all()
    assert (abs(found - shapley_values(values)) < 5 * errors).all()


def along(values, orders):
    """Worth of the growing coalitions."""
    return values[prefixes(orders) @ (1 << np.arange(orders.shape[1]))]
