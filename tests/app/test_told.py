"""What the browser is told of the controls, and what it only repeats: messages of a slow browser, one by one."""

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.testing.v1 import AppTest

from app_pages.shared import told
from tests.app.conftest import ROOT
from tests.support.waiting import MAX_SECONDS


def screen():
    """Two lists that change each other, one that may be empty, a field, and the number of the picture."""
    import streamlit as st

    from app_pages.shared import told

    told.mind()
    state = st.session_state
    st.selectbox(
        "order", ["brain", "spine"], key="order", on_change=state.update, args=({"finding": "cord"},)
    )
    st.selectbox(
        "finding", ["ring", "cord", "rim"], key="finding", on_change=state.update, args=({"order": "brain"},)
    )
    st.button("clear", key="clear", on_click=state.update, args=({"proof": [], "age": None},))
    st.multiselect("proof", ["biopsy", "culture"], key="proof")
    st.number_input("age", value=None, key="age")
    state[told.SEEN] = str(told.whole())
    st.text_input("seen", key=told.SEEN)


class Browser:
    """A page that draws what it is given when it comes to it; what it shows by the keys of the controls."""

    def __init__(self):
        self.app = AppTest.from_function(screen, default_timeout=MAX_SECONDS)
        self.app.run()
        self.shows = self.app._tree.get_widget_states()

    def say(self, key=None, value=None, *, without=()):
        """Send what all controls show, one of them answered just now."""
        for one in self.shows.widgets:
            if key and f"-{key}" in one.id:
                kind = one.WhichOneof("value")
                if kind == "string_array_value":
                    one.string_array_value.data[:] = value
                else:
                    setattr(one, kind or "double_value", value)
        kept = [one for one in self.shows.widgets if not any(one.id.endswith(f"-{name}") for name in without)]
        message = WidgetStates()
        message.widgets.extend(kept)
        self.app._run(message)
        for one in self.shows.widgets:
            if one.WhichOneof("value") == "trigger_value":
                one.trigger_value = False

    def draw(self):
        """Draw the last picture."""
        self.shows = self.app._tree.get_widget_states()

    def held(self, *keys):
        """What the server holds."""
        return [self.app.session_state[key] for key in keys]

    def is_told(self, kind, key):
        """Whether the last picture tells a control what it holds."""
        return next(one for one in self.app.get(kind) if one.key == key).proto.set_value


@pytest.fixture
def browser():
    return Browser()


def test_what_a_control_said_before_it_was_told_otherwise_is_no_answer(browser):
    browser.say("order", "spine")
    assert browser.held("order", "finding") == ["spine", "cord"]
    browser.say("proof", ["biopsy"])
    assert browser.held("order", "finding", "proof") == ["spine", "cord", ["biopsy"]]


def test_the_same_words_after_the_picture_was_drawn_are_an_answer(browser):
    browser.say("order", "spine")
    browser.draw()
    browser.say("finding", "ring")
    assert browser.held("order", "finding") == ["brain", "ring"]


def test_a_control_that_was_answered_before_it_heard_is_believed_and_told_that_it_is(browser):
    browser.say("order", "spine")
    browser.say("finding", "rim")
    assert browser.held("order", "finding") == ["brain", "rim"]
    browser.say("age", 30.0)
    assert browser.held("order", "finding", "age") == ["brain", "rim", 30.0]
    assert browser.is_told("selectbox", "finding")


def test_a_control_is_told_until_the_picture_is_drawn_and_not_after_it(browser):
    browser.say("order", "spine")
    assert browser.is_told("selectbox", "finding")
    browser.say("age", 30.0)
    assert browser.is_told("selectbox", "finding")
    browser.draw()
    browser.say("age", 31.0)
    assert not browser.is_told("selectbox", "finding")
    assert browser.held("order", "finding", "age") == ["spine", "cord", 31.0]


def test_a_list_and_a_field_can_be_emptied_for_good_by_a_quicker_click(browser):
    browser.say("proof", ["biopsy"])
    browser.say("age", 30.0)
    browser.draw()
    browser.say("clear", True)
    browser.say("order", "spine")
    browser.say("order", "brain")
    assert browser.held("proof", "age") == [[], None]


def test_what_the_browser_does_not_show_is_told_with_every_picture(browser):
    """What is folded is drawn when it is opened: what it was told before that the browser has forgotten."""
    browser.say("proof", ["biopsy"])
    for n in range(3):
        browser.draw()
        browser.say("age", float(n), without=["proof"])
        assert browser.is_told("multiselect", "proof")
        assert browser.held("proof") == [["biopsy"]]
    browser.draw()
    browser.say("age", 9.0)
    browser.draw()
    browser.say("age", 10.0)
    assert not browser.is_told("multiselect", "proof")


def test_it_is_minded_once():
    told.mind()
    before = SafeSessionState.on_script_will_rerun, SafeSessionState.register_widget
    told.mind()
    assert (SafeSessionState.on_script_will_rerun, SafeSessionState.register_widget) == before


class DisturbedError(Exception):
    """Another answer has arrived."""


def disturb():
    raise DisturbedError


def test_another_answer_disturbs_no_answer_that_is_being_taken_but_the_picture_after_it():
    told.mind()
    state = SafeSessionState(SessionState(), disturb)
    state.on_script_will_rerun(None)
    with pytest.raises(DisturbedError):
        state["known"] = 1


KINDS = (
    "selectbox",
    "multiselect",
    "button_group",
    "number_input",
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


def what_is_told(app):
    """Key and value of every control that the picture tells what it holds."""
    return {
        (kind, one.key): str(one.value)
        for kind in KINDS
        for one in app.get(kind)
        if one.proto.set_value and one.key != told.SEEN
    }


@pytest.mark.parametrize(("screen", "switch", "view"), PLACES)
def test_a_picture_that_was_never_drawn_is_told_again_whole_by_the_next(screen, switch, view):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=MAX_SECONDS)
    query = {"f": "age_years.3.75~sex.male~enhancement_pattern.miliary", "prior": "flat"}
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    nothing = WidgetStates()
    if screen != "case":
        app.session_state[switch] = view
        app.switch_page(f"app_pages/{screen}/page.py").run()
    assert not app.exception
    first = what_is_told(app)
    assert first
    app._run(nothing)
    assert first.items() <= what_is_told(app).items()
    app.run()
    assert what_is_told(app) == {}
