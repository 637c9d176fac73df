"""Part of the screen Teach: the sheet on which points are given to a few diagnoses, in a lesson and in a drill."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import cast

import streamlit as st

from app_pages.shared import answers
from app_pages.shared.texts import percent, say

MAX_ROWS = 8
FIRST, STEP = 10, 5


def points(place: str, first: Mapping[str, float]) -> dict[str, float]:
    """
    Points of the diagnoses that are considered.

    Parameters
    ----------
    place
        Which sheet: what was entered is remembered by it.
    first
        Table rows and points to begin with; none at the first stage: a diagnosis that stands there anchors.
    """
    tables = answers.knowledge()
    labels = {row: tables.diagnoses[row].label for row in tables.rows}
    considered = f"{place}_rows"
    st.session_state.setdefault(considered, [row for row in first if row in labels][:MAX_ROWS])
    chosen = st.multiselect(
        say("teach.considered"),
        list(labels),
        format_func=labels.get,
        key=considered,
        max_selections=MAX_ROWS,
        placeholder=say("app.choose"),
        help=say("teach.considered_help"),
    )
    with st.container(key=place, horizontal=True):
        for row in chosen:
            st.session_state.setdefault(f"{place}_{row}", _at_first(row, first))
            st.number_input(labels[row], 0, 100, step=STEP, key=f"{place}_{row}", width=215)
    given = entered(place, first)
    st.html(f'<p class="soft">{escape(shares_text(given, labels))}</p>')
    return given


def entered(place: str, first: Mapping[str, float]) -> dict[str, float]:
    """The points as they stand, also for a button that is pressed before the page has followed; see `points`."""
    rows = cast("list[str]", st.session_state.get(f"{place}_rows", []))
    return {row: float(st.session_state.get(f"{place}_{row}", _at_first(row, first))) for row in rows}


def _at_first(row: str, first: Mapping[str, float]) -> int:
    """Points that a diagnosis begins with."""
    return round(first.get(row, FIRST))


def shares_text(given: Mapping[str, float], labels: Mapping[str, str]) -> str:
    """What the points mean as shares, whatever they add up to."""
    total = sum(given.values())
    if not given:  # what points are for comes before they are asked for
        return say("teach.name_first")
    if not total:
        return say("teach.no_points")
    shares = ", ".join(f"{labels[row]} {percent(value / total)}" for row, value in given.items() if value)
    return say("teach.shares", shares=shares)
