"""Part of the screen Teach: a case of one's own, made and kept while one looks elsewhere."""

from __future__ import annotations

from html import escape
from typing import cast

import streamlit as st

from app_pages.shared import answers, patient, search
from app_pages.shared.controls import chips
from app_pages.shared.keeping import MAX_PASTED, MAX_UPLOAD, hold, keep
from app_pages.shared.link import normal
from app_pages.shared.messages import told
from app_pages.shared.texts import say
from app_pages.teach import give_away
from model import Case, encode
from model.errors import MilletError
from model.teaching.own_case import MAX_MEGABYTES, MAX_PICTURES, OwnCase, Picture, picture, read_own_case

MAX_TITLE, MAX_LINE, MAX_TEXT = 80, 300, 1500
# What a case is made of beside the findings: key, what it is called, most characters. The keys outlive a visit to another
# screen, see `keeping.LASTING`.
TEXTS = {
    "case_title": ("teach.title_of_case", MAX_TITLE),
    "case_vignette": ("own.vignette", MAX_TEXT),
    "case_proven_by": ("teach.proven_by", MAX_LINE),
    "case_source": ("teach.source_of_case", MAX_LINE),
    "case_points": ("own.points", MAX_TEXT),
}


def show() -> None:
    """Open a case, what it is made of, and what to do with it."""
    st.markdown(say("own.note"))
    # Until another file is chosen, however often this is drawn.
    for problem in st.session_state.get("case_problems", []):
        st.error(told(problem))
    left, right = st.columns(2, gap="medium")
    with left:
        describe()
    with right:
        st.markdown(f"##### {say('own.findings')}")
        if patient.now().findings:
            chips("educator")
        search.show("educator")
        if not patient.now().findings:
            st.info(say("teach.build_first"))
        else:
            prove()
    if long := too_long():
        for line in long:
            st.error(line)
    elif patient.now().findings and st.session_state.get("case_truth"):
        give_away.show(made)
    else:
        st.html(f'<p class="soft">{escape(say("own.missing"))}</p>')


def too_long() -> list[str]:
    """A line for each text that no link and no sheet can hold."""
    lengths = {key: len(str(st.session_state.get(key) or "")) for key in TEXTS}
    return [
        say("own.too_long", label=say(label), n=lengths[key], limit=limit)
        for key, (label, limit) in TEXTS.items()
        if lengths[key] > limit
    ]


def describe() -> None:
    """Title, vignette, pictures and teaching points; an earlier case is opened here as well."""
    for key in TEXTS:
        st.session_state.setdefault(key, say("teach.title_default") if key == "case_title" else "")
    times = st.session_state.setdefault("case_times", 0)
    with st.expander(say("own.open"), key="case_open_box"):
        key = f"case_open_{times}"
        st.file_uploader(
            say("own.open_help"),
            type=["json"],
            key=key,
            max_upload_size=MAX_UPLOAD,
            on_change=opened,
            args=(key,),
        )
    st.text_input(say("teach.title_of_case"), max_chars=MAX_PASTED, key="case_title")
    st.text_area(
        say("own.vignette"),
        max_chars=MAX_PASTED,
        key="case_vignette",
        help=say("own.vignette_help"),
    )
    pictures(f"case_pictures_{times}")
    st.text_area(
        say("own.points"),
        max_chars=MAX_PASTED,
        key="case_points",
        help=say("own.points_help"),
    )


def pictures(key: str) -> None:
    """The pictures of the case; each can be taken away."""
    st.file_uploader(
        say("own.pictures"),
        type=["png", "jpg", "jpeg", "gif", "webp"],
        accept_multiple_files=True,
        key=key,
        on_change=take,
        args=(key,),
        max_upload_size=MAX_UPLOAD,
        help=say("own.pictures_help", limit=MAX_MEGABYTES),
    )
    for i, one in enumerate(kept()):
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(
                width=140
            ):  # not a width of the picture: Streamlit then forgets how the camera was held
                st.image(one.data, width="stretch")
            st.button(say("own.drop", file=one.name), key=f"case_drop_{i}", on_click=drop, args=(i,))


def prove() -> None:
    """What the patient has, and what proved it."""
    tables = answers.knowledge()
    labels = {name: tables.diagnoses[name].label for name in (*tables.rows, *tables.leaves)}
    findings = list(patient.now().findings)
    proof = st.session_state.get("case_proof", [])
    hold("case_proof", [name for name in proof if name in findings])
    st.selectbox(
        say("teach.truth_of_case"),
        list(labels),
        index=None,
        format_func=labels.get,
        key="case_truth",
        placeholder=say("app.choose"),
        width=420,
    )
    st.multiselect(
        say("teach.proof_of_case"),
        findings,
        format_func=lambda name: tables.variables[name].label,
        key="case_proof",
        placeholder=say("app.choose"),
    )
    st.text_input(say("teach.proven_by"), key="case_proven_by", max_chars=MAX_PASTED)
    st.text_input(say("teach.source_of_case"), key="case_source", max_chars=MAX_PASTED)


def kept() -> tuple[Picture, ...]:
    """The pictures, which only this session holds."""
    return cast("tuple[Picture, ...]", st.session_state.setdefault("case_kept", ()))


def take(key: str) -> None:
    """Keep the pictures that were chosen; what is none is refused by itself, and nothing else is lost."""
    problems = []
    for file in st.session_state[key] or []:
        try:
            one = picture(file.getvalue(), file.name)
        except MilletError as error:
            problems += error.problems
            continue
        if len(kept()) >= MAX_PICTURES:
            problems.append(say("own.too_many", limit=MAX_PICTURES))
            break
        st.session_state["case_kept"] = (*kept(), one)
    st.session_state["case_problems"] = problems
    st.session_state["case_times"] += 1


def drop(place: int) -> None:
    """Take a picture away."""
    st.session_state["case_kept"] = tuple(one for i, one in enumerate(kept()) if i != place)


def opened(key: str) -> None:
    """Go on with the case of a file; where it cannot be read, nothing that is there is lost."""
    file = st.session_state[key]
    if file is None:
        return
    network = answers.network(patient.now().setting)
    try:
        own = read_own_case(file.getvalue(), file.name)
        case = own.case
        encode(network, case)  # before states that do not exist are left out
        findings = {n: normal(network, n, v) for n, v in case.findings.items() if v is not None}
        if case.truth is not None and case.truth not in answers.knowledge().diagnoses:
            raise MilletError(say("own.no_truth", file=file.name))
    except (MilletError, KeyError, TypeError) as error:
        lines = error.problems if isinstance(error, MilletError) else [say("own.unreadable", file=file.name)]
        st.session_state["case_problems"] = lines[:1]
        return
    patient.change(findings=findings, example="")
    said = (case.id, own.vignette, case.proven_by, case.source, "\n".join(own.points))
    proof = {"case_truth": case.truth, "case_proof": list(case.confirmatory)}
    keep(dict(zip(TEXTS, said, strict=True)) | proof)
    st.session_state.update({"case_kept": own.pictures, "case_problems": []})
    st.session_state["case_times"] += 1


def made() -> OwnCase:
    """The case as it stands."""
    title, vignette, proven_by, source, points = (str(st.session_state[key]) for key in TEXTS)
    case = Case(
        title or say("teach.title_default"),
        dict(patient.now().findings),
        st.session_state["case_truth"],
        confirmatory=tuple(st.session_state["case_proof"]),
        source=source,
        proven_by=proven_by,
    )
    lines = tuple(line.strip() for line in points.splitlines() if line.strip())
    return OwnCase(case, vignette, lines, kept())
