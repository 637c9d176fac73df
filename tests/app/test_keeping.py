"""What is answered is taken down whole, whatever is answered next."""

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.state import SafeSessionState, SessionState

from app_pages.shared import keeping


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
