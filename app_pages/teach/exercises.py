"""
Part of the screen Teach: what a class tries out together once the model has answered.

Each is worked out when it is opened; the model's answer waits until the room has said its own.

Knows: widgets, lessons. Must not know: rooms, votes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from app_pages.shared import answers
from app_pages.shared.figure import draw
from app_pages.shared.texts import figure_words, say, section
from app_pages.teach import clinic as teach_clinic
from app_pages.teach import drills, feedback, state
from app_pages.teach.state import Lesson
from model.figures import differential_table

Exercise = Callable[[Lesson], None]


def show(lesson: Lesson, *, is_end: bool, is_alone: bool) -> None:
    """One below the other, closed at first: at the end also what may tell the truth; intervals where they are not shown."""
    names = section("exercises")
    at_end: Mapping[str, Exercise] = {"clinic": clinic, "missed": missed} if is_end else {}
    beside: Mapping[str, Exercise] = {} if is_alone else {"sure": sure}
    for name, exercise in {**at_end, **beside, "sources": sources}.items():
        box = st.expander(names[name], key=f"class_try_{name}", on_change="rerun")
        if box.open:
            with box:
                exercise(lesson)


def answered(name: str) -> bool:
    """Whether the model may answer by now."""
    return st.toggle(say("classroom.answer"), key=f"class_answer_{name}")


def clinic(lesson: Lesson) -> None:
    """The same findings where a disease is more or less common."""
    chosen = teach_clinic.choose(lesson)
    if not answered("clinic"):
        return
    known = dict(state.shown(lesson)[-1].known)
    before, after = (teach_clinic.probabilities(one, known) for one in (answers.usual(), chosen))
    feedback.compared(before, after, tick=say("classroom.tick_clinic"))


def missed(lesson: Lesson) -> None:
    """All findings but the one that matters most."""
    found = drills.most_telling(lesson)
    if found is None:
        st.markdown(say("teach.nothing_yet"))
        return
    st.markdown(say("drill.suppose", finding=found.finding))
    if answered("missed"):
        st.markdown(drills.without(lesson, found))
        feedback.compared(
            state.shown(lesson)[-1].probabilities, found.probabilities, tick=say("classroom.tick_missed")
        )


def sure(lesson: Lesson) -> None:
    """The model's differential with its intervals."""
    st.html(f'<p class="soft">{say("teach.no_oracle")}</p>')
    answer = state.shown(lesson)[lesson.stage].answer
    draw(differential_table(answer, stop=feedback.N_ROWS, words=figure_words()))


def sources(lesson: Lesson) -> None:
    """What the model's knowledge of these findings rests on; before the end for the diagnosis that leads."""
    leader = state.shown(lesson)[lesson.stage].answer.leader()
    feedback.sources(lesson, feedback.subject(lesson) if state.is_over(lesson) else leader)
