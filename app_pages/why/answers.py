"""
What is asked about the reasons of an answer, kept for the session.

Knows: the questions of the screen Why. Must not know: widgets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import streamlit as st

from app_pages.shared import answers, patient
from app_pages.shared.controls import value_said
from app_pages.shared.keeping import hold
from model import Explanation, encode
from model import explain as ask_why


def ranked_rows() -> list[str]:
    """Table rows, the most probable first."""
    now = patient.now()
    answer = answers.differential(now.findings, now.setting)
    rows, mean = answer.names("row"), answer.mean_by("row")[0]
    return [rows[i] for i in sorted(range(len(rows)), key=lambda i: -mean[i])]


def row_choice(key: str, text: str, place: int) -> str:
    """One of the table rows: the one at a place of the ranking, until another one is chosen for this patient."""
    rows = ranked_rows()
    labels = {row: answers.knowledge().diagnoses[row].label for row in rows}
    hold(key, patient.chosen_row(key) or rows[place])
    call = {"on_change": patient.choose_row, "args": (key,)}
    return cast(
        "str",
        st.selectbox(text, rows, format_func=labels.get, key=key, width=360, **call),
    )


def explanation(diagnosis: str, against: str = "") -> Explanation:
    """
    Why a table row has its probability, and, if another one is named, why not that one.

    Raises
    ------
    MilletError
        If the findings are impossible, or make the diagnosis certain.
    """
    now = patient.now()

    def ask() -> Explanation:
        net = answers.network(now.setting)
        contrast = (diagnosis, against) if against else None
        tables = answers.knowledge()
        values = {name: value_said(tables, name, value) for name, value in now.findings.items()}
        return spoken(ask_why(net, encode(net, now.findings), diagnosis=diagnosis, contrast=contrast), values)

    return cast("Explanation", answers.kept(f"why {diagnosis} {against}", now.findings, now.setting, ask))


def spoken(why: Explanation, values: Mapping[str, str]) -> Explanation:
    """
    The same explanation with what was found as a person says it, instead of by identifiers.

    Parameters
    ----------
    why
        The explanation.
    values
        Finding -> what was found; nothing is asked of the session.
    """
    contrast = why.contrast
    if contrast is not None:
        pairs = tuple(replace(c, value=values[c.finding]) for c in contrast.contributions)
        contrast = replace(contrast, contributions=pairs)
    others = tuple(
        replace(one, changes=tuple(replace(c, value=values[c.finding]) for c in one.changes))
        for one in why.counterfactuals
    )
    own = tuple(replace(c, value=values[c.finding]) for c in why.contributions)
    return replace(why, contributions=own, contrast=contrast, counterfactuals=others)
