"""
What the network is asked under: the prior, a setting of the tables or weights of one's own, and the layer of knowledge.

Knows: widgets. Must not know: how weights become probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import streamlit as st

from app_pages.shared import answers, link, patient
from app_pages.shared.keeping import hold
from app_pages.shared.texts import optional, say, section
from priors.schema import LAYERS


def setting_said(setting: str) -> str:
    """A prior setting as a person says it; one's own weights with the table rows that they are given for."""
    name = setting.partition("~")[0]
    text, own = optional(f"settings.{name}", name.capitalize()), link.weights(setting)
    labels = {row: answers.knowledge().diagnoses[row].label for row in own}
    return (
        f"{text} ({'; '.join(f'{labels[row]} {weight:g}' for row, weight in own.items())})" if own else text
    )


def setting_choice() -> None:
    """Settings of the tables, and the one entered, if any."""
    names, now = answers.setting_names(), link.prior(patient.now().setting)
    hold("setting", now)
    st.segmented_control(
        say("case.prior"),
        names if now in names else (*names, now),
        format_func=lambda name: setting_said(name.partition("~")[0]),
        required=True,
        key="setting",
        on_change=choose,
        help=say("settings_help.text"),
    )


def choose() -> None:
    """Take over the setting that was chosen."""
    patient.change(setting=link.under(st.session_state["setting"], answers.layer()))


def layer_choice() -> None:
    """How far down the knowledge goes: documents, cohorts, judgement."""
    hold("layer", answers.layer())
    st.segmented_control(
        say("case.knowledge"),
        LAYERS,
        format_func=section("layers").get,
        required=True,
        key="layer",
        on_change=choose_layer,
        help=say("layers_help.text"),
    )


def choose_layer() -> None:
    """Take over the layer that was chosen."""
    patient.change(setting=link.under(link.prior(patient.now().setting), st.session_state["layer"]))


def weights() -> None:
    """A weight for every table row, drawn when it is opened; blank keeps that of the first setting."""
    place = st.popover(say("prior.open"), icon=":material/tune:", key="own_prior", on_change="rerun")
    if not place.open:
        # What opens is placed by its height: without this it would be put where there is no room for the weights.
        place.html('<div class="opening"></div>')
        return
    given = link.weights(patient.now().setting)
    with place, st.form("prior", border=False):
        st.html(f'<p class="soft">{say("prior.note")}</p>')
        with st.container(key="weights"):
            for row in by_label():
                weight(row, given.get(row))
        st.form_submit_button(say("prior.apply"), key="apply_prior", on_click=apply)


def by_label() -> list[str]:
    """The table rows in the order of their names, as they are looked for."""
    named = answers.knowledge().diagnoses
    return sorted(answers.knowledge().rows, key=lambda row: named[row].label.casefold())


def weight(row: str, given: float | None) -> None:
    """The weight of one table row."""
    hold(f"weight_{row}", given)
    usual = usual_weights()[row]
    st.number_input(
        answers.knowledge().diagnoses[row].label,
        link.MIN_WEIGHT,
        link.MAX_WEIGHT,
        None,
        step=1.0,
        format="%g",
        placeholder=f"{usual:g}" if usual else say("prior.by_region"),
        key=f"weight_{row}",
    )


@cache
def usual_weights() -> Mapping[str, float]:
    """Median weight of every table row in the first setting, where region and ancestry do not matter; else 0."""
    tables = answers.knowledge()
    found = dict.fromkeys(tables.rows, 0.0)
    for weight in tables.prior_weights:
        if weight.setting == answers.setting_names()[0] and not weight.region and not weight.ancestry:
            found[tables.row(weight.diagnosis)] += weight.median
    return found


def apply() -> None:
    """Take over the weights; none means the first setting."""
    entered = {row: st.session_state[f"weight_{row}"] for row in answers.knowledge().rows}
    kept = {row: float(value) for row, value in entered.items() if value is not None}
    chosen = link.custom(kept) if kept else answers.setting_names()[0]
    patient.change(setting=link.under(chosen, answers.layer()))
