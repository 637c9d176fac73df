"""Identifiers of a large table: a repeated one is found in whatever chunk, and nobody is refused for a fingerprint alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import EvidenceError
from model.intake import repeated
from model.intake.patients import read_chunks
from model.intake.repeated import Fingerprints
from priors import load_knowledge_base


def ids(content, size):
    chunks = read_chunks(content, load_knowledge_base(), size, [])
    return [one for chunk in chunks for one in chunk.ids]


def table(names):
    return ("id,sex\n" + "".join(f"{name},male\n" for name in names)).encode()


@given(st.lists(st.lists(st.integers(0, 60).map(str), max_size=20), max_size=12))
def test_what_was_there_in_an_earlier_call_is_met_and_nothing_else(calls):
    met, before = Fingerprints(), set()
    for call in calls:
        assert met.met(call) == [i for i, one in enumerate(call) if one in before]
        before |= set(call)


def test_an_identifier_of_an_earlier_chunk_is_refused_with_both_lines():
    with pytest.raises(EvidenceError) as caught:
        ids(table(["A", "B", "C", "D", "E", "B"]), 2)
    assert (
        str(caught.value)
        == "file, line 7, column id: B is there before, at line 3; give each patient its own"
    )


def test_identifiers_that_share_a_fingerprint_are_all_read(monkeypatch):
    monkeypatch.setattr(repeated, "fingerprint", len)
    assert ids(table("ABCDE"), 2) == list("ABCDE")
    with pytest.raises(EvidenceError, match="line 6, column id: B is there before, at line 3"):
        ids(table("ABCDB"), 2)
