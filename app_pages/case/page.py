"""Screen 1, "What is the diagnosis?": findings in on the left, ranked differential out on the right; on a phone below."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.case import answer, entry, files, notes, text, welcome
from app_pages.shared import answers, examples, keeping, patient
from app_pages.shared.controls import link_problems, said
from app_pages.shared.prior import layer_choice, setting_choice, weights
from app_pages.shared.texts import say
from model import Differential
from model.errors import MilletError


def load_example() -> None:
    """Take over the example that was chosen; the choice itself is kept with the patient."""
    name = st.session_state["example"]
    if name is not None:
        case = examples.published()[name]
        patient.change(findings=examples.findings(network, case), example=name)


def toolbar() -> DeltaGenerator:
    """Example, prior with its weights, layer of knowledge; gives the place for the files, which need the answer."""
    published = examples.published()
    now = patient.now().example
    keeping.hold("example", now if now in published else None)
    st.selectbox(
        say("case.example"),
        list(published),
        index=None,
        format_func=lambda name: examples.described(published[name]),
        placeholder=say("case.example_hint"),
        key="example",
        on_change=load_example,
        width=270,
    )
    setting_choice()
    layer_choice()
    with st.container(horizontal=True, width="content", gap="small"):
        weights()
        return st.container(width="content")


def reveal(current: Differential) -> None:
    """The diagnosis of the example, on request, and whether the model agrees."""
    case = examples.known(patient.now().example)
    title = say("case.example_reveal" if case.id in examples.published() else "case.textbook_reveal")
    with st.popover(title, icon=":material/visibility:", key="reveal"):
        truth = answers.knowledge().diagnoses[case.truth or "other"].label
        st.markdown(say("case.example_truth", truth=truth))
        leader = current.leader()
        is_right = leader == current.knowledge.row(case.truth or "other")
        label = current.knowledge.diagnoses[leader].label
        st.markdown(say("case.example_right") if is_right else say("case.example_wrong", label=label))
        st.caption(say("case.example_proof", proof=case.proven_by))
        st.caption(say("case.example_source", id=case.id, source=case.source))
        whole = examples.findings(network, case, confirmatory=True)
        left_out = {name: value for name, value in whole.items() if name in case.confirmatory}
        if left_out:
            tables = answers.knowledge()
            names = "; ".join(said(tables, name, value) for name, value in left_out.items())
            st.caption(say("case.example_left_out", findings=names))
            st.button(
                say("case.example_add"),
                key="add_confirmatory",
                on_click=patient.add,
                args=(left_out,),
            )


network = answers.network(patient.now().setting)
link_problems()
welcome.show()
with st.container(key="case"):
    tools = st.container(horizontal=True, vertical_alignment="bottom", key="toolbar")
    left, right = st.columns([10, 11], gap="large")
# The answer is worked out and sent before all that stands above it and beside it: it is what is waited for.
with right:
    st.markdown(f"#### {say('case.heading')}")
    with st.container(key="answer"):
        try:
            current = answers.differential(patient.now().findings, patient.now().setting)
            rests_place = answer.show(current)
        except MilletError as error:
            current = None
            answer.impossible(error)
with left:
    entry.person()
    entry.known()
    told = st.container()
    asked = st.container(key="best_next")
with tools:
    files_place = toolbar()
with files_place:
    files.show(current)
with left:
    text.show()
    entry.examinations()
if current is not None:
    if patient.now().example:
        with told:
            reveal(current)
    with asked:
        entry.best_next()
    with rests_place:
        notes.rests_on()
welcome.tour()
