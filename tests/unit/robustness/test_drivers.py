"""What decides who leads: indices that are known on paper, and a network in which one number decides."""

from __future__ import annotations

import numpy as np
import pytest

from model import load_network
from model.errors import EvidenceError
from model.robustness.drivers import partial_rank_correlations, rank_drivers, sobol

N = 40_000


def test_indices_of_a_sum_and_a_product_are_those_on_paper() -> None:
    """y = 2 x1 + x2 + x1 x3 of standard normals: variance 4 + 1 + 1; x3 acts only together with x1."""
    rng = np.random.default_rng(1)

    def outcome(x: np.ndarray) -> np.ndarray:
        return 2 * x[:, 0] + x[:, 1] + x[:, 0] * x[:, 2]

    a, b = rng.standard_normal((2, N, 3))
    mixed = []
    for i in range(3):
        x = a.copy()
        x[:, i] = b[:, i]
        mixed.append(outcome(x))
    first, total = sobol(outcome(a), outcome(b), np.array(mixed))
    np.testing.assert_allclose(first, [4 / 6, 1 / 6, 0], atol=0.03)
    np.testing.assert_allclose(total, [5 / 6, 1 / 6, 1 / 6], atol=0.03)


def test_rank_correlations_hold_the_other_inputs() -> None:
    rng = np.random.default_rng(2)
    x = rng.standard_normal((2000, 2))
    echo = x[:, 0] + 0.1 * rng.standard_normal(2000)
    found, error = partial_rank_correlations(np.column_stack([x, echo]), 3 * x[:, 0] + x[:, 1])
    assert abs(found[2]) < 4 * error[2]
    assert found[0] > 0.5
    assert found[1] > 0.5


def test_an_outcome_that_does_not_vary_has_no_drivers() -> None:
    first, total = sobol(np.ones(50), np.ones(50), np.ones((2, 50)))
    assert not first.any()
    assert not total.any()


def test_numbers_are_ranked_with_errors_and_each_place_once() -> None:
    network = load_network().thinned(60)
    found = rank_drivers(network, {"enhancement_pattern": "miliary"}, top=4, n_samples=64)
    assert list(found.total) == sorted(found.total, reverse=True)
    assert (found.total >= 0).all()
    assert (found.first - found.total <= 4 * (found.first_error + found.total_error)).all()
    places = [(name.partition("=")[0], name.partition(" | ")[2]) for name in found.names]
    assert len(set(places)) == 4
    assert found.to_frame().notna().all().all()
    assert found.summary().count("±") == 12


@pytest.mark.parametrize("wrong", [{"top": 0}, {"n_samples": 5}])
def test_too_little_is_refused(wrong) -> None:
    with pytest.raises(EvidenceError, match="give more"):
        rank_drivers(load_network().thinned(40), {"fever": "present"}, **wrong)
