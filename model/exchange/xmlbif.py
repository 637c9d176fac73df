"""
XMLBIF 0.3: read by pyAgrum (as .bifxml), pgmpy, Weka, SamIam, JavaBayes.

The variable itself runs fastest, then the last GIVEN.

Knows: its grammar. Must not know: networks.

References
----------
Cozman F. The Interchange Format for Bayesian Networks, XML version 0.3, 1998.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from model.exchange.content import number

if TYPE_CHECKING:
    from model.exchange.content import Node


def xmlbif(nodes: list[Node], about: str) -> str:
    """The nodes as XMLBIF, with labels and layout as properties."""
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<BIF VERSION="0.3">\n<NETWORK>\n<NAME>millet</NAME>\n',
        f"<PROPERTY>about = {escape(about)}</PROPERTY>\n",
    ]
    for node in nodes:
        outcomes = "".join(f"<OUTCOME>{state}</OUTCOME>" for state in node.states)
        x, y = node.position
        parts.append(
            f'<VARIABLE TYPE="nature"><NAME>{node.name}</NAME>{outcomes}'
            f"<PROPERTY>position = ({x}, {y})</PROPERTY><PROPERTY>label = {escape(node.label)}</PROPERTY></VARIABLE>\n"
        )
    for node in nodes:
        given = "".join(f"<GIVEN>{parent}</GIVEN>" for parent in node.parents)
        values = " ".join(map(number, node.rows.ravel()))
        parts.append(f"<DEFINITION><FOR>{node.name}</FOR>{given}<TABLE>{values}</TABLE></DEFINITION>\n")
    return "".join([*parts, "</NETWORK>\n</BIF>\n"])
