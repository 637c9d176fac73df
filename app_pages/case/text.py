"""Part "From text" of the screen Case: a text's findings are suggested, marked, and taken over one by one or together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

import streamlit as st

from app_pages.shared import answers, link, patient
from app_pages.shared.controls import askable, finding_control, said
from app_pages.shared.keeping import MAX_PASTED
from app_pages.shared.link import Value
from app_pages.shared.messages import told_all
from app_pages.shared.texts import language, say
from model import load_knowledge_base, read_text
from model.errors import MilletError
from model.reading.compare import clashes
from model.reading.record import Mention, Reading, Suggestion
from model.reading.spoken import seems_in
from priors.reading_schema import LANGUAGES

HEIGHT = 220
SIGNS = {"present": "+", "absent": "−", "uncertain": "?"}
FOUND = "text_found"
LEFT_OUT = "text_left_out"


def show() -> None:
    """The panel; what it needs is loaded when it is opened, and the text is forgotten when it is closed."""
    panel = st.expander(say("from_text.open"), icon=":material/notes:", key="from_text", on_change="rerun")
    if not panel.open:
        forget()
        return
    with panel:
        st.html(f'<p class="soft">{escape(say("from_text.note"))}</p>')
        spoken = st.segmented_control(
            say("from_text.language"),
            list(LANGUAGES),
            default=language() if language() in LANGUAGES else LANGUAGES[0],
            required=True,
            format_func=str.upper,
            key="report_language",
            on_change=forget,
        )
        text = st.text_area(
            say("from_text.text"),
            max_chars=MAX_PASTED,
            height=HEIGHT,
            placeholder=say("from_text.hint"),
            key="report_text",
            on_change=forget,
        )
        st.button(say("from_text.read"), key="read_report", type="primary")
        if text and text.strip():
            seemed = seems_in(text)
            if seemed and seemed != spoken:
                st.warning(say("from_text.other_language", seemed=seemed.upper(), chosen=str(spoken).upper()))
            try:
                suggestions(text, reading(text, spoken or LANGUAGES[0]))
            except MilletError as error:
                st.error("\n\n".join(told_all(error.problems)))


def forget() -> None:
    """Nothing is left of the last text."""
    st.session_state.pop(FOUND, None)
    st.session_state.pop(LEFT_OUT, None)


def reading(text: str, spoken: str) -> Reading:
    """What the text says; kept while it stands there."""
    kept: tuple[str, str, Reading] | None = st.session_state.get(FOUND)
    if kept is None or kept[:2] != (text, spoken):
        with st.spinner(say("from_text.reading")):
            kept = (text, spoken, read_text(text, load_knowledge_base(), spoken))
        st.session_state[FOUND] = kept
    return kept[2]


def suggestions(text: str, found: Reading) -> None:
    """The marked text, and what is suggested."""
    st.html(
        f'<div class="said-text" role="region" tabindex="0" aria-label="{escape(say("from_text.marked"), quote=True)}">'
        f"{marked(text, found)}</div>"
        f'<p class="soft">{escape(say("from_text.legend"))}</p>'
    )
    now, names = patient.now().findings, askable()
    left_out: list[str] = st.session_state.get(LEFT_OUT, [])
    values = {
        one.finding: value
        for one in found.suggestions
        if one.finding in names and (value := usable(one)) is not None
    }
    open_ones = [
        one
        for one in found.suggestions
        if one.finding in values
        and one.finding not in left_out
        and now.get(one.finding) != values[one.finding]
    ]
    tables = load_knowledge_base()
    agreeing = {
        one.finding: values[one.finding]
        for one in open_ones
        if one.is_certain and not clashes(one.finding, values[one.finding], now, tables)
    }
    n_taken = sum(now.get(name) == value for name, value in values.items())
    st.html(
        f'<p class="basis" role="status">{escape(say("from_text.counts", n=len(values), taken=n_taken))}</p>'
    )
    if agreeing:
        st.button(
            say("from_text.take_all", n=len(agreeing)),
            icon=":material/done_all:",
            key="take_all_said",
            on_click=patient.add,
            args=(agreeing,),
        )
    with st.container(key="suggestions"):
        for one in open_ones:
            row(one, values[one.finding])
    others(found)


def usable(one: Suggestion) -> Value | None:
    """The value as the session holds findings; None if it says nothing."""
    value: object = one.value
    return link.normal(answers.network(patient.now().setting), one.finding, value)


def row(one: Suggestion, value: Value) -> None:
    """One suggestion: its words, its buttons, and the control of the finding for another answer."""
    tables = answers.knowledge()
    with st.container(key=f"said_{one.finding}", gap="xsmall"):
        st.html(described(one, value))
        for name in clashes(one.finding, value, patient.now().findings, load_knowledge_base()):
            known = said(tables, name, patient.now().findings[name])
            st.html(f'<p class="caution" role="status">{escape(say("from_text.clash", known=known))}</p>')
        with st.container(horizontal=True, gap="small"):
            st.button(
                say("from_text.take"),
                icon=":material/check:",
                key=f"take_said_{one.finding}",
                help=said(tables, one.finding, value),
                on_click=patient.put,
                args=(one.finding, value),
            )
            st.button(
                say("from_text.leave"),
                icon=":material/close:",
                key=f"leave_said_{one.finding}",
                help=said(tables, one.finding, value),
                on_click=leave,
                args=(one.finding,),
            )
        finding_control(tables.variables[one.finding], "text", label=say("from_text.other"))


def leave(finding: str) -> None:
    """A suggestion is not wanted."""
    st.session_state[LEFT_OUT] = [*st.session_state.get(LEFT_OUT, []), finding]


def described(one: Suggestion, value: Value) -> str:
    """A suggestion with its sign, the words it rests on, and why it is not certain."""
    kind = (
        kind_of(one.mentions[0]) if not one.is_certain else kind_of(next(m for m in one.mentions if m.counts))
    )
    words = "; ".join(say("from_text.quoted", words=" ".join(m.words.split())) for m in one.mentions)
    notes = "" if one.is_certain else say(f"from_text.{reason(one.mentions[0])}")
    if one.is_contradicted:
        notes = say("from_text.both")
    return (
        f'<p class="said-row"><span class="said {kind}" aria-hidden="true">{SIGNS[kind]}</span> '
        f"<b>{escape(said(answers.knowledge(), one.finding, value))}</b>"
        f"{' · ' if notes else ''}{escape(notes)}<br><small>{escape(words)}</small></p>"
    )


def reason(mention: Mention) -> str:
    """Why a mention is not taken for a statement about the patient."""
    return "relative" if mention.relative else "uncertain" if mention.uncertain else "past"


def kind_of(mention: Mention) -> str:
    """How a mention is marked: what is not certain, what is denied, what is there."""
    if not mention.counts:
        return "uncertain"
    states = {
        state.id for state in load_knowledge_base().variables[mention.finding].states if state.is_reference
    }
    return "absent" if mention.states and set(mention.states) <= states else "present"


def marked(text: str, found: Reading) -> str:
    """The text with its mentions marked in colour, line and sign."""
    parts, at = [], 0
    for mention in apart(found):
        kind = kind_of(mention)
        label = answers.knowledge().variables[mention.finding].label
        parts.append(escape(text[at : mention.start]))
        title = escape(f"{label}: {say(f'from_text.{kind}')}", quote=True)
        words = escape(text[mention.start : mention.end])
        parts.append(f'<mark class="said {kind}" title="{title}">{words}<sup>{SIGNS[kind]}</sup></mark>')
        at = mention.end
    return "".join([*parts, escape(text[at:])])


def apart(found: Reading) -> Iterator[Mention]:
    """Mentions that do not overlap, in the order of the text, the longer of two."""
    at = 0
    places = (mention for one in found.suggestions for mention in one.mentions)
    for mention in sorted(places, key=lambda m: (m.start, m.start - m.end)):
        if mention.start >= at:
            yield mention
            at = mention.end


def others(found: Reading) -> None:
    """What was recognised and is no finding."""
    words: Mapping[str, None] = dict.fromkeys(" ".join(one.words.split()) for one in found.unlisted)
    if words:
        st.html(f'<p class="soft">{escape(say("from_text.unlisted", words="; ".join(words)))}</p>')
