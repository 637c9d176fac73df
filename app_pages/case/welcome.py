"""Part "Welcome" of the screen Case: what this is, three patients to start with, a tour; put away for good."""

from __future__ import annotations

from html import escape
from typing import cast

import streamlit as st

from app_pages.shared import answers, examples, glossary, manners, patient
from app_pages.shared.texts import say
from model.teaching.first_patients import FirstPatient, first_patients

MILIARY = "miliary"
# Step of the tour -> key of what it points at.
TOUR = {"enter": "enter", "read": "answer", "ask": "best_next", "doubt": "rests_on", "go_on": "screens"}
TITLES = {"typical": "typical", "miliary": "miliary_patient", "wrong": "wrong"}
STEP = "tour_step"


def show() -> None:
    """The welcome, until something is known or it was put away."""
    if patient.now().findings or manners.is_away():
        return
    with st.container(key="welcome", gap="small"):
        tables = answers.knowledge()
        term = tables.glossary[MILIARY]
        lines = (
            say("welcome.what", diagnoses=len(tables.leaves)),
            say("welcome.miliary", definition=glossary.defined(term)),
        )
        text = "".join(f"<p>{escape(line)}</p>" for line in lines)
        whole = f'<div class="welcome">{glossary.sketch(term)}<div>{text}</div></div>'
        st.markdown(whole, unsafe_allow_html=True)
        with st.container(horizontal=True, gap="small", key="starts"):
            for one in starts():
                start(one)
        with st.container(horizontal=True, gap="small", key="welcome_ways"):
            st.button(say("tour.begin"), icon=":material/tour:", key="tour_begin", on_click=go, args=(0,))
            st.button(
                say("welcome.away"),
                icon=":material/close:",
                key="welcome_away",
                type="tertiary",
                on_click=manners.put_away,
            )


def starts() -> tuple[FirstPatient, ...]:
    """The patients to start with, under the session's prior and layer of knowledge."""
    setting = patient.now().setting

    def ask() -> tuple[FirstPatient, ...]:
        typical, published = examples.textbook().values(), examples.published().values()
        return first_patients(answers.network(setting), list(typical), list(published))

    return cast("tuple[FirstPatient, ...]", answers.kept("first patients", {}, setting, ask))


def start(one: FirstPatient) -> None:
    """The button of one patient to start with."""
    net = answers.network(patient.now().setting)
    label = say("welcome.start", title=say(f"welcome.{TITLES[one.kind]}"), who=examples.person(one.case))
    taken = {"findings": examples.findings(net, one.case), "example": one.case.id}
    st.button(label, key=f"start_{one.kind}", on_click=patient.change, kwargs=taken, width=260)


def go(step: int | None) -> None:
    """Go to a step of the tour; None ends it."""
    st.session_state[STEP] = step
    manners.point_at("" if step is None else list(TOUR.values())[step])


def tour() -> None:
    """The step of the tour that the session is at, and what it points at made visible."""
    step = st.session_state.get(STEP)
    if step is None:
        return
    name = list(TOUR)[step]
    st.html(f"<style>.st-key-{TOUR[name]} {{ outline: 3px solid #e69f00; outline-offset: 0.4rem; }}</style>")
    with st.container(key="tour", gap="small"):
        text = f"<b>{say('tour.step', n=step + 1, total=len(TOUR))}</b> {escape(say(f'tour.{name}'))}"
        st.html(f'<p role="status">{text}</p>')
        with st.container(horizontal=True, gap="small"):
            is_last = step == len(TOUR) - 1
            st.button(say("tour.back"), key="tour_back", on_click=go, args=(step - 1,), disabled=step == 0)
            st.button(
                say("tour.end" if is_last else "tour.next"),
                key="tour_next",
                type="primary",
                on_click=go,
                args=(None if is_last else step + 1,),
            )
            if not is_last:
                st.button(say("tour.leave"), key="tour_leave", type="tertiary", on_click=go, args=(None,))
