r"""
Result patterns of several findings at once: how likely each is, and what it would do to the hub.

With :math:`c` the groups that fall apart once the hub is known, a pattern of findings has
:math:`p(h, x \mid e) = p(h \mid e) \prod_c p(x_c \mid h, e_c)`, so each group is tabulated on its own and the
tables are multiplied; where there are too many patterns, some are drawn.

Knows: the engine and the names of findings. Must not know: orders, costs, targets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter

import numpy as np
from numpy.typing import NDArray

from model.errors import ImpossibleEvidenceError
from model.inference.engine import Beliefs, conditional, infer
from model.inference.graph import FloatArray
from model.inference.numeric import divided
from model.network.network import Network
from model.patient.simulation import on_record, pick
from model.record import Record

IntArray = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Patterns(Record):
    """
    Results that some findings may have together.

    Attributes
    ----------
    findings : tuple of str
    states : ndarray of int, shape (n_patterns, n_findings)
        -1 where another finding bars this one (`model.patient.simulation.on_record`): then it has no result.
    weights : ndarray of shape (n_patterns,)
        Probability of each pattern if all are listed, 1 / n_patterns if they are drawn; sums to 1.
    probabilities : ndarray of shape (n_patterns,)
        P(pattern | what is known); the same as `weights` if all are listed.
    hub : ndarray of shape (n_patterns, n_hub)
        P(hub state | what is known, pattern); each row sums to 1.
    is_exact : bool
        Whether all patterns are listed.
    """

    findings: tuple[str, ...]
    states: IntArray
    weights: FloatArray
    probabilities: FloatArray
    hub: FloatArray
    is_exact: bool

    def only(self, kept: NDArray[np.bool_]) -> Patterns:
        """Some of the patterns, with what is left of the weights."""
        return replace(
            self,
            states=self.states[kept],
            weights=self.weights[kept],
            probabilities=self.probabilities[kept],
            hub=self.hub[kept],
        )


@dataclass(frozen=True, eq=False)
class Outlook(Record):
    """
    One patient, ready to be asked about patterns.

    Attributes
    ----------
    network : Network
        At mean parameters, or at some of the draws.
    beliefs : Beliefs
        Of the patient, in that network.
    hub : ndarray of shape (n_draws, n_hub)
        P(hub state | what is known) that the patterns start from; each row sums to 1.
    """

    network: Network
    beliefs: Beliefs
    hub: FloatArray

    @property
    def before(self) -> FloatArray:
        """P(hub state | what is known), mean over draws: ndarray of shape (n_hub,)."""
        return np.asarray(self.hub.mean(axis=0))


def thinned(network: Network, n_draws: int) -> Network:
    """The network at `n_draws` of its draws, equally spaced; all of them if it has no more."""
    if n_draws >= network.n_draws:
        return network
    kept = np.linspace(0, network.n_draws - 1, n_draws).round().astype(int)
    return replace(network, tables={name: table[kept] for name, table in network.tables.items()})


def n_patterns(network: Network, findings: Sequence[str]) -> float:
    """How many patterns the findings have: the product of their numbers of states, as a float."""
    return float(np.prod([float(len(network.states[name])) for name in findings]))


def listed(outlook: Outlook, findings: Sequence[str]) -> Patterns:
    """All patterns of some findings that are possible, in order of their states."""
    network, plan = outlook.network, outlook.network.plan
    groups: dict[int, list[str]] = {}
    for name in findings:
        groups.setdefault(id(plan.home[network.index(name)]), []).append(name)
    members = [group for found in groups.values() for group in _free(found, network)]
    tables = [_table(outlook, group) for group in members]
    left, right = _halves([table.shape[2] for table in tables])
    weighted = _product([tables[i] for i in left]) * outlook.hub[:, :, None]
    other = _product([tables[i] for i in right])
    other = np.broadcast_to(other, (len(outlook.hub), *other.shape[1:]))
    # One matrix product for each hub state sums over the draws.
    joint = np.matmul(weighted.transpose(1, 2, 0), other.transpose(1, 0, 2)) / len(outlook.hub)
    cells = joint.reshape(joint.shape[0], -1).T
    order = [name for i in (*left, *right) for name in members[i]]
    states = np.indices([len(network.states[name]) for name in order]).reshape(len(order), cells.shape[0]).T
    probabilities = cells.sum(axis=1)
    possible = probabilities > 0
    columns = [order.index(name) for name in findings]
    states, cells = _merged(_as_recorded(outlook, findings, states[possible][:, columns]), cells[possible])
    probabilities = cells.sum(axis=1)
    hub = cells / probabilities[:, None]
    return Patterns(tuple(findings), states, probabilities, probabilities, hub, is_exact=True)


def drawn(outlook: Outlook, findings: Sequence[str], n: int, rng: np.random.Generator) -> Patterns:
    """
    Patterns of some findings, each as often as it is likely.

    Parameters
    ----------
    outlook
        At mean parameters: one draw.
    findings
        None of them known.
    n
        Number of patterns; some may be alike.
    rng
    """
    network = outlook.network
    truth = _sampled(outlook, findings, n, rng)
    states = _as_recorded(outlook, findings, np.stack([truth[name] for name in findings], axis=1))
    rows = {v: np.repeat(row, n, axis=0) for v, row in outlook.beliefs.likelihoods.items()}
    for name, column in zip(findings, states.T, strict=True):
        one_hot = np.eye(len(network.states[name]))[column]
        rows[network.index(name)] = np.where(column[:, None] < 0, 1.0, one_hot)
    found = infer(network.plan, rows, n_patients=n)
    log_evidence = found.log_evidence[0] - outlook.beliefs.log_evidence[0]
    ratio = divided(found.hub[0], np.broadcast_to(outlook.beliefs.hub[0], found.hub[0].shape))
    ratio *= np.exp(log_evidence)[:, None]
    joint = outlook.before * ratio
    probabilities = joint.sum(axis=1)
    return Patterns(
        findings=tuple(findings),
        states=states,
        weights=np.full(n, 1 / n),
        probabilities=probabilities,
        hub=joint / probabilities[:, None],
        is_exact=False,
    )


def _as_recorded(outlook: Outlook, findings: Sequence[str], states: IntArray) -> IntArray:
    """States with -1 for what another finding, known or of the same pattern, bars."""
    network = outlook.network
    columns = {name: states[:, i] for i, name in enumerate(findings)}
    for v, [row] in outlook.beliefs.likelihoods.items():
        if np.count_nonzero(row) == 1:
            columns[network.names[v]] = np.full(len(states), row.argmax())
    flags = on_record(network, columns)
    return np.stack([np.where(flags[name], columns[name], -1) for name in findings], axis=1)


def _merged(states: IntArray, cells: FloatArray) -> tuple[IntArray, FloatArray]:
    """Patterns that look alike as one, their cells added up."""
    if (states >= 0).all():
        return states, cells
    kinds, where = np.unique(states, axis=0, return_inverse=True)
    added = np.zeros((len(kinds), cells.shape[1]))
    np.add.at(added, where.ravel(), cells)
    return kinds, added


def _free(group: list[str], network: Network) -> list[list[str]]:
    """A group of a part that has no further variables in common falls apart into single findings."""
    part = network.plan.home[network.index(group[0])]
    is_loose = getattr(part, "rim", None) == ()
    return [[name] for name in group] if is_loose else [group]


def _table(outlook: Outlook, group: Sequence[str]) -> FloatArray:
    """P(pattern of one group | hub, what is known): shape (n_draws or 1, n_hub or 1, n_patterns)."""
    network, beliefs = outlook.network, outlook.beliefs
    if len(group) == 1:
        return conditional(beliefs, network.index(group[0]))[:, 0]
    cards = [len(network.states[name]) for name in group]
    states = np.indices(cards).reshape(len(cards), -1).T
    part = network.plan.home[network.index(group[0])]
    known = {v: row for v, row in beliefs.likelihoods.items() if network.plan.home.get(v) is part}
    joint = np.zeros((*outlook.hub.shape, len(states)))
    possible = np.arange(len(states))
    while len(possible):
        rows = {v: np.repeat(row, len(possible), axis=0) for v, row in known.items()}
        for column, name in enumerate(group):
            rows[network.index(name)] = np.eye(cards[column])[states[possible, column]]
        try:
            found = infer(network.plan, rows, n_patients=len(possible))
        except ImpossibleEvidenceError as error:
            possible = np.delete(possible, list(error.patients))
            continue
        scale = np.exp(found.log_evidence - found.log_evidence.max(axis=1, keepdims=True))
        joint[:, :, possible] = (found.hub * scale[..., None]).transpose(0, 2, 1)
        break
    total = joint.sum(axis=2, keepdims=True)
    return divided(joint, total)


def _halves(sizes: Sequence[int]) -> tuple[list[int], list[int]]:
    """Numbers of the groups in two halves with about as many patterns each; either may be empty."""
    halves: tuple[list[int], list[int]] = ([], [])
    products = [1.0, 1.0]
    for i in sorted(range(len(sizes)), key=lambda i: -sizes[i]):
        smaller = int(products[1] < products[0])
        halves[smaller].append(i)
        products[smaller] *= sizes[i]
    return halves


def _product(tables: Sequence[FloatArray]) -> FloatArray:
    """Table of several groups together: shape (n_draws or 1, n_hub or 1, product of their patterns)."""
    result = np.ones((1, 1, 1))
    for table in tables:
        both = result[..., :, None] * table[..., None, :]
        result = both.reshape(*both.shape[:2], -1)
    return result


def _sampled(
    outlook: Outlook, findings: Sequence[str], n: int, rng: np.random.Generator
) -> Mapping[str, IntArray]:
    """
    States of the findings and of what they depend on, each as often as it is likely given what is known.

    From causes to effects. Where something is known of a variable or of its effects (of the hub it always
    is), the engine says how likely its states are; elsewhere its table does.
    """
    network = outlook.network
    plan = network.plan
    names = network.names
    cells = pick(np.broadcast_to(outlook.before, (n, len(plan.support))), rng)
    states = {names[v]: plan.support[cells, i] for i, v in enumerate(plan.hub)}
    informed = network.ancestors([names[v] for v in (*plan.hub, *outlook.beliefs.likelihoods)])
    needed = network.ancestors(findings)
    for name in TopologicalSorter(network.parents).static_order():
        if name in states or name not in needed:
            continue
        if name in informed:
            states[name] = _asked(outlook, name, states, cells, rng)
        else:
            rows = network.tables[name][(0, *(states[p] for p in network.parents[name]))]
            states[name] = pick(np.broadcast_to(rows, (n, rows.shape[-1])), rng)
    return states


def _asked(
    outlook: Outlook, name: str, states: Mapping[str, IntArray], cells: IntArray, rng: np.random.Generator
) -> IntArray:
    """States of one variable, drawn from what the engine says given those drawn before in the same part."""
    network, plan = outlook.network, outlook.network.plan
    variable = network.index(name)
    part = plan.home[variable]
    drawn_before = [u for u in states if plan.home.get(network.index(u)) is part]
    keys = (
        np.stack([states[u] for u in drawn_before], axis=1)
        if drawn_before
        else np.zeros((len(cells), 1), int)
    )
    kinds, where = np.unique(keys, axis=0, return_inverse=True)
    rows = {
        v: np.repeat(row, len(kinds), axis=0)
        for v, row in outlook.beliefs.likelihoods.items()
        if plan.home.get(v) is part
    }
    for column, u in enumerate(drawn_before):
        rows[network.index(u)] = np.eye(len(network.states[u]))[kinds[:, column]]
    blank = replace(outlook.beliefs, likelihoods=rows)
    table = conditional(blank, variable)[0]
    kind = where.ravel() if len(table) > 1 else np.zeros_like(cells)
    return pick(table[kind, cells if table.shape[1] > 1 else 0], rng)


__all__ = ["Outlook", "Patterns", "drawn", "listed", "n_patterns", "thinned"]
