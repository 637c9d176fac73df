"""Views "Map" and "Network" of the screen Knowledge."""

from __future__ import annotations

from html import escape

import streamlit as st

from app_pages.knowledge.answers import (
    beliefs,
    cell,
    examined,
    findings_of,
    one_or_all,
    order_choice,
    row_filter,
)
from app_pages.shared import answers, patient
from app_pages.shared.controls import choice
from app_pages.shared.facts import fact_lines
from app_pages.shared.figure import draw
from app_pages.shared.keeping import undisturbed
from app_pages.shared.texts import figure_words, say, section
from model.figures import forest_plot, knowledge_map, network_drawing
from model.network.beliefs import AGE, GROUND
from model.why.citation import citations


def show() -> None:
    """The heat map with its filters, and all that one cell rests on."""
    arrive()
    with st.container(horizontal=True, vertical_alignment="bottom", key="question"):
        order = order_choice("map_order", on_change=to_order)
        row = row_filter("map_row")
        ground = choice("map_cited", section("cited"), say("knowledge.cited"))
    tables, found = answers.knowledge(), beliefs()
    rows = [row] if row else list(tables.rows)
    findings = [
        v.id
        for v in findings_of(order)
        if ground == "all" or any(GROUND[found.of(v.id, r).basis] == ground for r in rows)
    ]
    if findings:
        draw(knowledge_map(found, findings, rows, words=figure_words()))
        if answers.layer() == "full":
            st.html(f'<p class="caution">{escape(figure_words()["judgement_note"])}</p>')
    else:
        st.info(say("knowledge.nothing"))
    behind(row)


@undisturbed()
def to_order() -> None:
    """Another examination was chosen: the finding looked at is the first that it gives."""
    st.session_state["map_finding"] = findings_of(st.session_state["map_order"])[0].id


@undisturbed()
def to_finding() -> None:
    """A finding was chosen: the map is that of its examination, with all that was filtered out."""
    st.session_state["map_order"] = examined()[st.session_state["map_finding"]]
    st.session_state["map_cited"] = "all"


@undisturbed()
def arrive() -> None:
    """Go to the cell that the link names, as ``cell=fever.nmosd``; nothing if there is no such cell."""
    finding, _, row = patient.arrived_with("cell").partition(".")
    tables = answers.knowledge()
    if finding in tables.of_role("finding") and row in tables.rows:
        st.session_state["map_order"] = tables.variables[finding].order
        st.session_state["map_finding"], st.session_state["map_disease"] = finding, row


def behind(row: str | None) -> None:
    """One finding, of any examination: in one disease all that its cell rests on, in all diseases the facts."""
    tables = answers.knowledge()
    labels = {
        name: f"{tables.variables[name].label} · {tables.orders[order].label}"
        for name, order in examined().items()
    }
    if st.session_state.get("map_finding") not in labels:
        to_order()
    with st.container(horizontal=True, vertical_alignment="bottom", key="cell"):
        chosen = st.selectbox(
            say("knowledge.behind"),
            list(labels),
            format_func=labels.get,
            key="map_finding",
            on_change=to_finding,
            width=480,
        )
        diseases = {name: tables.diagnoses[name].label for name in ([row] if row else tables.rows)}
        disease = one_or_all("map_disease", say("knowledge.row"), diseases, say("knowledge.all"))
        state = state_choice(chosen) if disease else ""
    if disease:
        patient.also(cell=f"{chosen}.{disease}")
        draw(forest_plot(cell(chosen, disease, state), tables, words=figure_words()))
        return
    st.html(f'<p class="soft">{escape(say("knowledge.choose_cell"))}</p>')
    for one in diseases:
        facts = citations(tables, one, chosen)
        if facts or row:
            st.html(f'<p class="soft"><b>{tables.diagnoses[one].label}</b></p>{fact_lines(facts)}')


def state_choice(finding: str) -> str:
    """A state of a finding that has several; empty: those that most is known of."""
    states = answers.knowledge().variables[finding].states
    if len(states) < 3 or finding == AGE:
        return ""
    labels = {state.id: state.label for state in states}
    return one_or_all("map_state", say("knowledge.state"), labels, say("knowledge.usual_state")) or ""


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
    net = answers.network(answers.usual())
    draw(network_drawing(net, findings, words=figure_words()))
