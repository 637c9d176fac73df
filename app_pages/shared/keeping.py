"""
What fields and choices hold: from one screen to the next, and while the page is at work.

Knows: the session. Must not know: patients, what a field is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app_pages.shared import told
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
    with told.unyielding(context.session_state):
        yield


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


def hold(key: str, value: object) -> None:
    """
    Give a control its value, but not the one that it has.

    A value that is set goes to the browser with the picture, and takes back what is being typed there meanwhile.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def finish() -> None:
    """The picture is complete: the browser is given its number, which comes back with the next answer."""
    st.session_state[told.SEEN] = str(told.whole())
    if context := get_script_run_ctx():
        keys = context.shared.widget_user_keys_this_run.snapshot() & {*LASTING}
        st.session_state["on_page"] = (_screen(), keys)
        st.session_state["lasting"] |= {key: st.session_state[key] for key in keys}
    with st.container(key="unseen"):
        # `told.SEEN`, spelled out: the list of all controls is read from the sources
        st.text_input(say("app.name"), key="seen", label_visibility="collapsed")


def _screen() -> str:
    """Which screen is drawn, by Streamlit's own name for it; empty outside of a session."""
    context = get_script_run_ctx()
    return context.page_script_hash if context else ""
