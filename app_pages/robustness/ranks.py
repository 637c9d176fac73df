"""View "Ranks" of the screen Robustness: intervals, how often each diagnosis leads, and which numbers decide that."""

from __future__ import annotations

from html import escape

import streamlit as st

from app_pages.robustness.answers import drivers
from app_pages.shared import answers, patient
from app_pages.shared.figure import draw
from app_pages.shared.texts import figure_words, say
from app_pages.shared.waiting import asked
from model.figures import differential_table, drivers_bars, more_often_text, rank_table
from model.text import unparted

N_ROWS = 8


def show() -> None:
    """Intervals on the left, ranks on the right, and what they do and do not hold."""
    now = patient.now()
    answer = answers.differential(now.findings, now.setting)
    if text := more_often_text(answer, figure_words()):
        st.html(f'<p class="caution">{escape(unparted(text))}</p>')
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"##### {say('robustness.intervals')}")
        draw(differential_table(answer, stop=N_ROWS, words=figure_words()))
        st.html(f'<p class="soft">{say("robustness.interval_note")}</p>')
    with right:
        draw(rank_table(answer, n=N_ROWS, words=figure_words()))
    if st.toggle(say("robustness.drivers"), key="drivers"):
        found, place = asked(drivers)
        with place:
            draw(drivers_bars(found, answers.knowledge(), words=figure_words()))
