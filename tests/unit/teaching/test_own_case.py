"""A case of one's own: written and read back whole; what is no picture or of another form is refused in one line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Case
from model.errors import MilletError
from model.intake.patients import read_patients
from model.teaching.own_case import (
    FORM,
    MAX_FILE,
    MAX_MEGABYTES,
    MAX_PICTURES,
    OwnCase,
    content,
    own_case,
    picture,
    read_own_case,
    written,
)
from priors import load_knowledge_base

GIF = b"GIF89a" + bytes(range(256))
CASE = Case(
    "A", {"fever": "present", "age_years": 39.0}, "nmosd", confirmatory=("fever",), proven_by="p", source="s"
)
words = st.text(st.characters(codec="utf-8"), max_size=40)


@given(words, st.lists(words.filter(str.strip), max_size=3))
def test_a_case_comes_back_from_its_file_as_it_was(vignette, points):
    own = OwnCase(CASE, vignette, tuple(points), (picture(GIF, "a.gif"), picture(GIF + b"x", "b.gif")))
    assert read_own_case(written(own).encode(), "file.json") == own


def test_a_link_holds_everything_but_the_pictures():
    own = OwnCase(CASE, "v", ("p",), (picture(GIF, "a.gif"),))
    assert own_case(content(own), "link") == OwnCase(CASE, "v", ("p",))
    assert "pictures" not in content(own)


def test_a_case_without_a_form_is_read():
    assert own_case({"id": "A", "findings": {"fever": "present"}}, "link").case.id == "A"


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"3",
        json.dumps({"form": FORM + 1, "findings": {}}).encode(),
        json.dumps({"form": FORM, "findings": {}, "vignette": 3}).encode(),
        json.dumps({"form": FORM, "findings": {}, "points": [3]}).encode(),
        json.dumps({"form": FORM, "findings": {}, "pictures": [{}] * (MAX_PICTURES + 1)}).encode(),
        b" " * (MAX_FILE + 1),
        json.dumps({"form": FORM, "findings": {}, "pictures": [{"name": "a", "data": "!"}]}).encode(),
        json.dumps({"form": FORM, "findings": {}, "pictures": [{"name": "a", "data": "aGVsbG8="}]}).encode(),
    ],
)
def test_what_is_no_case_is_refused_in_one_line(given):
    with pytest.raises(MilletError) as refused:
        read_own_case(given, "file.json")
    assert len(refused.value.problems) == 1
    assert "\n" not in refused.value.problems[0]


def test_every_reader_takes_the_patient_of_such_a_file_and_says_what_it_leaves():
    own = OwnCase(CASE, "v", ("p",), (picture(GIF, "a.gif"),))
    found = read_patients(written(own).encode(), load_knowledge_base())
    assert [dict(case.findings) for case in found.cases] == [dict(CASE.findings)]
    assert [note.partition(": ")[2].partition(";")[0] for note in found.notes] == [
        "vignette, points, pictures not used"
    ]
    with pytest.raises(MilletError, match="another version of Millet"):
        read_patients(json.dumps({"form": FORM + 1, "findings": {}}).encode(), load_knowledge_base())


def test_another_form_is_named():
    with pytest.raises(MilletError, match="another version of Millet"):
        own_case({"form": "2027", "findings": {}}, "file.json")


@pytest.mark.parametrize(
    "sign", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF1234WEBPVP8 "], ids=repr
)
def test_pictures_are_known_by_their_sign(sign):
    assert picture(sign + b"rest", "a").kind.startswith("image/")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"<svg onload='x'/>", "no picture"),
        (b"", "no picture"),
        (GIF + bytes(MAX_MEGABYTES * 1_000_000), "at most"),
    ],
)
def test_what_is_none_or_too_large_is_refused(data, word):
    with pytest.raises(MilletError, match=word):
        picture(data, "a.png")
