"""View "Orders" of the next step: whole orders by what they tell, for what they cost, and a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf

import streamlit as st

from app_pages.shared import answers, patient
from app_pages.shared.controls import bar_list, choice, target_choice
from app_pages.shared.figure import draw
from app_pages.shared.texts import figure_words, say, section
from app_pages.shared.waiting import asked
from model import Orders
from model.figures import pattern_text, plan_tree, shift_table
from model.next_step.order_results import OrderValue, Pattern
from model.text import percent

N_SHOWN = 8
N_RESULTS = 3
N_ROWS = 3
TERMS = ("cost", "delay_days", "invasiveness")
BUDGET = 10.0


def show() -> None:
    """The ranking, the chosen order with its results and its terms, and the plan."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="question"):
        target = target_choice()
        by = choice("rank", section("ranks"), say("orders.rank"))
    now = patient.now()
    found, place = asked(lambda: answers.orders(now.findings, now.setting, target))
    with place:
        if len(found):
            listing(found, by)
            plan(target)
        else:
            st.info(say("next_step.none"))


def listing(found: Orders, by: str) -> None:
    """The ranking on the left, the chosen order on the right."""
    st.html(f'<p class="soft">{say("orders.open", bits=found.now)}</p>')
    listed = ranked([on_terms(order) for order in found], by)
    left, right = st.columns([9, 11], gap="large")
    with left:
        chosen = ranking(listed, by)
        st.html(f'<p class="soft">{say("orders.method")}</p>')
    with right:
        detail(found, next(order for order in listed if order.order == chosen))


def ranking(orders: Sequence[OrderValue], by: str) -> str:
    """The best orders, and those with a hazard, as bars; gives the chosen one."""
    largest = max((r for r in (rate(order, by) for order in orders) if r < inf), default=0.0) or 1.0
    shows_all = st.session_state.get("show_all_orders", False)
    shown = [o for i, o in enumerate(orders) if shows_all or i < N_SHOWN or o.hazard]
    chosen = bar_list("order", [(o.order, item(o, by), min(rate(o, by) / largest, 1.0)) for o in shown])
    if len(orders) > len(shown) or shows_all:
        st.toggle(say("next_step.more", n=len(orders)), key="show_all_orders")
    return chosen


def on_terms(order: OrderValue) -> OrderValue:
    """An order with the cost, delay and invasiveness that were entered."""
    return replace(order, **st.session_state.get("terms", {}).get(order.order, {}))


def rate(order: OrderValue, by: str) -> float:
    """Information, or information per unit of what it takes; infinite where it takes nothing."""
    if by == "value":
        return order.value
    amount = float(getattr(order, by))
    return order.value / amount if amount > 0 else inf


def ranked(orders: Sequence[OrderValue], by: str) -> list[OrderValue]:
    """The most informative first; what takes nothing before all others."""
    return sorted(orders, key=lambda order: (-rate(order, by), -order.value))


def item(order: OrderValue, by: str) -> str:
    """One line of the list: name and value, and below what the order takes."""
    value = say("orders.bits", bits=order.value)
    if order.standard_error is not None:
        value = say("orders.sampled", bits=order.value, error=order.standard_error)
    if by != "value":
        value = say("orders.per", rate=rate(order, by)) if rate(order, by) < inf else say(f"orders.no_{by}")
    text = say("orders.item", label=order.label, value=value, terms=terms(order))
    return say("orders.hazardous", item=text) if order.hazard else text


def terms(order: OrderValue) -> str:
    """Cost, delay and invasiveness in words."""
    days = say("orders.delay", days=order.delay_days) if order.delay_days else say("orders.at_once")
    return say("orders.terms", cost=order.cost, delay=days, invasiveness=order.invasiveness)


def detail(found: Orders, order: OrderValue) -> None:
    """One order: what speaks against it, what it takes, and what its results would do."""
    st.markdown(f"#### {order.label}")
    if order.hazard:
        st.warning(say("orders.hazard", text=order.hazard), icon=":material/warning:")
    n = len(order.findings)
    st.html(f'<p class="soft">{say("orders.gives_one") if n == 1 else say("orders.gives", n=n)}</p>')
    edit_terms(order)
    if order.is_exact:
        for pattern in order.patterns[:N_RESULTS]:
            share = percent(pattern.probability)
            result(found, pattern, say("orders.result", share=share, text=spelled(pattern)))
        return
    for outcome in order.outcomes[:N_RESULTS]:
        label = found.rows.labels[found.rows.names.index(outcome.row)]
        share, text = percent(outcome.probability), spelled(outcome.pattern)
        result(found, outcome.pattern, say("orders.outcome", label=label, share=share, text=text))


def spelled(pattern: Pattern) -> str:
    """A result in words."""
    return pattern_text(pattern, answers.knowledge(), words=figure_words())


def result(found: Orders, pattern: Pattern, text: str) -> None:
    """One result and the leading diagnoses after it."""
    st.markdown(text)
    figure = shift_table(
        found.rows, found.before, pattern.after, answers.knowledge(), n=N_ROWS, words=figure_words()
    )
    draw(figure)


def edit_terms(order: OrderValue) -> None:
    """Cost, delay and invasiveness to be changed for this session."""
    with st.expander(terms(order), key=f"terms_{order.order}"):
        with st.container(horizontal=True):
            for name in TERMS:
                key = f"term_{name}_{order.order}"
                st.session_state[key] = float(getattr(order, name))
                st.number_input(
                    say(f"orders.{name}"),
                    min_value=0.0,
                    value=None,
                    step=0.5,
                    format="%g",
                    key=key,
                    on_change=put_term,
                    args=(order.order, name, key),
                    width=140,
                )
        st.html(f'<p class="soft">{say("orders.terms_note")}</p>')


def put_term(order: str, name: str, key: str) -> None:
    """Take over what was entered; an emptied field goes back to the tables."""
    entered = st.session_state.setdefault("terms", {}).setdefault(order, {})
    if st.session_state[key] is None:
        entered.pop(name, None)
    else:
        entered[name] = float(st.session_state[key])


def plan(target: str) -> None:
    """A plan within a budget, on request: it takes some seconds."""
    st.markdown(f"#### {say('plan.heading')}")
    costs = {name: t["cost"] for name, t in st.session_state.get("terms", {}).items() if "cost" in t}
    st.session_state.setdefault("budget", BUDGET)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        budget = st.number_input(
            say("plan.budget"), min_value=0.0, step=1.0, format="%g", key="budget", width=170
        )
        wanted = repr((patient.now(), target, budget, costs))
        st.button(
            say("plan.make"),
            icon=":material/account_tree:",
            key="make_plan",
            on_click=st.session_state.__setitem__,
            args=("plan_wanted", wanted),
        )
    st.html(f'<p class="soft">{say("plan.note")}</p>')
    if st.session_state.get("plan_wanted") != wanted:
        return
    now = patient.now()
    made, place = asked(lambda: answers.plan(now.findings, now.setting, target, budget, costs))
    with place:
        if made.first is None:
            st.info(say("plan.none"))
        else:
            draw(plan_tree(made, answers.knowledge(), words=figure_words()))
