"""Views "Facts" and "What is not known" of the screen Knowledge."""

from __future__ import annotations

from functools import cache

import pandas as pd
import streamlit as st

from app_pages.knowledge.answers import beliefs, one_or_all, row_filter
from app_pages.shared import answers
from app_pages.shared.texts import figure_words, language, optional, percent, say
from model.network.beliefs import unsupported
from model.text import csv_cell, span
from priors.schema import Layer, Variable

N_UNKNOWN = 200
# Stands for all publications where one of the documents can be chosen.
LITERATURE = "literature"
# Pixels of the columns of facts: document and place are in view on a wide screen.
WIDTHS = {
    "diagnosis": 140,
    "finding": 170,
    "state": 120,
    "statement": 360,
    "document": 180,
    "location": 110,
    "kind": 100,
    "fact": 80,
}


def show() -> None:
    """Every fact in a table that can be searched, filtered and downloaded."""
    tables = answers.knowledge()
    with st.container(horizontal=True, vertical_alignment="bottom", key="question"):
        row = row_filter("facts_row")
        titles = {name: source.title for name, source in tables.sources.items()}
        titles[LITERATURE] = say("knowledge.literature")
        source = one_or_all("facts_source", say("knowledge.source"), titles, say("knowledge.all"))
        text = st.text_input(say("knowledge.search"), key="facts_text", width=280)
    frame = facts_frame(answers.layer(), language())
    if row:
        frame = frame[frame["row"] == row]
    if source:
        frame = frame[frame["source"] == source]
    if text:
        found = frame.apply(lambda line: text.lower() in " ".join(map(str, line)).lower(), axis=1)
        frame = frame[found.astype(bool)]
    shown = frame.drop(columns=["row", "source"]).rename(columns=column_name)
    st.html(f'<p class="soft">{say("knowledge.n_facts", n=len(frame))}</p>')
    widths = {column_name(name): st.column_config.Column(width=px) for name, px in WIDTHS.items()}
    widths[column_name("address")] = st.column_config.LinkColumn(width=180)
    st.dataframe(shown, hide_index=True, width="stretch", height=460, key="facts_table", column_config=widths)
    safe = frame.map(csv_cell).to_csv(index=False)
    st.download_button(say("knowledge.download"), safe, "millet_facts.csv", "text/csv", key="facts_csv")


def column_name(name: str) -> str:
    """Heading of a column."""
    return say(f"knowledge.column_{name}")


@cache
def facts_frame(_: Layer, __: str) -> pd.DataFrame:
    """One line per fact of the session's layer, with labels of its language; never changed: all sessions share it."""
    tables = answers.knowledge()
    lines = []
    for fact in tables.facts.values():
        diagnosis, variable = tables.diagnoses.get(fact.diagnosis), tables.variables.get(fact.finding)
        lines.append(
            {
                "diagnosis": diagnosis.label if diagnosis else "",
                "finding": variable.label if variable else "",
                "state": state_said(variable, fact.state) if variable else "",
                "statement": fact.statement,
                "document": tables.source(fact.source).title,
                "location": fact.location,
                "kind": optional(f"fact_kinds.{fact.kind}", fact.kind),
                "fact": fact.id,
                "address": tables.source(fact.source).address,
                "row": tables.row(fact.diagnosis) if diagnosis else "",
                "source": LITERATURE if fact.is_cohort else fact.source,
            }
        )
    return pd.DataFrame(lines)


def state_said(variable: Variable, state: str) -> str:
    """What a fact speaks of, by label: a state, one of several, or a peak of the ages."""
    labels = {one.id: one.label for one in variable.states}
    labels |= {"peak_1": say("knowledge.first_peak"), "peak_2": say("knowledge.second_peak")}
    return say("case.or").join(labels[one] for one in state.split("|") if one)


def unknown() -> None:
    """Beliefs that no fact supports, the least certain first."""
    tables = answers.knowledge()
    row = row_filter("unknown_row")
    found = [belief for belief in unsupported(beliefs()) if row in (None, belief.row)]
    st.html(
        f'<p class="soft">{say("knowledge.unknown_note", n=len(found), shown=min(N_UNKNOWN, len(found)))}</p>'
    )
    frame = pd.DataFrame(
        {
            "diagnosis": tables.diagnoses[belief.row].label,
            "finding": tables.variables[belief.finding].label,
            "state": believed_state(tables.variables[belief.finding], belief.state),
            "rests_on": figure_words()[f"basis_{belief.basis}"],
            "believed": percent(belief.mean),
            "interval": span(percent(belief.low), percent(belief.high), figure_words()),
        }
        for belief in found
    ).rename(columns=column_name)
    st.dataframe(frame.head(N_UNKNOWN), hide_index=True, width="stretch", height=460, key="unknown_table")
    safe = frame.map(csv_cell).to_csv(index=False)
    st.download_button(say("knowledge.download"), safe, "millet_not_known.csv", "text/csv", key="unknown_csv")


def believed_state(variable: Variable, state: str) -> str:
    """The state that a belief is about, by label; any that is not normal, where it names none."""
    labels = {one.id: one.label for one in variable.states}
    return labels.get(state, figure_words()["any_unusual"])
