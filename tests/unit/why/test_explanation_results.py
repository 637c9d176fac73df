"""An explanation as text, table, JSON and paragraph: the same numbers everywhere, in bans or decibans."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from model.errors import ImpossibleFindingsError
from model.patient.evidence import encode
from model.why.explanation import explain
from tests.support.small_network import small_network
from tests.support.text import flat

NETWORK = small_network()
FINDINGS = {"sex": "female", "optic_neuritis": "unilateral|bilateral", "serum_aqp4_igg": "positive"}
WHY = explain(NETWORK, encode(NETWORK, FINDINGS), contrast=("nmosd", "multiple_sclerosis"))
NONE = explain(NETWORK, encode(NETWORK, {}))


def numbers(content, path=()):
    """Path -> number, for every number in plain objects."""
    if isinstance(content, dict):
        pairs = content.items()
    elif isinstance(content, list):
        pairs = enumerate(content)
    else:
        is_number = isinstance(content, (int, float)) and not isinstance(content, bool)
        return {path: content} if is_number else {}
    return {key: number for name, inner in pairs for key, number in numbers(inner, (*path, name)).items()}


def plain(unit):
    return json.loads(json.dumps(WHY.to_dict(unit=unit), allow_nan=False))


def test_a_record_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        WHY.total = 0.0


def test_decibans_are_ten_times_bans_and_probabilities_stay():
    bans, decibans = numbers(plain("ban")), numbers(plain("deciban"))
    assert bans.keys() == decibans.keys()
    moved = {path for path in bans if bans[path] and bans[path] != decibans[path]}
    for path in moved:
        assert decibans[path] == pytest.approx(10 * bans[path])
    weights = {"alone", "in_sequence", "order_free", "total", "order_free_total", "value", "low", "high"}
    assert {path[-1] for path in moved} >= weights
    still = (
        "probability",
        "prior",
        "without",
        "percentile",
        "log10_probability",
        "n",
        "seed",
        "order_free_draws",
    )
    assert not {path for path in moved if path[-1] in still}


def test_json_and_table_hold_the_same_weights():
    listed = plain("deciban")["contributions"]
    frame = WHY.to_frame(unit="deciban")
    for name in ("alone", "in_sequence", "order_free", "without"):
        np.testing.assert_allclose(frame[name], [c[name] for c in listed], rtol=1e-10)


def test_a_table_without_findings_keeps_its_columns():
    assert list(NONE.to_frame(unit="deciban").columns) == list(WHY.to_frame().columns)
    assert len(NONE.to_frame()) == 0


def test_the_text_shows_every_part():
    text = flat(WHY.summary())
    assert "add up to +2." in text
    assert "so do the order-free ones (exact)." in text
    for part in (WHY.conflict, WHY.surprise, *WHY.counterfactuals, WHY.contrast):
        assert part.sentence() in text


def test_the_text_in_decibans_is_the_text_in_bans_times_ten():
    top = max(WHY.contributions, key=lambda c: c.alone)
    assert f"{top.alone:+.2f}" in WHY.summary()
    assert f"{10 * top.alone:+.2f}" in WHY.summary(unit="deciban")
    assert "decibans LR" in WHY.summary(unit="deciban")


def test_the_paragraph_says_words_and_numbers():
    text = WHY.paragraph()
    assert text.startswith(
        "Before anything is known of the patient, Neuromyelitis optica spectrum disorder has a"
    )
    assert "of 100 such patients" in text
    assert "In its favour: Serum aqp4 igg: positive (decisive evidence alone" in text
    assert "\n" not in text


def test_the_paragraph_without_findings_is_the_prior():
    assert NONE.paragraph().endswith("No finding is given, so nothing changes that.")


def test_findings_against_a_diagnosis_are_named_as_such():
    text = explain(NETWORK, encode(NETWORK, FINDINGS), diagnosis="other").paragraph()
    assert "lower it to" in text
    assert "Against it: Serum aqp4 igg: positive" in text


@pytest.mark.parametrize("diagnosis", [None, "nmosd"])
def test_impossible_findings_are_named(diagnosis):
    evidence = encode(NETWORK, {"ms_course": "relapsing_remitting", "ms_variant": "not_applicable"})
    with pytest.raises(ImpossibleFindingsError, match="no diagnosis allows ms_course = relapsing_remitting"):
        explain(NETWORK, evidence, diagnosis=diagnosis)
