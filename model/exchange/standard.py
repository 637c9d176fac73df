"""
The network in the standard form that other programs read: a pgmpy `DiscreteBayesianNetwork`.

Knows: pgmpy (the only module that does), networks. Must not know: evidence, questions, how answers are found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from pgmpy.factors.discrete import TabularCPD
from pgmpy.models import DiscreteBayesianNetwork

from model.errors import MilletError
from model.exchange.content import rows_of

if TYPE_CHECKING:
    from model.network.network import Network

SUM_TOLERANCE: Final = 1e-9
"""A column may miss 1 by this much and no more; pgmpy itself lets 0.01 pass."""


def to_pgmpy(network: Network, *, draw: int | None = None) -> DiscreteBayesianNetwork:
    """
    A pgmpy network with the same nodes, states, arcs and conditional tables.

    Parameters
    ----------
    network : Network
    draw : int, optional
        Parameter draw, 0 to ``network.n_draws - 1``; by default the mean of each table over the draws. The
        answer of the network at the mean is not the mean of the answers.

    Returns
    -------
    DiscreteBayesianNetwork
        Passes ``check_model()`` and `check_columns`. Nodes and states keep their identifiers and their order.

    Raises
    ------
    IndexError
        If there is no such draw.
    MilletError
        If a table of the network is no set of distributions.

    Notes
    -----
    pgmpy's `VariableElimination` answers evidence of probability 0 with NaN and no exception, where
    `model.posterior` raises. Virtual evidence changes the pgmpy engine it is given to: make one for each
    question.

    References
    ----------
    Ankan A, Textor J. pgmpy: A Python Toolkit for Bayesian Networks. J Mach Learn Res 2024;25(265):1-8.

    Examples
    --------
    >>> from model import load_network
    >>> standard = to_pgmpy(load_network())
    >>> standard.check_model(), sorted(standard.get_parents("diagnosis"))
    (True, ['ancestry', 'region'])
    """
    fixed = network.at_mean() if draw is None else network.at_draw(draw)
    standard = DiscreteBayesianNetwork()
    standard.add_nodes_from(fixed.names)
    standard.add_edges_from((parent, name) for name in fixed.names for parent in fixed.parents[name])
    standard.add_cpds(*(_table(fixed, name) for name in fixed.names))
    check_columns(standard)
    standard.check_model()
    return standard


def check_columns(standard: DiscreteBayesianNetwork) -> None:
    """
    Raise unless each column of each table is a distribution: no NaN, nothing below 0, sum within 1e-9 of 1.

    Parameters
    ----------
    standard : DiscreteBayesianNetwork

    Raises
    ------
    MilletError
        With a line for each table that is off.

    Examples
    --------
    pgmpy lets this pass:

    >>> coin = DiscreteBayesianNetwork()
    >>> coin.add_node("coin")
    >>> coin.add_cpds(TabularCPD("coin", 2, [[0.5], [0.509]]))
    >>> coin.check_model()
    True
    >>> check_columns(coin)
    Traceback (most recent call last):
    model.errors.MilletError: table of coin: a column sums to 1.009; 1 within 1e-09 is allowed; normalise it
    """
    problems = [problem for table in standard.get_cpds() for problem in _problems(table)]
    if problems:
        raise MilletError(*problems)


def _problems(table: TabularCPD) -> list[str]:
    columns = np.asarray(table.get_values(), dtype=np.float64)
    where = f"table of {table.variable}"
    if not np.isfinite(columns).all() or (columns < 0).any():
        return [f"{where}: a value is negative, infinite or NaN; probabilities are allowed; correct it"]
    totals = columns.sum(axis=0)
    worst = totals[np.abs(totals - 1).argmax()]
    if abs(worst - 1) > SUM_TOLERANCE:
        allowed = f"1 within {SUM_TOLERANCE:g} is allowed"
        return [f"{where}: a column sums to {worst:.10g}; {allowed}; normalise it"]
    return []


def _table(network: Network, name: str) -> TabularCPD:
    """Table of a node: one row for each state, one column for each parent state, last parent fastest."""
    parents = network.parents[name]
    return TabularCPD(
        name,
        len(network.states[name]),
        rows_of(network.tables[name][0]).T,
        evidence=list(parents),
        evidence_card=[len(network.states[parent]) for parent in parents],
        state_names={node: list(network.states[node]) for node in (name, *parents)},
    )
