"""Views "Map" and "Network" of the screen Knowledge."""

from __future__ import annotations

import streamlit as st

from app_pages.knowledge.answers import beliefs, findings_of, one_or_all, order_choice, row_filter
from app_pages.shared import answers
from app_pages.shared.controls import choice
from app_pages.shared.facts import fact_lines
from app_pages.shared.figure import draw
from app_pages.shared.texts import figure_words, say, section
from model.figures import knowledge_map, network_drawing
from model.why.citation import citations


def show() -> None:
    """The heat map with its filters, and the facts behind one finding."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="question"):
        order = order_choice("map_order")
        row = row_filter("map_row")
        cited = choice("map_cited", section("cited"), say("knowledge.cited"))
    tables, found = answers.knowledge(), beliefs()
    rows = [row] if row else list(tables.rows)
    findings = [
        v.id
        for v in findings_of(order)
        if cited == "all" or any((found.of(v.id, r).basis == "nothing") == (cited == "uncited") for r in rows)
    ]
    if not findings:
        st.info(say("knowledge.nothing"))
        return
    draw(knowledge_map(found, findings, rows, words=figure_words()))
    behind(findings, row)


def behind(findings: list[str], row: str | None) -> None:
    """The facts about one finding, in one disease or in all."""
    tables = answers.knowledge()
    labels = {name: tables.variables[name].label for name in findings}
    chosen = st.selectbox(
        say("knowledge.behind"), findings, format_func=labels.get, key="map_finding", width=420
    )
    for one in [row] if row else tables.rows:
        facts = citations(tables, one, chosen)
        if facts or row:
            st.html(f'<p class="soft"><b>{tables.diagnoses[one].label}</b></p>{fact_lines(facts)}')


def network() -> None:
    """The drawing, for the findings of one order or of one mechanism."""
    tables = answers.knowledge()
    with st.container(horizontal=True, vertical_alignment="bottom", key="question"):
        order = order_choice("drawing_order")
        mechanisms = tables.of_role("mechanism")
        labels = {name: variable.label for name, variable in mechanisms.items()}
        mechanism = one_or_all(
            "drawing_mechanism", say("knowledge.mechanism"), labels, say("knowledge.by_order")
        )
    if mechanism:
        findings = list(dict.fromkeys(link.child for link in tables.links if link.parent == mechanism))
    else:
        findings = [v.id for v in findings_of(order)]
    net = answers.network(answers.setting_names()[0])
    draw(network_drawing(net, findings, words=figure_words()))
