"""What if some numbers were others: the wanted average, the same factor of the odds in every row, nothing else moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import encode, load_network, posterior
from model.errors import EvidenceError, MilletError, UnknownNameError
from model.network.change import row_weights
from model.network.network import DIAGNOSIS, Network
from tests.support.enumeration import graphs, joint_table, onto
from tests.support.graphs import as_network
from tests.support.small_network import N_DRAWS, small_network

MILIARY = "enhancement_pattern=miliary | diagnosis=secondary_cns_lymphoma"


@pytest.fixture(scope="module")
def shipped() -> Network:
    return load_network().thinned(20)


def frequencies(network: Network, node: str, leaf: str) -> np.ndarray:
    """P(state | leaf) before any finding, shape (n_draws, n_states), by asking for all patients of that disease."""
    found = posterior(network, encode(network, {}))
    prior = found.probabilities[:, 0, network.states[DIAGNOSIS].index(leaf)]
    columns = []
    for state in network.states[node]:
        one = posterior(network, encode(network, {node: state}))
        share = np.exp(one.log_evidence[:, 0])
        columns.append(one.probabilities[:, 0, network.states[DIAGNOSIS].index(leaf)] * share / prior)
    return np.stack(columns, axis=-1)


@given(graphs(max_variables=5, zeros=False), st.data())
def test_random_networks_reach_what_is_wanted_by_one_factor_of_all_odds(graph, data) -> None:
    network = as_network(graph)
    v = data.draw(st.integers(0, len(graph.cards) - 1))
    node, wanted = network.names[v], data.draw(st.floats(0.01, 0.99))
    parents = graph.parents[v]
    kept = tuple(p for p in parents if data.draw(st.booleans()))
    chosen = {p: data.draw(st.integers(0, graph.cards[p] - 1)) for p in kept}
    said = ", ".join(f"{network.names[p]}=s{k}" for p, k in chosen.items())
    changed = as_network(graph).with_probabilities({f"{node}=s1" + (f" | {said}" if said else ""): wanted})
    for draw in range(network.n_draws):
        joint = joint_table(changed.graph(), draw)
        table = onto(joint, (*kept, v))[tuple(chosen.values())]
        assert table[1] / table.sum() == pytest.approx(wanted, abs=1e-10)
        where = (draw, *(chosen.get(p, slice(None)) for p in parents))
        rows = [one.tables[node][where].reshape(-1, graph.cards[v]) for one in (network, changed)]
        odds = [row[:, 1] / (1 - row[:, 1]) for row in rows]
        np.testing.assert_allclose(odds[1] / odds[0], (odds[1] / odds[0])[0], rtol=1e-8)
        others = [np.delete(row, 1, axis=1) / (1 - row[:, [1]]) for row in rows]
        np.testing.assert_allclose(*others, atol=1e-10)
        untouched = np.ones(graph.cards[v:v] + network.tables[node].shape[1:-1], dtype=bool)
        untouched[where[1:]] = False
        np.testing.assert_array_equal(
            changed.tables[node][draw][untouched], network.tables[node][draw][untouched]
        )


def test_how_often_parents_occur_together_is_what_the_joint_distribution_says() -> None:
    network = small_network().at_draw(1)
    joint = joint_table(network.graph(), 0)
    for node in network.names:
        wanted = onto(joint, [network.index(p) for p in network.parents[node]])
        np.testing.assert_allclose(row_weights(network, node)[0], wanted, atol=1e-12, err_msg=node)


def test_the_shipped_network_reaches_it_in_every_draw(shipped: Network) -> None:
    leaf = "secondary_cns_lymphoma"
    changed = shipped.with_probabilities({MILIARY: 0.3, f"sex=male | diagnosis={leaf}": (0.3, 0.6)})
    found = frequencies(changed, "enhancement_pattern", leaf)
    np.testing.assert_allclose(found[:, 0], 0.3, atol=1e-10)
    male = frequencies(changed, "sex", leaf)[:, 1]
    assert male.std() > 0.02
    assert 0.3 < np.median(male) < 0.6
    np.testing.assert_allclose(
        frequencies(changed, "sex", "nmosd"), frequencies(shipped, "sex", "nmosd"), atol=1e-10
    )


def test_a_prior_of_ones_own_holds_for_rows_and_leaves(shipped: Network) -> None:
    changed = shipped.with_prior({"cns_lymphoma": 0.2, "nmosd": [0.1] * shipped.n_draws})
    before, after = (posterior(net, encode(net, {})).probabilities[:, 0] for net in (shipped, changed))
    leaves = shipped.states[DIAGNOSIS]
    lymphoma = [leaves.index(leaf) for leaf in shipped.knowledge.members("cns_lymphoma")]
    np.testing.assert_allclose(after[:, lymphoma].sum(axis=1), 0.2, atol=1e-10)
    np.testing.assert_allclose(after[:, leaves.index("nmosd")], 0.1, atol=1e-10)
    others = [i for i in range(len(leaves)) if i not in (*lymphoma, leaves.index("nmosd"))]
    ratio = after[:, others] / before[:, others]
    assert (
        np.ptp(ratio, axis=1).max() < 0.5 * ratio.min()
    )  # regions and ancestries shift a little, as they must


def test_samples_of_ones_own_become_the_draws() -> None:
    network, samples = small_network(), np.linspace(0.1, 0.8, 7)
    name = "fever=present | diagnosis=nmosd"
    for others in ("draws", "mean"):
        changed = network.with_draws({name: samples}, others=others)
        assert changed.n_draws == 7
        np.testing.assert_allclose(frequencies(changed, "fever", "nmosd")[:, 1], samples, atol=1e-10)
        spread = np.ptp(frequencies(changed, "fever", "other")[:, 1])
        assert (spread > 1e-6) == (others == "draws")


def test_a_mapping_of_states_and_a_text_with_a_state_mean_the_same() -> None:
    network = small_network()
    one = network.with_probabilities({"optic_neuritis=bilateral | diagnosis=nmosd": 0.3})
    other = network.with_probabilities({"optic_neuritis | diagnosis=nmosd": {"bilateral": 0.3}})
    assert one == other
    both = network.with_probabilities({"optic_neuritis=unilateral|bilateral | diagnosis=nmosd": 0.5})
    found = frequencies(both, "optic_neuritis", "nmosd")
    np.testing.assert_allclose(found[:, 1:].sum(axis=1), 0.5, atol=1e-10)


def test_all_states_of_a_place_can_be_given() -> None:
    wanted = {"absent": 0.2, "unilateral": 0.3, "bilateral": 0.5}
    changed = small_network().with_probabilities({"optic_neuritis | diagnosis=nmosd": wanted})
    found = frequencies(changed, "optic_neuritis", "nmosd")
    np.testing.assert_allclose(found, np.tile(list(wanted.values()), (N_DRAWS, 1)), atol=1e-10)


FEVER = "fever=present | diagnosis=nmosd"
PLACE = "optic_neuritis | diagnosis=nmosd"
REFUSED: Mapping[str, tuple[Callable[[Network], object], type[MilletError], str]] = {
    "node": (lambda n: n.with_probabilities({"fevr=present": 0.2}), UnknownNameError, "fever"),
    "state": (lambda n: n.with_probabilities({"fever=presnt": 0.2}), UnknownNameError, "present"),
    "parent": (
        lambda n: n.with_probabilities({"fever=present | sex=male": 0.2}),
        UnknownNameError,
        "diagnosis",
    ),
    "leaf": (
        lambda n: n.with_probabilities({"fever=present | diagnosis=nmsd": 0.2}),
        UnknownNameError,
        "nmosd",
    ),
    "form": (lambda n: n.with_probabilities({"fever=": 0.2}), EvidenceError, "correct it"),
    "no state": (lambda n: n.with_probabilities({"fever": 0.2}), EvidenceError, "correct it"),
    "nan": (lambda n: n.with_probabilities({FEVER: float("nan")}), EvidenceError, "between 0 and 1"),
    "one": (lambda n: n.with_probabilities({FEVER: 1.0}), EvidenceError, "between 0 and 1"),
    "text": (lambda n: n.with_probabilities({FEVER: "much"}), EvidenceError, "between 0 and 1"),
    "falling pair": (lambda n: n.with_probabilities({FEVER: (0.5, 0.2)}), EvidenceError, "rising pair"),
    "samples": (lambda n: n.with_probabilities({FEVER: [0.1, 0.2]}), EvidenceError, "with_draws"),
    "too much": (
        lambda n: n.with_probabilities({PLACE: {"unilateral": 0.6, "bilateral": 0.5}}),
        EvidenceError,
        "less than 1",
    ),
    "not all": (
        lambda n: n.with_probabilities({PLACE: {"absent": 0.1, "unilateral": 0.2, "bilateral": 0.3}}),
        EvidenceError,
        "add up to 1",
    ),
    "twice": (
        lambda n: n.with_probabilities(
            {f"optic_neuritis=bilateral{PLACE[14:]}": 0.1, PLACE: {"bilateral": 0.2}}
        ),
        EvidenceError,
        "given twice",
    ),
    "prior": (lambda n: n.with_prior({"nmsd": 0.1}), UnknownNameError, "nmosd"),
    "lengths": (
        lambda n: n.with_draws({FEVER: [0.1, 0.2], "fever=present | diagnosis=other": [0.1]}),
        EvidenceError,
        "same number of samples",
    ),
    "no samples": (lambda n: n.with_draws({FEVER: 0.2}), EvidenceError, "one number for each sample"),
    "others": (lambda n: n.with_draws({FEVER: [0.2]}, others="none"), EvidenceError, "draws and mean"),
    "structure": (
        lambda n: n.with_probabilities({"ms_course=relapsing_remitting | diagnosis=nmosd": 0.5}),
        EvidenceError,
        "by structure",
    ),
}


def test_what_cannot_be_changed_is_refused_in_one_line() -> None:
    network, wrong = small_network(), []
    for name, (ask, kind, text) in REFUSED.items():
        try:
            ask(network)
        except kind as error:
            if text not in str(error) or "\n" in str(error):
                wrong.append(f"{name}: {error}")
        else:
            wrong.append(f"{name}: accepted")
    assert not wrong, "\n".join(wrong)
