"""What an order takes: cost, waiting, burden and whether it is available, as the tables say or as was entered."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app_pages.shared import answers, patient
from app_pages.shared.controls import choose
from app_pages.shared.keeping import hold
from app_pages.shared.texts import say
from model.next_step.order_results import OrderValue
from priors.schema import Order

TERMS = ("cost", "delay_days", "invasiveness")
NOT_AVAILABLE = "not_available"
SOURCES = ("no source", "set by")  # what the tables say of their own numbers, which is said elsewhere


def entered(order: str) -> dict[str, float]:
    """What was entered for an order in this session."""
    terms: dict[str, dict[str, float]] = st.session_state.setdefault("terms", {})
    return terms.setdefault(order, {})


def taken(order: str) -> dict[str, float]:
    """
    Cost, delay and invasiveness of an order: as entered, else as the tables say.

    A31: an order of which something is known takes nothing more: its images and samples are there.
    """
    table: Order = answers.knowledge().orders[order]
    is_given, own = order in patient.examinations(), entered(order)
    return {name: own.get(name, 0.0 if is_given else getattr(table, name)) for name in TERMS}


def is_done(order: str) -> bool:
    """Whether an order takes nothing because it has been given."""
    table: Order = answers.knowledge().orders[order]
    is_free = not any(taken(order).values())
    return is_free and order in patient.examinations() and any(getattr(table, name) for name in TERMS)


def on_terms(order: OrderValue) -> OrderValue:
    """An order with what it takes here and now."""
    return replace(order, **taken(order.order))


def is_available(order: str) -> bool:
    """Whether an order can be given here: yes, unless somebody said no."""
    return NOT_AVAILABLE not in entered(order)


def effort(order: str) -> tuple[float, ...]:
    """What an order takes, the cost first; what is not available takes most."""
    return (float(not is_available(order)), *taken(order).values())


def said(order: OrderValue) -> str:
    """Cost, waiting and burden in words, and whether it is not available here."""
    days = say("orders.delay", days=order.delay_days) if order.delay_days else say("orders.at_once")
    if order.delay_days == 1:
        days = say("orders.one_day")
    burden = next(
        name
        for name, least in (("much", 2.0), ("some", 1.0), ("little", 0.01), ("none", 0.0))
        if order.invasiveness >= least
    )
    text = say("orders.terms", cost=order.cost, delay=days, burden=say(f"orders.burden_{burden}"))
    if is_done(order.order):
        text = say("orders.done")
    return text if is_available(order.order) else say("orders.unavailable_item", terms=text)


def note(order: str) -> str:
    """What the tables say of an order beside its numbers, such as that it is rarely available; empty for nothing."""
    parts = answers.knowledge().orders[order].note.split("; ")
    return "; ".join(part for part in parts if not any(words in part for words in SOURCES))


def edit(order: OrderValue) -> None:
    """Cost, delay, invasiveness and availability to be changed for this session."""
    with st.expander(
        say("orders.done_fold") if is_done(order.order) else said(order), key=f"terms_{order.order}"
    ):
        key = f"available_{order.order}"
        hold(key, is_available(order.order))
        st.toggle(say("orders.available"), key=key, on_change=put_available, args=(order.order, key))
        with st.container(horizontal=True):
            for name in TERMS:
                key = f"term_{name}_{order.order}"
                hold(key, float(getattr(order, name)))
                st.number_input(
                    say(f"orders.{name}"),
                    min_value=0.0,
                    value=None,
                    step=0.5,
                    format="%g",
                    key=key,
                    on_change=put,
                    args=(order.order, name, key),
                    width=140,
                )
        st.html(f'<p class="soft">{say("orders.terms_note")}</p>')


def put(order: str, name: str, key: str) -> None:
    """Take over what was entered; an emptied field goes back to the tables. The order may move, and stays the chosen one."""
    choose("order", order)
    if st.session_state[key] is None:
        entered(order).pop(name, None)
    else:
        entered(order)[name] = float(st.session_state[key])


def put_available(order: str, key: str) -> None:
    """Take over whether an order can be given here; it may move, and stays the chosen one."""
    choose("order", order)
    if st.session_state[key]:
        entered(order).pop(NOT_AVAILABLE, None)
    else:
        entered(order)[NOT_AVAILABLE] = 1.0
