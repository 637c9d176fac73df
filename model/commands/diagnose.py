"""
`millet diagnose`: the differential diagnosis of each patient.

JSON keys: ``version``, ``digest``, ``setting``, ``n_draws``, ``scope`` and ``cases``, a list of ``id``,
``n_findings``, ``posterior`` (leaf -> p), ``rows`` (table row -> p), ``groups`` (group -> p), ``ms_course``
and ``ms_variant`` (state -> p if it is multiple sclerosis, or null where that has probability 0),
``intervals`` (table row -> {"50", "90", "95": [low, high]}), ``p_top1`` and ``p_top3`` (table row -> share of
draws); the last three are null with one draw.
"""

from __future__ import annotations

import argparse

import numpy as np

from model.commands.common import (
    add_network_options,
    add_output_options,
    add_patient_options,
    network_of,
    patients_of,
    print_json,
    print_text,
    provenance,
)
from model.results import LEVELS, Differential, ranked
from model.text import percent

NAME = "diagnose"
HELP = "differential diagnosis of each patient"
INTERVALS = (0.5, 0.9, 0.95)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add_patient_options(parser)
    parser.add_argument("--by", choices=LEVELS, default="row", help="leaf, row (table row, default) or group")
    add_network_options(parser)
    add_output_options(parser, top=5)


def run(options: argparse.Namespace) -> int:
    """Print the differential of every patient."""
    from model.differential import posterior
    from model.evidence import encode

    cases = patients_of(options)
    network = network_of(options)
    answer = posterior(network, encode(network, cases))
    patients = range(answer.n_patients)
    if options.json:
        print_json({**provenance(network), "cases": [case_json(answer, i) for i in patients]})
    else:
        print_text(*(_text(answer, i, options) for i in patients))
    return 0


def _text(answer: Differential, patient: int, options: argparse.Namespace) -> str:
    blocks = [answer.summary(patient, by=options.by, top=options.top)]
    p_ms = answer.mean_by("row")[patient][answer.names("row").index("multiple_sclerosis")]
    for axis in ("ms_course", "ms_variant"):
        if p_ms >= 0.01 and (states := answer.ms(axis, patient)):
            variable = answer.knowledge.variables[axis]
            labels = {state.id: state.label for state in variable.states}
            likely = sorted(states.items(), key=lambda item: -item[1])[:3]
            name = axis.removeprefix("ms_")
            said = ", ".join(f"{labels[state]} {percent(p)}" for state, p in likely)
            blocks.append(f"If it is multiple sclerosis, {name}: {said}")
    return "\n".join(blocks)


def case_json(answer: Differential, patient: int) -> dict[str, object]:
    """The answer for one patient with the keys that the module describes."""
    rows = answer.names("row")
    return {
        "id": answer.ids[patient],
        "n_findings": answer.n_findings[patient],
        "posterior": ranked(answer.names("leaf"), answer.mean[patient]),
        "rows": ranked(rows, answer.mean_by("row")[patient]),
        "groups": ranked(answer.names("group"), answer.mean_by("group")[patient]),
        "ms_course": answer.ms("ms_course", patient),
        "ms_variant": answer.ms("ms_variant", patient),
        "intervals": _intervals(answer, patient),
        "p_top1": _by_row(rows, answer.p_top(1), patient),
        "p_top3": _by_row(rows, answer.p_top(3), patient),
    }


def _intervals(answer: Differential, patient: int) -> dict[str, dict[str, list[float]]] | None:
    found = {f"{level:.0%}".rstrip("%"): answer.interval(level) for level in INTERVALS}
    return (
        {
            row: {
                level: [float(bound) for bound in bounds[:, patient, i]]
                for level, bounds in found.items()
                if bounds is not None
            }
            for i, row in enumerate(answer.names("row"))
        }
        if answer.n_draws > 1
        else None
    )


def _by_row(rows: tuple[str, ...], shares: np.ndarray | None, patient: int) -> dict[str, float] | None:
    return None if shares is None else {row: float(p) for row, p in zip(rows, shares[patient], strict=True)}
