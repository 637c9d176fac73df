"""Whatever stands in a folder of tables, it is read, or refused in lines that name file, line and remedy."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import priors
from priors.schema import KnowledgeError
from tests.support.tables import write_tables

HOSTILE = st.sampled_from(
    [
        *(
            "<script>alert(1)</script>",
            "=cmd|' /C calc'!A0",
            "../../etc",
            "\u202e",
            "a" * 200_000,
            "nan",
            "inf",
            "-1",
        ),
        *('"', '"""', "\r", "\n", ",", ",,,,", "\x00", "|", "||", "1e999", "9" * 400, " ", "\ufeff"),
    ]
)


@pytest.fixture
def folder(tmp_path):
    return write_tables(tmp_path / "tables")


@settings(max_examples=250, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_anything_written_into_a_table_is_read_or_refused(folder, data):
    paths = sorted(folder.rglob("*.csv"))
    path = data.draw(st.sampled_from(paths))
    whole = path.read_bytes()
    text = whole.decode()
    at = data.draw(st.integers(0, len(text)))
    end = data.draw(st.sampled_from([at, at, at + 1, at + 7, len(text)]))
    inserted = data.draw(HOSTILE | st.text(alphabet=string.printable, max_size=10))
    try:
        path.write_bytes((text[:at] + inserted + text[end:]).encode())
        report = priors.check(folder)
        try:
            priors.load_knowledge_base(folder)
        except KnowledgeError as error:
            lines = str(error).splitlines()
        else:
            lines = []
        assert not lines or any(problem.level == "error" for problem in report.problems)
        assert all(";" in line for line in lines[1:])
    finally:
        path.write_bytes(whole)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(place=st.floats(0, 1), content=st.binary(min_size=1, max_size=30), which=st.integers(0, 30))
def test_any_bytes_in_a_table_are_read_or_refused(folder, place, content, which):
    paths = sorted(folder.rglob("*.csv"))
    path = paths[which % len(paths)]
    whole = path.read_bytes()
    at = int(place * len(whole))
    try:
        path.write_bytes(whole[:at] + content + whole[at:])
        try:
            priors.load_knowledge_base(folder)
        except KnowledgeError:
            return
    finally:
        path.write_bytes(whole)
