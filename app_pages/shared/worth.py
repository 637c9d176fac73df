"""What a question is worth, in words: the share of what is still open that it would settle, or bits for who asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from app_pages.shared import terms
from app_pages.shared.controls import choice
from app_pages.shared.texts import figure_words, percent, say, section
from model import Information
from model.next_step.everyday import alike
from model.next_step.information import Candidate
from model.next_step.order_results import OrderValue
from model.text import span

# What stands above the first group of like worth, the second, and all further ones.
TELLING = ("most_telling", "less_telling", "least_telling")
NEGLIGIBLE = 0.01  # A32: bits; whoever is given fewer knows hardly more than before


def unit_choice() -> None:
    """Share of what is open, or bits for who asks for them; a lasting choice, drawn below what it changes."""
    with st.expander(say("next_step.counted"), key="worth_counted"):
        choice("worth", section("worths"), say("next_step.worth"))
        st.html(f'<p class="soft">{say("next_step.worth_note")}</p>')


def unit() -> str:
    """The unit that was chosen."""
    return str(st.session_state.get("worth") or "share")


def is_in_bits() -> bool:
    """Whether bits were asked for."""
    return unit() == "bits"


def said(value: float, now: float, error: float | None = None) -> str:
    """What something tells, in the unit that was chosen; `now` is all that is open, in bits."""
    if is_in_bits():
        name = "bits" if error is None else "bits_sampled"
        return say(f"next_step.{name}", bits=value, error=error or 0.0)
    if error is None:
        return percent(share(value, now))
    return say("next_step.share_sampled", share=percent(share(value, now)), error=percent(share(error, now)))


def share(value: float, now: float) -> float:
    """Share of what is open that something would settle, from 0 to 1."""
    return min(1.0, max(0.0, value / now)) if now > 0 else 0.0


def matters(values: Iterable[float]) -> bool:
    """Whether anything is worth asking at all."""
    return max(values, default=0.0) >= NEGLIGIBLE


def told(values: Iterable[float]) -> bool:
    """Whether anything is worth asking; says so if nothing is."""
    if matters(values):
        return True
    st.info(say("next_step.nothing_matters"))
    return False


def nonetheless() -> bool:
    """Whether what is worth little is to be shown all the same: shares of next to nothing say little."""
    return st.toggle(say("next_step.nonetheless"), key="nonetheless")


def findings(information: Information) -> list[list[Candidate]]:
    """Findings in groups of like worth, in the order in which to ask them: in each group the everyday ones first."""
    efforts = {
        order: terms.effort(order)
        for order in {one.order for one in information}
        if terms.is_available(order)
    }
    available = [one for one in information if one.order in efforts]
    return alike(available, lambda one: one.value, lambda one: efforts[one.order])


def orders(listed: Iterable[OrderValue]) -> list[list[OrderValue]]:
    """Orders likewise; those that are not available here are the last group."""
    found = alike(listed, lambda one: one.value, lambda one: terms.effort(one.order))
    here = [[one for one in group if terms.is_available(one.order)] for group in found]
    away = [one for group in found for one in group if not terms.is_available(one.order)]
    return [group for group in [*here, away] if group]


def headings(groups: Iterable[Sequence[float]], now: float) -> list[str]:
    """What stands above each group of like worth: how much its items tell; above the first of several, their order, too."""
    found, is_order_said = [], False
    for i, values in enumerate(groups):
        between = span(said(min(values), now), said(max(values), now), figure_words())
        text = say(f"next_step.{TELLING[min(i, len(TELLING) - 1)]}", span=between)
        if len(values) > 1 and not is_order_said:
            text, is_order_said = say("next_step.least_first", group=text), True
        found.append(text)
    return found
