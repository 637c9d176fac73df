"""Part of the screen Teach: another clinic for the drill on base rates."""

from __future__ import annotations

import streamlit as st

from app_pages.parts import answers, link, patient
from app_pages.parts.prior import usual_weights
from app_pages.parts.teach_state import Lesson
from app_pages.parts.texts import optional, say

TIMES = (0.01, 0.1, 0.3, 3.0, 10.0, 100.0)
USUAL_TIMES = 10.0
ONE = "one"


def choose(lesson: Lesson) -> str:
    """The prior setting of the other clinic: one of the tables, the weights entered on Case, or one disease changed."""
    names = {ONE: say("drill.one_disease")} | {
        name: optional(f"settings.{name}", name.capitalize()) for name in answers.setting_names()[1:]
    }
    own = patient.now().setting
    if link.weights(own):
        names[own] = say("drill.own_weights")
    kind = st.segmented_control(
        say("drill.clinic"),
        list(names),
        required=True,
        format_func=names.get,
        key="drill_clinic",
        default=ONE,
    )
    if kind == ONE:
        return _one_disease(lesson)
    st.markdown(say("drill.other_prior", setting=names[kind]))
    return str(kind)


def _one_disease(lesson: Lesson) -> str:
    """A clinic where one disease is more or less common than the documents say; first, the learner's own favourite."""
    tables, usual = answers.knowledge(), usual_weights()
    rows = [row for row in tables.rows if usual[row]]
    last = lesson.commits[-1]
    favourite = max(last, key=lambda row: last[row])
    with st.container(horizontal=True, vertical_alignment="bottom", key="clinic"):
        row = st.selectbox(
            say("drill.disease"),
            rows,
            index=rows.index(favourite) if favourite in rows else 0,
            format_func=lambda name: tables.diagnoses[name].label,
            key="drill_disease",
            width=300,
        )
        times = st.selectbox(
            say("drill.times"),
            TIMES,
            index=TIMES.index(USUAL_TIMES),
            format_func=lambda number: say("drill.times_item", number=number),
            key="drill_times",
            width=180,
        )
    st.markdown(say("drill.other_clinic", label=tables.diagnoses[row].label, number=times))
    return link.custom({row: min(max(usual[row] * times, link.MIN_WEIGHT), link.MAX_WEIGHT)})
