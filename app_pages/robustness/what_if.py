"""View "What if?" of the screen Robustness: one number of the model another one in every draw, with intervals."""

from __future__ import annotations

import streamlit as st

from app_pages.robustness.answers import changed, sensitivity
from app_pages.robustness.numbers import number_choice
from app_pages.shared import answers, patient
from app_pages.shared.figure import draw
from app_pages.shared.keeping import undisturbed
from app_pages.shared.texts import figure_words, percent, say
from app_pages.shared.waiting import asked
from model import Sensitivity
from model.figures import differential_table

N_ROWS = 6
MOST = 99


def show() -> None:
    """The number on top, the answer with it below, beside the answer as it is."""
    st.html(f'<p class="soft">{say("robustness.not_a_finding")}</p>')
    found, place = asked(sensitivity)
    with place:
        panel(found)


def panel(found: Sensitivity) -> None:
    """A number, another value for it, and both answers."""
    now, parameters = patient.now(), found.parameters
    with st.container(horizontal=True, vertical_alignment="bottom", key="what_if"):
        number = number_choice(found, "what_if_number", say("robustness.number"), 0)
        present = float(parameters.value[number])
        with undisturbed():
            if st.session_state.get("what_if_of") != number:
                st.session_state["what_if_of"] = number
                st.session_state["what_if_share"] = min(max(round(100 * present), 1), MOST)
        share = st.slider(say("robustness.what_if_share"), 1, MOST, key="what_if_share", width=320)
    low, high = (percent(float(end[number])) for end in (parameters.low, parameters.high))
    st.html(
        f'<p class="soft">{say("robustness.what_if_now", value=percent(present), low=low, high=high)}</p>'
    )
    other, place = asked(lambda: changed(parameters.name(number), share / 100))
    left, right = place.columns(2, gap="medium")
    with left:
        st.markdown(f"##### {say('robustness.what_if_before')}")
        answer = answers.differential(now.findings, now.setting)
        draw(differential_table(answer, stop=N_ROWS, words=figure_words()))
    with right:
        st.markdown(f"##### {say('robustness.what_if_after', share=share)}")
        draw(differential_table(other, stop=N_ROWS, words=figure_words()))
