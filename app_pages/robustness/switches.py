"""Views "Assumptions" and "What to look up" of the screen Robustness."""

from __future__ import annotations

import streamlit as st

from app_pages.robustness.answers import knowing, switched
from app_pages.shared import answers, link, patient, worth
from app_pages.shared.figure import draw
from app_pages.shared.texts import figure_words, say
from app_pages.shared.waiting import asked, so_far
from model.figures import knowing_bars, switch_table
from model.robustness.switch import Switches


def show() -> None:
    """Every assumption switched alone, and what flips together."""
    if link.prior(patient.now().setting) not in answers.setting_names():
        st.info(say("robustness.own_prior"))
        return
    found, place = asked(lambda: switched(each=lambda known: so_far(lambda: drawn(known))))
    with place:
        drawn(found)


def drawn(found: Switches) -> None:
    """The table of what is known."""
    draw(switch_table(found, answers.knowledge(), words=figure_words()))


def lookup() -> None:
    """Which number of the literature would be worth knowing exactly."""
    st.html(f'<p class="soft">{say("robustness.not_a_finding")}</p>')
    found, place = asked(knowing)
    with place:
        now = patient.now()
        wanted = None if worth.is_in_bits() else answers.information(now.findings, now.setting).now
        draw(knowing_bars(found, open_bits=wanted, words=figure_words()))
