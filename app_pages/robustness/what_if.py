"""View "What if?" of the screen Robustness: one number of the model another one, as uncertain as it is, with intervals."""

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
# What can be chosen beside the present value; finer where a point of a hundred is much.
STEPS = (0.001, 0.002, 0.005, *(n / 100 for n in range(1, 100)), 0.995, 0.998, 0.999)


def show() -> None:
    """The number on top, the answer with it below, beside the answer as it is."""
    st.html(f'<p class="soft">{say("robustness.not_a_finding")}</p>')
    found, place = asked(sensitivity)
    with place:
        panel(found)


def panel(found: Sensitivity) -> None:
    """A number, another value for it, and both answers; with the value that it has, both are the same."""
    now, parameters = patient.now(), found.parameters
    with st.container(horizontal=True, vertical_alignment="bottom", key="what_if"):
        number = number_choice(found, "what_if_number", say("robustness.number"), 0)
        present = float(parameters.numbers.mean(number))
        share = share_choice(number, present)
    low, high = (percent(float(end[number])) for end in (parameters.low, parameters.high))
    st.html(
        f'<p class="soft">{say("robustness.what_if_now", value=percent(present), low=low, high=high)}</p>'
    )
    answer = answers.differential(now.findings, now.setting)
    other, place = asked(lambda: answer if share == present else changed(number, share))
    left, right = place.columns(2, gap="medium")
    with left:
        st.markdown(f"##### {say('robustness.what_if_before', share=percent(present))}")
        draw(differential_table(answer, stop=N_ROWS, words=figure_words()))
    with right:
        if share == present:
            st.markdown(f"##### {say('robustness.what_if_same')}")
            st.html(f'<p class="soft">{say("robustness.what_if_move")}</p>')
            return
        st.markdown(f"##### {say('robustness.what_if_after', share=percent(share))}")
        before = answer.mean_by("row")[0]
        draw(differential_table(other, stop=N_ROWS, before=before, words=figure_words()))


def share_choice(number: int, present: float) -> float:
    """The value that a number is given: the one that it has at the beginning, and all that read otherwise."""
    options = sorted([present, *(step for step in STEPS if percent(step) != percent(present))])
    with undisturbed():
        is_new = st.session_state.get("what_if_of") != number
        if is_new or st.session_state.get("what_if_share") not in options:
            st.session_state["what_if_of"], st.session_state["what_if_share"] = number, present
    said = {
        step: say("robustness.what_if_present", value=percent(step)) if step == present else percent(step)
        for step in options
    }
    chosen = st.select_slider(
        say("robustness.what_if_share"),
        options,
        format_func=said.get,
        key="what_if_share",
        width=320,
    )
    return float(chosen)
