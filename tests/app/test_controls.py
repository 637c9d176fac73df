"""
Every control that acts is used by a browser test.

The list is read from the sources, see `controls`; a test says by its mark `uses` which controls it touches, and fails
where it does not touch them.
"""

import ast
import importlib
from fnmatch import fnmatchcase

import pytest
from streamlit.testing.v1.element_tree import Widget

from tests.app.controls import ROOT, UNSEEN, Place, controls, refuse_hidden

FILES = sorted(ROOT.glob("tests/app/test_browser*.py"))


def used():
    """Keys that some browser test says it uses."""
    modules = [importlib.import_module(f"tests.app.{path.stem}") for path in FILES]
    tests = [one for module in modules for name, one in vars(module).items() if name.startswith("test_")]
    return {
        key
        for test in tests
        for mark in getattr(test, "pytestmark", ())
        if mark.name == "uses"
        for key in mark.args
    }


def test_every_control_is_used_by_a_browser_test():
    assert {key: place for key, place in controls().items() if key not in used()} == {}


def test_no_browser_test_uses_a_control_that_there_is_not():
    assert used() - controls().keys() == set()


def test_every_control_of_a_screen_is_in_the_list(open_app):
    shown = {
        element.key
        for screen in ("case", "next_step", "why", "robustness", "compare", "teach", "knowledge")
        for element in open_app(screen, f="fever.present~sex.male~pvs_pattern.present")
        if isinstance(element, Widget) and element.key
    }
    assert len(shown) > 50
    known = {*controls(), UNSEEN}
    assert [key for key in shown if not any(fnmatchcase(key, pattern) for pattern in known)] == []


def test_a_control_that_a_container_draws_is_refused():
    place = Place("app_pages.about.page", None)
    call = ast.parse('place.button("x", key="y")').body[0].value
    with pytest.raises(LookupError, match=r"write st\.button inside `with`"):
        refuse_hidden(call, place)
    refuse_hidden(ast.parse("place.columns(2)").body[0].value, place)
