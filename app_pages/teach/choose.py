"""Part of the screen Teach: whom to meet: a published patient, or a simulated one of a chosen difficulty."""

from __future__ import annotations

import streamlit as st

from app_pages.shared import examples
from app_pages.shared.texts import say
from app_pages.teach import state


def show() -> None:
    """Two ways to begin."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"##### {say('teach.published')}")
        published = examples.published()
        name = st.selectbox(
            say("teach.patient"),
            list(published),
            format_func=lambda one: examples.described(published[one]),
            key="teach_example",
        )
        st.button(
            say("teach.begin"),
            key="begin_published",
            type="primary",
            on_click=state.begin,
            args=(f"p.{name}",),
        )
    with right:
        st.markdown(f"##### {say('teach.simulated')}")
        difficulty = st.slider(
            say("teach.difficulty"),
            0,
            100,
            50,
            step=5,
            key="teach_difficulty",
            help=say("teach.difficulty_help"),
        )
        seed = st.number_input(
            say("teach.seed"), 0, 999_999, 1, step=1, key="teach_seed", help=say("teach.seed_help"), width=200
        )
        spelled = f"s.{int(seed)}.{difficulty}"
        st.button(say("teach.begin"), key="begin_simulated", on_click=state.begin, args=(spelled,))
