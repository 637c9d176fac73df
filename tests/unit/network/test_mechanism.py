"""Mechanisms: what they keep, what they change, and when they do nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.network.mechanism import conditionals, prevalence, split

inside = st.floats(0.001, 0.999)


@given(p=inside, present=st.floats(0.02, 0.98), ratio=st.floats(1.0, 200.0))
def test_the_margin_and_the_odds_ratio_hold(p: float, present: float, ratio: float) -> None:
    off, on = conditionals(np.array(p), np.array(present), np.array(ratio))
    assert (1 - present) * off + present * on == pytest.approx(p, abs=1e-12)
    assert on * (1 - off) == pytest.approx(ratio * off * (1 - on), rel=1e-7)


@given(p=inside, present=st.floats(0.02, 0.98))
def test_an_odds_ratio_of_one_is_independence(p: float, present: float) -> None:
    off, on = conditionals(np.array(p), np.array(present), np.array(1.0))
    assert float(off) == pytest.approx(p, abs=1e-14)
    assert float(on) == pytest.approx(p, abs=1e-14)


def test_the_association_solves_the_quadratic_by_hand() -> None:
    # p = pi = 1/2, odds ratio 9: by symmetry on = 1 - off, so (on/off)^2 = 9 and on = 3/4.
    off, on = conditionals(np.array(0.5), np.array(0.5), np.array(9.0))
    assert (float(off), float(on)) == (pytest.approx(0.25), pytest.approx(0.75))


def test_splitting_keeps_the_table_and_the_shares_within_the_event() -> None:
    rng = np.random.default_rng(3)
    table = rng.dirichlet(np.ones(4), size=(5, 3, 2))
    event = np.array([False, True, True, False])
    present = rng.uniform(0.1, 0.9, size=(5, 3))
    parts = split(table, event, present, rng.uniform(1, 20, size=5))
    assert parts.shape == (5, 3, 2, 2, 4)
    weight = np.stack([1 - present, present], axis=-1)[:, :, None, :, None]
    np.testing.assert_allclose((weight * parts).sum(axis=-2), table, atol=1e-12)
    np.testing.assert_allclose(parts.sum(axis=-1), 1.0, atol=1e-12)
    shares = np.broadcast_to((table[..., 1] / table[..., 2])[..., None], parts.shape[:-1])
    np.testing.assert_allclose(parts[..., 1] / parts[..., 2], shares)


def test_a_mechanism_is_as_common_as_its_findings_are_on_the_log_odds_scale() -> None:
    assert float(prevalence(np.array([0.5, 0.5]))) == pytest.approx(0.5)
    assert float(prevalence(np.array([1e-6, 1e-6]))) == pytest.approx(0.02)
