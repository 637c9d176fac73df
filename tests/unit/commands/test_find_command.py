"""`millet find`: text and JSON, and what an unknown finding is told on the command line."""

from __future__ import annotations

import json

import pytest

from model.cli import main
from model.text import SCOPE


def test_text_names_findings_and_their_states(capsys):
    assert main(["find", "short", "cord", "lesion"]) == 0
    out = capsys.readouterr().out
    assert "cord_lesion_length" in out
    assert "(meant: short)" in out
    assert out.endswith(f"{SCOPE}\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("smoking", "Not in the model: Smoking."),
        ("xyzzy", "xyzzy: not in the model."),
        ("sarcoidosis", "Neurosarcoidosis (neurosarcoidosis) is a diagnosis"),
        ("CIS", "(meant:\n"),
        ("CIS", "ms_course: inferred, `millet diagnose` gives it"),
        ("CADASIL", "CADASIL: inferred, no finding; counts with 'None of the listed diseases' (other)."),
        ("LP", "Lumbar puncture (lumbar_puncture) is an order"),
    ],
)
def test_text_says_what_is_no_finding(capsys, words, said):
    assert main(["find", words]) == 0
    assert said in capsys.readouterr().out


def test_json_has_the_documented_keys(capsys):
    assert main(["find", "ACE", "in", "CSF", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer.keys() == {
        *("version", "digest", "scope", "words"),
        *("findings", "not_modelled", "diagnoses", "others", "orders"),
    }
    [finding] = answer["findings"]
    assert finding["finding"] == "serum_ace_or_sil2r_high"
    assert finding.keys() == {"finding", "label", "order", "state", "states"}
    [term] = answer["not_modelled"]
    assert term.keys() == {"term", "label", "note", "instead"}


def test_more_is_told_of(capsys):
    assert main(["find", "cord", "--top", "2"]) == 0
    assert "more: --top" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        ("hedache=present", "did you mean headache?"),
        ("MOG=positive", "known not to be modelled: MOG antibodies"),
        ("PACNS=present", "pacns is a diagnosis, which is inferred"),
        ("CADASIL=present", "other is a diagnosis, which is inferred"),
        ("shoe_size=9", "it is not in the model; `millet find WORDS`"),
    ],
)
def test_an_unknown_finding_gets_what_the_search_knows(capsys, finding, said):
    assert main(["diagnose", "--finding", finding]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert len(err.splitlines()) == 1
