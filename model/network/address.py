"""
What a number of the network is called: ``finding=state | parent=state, ...``, and which rows of a table it is about.

Two spellings mean the same: the text with a state, as results print it, and one value; the text without a state, and a
mapping from states to values. A parent that is not named stands for all its states, a table row for each of its leaves;
``a|b`` are two states together.

Knows: names of nodes and states. Must not know: probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from model.errors import EvidenceError, UnknownNameError, plain, shown, unknown_name
from model.network.assembly import DIAGNOSIS
from model.network.tabled import Tabled

FORM = '"finding=state | diagnosis=leaf" with a value, or "finding | diagnosis=leaf" with {state: value}'


@dataclass(frozen=True, slots=True)
class Place:
    """
    States of a node under some states of its parents.

    Attributes
    ----------
    node : str
    given : tuple of pairs (parent, state)
        In the axis order of the table; parents that are not there stand for all their states.
    groups : tuple of tuple of str
        Sets of states, each of which has a probability of its own.
    """

    node: str
    given: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, ...], ...]

    def name(self, group: int) -> str:
        """What one of its numbers is called."""
        return address(self.node, "|".join(self.groups[group]), dict(self.given))


def address(node: str, state: str, given: Mapping[str, str]) -> str:
    """
    The name of a number.

    Examples
    --------
    >>> address("sex", "male", {"diagnosis": "nmosd"}), address("region", "north_america", {})
    ('sex=male | diagnosis=nmosd', 'region=north_america')
    """
    said = ", ".join(f"{parent}={value}" for parent, value in given.items())
    return f"{node}={state} | {said}" if said else f"{node}={state}"


def split(text: str) -> tuple[str, str, dict[str, str]]:
    """
    Node, state ("" if there is none) and parents of a name.

    Raises
    ------
    EvidenceError
        If the text does not have that form.

    Examples
    --------
    >>> split("sex=male | diagnosis=nmosd, region=north_america")
    ('sex', 'male', {'diagnosis': 'nmosd', 'region': 'north_america'})
    >>> split("sex | diagnosis=nmosd")
    ('sex', '', {'diagnosis': 'nmosd'})
    """
    head, _, tail = str(text).partition(" | ")
    node, is_state, state = (part.strip() for part in head.partition("="))
    given = [[part.strip() for part in item.split("=")] for item in filter(None, tail.split(","))]
    if not node or bool(is_state) != bool(state) or any(len(pair) != 2 or not all(pair) for pair in given):
        raise EvidenceError(f"number: found {shown(text)}; allowed is {FORM}; correct it")
    return node, state, {parent: value for parent, value in given}  # noqa: C416 - the types of pairs


def places(network: Tabled, changes: Mapping[str, object]) -> list[tuple[Place, tuple[object, ...]]]:
    """
    The places that changes speak of, each with a value for each of its groups of states.

    Raises
    ------
    UnknownNameError
        If there is no such node, parent or state.
    EvidenceError
        If an address has another form, or two speak of one state.
    """
    spoken: dict[tuple[str, tuple[tuple[str, str], ...]], dict[tuple[str, ...], object]] = {}
    for key, value in changes.items():
        node, given, wanted = _spoken(key, value)
        network.index(node)
        for one in _given(network, node, given):
            held = spoken.setdefault((node, one), {})
            for states, said in wanted.items():
                group = _states(network, node, states)
                if set(group) & {state for other in held for state in other}:
                    name = address(node, states, dict(one))
                    raise EvidenceError(f"number {name}: given twice; keep one of them")
                held[group] = said
    return [
        (Place(node, given, tuple(groups)), tuple(groups.values()))
        for (node, given), groups in spoken.items()
    ]


def _spoken(key: str, value: object) -> tuple[str, Mapping[str, str], Mapping[str, object]]:
    node, state, given = split(key)
    if isinstance(value, Mapping) == bool(state):
        raise EvidenceError(f"number: found {shown(f'{key}: {value}')}; allowed is {FORM}; correct it")
    return node, given, value if isinstance(value, Mapping) else {state: value}


def _given(network: Tabled, node: str, given: Mapping[str, str]) -> list[tuple[tuple[str, str], ...]]:
    """The states of the parents that are named, in axis order; a table row of several leaves gives several."""
    where = f"number of {node}"
    for parent in given:
        if parent not in network.parents[node]:
            raise UnknownNameError(unknown_name(where, "parent", parent, network.parents[node]))
    choices = [
        [(parent, state) for state in _of_parent(network, where, parent, given[parent])]
        for parent in network.parents[node]
        if parent in given
    ]
    return list(product(*choices))


def _of_parent(network: Tabled, where: str, parent: str, state: str) -> tuple[str, ...]:
    if parent == DIAGNOSIS and state in network.knowledge.diagnoses:
        return tuple(network.knowledge.members(state))
    if state not in network.states[parent]:
        raise UnknownNameError(
            unknown_name(f"{where}, {plain(parent)}", "state", state, network.states[parent])
        )
    return (state,)


def _states(network: Tabled, node: str, text: str) -> tuple[str, ...]:
    """The states of a set; of the diagnosis a table row is the set of its leaves."""
    found: list[str] = []
    for part in str(text).split("|"):
        if node == DIAGNOSIS and part in network.knowledge.diagnoses:
            found += network.knowledge.members(part)
        elif part in network.states[node]:
            found.append(part)
        else:
            raise UnknownNameError(unknown_name(f"number of {node}", "state", part, network.states[node]))
    return tuple(found)


__all__ = ["Place", "address", "places", "split"]
