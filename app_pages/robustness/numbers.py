"""View "Numbers" of the screen Robustness: the tornado, one number in detail, and two at once."""

from __future__ import annotations

from html import escape
from typing import cast

import streamlit as st

from app_pages.robustness.answers import sensitivity, surface
from app_pages.shared import answers
from app_pages.shared.facts import fact_lines
from app_pages.shared.figure import draw
from app_pages.shared.texts import figure_words, percent, say
from app_pages.shared.waiting import asked
from model import Sensitivity
from model.figures import number_label, sensitivity_curve, surface_map, tornado
from model.robustness.results import influence
from model.why.citation import citations

N_SHOWN = 10
N_CHOICES = 40


def show() -> None:
    """The most influential numbers on the left, the chosen one on the right."""
    found, place = asked(sensitivity)
    with place:
        detail(found)


def detail(found: Sensitivity) -> None:
    """The tornado, one number, and two at once."""
    at_mean(found)
    st.html(f'<p class="soft">{say("robustness.not_a_finding")}</p>')
    left, right = st.columns(2, gap="medium")
    with left:
        draw(tornado(found, n=N_SHOWN, words=figure_words()))
    with right:
        first = number_choice(found, "number_first", say("robustness.number"), 0)
        draw(sensitivity_curve(found, first, words=figure_words()))
        sources(found, first)
        with st.expander(say("robustness.two"), key="two_numbers"):
            second = number_choice(found, "number_second", say("robustness.second"), 1)
            two(found, first, second)


def at_mean(found: Sensitivity) -> None:
    """One line: the answer as every screen gives it, and the one that this view works with."""
    target, leader = int(found.target[0]), int(found.leader[0])
    words = {
        "label": found.classes.labels[target],
        "share": percent(float(found.headline[0, target])),
        "mean": percent(float(found.present[0, 0])),
        "leader": found.classes.labels[leader],
        "leader_share": percent(float(found.probabilities[0, leader])),
    }
    kind = "at_mean" if leader == target else "at_mean_other"
    st.html(f'<p class="caution at-mean">{escape(say(f"robustness.{kind}", **words))}</p>')


def number_choice(found: Sensitivity, key: str, text: str, place: int) -> int:
    """One of the most influential numbers."""
    order = [int(i) for i in influence(found)[:N_CHOICES]]
    if st.session_state.get(key) not in order:
        st.session_state[key] = order[place]
    labels = {number: name(found, number) for number in order}
    chosen = st.selectbox(text, order, format_func=labels.get, key=key)
    return cast("int", chosen)


def name(found: Sensitivity, number: int) -> str:
    """What a number is called."""
    node, given, state = found.parameters.addresses[number]
    return number_label(answers.knowledge(), node, state, given, figure_words())


def sources(found: Sensitivity, number: int) -> None:
    """What the documents say of a number."""
    node, _, state = found.parameters.addresses[number]
    diagnosis = found.parameters.diagnosis(number)
    facts = citations(answers.knowledge(), diagnosis, node, (state,)) if diagnosis else ()
    st.html(fact_lines(facts))


def two(found: Sensitivity, first: int, second: int) -> None:
    """Who leads over two numbers."""
    if first == second:
        st.info(say("robustness.same"))
        return
    names = (name(found, first), name(found, second))
    draw(surface_map(surface(first, second), names, answers.knowledge(), words=figure_words()))
