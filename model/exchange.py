"""
The same network in the forms of other programs.

Knows: networks, pgmpy. Must not know: evidence, how this project answers questions.
"""

from __future__ import annotations

import numpy as np
from pgmpy.factors.discrete import TabularCPD
from pgmpy.models import DiscreteBayesianNetwork

from model.inference.graph import SUM_TOLERANCE
from model.network import Network


def to_pgmpy(network: Network, *, draw: int | None = None) -> DiscreteBayesianNetwork:
    """
    The network as pgmpy knows it, with our identifiers as names of nodes and states.

    Parameters
    ----------
    network : Network
    draw : int, optional
        Number of a parameter draw; by default the mean of the tables, whose answers are not the headline (that is
        the mean of the answers).

    Returns
    -------
    DiscreteBayesianNetwork
        Passes its own ``check_model()``, and `check_columns`, which is stricter.

    Raises
    ------
    IndexError
        If there is no such draw.

    References
    ----------
    Ankan A, Textor J. pgmpy: A Python Toolkit for Bayesian Networks. JMLR 2024;25(265):1-8.

    Examples
    --------
    >>> from model import load_network
    >>> network = load_network()
    >>> model = to_pgmpy(network)
    >>> model.get_parents("leptomeningeal_enhancement") == list(network.parents["leptomeningeal_enhancement"])
    True
    """
    source = network.at_mean() if draw is None else network.at_draw(draw)
    model = DiscreteBayesianNetwork()
    model.add_nodes_from(source.names)
    model.add_edges_from((parent, child) for child in source.names for parent in source.parents[child])
    model.add_cpds(*(_table(source, name) for name in source.names))
    model.check_model()
    check_columns(model)
    return model


def check_columns(model: DiscreteBayesianNetwork) -> None:
    """
    Check that every conditional distribution of a pgmpy network sums to 1 within 1e-9.

    pgmpy's own check lets a column pass that is off by 0.01.

    Raises
    ------
    ValueError
        If one does not; names the nodes.
    """
    off = {cpd.variable: float(np.abs(cpd.values.sum(axis=0) - 1.0).max()) for cpd in model.get_cpds()}
    wrong = [f"{name} (by {size:.1g})" for name, size in off.items() if not size <= SUM_TOLERANCE]
    if wrong:
        raise ValueError(
            f"pgmpy network: columns of {', '.join(wrong)} do not sum to 1; {SUM_TOLERANCE:g} is allowed; "
            "normalise them"
        )


def _table(network: Network, name: str) -> TabularCPD:
    """Conditional table with one column for each combination of the parents, the last parent running fastest."""
    states, parents = network.states[name], network.parents[name]
    return TabularCPD(
        variable=name,
        variable_card=len(states),
        values=network.tables[name][0].reshape(-1, len(states)).T,
        evidence=list(parents),
        evidence_card=[len(network.states[parent]) for parent in parents],
        state_names={node: list(network.states[node]) for node in (name, *parents)},
    )


__all__ = ["check_columns", "to_pgmpy"]
