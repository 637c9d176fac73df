"""View "When to stop" of the next step: whether more would change the lead, or spare a brain biopsy."""

from __future__ import annotations

import streamlit as st

from app_pages.shared import answers, patient
from app_pages.shared.controls import bar_list
from app_pages.shared.figure import draw
from app_pages.shared.texts import figure_words, percent, say
from app_pages.shared.waiting import asked
from model.figures import group_colour, pattern_text, share_bars, shift_table, state_text
from model.next_step.stopping import BiopsyAvoidance, DecidingOrder, DecidingResult, SameDecision

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
THRESHOLD = 0.9
ENOUGH = 0.95  # A34: share of the ways in which the leader stays
N_LEADERS, N_ORDERS, N_RESULTS = 5, 8, 6


def show() -> None:
    """Would the leader still lead; below, can a brain biopsy be avoided."""
    now = patient.now()
    same, place = asked(lambda: answers.same_decision(now.findings, now.setting))
    with place:
        lead(same)
        avoiding()


def avoiding() -> None:
    """The threshold, what could spare the biopsy, and the results of the chosen order."""
    st.session_state.setdefault("threshold", THRESHOLD)
    left, right = st.columns([9, 11], gap="medium")
    with left:
        st.markdown(f"#### {say('biopsy.heading')}")
        threshold = st.select_slider(
            say("biopsy.threshold"),
            THRESHOLDS,
            format_func=percent,
            key="threshold",
            width=420,
        )
        now = patient.now()
        found, place = asked(lambda: answers.biopsy(now.findings, now.setting, threshold))
        with place:
            chosen = avoidance(found)
    if chosen is not None:
        with right:
            detail(found, chosen)


def lead(same: SameDecision) -> None:
    """The same-decision probability in words, and who else would lead."""
    diagnoses = answers.knowledge().diagnoses
    label = diagnoses[same.leader].label
    left, right = st.columns([9, 11], gap="medium")
    with left:
        st.markdown(f"#### {say('stop.heading')}")
        if not same.n_findings:
            st.markdown(say("stop.all_known", label=label))
            return
        error = "" if same.standard_error is None else say("stop.error", error=percent(same.standard_error))
        share, now = percent(same.probability), percent(same.leader_p)
        st.markdown(say("stop.same", label=label, now=now, share=share, error=error, n=same.n_findings))
        st.markdown(say("stop.enough") if same.probability >= ENOUGH else say("stop.go_on"))
        st.html(f'<p class="soft">{say("stop.method")}</p>')
    with right:
        first = list(same.would_lead.items())[:N_LEADERS]
        st.html(f'<p class="soft">{say("stop.would_lead")}</p>')
        colours = {diagnoses[name].label: group_colour(diagnoses[name].group) for name, _ in first}
        shares, title = {diagnoses[name].label: p for name, p in first}, say("stop.would_lead")
        draw(share_bars(shares, colour=colours, title=title, words=figure_words()))


def avoidance(found: BiopsyAvoidance) -> DecidingOrder | None:
    """Orders by how likely they are to spare the biopsy; the one that is chosen, if there is any."""
    i = int(found.before.argmax())
    label, share, threshold = found.rows.labels[i], percent(found.before[i]), percent(found.threshold)
    if found.is_unnecessary:
        st.success(say("biopsy.reached", label=label, share=share, threshold=threshold))
        return None
    orders = [order for order in found.orders if order.probability > 0][:N_ORDERS]
    if not orders:
        st.info(say("biopsy.none", threshold=threshold))
        return None
    st.html(f'<p class="soft">{say("biopsy.note", label=label, share=share, threshold=threshold)}</p>')
    chosen = bar_list("settle", [(o.order, item(o), o.probability) for o in orders])
    single(found.results[:N_RESULTS])
    return next(order for order in orders if order.order == chosen)


def item(order: DecidingOrder) -> str:
    """One line of the list."""
    share = percent(order.probability)
    if order.standard_error is not None:
        share = say("biopsy.sampled", share=share, error=percent(order.standard_error))
    text = say("biopsy.item", label=order.label, share=share)
    return say("orders.hazardous", item=text) if order.hazard else text


def detail(found: BiopsyAvoidance, order: DecidingOrder) -> None:
    """The results of one order that would spare the biopsy."""
    st.markdown(f"#### {order.label}")
    if order.hazard:
        st.warning(say("orders.hazard", text=order.hazard), icon=":material/warning:")
    tables, words = answers.knowledge(), figure_words()
    st.html(f'<p class="soft">{say("biopsy.such")}</p>')
    for pattern in order.patterns:
        text, share = pattern_text(pattern, tables, words=words), percent(pattern.probability)
        is_listed = order.standard_error is None
        st.markdown(say("orders.result", share=share, text=text) if is_listed else f"**{text}**")
        title = f"{order.label}: {text}"
        draw(shift_table(found.rows, found.before, pattern.after, tables, n=2, title=title, words=words))


def single(results: tuple[DecidingResult, ...]) -> None:
    """Single findings that would do by themselves."""
    if not results:
        return
    tables = answers.knowledge()
    shares = {}
    for result in results:
        variable = tables.variables[result.finding]
        state = next(state.label for state in variable.states if state.id == result.state)
        row, row_p = tables.diagnoses[result.row].label, percent(result.row_p)
        text = say(
            "biopsy.single_item",
            finding=state_text(variable.label, state, figure_words()),
            row=row,
            share=row_p,
        )
        shares[text] = result.probability
    st.html(f'<p class="soft">{say("biopsy.single")}</p>')
    title, colour = say("biopsy.single"), group_colour("nutritional")
    draw(share_bars(shares, colour=colour, title=title, words=figure_words()))
