"""
The parameters of a network: every entry of every table that can be wrong, with its name, value and uncertainty.

Entries that are structure are no parameters: what is exactly 0 or 1 in every draw, and rows under combinations of
diagnosis, course and variant that cannot occur. Of a variable with two states the second state is the parameter, the
first follows.

Knows: tables of a network. Must not know: evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import isclose, isfinite

import numpy as np
from numpy.typing import NDArray

from model.errors import EvidenceError, UnknownNameError, plain, shown, unknown_name
from model.inference.graph import FloatArray
from model.inference.numeric import INTERVAL
from model.network.beliefs import JUDGED, is_judged
from model.network.network import DIAGNOSIS, Network
from model.record import Record
from model.robustness.family import outside_parents
from priors.schema import KnowledgeBase

IntArray = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Table(Record):
    """
    The reachable rows of one conditional table.

    Attributes
    ----------
    rows : ndarray of int, shape (n_groups, n_configurations)
        Position of each row in the table flattened to (rows, states): a group is a combination of the parents that
        are in the hub, a configuration one of the parents that are not.
    group : ndarray of int, shape (n_hub,)
        The group of each hub state.
    kept : ndarray of int, shape (n_kept, 3)
        Group, configuration and state of each parameter.
    """

    rows: IntArray
    group: IntArray
    kept: IntArray


@dataclass(frozen=True, eq=False)
class ParameterList(Record):
    """
    All parameters of a network, as parallel arrays.

    Attributes
    ----------
    network : Network
        The network at the mean of its draws.
    tables : mapping of node to Table
    node, row, state : ndarray of int, shape (n_parameters,)
        Number of the node, row of its flattened table, and state.
    value, low, high : ndarray of shape (n_parameters,)
        Mean, 5 % and 95 % point over the draws; all three are equal with a single draw.
    """

    network: Network
    tables: Mapping[str, Table]
    node: IntArray
    row: IntArray
    state: IntArray
    value: FloatArray
    low: FloatArray
    high: FloatArray

    unit = "row"

    def __len__(self) -> int:
        return len(self.node)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What each parameter is, as ``finding=state | parent=state, ...``."""
        return tuple(_name(*address) for address in self.addresses)

    @cached_property
    def addresses(self) -> tuple[tuple[str, dict[str, str], str], ...]:
        """Node, states of its parents, and state of each parameter."""
        network, found = self.network, []
        for number, node in enumerate(network.names):
            mine = self.node == number
            parents = [network.states[p] for p in network.parents[node]]
            cards = [len(states) for states in parents]
            where = np.unravel_index(self.row[mine], cards) if cards else ()
            given = zip(
                *([states[i] for i in axis] for states, axis in zip(parents, where, strict=True)), strict=True
            )
            rows = given if cards else [()] * int(mine.sum())
            for states, i in zip(rows, self.state[mine], strict=True):
                said = dict(zip(network.parents[node], states, strict=True))
                found.append((node, said, network.states[node][i]))
        return tuple(found)

    def name(self, parameter: int) -> str:
        """What one parameter is."""
        return self.names[parameter]

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        return {name: i for i, name in enumerate(self.names)}

    def position(self, parameter: int | str) -> int:
        """
        Which parameter is meant, by its place or by its name.

        Raises
        ------
        UnknownNameError
            If there is no such parameter.
        """
        return position(self._positions, parameter)

    def index(self, node: str, state: str, **given: str) -> int:
        """
        Number of the parameter P(node = state | given).

        Raises
        ------
        UnknownNameError
            If there is no such node or state.
        EvidenceError
            If it is no parameter: parents are missing, the entry is structure, or follows from the other state.
        """
        network = self.network
        number = network.index(node)
        where = []
        for parent in network.parents[node]:
            if parent not in given:
                raise EvidenceError(f"parameter of {node}: parent {parent} missing; give {parent}=<state>")
            where.append(_state(network, parent, given[parent]))
        cards = [len(network.states[p]) for p in network.parents[node]]
        row = int(np.ravel_multi_index(where, cards)) if cards else 0
        wanted = (self.node == number) & (self.row == row) & (self.state == _state(network, node, state))
        found = np.flatnonzero(wanted)
        if not len(found):
            line = (
                f"parameter {node}={state}: {shown(given)} is no parameter; it is 0 or 1 by structure, or follows "
                "from the other state; ask for another"
            )
            raise EvidenceError(line)
        return int(found[0])

    def diagnosis(self, parameter: int) -> str:
        """Leaf that a parameter belongs to; "" for one that concerns all."""
        node, given, state = self.addresses[parameter]
        return state if node == DIAGNOSIS else given.get(DIAGNOSIS, "")

    def facts(self, parameter: int) -> tuple[str, ...]:
        """Identifiers of the facts behind a parameter; ``judgement``: judgement alone; empty: no document says it."""
        node, _, state = self.addresses[parameter]
        return facts_behind(self.network.knowledge, node, state, self.diagnosis(parameter))

    def with_value(self, parameter: int | str, value: float) -> Network:
        """The mean network with one parameter changed; see `with_values`."""
        return self.with_values({parameter: value})

    def with_values(
        self, values: Mapping[int, float] | Mapping[str, float] | Mapping[int | str, float]
    ) -> Network:
        """
        The mean network with some parameters changed; the other states of their rows keep their proportions.

        Raises
        ------
        EvidenceError
            If a value is not between 0 and 1, those of one row add up to more, or those of a whole row not to 1.
        """
        network, rows = self.network, dict[tuple[int, int], dict[int, float]]()
        for said, wanted in values.items():
            parameter = self.position(said)
            value = probability(f"parameter {self.name(parameter)}", wanted)
            address = int(self.node[parameter]), int(self.row[parameter])
            rows.setdefault(address, {})[int(self.state[parameter])] = value
        tables = dict(network.tables)
        for (node, row), given in rows.items():
            name, total = network.names[node], sum(given.values())
            if min(given.values()) < 0 or total > 1:
                said = f"{name} set to {list(given.values())}"
                raise EvidenceError(f"parameters: {said}; allowed are 0 to 1 in sum; change them")
            if tables[name] is network.tables[name]:
                tables[name] = tables[name].copy()
            cells = tables[name].reshape(-1, tables[name].shape[-1])[row]
            cells[list(given)] = 0.0
            rest = cells.sum()
            if rest == 0 and not isclose(total, 1.0):
                said = f"{name} set to {list(given.values())} leaves no state to take up the rest"
                raise EvidenceError(f"parameters: {said}; values of a whole row add up to 1; change one")
            cells *= (1 - total) / rest if rest else 0.0
            cells[list(given)] = list(given.values())
        return replace(network, tables=tables)


def position(positions: Mapping[str, int], number: object) -> int:
    """The place of what is named, or the place itself if there is one."""
    if isinstance(number, str):
        if number not in positions:
            raise UnknownNameError(unknown_name("number", "name", number, positions))
        return positions[number]
    if not isinstance(number, (int, np.integer)) or not 0 <= number < len(positions):
        allowed = f"0 to {len(positions) - 1} or a name such as {next(iter(positions))!r}"
        raise EvidenceError(f"number: found {shown(number)}; allowed is {allowed}; choose one")
    return int(number)


def probability(where: str, value: object) -> float:
    """
    A number from 0 to 1.

    Raises
    ------
    EvidenceError
        If it is none.
    """
    is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    found = float(value) if is_number else -1.0  # type: ignore[arg-type]
    if not isfinite(found) or not 0 <= found <= 1:
        raise EvidenceError(f"{where}: found {shown(value)}; allowed are numbers from 0 to 1; change it")
    return found


def rows_of(network: Network) -> ParameterList:
    """
    All parameters of a network, row by row.

    Examples
    --------
    >>> from model import load_network
    >>> found = rows_of(load_network())
    >>> found.name(found.index("tick_bite", "present", diagnosis="lyme_neuroborreliosis"))
    'tick_bite=present | diagnosis=lyme_neuroborreliosis'
    """
    mean = network.at_mean()
    tables = {name: table_of(mean, name) for name in mean.names}
    node, row, state, value, low, high = [], [], [], [], [], []
    for number, (name, table) in enumerate(tables.items()):
        group, configuration, states = table.kept.T
        rows = table.rows[group, configuration]
        draws = network.tables[name].reshape(len(network.tables[name]), -1, len(network.states[name]))
        cells = np.sort(draws[:, rows, states], axis=0)
        node.append(np.full(len(rows), number))
        row.append(rows)
        state.append(states)
        value.append(mean.tables[name].reshape(-1, draws.shape[-1])[rows, states])
        low.append(_quantile(cells, INTERVAL[0]))
        high.append(_quantile(cells, INTERVAL[1]))
    columns = [np.concatenate(column) for column in (value, low, high)]
    return ParameterList(mean, tables, *map(np.concatenate, (node, row, state)), *columns)


def with_table(network: Network, name: str, table: FloatArray) -> Network:
    """The network with another table for one node."""
    return network.with_tables({name: table})


def facts_behind(knowledge: KnowledgeBase, node: str, state: str, diagnosis: str) -> tuple[str, ...]:
    """
    Identifiers of the facts about a finding in a diagnosis or its table row, those about the state first.

    Where no fact says anything, but judgement does, its name alone; empty: nothing, the pooled background. For the
    diagnosis itself: the facts behind its prior weights.
    """
    if not diagnosis:
        return ()
    family = {diagnosis, knowledge.row(diagnosis)}
    if node == DIAGNOSIS:
        weights = [row.facts for row in knowledge.prior_weights if row.diagnosis in family]
        return tuple(dict.fromkeys(fact for facts in weights for fact in facts))
    found = [f for f in knowledge.facts.values() if f.finding == node and f.diagnosis in family]
    if not found and is_judged(knowledge, node, diagnosis):
        return (JUDGED,)
    return tuple(f.id for f in sorted(found, key=lambda f: (f.state != state, f.id)))


def _name(node: str, given: Mapping[str, str], state: str) -> str:
    said = ", ".join(f"{parent}={value}" for parent, value in given.items())
    return f"{node}={state} | {said}" if said else f"{node}={state}"


def table_of(mean: Network, name: str) -> Table:
    """The reachable rows of the table of a node."""
    plan, number = mean.plan, mean.index(name)
    parents = plan.graph.parents[number]
    outside = outside_parents(plan, number)
    inside = [plan.hub.index(p) for p in parents if p in plan.hub]
    groups, group = np.unique(plan.support[:, inside], axis=0, return_inverse=True)
    cards = [plan.graph.cards[p] for p in outside]
    configurations = np.indices(cards).reshape(len(outside), int(np.prod(cards, dtype=int)))
    rows = np.zeros((len(groups), configurations.shape[1]), dtype=np.intp)
    axes = iter(groups.T[:, :, None])
    for parent in parents:
        states = next(axes) if parent in plan.hub else configurations[outside.index(parent)]
        rows = rows * plan.graph.cards[parent] + states
    return Table(rows, group.reshape(-1), _kept(mean.tables[name], rows))


def _kept(table: FloatArray, rows: IntArray) -> IntArray:
    """Group, configuration and state of the entries that are parameters."""
    cells = table.reshape(-1, table.shape[-1])[rows]
    is_free = (cells > 0) & (cells < 1)
    if cells.shape[-1] == 2:
        is_free[..., 0] = False
    return np.argwhere(is_free)


def _state(network: Network, node: str, state: str) -> int:
    if state not in network.states[node]:
        where = f"parameter, {plain(node)}"
        raise UnknownNameError(unknown_name(where, "state", state, network.states[node]))
    return network.states[node].index(state)


def _quantile(ordered: FloatArray, q: float) -> FloatArray:
    """Quantile of columns that are in rising order, by linear interpolation."""
    at = q * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    found: FloatArray = ordered[below] + (at - below) * (ordered[above] - ordered[below])
    return found


__all__ = [
    "ParameterList",
    "Table",
    "facts_behind",
    "position",
    "probability",
    "rows_of",
    "table_of",
    "with_table",
]
