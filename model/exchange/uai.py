"""
UAI, the format of the inference competitions: numbers only, variables numbered in the order of the nodes.

The last variable of a table, the node itself, runs fastest, then the last parent; pyAgrum 3.3 takes the first parent as
the fastest and is wrong for two parents, pgmpy 1.1.2 mixes up columns. Names and comments do not fit into it.

Knows: its grammar. Must not know: networks.

References
----------
UAI probabilistic inference evaluation, model file format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.exchange.content import Node


def uai(nodes: list[Node], about: str) -> str:  # noqa: ARG001
    """The nodes as UAI; the format has no comments, so that what the file is about stands in no line of it."""
    place = {node.name: i for i, node in enumerate(nodes)}
    scopes = [[*(place[parent] for parent in node.parents), i] for i, node in enumerate(nodes)]
    lines = ["BAYES", str(len(nodes)), " ".join(str(len(node.states)) for node in nodes), str(len(nodes))]
    lines += [f"{len(scope)} {' '.join(map(str, scope))}" for scope in scopes]
    for node in nodes:
        lines += ["", str(node.rows.size), " ".join(map(_plain, node.rows.ravel()))]
    return "\n".join([*lines, ""])


def _plain(value: float) -> str:
    """All digits of a double without an exponent, which some readers do not know."""
    return np.format_float_positional(value, unique=True, trim="0")
