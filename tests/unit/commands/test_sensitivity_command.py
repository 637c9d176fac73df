"""`millet sensitivity`: text, the keys of its JSON, goals, and one line instead of a traceback."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from model import encode, sensitivity
from model.cli import main
from model.network import shipped
from model.text import SCOPE
from tests.support.small_network import small_network

CASES = [
    {"id": "A", "findings": {"optic_neuritis": "unilateral"}},
    {"id": "B", "findings": {"pvs_pattern": "present"}},
]


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """The small network instead of the shipped one."""
    monkeypatch.setattr(shipped, "load_network", lambda **_: small_network())


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(CASES))
    return str(path)


def test_text_names_the_numbers_and_ends_with_the_scope(capsys, file):
    assert main(["sensitivity", file, "--top", "3", "--constraint", "nmosd >= 0.6"]) == 0
    out = capsys.readouterr().out
    assert out.count("if this number in the model were wrong") == 2
    assert out.count("nmosd >= 0.6; now") == 2
    assert out.endswith(f"{SCOPE}\n")


def test_json_has_the_documented_keys(capsys, file):
    assert main(["sensitivity", file, "--json", "--top", "4", "--constraint", "nmosd >= 0.6"]) == 0
    answer = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert answer.keys() == {*small_network().provenance(), "protocol", "scope", "cases"}
    case = answer["cases"][1]
    assert case["id"] == "B"
    assert len(case["parameters"]) == 4
    assert set(case["parameters"][0]) == {
        *(
            "parameter",
            "node",
            "state",
            "given",
            "leaf",
            "value",
            "low",
            "high",
            "at_low",
        ),
        *("at_high", "derivative", "elasticity", "admissible_low", "admissible_high"),
        *("leader_below", "leader_above", "flip_log_odds", "flips_within", "facts"),
    }
    assert set(case) == {
        *(
            "id",
            "diagnosis",
            "probability",
            "at_mean",
            "leader_at_mean",
            "unit",
            "n_parameters",
            "parameters",
        ),
        *("constraint", "present", "is_met", "present_at_mean", "is_met_at_mean", "least", "changes"),
    }
    assert {change["kind"] for change in case["changes"]} <= {"parameter", "table"}


def test_every_parameter_on_request(capsys):
    assert main(["sensitivity", "--finding", "sex=male", "--json", "--all"]) == 0
    [case] = json.loads(capsys.readouterr().out)["cases"]
    assert len(case["parameters"]) == case["n_parameters"] > 50


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--constraint", "nmosd > 0.5"), "constraint: found"),
        (("--constraint", "nmsd >= 0.5"), "did you mean nmosd"),
        (("--diagnosis", "nmsd"), "did you mean nmosd"),
        (("--knowing",), "at least 30 are needed"),
    ],
)
def test_bad_input_is_one_line_and_status_2(capsys, options, said):
    assert main(["sensitivity", "--finding", "sex=male", *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("millet sensitivity: ")
    assert len(err.splitlines()) == 1
    assert said in err


def test_the_table_of_all_numbers_holds_every_case_and_no_formula(capsys, file, tmp_path):
    cases = [{**CASES[0], "id": "=1+1"}, CASES[1]]
    (tmp_path / "two.json").write_text(json.dumps(cases))
    out = tmp_path / "numbers.csv"
    assert main(["sensitivity", str(tmp_path / "two.json"), "--csv", str(out)]) == 0
    frame = pd.read_csv(out)
    assert list(dict.fromkeys(frame["case"])) == ["'=1+1", "B"]
    n = len(frame) // 2
    expected = sensitivity(small_network(), encode(small_network(), cases[1]["findings"])).to_frame()
    assert frame["derivative"][n:].tolist() == pytest.approx(expected["derivative"].tolist())
