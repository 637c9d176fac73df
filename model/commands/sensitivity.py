"""
`millet sensitivity`: what the answer would be if a number in the model were wrong.

JSON keys: the provenance (`model.commands.common.provenance`) and ``cases``, a list of
``id``, ``diagnosis``, ``probability`` (of it, the headline), ``at_mean`` (the same at mean parameters, where all
that follows is worked out), ``leader_at_mean``, ``unit`` (number, or row with ``--rows``), ``n_parameters`` and
``parameters``, the most influential first:
``parameter``, ``node``, ``state``, ``given``, ``leaf``, ``value``, ``low``, ``high``, with ``--rows`` ``a``, ``b``, ``c``,
``d`` (probability = (a t + b) / (c t + d)) and ``bound``, ``at_low``, ``at_high``, ``derivative``, ``elasticity``,
``admissible_low``, ``admissible_high``, ``leader_below``, ``leader_above``, ``flip_log_odds`` (null: nothing
flips), ``flips_within``, ``facts`` (``judgement``: judgement alone; empty: no source).

With ``--constraint`` each case also has ``constraint``, ``present`` and ``is_met`` (of the headline),
``present_at_mean``, ``is_met_at_mean``, ``least`` (null: cannot be bounded) and ``changes``: ``kind``, ``what``,
``value``, ``needed``, ``log_odds``, ``within``, ``facts``; with ``--knowing`` ``knowing``: ``number``, ``median``,
``low``, ``high``, ``direct``, ``bits``, ``above_noise``, ``gain``, ``share``, ``share_error``, ``joint_share``,
``facts``; with ``--switches`` ``switches``: ``setting``, ``mapping``, ``mechanisms``, ``other``, ``n_moved``,
``leader``, ``probability``, ``present``, ``flips``.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.commands.common import add_answer_options, add_patient_options, asked, tell, written_file
from model.files import replacing
from model.progress import watched
from model.text import csv_cell

if TYPE_CHECKING:
    import pandas as pd

    from model.network.network import Network
    from model.patient.evidence import Evidence
    from model.robustness.number import Numbers
    from model.robustness.number_list import NumberList
    from model.robustness.parameter import ParameterList
    from model.robustness.results import Sensitivity

NAME = "sensitivity"
HELP = "what the answer would be if a number in the model were wrong"
ABOUT_THE_CASE = ("diagnosis", "probability", "at_mean", "leader_at_mean")
"""Columns that are the same in every line of a case."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add_patient_options(parser)
    parser.add_argument("--diagnosis", metavar="NAME", help="table row to ask about (default: the leader)")
    parser.add_argument(
        "--constraint",
        metavar="TEXT",
        help='smallest changes that reach a goal: "nmosd >= 0.5", "nmosd - other >= 0" or "nmosd / other >= 2"',
    )
    parser.add_argument(
        "--knowing", action="store_true", help="which number of the literature would be worth knowing better"
    )
    parser.add_argument(
        "--switches",
        action="store_true",
        help="setting, reading of words and of symbols, mechanisms, `other` switched",
    )
    parser.add_argument(
        "--rows",
        action="store_true",
        help="rows of tables one by one, in closed form, instead of numbers of the literature with all their rows",
    )
    parser.add_argument("--all", action="store_true", help="with --json: every line, not only --top of them")
    parser.add_argument(
        "--csv",
        type=written_file,
        metavar="FILE",
        help="also write one line per case and parameter to this file",
    )
    add_answer_options(parser, top=10)


def run(options: argparse.Namespace) -> int:
    """Print what matters to every patient."""
    from model.robustness.number import numbers_of
    from model.robustness.one_way import sensitivity
    from model.robustness.units import parameters_of

    network, evidence = asked(options, check_options(options))
    parameters = parameters_of(network, "row" if options.rows else "number")
    numbers = numbers_of(network) if options.knowing else None
    answer = _json if options.json else _text
    said: list[Any] = []  # not the functions, which take 8 bytes for every parameter and diagnosis
    with _lines(options.csv) as write:
        for i in watched(range(evidence.n_patients), what="patients", after=0):
            one = evidence.select(i)
            functions = sensitivity(network, one, diagnosis=options.diagnosis, parameters=parameters)
            write(functions)
            said.append(answer(network, one, functions, options, parameters, numbers))
    return tell(options, (network, evidence), said, dict, str)


def check_options(options: argparse.Namespace) -> Callable[[Network], None]:
    """What is wrong with the options as such is said at once; what is wrong for a network, before patients are read."""
    from model.network.hierarchy import hierarchy
    from model.robustness.constraint import parse
    from model.robustness.knowing import enough_draws
    from model.robustness.switch import stored_setting

    goal = parse(options.constraint) if options.constraint else None

    def check(network: Network) -> None:
        if goal is not None:
            goal.weights(network.knowledge)
        if options.diagnosis is not None:
            hierarchy(network.knowledge, "row").position(options.diagnosis, "--diagnosis")
        if options.knowing:
            enough_draws(network)
        if options.switches:
            stored_setting(network)

    return check


@contextmanager
def _lines(path: Path | None) -> Iterator[Callable[[Sensitivity], None]]:
    """Takes the functions of one case after the other; one line per parameter, as `Sensitivity.to_frame` has it."""
    if path is None:
        yield lambda _: None
        return
    with replacing(path) as aside, aside.open("w", encoding="utf-8", newline="") as file:

        def write(functions: Sensitivity) -> None:
            frame = functions.to_frame()
            safe = frame.assign(case=frame["case"].map(csv_cell))
            safe.to_csv(file, index=False, header=not file.tell())

        yield write


def _text(
    network: Network,
    evidence: Evidence,
    found: Sensitivity,
    options: argparse.Namespace,
    parameters: NumberList | ParameterList,
    numbers: Numbers | None,
) -> str:
    from model.robustness.inverse import smallest_changes
    from model.robustness.knowing import value_of_knowing
    from model.robustness.switch import switches

    blocks = [found.summary(top=options.top)]
    if options.constraint:
        changes = smallest_changes(network, evidence, options.constraint, parameters=parameters)
        blocks.append(changes.summary(top=options.top))
    if numbers is not None:
        blocks.append(value_of_knowing(network, evidence, numbers=numbers).summary(top=options.top))
    if options.switches:
        blocks.append(switches(network, evidence, folder=options.tables).summary())
    return "\n\n".join(blocks)


def _json(
    network: Network,
    evidence: Evidence,
    found: Sensitivity,
    options: argparse.Namespace,
    parameters: NumberList | ParameterList,
    numbers: Numbers | None,
) -> dict[str, object]:
    from model.robustness.inverse import smallest_changes
    from model.robustness.knowing import value_of_knowing
    from model.robustness.results import influence
    from model.robustness.switch import switches

    top = None if options.all else options.top
    rows = _rows(found.to_frame(by_influence=True, top=top), top, drop=("case", *ABOUT_THE_CASE))
    facts = [list(parameters.facts(int(i))) for i in influence(found)[:top]]
    target = int(found.target[0])
    content: dict[str, object] = {
        "id": found.ids[0],
        "diagnosis": found.classes.names[target],
        "probability": float(found.headline[0, target]),
        "at_mean": float(found.probabilities[0, target]),
        "leader_at_mean": found.classes.names[int(found.leader[0])],
        "unit": parameters.unit,
        "n_parameters": len(parameters),
        "parameters": [row | {"facts": said} for row, said in zip(rows, facts, strict=True)],
    }
    if options.constraint:
        changes = smallest_changes(network, evidence, options.constraint, parameters=parameters)
        content |= {"constraint": str(changes.constraint), "least": _finite(changes.least)}
        content |= {"present": _finite(changes.present), "present_at_mean": _finite(changes.present_at_mean)}
        content |= {"is_met": changes.is_met, "is_met_at_mean": changes.is_met_at_mean}
        content["changes"] = _rows(changes.to_frame(), top)
    if numbers is not None:
        known = value_of_knowing(network, evidence, numbers=numbers)
        content["knowing"] = _rows(known.to_frame(), top, drop=("case", "node", "state", "leaf"))
    if options.switches:
        content["switches"] = _rows(switches(network, evidence, folder=options.tables).to_frame(), None)
    return content


def _rows(frame: pd.DataFrame, top: int | None, drop: tuple[str, ...] = ("case",)) -> list[dict[str, object]]:
    """Lines of a table as JSON objects, facts as a list, infinity as null."""
    shown = frame.drop(columns=list(drop)).head(len(frame) if top is None else top)
    rows = [{str(key): _finite(value) for key, value in row.items()} for row in shown.to_dict("records")]
    for row in rows:
        if "facts" in row:
            row["facts"] = [fact for fact in str(row["facts"]).split("|") if fact]
    return rows


def _finite(value: object) -> object:
    """The value itself; None for infinity, which JSON does not have."""
    return None if isinstance(value, float) and math.isinf(value) else value


__all__ = ["HELP", "NAME", "add_options", "run"]
