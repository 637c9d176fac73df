"""How good reading is on texts of our own: one half was looked at while the rules were written, the other was not."""

import json

import pytest

from benchmarks.reading import FOLDER, HALVES, Counts, as_set, quality
from priors import load_knowledge_base

KNOWLEDGE = load_knowledge_base()
TEXTS = {half: json.loads((FOLDER / f"{half}.json").read_text(encoding="utf-8")) for half in HALVES}


@pytest.mark.parametrize("half", HALVES)
def test_what_is_read_is_right_and_most_is_read(half):
    found = quality(half)
    assert found.all.precision >= 0.95
    assert found.absent.precision >= 0.95
    assert found.all.recall >= 0.80
    assert found.negation.precision >= 0.95


def test_the_texts_are_many_in_both_languages_and_in_one_half_only():
    assert {half: len(items) for half, items in TEXTS.items()} == {"tuning": 32, "kept": 32}
    for items in TEXTS.values():
        assert sum(item["language"] == "de" for item in items) >= 8
    assert not {i["text"] for i in TEXTS["tuning"]} & {i["text"] for i in TEXTS["kept"]}


def test_what_the_texts_state_are_findings_of_the_tables():
    broken = [
        (item["id"], name)
        for items in TEXTS.values()
        for item in items
        for name, value in item["findings"].items()
        if name not in KNOWLEDGE.variables
        or not (
            KNOWLEDGE.variables[name].kind == "age"
            or as_set(value) <= set(KNOWLEDGE.variables[name].state_ids)
        )
    ]
    assert [place for place in broken if place[1] != "age_years"] == []


def test_precision_and_recall_count_what_they_say():
    counts = Counts(read=3, stated=4, right=2) + Counts(read=1, stated=0, right=0)
    assert (counts.precision, counts.recall) == (0.5, 0.5)
