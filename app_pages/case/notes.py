"""Notes of the screen Case: one plain line where the evidence asks for care, and what `other` stands for."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import cast

import streamlit as st

from app_pages.shared import answers, patient, views
from app_pages.shared.figure import draw
from app_pages.shared.texts import figure_words, language, percent, say
from model import encode
from model.figures import Figure, ground_squares, placed
from model.why.conflict import LEAST, conflict_value
from model.why.reliance import Reliance, reliance
from model.why.surprise import surprise
from priors.labels import differentials, labels

# A34: fewer findings are few; a smaller share of simulated patients is very unusual.
FEW = 3
VERY_UNUSUAL = 0.01
N_SIMULATED = 400


def caution() -> None:
    """At most one line: too little, at odds, or very unusual; the two latter lead to where it is looked at closely."""
    text = cautious()
    if not text:
        return
    st.html(f'<p class="caution" role="status">{escape(text)}</p>')
    is_few = text == say("caution.few")
    if not is_few and st.button(
        say("caution.look"), icon=":material/arrow_forward:", key="see_fit", type="tertiary"
    ):
        views.lead_to("why", "why_view", "fit")


def cautious() -> str:
    """What to be careful about; empty for nothing."""
    now = patient.now()
    n = len(now.findings)
    if not n:
        return ""
    if n < FEW:
        return say("caution.few")

    def ask() -> tuple[float, float]:
        net = answers.network(now.setting)
        evidence = encode(net, now.findings)
        return conflict_value(net, evidence), surprise(
            net, evidence, n_simulated=N_SIMULATED, seed=0
        ).percentile

    conflict, percentile = cast(
        "tuple[float, float]", answers.kept("caution", now.findings, now.setting, ask)
    )
    if conflict > LEAST:
        return say("caution.conflict")
    # No share: the screen Why simulates more patients, and would give another one.
    return say("caution.unusual", n=round(1 / VERY_UNUSUAL)) if percentile < VERY_UNUSUAL else ""


def rests_on() -> None:
    """What the lead rests on, and the findings that decide it without a source."""
    now = patient.now()
    if not now.findings:
        st.html(f'<p class="soft">{escape(say("rests.prior"))}</p>')
        return

    def ask() -> Reliance:
        net = answers.network(now.setting)
        return reliance(net, encode(net, now.findings))

    found = cast("Reliance", answers.kept("reliance", now.findings, now.setting, ask))
    if found.shares:
        st.markdown(f"##### {figure_words()['reliance']}", help=say("rests.note", label=found.label))
        sources(found)
    if found.unsourced:
        lines = "".join(f"<li>{escape(line)}</li>" for line in unsourced(found))
        st.html(f'<div class="caution" role="status">{escape(say("rests.decides"))}<ul>{lines}</ul></div>')


def sources(found: Reliance) -> None:
    """Where the numbers of the lead come from: one sentence if it is one kind of source, else findings by source."""
    words, kinds = figure_words(), [ground for ground, n in found.findings.items() if n]
    if len(kinds) > 1:
        st.html(f'<p class="soft">{escape(say("rests.what", label=found.label))}</p>')
        draw(Figure(ground_squares(found.findings, found.shares, words=words).html))
        return
    n = found.findings[kinds[0]]
    counted = say("case.one_finding") if n == 1 else say("case.some_findings", n=n)
    ground = placed(words[f"ground_{kinds[0]}"], words)
    text = say("rests.alone", label=found.label, findings=counted, ground=ground)
    st.html(f'<p class="basis">{escape(text)}</p>')


def unsourced(found: Reliance) -> Iterator[str]:
    """Each finding that decides the lead without a source, in words."""
    tables = answers.knowledge()
    for finding, row in found.unsourced.items():
        labels_ = {
            "label": tables.diagnoses[row].label,
            "then": tables.diagnoses[found.decisive[finding]].label,
        }
        yield say("rests.unsourced", finding=tables.variables[finding].label, **labels_)


def others() -> None:
    """The further differentials of the documents that `other` stands for."""
    tables, named = answers.knowledge(), labels(language()).get("differentials", {})
    by_place: dict[str, list[str]] = {}
    for name, fact in differentials(tables):
        place = f"{tables.source(fact.source).title}, {fact.location}"
        by_place.setdefault(place, []).append(named.get(name, name))
    answer = answers.differential(patient.now().findings, patient.now().setting)
    share = answer.mean_by("row")[0][answer.names("row").index("other")]
    with st.expander(say("case.inside_other", share=percent(float(share))), key="inside_other"):
        st.html(f'<p class="soft">{escape(say("case.other_note"))}</p>')
        for place, names in by_place.items():
            st.html(
                f'<p class="soft"><b>{escape(place)}</b></p><p class="names">{escape("; ".join(names))}</p>'
            )
