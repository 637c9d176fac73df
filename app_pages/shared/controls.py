"""
Widgets for findings: a control per finding, chips for what is known, the search, and the frame of a screen.

Knows: Streamlit. Must not know: probabilities.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import cast

import streamlit as st
from streamlit.navigation.page import Page

from app_pages.shared import glossary, keeping, manners, patient
from app_pages.shared.answers import knowledge, network
from app_pages.shared.link import Value
from app_pages.shared.messages import told, told_all
from app_pages.shared.texts import FILES, figure_words, say, section
from model.errors import ContradictionError, ImpossibleFindingsError, MilletError
from model.figures import STYLE, age_text, placed
from model.next_step.information import CANDIDATE_ROLES, TARGETS
from model.patient.weights import MAX_AGE_YEARS
from priors.schema import KnowledgeBase, Variable

# More normal findings than that are folded into one chip.
MAX_NORMAL = 3

OWN_STYLE = Path(__file__).resolve().parents[1].joinpath("style.css").read_text(encoding="utf-8")


def frame(pages: Sequence[Page]) -> None:
    """What every screen begins with: its style, the way to the other screens, the scope of the whole."""
    said = f':root{{--upload:"{say("app.upload")}"}}'
    st.html(f"<style>{STYLE}\n{OWN_STYLE}\n{said}</style>")
    keeping.bring_back()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="screens"):
        st.html(f'<span class="product">{say("app.name")}</span>', width="content")
        with st.popover(say("app.menu"), icon=":material/menu:", key="menu", type="tertiary"):
            for page in pages:
                st.page_link(page)
        with st.container(
            horizontal=True, vertical_alignment="center", gap="small", width="content", key="links"
        ):
            for page in pages:
                st.page_link(page)
        glossary.popover()
        st.segmented_control(
            say("app.language"),
            list(FILES),
            required=True,
            format_func=str.upper,
            key="language",
            label_visibility="collapsed",
        )
    st.html(f'<p class="scope">{say("app.scope")}</p>')
    manners.mind()


def _as_value(given: object) -> Value | None:
    if isinstance(given, list):
        return given[0] if len(given) == 1 else cast("Value | None", given or None)
    return float(given) if isinstance(given, int) else cast("Value | None", given)


def finding_control(variable: Variable, place: str, *, label: str = "") -> None:
    """
    The control of one finding, its explanation on the left.

    Parameters
    ----------
    variable
        The finding.
    place
        Where on the screen: the same finding may be shown in several places.
    label
        What to call it, if not by its own label.
    """
    with st.container(horizontal=True, gap="small", key=f"row_{place}_{variable.id}"):
        glossary.beside(variable)
        _control(variable, place, label)


def _control(variable: Variable, place: str, label: str) -> None:
    key = f"{place}_{variable.id}"
    value = patient.now().findings.get(variable.id)
    labels = {state.id: state.label for state in variable.states}
    title, note = label or variable.label, None if glossary.terms_of(variable.id) else variable.note or None
    call = {"key": key, "on_change": lambda: patient.put(variable.id, _as_value(st.session_state[key]))}
    choice = call | {"options": list(labels), "format_func": labels.get, "help": note, "wrap": True}
    if variable.kind == "age":
        keeping.hold(key, value if isinstance(value, float) else None)
        st.number_input(
            years_said(title, value),
            0.0,
            float(MAX_AGE_YEARS),
            None,
            step=1.0,
            format="%g",
            placeholder="–",
            width=170,
            **call,
        )
    elif len(variable.states) == 2:
        keeping.hold(key, value if isinstance(value, str) else None)
        st.segmented_control(title, **choice)
    else:
        keeping.hold(key, [value] if isinstance(value, str) else list(cast("list[str]", value or [])))
        st.pills(title, selection_mode="multi", **choice)


def years_said(title: str, value: Value | None) -> str:
    """Name of the field for the age: that it takes years, and what a part of a year means."""
    if not isinstance(value, float) or value.is_integer():
        return say("case.years", label=title)
    return say("case.years_months", label=title, age=age_text(value, figure_words()))


def askable() -> dict[str, Variable]:
    """What can be entered: everything but the MS axes, which are inferred."""
    return dict(knowledge().of_role(*CANDIDATE_ROLES, "protocol"))


def value_said(tables: KnowledgeBase, finding: str, value: Value) -> str:
    """A value of one finding, as a person says it."""
    if isinstance(value, float):
        return f"{value:g}" if value.is_integer() else age_text(value, figure_words())
    labels = {state.id: state.label for state in tables.variables[finding].states}
    states = [value] if isinstance(value, str) else value
    # In the order of the tables, as the address gives them back, not in that of the clicks.
    return say("case.or").join(placed(labels[state], figure_words()) for state in labels if state in states)


def said(tables: KnowledgeBase, finding: str, value: Value) -> str:
    """What is known of one finding, as a person says it."""
    label = tables.variables[finding].label
    return say("case.chip", label=label, value=value_said(tables, finding, value))


def folded(findings: Mapping[str, Value]) -> list[str]:
    """The findings in their reference state, if there are too many of them to be told one by one; else none."""
    variables = knowledge().variables
    normal = [
        name
        for name, value in findings.items()
        if any(state.is_reference and state.id == value for state in variables[name].states)
    ]
    return normal if len(normal) > MAX_NORMAL else []


def listed(findings: Mapping[str, Value]) -> str:
    """What is known, in one line; many normal findings are only counted."""
    normal = folded(findings)
    names = [said(knowledge(), name, value) for name, value in findings.items() if name not in normal]
    return "; ".join([*names, say("normal.chips", n=len(normal))] if normal else names)


def chips(place: str) -> None:
    """What is known so far; a click takes a finding away. Many normal findings are folded into one."""
    findings = patient.now().findings
    normal = folded(findings)
    with st.container(horizontal=True, gap="xsmall", key="chips"):
        for finding, value in findings.items():
            if finding not in normal:
                chip(place, finding, value)
        if normal:
            with (
                st.popover(say("normal.chips", n=len(normal)), key=f"normal_{place}"),
                st.container(horizontal=True, gap="xsmall", key="chips_normal"),
            ):
                for finding in normal:
                    chip(place, finding, findings[finding])


def chip(place: str, finding: str, value: Value) -> None:
    """One thing that is known."""
    st.button(
        said(knowledge(), finding, value),
        key=f"chip_{place}_{finding}",
        icon=":material/close:",
        icon_position="right",
        help=say("case.chip_help"),
        on_click=patient.put,
        args=(finding, None),
    )


def choice(key: str, options: Mapping[str, str], label: str, *, is_named: bool = True) -> str:
    """One of several options, the first at the beginning; a lasting one, see `keeping`."""
    st.session_state.setdefault(key, next(iter(options)))
    chosen = st.segmented_control(
        label,
        list(options),
        required=True,
        format_func=options.get,
        key=key,
        wrap=True,
        label_visibility="visible" if is_named else "collapsed",
    )
    return cast("str", chosen)


def target_choice() -> str:
    """What information is about; the table row at the beginning."""
    names = {name: text for name, text in section("targets").items() if name in TARGETS}
    return choice("target", names, say("next_step.target"))


def bar_list(
    place: str, items: Sequence[tuple[str, str, float]], headings: Mapping[str, str] | None = None
) -> str:
    """
    Buttons whose background is a bar; gives the one that is chosen, the first at the beginning.

    Parameters
    ----------
    place
        Where on the screen; the buttons are called after it.
    items
        Identifier, text, and length of the bar from 0 to 1.
    headings
        Identifier -> what stands above this item; none by default.
    """
    names = [name for name, _, _ in items]
    chosen = cast("str", st.session_state.get(f"chosen_{place}"))
    chosen = chosen if chosen in names else names[0]
    widths = "".join(
        f".st-key-{place}_{name} button{{--share:{100 * share:.1f}%}}" for name, _, share in items
    )
    st.html(f"<style>{widths}</style>")
    with st.container(key=f"bars_{place}", gap=None):
        for name, text, _ in items:
            if headings and name in headings:
                st.html(f'<h6 class="section">{escape(headings[name])}</h6>')
            st.button(
                text,
                key=f"{place}_{name}",
                type="primary" if name == chosen else "secondary",
                width="stretch",
                on_click=choose,
                args=(place, name),
            )
    return chosen


def choose(place: str, name: str) -> None:
    """Take one of the items of `bar_list`."""
    st.session_state[f"chosen_{place}"] = name


def link_problems() -> None:
    """One message about a link that could not be read completely."""
    if problems := st.session_state["link_problems"]:
        st.warning("\n".join([say("link.problem"), *(f"- {problem}" for problem in told_all(problems))]))


def unsound() -> None:
    """A warning on every screen while the draws have not converged."""
    if problems := network(patient.now().setting).origin.problems:
        st.error("\n".join([say("app.unsound"), *(f"- {problem}" for problem in told_all(problems))]))


def trouble(error: MilletError) -> None:
    """What cannot be answered, in words, and the way out; of findings that cannot be true together, that they are it."""
    clash = isinstance(error, (ContradictionError, ImpossibleFindingsError))
    lines = [say("case.trouble")] if clash else []
    st.error("\n\n".join([*lines, *readable(knowledge(), error.problems)]))
    if patient.before() is not None:
        st.button(say("case.undo_last"), key="undo_trouble", on_click=patient.undo)


def broken(error: ValueError) -> None:
    """What keeps the app from working at all, and the remedy."""
    st.error("\n\n".join([say("app.broken"), *told_all(str(error).splitlines())]))


def readable(tables: KnowledgeBase, problems: Iterable[str]) -> list[str]:
    """Messages in the session's language, with labels in place of ``finding = state``, and without the name of the case."""
    lines = []
    for problem in problems:
        line = told(problem.partition(": ")[2] or problem)
        for finding, value in patient.now().findings.items():
            spelled = value if isinstance(value, str) else "|".join(cast("list[str]", value)) if value else ""
            for text in (f"{finding} = {spelled}", f"{finding} = {value!r}"):
                line = line.replace(text, f"**{said(tables, finding, value)}**")
        lines.append(line)
    return lines
