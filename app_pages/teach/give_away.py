"""Part of the screen Teach: a case of one's own is given away: link and QR code, worksheet and key, its file, a class."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

import streamlit as st

from app_pages.shared import answers
from app_pages.shared.controls import trouble
from app_pages.shared.texts import figure_words, language, say, section
from app_pages.teach import class_state, state
from app_pages.teach.class_votes import address
from app_pages.teach.commit import finding_text
from app_pages.teach.state import Lesson
from model.errors import MilletError
from model.figures.qr import qr_code
from model.pages.worksheet import Block, Sheet, page_html
from model.pages.worksheet_pdf import page_pdf
from model.teaching.own_case import OwnCase, content, written


def show(make: Callable[[], OwnCase]) -> None:
    """Everything that can be done with the case, once it can be taught; `make` gives it as it stands."""
    own = make()
    spelled = spell(own)
    try:
        lesson = state.fresh(spelled)
    except MilletError as error:
        trouble(error)
        return

    def now() -> str:
        return spell(make())

    st.divider()
    with st.container(horizontal=True):
        st.button(
            say("teach.try"), key="begin_own", on_click=state.start, args=(state.begin, now), type="primary"
        )
        start = (lambda chosen: class_state.start([chosen]), now)
        st.button(say("classroom.start"), key="class_own", on_click=state.start, args=start)
    link(f"{address('teach') or '/teach'}?t={spelled}")
    st.markdown(f"##### {say('own.print')}")
    files(own, lesson)


def spell(own: OwnCase) -> str:
    """The case as links spell it; its pictures are kept in the session under that."""
    spelled = f"c.{state.packed(content(own))}"
    st.session_state["pictures_of"] = {spelled: own.pictures}
    return spelled


def link(whole: str) -> None:
    """The absolute link with its own button to copy, and its QR code where a camera can read it."""
    st.markdown(f"##### {say('own.hand_on')}")
    left, right = st.columns(2, gap="medium")
    with left:
        st.html(f'<p class="soft">{escape(say("teach.link_note"))}</p>')
        st.code(whole, language=None, wrap_lines=True)
    with right:
        try:
            drawn = qr_code(whole, say("own.qr"))
        except MilletError:
            st.html(f'<p class="soft">{escape(say("own.no_qr"))}</p>')
            return
        st.markdown(f'<div class="invitation whole">{drawn}</div>', unsafe_allow_html=True)


def files(own: OwnCase, lesson: Lesson) -> None:
    """Worksheet and key, each as HTML and PDF, and the file from which the case opens again."""
    words = {**figure_words(), **section("worksheet"), "scope": say("app.scope")}
    sheet = Sheet(own, state.shown(lesson), answers.knowledge(), finding_text, words, language())
    named = re.sub(r"\W+", "_", own.case.id).strip("_")[:40] or "case"
    with st.container(horizontal=True):
        printed("worksheet", named, own.case.id, sheet.worksheet(), sheet)
        printed("key", named, f"{own.case.id}: {words['key']}", sheet.key(), sheet)
        download("case_download", say("own.file"), lambda: written(own), f"{named}.json", "application/json")


def printed(name: str, file: str, title: str, blocks: list[Block], sheet: Sheet) -> None:
    """One page as HTML and as PDF; the pictures stand on the worksheet."""
    has_pictures = name == "worksheet"

    def html() -> str:
        return page_html(title, blocks, sheet, pictures=has_pictures)

    def pdf() -> bytes:
        return page_pdf(title, blocks, sheet, pictures=has_pictures)

    download(f"{name}_html", say(f"own.{name}_html"), html, f"{file}_{name}.html", "text/html")
    download(f"{name}_pdf", say(f"own.{name}_pdf"), pdf, f"{file}_{name}.pdf", "application/pdf")


def download(key: str, label: str, data: Callable[[], str | bytes], file: str, mime: str) -> None:
    """A file to take away, made when it is wanted."""
    st.download_button(label, data, file, mime, key=key, on_click="ignore")
