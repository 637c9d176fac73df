"""Files of the screen Case: take a patient from a case file, give him as one, and the report."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from html import escape

import streamlit as st

from app_pages.shared import answers, link, patient
from app_pages.shared.controls import said, value_said
from app_pages.shared.keeping import MAX_UPLOAD
from app_pages.shared.messages import told_all
from app_pages.shared.prior import setting_said
from app_pages.shared.texts import figure_words, language, say, section
from app_pages.why.answers import spoken
from model import Case, Differential, Patients, __version__, encode, explain, read_patients
from model.errors import MilletError, plain
from model.pages.patient import Report, report_html
from model.pages.patient_pdf import report_pdf
from model.patient.cases import CASE_KEYS

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
        type=["json", "csv", "tsv", "txt", "parquet"],
        key="case_file",
        max_upload_size=MAX_UPLOAD,
        help=say("files.upload_help"),
    )
    if file is None:
        return
    try:
        found = readable(file.getvalue(), file.name)
    except MilletError as error:
        shown = "\n".join(f"- {plain_text(problem)}" for problem in told_all(error.problems[:N_PROBLEMS]))
        st.error(f"{say('files.bad')}\n{shown}")
        return
    cases = found.cases
    if found.notes:
        with st.expander(say("files.notes", n=len(found.notes)), key="file_notes"):
            st.markdown("\n".join(f"- {plain_text(note)}" for note in told_all(found.notes)))
    place = 0
    if len(cases) > 1:
        place = st.selectbox(
            say("files.which"), range(len(cases)), format_func=lambda i: plain(cases[i].id), key="which_case"
        )
    for line in left_behind(cases[place]):
        st.caption(plain_text(line))
    st.button(say("files.take"), key="take_case", type="primary", on_click=take, args=(cases[place],))


def plain_text(text: str) -> str:
    """A message in which nothing is taken for markup."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+-.!<>|$~:&" else c for c in text)


def readable(content: bytes, name: str) -> Patients:
    """
    The patients of an uploaded file, and what of it was not used.

    Raises
    ------
    MilletError
        If it is no file of patients, holds too many, or has findings that cannot be read.
    """
    if (size := len(content) / 1e6) > MAX_MEGABYTES:
        said = f"{size:.1f}".replace(".", figure_words()["decimal"])
        raise MilletError(say("files.too_large", file=plain(name), size=said, limit=MAX_MEGABYTES))
    found = read_patients(content, answers.knowledge(), name=name)
    if len(found.cases) > MAX_CASES:
        raise MilletError(say("files.too_many", n=len(found.cases), limit=MAX_CASES))
    encode(answers.network(patient.now().setting), found.cases)
    return found


def left_behind(case: Case) -> list[str]:
    """What of a case is no finding that a control can show."""
    tables = answers.knowledge()
    weighed = [
        tables.variables[name].label for name, value in case.findings.items() if isinstance(value, Mapping)
    ]
    others = [key for key in CASE_KEYS if key not in ("id", "findings") and getattr(case, key)]
    lines = [say("files.weighed", names=", ".join(weighed))] if weighed else []
    return lines + ([say("files.others", names=", ".join(others))] if others else [])


def take(case: Case) -> None:
    """The chosen case becomes the present patient."""
    network = answers.network(patient.now().setting)
    findings = {}
    for name, given in case.findings.items():
        # Weights cannot be shown by a control: what is possible is kept, as `left_behind` says.
        value = [state for state, weight in given.items() if weight] if isinstance(given, Mapping) else given
        if value is not None:
            findings[name] = link.normal(network, name, value)
    patient.change(findings=findings, example="")


def content() -> str:
    """The present patient as a case file."""
    return json.dumps([{"id": "patient", "findings": patient.now().findings}], indent=1, ensure_ascii=False)


def today() -> str:
    """The date, as the session's language writes it."""
    now = datetime.now().astimezone()
    return say("files.date", day=now.day, month=say(f"months.{now.month}"), year=now.year)


def report_of(answer: Differential) -> Callable[[], Report]:
    """
    What makes the report of the present patient, when it is wanted.

    Streamlit asks for the file in a thread that has no session: all that the report needs of one is gathered here.
    """
    now, tables = patient.now(), answers.knowledge()
    network, findings = answers.network(now.setting), dict(now.findings)
    values = {name: value_said(tables, name, value) for name, value in findings.items()}
    protocol = [said(tables, n, v) for n, v in findings.items() if tables.variables[n].role == "protocol"]
    setting = setting_said(link.prior(now.setting))
    made = {
        say("about.version"): __version__,
        say("about.digest"): network.digest,
        say("about.fingerprint"): str(network.provenance()["fingerprint"]),
        say("case.prior"): setting,
        say("case.knowledge"): say(f"report.layer_{link.layer(now.setting)}"),
        say("files.protocol"): "; ".join(protocol) or say("files.usual_protocol"),
    }
    listed = tuple(said(tables, name, value) for name, value in findings.items())
    report = Report(
        *(answer, setting, listed, None, made, section("report"), figure_words()),
        date=today(),
        link=patient.address(),
        language=language(),
    )

    def whole() -> Report:
        if not findings:
            return report
        why = explain(network, encode(network, findings), diagnosis=answer.leader())
        return replace(report, why=spoken(why, values))

    return whole
