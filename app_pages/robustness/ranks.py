"""View "Ranks" of the screen Robustness: intervals, and how often each diagnosis leads."""

from __future__ import annotations

import streamlit as st

from app_pages.shared import answers, patient
from app_pages.shared.figure import draw
from app_pages.shared.texts import figure_words, say
from model.figures import differential_table, rank_table

N_ROWS = 8


def show() -> None:
    """Intervals on the left, ranks on the right, and what they do and do not hold."""
    now = patient.now()
    answer = answers.differential(now.findings, now.setting)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"##### {say('robustness.intervals')}")
        draw(differential_table(answer, stop=N_ROWS, words=figure_words()))
        st.html(f'<p class="soft">{say("robustness.interval_note")}</p>')
    with right:
        draw(rank_table(answer, n=N_ROWS, words=figure_words()))
