"""Screen 2, "What should be asked next?": unknown findings by bits, and what each answer would do."""

import streamlit as st

from app_pages.parts import answers, patient
from app_pages.parts.controls import chips, finding_control, link_problems, trouble
from app_pages.parts.texts import say, section
from model import Information
from model.errors import MilletError
from model.figures import answer_table
from model.information import TARGETS, Candidate
from model.text import percent

N_SHOWN = 10


def choose(finding: str) -> None:
    """Show what the answers to one finding would do."""
    st.session_state["chosen"] = finding


def settings() -> tuple[str, str | None]:
    """Target of the information, and the examination to look at (None: all)."""
    orders = answers.knowledge().orders
    names = [name for name in TARGETS if name in section("targets")]
    with st.container(horizontal=True, vertical_alignment="bottom", key="question"):
        target = st.segmented_control(
            say("next_step.target"),
            names,
            default="row",
            required=True,
            format_func=section("targets").get,
            key="target",
            wrap=True,
        )
        order = st.selectbox(
            say("next_step.order"),
            list(orders),
            index=None,
            format_func=lambda name: orders[name].label,
            placeholder=say("next_step.all_orders"),
            key="order",
            width=280,
        )
    return target, order


def bars(candidates: list[Candidate], chosen: str) -> None:
    """The candidates as buttons whose background is their bar."""
    largest = max((candidate.bits for candidate in candidates), default=0.0) or 1.0
    widths = "".join(
        f".st-key-bits_{c.finding} button{{--share:{100 * c.bits / largest:.1f}%}}" for c in candidates
    )
    st.html(f"<style>{widths}</style>")
    with st.container(key="bits", gap=None):
        for candidate in candidates:
            st.button(
                say("next_step.item", label=candidate.label, bits=candidate.bits),
                key=f"bits_{candidate.finding}",
                type="primary" if candidate.finding == chosen else "secondary",
                width="stretch",
                on_click=choose,
                args=(candidate.finding,),
            )


def detail(information: Information, candidate: Candidate) -> None:
    """What each answer to one finding would do, and the way to record the answer."""
    variable = answers.knowledge().variables[candidate.finding]
    labels = {state.id: state.label for state in variable.states}
    st.markdown(f"#### {candidate.label}")
    finding_control(variable, "next", label=say("next_step.record"))
    st.html(f'<p class="soft">{say("next_step.tick")}</p>')
    for position in sorted(range(len(candidate.states)), key=lambda i: -candidate.predicted[i]):
        state, share = candidate.states[position], percent(float(candidate.predicted[position]))
        st.markdown(say("next_step.answer", state=labels[state], share=share))
        figure = answer_table(
            information, candidate, position, answers.knowledge(), n=4, words=section("figure")
        )
        st.html(figure.html)


def ranking(information: Information, order: str | None) -> None:
    """The list on the left, the chosen finding on the right."""
    st.html(f'<p class="soft">{say("next_step.open_bits", bits=information.entropy_bits)}</p>')
    candidates = [c for c in information if order in (None, c.order)]
    if not candidates:
        st.info(say("next_step.none"))
        return
    by_name = {candidate.finding: candidate for candidate in candidates}
    chosen = by_name.get(st.session_state.get("chosen", ""), candidates[0])
    left, right = st.columns([9, 11], gap="large")
    with left:
        is_long = len(candidates) > N_SHOWN
        shows_all = is_long and st.session_state.get("show_all", False)
        bars(candidates if shows_all else candidates[:N_SHOWN], chosen.finding)
        if is_long:
            st.toggle(say("next_step.more", n=len(candidates)), key="show_all")
    with right:
        detail(information, chosen)


link_problems()
st.markdown(f"#### {say('next_step.heading')}")
if patient.now().findings:
    chips("next")
chosen_target, chosen_order = settings()
try:
    ranking(answers.information(patient.now().findings, patient.now().setting, chosen_target), chosen_order)
except MilletError as error:
    trouble(error)
