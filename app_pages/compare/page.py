"""Screen 5, "Compare": two what-ifs side by side, what differs between them, and what each difference does."""

from __future__ import annotations

from html import escape

import streamlit as st

from app_pages.compare import answers
from app_pages.compare.answers import Effect
from app_pages.shared import link, patient, take, views
from app_pages.shared.answers import differential, knowledge
from app_pages.shared.controls import link_problems, listed, trouble, value_said
from app_pages.shared.figure import draw
from app_pages.shared.prior import setting_said
from app_pages.shared.texts import figure_words, percent, say
from model.errors import MilletError
from model.figures import differential_table, group_colour, share_bars

N_ROWS = 6


def ways() -> None:
    """Keep, exchange, forget."""
    with st.container(horizontal=True, key="toolbar"):
        st.button(
            say("compare.keep"),
            icon=":material/content_copy:",
            key="keep",
            on_click=answers.keep,
            disabled=answers.other() == patient.now(),
        )
        st.button(
            say("compare.swap"),
            icon=":material/swap_horiz:",
            key="swap",
            on_click=answers.swap,
            disabled=answers.other() is None,
        )


def described(known: patient.Known) -> str:
    """Findings and prior of a patient in one line."""
    return say(
        "compare.described",
        findings=listed(known.findings) or say("compare.nothing"),
        setting=setting_said(link.prior(known.setting)),
        layer=say(f"report.layer_{link.layer(known.setting)}"),
    )


def column(title: str, known: patient.Known) -> None:
    """One of the two: its differential, and below, so that both begin at the same height, what is known."""
    st.markdown(f"##### {title}")
    try:
        answer = differential(known.findings, known.setting)
    except MilletError as error:
        trouble(error)
    else:
        draw(differential_table(answer, stop=N_ROWS, words=figure_words()))
    signed = " ".join(f'data-{name}="{escape(text)}"' for name, text in take.signature(known).items())
    st.html(f'<p class="soft whose" {signed}>{escape(described(known))}</p>')


def differences(other: patient.Known) -> None:
    """What differs, and what each difference does by itself."""
    st.markdown(f"##### {say('compare.effects')}")
    try:
        leader, now, effects = answers.effects(other)
    except MilletError as error:
        trouble(error)
        return
    if not effects:
        st.info(say("compare.alike"))
        return
    label = knowledge().diagnoses[leader].label
    st.html(f'<p class="soft">{say("compare.effect_note", label=label, share=percent(now))}</p>')
    shares = {line(effect): effect.probability for effect in effects if effect.probability is not None}
    title = f"{say('compare.effects')}: {label}"
    colour = group_colour(knowledge().diagnoses[leader].group)
    draw(share_bars(shares, colour=colour, now=now, title=title, words=figure_words()))
    for effect in effects:
        if effect.probability is None:
            st.html(f'<p class="soft">{say("compare.impossible", text=line(effect))}</p>')


def line(effect: Effect) -> str:
    """One difference in words."""
    if effect.finding in answers.SETTINGS:
        here, there = (setting_part(effect.finding, str(part)) for part in (effect.here, effect.there))
        return say(f"compare.{effect.finding}", here=here, there=there)
    tables = knowledge()
    label = tables.variables[effect.finding].label
    first, second = (
        say("compare.unknown") if value is None else value_said(tables, effect.finding, value)
        for value in (effect.here, effect.there)
    )
    return say("compare.change", label=label, here=first, there=second)


def setting_part(name: str, part: str) -> str:
    """A prior setting, or a layer of knowledge, in words."""
    return setting_said(part) if name == "prior" else say(f"report.layer_{part}")


other = answers.other()
link_problems()
st.markdown(f"#### {say('compare.heading')}")
if patient.now().findings:
    views.known("compare")
ways()
if other is None:
    st.info(say("compare.none"))
else:
    answers.into_link(other)
    left, right = st.columns(2, gap="medium")
    with left, st.container(key="whose_here"):
        column(say("compare.here"), patient.now())
    with right, st.container(key="whose_there"):
        column(say("compare.there"), other)
    differences(other)
