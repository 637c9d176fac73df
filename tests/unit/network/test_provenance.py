"""Provenance tells the truth: whatever makes an answer another one stands there, in summaries, files and commands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns

import numpy as np
import pytest

from model import encode, load_knowledge_base, load_network, posterior
from model.cli import main
from model.errors import UnsoundWarning
from model.exchange.content import about
from model.network.network import DIAGNOSIS, Network
from model.network.parameters import Parameters
from model.network.storage import default_path, load_parameters, save_parameters
from priors.checks import DEFAULT_FOLDER
from tests.support.small_network import small_network

FEVER = "fever=present | diagnosis=nmosd"
BAD_RUN = {
    "divergences": 3,
    "variables": {"level": {"r_hat": 1.2, "ess_bulk": 50.0, "ess_tail": 90.0, "elements": 4.0}},
}


@pytest.fixture
def forced(tmp_path: Path) -> Path:
    """A folder of tables whose draws were stored with --force."""
    folder = tmp_path / "tables"
    copytree(DEFAULT_FOLDER, folder, ignore=ignore_patterns("elicited", "__pycache__", "*.py"))
    few = _few(load_parameters(load_knowledge_base()))
    save_parameters(few, BAD_RUN, default_path(folder))
    return folder


def _few(value):
    """The first seven draws of whatever has a leading axis of draws."""
    if isinstance(value, np.ndarray):
        return value[:7]
    if isinstance(value, Mapping):
        return {name: _few(one) for name, one in value.items()}
    return (
        Parameters(**{f.name: _few(getattr(value, f.name)) for f in fields(value)})
        if is_dataclass(value)
        else value
    )


def variants() -> dict[str, Network]:
    """Networks that answer differently."""
    plain = small_network()
    shipped = load_network()
    moved = plain.tables["fever"] * np.array([0.9, 1.0])
    return {
        "plain": plain,
        "mean": plain.at_mean(),
        "one draw": plain.at_draw(1),
        "another draw": plain.at_draw(2),
        "few": plain.thinned(2),
        "the mean of few": plain.thinned(2).at_mean(),
        "changed": plain.with_probabilities({FEVER: 0.2}),
        "changed otherwise": plain.with_probabilities({FEVER: 0.3}),
        "changed twice": plain.with_probabilities({FEVER: 0.3}).with_probabilities({FEVER: 0.2}),
        "mean of changed": plain.with_probabilities({FEVER: 0.2}).at_mean(),
        "samples": plain.with_draws({FEVER: [0.2, 0.3]}),
        "other samples": plain.with_draws({FEVER: [0.3, 0.2]}),
        "a prior": plain.with_prior({"nmosd": 0.2}),
        "a table": plain.with_tables({"fever": moved / moved.sum(axis=-1, keepdims=True)}),
        "shipped": shipped,
        "flat": load_network(setting="flat"),
        "weights": load_network(setting="custom", weights={"nmosd": 3.0}),
        "other weights": load_network(setting="custom", weights={"nmosd": (3.0, 4.0)}),
        "no mechanisms": load_network(mechanisms=False),
        "documents": load_network(knowledge="documents"),
    }


def test_networks_that_answer_differently_have_different_fingerprints() -> None:
    told = {name: network.provenance() for name, network in variants().items()}
    assert len({one["fingerprint"] for one in told.values()}) == len(told)
    assert json.loads(json.dumps(list(told.values()), allow_nan=False)) == list(told.values())
    assert told["weights"]["weights"] == {"nmosd": 3.0}
    assert told["other weights"]["weights"] == {"nmosd": [3.0, 4.0]}
    assert told["mean of changed"]["changed"] == [f"{FEVER}: 0.2"]
    assert told["mean of changed"]["draws"] == "mean"
    assert (told["no mechanisms"]["mechanisms"], told["plain"]["mechanisms"]) == (False, True)
    assert told["documents"]["knowledge"] == "documents"
    assert told["plain"]["problems"] == []


def test_the_same_network_made_twice_has_one_fingerprint() -> None:
    one, other = (small_network().with_probabilities({FEVER: 0.2}) for _ in range(2))
    assert one.provenance() == other.provenance()
    assert one.relabelled(one.knowledge).provenance() == one.provenance()


def test_an_answer_and_a_file_say_what_was_changed() -> None:
    network = small_network().with_probabilities({FEVER: 0.2})
    patient = encode(network, {"fever": "present"})
    assert f"{FEVER}: 0.2" in posterior(network, patient).summary()
    assert "changed" not in posterior(small_network(), patient).summary()
    assert f"{FEVER}: 0.2" in about(network, None)
    assert str(network.provenance()["fingerprint"]) in about(network, None)


def test_draws_stored_by_force_are_told_at_load_in_answers_and_in_commands(forced: Path, capsys) -> None:
    with pytest.warns(UnsoundWarning, match="3 divergences"):
        network = load_network(folder=forced)
    assert len(network.provenance()["problems"]) == 3
    assert "have not converged" in posterior(network, encode(network, {})).summary()
    asked = ["diagnose", "--finding", "fever=present", "--tables", str(forced)]
    assert main(asked) == 0
    told = capsys.readouterr()
    assert "Not to be relied on" in told.out
    assert "have not converged" in told.err
    assert main([*asked, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == network.provenance()["problems"]


def test_sound_draws_are_loaded_in_silence() -> None:
    assert load_network().origin.problems == ()
    assert load_network().tables[DIAGNOSIS].shape[0] == load_network().n_draws
