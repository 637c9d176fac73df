"""View "Orders" of the next step: whole orders by what they tell, for what they cost, and a plan."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import inf

import streamlit as st

from app_pages.shared import answers, patient, terms, worth
from app_pages.shared.controls import bar_list, choice, target_choice
from app_pages.shared.figure import draw
from app_pages.shared.keeping import undisturbed
from app_pages.shared.texts import figure_words, percent, say, section
from app_pages.shared.waiting import asked
from model import Orders
from model.figures import look_for_table, pattern_text, plan_tree, shift_table
from model.next_step.order_results import OrderValue, Pattern

N_SHOWN = 8
N_RESULTS = 3
N_ROWS = 3
N_FINDINGS = 5
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
            listing(found, by, target)
            plan(target)
        else:
            st.info(say("next_step.none"))


def listing(found: Orders, by: str, target: str) -> None:
    """The ranking on the left, the chosen order on the right."""
    if not worth.told(order.value for order in found) and not worth.nonetheless():
        return
    st.html(f'<p class="soft">{say(f"orders.open_{worth.unit()}", bits=found.now)}</p>')
    groups = ranked([terms.on_terms(order) for order in found], by)
    listed = [order for group in groups for order in group]
    left, right = st.columns([9, 11], gap="medium")
    with left:
        chosen = ranking(found, groups, by)
        st.html(f'<p class="soft">{say("orders.method")}</p>')
        worth.unit_choice()
    with right:
        detail(found, next(order for order in listed if order.order == chosen), target)


def ranking(found: Orders, groups: Sequence[Sequence[OrderValue]], by: str) -> str:
    """The best orders, those with a hazard and the chosen one, as bars, group by group; gives the chosen one."""
    shows_all, last = st.session_state.get("show_all_orders", False), st.session_state.get("chosen_order")
    orders = [order for group in groups for order in group]
    shown = [o for i, o in enumerate(orders) if shows_all or i < N_SHOWN or o.hazard or o.order == last]
    items = [(o.order, item(found, o, by), worth.share(rate(o, by), found.now)) for o in shown]
    headings = heads(found, groups, {o.order for o in shown}) if by == "value" else {}
    chosen = bar_list("order", items, headings)
    if len(orders) > len(shown) or shows_all:
        st.toggle(say("next_step.more", n=len(orders)), key="show_all_orders")
    return chosen


def heads(found: Orders, groups: Sequence[Sequence[OrderValue]], shown: Collection[str]) -> dict[str, str]:
    """First order shown of a group -> what stands above it; what is not available says so by itself."""
    here = [group for group in groups if terms.is_available(group[0].order)]
    said = worth.headings([[order.value for order in group] for group in here], found.now)
    firsts = [next((o.order for o in group if o.order in shown), "") for group in here]
    return dict(zip(firsts, said, strict=True))


def rate(order: OrderValue, by: str) -> float:
    """Information, or information per unit of what it takes; infinite where it takes nothing."""
    if by == "value":
        return order.value
    amount = float(getattr(order, by))
    return order.value / amount if amount > 0 else inf


def ranked(orders: Sequence[OrderValue], by: str) -> list[list[OrderValue]]:
    """Groups of like worth, the most telling first, then the everyday ones; by what it takes: one group, free ones first."""
    if by == "value":
        return worth.orders(orders)
    return [sorted(orders, key=lambda o: (not terms.is_available(o.order), -rate(o, by), -o.value))]


def item(found: Orders, order: OrderValue, by: str) -> str:
    """One line of the list: name and value, and below what the order takes."""
    value = worth.said(order.value, found.now, order.standard_error)
    if by != "value":
        told = rate(order, by)
        value = say("orders.per", rate=worth.said(told, found.now)) if told < inf else say(f"orders.no_{by}")
    text = say("orders.item", label=order.label, value=value, terms=terms.said(order))
    return say("orders.hazardous", item=text) if order.hazard else text


def detail(found: Orders, order: OrderValue, target: str) -> None:
    """One order: what speaks against it, what it takes, and what its results would do."""
    st.markdown(f"#### {order.label}")
    if order.hazard:
        st.warning(say("orders.hazard", text=order.hazard), icon=":material/warning:")
    if said := terms.note(order.order):
        st.html(f'<p class="soft">{say("orders.note", text=said)}</p>')
    terms.edit(order)
    if order.has_likely_result:
        n = len(order.findings)
        st.html(f'<p class="soft">{say("orders.gives_one") if n == 1 else say("orders.gives", n=n)}</p>')
        for pattern in order.patterns[:N_RESULTS]:
            result(found, order, pattern)
        return
    look_for(order, target)
    leaders = [
        f"{found.rows.labels[found.rows.names.index(outcome.row)]} {percent(outcome.probability)}"
        for outcome in order.outcomes[:N_RESULTS]
    ]
    st.html(f'<p class="soft">{say("orders.leads_after", leaders=", ".join(leaders))}</p>')


def look_for(order: OrderValue, target: str) -> None:
    """What to look for in an order with too many findings for a likely result: those that matter, and what each would do."""
    now = patient.now()
    information = answers.information(now.findings, now.setting, target)
    telling = [one for one in information if one.finding in order.findings][:N_FINDINGS]
    st.markdown(say("orders.look_for", n=len(order.findings)))
    draw(look_for_table(information, telling, answers.knowledge(), words=figure_words()))


def spelled(pattern: Pattern) -> str:
    """A result in words."""
    return pattern_text(pattern, answers.knowledge(), words=figure_words())


def result(found: Orders, order: OrderValue, pattern: Pattern) -> None:
    """One result of an order and the leading diagnoses after it."""
    share, text = percent(pattern.probability), spelled(pattern)
    st.markdown(say("orders.result", share=share, text=text))
    title = say("next_step.answer_title", label=order.label, state=text, share=share)
    tables, words = answers.knowledge(), figure_words()
    draw(shift_table(found.rows, found.before, pattern.after, tables, n=N_ROWS, title=title, words=words))


def plan(target: str) -> None:
    """A plan within a budget, on request: it takes some seconds."""
    st.markdown(f"#### {say('plan.heading')}")
    costs = {name: terms.taken(name)["cost"] for name in answers.knowledge().orders}
    st.session_state.setdefault("budget", BUDGET)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        budget = st.number_input(
            say("plan.budget"),
            min_value=0.0,
            step=1.0,
            format="%g",
            key="budget",
            width=170,
        )
        # What is not available here costs more than there is.
        costs |= {name: budget + 1 for name in answers.knowledge().orders if not terms.is_available(name)}
        wanted = repr((patient.now(), target, budget, costs))
        st.button(
            say("plan.make"),
            icon=":material/account_tree:",
            key="make_plan",
            on_click=st.session_state.__setitem__,
            args=("plan_asked", True),
        )
    # What was changed just before the button was pressed belongs to what is asked.
    with undisturbed():
        if st.session_state.pop("plan_asked", False):
            st.session_state["plan_wanted"] = wanted
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
