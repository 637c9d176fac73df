"""
What a page does by itself in the browser: Back, focus, and what was put away for good.

The only script of the app besides Streamlit's own; it stands in `manners.js` and loads nothing. What is put away is kept in
a cookie, not in the browser's local storage: the server reads a cookie before it draws anything, so that nothing appears
only to vanish again.

Knows: cookies. Must not know: patients.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
# Name of the cookie, and of the same in the session, that says that the welcome was put away.
AWAY = "millet_welcome"

POINTED = "pointed_at"

_manners = st.components.v2.component("millet_manners", js=SCRIPT)


def mind() -> None:
    """Put the script on the page; let it keep what this session put away or fetched back, and show what is pointed at."""
    kept, seen = st.session_state.get(AWAY), st.session_state.get(POINTED, "")
    _manners(key="manners", data={"name": AWAY, "away": kept, "point": seen})


def is_away() -> bool:
    """Whether the welcome was put away: in this session, else on an earlier visit."""
    return bool(st.session_state.get(AWAY, st.context.cookies.get(AWAY)))


def put_away(*, away: bool = True) -> None:
    """Put the welcome away for good, or fetch it back."""
    st.session_state[AWAY] = away


def point_at(key: str) -> None:
    """Bring a part of the page into view with the next picture, by its key; empty: nothing."""
    st.session_state[POINTED] = key
