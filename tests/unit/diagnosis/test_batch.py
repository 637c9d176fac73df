"""Tables of patients: the same answers as one by one, nobody lost, bad cells named, memory bounded, Dask alike."""

import csv
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import encode, load_network, posterior, simulate
from model.cli import main
from model.diagnosis import batch, batch_files
from model.diagnosis.batch import PROBLEM, answer_table
from model.diagnosis.batch_files import METADATA, answer_file
from model.errors import CaseFileError, EvidenceError, MilletError, UnknownNameError
from model.patient.evidence import contradictions
from model.patient.table import ID
from tests.support.source import ROOT

DRAWN = load_network()
NETWORK = DRAWN.at_mean()
ROWS = NETWORK.knowledge.rows
FEW = DRAWN.thinned(20)


def patients(n, *, seed=0, share=0.2):
    """Simulated patients as a table of texts, a share of their records filled in."""
    found = simulate(NETWORK, n, seed=seed)
    rng = np.random.default_rng(seed)
    on_record = found.recorded()
    table = {ID: [f"P{i}" for i in range(n)]}
    for name in found.findings:
        states = np.array(NETWORK.states[name])[found.states[name]]
        table[name] = np.where(on_record[name] & (rng.random(n) < share), states, "")
    return pd.DataFrame(table)


TABLE = patients(300)


def many(n):
    """The same patients over and over, each under an identifier of its own."""
    table = pd.concat([TABLE] * (n // len(TABLE) + 1))[:n]
    return table.assign(**{ID: [f"P{i}" for i in range(n)]})


def one_by_one(table, network):
    """P(table row) of every patient, each asked alone."""
    answers = []
    for line in table.to_dict("records"):
        findings = {name: value for name, value in line.items() if name != ID and value}
        answers.append(posterior(network, encode(network, findings)).mean_by("row")[0])
    return np.array(answers)


@pytest.mark.parametrize("network", [NETWORK, FEW], ids=["mean", "draws"])
def test_the_answers_are_those_of_single_patients(network):
    table = TABLE[:60]
    answer = answer_table(table, network)
    np.testing.assert_allclose(
        answer[list(ROWS)].to_numpy(float), one_by_one(table, network), rtol=1e-9, atol=1e-12
    )
    assert answer["leader"].tolist() == [ROWS[i] for i in answer[list(ROWS)].to_numpy(float).argmax(axis=1)]
    assert (answer[PROBLEM] == "").all()
    assert answer["n_findings"].tolist() == [
        sum(bool(value) for name, value in line.items() if name != ID) for line in table.to_dict("records")
    ]


def test_intervals_are_those_of_the_draws():
    answer = answer_table(TABLE[:5], FEW)
    one = posterior(FEW, encode(FEW, {n: v for n, v in TABLE.iloc[2].items() if n != ID and v}))
    low, high = one.interval(0.9)[:, 0, 0]
    assert answer[f"{ROWS[0]}_low"][2] == pytest.approx(low)
    assert answer[f"{ROWS[0]}_high"][2] == pytest.approx(high)
    assert f"{ROWS[0]}_low" not in answer_table(TABLE[:5], NETWORK).columns


def test_either_of_two_states_ages_and_blanks_are_read():
    table = pd.DataFrame(
        {
            "facial_palsy": ["unilateral|bilateral", " ", None],
            "age_years": [39, np.nan, "25.5"],
            "fever": ["", "", ""],
        }
    )
    answer = answer_table(table, NETWORK)
    assert answer["n_findings"].tolist() == [2, 0, 1]
    assert answer[ID].tolist() == ["2", "3", "4"]
    expected = posterior(NETWORK, encode(NETWORK, {"facial_palsy": "unilateral|bilateral", "age_years": 39}))
    np.testing.assert_allclose(answer[list(ROWS)].to_numpy(float)[0], expected.mean_by("row")[0])


def test_a_patient_without_an_answer_is_kept_and_the_others_do_not_change():
    table = pd.DataFrame(
        {
            ID: ["fine", "contradiction", "impossible"],
            "pvs_pattern": ["present", "present", ""],
            "enhancement_pattern": ["", "none", ""],
            "ms_course": ["", "", "not_applicable"],
            "ms_variant": ["", "", "classic"],
        }
    )
    answer = answer_table(table, NETWORK)
    assert answer[ID].tolist() == table[ID].tolist()
    assert answer[PROBLEM][0] == ""
    assert "pvs_pattern = present" in answer[PROBLEM][1]
    assert "no diagnosis allows" in answer[PROBLEM][2]
    assert answer[list(ROWS)].isna().all(axis=1).tolist() == [False, True, True]
    assert answer["leader"].tolist()[1:] == ["", ""]
    alone = answer_table(table[:1], NETWORK)
    np.testing.assert_allclose(
        answer[list(ROWS)].to_numpy(float, na_value=0)[0], alone[list(ROWS)].to_numpy(float)[0], rtol=1e-12
    )


@pytest.mark.parametrize(
    ("columns", "error", "said"),
    [
        ({"fevr": ["present"]}, UnknownNameError, "did you mean fever"),
        (
            {"diagnosis": ["nmosd"]},
            EvidenceError,
            "table, header, column diagnosis: a diagnosis is what is asked",
        ),
        (
            {"id": ["A", "B", "A"], "fever": [""] * 3},
            EvidenceError,
            "line 4, column id: A is there before, at line 2",
        ),
        ({"fever": ["", ["present", 3]]}, EvidenceError, "table, line 3, column fever: found 3"),
        ({"fever": [{"present": 0.8}]}, EvidenceError, "no weight for absent"),
        ({"fever": [True]}, EvidenceError, "found True; allowed: absent, present"),
        ({"id": ["A"]}, EvidenceError, "no finding"),
        ({"fever": ["", "present", "yes"]}, EvidenceError, "table, line 4, column fever"),
        ({"age_years": [12, 300]}, EvidenceError, "table, line 3, column age_years"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(columns, error, said):
    with pytest.raises(error) as caught:
        answer_table(pd.DataFrame(columns), NETWORK)
    assert said in str(caught.value)


def test_of_very_many_bad_cells_twenty_are_named():
    table = pd.DataFrame({"fever": [f"wrong{i}" for i in range(50)]})
    with pytest.raises(EvidenceError) as caught:
        answer_table(table, NETWORK)
    assert len(caught.value.problems) == 21
    assert "30 more cells" in caught.value.problems[-1]


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from([ID, "fever", "age_years", "facial_palsy", "ms_course", "nonsense", ""]),
        st.lists(
            st.none() | st.text(max_size=12) | st.floats() | st.integers() | st.booleans(),
            min_size=2,
            max_size=2,
        ),
        max_size=4,
    )
)
def test_any_table_is_answered_or_refused(columns):
    try:
        answer = answer_table(pd.DataFrame(columns), NETWORK)
    except MilletError:
        return
    known = answer[answer[PROBLEM] == ""][list(ROWS)].to_numpy(float)
    assert np.isfinite(known).all()
    assert known.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("source", ["csv", "parquet"])
@pytest.mark.parametrize("target", ["csv", "parquet"])
def test_chunks_and_formats_do_not_change_an_answer(tmp_path, source, target):
    path, out = tmp_path / f"in.{source}", tmp_path / "folder" / f"out.{target}"
    TABLE.to_csv(path, index=False) if source == "csv" else TABLE.to_parquet(path)
    done = []
    kept = {"provenance": {"version": "x"}, "chunk": 37}
    summary = answer_file(path, out, NETWORK, **kept, progress=lambda *some: done.append(some))
    found = pd.read_csv(out, keep_default_na=False) if target == "csv" else pd.read_parquet(out)
    expected = answer_table(TABLE, NETWORK)
    sizes, shares = zip(*done, strict=True)
    assert (summary.n_patients, summary.n_problems, sum(sizes)) == (300, 0, 300)
    assert 0 < shares[0] <= shares[-1] == 1
    assert list(shares) == sorted(shares)
    assert found.columns.tolist() == expected.columns.tolist()
    np.testing.assert_allclose(
        found[list(ROWS)].to_numpy(float), expected[list(ROWS)].to_numpy(float), rtol=1e-9
    )
    assert found["leader"].tolist() == expected["leader"].tolist()
    assert [one.name for one in out.parent.iterdir()] == [out.name]
    if target == "parquet":
        assert json.loads(pq.read_schema(out).metadata[METADATA]) == {"version": "x"}


def test_two_runs_give_the_same_bytes(tmp_path):
    TABLE.to_csv(tmp_path / "in.csv", index=False)
    for ending in ("csv", "parquet"):
        written = []
        for run in "ab":
            out = tmp_path / f"{run}.{ending}"
            answer_file(tmp_path / "in.csv", out, FEW, provenance={"n": 1}, chunk=100)
            written.append(out.read_bytes())
        assert written[0] == written[1]


def test_fewer_rows_at_a_time_where_there_are_many_draws(tmp_path, monkeypatch):
    monkeypatch.setattr(batch_files, "CELLS", 2000)
    TABLE.to_csv(tmp_path / "in.csv", index=False)
    sizes = []
    answer_file(tmp_path / "in.csv", tmp_path / "out.parquet", FEW, progress=lambda n, _: sizes.append(n))
    assert sizes == [100, 100, 100]
    kept = json.loads(pq.read_schema(tmp_path / "out.parquet").metadata[METADATA])
    assert (kept["n_draws"], kept["digest"]) == (20, FEW.digest)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("in.csv", b"", "empty; a table is a header"),
        ("in.csv", b"id,fever\n", "no patient"),
        ("in.csv", b"id,fever\nA,present\n\xff\xfe,present\n", "line 3: byte 0xff is not UTF-8"),
        ("in.csv", b"id,fever\nA,present\nB,present,more\n", "line 3: 3 cells; the header has 2"),
        ("in.csv", b"id,fever,fever\nA,present,absent\n", "given twice: fever"),
        ("in.csv", b'id,fever\n"A,present\n', "cannot be read as a table"),
        ("in.csv", b"PAR1\x00\x00", "cannot be read as a table"),
        ("in.parquet", b"id,fever\n", "no patient"),
        ("in.parquet", b"", "empty; a table is a header"),
        ("in.xlsx", b"x", "unknown finding"),
    ],
)
def test_a_damaged_file_is_refused_and_the_earlier_answer_stays(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    out = tmp_path / "out.csv"
    out.write_text("earlier", encoding="utf-8")
    with pytest.raises(MilletError) as caught:
        answer_file(tmp_path / name, out, NETWORK, provenance={})
    assert said in str(caught.value)
    assert out.read_text(encoding="utf-8") == "earlier"
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([name, "out.csv"])


def test_a_table_is_not_written_over_itself(tmp_path):
    path = tmp_path / "in.csv"
    TABLE[:2].to_csv(path, index=False)
    with pytest.raises(CaseFileError, match="is the table itself"):
        answer_file(path, tmp_path / "." / "in.csv", NETWORK, provenance={})


def test_no_cell_is_a_formula(tmp_path):
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text("id,fever\n\"=cmd|' /C calc'!A0\",present\n@SUM(1),absent\n", encoding="utf-8")
    answer_file(path, out, NETWORK, provenance={})
    with out.open(encoding="utf-8", newline="") as file:
        assert [row[ID][0] for row in csv.DictReader(file)] == ["'", "'"]


def test_the_command_answers_and_says_what_became_of_the_table(tmp_path, capsys):
    path, out = tmp_path / "in.csv", tmp_path / "out.parquet"
    TABLE[:9].to_csv(path, index=False)
    assert main(["batch", str(path), "--out", str(out), "--draws", "5", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["n_patients"], told["n_problems"], told["n_draws"]) == (9, 0, 5)
    assert told["protocol"] == list(NETWORK.knowledge.of_role("protocol"))
    made_by = json.loads(pq.read_schema(out).metadata[METADATA])
    assert made_by["digest"] == told["digest"] == NETWORK.digest
    assert main(["batch", str(path), "--out", str(tmp_path / "out.txt")]) == 2
    assert capsys.readouterr().err.startswith("millet batch: ")


MEASURE = """
import resource, sys
from pathlib import Path
from model import load_network
from model.diagnosis.batch_files import answer_file
answer_file(Path(sys.argv[1]), Path(sys.argv[2]), load_network().at_mean(), provenance={}, chunk=5000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_table(tmp_path):
    peaks = []
    for n in (10_000, 80_000):
        path = tmp_path / f"{n}.csv"
        many(n).to_csv(path, index=False)
        command = [sys.executable, "-c", MEASURE, str(path), str(tmp_path / "out.parquet")]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout))
    assert peaks[1] < peaks[0] + 150_000  # KiB


@pytest.mark.slow
def test_the_example_under_dask_gives_the_same_answers(tmp_path):
    path = tmp_path / "patients.csv"
    many(12_000).to_csv(path, index=False)
    example = ROOT / "docs" / "examples" / "dask_batch.py"
    command = [sys.executable, str(example), str(path), str(tmp_path / "answers")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "on 2 workers" in done.stdout
    parts = sorted((tmp_path / "answers").glob("*.parquet"), key=lambda part: int(part.stem.split(".")[1]))
    assert len(parts) > 1
    found = pd.concat(pd.read_parquet(part) for part in parts)
    answer_file(path, tmp_path / "one.parquet", NETWORK, provenance={})
    expected = pd.read_parquet(tmp_path / "one.parquet")
    assert len(found) == len(expected) == 12_000
    pd.testing.assert_frame_equal(
        found.reset_index(drop=True).astype(object), expected.astype(object), check_exact=False, rtol=1e-9
    )


def test_only_patients_who_contradict_themselves_are_looked_at_one_by_one(monkeypatch):
    looked_at = []

    def noted(where, row, knowledge):
        looked_at.append(row)
        return contradictions(where, row, knowledge)

    monkeypatch.setattr(batch, "contradictions", noted)
    table = pd.DataFrame(
        {
            "spinal_cord_involvement": ["none", "none", "vertebral|none"],
            "cord_lesion_length": ["", "short", ""],
        }
    )
    answer = answer_table(table, NETWORK)
    assert [one != "" for one in answer[PROBLEM]] == [False, True, False]
    assert [sorted(row) for row in looked_at] == [["cord_lesion_length", "spinal_cord_involvement"]]
