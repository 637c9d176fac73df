"""Every finding, state, age and exclusion of the shipped tables is accepted or refused as the tables say."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from model.errors import ContradictionError, EvidenceError, UnknownNameError
from model.network.assembly import states_of
from model.patient.evidence import encode
from model.patient.naming import observable
from model.patient.table import check_columns
from priors.loading import load_knowledge_base

KNOWLEDGE = load_knowledge_base()
NETWORK = SimpleNamespace(knowledge=KNOWLEDGE, states=states_of(KNOWLEDGE))
"""All that `encode` may know of a network: names and states, no probabilities."""


def refusal(findings, error):
    """What `encode` says when it refuses findings; empty if it takes them."""
    try:
        encode(NETWORK, findings)
    except error as problem:
        return str(problem)
    return ""


def test_every_state_of_every_finding_can_be_given():
    states = [(name, i, s) for name, v in observable(KNOWLEDGE).items() for i, s in enumerate(v.state_ids)]
    broken = [
        f"{name}={state}"
        for name, i, state in states
        if list(np.flatnonzero(encode(NETWORK, {name: state}).likelihoods[name][0] == 1)) != [i]
        or encode(NETWORK, {name: state}).likelihoods[name][0].sum() != 1
    ]
    assert len(states) > 300
    assert broken == []


def test_a_slip_of_the_pen_is_answered_with_the_finding():
    said = {name: refusal({name[:-1]: "present"}, UnknownNameError) for name in observable(KNOWLEDGE)}
    assert [name for name, text in said.items() if name not in text.split(";", 1)[-1]] == []


def test_every_age_falls_into_its_bin():
    states = KNOWLEDGE.variables["age_years"].state_ids
    bins = [tuple(int(bound) for bound in state.split("_")[1:]) for state in states]
    ages = [0, 0.5, 3.75, *range(1, 121)]
    given = encode(NETWORK, [{"age_years": age} for age in ages]).likelihoods["age_years"]
    assert (given.sum(axis=1) == 1).all()
    found = [bins[i] for i in given.argmax(axis=1)]
    assert [age for age, (low, high) in zip(ages, found, strict=True) if not low <= age < high] == []


def test_every_exclusion_is_refused_with_both_names_and_its_reason():
    broken = []
    for one in KNOWLEDGE.exclusions:
        said = refusal({one.finding: one.state, one.other: one.other_state}, ContradictionError)
        if not all(part in said for part in (one.finding, one.other, one.reason)):
            broken.append(f"{one.finding}={one.state}, {one.other}={one.other_state}: {said}")
    assert len(KNOWLEDGE.exclusions) > 10
    assert broken == []


def test_a_mechanism_is_refused_by_name_in_every_reader():
    mechanisms = KNOWLEDGE.of_role("mechanism")
    assert mechanisms
    for name in mechanisms:
        assert f"{name}: a mechanism is what findings share" in refusal({name: "present"}, EvidenceError)
        with pytest.raises(EvidenceError, match=f"{name}: a mechanism is what findings share"):
            check_columns([name], KNOWLEDGE, "table")
