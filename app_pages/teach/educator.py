"""Part of the screen Teach: an educator makes a case of the present patient, as a link and as a worksheet."""

from __future__ import annotations

import streamlit as st

from app_pages.shared import answers, patient, search
from app_pages.shared.controls import chips
from app_pages.shared.texts import say, section
from app_pages.teach import state
from app_pages.teach.commit import finding_text
from model import Case, stages
from model.pages.worksheet import worksheet

MAX_TITLE, MAX_TEXT = 80, 300


def show() -> None:
    """Findings, title and truth, then the link and the worksheet."""
    if patient.now().findings:
        st.markdown(say("teach.build_note"))
        chips("educator")
    search.show("educator")
    findings = patient.now().findings
    if not findings:
        st.info(say("teach.build_first"))
        return
    tables = answers.knowledge()
    labels = {name: tables.diagnoses[name].label for name in (*tables.rows, *tables.leaves)}
    title = st.text_input(say("teach.title_of_case"), say("teach.title_default"), MAX_TITLE, key="case_title")
    truth = st.selectbox(
        say("teach.truth_of_case"),
        list(labels),
        index=None,
        format_func=labels.get,
        key="case_truth",
        width=320,
    )
    proof = st.multiselect(
        say("teach.proof_of_case"),
        list(findings),
        format_func=lambda name: tables.variables[name].label,
        key="case_proof",
    )
    proven = st.text_input(say("teach.proven_by"), key="case_proven_by", max_chars=MAX_TEXT)
    source = st.text_input(say("teach.source_of_case"), key="case_source", max_chars=MAX_TEXT)
    if truth is None:
        return
    content: dict[str, object] = {"id": title, "findings": findings, "truth": truth, "confirmatory": proof}
    content |= {name: text for name, text in (("proven_by", proven), ("source", source)) if text}
    link = f"c.{state.packed(content)}"
    st.markdown(say("teach.link_note"))
    st.code(f"/teach?t={link}", language=None, wrap_lines=True)
    case = Case(title, dict(findings), truth, confirmatory=tuple(proof), source=source, proven_by=proven)
    network = answers.network(answers.usual())
    page = worksheet(title, case, stages(network, case), tables, finding_text, section("worksheet"))
    with st.container(horizontal=True):
        st.button(say("teach.try"), key="begin_own", on_click=state.begin, args=(link,))
        st.download_button(
            say("teach.worksheet"), page, "millet_worksheet.html", "text/html", key="worksheet"
        )
