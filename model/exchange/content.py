"""
What every format writes: nodes in an order in which parents come first, names it allows, tables in double precision.

Knows: networks. Must not know: any format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Final

import numpy as np

from model.errors import EvidenceError
from model.inference.graph import FloatArray
from model.network.network import DIAGNOSIS
from model.record import Record
from model.text import SCOPE

if TYPE_CHECKING:
    from model.network.network import Network

PREFIX: Final = "x__"
"""Begins every name that had to be changed; see `identifier`."""

COLUMN, LINE = 190, 60
"""Pixels between nodes of a layout."""

_LEGAL = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True, eq=False)
class Node(Record):
    """
    One node as a format needs it.

    Parameters
    ----------
    name, label
        Identifier that every format allows, and what a person reads.
    states, state_labels
        The same of its states.
    parents
        Identifiers, in the order of the table's axes.
    rows : ndarray of shape (n_parent_states, n_states)
        P(state | parents), the last parent fastest; each row sums to 1.
    role
        ``fault``, ``observation`` or ``auxiliary``: what it is in a diagnosis.
    reference
        Identifier of the normal state; empty if there is none.
    cost
        Of the order that gives it; None if it is no finding.
    position
        Pixels of its middle.
    """

    name: str
    label: str
    states: tuple[str, ...]
    state_labels: tuple[str, ...]
    parents: tuple[str, ...]
    rows: FloatArray
    role: str
    reference: str
    cost: float | None
    position: tuple[int, int]


def identifier(name: str) -> str:
    """
    A name that every format and program takes: a letter, then letters, digits and underscores.

    Legal names stay as they are. Others begin with ``x__``, and each character that is no letter or digit becomes its
    code point in hexadecimal between underscores; no two names become one, and `original` turns it back.

    Examples
    --------
    >>> identifier("pvs_pattern"), identifier("1.5T"), original("x__1_2e_5T")
    ('pvs_pattern', 'x__1_2e_5T', '1.5T')
    """
    if _LEGAL.fullmatch(name) and not name.startswith(PREFIX):
        return name
    return PREFIX + "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}_" for c in name)


def original(name: str) -> str:
    """The name that `identifier` changed."""
    if not name.startswith(PREFIX):
        return name
    return re.sub(r"_([0-9a-f]+)_", lambda found: chr(int(found[1], 16)), name.removeprefix(PREFIX))


def fixed(network: Network, draw: int | None) -> Network:
    """
    The network at one draw, or at the mean for None.

    Raises
    ------
    EvidenceError
        If there is no such draw.
    """
    if draw is None:
        return network.at_mean()
    if not 0 <= draw < network.n_draws:
        raise EvidenceError(f"draw: found {draw}; allowed is 0 to {network.n_draws - 1}, or mean; change it")
    return network.at_draw(draw)


def nodes(network: Network) -> Iterator[Node]:
    """Every node, parents before children; of the first draw of the network."""
    depth: dict[str, int] = {}
    used: dict[int, int] = {}
    for name in TopologicalSorter(network.parents).static_order():
        parents = network.parents[name]
        depth[name] = 1 + max((depth[parent] for parent in parents), default=-1)
        line = used[depth[name]] = used.get(depth[name], -1) + 1
        yield _node(network, name, (100 + COLUMN * depth[name], 60 + LINE * line))


def _node(network: Network, name: str, position: tuple[int, int]) -> Node:
    knowledge, states = network.knowledge, network.states[name]
    variable = knowledge.variables.get(name)
    labels = {s.id: s.label for s in variable.states} if variable else {}
    if name == DIAGNOSIS:
        labels = {leaf: knowledge.diagnoses[leaf].label for leaf in states}
    reference = next((s.id for s in variable.states if s.is_reference), "") if variable else ""
    is_seen = variable is not None and variable.role in ("finding", "context", "protocol")
    order = knowledge.orders.get(variable.order) if variable else None
    return Node(
        name=identifier(name),
        label=variable.label if variable else "Diagnosis",
        states=tuple(map(identifier, states)),
        state_labels=tuple(labels.get(state, state) for state in states),
        parents=tuple(map(identifier, network.parents[name])),
        rows=rows_of(network.tables[name][0]),
        role="fault" if name == DIAGNOSIS else "observation" if is_seen else "auxiliary",
        reference=identifier(reference) if reference else "",
        cost=order.cost if order and is_seen else None,
        position=position,
    )


def rows_of(table: FloatArray) -> FloatArray:
    """
    Table of shape (*parents, n_states) as rows: shape (product of parents, n_states).

    Normalised anew in double precision: what was stored in single precision misses 1 by 1e-8.
    """
    rows = np.asarray(table, dtype=np.float64).reshape(-1, table.shape[-1])
    total = rows.sum(axis=1, keepdims=True)
    near = np.abs(total - 1) <= 1e-6
    normalised: FloatArray = np.where(near, rows / np.where(near, total, 1), rows)
    return normalised


def number(value: float) -> str:
    """The shortest text that is read back as the same double."""
    return repr(float(value))


def about(network: Network, draw: int | None) -> str:
    """One line that every file carries."""
    from model import __version__

    which = "at mean parameters, which is not the mean of the answers" if draw is None else f"draw {draw}"
    said = " ".join(network.origin.notes())
    mark = f"fingerprint {network.provenance()['fingerprint']}"
    head = f"Millet {__version__}; setting {network.setting}; {which}; digest {network.digest[:16]}; {mark}."
    return " ".join(filter(None, [head, said, SCOPE]))
