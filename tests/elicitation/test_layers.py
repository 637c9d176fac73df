"""The layer `full`: cells lie where their cohorts put them, none contradicts a definition, and the layers differ."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from scipy.special import expit

from model.elicitation.cells import Cells
from model.elicitation.cohort import STUDY_DF, cohorts, spread
from model.network.shipped import load_network
from model.network.storage import load_record
from priors import load_knowledge_base


@pytest.fixture(scope="module")
def tables():
    return load_knowledge_base()


@pytest.fixture(scope="module")
def network():
    return load_network(setting="flat", mechanisms=False)


def cell(network, finding, state, diagnosis):
    """Draws of P(state or states | diagnosis), its leaves weighted alike, other parents at their first state."""
    leaves = [network.states["diagnosis"].index(leaf) for leaf in network.knowledge.members(diagnosis)]
    table = network.tables[finding]
    table = table[(slice(None), leaves, *(0,) * (table.ndim - 3))].mean(axis=1)
    return table[:, [network.states[finding].index(name) for name in state.split("|")]].sum(axis=-1)


@pytest.fixture(scope="module")
def counted(tables):
    """Cells with three or more cohorts and no figure of a document: (finding, state, diagnosis) -> rows of `cohorts`."""
    read = cohorts(Cells(tables))
    axes = set(tables.of_role("ms_axis"))
    figures = ("count", "percentage", "range")
    printed = {
        (f.finding, f.diagnosis) for f in tables.facts.values() if f.kind in figures and not f.is_cohort
    }
    found = defaultdict(list)
    for i, fact in enumerate(read.facts):
        whole = read.design.chosen[i].sum() + read.design.others[i].sum()
        of_leaf = fact.diagnosis in tables.leaves and fact.finding not in axes
        key = fact.finding, fact.diagnosis
        if (
            key not in printed
            and of_leaf
            and not fact.given
            and whole == len(tables.variables[fact.finding].states)
        ):
            found[fact.finding, fact.state, fact.diagnosis].append(i)
    return read, {
        key: rows for key, rows in found.items() if len({read.facts[i].publication for i in rows}) >= 3
    }


def test_every_cell_with_three_cohorts_lies_inside_their_pooled_predictive_interval(network, counted):
    """
    The mean of the cell inside the 95 % interval of one more study of the same kind, by the cohorts alone.

    The interval is that of a random-effects mean with the learnt spread between studies. What the cohorts leave open,
    documents and judgement may fill.
    """
    read, cells = counted
    learnt = load_record()["checks"]["learnt"]
    values = {
        "tau": np.array([row[0] for row in learnt["tau"].values()]),
        "trait_sd": np.array([row[0] for row in learnt["trait_sd"].values()]),
    }
    between = spread(read.traits, read.group, values)
    outside = []
    for (finding, state, diagnosis), rows in cells.items():
        variance = read.variance[rows] + between[rows] ** 2
        middle = (read.log_odds[rows] / variance).sum() / (1 / variance).sum()
        scale = np.sqrt(1 / (1 / variance).sum() + values["tau"][read.group[rows[0]]] ** 2)
        low, high = expit(
            middle + np.array([-1, 1]) * 2.45 * scale
        )  # 97.5 % point of a Student t with 6 degrees
        mean = cell(network, finding, state, diagnosis).mean()
        if not low <= mean <= high:
            outside.append((finding, state, diagnosis, round(float(mean), 3), round(low, 3), round(high, 3)))
    assert STUDY_DF == 6
    assert len(cells) > 60
    assert outside == []


def test_no_cell_of_a_definition_contradicts_it(network, root):
    import csv

    with (root / "priors" / "definitions.csv").open(encoding="utf-8", newline="") as file:
        fixed = [(row["finding"], row["state"], row["diagnosis"]) for row in csv.DictReader(file)]
    assert len(fixed) >= 3
    assert [(key, mean) for key in fixed if (mean := cell(network, *key).mean()) < 0.8] == []


def test_facts_with_a_condition_leave_the_unconditional_cell_alone(network):
    """Mass effect is said of the tumefactive form alone; classic MS must not inherit it."""
    assert cell(network, "mass_effect", "present", "multiple_sclerosis").mean() < 0.15


def test_what_nobody_names_is_not_impossible(network, tables):
    """Of enhancement patterns no disease has all its states but the named ones below one in a thousand."""
    states = tables.variables["enhancement_pattern"].state_ids
    means = np.array(
        [[cell(network, "enhancement_pattern", s, leaf).mean() for s in states] for leaf in tables.leaves]
    )
    assert (means > 0.0005).all()


def test_judgement_is_drawn_as_wide_as_cohorts_show_that_it_must_be():
    factors = load_record()["checks"]["learnt"]["judged_factor"]
    assert {name for name, (_, low, high) in factors.items() if not 0.2 < low < high < 5} == set()


def test_the_layers_differ_where_they_should():
    """Cells raised in the CSF of tuberculous meningitis: no document says it, 20 cohorts do."""
    mean = {
        layer: cell(load_network(knowledge=layer), "csf_pleocytosis", "present", "neurotuberculosis").mean()
        for layer in ("documents", "published", "full")
    }
    assert mean["documents"] < 0.5 < mean["published"]
    assert mean["full"] > 0.75
