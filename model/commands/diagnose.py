"""
`millet diagnose`: the differential diagnosis of each patient.

JSON keys: the provenance (`model.commands.common.provenance`) and ``cases``, a
list of ``id``, ``n_findings``, ``posterior`` (leaf -> p), ``rows`` (table row -> p), ``groups`` (group -> p),
``ms_course`` and ``ms_variant`` (state -> p if it is multiple sclerosis, or null where that has probability 0),
``intervals`` (table row -> {"50", "90", "95": [low, high]}), ``p_top1`` and ``p_top3`` (table row -> share of draws);
the last three are null with one draw.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from model.commands.common import add_answer_options, add_patient_options, asked, tell
from model.diagnosis.results import Differential, ranked
from model.inference.graph import FloatArray
from model.network.assembly import MS
from model.network.hierarchy import LEVELS
from model.text import percent

if TYPE_CHECKING:
    from model.network.network import Network
    from model.patient.evidence import Evidence

NAME = "diagnose"
HELP = "differential diagnosis of each patient"
INTERVALS = (0.5, 0.9, 0.95)
WORTH_SPLITTING = 0.01
"""Course and variant are printed from this probability of multiple sclerosis on."""

N_AT_A_TIME = 64
"""Patients whose draws are held at a time: 500 draws of 64 patients are 6 MB."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add_patient_options(parser)
    parser.add_argument("--by", choices=LEVELS, default="row", help="leaf, row (table row, default) or group")
    add_answer_options(parser, top=5)


def run(options: argparse.Namespace) -> int:
    """Print the differential of every patient."""
    network, evidence = asked(options)
    found = _answers(network, evidence)
    return tell(options, (network, evidence), found, case_json, lambda one: _text(one, options))


def _answers(network: Network, evidence: Evidence) -> Iterator[Differential]:
    """The differential of each patient, with the draws of `N_AT_A_TIME` patients in memory."""
    from model.diagnosis.differential import posterior

    for start in range(0, evidence.n_patients, N_AT_A_TIME):
        answer = posterior(network, evidence.select(slice(start, start + N_AT_A_TIME)))
        yield from (answer.select(i) for i in range(answer.n_patients))


def _text(answer: Differential, options: argparse.Namespace) -> str:
    blocks = [answer.summary(by=options.by, top=options.top)]
    p_ms = answer.mean_by("row")[0][answer.names("row").index(MS)]
    for axis in ("ms_course", "ms_variant"):
        if p_ms >= WORTH_SPLITTING and (states := answer.ms(axis)):
            labels = {state.id: state.label for state in answer.knowledge.variables[axis].states}
            likely = sorted(states.items(), key=lambda item: -item[1])[:3]
            said = ", ".join(f"{labels[state]} {percent(p)}" for state, p in likely)
            blocks.append(f"If it is multiple sclerosis, {axis.removeprefix('ms_')}: {said}")
    return "\n".join(blocks)


def case_json(answer: Differential) -> dict[str, object]:
    """The answer for the first patient with the keys that the module describes."""
    rows = answer.names("row")
    return {
        "id": answer.ids[0],
        "n_findings": answer.n_findings[0],
        "posterior": ranked(answer.names("leaf"), answer.mean[0]),
        "rows": ranked(rows, answer.mean_by("row")[0]),
        "groups": ranked(answer.names("group"), answer.mean_by("group")[0]),
        "ms_course": answer.ms("ms_course"),
        "ms_variant": answer.ms("ms_variant"),
        "intervals": _intervals(answer),
        "p_top1": _by_row(rows, answer.p_top(1)),
        "p_top3": _by_row(rows, answer.p_top(3)),
    }


def _intervals(answer: Differential) -> dict[str, dict[str, list[float]]] | None:
    """Table row -> level in percent -> lower and upper bound."""
    found: dict[str, dict[str, list[float]]] = {row: {} for row in answer.names("row")}
    for level in INTERVALS:
        bounds = answer.interval(level)
        if bounds is None:
            return None
        for i, intervals in enumerate(found.values()):
            intervals[f"{100 * level:g}"] = bounds[:, 0, i].tolist()
    return found


def _by_row(rows: tuple[str, ...], shares: FloatArray | None) -> dict[str, float] | None:
    return None if shares is None else dict(zip(rows, shares[0].tolist(), strict=True))
