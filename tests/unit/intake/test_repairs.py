"""Seven small files made after real ones that users of neighbouring tools reported, from the command line: what is right."""

import json

import pandas as pd

from model.cli import main
from tests.support.source import ROOT

FILES = ROOT / "tests" / "data" / "repairs"


def converted(name, capsys):
    """The findings that `millet convert` makes of a file, and its notes."""
    assert main(["convert", str(FILES / name), "--to", "case"]) == 0
    said = capsys.readouterr()
    return json.loads(said.out)["findings"], said.err.splitlines()


def batch(name, folder):
    """Identifier and number of findings of each patient that `millet batch` answers."""
    out = folder / "out.csv"
    assert main(["batch", str(FILES / name), "--out", str(out)]) == 0
    answer = pd.read_csv(out)
    return dict(zip(answer["id"], answer["n_findings"], strict=True))


def test_what_version_1_negates_is_absent_and_its_age_is_read(capsys):
    findings, notes = converted("packet_v1_negated.json", capsys)
    assert findings == {
        "sex": "female",
        "age_years": 34.0,
        "diplopia": "absent",
        "ataxia": "present",
        "dysarthria": "absent",
    }
    assert notes == []


def test_snake_case_is_read_like_camel_case(capsys):
    findings, notes = converted("packet_snake_case.json", capsys)
    assert findings == {"sex": "male", "age_years": 52.0, "diplopia": "present", "ataxia": "absent"}
    assert notes == []


def test_of_a_family_the_proband_is_read_and_the_others_are_named(capsys):
    findings, notes = converted("family.json", capsys)
    assert findings == {"sex": "female", "diplopia": "present"}
    assert notes == ["millet convert: family repair-3, relative p4: another patient; not used"]


def test_a_table_with_semicolons_is_read(tmp_path):
    assert batch("semicolon.csv", tmp_path) == {"A": 4, "B": 3}


def test_rows_without_content_are_no_patients(tmp_path):
    assert batch("bare_commas.csv", tmp_path) == {"A": 3}


def test_columns_without_name_and_content_are_dropped(tmp_path):
    assert batch("trailing_empty_columns.csv", tmp_path) == {"A": 2}


def test_weights_that_leave_a_state_out_are_refused(capsys):
    assert main(["diagnose", str(FILES / "partial_weights.json"), "--at-mean"]) == 2
    expected = "no weight for absent; give every state one, 0 where it is ruled out"
    assert capsys.readouterr().err == f"millet diagnose: case soft, finding pvs_pattern: {expected}\n"


def test_no_file_is_left_out():
    used = {"packet_v1_negated.json", "packet_snake_case.json", "family.json", "partial_weights.json"}
    used |= {"semicolon.csv", "bare_commas.csv", "trailing_empty_columns.csv"}
    assert {path.name for path in FILES.iterdir()} == used
