"""Part "Differential diagnosis" of the screen Case: the ranked diagnoses, as bars or as people, and MS opened up."""

from __future__ import annotations

from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.case import notes
from app_pages.shared import answers, patient, turns
from app_pages.shared.controls import chip, trouble
from app_pages.shared.figure import draw
from app_pages.shared.texts import figure_words, percent, say
from model import Differential
from model.errors import MilletError
from model.figures import (
    FloatArray,
    differential_table,
    group_colour,
    legend,
    more_often_text,
    people_dots,
    share_bars,
    shift_text,
)
from model.text import unparted

N_LEADING = 8


def show(answer: Differential) -> DeltaGenerator:
    """
    The ranked diagnoses, the rest on request, and MS opened up; gives the place for what the lead rests on.

    Table and leading line are what is waited for: they are sent first, wherever they stand.
    """
    whole, line = st.container(), st.container()
    before = earlier()
    with whole:
        care = ranked(answer, before)
    with line:
        headline(answer, before)
    turns.shown()
    with care:
        notes.caution()
    with whole:
        return details(answer, before)


def ranked(answer: Differential, before: FloatArray | None) -> DeltaGenerator:
    """What the answer rests on, and the leading rows; gives the place for a line of caution between them."""
    n = answer.n_findings[0]
    kind = {0: "is_prior", 1: "one_finding"}.get(n, "some_findings")
    words = figure_words()
    basis = say("case.basis", findings=say(f"case.{kind}", n=n), draws=answer.n_draws)
    said = " ".join(filter(None, (basis, escape(unparted(more_often_text(answer, words))))))
    st.html(f'<p class="basis">{said}</p>{legend(answer.knowledge, words=words).html}')
    care = st.container()
    if st.toggle(say("case.people"), key="people", help=say("case.people_help")):
        draw(people_dots(answer, words=words))
    else:
        draw(differential_table(answer, stop=N_LEADING, before=before, words=words))
    return care


def details(answer: Differential, before: FloatArray | None) -> DeltaGenerator:
    """The place for what the lead rests on, the rows behind the leading ones, MS opened up, and what `other` stands for."""
    place = st.container(key="rests_on", gap="xsmall")
    rest = sorted(answer.mean_by("row")[0])[:-N_LEADING]
    with st.expander(say("case.rest", n=len(rest), share=percent(float(sum(rest)))), key="rest"):
        draw(differential_table(answer, start=N_LEADING, before=before, words=figure_words()))
    multiple_sclerosis(answer)
    notes.others()
    return place


def headline(answer: Differential, before: FloatArray | None) -> None:
    """The leading diagnosis in one line, which stays in view on a narrow screen."""
    mean, top = answer.mean_by("row")[0], answer.leader()
    position = answer.names("row").index(top)
    change = 0.0 if before is None else float(mean[position] - before[position])
    label, share = answer.knowledge.diagnoses[top].label, percent(float(mean[position]))
    text = say("case.leader", label=label, share=share)
    if moved := shift_text(change):
        text = f"{text} {say('case.leader_change', change=moved)}"
    in_view(text)


def impossible(error: MilletError) -> None:
    """Findings that cannot be true together, each with the way to take it away, and the line that leads here."""
    trouble(error)
    findings = patient.now().findings
    with st.container(horizontal=True, gap="xsmall", key="chips_trouble"):
        for finding in (name for name in findings if any(f"{name} = " in one for one in error.problems)):
            chip("trouble", finding, findings[finding])
    in_view(say("case.trouble_line"))


def in_view(text: str) -> None:
    """A line that stays in view on a narrow screen; a press leads to the whole answer and back (`manners.js`)."""
    to = escape(say("case.leader_more"), quote=True)
    st.html(
        f'<button type="button" class="leading" title="{to}">'
        f'<span>{escape(text)}</span><i aria-hidden="true">↕</i></button>'
    )


def earlier() -> FloatArray | None:
    """Probabilities of the table rows before the last change; None if there were none."""
    last = patient.before()
    if last is None:
        return None
    try:
        return answers.differential(last.findings, last.setting).mean_by("row")[0]
    except MilletError:
        return None


def multiple_sclerosis(answer: Differential) -> None:
    """Course and variant, if it is multiple sclerosis."""
    share = answer.mean_by("row")[0][answer.names("row").index("multiple_sclerosis")]
    whole = say("case.inside_ms", share=percent(float(share)))
    with st.expander(whole, key="inside_ms"):
        for axis, title in (("ms_course", "course"), ("ms_variant", "variant")):
            labels = {state.id: state.label for state in answer.knowledge.variables[axis].states}
            shares = answer.ms(axis) or {}
            named = {labels[name]: p for name, p in sorted(shares.items(), key=lambda item: -item[1])}
            st.html(f'<p class="soft">{say(f"case.{title}")}</p>')
            called = f"{whole}: {say(f'case.{title}')}"
            draw(share_bars(named, colour=group_colour("demyelinating"), title=called, words=figure_words()))
