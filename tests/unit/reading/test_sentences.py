"""Sentences that mislead: what must be read from them, and above all what must not."""

import csv
from pathlib import Path

from model.reading.reading import read_text
from priors import load_knowledge_base

KNOWLEDGE = load_knowledge_base()
TABLE = Path(__file__).with_name("sentences.csv")


def said(text, language):
    return {
        f"{name}={value if isinstance(value, str) else '|'.join(value) if isinstance(value, list) else f'{value:g}'}"
        for name, value in read_text(text, KNOWLEDGE, language).findings.items()
    }


def test_a_sentence_that_misleads_is_read_rightly():
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 60
    found = {row["text"]: said(row["text"], row["language"]) for row in rows}
    wanted = {row["text"]: set(row["reads"].split()) for row in rows}
    assert {text: found[text] for text in found if found[text] != wanted[text]} == {}
