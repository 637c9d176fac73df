"""View "What would it take?" of the screen Robustness: the smallest change of the model that reaches a goal."""

from __future__ import annotations

from html import escape

import streamlit as st

from app_pages.robustness.answers import changes, sensitivity
from app_pages.robustness.numbers import at_mean
from app_pages.shared import answers
from app_pages.shared.controls import choice
from app_pages.shared.texts import figure_words, percent, say, section
from app_pages.shared.waiting import asked
from app_pages.why.answers import row_choice
from model import Changes
from model.figures import number_label

N_SHOWN = 8


def show() -> None:
    """The goal, and the smallest single numbers and whole tables that reach it."""
    found, place = asked(sensitivity)
    with place:
        at_mean(found)
        if goal := wanted():
            done, below = asked(lambda: changes(goal))
            with below:
                reached(done)


def wanted() -> str:
    """The goal as the library spells it; empty while two diagnoses are the same."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="question"):
        kind = choice("goal_kind", section("goals"), say("robustness.goal"))
        first = row_choice("goal_first", say("robustness.goal_first"), 1)
        if kind == "threshold":
            share = st.slider(say("robustness.goal_share"), 5, 95, 50, step=5, key="goal_share", width=240)
            return f"{first} >= {share / 100:g}"
        second = row_choice("goal_second", say("robustness.goal_second"), 0)
    if first == second:
        st.info(say("why.same"))
        return ""
    return f"{first} - {second} >= 0"


def reached(found: Changes) -> None:
    """What would do, the smallest change first."""
    if found.is_met:
        st.success(say("robustness.met"))
        return
    if found.is_met_at_mean:
        st.info(say("robustness.met_at_mean"))
        return
    frame = found.to_frame()
    alone = frame[frame.kind == "parameter"].head(N_SHOWN)
    if alone.empty:
        st.info(say("robustness.no_number"))
    lines = []
    parameters = sensitivity().parameters
    for row in alone.itertuples():
        node, given, state = parameters.addresses[parameters.names.index(str(row.what))]
        label = number_label(answers.knowledge(), node, state, given, figure_words())
        text = say("robustness.needed", value=percent(float(row.value)), needed=percent(float(row.needed)))
        word = say("robustness.plausible") if row.within else say("robustness.implausible")
        lines.append(f"<li>{escape(label)}<br><small>{escape(text)} · {escape(word)}</small></li>")
    st.html(
        f'<ul class="facts">{"".join(lines)}</ul><p class="soft">{escape(say("robustness.goal_note"))}</p>'
    )
