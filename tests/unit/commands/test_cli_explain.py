"""`millet explain`: contrast, decibans, paragraph, seed, and one line for a mistake."""

from __future__ import annotations

import json
from functools import partial

import pytest

from model.network import shipped
from tests.support.small_network import small_network

PATIENT = ("--finding", "serum_aqp4_igg=positive", "--finding", "fever=present", "--finding", "sex=female")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """The small network instead of the shipped one."""
    monkeypatch.setattr(shipped, "load_network", lambda **_: small_network())


@pytest.fixture
def run(run):
    """Runs `millet explain`; its status, standard output and standard error."""
    return partial(run, "explain", *PATIENT)


@pytest.fixture
def case(run):
    """The explained patient as JSON."""

    def run_command(*arguments):
        status, out, err = run(*arguments, "--json")
        assert (status, err) == (0, "")
        return json.loads(out, parse_constant=pytest.fail)["cases"][0]

    return run_command


def test_every_documented_key_is_there(case):
    from model.commands import explain

    found = case("--contrast", "nmosd", "other")
    for name in (
        *found,
        *found["conflict"],
        *found["surprise"],
        *found["contrast"],
        *found["contributions"][0],
    ):
        assert f"``{name}``" in explain.__doc__


def test_order_free_weights_add_up(case):
    found = case()
    assert sum(c["order_free"] for c in found["contributions"]) == pytest.approx(found["total"])
    assert found["contrast"] is None


def test_a_contrast_explains_its_first_diagnosis_unless_told_otherwise(case):
    found = case("--contrast", "cns_lymphoma", "nmosd")
    assert (found["diagnosis"], found["contrast"]["diagnosis"]) == ("cns_lymphoma", "cns_lymphoma")
    assert found["contrast"]["against"] == "nmosd"
    assert case("--contrast", "cns_lymphoma", "nmosd", "--diagnosis", "other")["diagnosis"] == "other"


def test_decibans_are_ten_times_bans(case):
    bans, decibans = case(), case("--decibans")
    assert (bans["unit"], decibans["unit"]) == ("ban", "deciban")
    assert decibans["total"] == pytest.approx(10 * bans["total"])
    assert decibans["probability"] == bans["probability"]


def test_the_seed_and_the_number_of_simulated_patients_are_heeded(case):
    found = case("--simulated", "50", "--seed", "4")["surprise"]
    assert (found["n"], found["seed"]) == (50, 4)


def test_the_paragraph_comes_before_the_tables_on_request(run):
    _, with_it, _ = run("--paragraph")
    _, without, _ = run()
    assert with_it.startswith("Before anything is known of the patient")
    assert with_it.endswith(without)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--contrast", "nmosd", "othr"),
            "diagnosis to contrast: unknown diagnosis othr; did you mean other?",
        ),
        (
            ("--contrast", "nmsod", "other"),
            "diagnosis to contrast: unknown diagnosis nmsod; did you mean nmosd?",
        ),
        (("--contrast", "nmosd", "nmosd"), "they share a leaf"),
        (("--seed", "-1"), "seed"),
    ],
)
def test_a_mistake_is_one_line(run, arguments, said):
    status, out, err = run(*arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert said in err
