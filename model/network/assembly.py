"""
From parameter draws to conditional probability tables: which parents a variable has, and what the links add.

Knows: tables of knowledge and the parameters. Must not know: how the parameters were found, or any evidence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.inference.numeric import over_last
from model.network.mechanism import prevalence, split
from model.network.parameters import FloatArray, Parameters
from priors.schema import KnowledgeBase, Link

DIAGNOSIS = "diagnosis"
MS = "multiple_sclerosis"
NOT_APPLICABLE = "not_applicable"
CONTEXT = ("region", "ancestry")
MECHANISM: Final = "mechanism"


def softmax(log_weights: FloatArray) -> NDArray[np.float64]:
    """
    Probabilities over the last axis.

    Examples
    --------
    >>> softmax(np.log([[1.0, 3.0]]))
    array([[0.25, 0.75]])
    """
    weights = np.array(log_weights, dtype=np.float64)
    weights -= over_last(np.maximum, weights, keepdims=True)
    np.exp(weights, out=weights)
    weights /= over_last(np.add, weights, keepdims=True)
    return weights


def states_of(knowledge: KnowledgeBase, *, mechanisms: bool = True) -> dict[str, tuple[str, ...]]:
    """States of every node, the diagnosis first; without mechanisms if they are switched off."""
    variables = knowledge.variables.items()
    kept = {name: v.state_ids for name, v in variables if mechanisms or v.role != MECHANISM}
    return {DIAGNOSIS: knowledge.leaves} | kept


def parents_of(knowledge: KnowledgeBase, *, mechanisms: bool = True) -> dict[str, tuple[str, ...]]:
    """Parents of every node in axis order: the diagnosis, then those of `links.csv`, the mechanism last."""
    parents: dict[str, tuple[str, ...]] = {DIAGNOSIS: CONTEXT}
    for name in states_of(knowledge, mechanisms=mechanisms):
        if name != DIAGNOSIS:
            root = knowledge.variables[name].role in ("context", "protocol")
            parents[name] = () if root else (DIAGNOSIS,)
    for link in sorted(knowledge.links, key=lambda link: link.direction == MECHANISM):
        if link.parent in parents and link.parent not in parents[link.child]:
            parents[link.child] += (link.parent,)
    return parents


def tables_of(
    knowledge: KnowledgeBase,
    parameters: Parameters,
    prior: NDArray[np.float64],
    *,
    mechanisms: bool = True,
    nodes: Collection[str] | None = None,
) -> dict[str, NDArray[np.float64]]:
    """
    Conditional probability table of every node.

    Parameters
    ----------
    knowledge : KnowledgeBase
    parameters : Parameters
    prior : ndarray of shape (n_draws, n_regions, n_ancestries, n_leaves)
        P(diagnosis | region, ancestry); sums to 1 over the last axis.
    mechanisms : bool
        False leaves the mechanisms out: findings are then independent given their other parents.
    nodes : collection of str, optional
        Nodes that are wanted, all by default.

    Returns
    -------
    dict of node to ndarray of shape (n_draws, *cardinalities of the parents, n_states)
        Sums to 1 over the last axis.
    """
    states = states_of(knowledge, mechanisms=mechanisms)
    parents = parents_of(knowledge, mechanisms=False)
    wanted = [name for name in states if nodes is None or name in nodes]
    tables = {DIAGNOSIS: prior} | {n: softmax(parameters.roots[n]) for n in wanted if n in parameters.roots}
    drawn = [name for name in wanted if name in parameters.log_weights]

    def without_mechanism(name: str) -> NDArray[np.float64]:
        table = softmax(_with_links(knowledge, parameters, name, states, parents[name]))
        if knowledge.variables[name].role == "ms_axis":
            return _only_in_ms(table, knowledge.leaves.index(MS), len(knowledge.leaves))
        return table

    with ThreadPoolExecutor() as threads:  # NumPy computes outside the interpreter's lock
        tables |= dict(zip(drawn, threads.map(without_mechanism, drawn), strict=True))
    for name in knowledge.of_role(MECHANISM):
        if name in wanted:
            tables |= _with_mechanism(knowledge, parameters, name, tables)
    return {name: tables[name] for name in wanted}


def _with_mechanism(
    knowledge: KnowledgeBase, parameters: Parameters, name: str, tables: Mapping[str, NDArray[np.float64]]
) -> dict[str, NDArray[np.float64]]:
    """Table of a mechanism, and those of the findings that hang on it."""
    links = [link for link in knowledge.links if link.parent == name]
    events = {
        link.child: np.isin(knowledge.variables[link.child].state_ids, link.child_state.split("|"))
        for link in links
    }
    base = [
        over_last(np.add, softmax(parameters.log_weights[child])[..., event])
        for child, event in events.items()
    ]
    present = prevalence(np.stack(base))
    changed = {
        child: split(tables[child], event, present, parameters.odds_ratios[name].astype(np.float64))
        for child, event in events.items()
        if child in tables
    }
    return {name: np.stack([1 - present, present], axis=-1), **changed}


def _with_links(
    knowledge: KnowledgeBase,
    parameters: Parameters,
    name: str,
    states: Mapping[str, tuple[str, ...]],
    parents: tuple[str, ...],
) -> FloatArray:
    """Log weights of a node for every combination of its parents' states."""
    base = parameters.log_weights[name]
    extra = tuple(len(states[parent]) for parent in parents[1:])
    n_draws, n_diagnoses, n_states = base.shape
    shape = (n_draws, n_diagnoses, *extra, n_states)
    weights = np.array(
        np.broadcast_to(base.reshape(n_draws, n_diagnoses, *(1 for _ in extra), n_states), shape)
    )
    names = [state for state in states[name] if state != NOT_APPLICABLE or n_diagnoses > 1]
    for row, link in enumerate(knowledge.links):
        if link.child == name and link.direction != MECHANISM:
            where = _cells_of(link, knowledge, states, parents, n_diagnoses)
            amount = parameters.shifts[:, row].reshape(-1, *(1 for _ in shape[1:-1]))
            weights[(slice(None), *where, names.index(link.child_state))] += amount
    return weights


def _cells_of(
    link: Link,
    knowledge: KnowledgeBase,
    states: Mapping[str, tuple[str, ...]],
    parents: tuple[str, ...],
    n_diagnoses: int,
) -> tuple[slice | NDArray[np.intp], ...]:
    """Open mesh over diagnosis and extra parents that a link acts on."""
    leaves = knowledge.members(link.diagnosis) if link.diagnosis else knowledge.leaves
    rows = [0] if n_diagnoses == 1 else [knowledge.leaves.index(leaf) for leaf in leaves]
    axes: list[list[int]] = [rows]
    for parent in parents[1:]:
        chosen = link.parent_state.split("|") if parent == link.parent else states[parent]
        axes.append([states[parent].index(state) for state in chosen])
    return np.ix_(*axes)


def _only_in_ms(table: NDArray[np.float64], ms: int, n_leaves: int) -> NDArray[np.float64]:
    """Spread a table of one diagnosis over all: `not_applicable` is certain elsewhere and impossible in MS."""
    n_draws, _, *extra, n_states = table.shape
    full = np.zeros((n_draws, n_leaves, *extra, n_states + 1))
    full[..., 0] = 1.0
    full[:, ms, ..., 0] = 0.0
    full[:, ms, ..., 1:] = table[:, 0]
    return full
