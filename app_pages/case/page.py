"""Screen 1, "What is the diagnosis?": findings in, ranked differential out, best next findings beside it."""

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.case import files, notes, text
from app_pages.shared import answers, examples, patient, search, worth
from app_pages.shared.controls import askable, chips, finding_control, link_problems, said, trouble
from app_pages.shared.figure import draw
from app_pages.shared.prior import layer_choice, setting_choice, weights
from app_pages.shared.texts import figure_words, percent, say
from model import Differential
from model.errors import MilletError
from model.figures import (
    FloatArray,
    differential_table,
    group_colour,
    legend,
    people_dots,
    share_bars,
    shift_text,
)
from priors.schema import Variable

N_LEADING = 8
N_BEST = 3
MIN_PER_PANEL = 2


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


def load_example() -> None:
    """Take over the example that was chosen; the choice itself is kept with the patient."""
    name = st.session_state["example"]
    if name is not None:
        case = examples.published()[name]
        patient.change(findings=examples.findings(network, case), example=name)


def toolbar() -> DeltaGenerator:
    """Example, prior with its weights, undo, reset; gives the place for the files, which need the answer."""
    published = examples.published()
    st.session_state["example"] = patient.now().example or None
    with st.container(horizontal=True, vertical_alignment="bottom", key="toolbar"):
        st.selectbox(
            say("case.example"),
            list(published),
            index=None,
            format_func=lambda name: examples.described(published[name]),
            placeholder=say("case.example_hint"),
            key="example",
            on_change=load_example,
            width=300,
        )
        setting_choice()
        layer_choice()
        with st.container(horizontal=True, width="content", gap="small"):
            weights()
            place = st.container(width="content")
            ways_back()
        if patient.now().example:
            reveal()
    return place


def ways_back() -> None:
    """Undo and reset."""
    st.button(
        say("case.undo"),
        icon=":material/undo:",
        key="undo",
        on_click=patient.undo,
        disabled=patient.before() is None,
    )
    st.button(
        say("case.reset"),
        icon=":material/restart_alt:",
        key="reset",
        on_click=patient.reset,
        disabled=not patient.now().findings,
    )


def reveal() -> None:
    """The published diagnosis of the example, on request."""
    case = examples.published()[patient.now().example]
    with st.popover(say("case.example_reveal"), icon=":material/visibility:", key="reveal"):
        truth = answers.knowledge().diagnoses[case.truth or "other"].label
        st.markdown(say("case.example_truth", truth=truth))
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
                on_click=patient.change,
                kwargs={"findings": {**patient.now().findings, **left_out}},
            )


def known() -> None:
    """What is known so far, in one strip."""
    if patient.now().findings:
        chips("case")
    else:
        st.html(f'<p class="soft">{say("case.known_none")}</p>')


def shown_differential(answer: Differential) -> None:
    """The ranked diagnoses, the rest on request, and multiple sclerosis opened up."""
    n = answer.n_findings[0]
    counted = say("case.one_finding") if n == 1 else say("case.some_findings", n=n)
    basis = say("case.basis", findings=counted, draws=answer.n_draws)
    st.html(
        f'<p class="basis">{basis if n else say("case.is_prior")}</p>{legend(answer.knowledge, words=figure_words()).html}'
    )
    notes.caution()
    words, before = figure_words(), earlier()
    if st.toggle(say("case.people"), key="people", help=say("case.people_help")):
        draw(people_dots(answer, words=words))
    else:
        draw(differential_table(answer, stop=N_LEADING, before=before, words=words))
    rest = sorted(answer.mean_by("row")[0])[:-N_LEADING]
    with st.expander(say("case.rest", n=len(rest), share=percent(float(sum(rest)))), key="rest"):
        draw(differential_table(answer, start=N_LEADING, before=before, words=words))
    multiple_sclerosis(answer)
    notes.others()
    headline(answer, before)


def headline(answer: Differential, before: FloatArray | None) -> None:
    """The leading diagnosis in one line, which stays in view on a narrow screen."""
    mean, top = answer.mean_by("row")[0], answer.leader()
    position = answer.names("row").index(top)
    change = 0.0 if before is None else float(mean[position] - before[position])
    label, share = answer.knowledge.diagnoses[top].label, percent(float(mean[position]))
    text = say("case.leader", label=label, share=share)
    if moved := shift_text(change):
        text = f"{text} {say('case.leader_change', change=moved)}"
    st.html(f'<p class="leading">{text}</p>')


def earlier() -> FloatArray | None:
    """Probabilities of the table rows before the last change; None if there were none."""
    last = patient.before()
    if last is None:
        return None
    try:
        return answers.differential(last.findings, last.setting).mean_by("row")[0]
    except MilletError:
        return None


def multiple_sclerosis(answer: Differential) -> None:
    """Course and variant, if it is multiple sclerosis."""
    share = answer.mean_by("row")[0][answer.names("row").index("multiple_sclerosis")]
    with st.expander(say("case.inside_ms", share=percent(float(share))), key="inside_ms"):
        for axis, title in (("ms_course", "course"), ("ms_variant", "variant")):
            labels = {state.id: state.label for state in answer.knowledge.variables[axis].states}
            shares = answer.ms(axis) or {}
            named = {labels[name]: p for name, p in sorted(shares.items(), key=lambda item: -item[1])}
            st.html(f'<p class="soft">{say(f"case.{title}")}</p>')
            draw(share_bars(named, colour=group_colour("demyelinating"), words=figure_words()))


def best_next() -> None:
    """The findings that would tell most, to be answered on the spot."""
    st.markdown(f"##### {say('case.next')}", help=say("case.next_note"))
    now = patient.now()
    found = answers.information(now.findings, now.setting)
    best = worth.findings(found)[:N_BEST]
    if best and not worth.matters(candidate.value for candidate in best):
        st.html(f'<p class="soft">{say("next_step.nothing_matters")}</p>')
    for candidate in best:
        share = percent(worth.share(candidate.value, found.now))
        label = say("case.next_label", label=candidate.label, share=share)
        finding_control(answers.knowledge().variables[candidate.finding], "ask", label=label)
    if not best:
        st.html(f'<p class="soft">{say("case.next_none")}</p>')


def entry() -> None:
    """All findings: the one searched for, then those of one examination."""
    search.show("case")
    groups = panels(askable())
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
    with st.container(key="panel_findings", gap="xsmall"):
        for variable in groups[title]:
            finding_control(variable, "finding")


network = answers.network(patient.now().setting)
link_problems()
files_place = toolbar()
known()
left, right = st.columns([11, 9], gap="large")
with left:
    st.markdown(f"#### {say('case.heading')}")
    picture = st.container()
with right:
    st.markdown(f"#### {say('case.findings')}")
    asked = st.container(key="best_next")
try:
    current = answers.differential(patient.now().findings, patient.now().setting)
    with picture:
        shown_differential(current)
except MilletError as error:
    current = None
    with picture:
        trouble(error)
with files_place:
    files.show(current)
with right:
    text.show()
    entry()
if current is not None:
    with asked:
        best_next()
