"""Messages: one line, short, with the nearest names."""

from __future__ import annotations

import pickle

import pytest

from model.errors import (
    USER_ERRORS,
    ContradictionError,
    EvidenceError,
    ImpossibleFindingsError,
    MilletError,
    UnknownNameError,
    near_names,
    nearest,
    plain,
    shown,
    unknown_name,
)
from model.inference.errors import ImpossibleEvidenceError


class TestTree:
    def test_unknown_names_and_contradictions_are_errors_of_evidence(self):
        assert issubclass(UnknownNameError, EvidenceError)
        assert issubclass(ContradictionError, EvidenceError)

    def test_every_user_error_is_a_value_error(self):
        assert all(issubclass(kind, ValueError) for kind in USER_ERRORS)

    def test_an_error_of_several_problems_has_a_line_for_each(self):
        error = MilletError("a: wrong", "b: wrong")
        assert error.problems == ("a: wrong", "b: wrong")
        assert str(error) == "a: wrong\nb: wrong"

    def test_every_error_comes_back_whole_from_another_process(self):
        of_patient = [ImpossibleEvidenceError((0, 2)), ImpossibleFindingsError("a: wrong", 3)]
        plainly = [kind for kind in every_kind(ValueError) if kind not in map(type, of_patient)]
        errors = [*of_patient, *(kind("a: wrong", "b: wrong") for kind in plainly)]
        assert len(errors) > 8
        for error in errors:
            back = pickle.loads(pickle.dumps(error))
            assert (type(back), str(back), vars(back)) == (type(error), str(error), vars(error))


def every_kind(of):
    """Every class of error of ours."""
    found = [kind for below in of.__subclasses__() for kind in (below, *every_kind(below))]
    return [kind for kind in dict.fromkeys(found) if kind.__module__.partition(".")[0] in ("model", "priors")]


class TestNearest:
    def test_a_mapping_to_texts_translates(self):
        assert near_names("Gendre", {"sex": "sex", "gender": "sex"}) == ("sex",)

    def test_a_mapping_to_anything_else_gives_its_keys(self):
        assert nearest("fevr", {"fever": ("absent", "present")}) == "did you mean fever?"

    def test_few_names_are_all_listed(self):
        assert nearest("x", ["female", "male"]) == "allowed: female, male"

    def test_many_names_are_cut_off(self):
        found = nearest("x", [f"name_{i}" for i in range(100)])
        assert found.endswith("name_11 and 88 more")

    def test_case_spaces_and_dashes_do_not_matter(self):
        assert near_names("Pvs Pattern", ["pvs_pattern"]) == ("pvs_pattern",)

    def test_the_name_is_not_repeated_after_a_place_that_ends_with_it(self):
        assert unknown_name("finding fevr", "finding", "fevr", ["fever"]).count("fevr") == 1


class TestRepeating:
    @pytest.mark.parametrize(
        "value",
        ["a\nb", "x" * 10_000, 10**5000, float("nan"), object(), b"\xff", "\ud800"],
        ids=["two lines", "long", "huge", "nan", "object", "bytes", "surrogate"],
    )
    def test_any_value_is_one_short_printable_line(self, value):
        for text in (shown(value), plain(value)):
            assert len(text.splitlines()) == 1
            assert len(text) <= 80
            assert text.isprintable()

    def test_recursion_in_a_value_is_no_problem(self):
        deep: list = []
        for _ in range(100_000):
            deep = [deep]
        assert shown(deep) == "a list"
