"""
What fields and choices hold: from one screen to the next, and while the page is at work.

Knows: the session. Must not know: patients, what a field is about.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

# A picture is in the browser this long after it was sent; who takes an answer back in this time has to do so again.
ECHO_SECONDS = 0.7

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


def bring_back() -> None:
    """Bring back what was forgotten of `LASTING`; what is on the page is let alone, or a field would lose what is typed."""
    kept = st.session_state.setdefault("lasting", {})
    for key in LASTING:
        if key in st.session_state:
            kept[key] = st.session_state[key]
        elif key in kept:
            st.session_state[key] = kept[key]


def hold(key: str, value: object) -> None:
    """
    Give a control its value, but not the one that it has.

    A value that is set goes to the browser with the picture, and takes back what was clicked or typed there meanwhile.
    """
    if key in st.session_state:
        if st.session_state[key] == value:
            return
        st.session_state.setdefault("told", {}).setdefault(key, []).append(st.session_state[key])
    st.session_state[key] = value


def begin() -> None:
    """A picture begins: what was forgotten comes back, and what the browser was told a while ago has arrived there."""
    bring_back()
    finished = st.session_state.get("finished")
    if finished is not None and time.monotonic() - finished > ECHO_SECONDS:
        st.session_state["told"] = {}
    st.session_state["finished"] = None


def finish() -> None:
    """The picture is complete and on its way."""
    st.session_state["finished"] = time.monotonic()


def unless_old(key: str, take: Callable[..., None]) -> Callable[..., None]:
    """
    What a control of `hold` calls when it is answered: takes the answer, unless the browser only repeats an old one.

    A control may be given another value because of what was clicked elsewhere: a finding that stands in two places, the
    example after all findings were forgotten. A further click that was quicker than that picture still brings the old value
    of the control, which is nobody's answer.
    """

    def answered(*arguments: object) -> None:
        if not _is_echo(key):
            take(*arguments)

    return answered


def _is_echo(key: str) -> bool:
    """Whether what the browser says of a control is what it said before it was told otherwise."""
    told, finished = st.session_state.get("told", {}), st.session_state.get("finished")
    is_recent = finished is None or time.monotonic() - finished <= ECHO_SECONDS
    if is_recent and st.session_state[key] in told.get(key, ()):
        return True
    told.pop(key, None)
    return False
