"""View "Findings" of the next step: unknown findings by what they would settle, and what each answer would do."""

from __future__ import annotations

import streamlit as st

from app_pages.shared import answers, patient, terms, worth
from app_pages.shared.controls import bar_list, finding_control, target_choice
from app_pages.shared.figure import draw
from app_pages.shared.texts import figure_words, percent, say
from app_pages.shared.waiting import asked
from model import Information
from model.figures import answer_table
from model.next_step.information import CANDIDATE_ROLES, Candidate

N_SHOWN = 10


def show() -> None:
    """The question, the ranking, and the chosen finding."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="question"):
        target = target_choice()
        order = order_choice()
    now = patient.now()
    information, place = asked(lambda: answers.information(now.findings, now.setting, target))
    found = [[c for c in group if order in (None, c.order)] for group in worth.findings(information)]
    groups = [group for group in found if group]
    with place:
        if not groups:
            st.info(say("next_step.none"))
            return
        # Whoever names an examination wants to see it, whatever it is worth.
        if worth.told(c.value for group in groups for c in group) or order is not None or worth.nonetheless():
            st.html(f'<p class="soft">{say(f"next_step.open_{worth.unit()}", bits=information.now)}</p>')
            ranking(information, groups)


def order_choice() -> str | None:
    """The examination to look at; None: all."""
    tables = answers.knowledge()
    giving = {variable.order for variable in tables.of_role(*CANDIDATE_ROLES).values()}
    orders = {name: order for name, order in tables.orders.items() if name in giving}
    return st.selectbox(
        say("next_step.order"),
        list(orders),
        index=None,
        format_func=lambda name: orders[name].label,
        placeholder=say("next_step.all_orders"),
        key="order",
        width=280,
    )


def ranking(information: Information, groups: list[list[Candidate]]) -> None:
    """The list on the left, group by group, the chosen finding on the right."""
    left, right = st.columns([9, 11], gap="medium")
    candidates = [c for group in groups for c in group]
    heads = worth.headings([[c.value for c in group] for group in groups], information.now)
    headings = {group[0].finding: head for group, head in zip(groups, heads, strict=True)}
    with left:
        is_long = len(candidates) > N_SHOWN
        shows_all = is_long and st.session_state.get("show_all", False)
        shown = candidates if shows_all else candidates[:N_SHOWN]
        now = information.now
        items = [(c.finding, item(c, now), worth.share(c.value, now)) for c in shown]
        chosen = bar_list("bits", items, headings)
        if is_long:
            st.toggle(say("next_step.more", n=len(candidates)), key="show_all")
        worth.unit_choice()
    with right:
        detail(information, next(c for c in shown if c.finding == chosen))


def item(candidate: Candidate, now: float) -> str:
    """One line of the list: the finding and its worth, and below the examination that gives it, with its cost if new."""
    order = answers.knowledge().orders[candidate.order]
    given = {"label": candidate.label, "worth": worth.said(candidate.value, now)}
    if terms.is_done(order.id):
        return say("next_step.item_done", order=order.label, done=say("orders.done"), **given)
    name = "item_alone" if order.label == candidate.label else "item"
    return say(f"next_step.{name}", order=order.label, cost=terms.effort(order.id)[1], **given)


def detail(information: Information, candidate: Candidate) -> None:
    """What each answer to one finding would do, and the way to record the answer."""
    variable = answers.knowledge().variables[candidate.finding]
    labels = {state.id: state.label for state in variable.states}
    st.markdown(f"#### {candidate.label}")
    with st.container(key="record"):
        finding_control(variable, "next", label=say("next_step.record"))
    st.html(f'<p class="soft">{say("next_step.tick")}</p>')
    for position in sorted(range(len(candidate.states)), key=lambda i: -candidate.predicted[i]):
        state, share = candidate.states[position], percent(float(candidate.predicted[position]))
        st.markdown(say("next_step.answer", state=labels[state], share=share))
        title = say("next_step.answer_title", label=candidate.label, state=labels[state], share=share)
        figure = answer_table(
            information, candidate, position, answers.knowledge(), n=4, title=title, words=figure_words()
        )
        draw(figure)
