"""Case files: every way to give them, and every way they can be broken."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from model.errors import CaseFileError
from model.patient import source
from model.patient.cases import Case, read_cases

CASE = {"id": "H001", "findings": {"age_years": 39, "sex": "male"}, "truth": "nmosd", "confirmatory": ["sex"]}


def problem(source) -> str:
    """The message of the `CaseFileError` that a source gives."""
    with pytest.raises(CaseFileError) as caught:
        read_cases(source)
    return str(caught.value)


class TestSources:
    @pytest.fixture(params=["path", "text path", "json", "bytes", "stream", "mapping", "list", "bom"])
    def given(self, request, tmp_path):
        file = tmp_path / "cases.json"
        file.write_text(json.dumps(CASE), encoding="utf-8-sig" if request.param == "bom" else "utf-8")
        return {
            "path": file,
            "bom": file,
            "text path": str(file),
            "json": "  \n" + json.dumps([CASE]),
            "bytes": json.dumps(CASE).encode(),
            "stream": io.StringIO(json.dumps(CASE)),
            "mapping": CASE,
            "list": [CASE],
        }[request.param]

    def test_every_source_gives_the_same_case(self, given):
        [case] = read_cases(given)
        assert case == Case("H001", CASE["findings"], truth="nmosd", confirmatory=("sex",))

    def test_a_dash_is_standard_input(self, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps([CASE])))
        assert read_cases("-")[0].id == "H001"

    def test_cases_without_id_are_numbered(self):
        assert [case.id for case in read_cases([{"findings": {}}, {"id": 7, "findings": {}}])] == [
            "case_1",
            "7",
        ]

    def test_every_key_of_the_format_is_kept(self):
        [case] = read_cases(
            {
                "id": "A",
                "source": "s",
                "truth": "other",
                "ms_course": "c",
                "ms_variant": "v",
                "proven_by": "biopsy",
                "findings": {"fever": None},
                "confirmatory": None,
                "note": "n",
            }
        )
        assert case == Case("A", {"fever": None}, "other", "c", "v", (), "s", "biopsy", "n")

    def test_findings_of_a_case_cannot_be_changed(self):
        [case] = read_cases(CASE)
        with pytest.raises(TypeError):
            case.findings["fever"] = "present"

    def test_without_confirmatory_leaves_the_rest(self):
        [case] = read_cases(CASE)
        assert dict(case.without_confirmatory().findings) == {"age_years": 39}
        assert case.without_confirmatory().truth == "nmosd"


class TestBrokenFiles:
    def test_a_missing_file(self):
        assert problem(Path("no/such/file.json")).endswith(
            "cannot be read (No such file or directory); check the path"
        )

    def test_a_folder(self, tmp_path):
        assert "cannot be read" in problem(tmp_path)

    def test_a_path_with_a_null(self):
        assert "cannot be read" in problem("a\0b")

    def test_a_file_that_is_not_utf8(self, tmp_path):
        (tmp_path / "x.json").write_bytes(b'{"id": "\xff"}')
        assert "is not UTF-8" in problem(tmp_path / "x.json")

    def test_a_file_that_is_too_large(self, tmp_path, monkeypatch):
        monkeypatch.setattr(source, "MAX_BYTES", 10)
        (tmp_path / "x.json").write_text(json.dumps(CASE))
        assert "larger than" in problem(tmp_path / "x.json")
        assert "larger than" in problem(io.StringIO(json.dumps(CASE)))

    @pytest.mark.parametrize("text", ["", " \n"])
    def test_an_empty_file(self, text):
        assert "empty" in problem(io.StringIO(text))

    def test_a_syntax_error_has_line_and_column(self):
        assert "not JSON at line 2, column 3" in problem('{"findings":\n {,}}')

    def test_two_objects_in_one_file(self):
        assert "a second JSON text begins at line 1, column 3; put all into one list" in problem("{}{}")

    def test_deep_nesting(self):
        assert "nested too deeply" in problem("[" * 100_000)

    def test_a_number_too_long_to_read(self):
        assert "a number has too many digits" in problem('{"findings": {"age_years": ' + "9" * 5000 + "}}")

    def test_a_key_given_twice(self):
        assert "key given twice in one object: sex" in problem(
            '{"findings": {"sex": "male", "sex": "female"}}'
        )
        assert "key given twice in one object: id" in problem('{"id": "A", "id": "B", "findings": {}}')

    @pytest.mark.parametrize("text", ["[]", "[ ]"])
    def test_an_empty_list(self, text):
        assert "the list of cases is empty" in problem(text)

    @pytest.mark.parametrize("content", ["3", '"text"', "null", "true"])
    def test_neither_object_nor_list(self, content):
        found = problem(io.StringIO(content))
        assert "one JSON object or a list" in found
        assert f"found {content}".replace('"', "'") in found

    @pytest.mark.parametrize("source", [3, None, 2.5])
    def test_a_source_of_the_wrong_type(self, source):
        assert "give a path" in problem(source)


class TestBrokenCases:
    def test_an_unknown_key_names_the_nearest(self):
        expected = "case A: unknown key finding; did you mean findings?"
        assert expected in problem({"id": "A", "finding": {}, "findings": {}})

    def test_findings_are_required(self):
        assert 'findings is missing; write "findings": {}' in problem({"id": "A"})

    @pytest.mark.parametrize("value", [None, [], "sex=male", 3])
    def test_findings_are_an_object(self, value):
        assert "case A, findings" in problem({"id": "A", "findings": value})

    def test_names_of_findings_are_texts(self):
        assert "the name of a finding is a text" in problem({"findings": {3: "present"}})

    @pytest.mark.parametrize("value", [True, "", " ", 2.5, [], {}])
    def test_an_id_is_a_text(self, value):
        assert "case 1, id" in problem({"id": value, "findings": {}})

    @pytest.mark.parametrize("key", ["truth", "ms_course", "ms_variant", "source", "proven_by", "note"])
    @pytest.mark.parametrize("value", [3, ["nmosd"], {}, True])
    def test_texts_are_texts(self, key, value):
        assert f"case A, {key}" in problem({"id": "A", "findings": {}, key: value})

    @pytest.mark.parametrize("value", ["sex", [3], {"sex": 1}, 3])
    def test_confirmatory_is_a_list_of_names(self, value):
        assert "case A, confirmatory" in problem({"id": "A", "findings": {}, "confirmatory": value})

    @pytest.mark.parametrize("item", [3, None, "x", []])
    def test_a_case_is_an_object(self, item):
        assert "case 2: found" in problem([CASE, item])

    def test_an_id_given_twice(self):
        assert problem([CASE, CASE]) == "case H001: 2 cases have this id; give each its own"

    def test_every_problem_has_its_line(self):
        assert len(problem([{"findings": {}, "x": 1, "y": 2, "truth": 3}, 7]).splitlines()) == 4
