"""View "What would it take?" of the screen Robustness: the smallest change of the model that reaches a goal."""

from __future__ import annotations

import streamlit as st

from app_pages.robustness.answers import changes, sensitivity
from app_pages.robustness.numbers import at_mean
from app_pages.shared import answers
from app_pages.shared.controls import choice
from app_pages.shared.figure import draw
from app_pages.shared.texts import figure_words, percent, say, section
from app_pages.shared.waiting import asked
from app_pages.why.answers import row_choice
from model import Changes
from model.figures import changes_table, placed

N_SHOWN = 8


def show() -> None:
    """The goal, and the smallest single numbers and whole tables that reach it."""
    found, place = asked(sensitivity)
    with place:
        at_mean(found)
        goal, title = wanted()
        if goal:
            done, below = asked(lambda: changes(goal))
            with below:
                reached(done, title)


def wanted() -> tuple[str, str]:
    """The goal as the library spells it, and in words; both empty while two diagnoses are the same."""
    named = {name: one.label for name, one in answers.knowledge().diagnoses.items()}
    labels = {name: placed(label, figure_words()) for name, label in named.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", key="question"):
        kind = choice("goal_kind", section("goals"), say("robustness.goal"))
        first = row_choice("goal_first", say("robustness.goal_first"), 1)
        if kind == "threshold":
            share = st.slider(
                say("robustness.goal_share"),
                5,
                95,
                50,
                step=5,
                key="goal_share",
                width=240,
            )
            text = say("robustness.goal_reach", first=labels[first], share=percent(share / 100))
            return f"{first} >= {share / 100:g}", text
        second = row_choice("goal_second", say("robustness.goal_second"), 0)
    if first == second:
        st.info(say("why.same"))
        return "", ""
    text = say("robustness.goal_lead", first=labels[first], second=labels[second])
    return f"{first} - {second} >= 0", text


def reached(found: Changes, title: str) -> None:
    """What would do, the smallest change first."""
    if found.is_met:
        st.success(say("robustness.met"))
    elif found.is_met_at_mean:
        st.info(say("robustness.met_at_mean"))
    elif not found.parameters:
        st.info(say("robustness.no_number"))
    else:
        parameters = sensitivity().parameters
        draw(changes_table(found, parameters, title, n=N_SHOWN, words=figure_words()))
