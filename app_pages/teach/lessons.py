"""
Part of the screen Teach: lessons ready to run, read from `lessons.toml`, and the patients that are fit for them today.

What is said of the model is worked out here, never written in the file: it holds whatever the model believes by then.
"""

from __future__ import annotations

import tomllib
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from app_pages.shared import answers, examples
from app_pages.shared.texts import language, percent, say
from app_pages.teach import class_state, state
from model.teaching.roster import Teachable, Use, fit_for, roster

FILE = Path(__file__).with_name("lessons.toml")
PARTS = ("before", "during", "after")

# What one language says of a lesson: title, goals, the opening, questions before, during and after each patient, and what
# to take home. No class statement: no file of the screens has one, see the law.
Plan = NamedTuple(  # noqa: UP014
    "Plan",
    [
        ("name", str),
        ("shows", Use),
        ("wanted", tuple[str, ...]),
        ("n", int),
        ("minutes", dict[str, int]),
        ("title", str),
        ("goals", tuple[str, ...]),
        ("opening", str),
        ("before", tuple[str, ...]),
        ("during", tuple[str, ...]),
        ("after", tuple[str, ...]),
        ("home", tuple[str, ...]),
    ],
)

_rosters: dict[str, tuple[Teachable, ...]] = {}


@cache
def plans(spoken: str) -> dict[str, Plan]:
    """The lessons by name, in one language."""
    with FILE.open("rb") as file:
        content = tomllib.load(file)
    found = {}
    for name, lesson in content.items():
        said = {key: text if isinstance(text, str) else tuple(text) for key, text in lesson[spoken].items()}
        found[name] = Plan(
            name, lesson["shows"], tuple(lesson["patients"]), lesson["n"], lesson["minutes"], **said
        )
    return found


def total_minutes(one: Plan) -> int:
    """How long the whole lesson takes."""
    return one.minutes["opening"] + one.n * one.minutes["patient"] + one.minutes["home"]


def patients() -> tuple[Teachable, ...]:
    """What each published patient is good for; worked out once for each network, for all sessions."""
    key = answers.usual()
    if key not in _rosters:
        with st.spinner(say("lessons.working")):
            _rosters[key] = roster(answers.network(key), list(examples.published().values()))
    return _rosters[key]


def chosen(one: Plan) -> list[Teachable]:
    """The patients of a lesson: those for whom it holds today what the lesson shows."""
    return fit_for(one.shows, one.wanted, patients(), one.n)


def show() -> None:
    """Every lesson: what it is for, how long it takes, and its plan."""
    st.html(f'<p class="soft">{escape(say("lessons.note"))}</p>')
    for name, one in plans(language()).items():
        with st.container(border=True, key=f"lesson_{name}"):
            st.markdown(f"##### {one.title}")
            taught = chosen(one)
            left, right = st.columns(2, gap="medium")
            with left:
                st.html(f'<p class="soft">{escape(say("classroom.goals"))}</p>')
                st.markdown("\n".join(f"- {goal}" for goal in one.goals))
            with right:
                length = say("lessons.length", minutes=total_minutes(one), n=len(taught))
                st.html(f'<p class="soft">{escape(length)}</p>{timeline(one, len(taught))}')
                st.button(
                    say("classroom.start"),
                    key=f"class_lesson_{name}",
                    type="primary",
                    help=say("classroom.start_help"),
                    on_click=class_state.start,
                    args=([f"p.{patient.case.id}" for patient in taught], name, one.minutes),
                )
            with st.expander(say("lessons.plan"), key=f"plan_{name}"):
                _plan(one, taught)


def timeline(one: Plan, n: int) -> str:
    """The parts of a lesson side by side, each as long as it takes."""
    parts = [("opening", 0), *(("patient", i + 1) for i in range(n)), ("home", 0)]
    items = "".join(
        f'<li style="flex-grow:{one.minutes[part]}"><b>{escape(say(f"lessons.part_{part}", n=i))}</b>'
        f"<span>{escape(say('lessons.minutes', n=one.minutes[part]))}</span></li>"
        for part, i in parts
    )
    return f'<ol class="timeline">{items}</ol>'


def _plan(one: Plan, taught: list[Teachable]) -> None:
    """What happens when, whom one meets, what to ask, what to take home."""
    st.markdown(say("lessons.opening", minutes=one.minutes["opening"]) + f"  \n{one.opening}")
    for i, patient in enumerate(taught, start=1):
        st.markdown(say("lessons.patient", n=i, minutes=one.minutes["patient"], id=patient.case.id))
        st.html(
            f'<p class="soft">{escape(examples.described(patient.case))}. {escape(told(patient, one.shows))}</p>'
        )
        st.button(
            say("lessons.alone"),
            key=f"begin_lesson_{one.name}_{i}",
            on_click=state.begin,
            args=(f"p.{patient.case.id}",),
        )
    for part in PARTS:
        questions = "\n".join(f"- {question}" for question in getattr(one, part))
        st.markdown(f"**{say(f'lessons.{part}')}**\n{questions}")
    st.markdown(
        say("lessons.home", minutes=one.minutes["home"]) + "\n" + "\n".join(f"- {text}" for text in one.home)
    )


def told(patient: Teachable, use: Use) -> str:
    """What the model makes of a patient of a lesson today, as a person says it."""
    tables = answers.knowledge()
    values = {
        "truth": tables.diagnoses[patient.row].label,
        "leader": tables.diagnoses[patient.leader].label,
        "before": percent(patient.before),
        "end": percent(patient.end),
        "times": f"{patient.tips_at:.1f}",
    }
    return say(f"lessons.shows_{use}", **values)
