"""`millet read`: a text in, a case file out that `millet diagnose` takes."""

import io
import json
import sys

import pytest

TEXT = "A 34-year-old woman with headache but no fever. Seizures cannot be excluded. Her mother has uveitis."


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.txt"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_the_case_file_holds_what_the_text_states(run, report):
    status, out, err = run("read", report, "--json")
    assert status == 0
    assert json.loads(out) == {
        "id": "report",
        "findings": {"age_years": 34.0, "sex": "female", "headache": "present", "fever": "absent"},
    }
    assert err.splitlines() == [
        "millet read: Seizures = Present: uncertain ('Seizures')",
        "millet read: Uveitis = Present: of a relative ('uveitis')",
    ]


def test_diagnose_reads_it_from_a_pipe(run, report, monkeypatch):
    _, case, _ = run("read", report, "--json")
    monkeypatch.setattr(sys, "stdin", io.StringIO(case))
    status, out, _ = run("diagnose", "-", "--json")
    assert status == 0
    assert json.loads(out)["cases"][0]["n_findings"] == 4


def test_the_table_shows_the_words_and_what_was_left_out(run, report):
    status, out, _ = run("read", report)
    assert status == 0
    assert "Headache  Present  headache" in out
    assert "Not taken:\nSeizures = Present: uncertain" in out


def test_german_is_read_when_it_is_asked_for(run, tmp_path):
    path = tmp_path / "brief.txt"
    path.write_text("Kein Fieber.", encoding="utf-8")
    _, out, _ = run("read", str(path), "--json", "--language", "de")
    assert json.loads(out)["findings"] == {"fever": "absent"}


def test_a_text_that_states_nothing_says_so(run, tmp_path):
    path = tmp_path / "nothing.txt"
    path.write_text("The letter is to follow.", encoding="utf-8")
    assert "states no finding" in run("read", str(path))[1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty; give the text of one patient"),
        (b" \n", "empty; give the text of one patient"),
        (b"%PDF-1.7\n%\xe2\xe3 Fever", "is a PDF; save its text as UTF-8 (.txt) and give that file"),
        (b"{\\rtf1 Fever}", "is a text document (RTF); save its text"),
        (b"PK\x03\x04word/document.xml", "is a Word document; save its text"),
        (b"<html>Fever</html>", "is a web page or XML; save its text"),
        (b'{"findings": {"fever": "present"}}', "is JSON, no text; give patients to millet diagnose"),
        (b"PAR1Fever", "is a Parquet table; save its text"),
        (b"Fever\0\1", "is no text; save its text"),
        (b"Fi\xe9vre", "line 1: byte 0xe9 is not UTF-8"),
    ],
)
def test_what_is_no_text_of_a_report_is_told_in_one_line(run, tmp_path, content, said):
    path = tmp_path / "report.txt"
    path.write_bytes(content)
    status, out, err = run("read", str(path))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_a_text_that_is_too_long_is_refused_in_one_line(run, tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("no fever. " * 2001, encoding="utf-8")
    status, out, err = run("read", str(path), "--json")
    assert (status, out) == (2, "")
    assert (
        err == "millet read: text: 20,010 characters; at most 20,000 are read; give the part that matters\n"
    )


def test_a_text_that_says_both_is_named(run, tmp_path):
    path = tmp_path / "both.txt"
    path.write_text("No fever at first. Later she had fever.", encoding="utf-8")
    assert "The text says both of 1 finding: Fever" in run("read", str(path))[1]


def test_what_is_no_finding_is_named(run, tmp_path):
    path = tmp_path / "other.txt"
    path.write_text("Nystagmus and neurosarcoidosis.", encoding="utf-8")
    assert "no finding of the tables: neurosarcoidosis" in run("read", str(path))[1]
