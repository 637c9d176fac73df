"""Entropy and mutual information are what their definitions say, zeros included."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.inference.measure import entropy, mutual_information, mutual_information_all

MANY = settings(max_examples=200)
EXACT = {"rtol": 1e-10, "atol": 1e-13}


@st.composite
def joints(draw, n_target=None, n_states=None):
    """Probabilities of shape (draw, patient, target, state), many of them 0."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = (2, 3, n_target or int(rng.integers(1, 6)), n_states or int(rng.integers(1, 5)))
    weights = rng.gamma(0.3, size=shape) * (rng.random(shape) < draw(st.sampled_from([0.4, 1.0])))
    weights[..., 0, 0] += 1e-3
    return weights / weights.sum(axis=(-2, -1), keepdims=True)


def by_definition(joint):
    """Sum of p(t, f) log2 p(t, f) / (p(t) p(f)) over the cells that are possible."""
    target, finding = joint.sum(axis=1), joint.sum(axis=0)
    cells = [(t, f) for t in range(len(target)) for f in range(len(finding)) if joint[t, f] > 0]
    return sum(joint[t, f] * log2(joint[t, f] / (target[t] * finding[f])) for t, f in cells)


@MANY
@given(joint=joints())
def test_mutual_information_is_that_of_its_definition(joint):
    found = mutual_information(joint)
    assert found.shape == joint.shape[:2]
    for at in np.ndindex(found.shape):
        np.testing.assert_allclose(found[at], by_definition(joint[at]), rtol=1e-10, atol=1e-13)


@MANY
@given(joint=joints())
def test_entropy_is_that_of_its_definition(joint):
    p = joint.reshape(2, 3, -1)
    for at in np.ndindex(2, 3):
        expected = sum(-x * log2(x) for x in p[at].tolist() if x > 0)
        np.testing.assert_allclose(entropy(p)[at], expected, **EXACT)


@MANY
@given(joint=joints())
def test_information_is_symmetric_and_no_more_than_either_entropy(joint):
    bits = mutual_information(joint)
    np.testing.assert_allclose(bits, mutual_information(joint.swapaxes(-2, -1)), **EXACT)
    assert (bits >= 0).all()
    assert (bits <= entropy(joint.sum(axis=-1)) + 1e-12).all()
    assert (bits <= entropy(joint.sum(axis=-2)) + 1e-12).all()


@MANY
@given(data=st.data())
def test_many_findings_are_measured_as_each_alone(data):
    findings = data.draw(st.lists(joints(n_target=4), min_size=1, max_size=6))
    together = mutual_information_all(findings)
    assert together.shape == (2, 3, len(findings))
    for i, joint in enumerate(findings):
        np.testing.assert_allclose(together[..., i], mutual_information(joint), **EXACT)


@MANY
@given(data=st.data())
def test_information_about_groups_is_that_of_the_grouped_joint(data):
    findings = data.draw(st.lists(joints(n_target=4), min_size=1, max_size=3))
    target = np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
    grouped = [np.stack([j[..., 0, :] + j[..., 2, :], j[..., 1, :], j[..., 3, :]], axis=-2) for j in findings]
    np.testing.assert_allclose(
        mutual_information_all(findings, target), mutual_information_all(grouped), **EXACT
    )


def test_what_is_independent_tells_nothing_and_what_is_certain_nothing_more():
    independent = np.array([0.3, 0.7])[:, None] * np.array([0.2, 0.5, 0.3])
    certain = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    np.testing.assert_allclose(mutual_information_all([independent, certain]), 0.0, atol=1e-15)


def test_no_finding_is_an_error():
    with pytest.raises(ValueError, match="one or more are needed"):
        mutual_information_all([])
