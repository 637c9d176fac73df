"""
The second patient of a comparison, and what each difference does.

Knows: the session, the link, the question. Must not know: widgets.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import streamlit as st

from app_pages.shared import link, patient
from app_pages.shared.answers import differential, network, setting_names
from app_pages.shared.keeping import undisturbed
from app_pages.shared.link import Value
from app_pages.shared.patient import Known
from model.errors import MilletError

# What differs beside findings.
SETTINGS = ("prior", "knowledge")

# A finding, or one of `SETTINGS`, that differs, what it is here and there, and the leader's probability with it as there
# (None: impossible with the rest). No class statement: no file of the screens has one, see the law.
Effect = NamedTuple(  # noqa: UP014
    "Effect",
    [("finding", str), ("here", Value | None), ("there", Value | None), ("probability", float | None)],
)


@undisturbed()
def other() -> Known | None:
    """The patient that was kept, in this session or by the link; None if there is none."""
    if "other" not in st.session_state and (kept := patient.arrived_with("g")):
        names = {"prior": "gprior", "knowledge": "gknowledge"}
        given = {name: text for name, key in names.items() if (text := patient.arrived_with(key))}
        query = {"f": kept.removeprefix("-"), **given}
        findings, setting, problems = link.read(network(setting_names()[0]), query, setting_names())
        st.session_state["other"] = Known(findings, setting, "")
        st.session_state["link_problems"] = [*st.session_state["link_problems"], *problems]
    return cast("Known | None", st.session_state.get("other"))


def keep() -> None:
    """Keep the present patient for comparison."""
    st.session_state["other"] = patient.now()


def swap() -> None:
    """The kept patient becomes the present one, and the other way round."""
    kept, now = other(), patient.now()
    if kept is not None:
        patient.change(findings=dict(kept.findings), setting=kept.setting, example=kept.example)
        st.session_state["other"] = now


def into_link(known: Known) -> None:
    """Put the kept patient into the address; a dash stands for one without findings."""
    written = link.written(known.findings, known.setting)
    layer = written.get("knowledge", "")
    patient.also(g=written.get("f", "-"), gprior=written["prior"], gknowledge=layer)


def effects(kept: Known) -> tuple[str, float, list[Effect]]:
    """
    The leading table row of the present patient, its probability, and what each difference does to it.

    Raises
    ------
    MilletError
        If the present findings are impossible.
    """
    now = patient.now()
    answer = differential(now.findings, now.setting)
    leader = answer.leader()
    place = answer.names("row").index(leader)

    def with_(findings: dict[str, Value], setting: str) -> float | None:
        try:
            return float(differential(findings, setting).mean_by("row")[0][place])
        except MilletError:
            return None

    found = []
    for name in dict.fromkeys([*now.findings, *kept.findings]):
        here, there = now.findings.get(name), kept.findings.get(name)
        if here != there:
            rest = {n: v for n, v in now.findings.items() if n != name}
            changed = rest if there is None else {**rest, name: there}
            found.append(Effect(name, here, there, with_(changed, now.setting)))
    here, there = ((link.prior(one.setting), link.layer(one.setting)) for one in (now, kept))
    changed = ((there[0], here[1]), (here[0], there[1]))
    for i, name in enumerate(SETTINGS):
        if here[i] != there[i]:
            setting = link.under(*changed[i])
            found.append(Effect(name, here[i], there[i], with_(dict(now.findings), setting)))
    return leader, float(answer.mean_by("row")[0][place]), found
