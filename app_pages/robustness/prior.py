"""View "Prior" of the screen Robustness: settings side by side, and one diagnosis more or less common."""

from __future__ import annotations

import streamlit as st

from app_pages.robustness.answers import sweep
from app_pages.shared import answers, link, patient
from app_pages.shared.figure import draw
from app_pages.shared.texts import figure_words, optional, say
from app_pages.why.answers import row_choice
from model.figures import differential_table, sweep_curves

N_ROWS = 5


def show() -> None:
    """The same findings under every setting of the tables, then the sweep."""
    now = patient.now()
    for setting, column in zip(
        answers.setting_names(), st.columns(len(answers.setting_names()), gap="medium"), strict=True
    ):
        with column:
            name = optional(f"settings.{setting}", setting.capitalize())
            st.markdown(f"##### {say('robustness.under_prior', setting=name)}")
            answer = answers.differential(now.findings, link.under(setting, answers.layer()))
            draw(differential_table(answer, stop=N_ROWS, words=figure_words()))
    diagnosis = row_choice("sweep_diagnosis", say("robustness.sweep"), 0)
    draw(sweep_curves(sweep(diagnosis), answers.knowledge(), words=figure_words()))
