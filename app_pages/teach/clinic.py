"""
Part of the screen Teach: another clinic for the drill on base rates.

A clinic is spelled ``row~TIMES`` for one disease so many times as common, else it is a prior setting.
"""

from __future__ import annotations

import streamlit as st

from app_pages.shared import answers, link, patient
from app_pages.shared.prior import setting_said
from app_pages.shared.texts import say
from app_pages.teach.state import Lesson, shown
from model import encode, posterior
from model.figures import FloatArray
from model.teaching.lesson import if_more_common

TIMES = (0.01, 0.1, 0.3, 3.0, 10.0, 100.0)
USUAL_TIMES = 10.0
ONE = "one"


def choose(lesson: Lesson) -> str:
    """The other clinic: one disease changed, a prior setting of the tables, or the weights entered on Case."""
    names = {ONE: say("drill.one_disease")} | {
        name: setting_said(name) for name in answers.setting_names()[1:]
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
    """A clinic where one disease is more or less common than the documents say; see `_favourite`."""
    tables = answers.knowledge()
    rows = list(tables.rows)
    favourite = _favourite(lesson)
    with st.container(horizontal=True, vertical_alignment="bottom", key="clinic"):
        row = st.selectbox(
            say("drill.disease"),
            rows,
            index=rows.index(favourite),
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
    return f"{row}~{times:g}"


def _favourite(lesson: Lesson) -> str:
    """What was believed most in the end; where nobody said, what comes second for the model, and might lead elsewhere."""
    last, rows = lesson.commits[-1], answers.knowledge().rows
    if len(set(last.values())) > 1 or len(last) < len(rows):
        return max(last, key=lambda row: last[row])
    return rows[int(shown(lesson)[-1].probabilities.argsort()[-2])]


def probabilities(clinic: str, known: dict[str, object]) -> FloatArray:
    """
    What the model believes in a clinic, at mean parameters: there the odds follow the prior exactly.

    Means over draws do not: some draws are sure already, and move less.
    """
    row, _, times = clinic.partition("~")
    is_one = row in answers.knowledge().rows
    setting = answers.setting_names()[0] if is_one else link.prior(clinic)
    network = answers.network(link.under(setting, answers.layer())).at_mean()
    p: FloatArray = posterior(network, encode(network, known)).mean_by("row")[0]
    return if_more_common(p, answers.knowledge().rows.index(row), float(times)) if is_one else p
