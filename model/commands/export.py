"""
`millet export`: the network, or the knowledge it is built from, in a format of other programs.

The knowledge needs no stored draws: ``datapackage`` writes a folder (a Frictionless data package of all tables), ``hpoa``
the annotations of the Human Phenotype Ontology. JSON keys (``--json``): ``version``, ``digest``, ``scope``, ``file``,
``format``, ``knowledge`` (the layer); of a network also ``setting``, ``protocol``, ``n_draws``, ``draw`` (null: the mean
of the tables), ``nodes`` and ``renamed`` (identifier in the file -> ours, where the two differ); of the knowledge
``resources`` (name -> number of rows), or ``lines`` and ``left_out`` (reason -> number of statements).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from model.commands.common import (
    add_network_options,
    add_output_options,
    existing_folder,
    network_of,
    print_json,
    print_text,
    provenance,
)
from model.errors import EvidenceError, plain, shown
from model.exchange import FORMATS, exported, hpo_annotations, write_data_package
from model.exchange.content import identifier
from model.files import replacing, writable
from model.text import SCOPE
from priors.codes import load_codes
from priors.loading import load_knowledge_base

if TYPE_CHECKING:
    from priors.schema import KnowledgeBase

NAME = "export"
HELP = (
    "the network as BIF, XMLBIF, XDSL (GeNIe), NET (Hugin) or UAI; "
    "its knowledge as data package or HPO annotations"
)

DATA_PACKAGE: Final = "datapackage"
HPOA: Final = "hpoa"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "out", type=Path, metavar="FILE", help=f"where to write; a folder for --format {DATA_PACKAGE}"
    )
    formats = sorted((*FORMATS, DATA_PACKAGE, HPOA))
    parser.add_argument("--format", required=True, choices=formats, help="format of the file")
    parser.add_argument("--draw", metavar="N|mean", help="which draw of a network (mean of the tables)")
    add_network_options(parser)
    add_output_options(parser, top=None)


def run(options: argparse.Namespace) -> int:
    """Write the file and say what it holds."""
    return _network(options) if options.format in FORMATS else _knowledge(options)


def _network(options: argparse.Namespace) -> int:
    draw = _draw(options.draw or "mean")
    writable(options.out)
    network = network_of(options)
    text = exported(network, options.format, draw=draw)
    with replacing(options.out) as aside:
        aside.write_text(text, encoding="utf-8")
    names = {*network.names, *(state for states in network.states.values() for state in states)}
    renamed = {identifier(name): name for name in sorted(names) if identifier(name) != name}
    if options.json:
        told = {"file": str(options.out), "format": options.format, "draw": draw, "nodes": len(network.names)}
        print_json({**provenance(network), **told, "renamed": renamed})
        return 0
    which = (
        "mean of the tables: its answers are not the mean of the answers" if draw is None else f"draw {draw}"
    )
    lines = [f"written: {options.out} ({options.format}, {len(network.names)} nodes, {which})"]
    if renamed and options.format != "uai":
        lines.append("renamed: " + ", ".join(f"{ours} -> {theirs}" for theirs, ours in renamed.items()))
    print_text("\n".join(lines))
    return 0


def _knowledge(options: argparse.Namespace) -> int:
    _refuse_network_options(options)
    folder = None if options.tables is None else existing_folder(options.tables)
    knowledge = load_knowledge_base(folder, options.knowledge)
    write = _data_package if options.format == DATA_PACKAGE else _hpoa
    told, text = write(knowledge, folder, options.out)
    if options.json:
        print_json({**_provenance(knowledge), "file": str(options.out), "format": options.format, **told})
    else:
        print_text(f"written: {options.out} ({options.format}, knowledge {knowledge.layer}, {text}")
    return 0


def _data_package(knowledge: KnowledgeBase, folder: Path | None, out: Path) -> tuple[dict[str, object], str]:
    resources = write_data_package(out, folder, knowledge.layer)
    told = ", ".join(f"{name} {n}" for name, n in resources.items())
    return {"resources": dict(resources)}, f"{len(resources)} resources)\nrows: {told}"


def _hpoa(knowledge: KnowledgeBase, folder: Path | None, out: Path) -> tuple[dict[str, object], str]:
    annotations = hpo_annotations(knowledge, load_codes(knowledge, folder))
    with replacing(out) as aside:
        aside.write_text(annotations.text, encoding="utf-8", newline="\n")
    left_out = "; ".join(f"{reason}: {n}" for reason, n in annotations.left_out.items())
    text = f"{annotations.n_lines} annotations)" + (f"\nleft out: {left_out}" if left_out else "")
    return {"lines": annotations.n_lines, "left_out": dict(annotations.left_out)}, text


def _provenance(knowledge: KnowledgeBase) -> dict[str, object]:
    from model import __version__

    return {
        "version": __version__,
        "digest": knowledge.digest,
        "knowledge": knowledge.layer,
        "scope": SCOPE,
    }


def _refuse_network_options(options: argparse.Namespace) -> None:
    given = {
        "--draw": options.draw,
        "--prior": options.prior,
        "--weights": options.weights,
        "--at-mean": options.at_mean,
    }
    for option, value in given.items():
        if value:
            raise EvidenceError(
                f"{option}: given with --format {plain(options.format)}, which has no network in it; leave it out"
            )


def _draw(text: str) -> int | None:
    """Number of a draw; None for the mean."""
    if text == "mean":
        return None
    if not text.isdecimal() or len(text) > 9:
        raise EvidenceError(f"--draw: found {shown(text)}; allowed is mean or a whole number from 0 upwards")
    return int(text)


__all__ = ["HELP", "NAME", "add_options", "run"]
