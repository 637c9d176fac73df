"""A graph without labels, given the labels that the standard forms need."""

from __future__ import annotations

import numpy as np

from model.inference.graph import Graph
from model.network.network import DIAGNOSIS, Network
from tests.support.small_network import small_knowledge


def as_network(graph: Graph) -> Network:
    """Network whose node i is variable i; variable 0 is called diagnosis, as every network needs one."""
    names = [DIAGNOSIS, *(f"x{v}" for v in range(1, len(graph.cards)))]
    return Network(
        states={
            name: tuple(f"s{k}" for k in range(card)) for name, card in zip(names, graph.cards, strict=True)
        },
        parents={name: tuple(names[p] for p in graph.parents[v]) for v, name in enumerate(names)},
        tables={
            name: np.broadcast_to(table, (graph.n_draws, *table.shape[1:]))
            for name, table in zip(names, graph.tables, strict=True)
        },
        knowledge=small_knowledge(),
        setting="documents",
        digest="0" * 64,
    )
