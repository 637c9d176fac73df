"""
From parameter draws to conditional probability tables: which parents a variable has, and what the links add.

Knows: tables of knowledge and the parameters. Must not know: how the parameters were found, or any evidence.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from model.parameters import FloatArray, Parameters
from priors.schema import KnowledgeBase, Link

DIAGNOSIS = "diagnosis"
MS = "multiple_sclerosis"
NOT_APPLICABLE = "not_applicable"
CONTEXT = ("region", "ancestry")


def softmax(log_weights: FloatArray) -> NDArray[np.float64]:
    """
    Probabilities over the last axis.

    Examples
    --------
    >>> softmax(np.log([[1.0, 3.0]]))
    array([[0.25, 0.75]])
    """
    weights = np.asarray(log_weights, dtype=np.float64)
    weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
    total: NDArray[np.float64] = weights / weights.sum(axis=-1, keepdims=True)
    return total


def states_of(knowledge: KnowledgeBase) -> dict[str, tuple[str, ...]]:
    """States of every node, the diagnosis first."""
    return {DIAGNOSIS: knowledge.leaves} | {name: v.state_ids for name, v in knowledge.variables.items()}


def parents_of(knowledge: KnowledgeBase) -> dict[str, tuple[str, ...]]:
    """Parents of every node in axis order: the diagnosis first, then those of `links.csv` in table order."""
    parents: dict[str, tuple[str, ...]] = {DIAGNOSIS: CONTEXT}
    for name, variable in knowledge.variables.items():
        root = variable.role in ("context", "protocol")
        parents[name] = () if root else (DIAGNOSIS,)
    for link in knowledge.links:
        if link.parent not in parents[link.child]:
            parents[link.child] += (link.parent,)
    return parents


def tables_of(
    knowledge: KnowledgeBase, parameters: Parameters, prior: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """
    Conditional probability table of every node.

    Parameters
    ----------
    knowledge : KnowledgeBase
    parameters : Parameters
    prior : ndarray of shape (n_draws, n_regions, n_ancestries, n_leaves)
        P(diagnosis | region, ancestry); sums to 1 over the last axis.

    Returns
    -------
    dict of node to ndarray of shape (n_draws, *cardinalities of the parents, n_states)
        Sums to 1 over the last axis.
    """
    states, parents = states_of(knowledge), parents_of(knowledge)
    tables = {DIAGNOSIS: prior}
    for name in knowledge.variables:
        if name in parameters.roots:
            tables[name] = softmax(parameters.roots[name])
            continue
        weights = _with_links(knowledge, parameters, name, states, parents[name])
        tables[name] = softmax(weights)
        if knowledge.variables[name].role == "ms_axis":
            tables[name] = _only_in_ms(tables[name], knowledge.leaves.index(MS), len(knowledge.leaves))
    return tables


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
    weights = np.array(np.broadcast_to(base.reshape(n_draws, n_diagnoses, *(1 for _ in extra), n_states), shape))
    names = [state for state in states[name] if state != NOT_APPLICABLE or n_diagnoses > 1]
    for row, link in enumerate(knowledge.links):
        if link.child == name:
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
