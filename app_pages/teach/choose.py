"""Part of the screen Teach: how to begin: a lesson ready to run, one patient, or a case of one's own."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from random import randrange

import streamlit as st

from app_pages.shared import answers, examples, patient
from app_pages.shared.controls import choice
from app_pages.shared.keeping import undisturbed
from app_pages.shared.texts import percent, say, section
from app_pages.teach import class_state, educator, lessons, state
from model.errors import MilletError
from model.teaching.roster import DIFFICULTIES, drawn

ANY = "any"


def show() -> None:
    """One of three ways to begin."""
    views = {"lessons": lessons.show, "patients": one_patient, "own": educator.show}
    with undisturbed():
        if (wanted := patient.arrived_with("view")) in views:
            st.session_state["teach_view"] = wanted
    view = choice("teach_view", section("teach_views"), say("app.view"), is_named=False)
    if view != next(iter(views)):
        patient.also(view=view)
    views[view]()


def one_patient() -> None:
    """A published patient, by choice or by chance, or a simulated one; and what each is good for."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"##### {say('teach.published')}")
        published = examples.published()
        st.selectbox(
            say("teach.patient"),
            list(published),
            format_func=described,
            key="teach_example",
        )
        begin("published", say("teach.begin"), lambda: f"p.{held('teach_example')}")
        simulated()
    with right:
        surprise()
    with st.expander(say("roster.heading"), key="roster"):
        table()


def described(name: str) -> str:
    """A published patient in one line, with how hard he is: that gives nothing away."""
    hard = next((one.difficulty for one in lessons.patients() if one.case.id == name), "")
    line = examples.described(examples.published()[name])
    return say("roster.item", line=line, difficulty=say(f"difficulties.{hard}")) if hard else line


def simulated() -> None:
    """A patient that the model makes up, of a chosen difficulty."""
    st.markdown(f"##### {say('teach.simulated')}")
    st.slider(
        say("teach.difficulty"),
        0,
        100,
        50,
        step=5,
        key="teach_difficulty",
        help=say("teach.difficulty_help"),
    )
    st.number_input(
        say("teach.seed"), 0, 999_999, 1, step=1, key="teach_seed", help=say("teach.seed_help"), width=200
    )
    begin("simulated", say("teach.begin"), lambda: f"s.{held('teach_seed')}.{held('teach_difficulty')}")


def surprise() -> None:
    """A published patient drawn among those that fit."""
    st.markdown(f"##### {say('roster.surprise')}")
    st.html(f'<p class="soft">{escape(say("roster.surprise_note"))}</p>')
    choice("surprise_difficulty", _with_any(DIFFICULTIES, "difficulties"), say("teach.difficulty"))
    groups = dict.fromkeys(one.topic for one in lessons.patients())
    st.selectbox(
        say("roster.topic"),
        [ANY, *groups],
        format_func=_with_any(groups, "topics").get,
        key="surprise_topic",
        width=320,
    )
    choice("surprise_model", _with_any(("right", "wrong"), "successes"), say("roster.model"))
    st.session_state.setdefault(
        "surprise_seed", randrange(1, 1000)
    )  # not the same for everybody who looks in
    st.number_input(
        say("roster.seed"),
        0,
        999_999,
        step=1,
        key="surprise_seed",
        help=say("roster.seed_help"),
        width=200,
    )
    try:
        surprising()
    except MilletError:
        st.warning(say("roster.none"))
        return
    begin("surprise", say("roster.draw"), once)


def surprising() -> str:
    """
    The patient that fits what is wished for.

    Raises
    ------
    MilletError
        If none does.
    """
    levels, topic, model = (held(f"surprise_{name}") for name in ("difficulty", "topic", "model"))
    found = drawn(
        lessons.patients(),
        seed=int(held("surprise_seed")),
        difficulties=() if levels == ANY else (levels,),
        topics=() if topic == ANY else (topic,),
        is_right=None if model == ANY else model == "right",
    )
    return f"p.{found.case.id}"


def once() -> str:
    """The patient that is drawn, and another number for the next draw."""
    spelled = surprising()
    st.session_state["surprise_seed"] += 1
    return spelled


def begin(kind: str, label: str, spell: Callable[[], str]) -> None:
    """A patient alone, or with a class; which one is asked when the button is pressed."""
    with st.container(horizontal=True):
        st.button(label, key=f"begin_{kind}", type="primary", on_click=state.start, args=(state.begin, spell))
        st.button(
            say("classroom.start"),
            key=f"class_{kind}",
            help=say("classroom.start_help"),
            on_click=state.start,
            args=(lambda spelled: class_state.start([spelled]), spell),
        )


def held(key: str) -> str:
    """What a control holds, as a text."""
    return str(st.session_state[key])


def _with_any(names: tuple[str, ...] | dict[str, None], texts: str) -> dict[str, str]:
    """What can be wished for, and that anything will do."""
    said = section(texts)
    return {ANY: say("roster.any")} | {name: said[name] for name in names}


def table() -> None:
    """Every published patient: difficulty, topic, diagnosis, and whether the model succeeds."""
    st.html(f'<p class="soft">{escape(say("roster.note"))}</p>')
    tables, topics = answers.knowledge(), section("topics")
    header = section("roster_columns")
    lines = []
    for one in lessons.patients():
        cells = (
            examples.described(one.case),
            say(f"difficulties.{one.difficulty}"),
            topics[one.topic],
            tables.diagnoses[one.row].label,
            say("roster.share", share=percent(one.before), rank=one.rank_before),
            say("roster.share", share=percent(one.end), rank=one.rank_end),
            say("roster.right")
            if one.is_right
            else say("roster.wrong", leader=tables.diagnoses[one.leader].label),
            "; ".join(say(f"lesson_uses.{use}") for use in sorted(one.uses)) or "–",
        )
        told = zip(header.values(), cells, strict=True)
        row = "".join(f'<td data-of="{escape(of)}">{escape(cell)}</td>' for of, cell in told)
        lines.append(f"<tr>{row}</tr>")
    head = "".join(f"<th>{escape(text)}</th>" for text in header.values())
    rows = f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody>"
    st.html(f'<div class="roster" tabindex="0"><table>{rows}</table></div>')
