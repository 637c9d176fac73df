"""
Chapter 3. Findings that share a cause inside one disease are not counted several times.

Headache, meningism, cells and protein in CSF all come from inflamed meninges. Each keeps the weight that its own
frequency gives it; together they weigh less than the sum, because the second tells little that the first did not.
"""

import math

import numpy as np
import pytest

from priors import load_knowledge_base

MENINGEAL = ("headache", "meningism", "csf_pleocytosis", "csf_protein_high")
MECHANISMS = tuple(load_knowledge_base().of_role("mechanism"))


def present(names):
    return dict.fromkeys(names, "present")


def log10_odds(p):
    return math.log10(p / (1 - p))


def weight(asked, row, names):
    """Change of the log10 odds of a row when findings are present."""
    return log10_odds(asked.rows(**present(names))[row]) - log10_odds(asked.rows()[row])


@pytest.mark.parametrize("name", MENINGEAL)
def test_a_single_finding_weighs_what_its_frequency_says(flat, independent, name):
    """The cited frequency stays: alone, a finding says the same with and without mechanisms."""
    with_mechanism, without = flat.rows(**present([name])), independent.rows(**present([name]))
    assert with_mechanism == pytest.approx(without, rel=1e-6)  # tables are stored in single precision


def test_meningeal_findings_together_move_the_differential_less_than_one_by_one(flat, independent):
    """Entropy in bits: the more is double counted, the surer the answer."""

    def entropy(asked):
        p = np.array(list(asked.rows(**present(MENINGEAL)).values()))
        return float(-(p * np.log2(p)).sum())

    assert entropy(flat) > entropy(independent)


@pytest.mark.parametrize(
    "row", ["lyme_neuroborreliosis", "gfap_meningoencephalomyelitis", "neurotuberculosis"]
)
def test_the_weight_of_correlated_findings_is_less_than_independence_would_give(flat, independent, row):
    assert abs(weight(flat, row, MENINGEAL)) < abs(weight(independent, row, MENINGEAL))


def test_within_a_disease_one_meningeal_finding_makes_the_next_likelier(flat, independent):
    """P(meningism | Lyme disease, headache) > P(meningism | Lyme disease); without the mechanism they are equal."""
    known = {"diagnosis": "lyme_neuroborreliosis"}
    network = flat.network
    row = network.states["diagnosis"].index(known["diagnosis"])
    mechanism = network.tables["meningeal_disease"][:, row]
    headache, meningism = (network.tables[name][:, row, :, 1] for name in ("headache", "meningism"))
    alone = (mechanism * meningism).sum(axis=-1)
    joint = (mechanism * headache * meningism).sum(axis=-1)
    after_headache = joint / (mechanism * headache).sum(axis=-1)
    assert after_headache.mean() > alone.mean() + 0.02
    assert "meningeal_disease" not in independent.network.states


def test_a_mechanism_joins_findings_inside_a_disease_and_not_diseases(flat, independent):
    """A finding outside the group weighs the same whether or not the mechanism is there."""
    one, two = (asked.rows(serum_aqp4_igg="positive") for asked in (flat, independent))
    assert one == pytest.approx(two, rel=1e-6)


def test_mechanisms_can_be_switched_off(flat, independent):
    mechanisms = set(flat.network.knowledge.of_role("mechanism"))
    assert mechanisms <= set(flat.network.states)
    assert mechanisms & set(independent.network.states) == set()


@pytest.mark.parametrize("name", MECHANISMS)
def test_every_mechanism_keeps_the_frequency_of_its_findings(flat, independent, name):
    """Averaged over the mechanism, each table is the one without mechanisms."""
    children = [link.child for link in flat.network.knowledge.links if link.parent == name]
    weights = flat.network.tables[name]
    for child in children:
        table = flat.network.tables[child]  # draw, diagnosis, ..., mechanism, state
        extra = (1,) * (table.ndim - 4)
        shaped = weights.reshape(*weights.shape[:2], *extra, 2, 1)
        np.testing.assert_allclose(
            (shaped * table).sum(axis=-2), independent.network.tables[child], rtol=1e-5
        )


@pytest.mark.parametrize("name", MECHANISMS)
def test_every_mechanism_makes_its_findings_go_together(flat, name):
    """In every disease and for every finding: likelier with the mechanism than without, on average over draws."""
    links = [link for link in flat.network.knowledge.links if link.parent == name]
    for link in links:
        states = flat.network.states[link.child]
        event = np.isin(states, link.child_state.split("|"))
        p = flat.network.tables[link.child][..., event].sum(axis=-1)
        assert (np.log(p[..., 1] / p[..., 0]).mean(axis=0) > 0).all(), link.child
