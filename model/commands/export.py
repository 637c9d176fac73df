"""
`millet export`: the network in a format of other programs.

JSON keys (``--json``): ``version``, ``digest``, ``setting``, ``protocol``, ``n_draws``, ``scope``, ``file``,
``format``, ``draw`` (null: the mean of the tables), ``nodes`` and ``renamed`` (identifier in the file -> ours, where
the two differ).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from model.commands.common import (
    add_network_options,
    add_output_options,
    network_of,
    print_json,
    print_text,
    provenance,
)
from model.errors import EvidenceError, shown
from model.exchange import FORMATS, exported
from model.exchange.content import identifier
from model.files import replacing

NAME = "export"
HELP = "the network as BIF, XMLBIF, XDSL (GeNIe), NET (Hugin) or UAI"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("out", type=Path, metavar="FILE", help="where to write")
    parser.add_argument("--format", required=True, choices=sorted(FORMATS), help="format of the file")
    parser.add_argument("--draw", default="mean", metavar="N|mean", help="which draw (mean of the tables)")
    add_network_options(parser)
    add_output_options(parser, top=None)


def run(options: argparse.Namespace) -> int:
    """Write the file and say what it holds."""
    draw = _draw(options.draw)
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


def _draw(text: str) -> int | None:
    """Number of a draw; None for the mean."""
    if text == "mean":
        return None
    if not text.isdecimal() or len(text) > 9:
        raise EvidenceError(f"--draw: found {shown(text)}; allowed is mean or a whole number from 0 upwards")
    return int(text)


__all__ = ["HELP", "NAME", "add_options", "run"]
