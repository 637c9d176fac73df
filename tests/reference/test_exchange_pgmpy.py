"""The pgmpy network is the same network: nodes, states, arcs, tables and answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pgmpy.factors.discrete import TabularCPD

from benchmarks.peers import ask_pgmpy
from model import encode, posterior
from model.errors import MilletError
from model.exchange import check_columns, to_pgmpy
from model.network.network import DIAGNOSIS
from tests.support.small_network import N_DRAWS, small_network

FINDINGS = {"fever": "present", "optic_neuritis": "bilateral", "pvs_pattern": "absent"}


@pytest.fixture(scope="module")
def network():
    return small_network()


def with_table(network, name, table):
    return replace(network, tables={**network.tables, name: table})


@pytest.mark.parametrize("draw", [None, 0, N_DRAWS - 1])
def test_nodes_states_arcs_and_tables_are_the_same(network, draw):
    standard = to_pgmpy(network, draw=draw)
    assert standard.check_model()
    assert set(standard.nodes()) == set(network.names)
    for name in network.names:
        table = standard.get_cpds(name)
        axes = (*network.parents[name], name)
        assert set(standard.get_parents(name)) == set(network.parents[name])
        assert table.variables == [name, *network.parents[name]]
        assert table.state_names == {node: list(network.states[node]) for node in axes}
        kept = network.tables[name].mean(axis=0) if draw is None else network.tables[name][draw]
        np.testing.assert_allclose(np.moveaxis(table.values, 0, -1), kept, rtol=1e-14, atol=0)


@pytest.mark.parametrize("draw", [None, 1])
def test_variable_elimination_on_it_gives_the_posterior(network, draw):
    fixed = network.at_mean() if draw is None else network.at_draw(draw)
    ours = posterior(fixed, encode(fixed, FINDINGS)).mean[0]
    theirs = ask_pgmpy(to_pgmpy(network, draw=draw), [DIAGNOSIS], FINDINGS)
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=0)


def test_tables_stored_in_single_precision_are_normalised_anew(network):
    table = network.tables["optic_neuritis"].astype(np.float32)
    assert np.abs(table.astype(np.float64).sum(axis=-1) - 1).max() > 1e-9
    standard = to_pgmpy(with_table(network, "optic_neuritis", table))
    sums = standard.get_cpds("optic_neuritis").get_values().sum(axis=0)
    np.testing.assert_allclose(sums, 1, rtol=0, atol=1e-15)


def test_a_table_that_is_no_distribution_is_refused(network):
    table = network.tables["fever"].copy()
    table[..., 0] += 0.001
    with pytest.raises(MilletError, match=r"table of fever: a column sums to 1\.001"):
        to_pgmpy(with_table(network, "fever", table))


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf")])
def test_a_value_that_is_no_probability_is_refused(network, value):
    standard = to_pgmpy(network)
    broken = TabularCPD("region", 2, [[0.6], [0.4]], state_names={"region": ["north", "south"]})
    broken.values[0] = value
    standard.add_cpds(broken)
    with pytest.raises(MilletError, match="table of region: a value is negative, infinite or NaN"):
        check_columns(standard)


def test_every_broken_table_is_named(network):
    standard = to_pgmpy(network)
    for name in ("region", "brain_mri_field_strength"):
        table = standard.get_cpds(name)
        table.values = table.values * (1 + 2e-9)
    with pytest.raises(MilletError) as caught:
        check_columns(standard)
    named = {problem.split(":")[0] for problem in caught.value.problems}
    assert named == {"table of region", "table of brain_mri_field_strength"}


@pytest.mark.parametrize("draw", [-1, N_DRAWS])
def test_a_draw_that_does_not_exist_is_refused(network, draw):
    with pytest.raises(IndexError, match=f"draw {draw}; 0 to {N_DRAWS - 1} exist"):
        to_pgmpy(network, draw=draw)
