"""Part of the screen Teach: what is known by now, and the sheet on which the learner commits."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import cast

import streamlit as st

from app_pages.shared import answers, glossary, manners
from app_pages.shared.controls import said
from app_pages.shared.link import normal
from app_pages.shared.texts import say
from app_pages.teach import sheet as teach_sheet
from app_pages.teach import state
from app_pages.teach.state import Lesson

STOP = "stop"
# What a class has ordered that did not vote on it.
NOTHING = ""


def finding_text(name: str, value: object) -> str:
    """A finding of a case as a person says it."""
    network = answers.network(answers.usual())
    if isinstance(value, dict):
        return say("case.chip", label=answers.knowledge().variables[name].label, value=str(value))
    return said(answers.knowledge(), name, normal(network, name, value))


def heading(lesson: Lesson) -> str:
    """Which stage is shown, of how many, and what was examined."""
    stages = state.shown(lesson)
    label = stages[lesson.stage].label or say("teach.door")
    return say("teach.stage", n=lesson.stage + 1, total=len(stages), label=label)


def vignette(lesson: Lesson) -> str:
    """What is told before any finding."""
    return state.extras(lesson)[0] or say("teach.nothing_yet")


def show(lesson: Lesson) -> None:
    """The findings so far, and the sheet if the learner has not committed yet."""
    stages = state.shown(lesson)
    with (
        st.container(key=f"stage_{lesson.stage}"),
        st.container(horizontal=True, vertical_alignment="center", key="lesson_head"),
    ):
        st.markdown(f"#### {heading(lesson)}", width="content")
        st.button(say("teach.leave"), key="leave", on_click=state.leave)
    st.progress((lesson.stage + state.is_committed(lesson)) / len(stages))
    if missing := not_there(lesson):
        st.html(f'<p class="caution" role="status">{escape(missing)}</p>')
    if state.is_committed(lesson):
        known(lesson)
        return
    left, right = st.columns(2, gap="large")
    with left:
        known(lesson)
    with right:
        sheet(lesson)


def known(lesson: Lesson) -> None:
    """What is new, what a case of one's own tells at the door, which can be looked up later, and what was known before."""
    stage = state.shown(lesson)[lesson.stage]
    new = "".join(
        f"<li>{glossary.in_line(n, v)}<b>{escape(finding_text(n, v))}</b></li>" for n, v in stage.new.items()
    )
    st.markdown(
        f'<ul class="facts new">{new}</ul>' if new else f'<p class="vignette">{escape(vignette(lesson))}</p>',
        unsafe_allow_html=True,
    )
    if not lesson.stage:
        pictures(lesson)
    elif state.extras(lesson)[0] or state.pictures(lesson):
        with st.expander(say("teach.door"), key="at_door"):
            st.markdown(escape(state.extras(lesson)[0]))
            pictures(lesson)
    before = "; ".join(finding_text(n, v) for n, v in stage.known.items() if n not in stage.new)
    if before:
        st.html(f'<p class="soft">{escape(say("teach.known", findings=before))}</p>')


def pictures(lesson: Lesson) -> None:
    """The pictures of a case of one's own, by number: the name of a file may tell the diagnosis."""
    for i, one in enumerate(state.pictures(lesson), start=1):
        st.image(one.data, caption=say("teach.picture", n=i))


def not_there(lesson: Lesson) -> str:
    """That the order which was chosen has no result in this patient, and what comes instead; else empty."""
    wish = lesson.orders[lesson.stage - 1] if lesson.stage else STOP
    shown = state.shown(lesson)[lesson.stage]
    if wish in (STOP, NOTHING, shown.order):
        return ""
    word = "given" if lesson.is_backwards else "not_there"
    label = answers.knowledge().orders[wish].label
    return say(f"teach.{word}", label=label, instead=shown.label or say("teach.door"))


def sheet(lesson: Lesson) -> None:
    """Points for a few diagnoses, and the order to give next."""
    first = lesson.commits[-1] if lesson.commits else {}
    points, order = teach_sheet.points("points", first), order_choice(lesson)
    st.button(
        say("teach.commit"),
        key="commit",
        type="primary",
        disabled=not any(points.values()) or order is None,
        on_click=committed,
        args=(lesson, first),
    )


def committed(lesson: Lesson, first: Mapping[str, float]) -> None:
    """Take down the sheet, and show where the model's answer begins: on a telephone the sheet was far below."""
    state.commit(teach_sheet.entered("points", first), order_chosen(lesson))
    manners.point_at(f"compared_{lesson.stage}")


def order_choice(lesson: Lesson) -> str | None:
    """What the learner would order next: an order, `STOP`, or None if he has not said; `STOP` at the end."""
    if is_last(lesson):
        return STOP
    tables = answers.knowledge()
    labels = {STOP: say("teach.stop_here")} | {
        name: tables.orders[name].label for name in open_orders(lesson)
    }
    return st.selectbox(
        say("teach.next_order"),
        list(labels),
        index=None,
        format_func=labels.get,
        placeholder=say("teach.choose"),
        key=f"teach_order_{lesson.stage}",
        width=320,
    )


def order_chosen(lesson: Lesson) -> str | None:
    """What `order_choice` holds when a button is pressed."""
    return (
        STOP if is_last(lesson) else cast("str | None", st.session_state.get(f"teach_order_{lesson.stage}"))
    )


def is_last(lesson: Lesson) -> bool:
    """Whether nothing is left to reveal."""
    return lesson.stage == len(state.shown(lesson)) - 1


def open_orders(lesson: Lesson) -> list[str]:
    """Orders that give findings and have been neither revealed nor asked for in vain."""
    tables = answers.knowledge()
    giving = {variable.order for variable in tables.of_role("finding").values()}
    known = {stage.order for stage in state.shown(lesson)[: lesson.stage + 1]} | set(
        lesson.orders[: lesson.stage]
    )
    return [name for name in tables.orders if name in giving and name not in known]
