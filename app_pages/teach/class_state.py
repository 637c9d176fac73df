"""
A class under way: where it is, what the room is asked, and the next step. Kept in the memory of the server until it ends.

Knows: lessons, rooms, the session. Must not know: widgets.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

import numpy as np
import streamlit as st

from app_pages.shared import answers, patient
from app_pages.shared.ballot import ROOMS, words
from app_pages.shared.keeping import undisturbed
from app_pages.shared.tally import HIDDEN
from app_pages.shared.texts import language, say
from app_pages.teach import state
from app_pages.teach.commit import NOTHING, STOP, finding_text, heading, open_orders, vignette
from app_pages.teach.state import Lesson
from model.errors import MilletError
from model.figures import FloatArray
from model.teaching.room import Room

DIAGNOSIS, ORDER = "diagnosis", "order"
OTHER = "other"

# Where a class is: the lesson ready to run (empty: none), its patients as links spell them, which of them, the phase, and
# the lesson with the present patient. No class statement: no file of the screens has one, see the law.
At = NamedTuple(  # noqa: UP014
    "At",
    [
        ("plan", str),
        ("patients", tuple[str, ...]),
        ("place", int),
        ("phase", str),
        ("lesson", Lesson | None),
    ],
)


@undisturbed()
def room() -> Room | None:
    """The room that this session leads, or that the link gives the key of; None if there is none, or none any more."""
    if wanted := patient.arrived_with("class"):
        code, _, key = wanted.partition(".")
        found = ROOMS.led_by(code, key)
        st.session_state["class"] = found and found.code
        st.session_state["pictures_of"] = found.held["pictures"] if found else {}
        if found is None:
            st.session_state["link_problems"] = [*st.session_state["link_problems"], say("classroom.is_over")]
    code = st.session_state.get("class")
    return ROOMS.find(code) if code else None


def start(patients: Sequence[str], plan: str = "", minutes: Mapping[str, int] | None = None) -> None:
    """Open a room for some patients, one after the other, with the opening of a lesson ready to run before them."""
    try:
        opened = ROOMS.open(words(language()))
        begun = At(plan, tuple(patients), 0, "opening", None)
        opened.held |= {"at": begun if plan else _next_patient(begun, 0), "past": [], HIDDEN: False}
        opened.held |= {"minutes": dict(minutes or {}), "began": {}}
        opened.held["pictures"] = st.session_state.get("pictures_of", {})
    except MilletError as error:
        st.session_state["link_problems"] = [*st.session_state["link_problems"], *error.problems]
        return
    ask(opened)
    st.session_state["class"] = opened.code


def at(led: Room) -> At:
    """Where the class is."""
    return cast("At", led.held["at"])


def into_link(led: Room) -> None:
    """Put the room and its key into the address, so that a page that is loaded again leads it still."""
    patient.also(**{"class": f"{led.code}.{led.key}"})


def end() -> None:
    """Forget the room, and all votes with it."""
    ROOMS.close(st.session_state.pop("class", None) or "")


def forwards(led: Room) -> None:
    """The next step, whatever it is."""
    now = at(led)
    there = _next(led, now)
    if there is not now:
        led.held["past"] = [*cast("list[At]", led.held["past"]), now]
        led.held["at"] = there
        ask(led)


def backwards(led: Room) -> None:
    """The step before; a vote that was closed is open again."""
    past = cast("list[At]", led.held["past"])
    if past:
        led.held["at"] = past[-1]
        led.held["past"] = past[:-1]
        ask(led)


def has_next(led: Room) -> bool:
    """Whether there is a next step but to end the class."""
    now = at(led)
    return now.phase != "home" and not (now.phase == "end" and not now.plan and _is_last(now))


def _is_last(now: At) -> bool:
    return now.place == len(now.patients) - 1


def _next_patient(now: At, place: int) -> At:
    lesson = state.fresh(now.patients[place])
    return now._replace(place=place, phase="vote", lesson=lesson)


def _next(led: Room, now: At) -> At:
    if now.phase == "opening":
        return _next_patient(now, 0)
    if now.phase == "vote":
        return now._replace(phase="shown", lesson=_committed(led, now))
    if now.phase == "shown":
        lesson = cast("Lesson", now.lesson)
        if state.is_over(lesson):
            return now._replace(phase="end")
        return now._replace(phase="vote", lesson=lesson._replace(stage=lesson.stage + 1))
    if now.phase == "end" and not _is_last(now):
        return _next_patient(now, now.place + 1)
    return now._replace(phase="home") if now.plan and now.phase == "end" else now


def _committed(led: Room, now: At) -> Lesson:
    """The lesson with what the room believes: votes as points; where nobody voted, all rows alike."""
    lesson = cast("Lesson", now.lesson)
    given = led.tally(DIAGNOSIS) or dict.fromkeys(answers.knowledge().rows, 1)
    shares = {row: float(n) for row, n in given.items()}
    return lesson._replace(commits=(*lesson.commits, shares), orders=(*lesson.orders, order(led)))


def is_empty(lesson: Lesson) -> bool:
    """Whether nobody voted at the stage that is shown."""
    return set(lesson.commits[lesson.stage].items()) == {(row, 1.0) for row in answers.knowledge().rows}


def shares(lesson: Lesson, stage: int) -> FloatArray:
    """Share of the room's votes that each table row had at a stage; 0 is 0 here: votes are counted, no beliefs."""
    given = lesson.commits[stage]
    return np.array([given.get(row, 0.0) for row in answers.knowledge().rows]) / sum(given.values())


def order(led: Room) -> str:
    """What the room orders next: as was agreed aloud, else what most ballots say, else nothing."""
    return agreed(led) or next(iter(led.tally(ORDER)), NOTHING)


def part(led: Room) -> str:
    """The part of a class that has minutes of its own: the opening, each patient, what to take home."""
    now = at(led)
    return now.phase if now.phase in ("opening", "home") else f"patient_{now.place}"


def allowed(led: Room) -> int:
    """Minutes that this part may take, as the teacher or the lesson says; 0 where nobody does."""
    minutes, name = cast("dict[str, int]", led.held["minutes"]), part(led)
    return minutes.get(name, minutes.get(name.partition("_")[0], 0))


def allow(led: Room, n: int) -> None:
    """Give this part so many minutes, counted from its beginning."""
    led.held["minutes"] = {**cast("dict[str, int]", led.held["minutes"]), part(led): n}


def seconds(led: Room) -> int:
    """Seconds that are left of this part, negative once it is over; where it has no minutes, seconds since it began."""
    began = cast("dict[str, float]", led.held["began"])
    passed = int(time.time() - began.setdefault(part(led), time.time()))
    return 60 * allowed(led) - passed if allowed(led) else passed


def is_hidden(led: Room) -> bool:
    """Whether votes are hidden until the vote is closed."""
    return bool(led.held[HIDDEN])


def hide(led: Room, *, is_hidden: bool) -> None:
    """Hide the votes until the vote is closed, or show them as they come."""
    led.held[HIDDEN] = is_hidden


def agreed(led: Room) -> str:
    """The order that was agreed aloud in this round; empty if none was."""
    return cast("dict[str, str]", led.held.get("agreed", {})).get(led.turn, "")


def agree(led: Room, chosen: str | None) -> None:
    """Take down the order that was agreed aloud."""
    led.held["agreed"] = {**cast("dict[str, str]", led.held.get("agreed", {})), led.turn: chosen or ""}


def ask(led: Room) -> None:
    """Put the present stage to the vote, or close it."""
    now = at(led)
    if now.lesson is None:
        led.ask("", {}, is_open=False)
        return
    lesson = now.lesson
    tables = answers.knowledge()
    labels = {row: tables.diagnoses[row].label for row in tables.rows}
    by_name = sorted(labels, key=lambda row: (row == OTHER, labels[row].casefold()))
    questions = {DIAGNOSIS: {row: labels[row] for row in by_name}}
    if lesson.stage < len(state.shown(lesson)) - 1:
        orders = {name: tables.orders[name].label for name in open_orders(lesson)}
        questions[ORDER] = {**orders, STOP: say("teach.stop_here")}
    led.ask(f"{now.place}_{lesson.stage}", questions, is_open=now.phase == "vote", told=_told(lesson))


def _told(lesson: Lesson) -> list[str]:
    """What a telephone shows of the patient: the stage, then what is new, then what was known before."""
    stage = state.shown(lesson)[lesson.stage]
    new = [finding_text(name, value) for name, value in stage.new.items()]
    before = [finding_text(name, value) for name, value in stage.known.items() if name not in stage.new]
    return [heading(lesson), *(new or [vignette(lesson)]), *before]
