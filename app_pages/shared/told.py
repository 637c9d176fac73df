"""
What the browser is told of the controls, until it is known to have it; what it only repeats is no answer.

A page and its server are never quite of one mind: Streamlit tells the browser of a value that was set with one picture
only, and with each answer the browser sends what every control shows, also what it was not yet told to change. So a click
that is quicker than the picture before it took back what that one had set, and a picture that was given up took with it what
it had to tell.

Each picture has a number, which the browser sends back with its answers (`keeping.finish`). A control is told its value with
every picture until an answer comes from a browser that has drawn it, and until then what the control said before is not
listened to.

Knows: the inside of Streamlit 1.67's session. Must not know: what a control is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, cast

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import SafeSessionState, SessionState
from streamlit.runtime.state.session_state import WStates

# Key of the control that holds the number of the last picture that the browser has drawn.
SEEN = "seen"

# How Streamlit sends what a control holds; a button holds nothing, and a file is more than is told.
HELD = frozenset({
    "bool_value", "double_value", "int_value", "string_value",
    "double_array_value", "int_array_value", "string_array_value",
})  # fmt: skip

# Where the session keeps what is noted here, see `_notes`.
NOTES = "told"


def mind() -> None:
    """Have every answer and every control of every session go through here; once for the process."""
    if hasattr(SafeSessionState.register_widget, "__wrapped__"):
        return
    take, draw = SafeSessionState.on_script_will_rerun, SafeSessionState.register_widget

    @wraps(take)
    def on_script_will_rerun(
        self: SafeSessionState, fresh_widget_states: WidgetStates | None, **others: Any
    ) -> None:
        # Streamlit calls what a control calls with the session open to the next answer: one that arrives then would end the
        # call without a word, and what was clicked before is neither known nor asked for again.
        with unyielding(self):
            take(self, _heard(self._state, fresh_widget_states), **others)

    @wraps(draw)
    def register_widget(self: SafeSessionState, metadata: Any, user_key: str | None) -> Any:
        if not user_key or user_key == SEEN or metadata.value_type not in HELD:
            return draw(self, metadata, user_key)
        self._yield_callback()
        with unyielding(self):
            notes = _notes(self._state)
            _tell_again(self._state, notes, metadata.id, user_key)
            drawn = draw(self, metadata, user_key)
            if drawn.value_changed:
                _note(notes, user_key, drawn.value)
        return drawn

    SafeSessionState.on_script_will_rerun = on_script_will_rerun  # type: ignore[method-assign, assignment]
    SafeSessionState.register_widget = register_widget  # type: ignore[method-assign]


@contextmanager
def unyielding(session: SafeSessionState) -> Iterator[None]:
    """Let nothing that arrives meanwhile end what is done inside."""
    disturb = session._yield_callback
    object.__setattr__(session, "_yield_callback", lambda: None)
    try:
        yield
    finally:
        object.__setattr__(session, "_yield_callback", disturb)


def whole() -> int:
    """The picture is complete: its number, for the browser to send back."""
    context = get_script_run_ctx()
    if context is None:
        return 0
    notes = _notes(context.session_state._state)
    notes["shown"] = context.shared.widget_ids_this_run.snapshot()
    return cast("int", notes["picture"])


def _notes(state: SessionState) -> dict[str, Any]:
    """
    What is noted of a session.

    ``picture`` is the number of the picture; ``told`` gives for the key of a control the pictures and values that it was
    told and is not known to have; ``said`` for its identifier what the browser said of it last; ``shown`` are the
    identifiers of all that the last whole picture showed. Of values there are only hashes: a text that was written and is
    gone from the page is gone here, too.
    """
    try:
        return cast("dict[str, Any]", state[NOTES])
    except KeyError:
        state[NOTES] = {"picture": 0, "told": {}, "said": {}, "shown": frozenset()}
        return cast("dict[str, Any]", state[NOTES])


def _note(notes: dict[str, Any], key: str, value: object) -> None:
    """A control is told a value with this picture."""
    mark = hash(repr(value))
    before = [one for one in notes["told"].get(key, ()) if one[1] != mark]
    notes["told"][key] = [*before, (notes["picture"], mark)]


def _tell_again(state: SessionState, notes: dict[str, Any], control: str, key: str) -> None:
    """
    Have the browser told what a control holds, if it is not known to have it.

    It does not where it was not drawn since it was told, nor where it has never said that it shows the control, as in what
    is folded, nor where it may forget the control with a picture without it.
    """
    is_known = key not in notes["told"] and control in notes["said"] and control in notes["shown"]
    if not is_known and not state.is_new_state_value(key) and key in state:
        state.reset_state_value(key, state[key])


def _heard(state: SessionState, fresh: WidgetStates | None) -> WidgetStates | None:
    """What the browser says, without what it only repeats because it has not drawn what it was told."""
    notes = _notes(state)
    for key, value in list(state._new_session_state.items()):
        if key != SEEN and state._key_id_mapper.get_id_from_key(key):
            _note(notes, key, value)
    notes["picture"] += 1
    if fresh is None:
        return None
    keys, said = state._key_id_mapper.id_key_mapping, notes["said"]
    number = next((one.string_value for one in fresh.widgets if keys.get(one.id) == SEEN), "")
    seen = int(number) if number.isdecimal() else -1
    late = {key: [one for one in ones if one[0] > seen] for key, ones in notes["told"].items()}
    notes["told"] = {key: ones for key, ones in late.items() if ones}
    notes["said"] = {one.id: hash(one.SerializeToString(deterministic=True)) for one in fresh.widgets}
    heard = WidgetStates()
    for one in fresh.widgets:
        told = notes["told"].get(keys.get(one.id))
        if not told or (notes["said"][one.id] != said.get(one.id) and not _was_told(state, one, told[:-1])):
            heard.widgets.append(one)
    return heard


def _was_told(state: SessionState, one: WidgetState, told: list[tuple[int, int]]) -> bool:
    """Whether a control says what it was told."""
    if not told or state.get_widget_metadata(one.id) is None:
        return False
    given = WStates(widget_metadata=state._new_widget_state.widget_metadata)
    given.set_widget_from_proto(one)
    return hash(repr(given[one.id])) in [mark for _, mark in told]
