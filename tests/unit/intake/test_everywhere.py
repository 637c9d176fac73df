"""Every command and the library read the same files, and treat the same fault alike."""

import io
import json

import pandas as pd
import pytest

from model import Case, encode, load_network, read_cases, read_patients
from model.cli import main
from model.diagnosis.batch import answer_table
from model.diagnosis.batch_files import answer_file
from model.errors import MilletError
from tests.support.source import ROOT

NETWORK = load_network().at_mean()
PACKET = ROOT / "tests" / "data" / "repairs" / "family.json"
TABLE = "id;age_years;sex\nA;39,5;male\n;;\n"
CASE = {"id": "A", "findings": {"age_years": 39.5, "sex": "male"}}


def answered(words, capsys):
    """Identifiers, leaders' probabilities and notes of `millet diagnose`."""
    assert main(["diagnose", *words, "--at-mean", "--json"]) == 0
    said = capsys.readouterr()
    return {case["id"]: case["rows"] for case in json.loads(said.out)["cases"]}, said.err


def test_a_table_a_case_file_and_standard_input_are_answered_alike(tmp_path, capsys, monkeypatch):
    (tmp_path / "a.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "a.json").write_text(json.dumps(CASE), encoding="utf-8")
    pd.DataFrame([{"id": "A", **CASE["findings"]}]).set_index("id").to_parquet(tmp_path / "a.parquet")
    expected = answered([str(tmp_path / "a.json")], capsys)
    assert expected[1] == ""
    assert answered([str(tmp_path / "a.csv")], capsys) == expected
    assert answered([str(tmp_path / "a.parquet")], capsys) == expected
    monkeypatch.setattr("sys.stdin", io.StringIO(TABLE))
    assert answered(["-"], capsys) == expected


def test_a_packet_is_diagnosed_and_what_is_not_used_is_told(capsys):
    found, notes = answered([str(PACKET)], capsys)
    assert list(found) == ["p3"]
    assert notes == "millet diagnose: family repair-3, relative p4: another patient; not used\n"


def test_batch_answers_case_files_and_packets(tmp_path, capsys):
    path, out = tmp_path / "cases.json", tmp_path / "out.csv"
    weighed = {"fever": {"absent": 1, "present": 3}, "facial_palsy": ["unilateral", "bilateral"], "sex": None}
    cases = [CASE, {"id": "B", "findings": weighed}, {"id": "C", "findings": {}}]
    path.write_text(json.dumps(cases), encoding="utf-8")
    answer_file(path, out, NETWORK, chunk=2)
    found = pd.read_csv(out)
    assert (found["id"].tolist(), found["n_findings"].tolist()) == (["A", "B", "C"], [2, 2, 0])
    assert main(["batch", str(PACKET), "--out", str(out)]) == 0
    assert pd.read_csv(out)["id"].tolist() == ["p3"]
    assert "relative p4: another patient" in capsys.readouterr().err


def test_what_is_wrong_with_a_case_has_its_place_in_batch_too(tmp_path):
    path = tmp_path / "cases.json"
    for findings, said in (
        ({"fevr": "present"}, "case B, finding fevr: unknown finding; did you mean fever"),
        ({"raised_pressure": "present"}, "case B, finding raised_pressure: a mechanism"),
        ({"fever": "maybe"}, "case 2, column fever: unknown state maybe"),
    ):
        path.write_text(json.dumps([CASE, {"id": "B", "findings": findings}]), encoding="utf-8")
        with pytest.raises(MilletError, match=said):
            answer_file(path, tmp_path / "out.csv", NETWORK)
    pd.DataFrame({"id": ["A", "B"], "fever": ["present", "maybe"]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(MilletError, match=r"a\.parquet, row 2, column fever"):
        answer_file(tmp_path / "a.parquet", tmp_path / "out.csv", NETWORK)


def test_a_patient_given_twice_is_refused_by_every_reader(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("id,sex\n" + "".join(f"P{i},male\n" for i in range(7)) + "P0,female\n", encoding="utf-8")
    twice = [CASE, CASE]
    for refuse in (
        lambda: read_cases(twice),
        lambda: encode(NETWORK, [Case("A"), Case("A")]),
        lambda: answer_table(pd.DataFrame({"id": ["A", "A"], "sex": ["male", ""]}), NETWORK),
        lambda: answer_file(path, tmp_path / "out.csv", NETWORK, chunk=3),
        lambda: read_patients(path, NETWORK.knowledge),
        lambda: read_patients(json.dumps(twice), NETWORK.knowledge),
    ):
        with pytest.raises(MilletError, match=r"give each (patient )?its own"):
            refuse()


def test_weights_of_a_prior_are_numbers_given_once(tmp_path, capsys):
    path = tmp_path / "weights.json"
    for text, said in (('{"nmosd": "3"}', "found '3'"), ('{"nmosd": 3, "nmosd": 4}', "given twice")):
        path.write_text(text, encoding="utf-8")
        assert main(["diagnose", "--finding", "sex=male", "--weights", str(path)]) == 2
        assert said in capsys.readouterr().err
