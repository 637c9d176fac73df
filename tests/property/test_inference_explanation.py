"""The most probable explanation is the largest cell of the joint distribution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import encode, load_network, most_probable_explanation
from model.errors import EvidenceError, ImpossibleEvidenceError
from model.inference.explanation import most_probable_explanation as most_probable_states
from model.inference.graph import Graph
from tests.support.enumeration import graphs, joint_table, with_evidence


@settings(max_examples=120)
@given(graphs(max_draws=1), st.integers(0, 2**32 - 1), st.floats(0.2, 1.0))
def test_it_is_the_largest_cell_of_the_joint(graph: Graph, seed: int, share_seen: float) -> None:
    rng = np.random.default_rng(seed)
    seen = {
        v: rng.random(card) * (rng.random(card) < 0.8)
        for v, card in enumerate(graph.cards)
        if rng.random() < share_seen
    }
    joint = with_evidence(joint_table(graph, 0), {v: row[None] for v, row in seen.items()}, 0)
    if joint.max() == 0:
        with pytest.raises(ImpossibleEvidenceError):
            most_probable_states(graph, seen)
        return
    states, log_p = most_probable_states(graph, seen)
    assert joint[states] == pytest.approx(joint.max(), rel=1e-10)
    assert np.exp(log_p) == pytest.approx(joint.max(), rel=1e-10)


def test_it_needs_one_draw() -> None:
    with pytest.raises(ValueError, match="2 draws"):
        most_probable_states(Graph((2,), ((),), (np.full((2, 2), 0.5),)), {})


def test_no_single_change_of_the_shipped_network_makes_its_story_more_probable() -> None:
    network = load_network()
    found = most_probable_explanation(
        network, encode(network, {"age_years": 39, "enhancement_pattern": "miliary"})
    )
    mean = network.at_mean()

    def log_probability(states: dict[str, str]) -> float:
        place = {name: mean.states[name].index(state) for name, state in states.items()}
        with np.errstate(divide="ignore"):
            return sum(
                np.log(table[(0, *(place[p] for p in mean.parents[name]), place[name])])
                for name, table in mean.tables.items()
            )

    assert found.states["enhancement_pattern"] == "miliary"
    assert log_probability(dict(found.states)) == pytest.approx(found.log_probability, rel=1e-10)
    for name in set(mean.states) - {"age_years", "enhancement_pattern"}:
        for state in mean.states[name]:
            assert log_probability({**found.states, name: state}) <= found.log_probability + 1e-9


def test_it_takes_one_patient() -> None:
    network = load_network()
    with pytest.raises(EvidenceError, match="2 patients"):
        most_probable_explanation(network, encode(network, [{"findings": {}}, {"findings": {}}]))
