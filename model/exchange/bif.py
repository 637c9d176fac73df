"""
BIF, the Interchange Format for Bayesian Networks: read by pgmpy, pyAgrum, bnlearn, SamIam and others.

Knows: its grammar. Must not know: networks.

References
----------
Cozman F. The Interchange Format for Bayesian Networks (BIF), version 0.15, 1998.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from model.exchange.content import number

if TYPE_CHECKING:
    from model.exchange.content import Node


def bif(nodes: list[Node], about: str) -> str:
    """The nodes as BIF; one line for each configuration of the parents."""
    states = {node.name: node.states for node in nodes}
    variables = "".join(
        f"variable {node.name} {{\n  type discrete [ {len(node.states)} ] {{ {', '.join(node.states)} }};\n}}\n"
        for node in nodes
    )
    tables = "".join(_table(node, states) for node in nodes)
    return f"// {about}\nnetwork millet {{\n}}\n{variables}{tables}"


def _table(node: Node, states: dict[str, tuple[str, ...]]) -> str:
    if not node.parents:
        return f"probability ( {node.name} ) {{\n  table {', '.join(map(number, node.rows[0]))};\n}}\n"
    lines = "".join(
        f"  ({', '.join(given)}) {', '.join(map(number, row))};\n"
        for given, row in zip(product(*(states[p] for p in node.parents)), node.rows, strict=True)
    )
    return f"probability ( {node.name} | {', '.join(node.parents)} ) {{\n{lines}}}\n"
