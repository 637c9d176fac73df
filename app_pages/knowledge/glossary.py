"""View "Glossary" of the screen Knowledge: every term with drawing, definition and source, by examination."""

from __future__ import annotations

from html import escape

import streamlit as st

from app_pages.shared import answers, glossary
from app_pages.shared.texts import say
from priors.schema import Term


def show() -> None:
    """The search, and what it finds under the examinations that show it."""
    text = st.text_input(
        say("glossary.find"),
        key="glossary_all",
        placeholder=say("glossary.hint"),
        label_visibility="collapsed",
        width=360,
    )
    st.html(f'<p class="soft">{escape(say("glossary.inks"))}</p>')
    groups = by_examination(glossary.matching(text))
    for title, terms in groups.items():
        st.markdown(f"##### {title}")
        glossary.cards(terms)
    if not groups:
        st.info(say("glossary.none", text=text))


def by_examination(terms: list[Term]) -> dict[str, list[Term]]:
    """Title -> terms; examinations with drawings come first, the words of the model last."""
    tables = answers.knowledge()
    drawn = {tables.variables[t.finding].order for t in tables.glossary.values() if t.drawing}
    orders = sorted(tables.orders.values(), key=lambda order: (order.id not in drawn, order.position))
    found = {
        order.label: [t for t in terms if t.finding and tables.variables[t.finding].order == order.id]
        for order in orders
    }
    found[say("glossary.of_model")] = [term for term in terms if not term.finding]
    return {title: some for title, some in found.items() if some}
