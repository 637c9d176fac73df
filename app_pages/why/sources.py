"""View "Sources" of the screen Why: the facts behind each number, with document and place."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from app_pages.shared.texts import say
from app_pages.why.answers import explanation, row_choice
from model.why.citation import Citation


def show() -> None:
    """Every finding of the patient with what the documents say of it in one diagnosis."""
    diagnosis = row_choice("source_diagnosis", say("why.diagnosis"), 0)
    why = explanation(diagnosis)
    for one in sorted(why.contributions, key=lambda c: -abs(c.order_free)):
        st.markdown(say("why.source_of", finding=one.label, value=one.value, weight=one.order_free))
        st.html(fact_lines(one.facts))


def fact_lines(facts: Sequence[Citation]) -> str:
    """Facts as a list; says so if there is none."""
    if not facts:
        return f'<p class="soft nosource">{escape(say("why.no_source"))}</p>'
    items = "".join(
        f"<li>{escape(fact.statement)} <small>{escape(fact.document)}, {escape(fact.location)} · "
        f"{escape(fact.fact)}</small></li>"
        for fact in facts
    )
    return f'<ul class="facts">{items}</ul>'
