"""Commands about orders and simulated patients: keys, pipes, and one line for mistakes."""

from __future__ import annotations

import json
import math
import sys

import pytest

from model.network import shipped
from model.patient.cases import read_cases
from model.patient.evidence import encode
from model.text import SCOPE
from tests.support.small_network import small_network

FINDING = ("--finding", "optic_neuritis=unilateral")


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """The small network instead of the shipped one."""
    monkeypatch.setattr(shipped, "load_network", lambda **_: small_network())


@pytest.fixture
def decision(tmp_path):
    """A file with a decision."""
    path = tmp_path / "decision.json"
    path.write_text(
        '{"actions": ["treat", "wait"], "utilities": {"nmosd": [1, -1], "default": [-0.2, 0]}, "unit": "QALY"}'
    )
    return path


class TestNextOrders:
    def test_every_key_that_is_promised(self, run):
        status, out, err = run("next", *FINDING, "--orders", "--target", "row", "--budget", "2", "--json")
        assert (status, err) == (0, "")
        found = json.loads(out, parse_constant=pytest.fail)
        [case] = found["cases"]
        assert found["target"] == "row"
        assert case.keys() == {"id", "unit", "now", "rows", "orders", "same_decision", "biopsy", "plan"}
        assert case["unit"] == "bits"
        assert {order["order"] for order in case["orders"]} == {
            "history",
            "examination",
            "brain_mri",
            "blood_tests",
        }
        for order in case["orders"]:
            assert 0 <= order["value"] <= case["now"]
            assert order["per_cost"] == pytest.approx(order["value"] / order["cost"])
            assert math.fsum(order["leads"].values()) == pytest.approx(1)
            for pattern in order["patterns"]:
                assert math.fsum(pattern["rows"].values()) == pytest.approx(1)
        assert case["same_decision"]["leader"] == next(iter(case["rows"]))
        assert case["plan"]["spent"] <= 2
        assert case["plan"]["branches"][0].keys() == {"row", "probability", "pattern", "next"}

    def test_text_has_orders_stop_rule_biopsy_and_plan(self, run):
        status, out, err = run("next", *FINDING, "--orders", "--budget", "2")
        assert (status, err) == (0, "")
        for part in ("per cost", "would still lead", "90 % is", "greedy plan, budget 2", SCOPE):
            assert part in out

    def test_without_a_budget_there_is_no_plan(self, run):
        _, out, _ = run("next", *FINDING, "--orders", "--json")
        assert json.loads(out)["cases"][0]["plan"] is None

    def test_a_decision_replaces_the_target(self, run, decision):
        _, out, _ = run("next", *FINDING, "--orders", "--decision", str(decision), "--json")
        found = json.loads(out)
        assert (found["target"], found["cases"][0]["unit"]) == ("decision", "QALY")

    def test_costs_can_be_edited(self, run):
        _, out, _ = run("next", *FINDING, "--orders", "--cost", "blood_tests=0", "--json")
        first = json.loads(out)["cases"][0]["orders"][0]
        assert (first["order"], first["per_cost"]) == ("blood_tests", None)

    def test_a_decision_about_single_findings(self, run, decision):
        status, out, err = run("next", *FINDING, "--decision", str(decision), "--json")
        assert (status, err) == (0, "")
        found = json.loads(out, parse_constant=pytest.fail)
        [case] = found["cases"]
        assert found["target"] == "decision"
        assert case.keys() == {"id", "unit", "now", "rows", "findings"}
        assert case["unit"] == "QALY"
        assert case["findings"][0].keys() == {"finding", "order", "value", "states"}
        assert case["findings"][0]["finding"] == "serum_aqp4_igg"

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--budget", "2"], "given without --orders"),
            (["--cost", "brain_mri=2"], "given without --orders"),
            (["--orders", "--intervals"], "given with --orders"),
            (["--orders", "--cost", "brain_mri"], "allowed is order=cost"),
            (["--orders", "--cost", "brain_mr=2"], "did you mean brain_mri"),
            (["--orders", "--cost", "brain_mri=2", "--cost", "brain_mri=3"], "given twice"),
            (["--orders", "--decision", "nowhere.json"], "cannot be read"),
            (["--orders", "--budget", "-1"], "--budget: found '-1'"),
        ],
    )
    def test_mistakes_are_one_line(self, run, options, said):
        status, out, err = run("next", *FINDING, *options)
        assert (status, out) == (2, "")
        assert said in err
        assert len(err.splitlines()) == 1

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("[]", "allowed is"),
            ('{"actions": ["a", "b"], "utilities": {}, "units": "x"}', "did you mean unit"),
            ('{"actions": "ab", "utilities": {}}', "list of names"),
            ('{"actions": ["a", "b"], "utilities": {"nmosd": 3}}', "list of numbers"),
            ('{"actions": ["a"], "utilities": {}}', "two or more different names"),
            ('{"actions": ["a", "b"], "utilities": {"nmosd": [1, 2]}}', "the key default"),
        ],
    )
    def test_a_wrong_decision_is_one_line(self, run, decision, content, said):
        decision.write_text(content)
        status, _, err = run("next", *FINDING, "--orders", "--decision", str(decision))
        assert status == 2
        assert said in err
        assert len(err.splitlines()) == 1


class TestSimulate:
    def test_the_output_is_a_case_file(self, run):
        status, out, err = run("simulate", "-n", "20", "--seed", "3", "--json")
        assert (status, err) == (0, "")
        cases = read_cases(out)
        assert len(cases) == 20
        assert all(case.truth for case in cases)
        assert encode(small_network(), cases).n_patients == 20

    def test_the_seed_decides(self, run):
        outs = [run("simulate", "-n", "5", "--seed", seed, "--json")[1] for seed in ("1", "1", "2")]
        assert outs[0] == outs[1]
        assert outs[0].replace("seed 1", "") != outs[2].replace("seed 2", "")

    def test_somebody_who_watches_sees_a_bar_beside_the_answer(self, run, monkeypatch):
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        _, out, err = run("simulate", "-n", "5", "--seed", "1", "--json")
        assert len(read_cases(out)) == 5
        assert "variables:" in err
        assert "patients:" in err

    def test_one_diagnosis(self, run):
        _, out, _ = run("simulate", "-n", "4", "--diagnosis", "nmosd")
        assert out.startswith("4 simulated patients: nmosd 4")
        assert out.endswith(f"\n{SCOPE}\n")

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["-n", "0"], "whole numbers from 1 to 1,000,000"),
            (["--seed", "-1"], "from 0 upwards"),
            (["--diagnosis", "nmo"], "did you mean nmosd"),
        ],
    )
    def test_mistakes_are_one_line(self, run, options, said):
        status, out, err = run("simulate", *options)
        assert (status, out) == (2, "")
        assert said in err
        assert len(err.splitlines()) == 1
