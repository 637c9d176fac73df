"""
What fields and choices hold: from one screen to the next, and while the page is at work.

Knows: the session. Must not know: patients, what a field is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import SafeSessionState

from app_pages.shared.texts import say

# A field takes nothing of what is longer than it allows, and says nothing; Streamlit's own word on a large file knows one
# language. So both allow more than we do, and we say what is too long, and what to do.
MAX_PASTED = 4_000_000
MAX_UPLOAD = 80

# Choices that outlive a visit to another screen or view; Streamlit forgets a control that is not drawn.
LASTING = (
    *("language", "view", "target", "rank", "worth", "budget", "threshold"),
    *("why_view", "why_kind", "why_unit"),
    *("robust_view", "goal_kind", "goal_share"),
    *(
        "case_title",
        "case_vignette",
        "case_points",
        "case_truth",
        "case_proof",
        "case_proven_by",
        "case_source",
    ),
    *("teach_view", "surprise_difficulty", "surprise_topic", "surprise_model", "surprise_seed"),
    *(
        "knowledge_view",
        "map_order",
        "map_row",
        "map_cited",
        "map_finding",
        "map_disease",
        "facts_row",
        "facts_source",
        "unknown_row",
    ),
)


@contextmanager
def undisturbed() -> Iterator[None]:
    """
    What is done inside is done whole.

    Streamlit gives up a picture for the next one wherever the session is read or written. What takes something out of the
    session and puts it elsewhere would lose it there.
    """
    context = get_script_run_ctx()
    if context is None:  # outside of a session nothing disturbs
        yield
        return
    with _undisturbed(context.session_state):
        yield


@contextmanager
def _undisturbed(state: SafeSessionState) -> Iterator[None]:
    disturb = state._yield_callback
    object.__setattr__(state, "_yield_callback", lambda: None)
    try:
        yield
    finally:
        object.__setattr__(state, "_yield_callback", disturb)


def take_answers_whole() -> None:
    """
    Let no answer be lost to the one after it.

    Streamlit 1.67 calls what a control calls with the session open to the next answer: one that arrives then ends the call
    without a word, and what was clicked before is neither known nor asked for again.
    """
    take = SafeSessionState.on_script_will_rerun
    if hasattr(take, "__wrapped__"):
        return

    @wraps(take)
    def on_script_will_rerun(self: SafeSessionState, *args: Any, **kwargs: Any) -> None:
        with _undisturbed(self):
            take(self, *args, **kwargs)

    SafeSessionState.on_script_will_rerun = on_script_will_rerun  # type: ignore[method-assign]


def bring_back() -> None:
    """
    Bring back what was forgotten of `LASTING`; what is on the page is let alone, or a field would lose what is typed.

    What is not on the page is set with every picture: the browser is told of a value only with the one that it was set in.
    What the session then holds by that name is older than what is kept: Streamlit forgets what a control held, and finds
    again what was set before somebody answered it.
    """
    kept = st.session_state.setdefault("lasting", {})
    screen, keys = st.session_state.get("on_page", ("", ()))
    on_page = (
        keys if screen == _screen() else ()
    )  # Streamlit forgets what another screen held before this one begins
    for key in LASTING:
        if key in st.session_state and (key in on_page or key not in kept):
            kept[key] = st.session_state[key]
        elif key in kept:
            st.session_state[key] = kept[key]


def keep(values: Mapping[str, object]) -> None:
    """Give controls of `LASTING` their values from outside, whether or not they are on the page."""
    st.session_state.setdefault("lasting", {}).update(values)
    st.session_state.update(values)


def place_of(key: str, options: Sequence[object]) -> int | None:
    """
    Where in a list stands what a control holds, to be given to it as where it begins; None if it holds nothing.

    A value that is set goes to the browser once, with one picture. If the next one comes before that one is drawn, the
    browser never hears of it: the control begins where it is told to begin, and that is what it says next.
    A field or a list that may be empty is not told: Streamlit lets nobody empty it then.
    """
    value = st.session_state.get(key)
    return options.index(value) if value in options else None


def hold(key: str, value: object) -> None:
    """
    Give a control its value, but not the one that it has.

    A value that is set goes to the browser with the picture, and takes back what was clicked or typed there meanwhile.
    """
    if key in st.session_state:
        if st.session_state[key] == value:
            return
        old = (st.session_state[key], st.session_state["drawn"])
        st.session_state["told"] = st.session_state["told"] | {
            key: (*st.session_state["told"].get(key, ()), old)
        }
    st.session_state[key] = value


def begin() -> None:
    """A picture begins: what was forgotten comes back, and what the browser is known to have needs no care any more."""
    bring_back()
    seen, told = _seen(), st.session_state.get("told", {})
    st.session_state["drawn"] = st.session_state.get("drawn", 0) + 1
    st.session_state["told"] = {
        key: late for key, olds in told.items() if (late := tuple(old for old in olds if old[1] > seen))
    }


def finish() -> None:
    """The picture is complete: the browser is given its number, which comes back with the next answer."""
    st.session_state["seen"] = str(st.session_state["drawn"])
    if context := get_script_run_ctx():
        keys = context.shared.widget_user_keys_this_run.snapshot() & {*LASTING}
        st.session_state["on_page"] = (_screen(), keys)
        st.session_state["lasting"] |= {key: st.session_state[key] for key in keys}
    with st.container(key="unseen"):
        st.text_input(say("app.name"), key="seen", label_visibility="collapsed")


def _screen() -> str:
    """Which screen is drawn, by Streamlit's own name for it; empty outside of a session."""
    context = get_script_run_ctx()
    return context.page_script_hash if context else ""


def _seen() -> int:
    """Number of the last picture that was in the browser when it sent its answer; 0 for none."""
    return int(st.session_state.get("seen", 0))


def unless_old(key: str, take: Callable[..., None]) -> Callable[..., None]:
    """
    What a control of `hold` calls when it is answered: takes the answer, unless the browser only repeats an old one.

    A control may be given another value because of what was clicked elsewhere: a finding that stands in two places, the
    example after all findings were forgotten. A further click that was quicker than that picture still brings the old value
    of the control, which is nobody's answer.
    """

    def answered(*arguments: object) -> None:
        olds = st.session_state.get("told", {}).get(key, ())
        if not any(value == st.session_state[key] and drawn > _seen() for value, drawn in olds):
            take(*arguments)

    return answered
