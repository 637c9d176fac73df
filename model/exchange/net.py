"""
NET, the format of Hugin (version 6 of its language): read by Hugin, SamIam, pyAgrum.

Tables are nested: the first parent outermost, the node itself innermost.

Knows: its grammar. Must not know: networks.

References
----------
Hugin Expert A/S, Hugin API Reference Manual, chapter "The NET Language".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.exchange.content import number

if TYPE_CHECKING:
    from model.exchange.content import Node
    from model.inference.graph import FloatArray


def net(nodes: list[Node], about: str) -> str:
    """The nodes as NET."""
    cards = {node.name: len(node.states) for node in nodes}
    parts = [f"% {about}\nnet\n{{\n  node_size = (160 44);\n}}\n"]
    for node in nodes:
        states = " ".join(f'"{state}"' for state in node.states)
        label, (x, y) = node.label.replace('"', "'"), node.position
        parts.append(
            f'node {node.name}\n{{\n  states = ({states});\n  label = "{label}";\n  position = ({x} {y});\n}}\n'
        )
    for node in nodes:
        given = f" | {' '.join(node.parents)}" if node.parents else ""
        shape = (*(cards[parent] for parent in node.parents), len(node.states))
        data = _nested(np.reshape(node.rows, shape))
        parts.append(f"potential ({node.name}{given})\n{{\n  data = {data};\n}}\n")
    return "".join(parts)


def _nested(table: FloatArray) -> str:
    """Parentheses around every axis."""
    if table.ndim == 1:
        return f"({' '.join(map(number, table))})"
    return f"({' '.join(_nested(part) for part in table)})"
