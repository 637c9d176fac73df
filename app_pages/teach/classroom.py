"""
Part of the screen Teach: a class, on a projector: large type, a timer, one button for the next step, votes of the room.

Knows: widgets. Must not know: what the next step is (`class_state`), how votes are counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from app_pages.shared import answers, ballot
from app_pages.shared.figure import draw
from app_pages.shared.keeping import hold, unless_old
from app_pages.shared.texts import figure_words, language, say
from app_pages.teach import class_state, feedback, lessons, state
from app_pages.teach.class_state import DIAGNOSIS, ORDER, At
from app_pages.teach.commit import known, not_there
from app_pages.teach.state import Lesson
from model.figures import differential_table
from model.figures.qr import qr_code
from model.teaching.room import Room

N_BARS = 8
MAX_MINUTES = 180
LOCAL = ("localhost", "127.0.0.1", "::1", "0.0.0.0")
# Arrows, space and the keys of a presenter press the buttons; f fills the screen.
KEYS = """<script>
window.milletKeys ||= document.addEventListener('keydown', event => {
  const key = event.key, isWriting = event.target.closest('input, textarea, [role=combobox], [role=listbox], summary');
  if (isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
  const name = ['ArrowRight', 'PageDown', ' '].includes(key) ? 'next' : ['ArrowLeft', 'PageUp'].includes(key) ? 'back' : '';
  const button = name && document.querySelector(`.st-key-class_${name} button`);
  if (button) { event.preventDefault(); if (!event.repeat) button.click(); }
  if (key === 'f' && document.querySelector('.st-key-classroom'))
    document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
}) || true;
</script>"""


def show(room: Room) -> None:
    """The head with the next step, and what belongs to the present one."""
    now = class_state.at(room)
    st.html(KEYS, unsafe_allow_javascript=True)
    with st.container(key="classroom"):
        head(room, now)
        if now.phase in ("opening", "home"):
            frame(now)
        elif now.phase == "vote":
            vote(room, now)
        else:
            result(now)
        st.html(f'<p class="scope">{escape(say("app.scope"))} {escape(say("classroom.keys"))}</p>')


def head(room: Room, now: At) -> None:
    """Where the class is, the timer, and the way on."""
    with st.container(horizontal=True, vertical_alignment="center", key="class_head"):
        st.markdown(f"## {title(now)}", width="content")
        timer(room)
        ways(room, now)


def ways(room: Room, now: At) -> None:
    """The step before, the next step, the end."""
    with st.container(horizontal=True, width="content", key="class_ways"):
        back = {"on_click": class_state.backwards, "args": (room,)}
        st.button(say("classroom.back"), key="class_back", disabled=not room.held["past"], **back)
        ahead = {"on_click": class_state.forwards, "args": (room,)}
        word = say(f"classroom.next_{now.phase}")
        st.button(word, key="class_next", type="primary", disabled=not class_state.has_next(room), **ahead)
        st.button(
            say("classroom.end"), key="class_end", on_click=class_state.end, help=say("classroom.end_help")
        )


def title(now: At) -> str:
    """What the class is doing."""
    if now.lesson is None or now.phase == "home":
        return lessons.plans(language())[now.plan].title
    stages = state.shown(now.lesson)
    if now.phase == "end":
        return say("teach.end")
    label = stages[now.lesson.stage].label or say("teach.door")
    return say("teach.stage", n=now.lesson.stage + 1, total=len(stages), label=label)


@st.fragment(run_every=1.0)
def clock(room: Room) -> None:
    """What is left of the minutes of this part, or how long they are over; without minutes how long it has lasted."""
    seconds = class_state.seconds(room)
    minutes, rest = divmod(abs(seconds), 60)
    name = "over" if seconds < 0 else "left" if class_state.allowed(room) else "passed"
    words = f"{minutes}:{rest:02} <small>{escape(say(f'classroom.clock_{name}'))}</small>"
    st.html(f'<p class="clock {name}" role="timer">{words}</p>', width="content")


def timer(room: Room) -> None:
    """The clock, and the minutes that this part may take."""
    clock(room)
    with st.popover(say("classroom.minutes"), icon=":material/timer:", type="tertiary", key="class_timer"):
        key = f"class_minutes_{class_state.part(room)}"
        hold(key, class_state.allowed(room))
        st.number_input(
            say(f"classroom.minutes_{class_state.part(room).partition('_')[0]}"),
            0,
            MAX_MINUTES,
            key=key,
            help=say("classroom.minutes_help"),
            on_change=unless_old(key, lambda: class_state.allow(room, int(st.session_state[key] or 0))),
            width=220,
        )


def frame(now: At) -> None:
    """The opening of a lesson ready to run, or what to take home."""
    plan = lessons.plans(language())[now.plan]
    is_opening = now.phase == "opening"
    st.markdown(f"### {say('classroom.goals') if is_opening else say('classroom.home')}")
    st.markdown("\n".join(f"- {text}" for text in (plan.goals if is_opening else plan.home)))
    if is_opening:
        st.markdown(f"### {say('classroom.question')}")
        st.markdown(plan.opening)


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
        with st.expander(say("classroom.hands"), key="class_hands"):
            hands(room)
    with right:
        invitation(room)
        key = "class_hidden"
        hold(key, class_state.is_hidden(room))
        st.toggle(
            say("classroom.hide"),
            key=key,
            help=say("classroom.hide_help"),
            on_change=unless_old(key, lambda: class_state.hide(room, is_hidden=bool(st.session_state[key]))),
        )
        votes(room)


def address(path: str) -> str:
    """The absolute address of a page of this server; empty where that is not known."""
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}{here.path.rpartition('/')[0]}/{path}" if here.netloc else ""


def typed(where: str) -> str:
    """An address to type, without what a browser adds by itself; a line of it ends behind a stroke."""
    return escape(where.partition("://")[2]).replace("/", "/<wbr>")


def invitation(room: Room) -> None:
    """The way to the ballots: a QR code and an address to type."""
    where = address(f"ballot/{room.code}")
    if not ballot.served or not where:
        st.html(f'<p class="soft">{escape(say("classroom.no_ballots"))}</p>')
        return
    drawn = qr_code(where, say("classroom.qr"))
    st.markdown(f'<div class="invitation">{drawn}<p>{typed(where)}</p></div>', unsafe_allow_html=True)
    if (host := urlsplit(where).hostname) in LOCAL:
        st.html(f'<p class="caution">{escape(say("classroom.local", host=host))}</p>')


@st.fragment(run_every=1.0)
def votes(room: Room) -> None:
    """What was voted so far, telephones and hands together."""
    st.html(f'<p class="soft">{escape(say("classroom.present", n=room.n_present()))}</p>')
    if class_state.is_hidden(room):
        st.html(f'<p class="asked voted">{escape(say("classroom.voted", n=room.n_voted()))}</p>')
        return
    st.html(f'<div class="votes">{bars(room, DIAGNOSIS)}{bars(room, ORDER)}</div>')


def bars(room: Room, question: str) -> str:
    """The tally of one question as bars, with numbers."""
    tally, labels = room.tally(question), room.questions.get(question, {})
    total = sum(tally.values())
    if not total:
        return ""
    lines = "".join(
        f'<li style="--share:{100 * n / total:.1f}%"><span>{escape(labels[choice])}</span><b>{n}</b></li>'
        for choice, n in list(tally.items())[:N_BARS]
    )
    return f'<p class="asked">{escape(room.words[question])}</p><ul class="tally">{lines}</ul>'


def place(choices: Iterable[str], chosen: str) -> int | None:
    """Where a choice stands in a list; None if it is not there."""
    names = list(choices)
    return names.index(chosen) if chosen in names else None


def hands(room: Room) -> None:
    """Hands counted with + and -, and the order that was agreed aloud."""
    tables = answers.knowledge()
    labels = {row: tables.diagnoses[row].label for row in tables.rows}
    counted = room.hands(DIAGNOSIS)
    chosen = st.multiselect(
        say("teach.considered"),
        list(labels),
        default=list(counted),
        format_func=labels.get,
        key=f"class_rows_{room.turn}",
        placeholder=say("app.choose"),
    )
    for row in {*counted} - {*chosen}:
        room.drop_hands(DIAGNOSIS, row)
    with st.container(horizontal=True):
        for row in chosen:
            n = st.number_input(
                labels[row],
                0,
                999,
                counted.get(row, 0),
                key=f"class_hands_{room.turn}_{row}",
                width=260,
            )
            room.count_hands(DIAGNOSIS, row, int(n))
    open_ = room.questions.get(ORDER, {})
    if open_:
        agreed = st.selectbox(
            say("classroom.agreed"),
            list(open_),
            index=place(open_, class_state.agreed(room)),
            format_func=open_.get,
            placeholder=say("classroom.by_votes"),
            key=f"class_order_{room.turn}",
            width=420,
        )
        class_state.agree(room, agreed)


def result(now: At) -> None:
    """The room beside the model; at the end the truth."""
    lesson = now.lesson
    stage = state.shown(lesson)[lesson.stage]
    left, right = st.columns(2, gap="medium")
    with left:
        if now.phase == "end":
            feedback.ending(lesson)
            questions(now, "after")
        else:
            findings(lesson)
            questions(now, "during" if lesson.stage else "before")
            feedback.next_order(lesson)
    with right:
        if class_state.is_empty(lesson):
            st.markdown(say("classroom.nobody"))
            draw(differential_table(stage.answer, stop=feedback.N_ROWS, words=figure_words()))
        else:
            feedback.compared(
                state.learner(lesson, lesson.stage), stage.probabilities, tick=say("classroom.tick")
            )
            if now.phase == "shown":
                feedback.directions(feedback.told(lesson, lesson.stage), say("teach.directions"))
