"""
What is asked about the knowledge itself: the same for every patient, so kept for all sessions.

Knows: the questions. Must not know: widgets, patients.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import cast

import streamlit as st

from app_pages.shared import answers
from app_pages.shared.texts import language, say
from model import Beliefs, CellEvidence, Separation, believed, evidence_of
from model import separation as ask_separation
from model.network.cell_evidence import Frequencies, frequencies
from priors.schema import LAYERS, Variable

N_DRAWS = 100


@st.cache_resource(show_spinner=say("app.working"), max_entries=len(LAYERS))
def _beliefs(setting: str) -> Beliefs:
    return believed(answers.network(setting).thinned(N_DRAWS))


@cache  # not Streamlit's, which passes over what begins with a stroke: Germans were shown what an English session had asked
def _named(setting: str, _: str) -> Beliefs:
    return replace(_beliefs(setting), knowledge=answers.knowledge())


@st.cache_resource(show_spinner=say("app.working"), max_entries=len(LAYERS))
def _separation(setting: str) -> Separation:
    return ask_separation(answers.network(setting))


@st.cache_resource(show_spinner=say("app.working"), max_entries=len(LAYERS))
def _frequencies(setting: str) -> Frequencies:
    return frequencies(answers.network(setting))


def beliefs() -> Beliefs:
    """What is believed of every finding in every disease, over a hundred draws."""
    return _named(answers.usual(), language())


def separation() -> Separation:
    """How well every pair of diseases is told apart by the findings of everyday orders."""
    return _separation(answers.usual())


def cell(finding: str, row: str, state: str) -> CellEvidence:
    """All that one cell rests on; without a state, of the states that most is known of."""
    known = _frequencies(answers.usual())
    named = replace(known, network=answers.network(answers.usual()))
    return evidence_of(named, finding, row, state)


def order_choice(key: str, on_change: Callable[[], None] | None = None) -> str:
    """One of the orders that give findings; `on_change` is called when another one is chosen."""
    tables = answers.knowledge()
    giving = dict.fromkeys(v.order for v in tables.of_role("finding").values())
    names = [name for name in tables.orders if name in giving]
    if st.session_state.get(key) not in names:
        st.session_state[key] = "brain_mri" if "brain_mri" in names else names[0]
    labels = {name: tables.orders[name].label for name in names}
    shown = {"format_func": labels.get, "key": key, "width": 280, "on_change": on_change}
    return cast("str", st.selectbox(say("knowledge.order"), names, **shown))


def examined() -> dict[str, str]:
    """Order of every finding that one of the orders gives, in the order of the tables."""
    tables = answers.knowledge()
    return {v.id: order for order in tables.orders for v in findings_of(order)}


def findings_of(order: str) -> list[Variable]:
    """Findings that an order gives."""
    return [v for v in answers.knowledge().of_role("finding").values() if v.order == order]


def one_or_all(key: str, text: str, labels: Mapping[str, str], nothing: str) -> str | None:
    """One of several labelled things, or None; `nothing` says what None means."""
    return st.selectbox(
        text, list(labels), index=None, format_func=labels.get, placeholder=nothing, key=key, width=280
    )


def row_filter(key: str) -> str | None:
    """A table row, or None for all."""
    tables = answers.knowledge()
    labels = {row: tables.diagnoses[row].label for row in tables.rows}
    return one_or_all(key, say("knowledge.row"), labels, say("knowledge.all"))
