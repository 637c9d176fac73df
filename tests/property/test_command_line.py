"""Whatever words follow `millet`: an exit status, whole lines, no NaN, no traceback, and no file but the one asked for."""

import argparse
import io
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from model.cli import parser
from model.network import shipped
from tests.support.command import run as run_command
from tests.support.small_network import small_network

SUB = next(action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
COMMANDS = sorted(
    set(SUB.choices) - {"elicit", "app"}
)  # a run of the sampler takes minutes, a server does not end; their options are tested elsewhere

CASES = '[{"id": "A", "findings": {"serum_aqp4_igg": "positive"}, "truth": "nmosd"}]'
TABLE = "id,serum_aqp4_igg\nA,positive\n"
WORDS = st.sampled_from(
    [
        *(
            "cases.json",
            "table.csv",
            "missing.json",
            ".",
            "",
            "-",
            "--",
            "-1",
            "0",
            "3",
            "1e400",
            "nan",
            "1_0",
        ),
        *(
            "serum_aqp4_igg=positive",
            "sex=male",
            "nmosd",
            "other",
            "multiple_sclerosis",
            "row",
            "group",
            "leaf",
        ),
        *("nmosd=2", "nmosd=nan", "a=b=c", "flat", "custom", "documents", "=", "[", "{", "../x", "out/x.csv"),
        *("nmosd:other", "nmosd>0.5", "lumbar_puncture=3", "bif", "xdsl", "result.csv", "result.bif"),
    ]
)


def options_of(command):
    """Option strings of a command, but for help."""
    actions = [action for action in SUB.choices[command]._actions if action.dest != "help"]
    return [option for action in actions for option in action.option_strings]


def lines(command):
    """Words after a command: its options and values, in any order, some of them nonsense."""
    word = WORDS | st.sampled_from(options_of(command) or ["--json"]) | st.text(max_size=6)
    return st.lists(word, max_size=5).map(lambda words: [command, *words])


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with a case file and a table, and the small network in place of the shipped one."""
    (tmp_path / "cases.json").write_text(CASES, encoding="utf-8")
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shipped, "load_network", lambda **_: small_network())
    return tmp_path


def run(words, capsys, monkeypatch):
    """Status, standard output and standard error of one run."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(CASES))
    return run_command(capsys, *words)


@pytest.mark.parametrize("command", COMMANDS)
def test_any_words_end_in_an_answer_or_in_lines_that_say_why(command, place, capsys, monkeypatch):
    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(lines(command))
    def check(words):
        before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
        status, out, err = run(words, capsys, monkeypatch)
        assert status in (0, 1, 2), (status, err)
        assert "Traceback" not in err
        assert "NaN" not in out
        if status == 2:
            assert err.endswith("\n")
            assert all(
                line.startswith((f"millet {command}: ", "millet: ")) for line in err[:-1].split("\n")
            ), err
            assert err.replace("\n", "").isprintable()
        after = {path for path in place.rglob("*") if path.is_file()}
        wanted = {(place / word).resolve() for word in words if word and "\0" not in word}
        for path in after - set(before):
            assert path.resolve() in wanted, words
            path.unlink()
        for path, content in before.items():
            assert path.resolve() in wanted or path.read_bytes() == content
            path.write_bytes(content)

    check()


@example(words=["diagnose", "--finding", "serum_aqp4_igg=positive"])
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(words=st.lists(st.text(max_size=8), max_size=4))
def test_any_text_at_all_is_answered(words, place, capsys, monkeypatch):
    status, _, err = run(words, capsys, monkeypatch)
    assert status in (0, 1, 2)
    assert "Traceback" not in err
    assert sorted(path.name for path in Path(place).iterdir()) == ["cases.json", "table.csv"]
