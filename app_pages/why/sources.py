"""View "Sources" of the screen Why: the facts behind each number, with document and place."""

from __future__ import annotations

import streamlit as st

from app_pages.shared.facts import fact_lines
from app_pages.shared.texts import figure_words, say
from app_pages.shared.waiting import asked
from app_pages.why.answers import explanation, row_choice
from model.figures import weight_text


def show() -> None:
    """Every finding of the patient with what the documents say of it in one diagnosis."""
    diagnosis = row_choice("source_diagnosis", say("why.diagnosis"), 0)
    why, place = asked(lambda: explanation(diagnosis))
    with place:
        for one in sorted(why.contributions, key=lambda c: -abs(c.order_free)):
            st.markdown(
                say(
                    "why.source_of",
                    finding=one.label,
                    value=one.value,
                    weight=weight_text(one.order_free, words=figure_words()),
                )
            )
            st.html(fact_lines(one.facts))
