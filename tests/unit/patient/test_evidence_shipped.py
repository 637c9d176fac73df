"""Every finding, state, age and exclusion of the shipped tables is accepted or refused as the tables say."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from model.errors import ContradictionError, UnknownNameError
from model.network.assembly import states_of
from model.patient.evidence import encode
from priors.loading import load_knowledge_base

KNOWLEDGE = load_knowledge_base()
NETWORK = SimpleNamespace(knowledge=KNOWLEDGE, states=states_of(KNOWLEDGE))
"""All that `encode` may know of a network: names and states, no probabilities."""


@pytest.mark.parametrize("name", KNOWLEDGE.variables)
def test_every_state_of_a_finding_can_be_given(name):
    states = KNOWLEDGE.variables[name].state_ids
    for index, state in enumerate(states):
        row = encode(NETWORK, {name: state}).likelihoods[name][0]
        np.testing.assert_array_equal(row, np.eye(len(states))[index])


@pytest.mark.parametrize("name", KNOWLEDGE.variables)
def test_a_slip_of_the_pen_is_answered_with_the_finding(name):
    with pytest.raises(UnknownNameError, match=name):
        encode(NETWORK, {name[:-1]: "present"})


@pytest.mark.parametrize("age", [0, 0.5, 3.75, *range(1, 121)])
def test_every_age_falls_into_its_bin(age):
    [row] = encode(NETWORK, {"age_years": age}).likelihoods["age_years"]
    [index] = np.flatnonzero(row)
    low, high = (int(bound) for bound in KNOWLEDGE.variables["age_years"].state_ids[index].split("_")[1:])
    assert low <= age < high


@pytest.mark.parametrize(
    "exclusion", KNOWLEDGE.exclusions, ids=lambda e: f"{e.finding}={e.state},{e.other}={e.other_state}"
)
def test_every_exclusion_is_refused_with_both_names_and_its_reason(exclusion):
    findings = {exclusion.finding: exclusion.state, exclusion.other: exclusion.other_state}
    with pytest.raises(ContradictionError) as caught:
        encode(NETWORK, findings)
    assert all(part in str(caught.value) for part in (exclusion.finding, exclusion.other, exclusion.reason))
