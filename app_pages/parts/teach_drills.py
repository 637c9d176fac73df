"""Part of the screen Teach: anchoring, premature closure and base-rate neglect, shown as numbers of this case."""

from __future__ import annotations

from typing import cast

import numpy as np
import streamlit as st

from app_pages.parts import answers, teach_state
from app_pages.parts.figure import draw
from app_pages.parts.teach_commit import STOP, finding_text
from app_pages.parts.teach_state import Lesson
from app_pages.parts.texts import figure_words, optional, say
from model import encode, posterior, same_decision
from model.figures import differential_table
from model.stopping import SameDecision
from model.text import percent

N_ROWS = 3


def show(lesson: Lesson) -> None:
    """Four drills."""
    st.markdown(f"##### {say('drill.heading')}")
    drills = (anchoring, closure, withheld, base_rate)
    for column, drill in zip(st.columns(len(drills), gap="large"), drills, strict=True):
        with column:
            drill(lesson)


def anchoring(lesson: Lesson) -> None:
    """Whether the order of the findings mattered: to the model it does not."""
    st.markdown(f"**{say('drill.anchoring')}**")
    stages = teach_state.shown(lesson)
    network = answers.network(answers.setting_names()[0])
    known = dict(reversed(list(stages[-1].known.items())))
    backwards = posterior(network, encode(network, known)).mean_by("row")[0]
    change = float(np.abs(backwards - stages[-1].probabilities).max())
    leaders = [int(teach_state.learner(lesson, i).argmax()) for i in range(len(lesson.commits))]
    first = answers.knowledge().diagnoses[answers.knowledge().rows[leaders[0]]].label
    kept = sum(leader == leaders[0] for leader in leaders)
    st.markdown(say("drill.order", change=percent(round(change, 9)), label=first, kept=kept, n=len(leaders)))


def closure(lesson: Lesson) -> None:
    """How likely the leader would have stayed where the learner would have stopped."""
    st.markdown(f"**{say('drill.closure')}**")
    stopped = next((i for i, order in enumerate(lesson.orders[:-1]) if order == STOP), None)
    if stopped is None:
        st.markdown(say("drill.went_on"))
        return
    stage = teach_state.shown(lesson)[stopped]
    network = answers.network(answers.setting_names()[0])

    def ask() -> SameDecision:
        return same_decision(network, encode(network, dict(stage.known)))

    key = {"lesson": lesson.spelled, "stage": stopped}
    same = cast("SameDecision", answers.kept("lesson same", key, "", ask))
    label = answers.knowledge().diagnoses[same.leader].label
    st.markdown(say("drill.stopped", n=stopped + 1, label=label, share=percent(same.probability)))


def withheld(lesson: Lesson) -> None:
    """What would be believed if the finding that matters most had been missed."""
    st.markdown(f"**{say('drill.withheld')}**")
    stage, tables = teach_state.shown(lesson)[-1], answers.knowledge()
    network = answers.network(answers.setting_names()[0])
    leader = stage.answer.leader()
    place = tables.rows.index(leader)
    names = list(stage.known)
    if not names:
        return
    without = [{n: v for n, v in stage.known.items() if n != name} for name in names]
    rows = posterior(network, encode(network, [{"findings": one} for one in without])).mean_by("row")
    worst = int(rows[:, place].argmin())
    st.markdown(
        say(
            "drill.missed",
            finding=finding_text(names[worst], stage.known[names[worst]]),
            label=tables.diagnoses[leader].label,
            now=percent(float(stage.probabilities[place])),
            then=percent(float(rows[worst, place])),
            leader=tables.diagnoses[tables.rows[int(rows[worst].argmax())]].label,
        )
    )


def base_rate(lesson: Lesson) -> None:
    """The same findings under every prior setting of the tables."""
    st.markdown(f"**{say('drill.base_rate')}**")
    known = dict(teach_state.shown(lesson)[-1].known)
    for setting in answers.setting_names():
        network = answers.network(setting)
        st.html(f'<p class="soft">{optional(f"settings.{setting}", setting.capitalize())}</p>')
        answer = posterior(network, encode(network, known))
        draw(differential_table(answer, stop=N_ROWS, words=figure_words()))
    st.markdown(say("drill.base_rate_note"))
