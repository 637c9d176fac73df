"""
Part of the screen Teach: drills against anchoring, premature closure, a finding missed and neglected base rates.

Where a drill changes something (a finding is not known, another clinic), the learner says first what he believes then;
only after that stand his change and the model's side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, cast

import numpy as np
import streamlit as st

from app_pages.shared import answers
from app_pages.shared.controls import choice
from app_pages.shared.texts import percent, say, section
from app_pages.teach import clinic as teach_clinic
from app_pages.teach import sheet, state
from app_pages.teach.commit import STOP, finding_text
from app_pages.teach.feedback import compared, directions
from app_pages.teach.state import Lesson
from model import encode, feedback, posterior, same_decision
from model.inference.graph import FloatArray
from model.next_step.stopping import SameDecision
from model.teaching.lesson import completed


def show(lesson: Lesson) -> None:
    """One drill at a time."""
    drills: Mapping[str, Callable[[Lesson], None]] = {
        "anchoring": anchoring,
        "closure": closure,
        "withheld": withheld,
        "base_rate": base_rate,
    }
    st.markdown(f"##### {say('drill.heading')}")
    chosen = choice("drill_kind", section("drills"), say("drill.kind"), is_named=False)
    drills[chosen](lesson)


def anchoring(lesson: Lesson) -> None:
    """Whether the order of the findings mattered: to the model it does not; the learner tries the other way round."""
    stages = state.shown(lesson)
    network = answers.network(answers.usual())
    known = dict(reversed(list(stages[-1].known.items())))
    other_way = posterior(network, encode(network, known)).mean_by("row")[0]
    change = float(np.abs(other_way - stages[-1].probabilities).max())
    leaders = [int(state.learner(lesson, i).argmax()) for i in range(len(lesson.commits))]
    first = answers.knowledge().diagnoses[answers.knowledge().rows[leaders[0]]].label
    kept = sum(leader == leaders[0] for leader in leaders)
    st.markdown(say("drill.order", change=percent(round(change, 9)), label=first, kept=kept, n=len(leaders)))
    earlier = state.earlier_end(lesson)
    if earlier is None:
        st.button(
            say("drill.replay"),
            key="replay",
            on_click=state.again,
            kwargs={"is_backwards": not lesson.is_backwards},
            help=say("drill.replay_help"),
        )
        return
    now = state.learner(lesson, len(lesson.commits) - 1)
    apart = float(np.abs(now - earlier).sum() / 2)
    st.markdown(say("drill.replayed", share=percent(apart)))
    compared(earlier, now, tick=say("drill.tick_earlier"))


def closure(lesson: Lesson) -> None:
    """How likely the leader would have stayed where the learner would have stopped."""
    stopped = next((i for i, order in enumerate(lesson.orders[:-1]) if order == STOP), None)
    if stopped is None:
        st.markdown(say("drill.went_on"))
        return
    stage = state.shown(lesson)[stopped]
    network = answers.network(answers.usual())

    def ask() -> SameDecision:
        return same_decision(network, encode(network, dict(stage.known)))

    key = {"lesson": lesson.spelled, "known": sorted(stage.known)}
    same = cast("SameDecision", answers.kept("lesson same", key, answers.usual(), ask))
    label = answers.knowledge().diagnoses[same.leader].label
    st.markdown(say("drill.stopped", n=stopped + 1, label=label, share=percent(same.probability)))


# What the model believes without the finding that matters most. No class statement: no file of the screens has one.
Missed = NamedTuple("Missed", [("finding", str), ("probabilities", FloatArray)])  # noqa: UP014


def most_telling(lesson: Lesson) -> Missed | None:
    """The finding without which the model's leader would have least, and what the model believes then; None without any."""
    stage = state.shown(lesson)[-1]
    names = list(stage.known)
    if not names:
        return None
    network = answers.network(answers.usual())
    leader = answers.knowledge().rows.index(stage.answer.leader())
    all_but_one = [{"findings": {n: v for n, v in stage.known.items() if n != name}} for name in names]
    rows = posterior(network, encode(network, all_but_one)).mean_by("row")
    worst = int(rows[:, leader].argmin())
    return Missed(finding_text(names[worst], stage.known[names[worst]]), rows[worst])


def without(lesson: Lesson, found: Missed) -> str:
    """What the model would believe without a finding, in words."""
    stage, tables = state.shown(lesson)[-1], answers.knowledge()
    leader = stage.answer.leader()
    place = tables.rows.index(leader)
    return say(
        "drill.missed",
        finding=found.finding,
        label=tables.diagnoses[leader].label,
        now=percent(float(stage.probabilities[place])),
        then=percent(float(found.probabilities[place])),
        leader=tables.diagnoses[tables.rows[int(found.probabilities.argmax())]].label,
    )


def withheld(lesson: Lesson) -> None:
    """The finding that matters most is taken away: what the learner believes without it, and what the model."""
    found = most_telling(lesson)
    if found is None:
        st.markdown(say("teach.nothing_yet"))
        return
    st.markdown(say("drill.suppose", finding=found.finding))
    mine = asked(lesson, f"withheld {found.finding}")
    if mine is None:
        return
    st.markdown(without(lesson, found))
    side_by_side(lesson, mine, found.probabilities, state.shown(lesson)[-1].probabilities)


def base_rate(lesson: Lesson) -> None:
    """The same findings in another clinic: the odds have to change as much as the prior does."""
    clinic = teach_clinic.choose(lesson)
    mine = asked(lesson, f"clinic {clinic}")
    if mine is None:
        return
    known = dict(state.shown(lesson)[-1].known)
    with st.spinner(say("app.working")):
        before, after = (teach_clinic.probabilities(one, known) for one in (answers.usual(), clinic))
    st.markdown(say("drill.base_rate_note"))
    side_by_side(lesson, mine, after, before)


def asked(lesson: Lesson, question: str) -> FloatArray | None:
    """What the learner believes in a drill; the sheet, and None, until he has said."""
    if question in lesson.replies:
        return completed(lesson.replies[question], answers.knowledge())
    st.markdown(say("drill.change"))
    last = lesson.commits[-1]
    total = sum(last.values())
    first = {row: 100 * p / total for row, p in last.items()}
    given = sheet.points("drill_points", first)
    st.button(
        say("teach.commit"),
        key="drill_commit",
        type="primary",
        disabled=not any(given.values()),
        on_click=lambda: state.reply(question, sheet.entered("drill_points", first)),
    )
    return None


def side_by_side(lesson: Lesson, mine: FloatArray, model: FloatArray, model_before: FloatArray) -> None:
    """How the learner's belief and the model's moved since the last sheet, and where both stand now."""
    before = state.learner(lesson, len(lesson.commits) - 1), model_before
    left, right = st.columns(2, gap="medium")
    with left:
        compared(mine, model)
    with right:
        directions(feedback(answers.knowledge(), mine, model, before=before), say("drill.directions"))
