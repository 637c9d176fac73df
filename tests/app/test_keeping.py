"""What is answered is taken down whole, whatever is answered next."""

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.testing.v1 import AppTest

from app_pages.shared import keeping
from tests.app.conftest import ROOT
from tests.support.waiting import MAX_SECONDS


class DisturbedError(Exception):
    """Another answer has arrived."""


def disturb():
    raise DisturbedError


def test_another_answer_disturbs_no_answer_that_is_being_taken_but_the_picture_after_it():
    keeping.take_answers_whole()
    state = SafeSessionState(SessionState(), disturb)
    state.on_script_will_rerun(WidgetStates())
    with pytest.raises(DisturbedError):
        state["known"] = 1


def test_it_is_made_so_once():
    keeping.take_answers_whole()
    before = SafeSessionState.on_script_will_rerun
    keeping.take_answers_whole()
    assert SafeSessionState.on_script_will_rerun is before


def test_what_is_not_on_the_page_is_what_was_kept_and_what_is_on_it_what_was_answered(monkeypatch):
    """Streamlit forgets what a control held that is not drawn, and finds again what was set before it was answered."""
    session = {
        "lasting": {"case_title": "answered"},
        "case_title": "set before",
        "on_page": ("", frozenset()),
    }
    monkeypatch.setattr(keeping.st, "session_state", session)
    keeping.bring_back()
    assert session["case_title"] == "answered"
    session |= {"on_page": ("", frozenset({"case_title"})), "case_title": "answered again"}
    keeping.bring_back()
    assert session["lasting"]["case_title"] == session["case_title"] == "answered again"
    session |= {"on_page": ("another screen", frozenset({"case_title"})), "case_title": "set before"}
    keeping.bring_back()
    assert session["case_title"] == "answered again"
    del session["case_title"]
    keeping.bring_back()
    assert session["case_title"] == "answered again"


def test_what_is_given_to_a_control_from_outside_holds_before_it_is_drawn(monkeypatch):
    session = {"lasting": {"case_truth": "clippers"}, "on_page": ("", frozenset())}
    monkeypatch.setattr(keeping.st, "session_state", session)
    keeping.keep({"case_truth": "nmosd"})
    keeping.bring_back()
    assert session["case_truth"] == "nmosd"


def begins_at(proto):
    """Where the browser is told that a control begins, and what it is told once that it holds; from its own message."""
    kind = proto.DESCRIPTOR.name
    if kind == "Selectbox":
        return proto.options[proto.default] if proto.HasField("default") else "", proto.raw_value
    if kind in ("MultiSelect", "ButtonGroup"):
        names = [getattr(one, "content", one) for one in proto.options]
        return sorted(names[i] for i in proto.default), sorted(proto.raw_values)
    if kind == "Slider" and proto.options:
        return [proto.options[int(i)] for i in proto.default], list(proto.raw_value)
    return (list(proto.default), list(proto.value)) if kind == "Slider" else (proto.default, proto.value)


KINDS = (
    "selectbox",
    "multiselect",
    "button_group",
    "slider",
    "text_input",
    "text_area",
    "checkbox",
)
PLACES = [
    ("case", "", ""),
    ("next_step", "view", "findings"),
    ("next_step", "view", "orders"),
    *(("why", "why_view", view) for view in ("evidence", "contrast", "sources")),
    *(("robustness", "robust_view", view) for view in ("numbers", "what_if", "goal", "prior")),
    ("teach", "teach_view", "patients"),
    ("teach", "teach_view", "own"),
]
"""Screens and views with controls that are set before they are drawn."""


@pytest.mark.parametrize(("screen", "switch", "view"), PLACES)
def test_every_control_is_told_to_begin_at_what_it_holds(screen, switch, view):
    """What is set goes to the browser with one picture only, which it may never draw; see `keeping.place_of`."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=MAX_SECONDS)
    query = {
        "f": "age_years.3.75~sex.male~enhancement_pattern.miliary",
        "prior": "flat",
        "knowledge": "published",
    }
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    if screen != "case":
        app.session_state[switch] = view
        app.switch_page(f"app_pages/{screen}/page.py").run()
    assert not app.exception
    set_ = [one for kind in KINDS for one in app.get(kind) if one.proto.set_value and one.key != "seen"]
    assert set_
    assert [
        (one.key, *begins_at(one.proto)) for one in set_ if len({*map(str, begins_at(one.proto))}) > 1
    ] == []
