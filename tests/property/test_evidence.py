"""Laws of evidence: whatever is said gives proper vectors or clear errors, however it is said."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.errors import MilletError
from model.patient.cases import read_cases
from model.patient.evidence import encode
from tests.support.small_network import small_network

NETWORK = small_network()
NAMES = sorted(NETWORK.knowledge.variables)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
STATES = st.sampled_from(sorted({s for v in NETWORK.knowledge.variables.values() for s in v.state_ids}))
VALUES = st.recursive(
    SCALARS | STATES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(STATES | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
WEIGHTS = st.lists(st.just(0.0) | st.floats(1e-6, 1e6), min_size=3, max_size=3).filter(any)


def problems_or(call):
    """The problems of the error that a call raises, or what it returns."""
    try:
        return (), call()
    except MilletError as error:
        return error.problems, None


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), VALUES, max_size=4))
def test_anything_said_gives_proper_vectors_or_an_error_with_a_line_per_problem(findings):
    problems, evidence = problems_or(lambda: encode(NETWORK, {"findings": findings}))
    assert all(line == line.strip() and "\n" not in line for line in problems)
    assert bool(problems) == (evidence is None)
    for name, rows in evidence.likelihoods.items() if evidence else ():
        assert rows.shape == (1, len(NETWORK.states[name]))
        assert np.isfinite(rows).all()
        assert rows.min() >= 0
        assert rows.max() == 1


@given(VALUES.filter(lambda content: not isinstance(content, str)))
def test_any_content_gives_cases_or_problems(content):
    problems, cases = problems_or(lambda: read_cases(content))
    assert bool(problems) == (cases is None)


@given(st.binary(max_size=60))
def test_any_bytes_give_cases_or_problems(tmp_path_factory, content):
    file = tmp_path_factory.getbasetemp() / "any.json"
    file.write_bytes(content)
    problems, cases = problems_or(lambda: read_cases(file))
    assert bool(problems) == (cases is None)


@given(WEIGHTS, st.floats(1e-3, 1e3))
def test_a_common_factor_of_the_weights_says_nothing(weights, factor):
    states = NETWORK.states["optic_neuritis"]
    rows = [
        encode(NETWORK, {"optic_neuritis": dict(zip(states, given_weights, strict=True))})
        for given_weights in (weights, [factor * weight for weight in weights])
    ]
    np.testing.assert_allclose(*(r.likelihoods["optic_neuritis"] for r in rows), rtol=1e-10)


@given(st.lists(st.sampled_from(NETWORK.states["optic_neuritis"]), min_size=1))
def test_a_set_is_the_union_of_its_states(states):
    rows = [encode(NETWORK, {"optic_neuritis": state}).likelihoods["optic_neuritis"] for state in states]
    union = encode(NETWORK, {"optic_neuritis": "|".join(states)}).likelihoods["optic_neuritis"]
    np.testing.assert_array_equal(union, np.max(rows, axis=0))


@given(st.floats(0, 120))
def test_every_age_falls_into_exactly_one_bin(age):
    [row] = encode(NETWORK, {"age_years": age}).likelihoods["age_years"]
    [index] = np.flatnonzero(row)
    low, high = (int(bound) for bound in NETWORK.states["age_years"][index].split("_")[1:])
    assert low <= age < high


@given(st.floats().filter(lambda age: not 0 <= age <= 120))
def test_every_other_number_is_no_age(age):
    problems, _ = problems_or(lambda: encode(NETWORK, {"age_years": age}))
    assert problems[0].endswith("allowed is an age in years from 0 to 120")
