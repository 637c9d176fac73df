"""View "Contrast" of the screen Why: how far each finding speaks for one diagnosis rather than another."""

from __future__ import annotations

import streamlit as st

from app_pages.shared.facts import fact_lines
from app_pages.shared.figure import draw
from app_pages.shared.texts import figure_words, say
from app_pages.shared.waiting import asked
from app_pages.why.answers import explanation, row_choice
from model.figures import contrast_bars, weight_text
from model.why.contrast import Contrast


def show() -> None:
    """Two diagnoses, the findings between them, and what the documents say of each."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="question"):
        first = row_choice("contrast_first", say("why.first"), 0)
        second = row_choice("contrast_second", say("why.second"), 1)
    if first == second:
        st.info(say("why.same"))
        return
    why, place = asked(lambda: explanation(first, second))
    if why.contrast is not None:
        with place:
            between(why.contrast)


def between(contrast: Contrast) -> None:
    """The findings between two diagnoses, and what the documents say of both."""
    draw(contrast_bars(contrast, words=figure_words()))
    with st.expander(say("why.contrast_sources"), key="contrast_sources"):
        for one in sorted(contrast.contributions, key=lambda c: -abs(c.order_free)):
            st.markdown(
                say(
                    "why.source_of",
                    finding=one.label,
                    value=one.value,
                    weight=weight_text(one.order_free, words=figure_words()),
                )
            )
            for label, facts in ((contrast.label, one.facts), (contrast.against_label, one.facts_against)):
                st.html(f'<p class="soft">{label}</p>{fact_lines(facts)}')
