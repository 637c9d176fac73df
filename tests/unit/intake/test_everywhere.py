"""Every command and the library read the same files, and treat the same fault alike."""

import io
import json
import os
import threading

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
        ({"fever": "maybe"}, "case B, finding fever: unknown state maybe"),
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


LINES = '{"id": "A", "findings": {"sex": "male"}}\n\n{"id": "B", "findings": {}}\n'
FAULTS = {
    "cell.csv": 'id,sex\nA,male\n\n"B\nB",mail\n',
    "cell.json": '{"id": "A", "findings": {"sex": "mail"}, "truth": "nmosd"}',
    "empty.json": '{"id": "A", "findings": {"sex": ""}, "truth": "nmosd"}',
    "nan.json": '{"id": "A", "findings": {"age_years": NaN}}',
    "half.json": r'{"id": "\ud800", "findings": {}}',
    "second.json": '{"id": "A",\n"findings": {}}\n{"id": "B", "findings": {}}',
    "line.jsonl": '{"id": "A", "findings": {}}\n{"id"}\n',
    "truth.json": '{"id": "A", "findings": {}, "truth": "nmosdd"}',
    "course.json": '{"id": "A", "findings": {}, "ms_course": "rrms"}',
    "proof.json": '{"id": "A", "findings": {}, "confirmatory": ["fevr"]}',
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_command_says_the_same_of_a_fault(name, tmp_path, capsys):
    path = tmp_path / name
    path.write_text(FAULTS[name], encoding="utf-8")
    heard = set()
    for words in (
        ["diagnose", str(path), "--at-mean"],
        ["batch", str(path), "--out", str(tmp_path / "out.csv")],
        ["convert", str(path), "--to", "case"],
        ["convert", str(path), "--to", "phenopacket"],
        ["score", str(path), "--at-mean"],
    ):
        assert main(words) == 2
        said = capsys.readouterr()
        assert said.out == ""
        heard.add(said.err.replace(f"millet {words[0]}: ", ""))
    [line] = heard
    assert len(line.splitlines()) == 1


def test_json_lines_are_read_and_a_stream_as_well(tmp_path, capsys):
    (tmp_path / "a.jsonl").write_text(LINES, encoding="utf-8")
    expected = answered([str(tmp_path / "a.jsonl")], capsys)
    assert (list(expected[0]), expected[1]) == (["A", "B"], "")
    stream = tmp_path / "stream"
    os.mkfifo(stream)
    writer = threading.Thread(target=stream.write_text, args=(LINES,))
    writer.start()
    assert answered([str(stream)], capsys) == expected
    writer.join()


def test_batch_reads_standard_input_and_patients_that_come_with_millet(tmp_path, capsys, monkeypatch):
    out = tmp_path / "out.csv"
    monkeypatch.setattr("sys.stdin", io.StringIO(TABLE))
    assert main(["batch", "-", "--out", str(out)]) == 0
    assert pd.read_csv(out)["id"].tolist() == ["A"]
    assert main(["batch", "published", "--out", str(out)]) == 0
    assert len(pd.read_csv(out)) > 20
