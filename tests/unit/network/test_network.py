"""The assembled network: its tables, its priors, its mechanisms, its errors."""

from __future__ import annotations

import gc
from dataclasses import replace
from weakref import WeakValueDictionary, ref

import numpy as np
import pytest

from model.diagnosis.differential import posterior
from model.errors import MilletError, UnknownNameError
from model.network import shipped
from model.network.network import HUB, Network, build_network
from model.network.shipped import forget_networks, load_network
from model.network.storage import load_parameters
from model.patient.evidence import encode
from priors import load_knowledge_base


@pytest.fixture(scope="module")
def network() -> Network:
    return load_network()


@pytest.fixture(scope="module")
def without() -> Network:
    return load_network(mechanisms=False)


def test_every_table_is_a_distribution_over_its_states(network: Network) -> None:
    for name, table in network.tables.items():
        shape = (
            *(len(network.states[parent]) for parent in network.parents[name]),
            len(network.states[name]),
        )
        assert table.shape[1:] == shape, name
        np.testing.assert_allclose(table.sum(axis=-1), 1.0, atol=1e-12, err_msg=name)


def test_no_elicited_probability_is_0_or_1(network: Network) -> None:
    for name, table in network.tables.items():
        if name not in HUB[1:]:
            assert table.min() > 0, name
            assert table.max() < 1, name


def test_ms_axes_are_certain_outside_ms_and_impossible_without_it(network: Network) -> None:
    ms = network.states["diagnosis"].index("multiple_sclerosis")
    for axis in HUB[1:]:
        table = np.moveaxis(network.tables[axis], 1, 0)
        others = np.delete(table, ms, axis=0)
        assert (others[..., 0] == 1).all()
        assert (others[..., 1:] == 0).all()
        assert (table[ms][..., 0] == 0).all()


def test_mechanisms_leave_every_frequency_as_elicited_in_every_draw(
    network: Network, without: Network
) -> None:
    compared = 0
    for link in network.knowledge.links:
        if link.direction == "mechanism":
            split, plain = network.tables[link.child], without.tables[link.child]
            present = network.tables[link.parent]
            weight = present.reshape(*present.shape[:2], *(1,) * (plain.ndim - 3), 2, 1)
            np.testing.assert_allclose((weight * split).sum(axis=-2), plain, atol=1e-12, err_msg=link.child)
            compared += 1
    assert compared == sum(link.direction == "mechanism" for link in network.knowledge.links) > 50


def test_odds_ratios_of_one_give_the_network_without_mechanisms() -> None:
    knowledge = load_knowledge_base()
    parameters = load_parameters(knowledge)
    ones = {name: np.ones_like(ratio) for name, ratio in parameters.odds_ratios.items()}
    inert = build_network(
        knowledge,
        type(parameters)(
            parameters.log_weights, parameters.shifts, parameters.roots, ones, parameters.prior_weights, "x"
        ),
    )
    plain = build_network(knowledge, parameters, mechanisms=False)
    for name, table in plain.tables.items():
        found = inert.tables[name]
        if found.ndim > table.ndim:
            np.testing.assert_allclose(found[..., 0, :], table, atol=1e-12, err_msg=name)
            np.testing.assert_allclose(found[..., 1, :], table, atol=1e-12, err_msg=name)
        else:
            np.testing.assert_array_equal(found, table, err_msg=name)


def test_flat_gives_every_table_row_the_same_weight() -> None:
    network = load_network(setting="flat")
    prior = network.tables["diagnosis"].reshape(-1, len(network.knowledge.leaves))
    rows = {
        row: [network.knowledge.leaves.index(m) for m in network.knowledge.members(row)]
        for row in network.knowledge.rows
    }
    for members in rows.values():
        # The weights of the leaves of a split row are printed with four decimals.
        np.testing.assert_allclose(prior[:, members].sum(axis=1), 1 / len(rows), rtol=1e-3)


def test_custom_weights_replace_a_row_and_keep_the_shares_inside_it() -> None:
    before = load_network().tables["diagnosis"]
    network = load_network(setting="custom", weights={"cns_lymphoma": 1000.0})
    after = network.tables["diagnosis"]
    members = [network.knowledge.leaves.index(m) for m in network.knowledge.members("cns_lymphoma")]
    shares = before[..., members] / before[..., members].sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(after[..., members] / after[..., members].sum(axis=-1, keepdims=True), shares)
    assert after[..., members].sum(axis=-1).mean() > 0.6


def test_a_custom_weight_with_a_spread_varies_over_the_draws() -> None:
    network = load_network(setting="custom", weights={"clippers": (1.0, 100.0)})
    place = network.knowledge.leaves.index("clippers")
    log_odds = np.log(network.tables["diagnosis"][:, 0, 0, place])
    assert log_odds.std() > 1.0


def test_the_mean_network_holds_the_mean_of_the_tables(network: Network) -> None:
    mean = network.at_mean()
    assert mean.n_draws == 1
    np.testing.assert_allclose(mean.tables["sex"][0], network.tables["sex"].mean(axis=0))
    np.testing.assert_array_equal(network.at_draw(7).tables["sex"][0], network.tables["sex"][7])


@pytest.mark.parametrize("asked", [{"setting": "flat"}, {"setting": "custom", "weights": {"nmosd": 3.0}}])
def test_networks_that_differ_in_the_prior_share_all_else(network: Network, asked) -> None:
    other = load_network(**asked)
    assert other.setting == asked["setting"]
    assert [name for name, table in other.tables.items() if table is not network.tables[name]] == [
        "diagnosis"
    ]
    shared = [part in network.plan.parts for part in other.plan.parts]
    assert sum(shared) == len(shared) - 1
    evidence = encode(network, {"sex": "female", "fever": "present"})
    alone = replace(other)  # compiled by itself
    for one, same in ((other, alone), (other.at_mean(), alone.at_mean())):
        np.testing.assert_array_equal(
            posterior(one, evidence).probabilities, posterior(same, evidence).probabilities
        )


@pytest.mark.parametrize("mechanisms", [True, False])
@pytest.mark.parametrize(
    "findings", [{}, {"sex": "male", "enhancement_pattern": "miliary", "facial_palsy": "bilateral"}]
)
def test_what_nothing_wanted_depends_on_may_be_left_out(network: Network, findings, mechanisms) -> None:
    knowledge = network.knowledge
    parameters = load_parameters(knowledge)
    whole = build_network(knowledge, parameters, mechanisms=mechanisms)
    part = build_network(knowledge, parameters, mechanisms=mechanisms, wanted=tuple(findings))
    assert {*HUB, *findings} <= set(part.states) < set(whole.states)
    assert all(set(parents) <= set(part.states) for parents in part.parents.values())
    evidence = encode(whole, findings)
    np.testing.assert_allclose(
        posterior(part, evidence).probabilities, posterior(whole, evidence).probabilities, rtol=1e-10
    )


def test_a_network_is_forgotten_when_asked_and_never_made_twice_while_somebody_holds_it(monkeypatch) -> None:
    forget_networks()
    monkeypatch.setattr(
        shipped, "_ALIVE", WeakValueDictionary()
    )  # other tests may hold networks of their own
    unheld, held = ref(load_network(setting="flat")), load_network()
    forget_networks()
    gc.collect()
    assert unheld() is None
    assert load_network() is held


def test_errors_name_what_is_allowed(network: Network) -> None:
    with pytest.raises(UnknownNameError, match="documents"):
        load_network(setting="documnets")
    with pytest.raises(UnknownNameError, match="cns_lymphoma"):
        load_network(setting="custom", weights={"cns_lymphom": 1.0})
    with pytest.raises(MilletError, match="positive number"):
        load_network(setting="custom", weights={"clippers": -1.0})
    with pytest.raises(MilletError, match="before the findings nothing is impossible"):
        load_network(setting="custom", weights={"clippers": 0})
    with pytest.raises(MilletError, match="go together"):
        load_network(setting="flat", weights={"clippers": 1.0})
    with pytest.raises(UnknownNameError, match="headache"):
        network.index("headach")
    with pytest.raises(IndexError, match="499"):
        network.at_draw(500)
