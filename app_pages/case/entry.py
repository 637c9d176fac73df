"""Part "Findings" of the screen Case: age and sex, search, what is known, best next findings, examinations by section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import cast

import streamlit as st

from app_pages.shared import answers, patient, search, worth
from app_pages.shared.controls import askable, chips, finding_control
from app_pages.shared.texts import ENGLISH, language, percent, say
from model.patient.normal import NormalRest, normal_rest
from priors.schema import Variable

N_BEST = 3
MIN_PER_PANEL = 2
AT_HAND = ("age_years", "sex")
# In the session: what the last "the rest is normal" said, and of which patient.
SAID_NORMAL = "said_normal"


def person() -> None:
    """The ways back; age and sex, always at hand, and the search, before all else."""
    tables = answers.knowledge()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="ways_back"):
        st.markdown(f"#### {say('case.findings')}", width="content")
        ways_back()
    with st.container(key="enter"):
        with st.container(horizontal=True, gap="medium", key="person"):
            for name in AT_HAND:
                finding_control(tables.variables[name], "person")
        search.show("case")


def known() -> None:
    """What is known so far, in one strip."""
    if patient.now().findings:
        chips("case")
    else:
        st.html(f'<p class="soft">{say("case.known_none")}</p>')


def ways_back() -> None:
    """Undo and reset."""
    st.button(
        say("case.undo"),
        icon=":material/undo:",
        key="undo",
        type="tertiary",
        on_click=patient.undo,
        disabled=patient.before() is None,
    )
    st.button(
        say("case.reset"),
        icon=":material/restart_alt:",
        key="reset",
        type="tertiary",
        on_click=patient.reset,
        disabled=not patient.now().findings,
    )


def best_next() -> None:
    """The findings that would tell most, to be answered on the spot; those that stand above all are not asked again."""
    st.markdown(f"##### {say('case.next')}", help=say("case.next_note"))
    now = patient.now()
    found = answers.information(now.findings, now.setting)
    groups = worth.findings(found)
    best = [one for group in groups for one in group if one.finding not in AT_HAND][:N_BEST]
    matters = worth.matters(candidate.value for candidate in best)
    if best:
        st.html(f'<p class="soft">{say("case.next_what" if matters else "next_step.nothing_matters")}</p>')
    for candidate in best:
        share = percent(worth.share(candidate.value, found.now))
        # A large share of what is hardly open would seem to contradict that nothing matters.
        label = say("case.next_label", label=candidate.label, share=share) if matters else candidate.label
        finding_control(answers.knowledge().variables[candidate.finding], "ask", label=label)
    if not best:
        st.html(f'<p class="soft">{say("case.next_none")}</p>')


def panels(variables: Mapping[str, Variable]) -> dict[str, list[Variable]]:
    """Title -> findings of one order; orders with a single finding share one panel."""
    orders = answers.knowledge().orders
    by_order: dict[str, list[Variable]] = {}
    for variable in variables.values():
        by_order.setdefault(variable.order, []).append(variable)
    found: dict[str, list[Variable]] = {}
    for order in sorted(by_order, key=lambda name: orders[name].position):
        is_small = len(by_order[order]) < MIN_PER_PANEL
        title = say("case.further") if is_small else orders[order].label
        found.setdefault(title, []).extend(by_order[order])
    return dict(sorted(found.items(), key=lambda item: item[0] == say("case.further")))


def sections(variables: list[Variable]) -> Iterator[tuple[str, list[Variable]]]:
    """Subheading and findings, in the order of the tables; one part without subheading where there are no sections."""
    tables, is_english = answers.knowledge(), language() == ENGLISH
    here = {variable.id for variable in variables}
    divided = [section for section in tables.sections.values() if here & set(section.findings)]
    for section in divided:
        names = [name for name in section.findings if name in here]
        yield section.label if is_english else section.label_de, [tables.variables[name] for name in names]
    if not divided:
        yield "", variables


def examinations() -> None:
    """The findings of one examination, section by section, and all that is left of it in one click."""
    groups = panels({name: v for name, v in askable().items() if name not in AT_HAND})
    counts = {title: sum(v.id in patient.now().findings for v in group) for title, group in groups.items()}
    title = st.pills(
        say("case.order"),
        list(groups),
        default=next(iter(groups)),
        required=True,
        format_func=lambda name: say("case.order_item", label=name, n=counts[name]) if counts[name] else name,
        key="panel",
        label_visibility="collapsed",
        wrap=True,
    )
    st.html(f'<p class="soft">{say("case.findings_hint")}</p>')
    rest_normal(title, groups[title])
    with st.container(key="panel_findings", gap="xsmall"):
        for heading, variables in sections(groups[title]):
            if heading:
                st.html(f'<h6 class="section">{escape(heading)}</h6>')
            for variable in variables:
                finding_control(variable, "finding")


def rest_normal(title: str, variables: list[Variable]) -> None:
    """The rest of one examination is normal: a button, and what it has said, with the way back."""
    names = [variable.id for variable in variables]
    if title != say("case.further"):
        rest = normal_rest(answers.knowledge(), patient.now().findings, names)
        if rest.answers or rest.clashing:
            st.button(
                say("normal.rest"),
                icon=":material/done_all:",
                key="rest_normal",
                help=say("normal.help"),
                on_click=say_normal,
                args=(names,),
            )
    said = cast("tuple[NormalRest, patient.Known] | None", st.session_state.get(SAID_NORMAL))
    if said and said[1] == patient.now() and set(names) & {*said[0].answers, *said[0].clashing}:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="normal_said"):
            st.html(f'<p class="soft" role="status">{escape(normal_text(said[0]))}</p>', width="content")
            if said[0].answers:
                undo = {"icon": ":material/undo:", "type": "tertiary", "on_click": patient.undo}
                st.button(say("case.undo"), key="undo_normal", **undo)


def say_normal(names: list[str]) -> None:
    """Record what is normal, as one change that can be undone; an answer that came after the picture counts as known."""
    rest = normal_rest(answers.knowledge(), patient.now().findings, names)
    patient.add(rest.answers)
    st.session_state[SAID_NORMAL] = (rest, patient.now())


def normal_text(rest: NormalRest) -> str:
    """What was recorded, and what stayed open for which reason."""
    variables = answers.knowledge().variables
    parts = [say("normal.recorded", n=len(rest.answers)) if rest.answers else say("normal.refused")]
    for kind, names in (("clashing", rest.clashing), ("without", rest.without)):
        if names:
            parts.append(say(f"normal.{kind}", labels=", ".join(variables[name].label for name in names)))
    return " ".join(parts)
