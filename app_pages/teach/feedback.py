"""Part of the screen Teach: the learner beside the model, at a stage and at the end."""

from __future__ import annotations

import re
from html import escape
from typing import cast

import numpy as np
import streamlit as st

from app_pages.shared import answers, manners, worth
from app_pages.shared.facts import fact_lines
from app_pages.shared.figure import draw
from app_pages.shared.prior import setting_said
from app_pages.shared.texts import figure_words, percent, say, section
from app_pages.teach import state
from app_pages.teach.commit import NOTHING, STOP, finding_text, open_orders
from app_pages.teach.state import Lesson
from model import Feedback, Orders, encode, feedback, information_of_orders
from model.figures import FloatArray, differential_table, shift_table, trajectory, weight_text
from model.network.hierarchy import hierarchy
from model.why.citation import citations
from model.why.paragraph import times

N_ROWS = 5
N_PRIOR = 3
CLOSE_BITS, FAR_BITS = 0.3, 1.5  # A35: bits of divergence
SAMPLES = 200


def told(lesson: Lesson, stage: int, *, is_end: bool = False) -> Feedback:
    """Feedback on one stage; with scores at the end, where the truth may be told."""
    stages = state.shown(lesson)
    before = None
    if stage:
        before = state.learner(lesson, stage - 1), stages[stage - 1].probabilities
    return feedback(
        answers.knowledge(),
        state.learner(lesson, stage),
        stages[stage].probabilities,
        before=before,
        truth=lesson.case.truth if is_end else None,
    )


def show(lesson: Lesson) -> None:
    """How far apart, which way the evidence went, and what would have been the best order."""
    stage = state.shown(lesson)[lesson.stage]
    found = told(lesson, lesson.stage)
    left, right = st.columns(2, gap="medium")
    with left:
        with st.container(key=f"compared_{lesson.stage}"):
            st.markdown(f"##### {say('teach.yours')}")
        word = (
            "close" if found.bits_apart < CLOSE_BITS else "far" if found.bits_apart > FAR_BITS else "middle"
        )
        st.markdown(say(f"teach.{word}", bits=found.bits_apart, share=percent(found.share_apart)))
        mine = state.learner(lesson, lesson.stage)
        compared(mine, stage.probabilities)
        if lesson.stage:
            directions(found, say("teach.directions"))
        else:
            start(mine, stage.probabilities)
    with right:
        st.markdown(f"##### {say('teach.model')}")
        draw(differential_table(stage.answer, stop=N_ROWS, words=figure_words()))
        st.html(f'<p class="soft">{escape(say("teach.no_oracle"))}</p>')
        next_order(lesson)
    if not state.is_over(lesson):
        st.button(say("teach.reveal"), key="reveal_next", type="primary", on_click=reveal)


def reveal() -> None:
    """Go on to the next stage, and show its beginning: the button is at the end of a long page."""
    state.reveal()
    manners.point_at(f"stage_{cast('Lesson', state.lesson()).stage}")


def compared(mine: FloatArray, model: FloatArray, *, tick: str = "") -> None:
    """Two beliefs in one picture: bars of the second, lines of the first, and a word on which is which."""
    tables = answers.knowledge()
    st.html(f'<p class="soft">{escape(tick or say("teach.tick"))}</p>')
    draw(shift_table(hierarchy(tables, "row"), mine, model, tables, n=N_ROWS + 1, words=figure_words()))


def start(mine: FloatArray, model: FloatArray) -> None:
    """The starting prior: what the learner takes for more or less common than the documents do, as a factor."""
    tables, setting = answers.knowledge(), answers.setting_names()[0]
    lines = []
    for i in np.argsort(-np.abs(mine - model), kind="stable")[:N_PRIOR]:
        ratio = float(mine[i] / (1 - mine[i]) / (model[i] / (1 - model[i])))
        word = "more" if ratio > 1 else "less"
        text = say(
            f"teach.prior_{word}",
            label=tables.diagnoses[tables.rows[i]].label,
            mine=percent(float(mine[i])),
            model=percent(float(model[i])),
            times=times(max(ratio, 1 / ratio), figure_words()),
        )
        lines.append(f"<li>{escape(text)}</li>")
    st.markdown(f"**{say('teach.prior')}**")
    st.html(f'<ul class="facts plain">{"".join(lines)}</ul>')
    st.html(f'<p class="soft">{escape(say("teach.prior_note", setting=setting_said(setting)))}</p>')


def directions(found: Feedback, heading: str) -> None:
    """Direction and size of the evidence, diagnosis by diagnosis."""
    if not found.moved:
        return
    tables = answers.knowledge()
    lines = []
    for one in found.moved:
        mark = "✓" if one.is_right_way else "✗"
        text = say(
            "teach.moved",
            label=tables.diagnoses[one.row].label,
            mine=moved_text(one.learner),
            model=moved_text(one.model),
        )
        lines.append(f"<li>{mark} {escape(text)}</li>")
    st.markdown(f"**{heading}**")
    st.html(f'<ul class="facts plain">{"".join(lines)}</ul>')


def moved_text(weight: float) -> str:
    """How far odds moved, as a factor, or in the unit that was chosen on the screen Why."""
    unit, words = st.session_state.get("why_unit", "times"), figure_words()
    if unit != "times":
        return f"{weight_text(weight, unit, words)} {section('why_units')[unit]}"
    factor = times(10 ** abs(weight), words)
    if factor == times(1.0, words):
        return say("teach.unchanged")
    return say("teach.higher" if weight > 0 else "teach.lower", times=factor)


def next_order(lesson: Lesson) -> None:
    """The learner's order beside the best one, by the share of what is open that each would settle."""
    if state.is_over(lesson):
        return
    stage, tables = state.shown(lesson)[lesson.stage], answers.knowledge()
    network = answers.network(answers.usual())

    def ask() -> Orders:
        return information_of_orders(network, encode(network, dict(stage.known)), samples=SAMPLES)

    key = {"lesson": lesson.spelled, "known": sorted(stage.known)}
    orders = cast("Orders", answers.kept("lesson orders", key, answers.usual(), ask))
    open_ = [order for order in orders if order.order in open_orders(lesson)]
    if not open_:
        return
    best = open_[0]
    worth_best = worth.said(best.value, orders.now)
    st.markdown(say("teach.best_order", label=best.label, worth=worth_best, cost=best.cost))
    chosen = lesson.orders[lesson.stage]
    if chosen == NOTHING:
        return
    if chosen == STOP:
        st.markdown(say("teach.stopped"))
        return
    if chosen == best.order:
        st.markdown(say("teach.same_order"))
        return
    mine = next((o for o in open_ if o.order == chosen), None)
    bits, cost = (0.0, tables.orders[chosen].cost) if mine is None else (mine.value, mine.cost)
    label = tables.orders[chosen].label
    st.markdown(say("teach.your_order", label=label, worth=worth.said(bits, orders.now), cost=cost))


def scores(lesson: Lesson) -> None:
    """Learner and model judged by the truth, before the proof and with it: what each gave to it, and both rules."""
    stages = state.shown(lesson)
    place = answers.knowledge().rows.index(subject(lesson))
    proof = set(lesson.case.confirmatory)
    before = max((i for i, stage in enumerate(stages) if not proof & set(stage.known)), default=0)
    for i in dict.fromkeys((before, lesson.stage)):
        found = told(lesson, i, is_end=True)
        name = "teach.before_proof" if i == before != lesson.stage else "teach.at_the_end"
        st.markdown(
            say(
                "teach.scores",
                when=say(name),
                share=percent(float(state.learner(lesson, i)[place])),
                model_share=percent(float(stages[i].probabilities[place])),
                mine=found.learner_log_score,
                model=found.model_log_score,
                mine_brier=found.learner_brier,
                model_brier=found.model_brier,
            )
        )
    st.html(f'<p class="soft">{escape(say("teach.scores_note"))}</p>')


def truth(lesson: Lesson, level: str) -> None:
    """The diagnosis as a heading, what proved it, who published the patient, and a word if the model is wrong."""
    tables, case = answers.knowledge(), lesson.case
    if not case.truth:
        return
    st.markdown(f"{level} {tables.diagnoses[case.truth].label}")
    st.markdown(say("teach.truth", proof=case.proven_by or "–"))
    if case.source:
        st.html(f'<p class="soft">{linked(case.source)}</p>')
    leader = state.shown(lesson)[-1].answer.leader()
    if leader != tables.row(case.truth):
        st.markdown(say("teach.model_wrong", label=tables.diagnoses[leader].label))


def linked(source: str) -> str:
    """A source as HTML, its address one to press."""
    link = '<a href="{}" target="_blank" rel="noopener">{}</a>'

    def linked_one(found: re.Match[str]) -> str:
        text = found[0]
        return link.format(text if text.startswith("https") else f"https://doi.org/{text}", text)

    return re.sub(r"(https://|(?<![/\w])10\.\d{4,}/)[^\s<>&]+[^\s<>&.,;)]", linked_one, escape(source))


def ending(lesson: Lesson, *, is_judged: bool = True, level: str = "#####") -> None:
    """The truth, both scores where somebody said what he believed, and what an educator wants to be learnt."""
    truth(lesson, level)
    if lesson.case.truth and is_judged:
        scores(lesson)
    if points := state.extras(lesson)[1]:
        st.markdown(f"**{say('own.points')}**")
        st.html("<ul>" + "".join(f"<li>{escape(text)}</li>" for text in points) + "</ul>")


def way(lesson: Lesson) -> None:
    """How probable learner and model held the diagnosis, stage by stage."""
    tables, stages = answers.knowledge(), state.shown(lesson)
    place = tables.rows.index(subject(lesson))
    mine = [float(state.learner(lesson, i)[place]) for i in range(len(lesson.commits))]
    model = [float(stage.probabilities[place]) for stage in stages[: len(mine)]]
    draw(trajectory(mine, model, tables.diagnoses[subject(lesson)].label, words=figure_words()))


def subject(lesson: Lesson) -> str:
    """The table row that the end is about: that of the truth, or the model's leader where the truth is not known."""
    truth = lesson.case.truth
    return answers.knowledge().row(truth) if truth else state.shown(lesson)[-1].answer.leader()


def summary(lesson: Lesson) -> None:
    """The end of a lesson, and what the documents say of the decisive findings."""
    st.divider()
    st.markdown(f"#### {say('teach.end')}")
    left, right = st.columns(2, gap="medium")
    with left:
        ending(lesson)
    with right:
        way(lesson)
    with st.expander(say("teach.sources"), key="teach_sources"):
        sources(lesson, subject(lesson))


def sources(lesson: Lesson, row: str) -> None:
    """What is said of the findings so far in one table row."""
    tables, known = answers.knowledge(), state.shown(lesson)[lesson.stage].known
    for name, value in known.items():
        facts = citations(tables, row, name)
        if facts:
            st.html(f'<p class="soft"><b>{escape(finding_text(name, value))}</b></p>{fact_lines(facts[:3])}')
