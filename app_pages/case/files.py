"""Files of the screen Case: take a patient from a case file, give him as one, and the report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape

import streamlit as st

from app_pages.shared import answers, link, patient
from app_pages.shared.controls import said
from app_pages.shared.texts import figure_words, say, section
from app_pages.why.answers import explanation
from model import Case, __version__, encode
from model.errors import MilletError, plain
from model.exchange.phenopacket_read import read_patients
from model.pages.patient import Report, report_html, report_pdf

MAX_MEGABYTES = 2
MAX_CASES = 500
N_PROBLEMS = 5


def show() -> None:
    """Upload, download, report."""
    with st.popover(say("files.open"), icon=":material/description:", key="files"):
        upload()
        st.divider()
        st.download_button(
            say("files.download"),
            content,
            "millet_case.json",
            "application/json",
            key="download_case",
            on_click="ignore",
        )
        st.download_button(
            say("files.html"),
            as_html,
            "millet_report.html",
            "text/html",
            key="report_html",
            on_click="ignore",
        )
        st.download_button(
            say("files.pdf"),
            as_pdf,
            "millet_report.pdf",
            "application/pdf",
            key="report_pdf",
            on_click="ignore",
        )
        st.html(f'<p class="soft">{escape(say("files.note"))}</p>')


def upload() -> None:
    """A case file; of several patients one is chosen."""
    file = st.file_uploader(
        say("files.upload"),
        type=["json"],
        key="case_file",
        max_upload_size=MAX_MEGABYTES,
        help=say("files.upload_help"),
    )
    if file is None:
        return
    try:
        cases, notes = readable(file.getvalue())
    except MilletError as error:
        shown = "\n".join(f"- {plain_text(problem)}" for problem in error.problems[:N_PROBLEMS])
        st.error(f"{say('files.bad')}\n{shown}")
        return
    if notes:
        with st.expander(say("files.notes", n=len(notes)), key="file_notes"):
            st.markdown("\n".join(f"- {plain_text(note)}" for note in notes))
    place = 0
    if len(cases) > 1:
        place = st.selectbox(
            say("files.which"), range(len(cases)), format_func=lambda i: plain(cases[i].id), key="which_case"
        )
    st.button(say("files.take"), key="take_case", type="primary", on_click=take, args=(cases[place],))


def plain_text(text: str) -> str:
    """A message in which nothing is taken for markup."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+-.!<>|$~:&" else c for c in text)


def readable(content: bytes) -> tuple[list[Case], tuple[str, ...]]:
    """
    The cases of an uploaded case file or phenopacket, and what of it was not used.

    Raises
    ------
    MilletError
        If it is no case file, holds too many cases, or has findings that cannot be read.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MilletError(say("files.not_text", byte=error.start)) from None
    if text.lstrip()[:1] not in ("{", "["):
        raise MilletError(say("files.not_json"))
    cases, notes = read_patients(text, answers.knowledge())
    if len(cases) > MAX_CASES:
        raise MilletError(say("files.too_many", n=len(cases), limit=MAX_CASES))
    encode(answers.network(patient.now().setting), cases)
    return cases, notes


def take(case: Case) -> None:
    """The chosen case becomes the present patient."""
    network = answers.network(patient.now().setting)
    findings = {}
    for name, given in case.findings.items():
        # Weights cannot be shown by a control: what is possible is kept.
        value = [state for state, weight in given.items() if weight] if isinstance(given, Mapping) else given
        if value is not None:
            findings[name] = link.normal(network, name, value)
    patient.change(findings=findings, example="")


def content() -> str:
    """The present patient as a case file."""
    return json.dumps([{"id": "patient", "findings": patient.now().findings}], indent=1, ensure_ascii=False)


def report() -> Report:
    """What the report is made of."""
    now, tables = patient.now(), answers.knowledge()
    answer = answers.differential(now.findings, now.setting)
    network = answers.network(now.setting)
    protocol = [said(tables, n, v) for n, v in now.findings.items() if tables.variables[n].role == "protocol"]
    made = {
        say("about.version"): __version__,
        say("about.digest"): network.digest,
        say("case.prior"): now.setting,
        say("files.protocol"): "; ".join(protocol) or say("files.usual_protocol"),
    }
    findings = tuple(said(tables, name, value) for name, value in now.findings.items())
    why = explanation(answer.leader()) if findings else None
    return Report(answer, findings, why, made, section("report"), figure_words())


def as_html() -> str:
    """The report as a page."""
    return report_html(report())


def as_pdf() -> bytes:
    """The report as PDF."""
    return report_pdf(report())
