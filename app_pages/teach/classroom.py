"""
Part of the screen Teach: a class, on a projector: large type, a timer, one button for the next step, votes of the room.

Knows: widgets. Must not know: what the next step is (`class_state`), how votes are counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

import streamlit as st

from app_pages.shared import answers
from app_pages.shared.figure import draw
from app_pages.shared.keeping import hold
from app_pages.shared.texts import figure_words, language, percent, say
from app_pages.teach import class_state, class_votes, commit, exercises, feedback, lessons, state
from app_pages.teach.class_state import At
from app_pages.teach.commit import known, not_there
from app_pages.teach.state import Lesson
from model.figures import differential_table
from model.teaching.room import Room

MAX_MINUTES = 180
# Arrows, space and the keys of a presenter press the buttons; f fills the screen, q enlarges the QR code.
KEYS = f"<script>{Path(__file__).with_suffix('.js').read_text(encoding='utf-8')}</script>"


def show(room: Room) -> None:
    """The head with the next step, and what belongs to the present one."""
    now = class_state.at(room)
    st.html(KEYS, unsafe_allow_javascript=True)
    with st.container(key="classroom"):
        head(room, now)
        if now.phase in ("opening", "home"):
            frame(room, now)
        elif now.phase == "vote":
            vote(room, now)
        else:
            result(now)
        st.html(f'<p class="scope">{escape(say("app.scope"))} {escape(say("classroom.keys"))}</p>')


def head(room: Room, now: At) -> None:
    """Where the class is, the clock, and the way on."""
    with st.container(horizontal=True, vertical_alignment="center", key="class_head"):
        st.markdown(f"## {title(now)}", width="content")
        clock(room)
        ways(room, now)


def ways(room: Room, now: At) -> None:
    """The step before, the next step, the full screen, and what is seldom wanted: minutes, the end."""
    with st.container(horizontal=True, width="content", key="class_ways"):
        back = {"on_click": class_state.backwards, "args": (room,)}
        st.button(say("classroom.back"), key="class_back", disabled=not room.held["past"], **back)
        ahead = {"on_click": class_state.forwards, "args": (room,)}
        word = say(f"classroom.next_{now.phase}")
        is_last = not class_state.has_next(room)
        if is_last:
            with st.popover(say("classroom.end"), key="class_over", type="primary"):
                end()
        else:
            st.button(word, key="class_next", type="primary", **ahead)
        st.button(say("classroom.fill"), key="class_fill", icon=":material/fullscreen:")
        with st.popover(say("classroom.more"), icon=":material/more_vert:", key="class_more"):
            minutes(room)
            if not is_last:
                end()


def end() -> None:
    """The end of the class, and what it does."""
    st.html(f'<p class="soft">{escape(say("classroom.end_help"))}</p>')
    st.button(say("classroom.end"), key="class_end", on_click=class_state.end)


def title(now: At) -> str:
    """What the class is doing."""
    if now.lesson is None or now.phase == "home":
        return lessons.plans(language())[now.plan].title
    return say("teach.end") if now.phase == "end" else commit.heading(now.lesson)


def clock(room: Room) -> None:
    """What is left of the minutes of this part, or how long they are over, or how long it lasts; the browser counts on."""
    seconds = class_state.seconds(room)
    way = "down" if class_state.allowed(room) else "up"
    words = " ".join(
        f'data-{name}="{escape(say(f"classroom.clock_{name}"))}"' for name in ("left", "over", "passed")
    )
    st.html(
        f'<p class="clock" role="timer" data-seconds="{seconds}" data-way="{way}" {words}></p>',
        width="content",
    )


def minutes(room: Room) -> None:
    """The minutes that this part may take."""
    key = f"class_minutes_{class_state.part(room)}"
    hold(key, class_state.allowed(room))
    st.number_input(
        say(f"classroom.minutes_{class_state.part(room).partition('_')[0]}"),
        0,
        MAX_MINUTES,
        key=key,
        help=say("classroom.minutes_help"),
        on_change=lambda: class_state.allow(room, int(st.session_state[key] or 0)),
        width=220,
    )


def frame(room: Room, now: At) -> None:
    """The opening of a lesson ready to run, while telephones come in, or what to take home."""
    plan = lessons.plans(language())[now.plan]
    if now.phase == "home":
        with st.container(key="class_home"):
            told(say("classroom.home"), plan.home)
        return
    left, right = st.columns([3, 2], gap="medium")
    with left, st.container(key="class_opening"):
        told(say("classroom.goals"), plan.goals)
        st.markdown(f"### {say('classroom.question')}")
        st.markdown(plan.opening)
    with right:
        class_votes.invitation(room)
        class_votes.live(room)


def told(heading: str, lines: Iterable[str]) -> None:
    """A heading with what belongs to it, line by line."""
    st.markdown(f"### {heading}")
    st.markdown("\n".join(f"- {line}" for line in lines))


def findings(lesson: Lesson) -> None:
    """What is new, large, and what was known before."""
    if missing := not_there(lesson):
        st.html(f'<p class="caution" role="status">{escape(missing)}</p>')
    known(lesson)


def questions(now: At, part: str) -> None:
    """What the lesson ready to run asks here."""
    if now.plan:
        asked = getattr(lessons.plans(language())[now.plan], part)
        st.markdown(f"**{say('classroom.discuss')}**\n" + "\n".join(f"- {text}" for text in asked))


def vote(room: Room, now: At) -> None:
    """The findings, and how the room votes: by telephone, by hand, or both."""
    lesson = now.lesson
    left, right = st.columns([3, 2], gap="medium")
    with left:
        findings(lesson)
        questions(now, "during" if lesson.stage else "before")
    with right:
        class_votes.invitation(room)
        class_votes.veil(room)
    votes = st.container()
    with st.expander(say("classroom.hands"), key="class_hands"):
        class_votes.hands(room)
    with votes:  # once the hands are counted
        class_votes.live(room)


def result(now: At) -> None:
    """The room beside the model; at the end the truth; and what can be tried out together."""
    lesson, is_end = now.lesson, now.phase == "end"
    left, right = st.columns(2, gap="medium")
    with left:
        if is_end:
            is_judged = not class_state.is_empty(lesson)
            feedback.ending(lesson, is_judged=is_judged, level="###")
            questions(now, "after")
            if is_judged:
                feedback.way(lesson)
        else:
            findings(lesson)
            questions(now, "during" if lesson.stage else "before")
            feedback.next_order(lesson)
    with right:
        beside(lesson, is_end=is_end)
        exercises.show(lesson, is_end=is_end, is_alone=class_state.is_empty(lesson))


def beside(lesson: Lesson, *, is_end: bool) -> None:
    """What the room believes and what the model does; the model alone where nobody voted."""
    stage = state.shown(lesson)[lesson.stage]
    if class_state.is_empty(lesson):
        st.markdown(say("classroom.nobody"))
        draw(differential_table(stage.answer, stop=feedback.N_ROWS, words=figure_words()))
        return
    votes = class_state.shares(lesson, lesson.stage)
    feedback.compared(votes, stage.probabilities, tick=say("classroom.tick"))
    if lesson.stage and not is_end:
        moved(lesson)


def moved(lesson: Lesson) -> None:
    """What the new findings did to the votes, and to the model; a share of votes has no odds worth telling."""
    tables = answers.knowledge()
    before, now = (class_state.shares(lesson, i) for i in (lesson.stage - 1, lesson.stage))
    lines = []
    for one in feedback.told(lesson, lesson.stage).moved:
        i = tables.rows.index(one.row)
        votes = {"before": percent(float(before[i])), "now": percent(float(now[i]))}
        label, model = tables.diagnoses[one.row].label, feedback.moved_text(one.model)
        lines.append(f"<li>{escape(say('classroom.moved', label=label, model=model, **votes))}</li>")
    st.markdown(f"**{say('teach.directions')}**")
    st.html(f'<ul class="facts plain">{"".join(lines)}</ul>')
