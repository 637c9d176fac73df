"""The draws in the repository belong to its tables, were judged, and reproduce the printed symbols."""

from __future__ import annotations

import numpy as np
import pytest

from model.network.convergence import problems
from model.network.storage import default_path, draws_digest, load_parameters, load_record
from model.robustness.switch import stored_mappings
from priors import load_knowledge_base
from priors.checks import DEFAULT_FOLDER
from priors.schema import LAYERS

OTHER_READINGS = ("hpo", "literature+symbols_as_words")
"""Stored for the layer `documents`, the one that rests on words alone; `millet elicit --mapping` makes the others."""


@pytest.mark.parametrize("layer", LAYERS)
def test_the_draws_of_every_layer_are_those_that_were_made_of_its_tables_and_judged(layer):
    tables, record = load_knowledge_base(layer=layer), load_record(layer=layer)
    assert record["digest"] == tables.digest, f"the tables changed: run `millet elicit --knowledge {layer}`"
    assert record["knowledge"] == layer
    parameters = load_parameters(tables)
    assert draws_digest(parameters) == record["draws_digest"]
    assert parameters.n_draws >= 500
    assert problems(record) == ()


def test_all_stored_draws_together_are_small():
    files = list((DEFAULT_FOLDER / "elicited").rglob("*.npz"))
    assert len(files) >= len(LAYERS)
    assert sum(path.stat().st_size for path in files) < 16 * 10**6


def test_every_number_of_the_network_was_judged(record):
    assert {"log_weights", "shifts", "age", "prior_weights", "cut_points", "level"} <= set(
        record["variables"]
    )
    assert record["variables"]["log_weights"]["elements"] > 3000


def test_printed_tables_come_out_again(record):
    """A replicated table shows most symbols again, and its counts contain the printed ones."""
    columns = record["checks"]["symbols"]["columns"]
    assert sum(column["n"] for column in columns.values()) == 85
    for name, column in columns.items():
        assert column["reproduced"][0] > (0.5 if name == "steroid_response" else 0.7), name
        assert column["modal"] >= column["n"] - 2
    outside = [
        (name, symbol)
        for name, column in columns.items()
        for symbol, (printed, _, low, high) in column["counts"].items()
        if not low <= printed <= high
    ]
    assert len(outside) <= 3, outside  # 20 intervals of 90 %: two are expected outside


def test_background_cells_are_rare_before_and_after_the_facts(record):
    """Silence once read as 0.28 to 0.41 drowned the evidence."""
    silence = record["checks"]["background"]["silence"]
    assert silence["n"] > 1500
    for when in ("prior", "posterior"):
        low, quarter, median, three_quarters, high = silence[when]
        assert 0.001 < low < quarter < median < 0.06
        assert three_quarters < 0.12
        assert high < 0.35
    assert record["checks"]["background"]["mentioned"]["posterior"][2] > 5 * silence["posterior"][2]
    assert record["checks"]["background"]["denied"]["posterior"][2] < silence["posterior"][2]


def test_the_known_contradictions_rank_among_the_facts_in_conflict(record):
    """Perivascular spaces of Behçet and B12 (notes 11, 12), the cord of Lyme (1)."""
    ranked = {row["fact"] for row in record["checks"]["conflicts"]}
    assert {"001-0131", "001-0252", "001-0303"} <= ranked


def test_few_readings_on_a_scale_surprise(record):
    readings = record["checks"]["readings"]
    scaled = {
        name: row for name, row in readings.items() if name.split("/")[0] in ("word", "percentage", "range")
    }
    n = sum(row["n"] for row in scaled.values())
    assert n > 300
    assert sum(row["n"] * row["surprising"] for row in scaled.values()) / n < 0.1


def test_words_keep_their_order(record):
    """The frequencies of the cells rise with the words that the documents use for them."""
    words = ("extremely_rare", "rare", "less_common", "common", "usual")
    medians = [record["checks"]["readings"][f"word/{word}"]["frequency"][1] for word in words]
    assert medians == sorted(medians)


def test_the_readings_that_are_stored_are_these(knowledge):
    assert set(stored_mappings(knowledge)) == {"literature", *OTHER_READINGS}


@pytest.mark.parametrize("mapping", OTHER_READINGS)
def test_every_other_reading_of_words_and_symbols_has_draws_that_converged(knowledge, mapping):
    """A hundred are enough for the switches, which compare a hundred."""
    other = load_record(mapping=mapping, layer="documents")
    parameters = load_parameters(knowledge, mapping=mapping)
    assert (other["mapping"], other["digest"]) == (mapping, knowledge.digest)
    assert other["draws_digest"] == draws_digest(parameters)
    assert problems(other) == ()
    assert parameters.n_draws == 100
    assert default_path(mapping=mapping, layer="documents").stat().st_size < 2e6


def test_another_reading_of_symbols_moves_the_findings_that_have_symbols(knowledge):
    usual, other = load_parameters(knowledge), load_parameters(knowledge, mapping=OTHER_READINGS[1])
    moved = {
        name: abs(weights.mean(axis=0) - other.log_weights[name].mean(axis=0)).max()
        for name, weights in usual.log_weights.items()
    }
    with_symbols = {fact.finding for fact in knowledge.facts.values() if fact.kind == "symbol"} & set(moved)
    without = set(moved) - with_symbols
    assert with_symbols
    assert max(moved, key=moved.__getitem__) in with_symbols
    assert np.median([moved[name] for name in with_symbols]) > 1.5 * np.median(
        [moved[name] for name in without]
    )
