"""Files of the screen Case: take a patient from a case file, give him as one, and the report."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape

import streamlit as st

from app_pages.shared import answers, link, patient
from app_pages.shared.controls import said, value_said
from app_pages.shared.texts import figure_words, say, section
from app_pages.why.answers import spoken
from model import Case, Differential, __version__, encode, explain
from model.errors import MilletError, plain
from model.exchange.phenopacket_read import read_patients
from model.pages.patient import Report, report_html, report_pdf

MAX_MEGABYTES = 2
MAX_CASES = 500
N_PROBLEMS = 5


def show(answer: Differential | None) -> None:
    """
    Upload, download, report.

    Parameters
    ----------
    answer
        The differential of the present patient; None where the findings cannot all be true, so that there is no
        report.
    """
    with st.popover(say("files.open"), icon=":material/description:", key="files"):
        upload()
        st.divider()
        download("download_case", say("files.download"), content(), "millet_case.json", "application/json")
        made = None if answer is None else report_of(answer)
        html = None if made is None else lambda: report_html(made())
        pdf = None if made is None else lambda: report_pdf(made())
        download("report_html", say("files.html"), html, "millet_report.html", "text/html")
        download("report_pdf", say("files.pdf"), pdf, "millet_report.pdf", "application/pdf")
        st.html(f'<p class="soft">{escape(say("files.note"))}</p>')


def download(
    key: str, label: str, data: str | Callable[[], str | bytes] | None, name: str, mime: str
) -> None:
    """A file to take away; one without data cannot be pressed."""
    given = "" if data is None else data
    st.download_button(label, given, name, mime, key=key, on_click="ignore", disabled=data is None)


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


def report_of(answer: Differential) -> Callable[[], Report]:
    """
    What makes the report of the present patient, when it is wanted.

    Streamlit asks for the file in a thread that has no session: all that the report needs of one is gathered here.
    """
    now, tables = patient.now(), answers.knowledge()
    network, findings = answers.network(now.setting), dict(now.findings)
    values = {name: value_said(tables, name, value) for name, value in findings.items()}
    protocol = [said(tables, n, v) for n, v in findings.items() if tables.variables[n].role == "protocol"]
    made = {
        say("about.version"): __version__,
        say("about.digest"): network.digest,
        say("case.prior"): now.setting,
        say("files.protocol"): "; ".join(protocol) or say("files.usual_protocol"),
    }
    listed = tuple(said(tables, name, value) for name, value in findings.items())
    report = Report(answer, listed, None, made, section("report"), figure_words())

    def whole() -> Report:
        if not findings:
            return report
        why = explain(network, encode(network, findings), diagnosis=answer.leader())
        return replace(report, why=spoken(why, values))

    return whole
