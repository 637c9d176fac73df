r"""
Exact inference in a discrete network, for many parameter draws and many patients at once.

The network is conditioned on a *hub* (a few variables that most others hang on). Given a state of the hub, the other
variables fall into independent components, so

.. math:: P(h, e) = P_0(h) \prod_c m_c(h, e_c), \qquad m_c(h, e_c) = \sum_{x_c} \prod_{f \in c} f(x_c, h)\, \lambda(x_c)

with one likelihood vector :math:`\lambda` per observed variable. This is variable elimination with the hub last; it is
exact for every discrete DAG and every hub, and fast where components are small. Components without evidence are
barren and cost nothing. Patients who share the evidence of a component share its message.

Knows: numpy. Must not know: labels, files, what a variable means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.inference.component import Component, Factor
from model.inference.errors import ImpossibleEvidenceError
from model.inference.graph import FloatArray, Graph

Likelihoods = Mapping[int, FloatArray]


@dataclass(frozen=True, eq=False)
class Plan:
    """
    A compiled network.

    Attributes
    ----------
    graph : Graph
    hub : tuple of int
        Variables conditioned on.
    support : ndarray of int, shape (n_hub, len(hub))
        Joint states of the hub that are possible in some draw; all arrays over the hub have these, in this order.
    log_prior : ndarray of shape (n_draws, n_hub)
        Natural log of the product of the tables that concern the hub alone.
    components : tuple of Component
    home : mapping of variable to its component
    """

    graph: Graph
    hub: tuple[int, ...]
    support: NDArray[np.intp]
    log_prior: FloatArray
    components: tuple[Component, ...]
    home: Mapping[int, Component]

    def indicator(self, variable: int) -> FloatArray:
        """One-hot rows, shape (n_hub, card): which state of a hub variable each hub state holds."""
        column = self.support[:, self.hub.index(variable)]
        return np.eye(self.graph.cards[variable])[column]

    @cached_property
    def silent(self) -> FloatArray:
        """Log message of all components without evidence, shape (n_draws, n_hub)."""
        messages = [c.message({})[:, 0] for c in self.components if c.feeds_hub]
        return sum((_log(m) for m in messages), np.zeros_like(self.log_prior))


@dataclass(frozen=True, eq=False)
class Beliefs:
    """
    Answer for a group of patients.

    Attributes
    ----------
    plan : Plan
    likelihoods : mapping of variable to ndarray of shape (n_patients, card)
    hub : ndarray of shape (n_draws, n_patients, n_hub)
        P(hub state | evidence); sums to 1 over the last axis.
    log_evidence : ndarray of shape (n_draws, n_patients)
        Natural log of P(evidence).
    """

    plan: Plan
    likelihoods: Likelihoods
    hub: FloatArray
    log_evidence: FloatArray


def plan(graph: Graph, hub: Sequence[int]) -> Plan:
    """
    Compile a network for a hub.

    Parameters
    ----------
    graph : Graph
    hub : sequence of int
        At least one variable.

    Raises
    ------
    ValueError
        If the hub is empty or repeats a variable.
    """
    if not hub or len(set(hub)) != len(hub):
        raise ValueError(f"plan: hub {tuple(hub)}; one variable or several different ones; choose others")
    hub = tuple(hub)
    support = _support(graph, hub)
    log_prior = np.zeros((graph.n_draws, len(support)))
    factors = []
    for v in range(len(graph.cards)):
        factor = _on_support(graph, v, hub, support)
        if factor.scope:
            factors.append(factor)
        else:
            log_prior = log_prior + _log(factor.values[:, 0])
    components = _components(graph, hub, factors)
    home = {v: component for component in components for v in component.variables}
    return Plan(graph, hub, support, log_prior, components, home)


def infer(plan: Plan, likelihoods: Likelihoods, *, n_patients: int) -> Beliefs:
    """
    P(hub | evidence) and P(evidence) of every patient in every draw.

    Parameters
    ----------
    plan : Plan
    likelihoods : mapping of variable to ndarray of shape (n_patients, card)
        P(what was seen | state), up to a constant: one-hot for a state, several ones for a set of states, all ones (or
        no entry) for a variable that was not looked at.
    n_patients : int

    Returns
    -------
    Beliefs

    Raises
    ------
    ImpossibleEvidenceError
        If a patient's evidence has probability 0 in some draw.
    """
    log_joint = np.repeat((plan.log_prior + plan.silent)[:, None], n_patients, axis=1)
    for v in plan.hub:
        if v in likelihoods:
            log_joint += _log(likelihoods[v] @ plan.indicator(v).T)
    for component, members in _touched(plan, likelihoods).items():
        if len(component.variables) == 1:
            continue
        log_joint += _component_message(component, members, likelihoods)
    single = [c.variables[0] for c in _touched(plan, likelihoods) if len(c.variables) == 1]
    _add_single(plan, likelihoods, single, log_joint)
    top = log_joint.max(axis=-1, keepdims=True)
    impossible = ~np.isfinite(top).all(axis=(0, 2))
    if impossible.any():
        raise ImpossibleEvidenceError(tuple(np.flatnonzero(impossible).tolist()))
    hub = np.exp(log_joint - top)
    total = hub.sum(axis=-1, keepdims=True)
    hub /= total
    return Beliefs(plan, likelihoods, hub, (np.log(total) + top)[..., 0])


def joint(beliefs: Beliefs, variable: int) -> FloatArray:
    """
    P(hub state, state of a variable | evidence).

    Parameters
    ----------
    beliefs : Beliefs
    variable : int
        Any variable, observed or not.

    Returns
    -------
    ndarray of shape (n_draws, n_patients, n_hub, card)
        Sums to 1 over the last two axes.
    """
    plan = beliefs.plan
    if variable in plan.hub:
        return beliefs.hub[..., None] * plan.indicator(variable)
    return beliefs.hub[..., None] * conditional(beliefs, variable)


def conditional(beliefs: Beliefs, variable: int) -> FloatArray:
    """
    P(state of a variable | hub state, evidence); 0 where the hub state is impossible.

    Returns
    -------
    ndarray of shape (n_draws or 1, n_patients or 1, n_hub or 1, card)
    """
    component = beliefs.plan.home[variable]
    members = [v for v in component.variables if v in beliefs.likelihoods]
    rows = {v: beliefs.likelihoods[v] for v in members}
    message = component.message(rows, keep=variable)
    total = message.sum(axis=-1, keepdims=True)
    return np.divide(message, total, out=np.zeros_like(message), where=total > 0)


def marginal(beliefs: Beliefs, variable: int) -> FloatArray:
    """
    P(state of a variable | evidence), shape (n_draws, n_patients, card); sums to 1 over the last axis.

    Examples
    --------
    A disease with prevalence 1 %, and a test with sensitivity 0.8 and false-positive rate 0.1:

    >>> graph = Graph((2, 2), ((), (0,)), (np.array([[0.99, 0.01]]), np.array([[[0.9, 0.1], [0.2, 0.8]]])))
    >>> positive = infer(plan(graph, [0]), {1: np.array([[0.0, 1.0]])}, n_patients=1)
    >>> marginal(positive, 0).round(4)
    array([[[0.9252, 0.0748]]])
    """
    if variable in beliefs.plan.hub:
        return beliefs.hub @ beliefs.plan.indicator(variable)
    return joint(beliefs, variable).sum(axis=2)


def _log(values: FloatArray) -> FloatArray:
    """Natural log with -inf for 0, silently."""
    with np.errstate(divide="ignore"):
        logs: FloatArray = np.log(values)
    return logs


def _support(graph: Graph, hub: tuple[int, ...]) -> NDArray[np.intp]:
    """Joint states of the hub that no table of a hub variable rules out."""
    grid = np.indices([graph.cards[v] for v in hub]).reshape(len(hub), -1).T
    possible = np.ones(len(grid), dtype=bool)
    for i, v in enumerate(hub):
        table = graph.tables[v].max(axis=0) > 0
        outside = tuple(axis for axis, p in enumerate(graph.parents[v]) if p not in hub)
        table = table.any(axis=outside)
        inside = [p for p in graph.parents[v] if p in hub]
        possible &= table[(*(grid[:, hub.index(p)] for p in inside), grid[:, i])]
    return grid[possible]


def _on_support(graph: Graph, v: int, hub: tuple[int, ...], support: NDArray[np.intp]) -> Factor:
    """Table of a variable as a factor: hub axes merged into one over the support, the others named."""
    axes = (*graph.parents[v], v)
    inside = [a for a, u in enumerate(axes) if u in hub]
    outside = [a for a, u in enumerate(axes) if u not in hub]
    table = graph.tables[v].transpose(0, *(1 + a for a in inside), *(1 + a for a in outside))
    if inside:
        table = table[(slice(None), *(support[:, hub.index(axes[a])] for a in inside))]
    else:
        table = table[:, None]
    scope = tuple(axes[a] for a in outside)
    return Factor(scope, np.ascontiguousarray(table[:, None]), v if v not in hub else -1)


def _components(graph: Graph, hub: tuple[int, ...], factors: Sequence[Factor]) -> tuple[Component, ...]:
    """Group the factors whose scopes overlap, directly or through others."""
    groups: list[tuple[set[int], list[Factor]]] = []
    for factor in factors:
        scope, members = set(factor.scope), [factor]
        for other in [group for group in groups if group[0] & scope]:
            groups.remove(other)
            scope |= other[0]
            members = other[1] + members
        groups.append((scope, members))
    cards = dict(enumerate(graph.cards))
    return tuple(
        Component(tuple(sorted(scope)), tuple(members), any(f.child < 0 for f in members), cards)
        for scope, members in groups
    )


def _touched(plan: Plan, likelihoods: Likelihoods) -> dict[Component, list[int]]:
    """Components that some evidence touches, with the observed variables in each."""
    found: dict[Component, list[int]] = {}
    for v in likelihoods:
        if v not in plan.hub:
            found.setdefault(plan.home[v], []).append(v)
    return found


def _component_message(component: Component, members: Sequence[int], likelihoods: Likelihoods) -> FloatArray:
    """Log message of a component relative to its silent message, one per distinct row of evidence."""
    stacked = np.hstack([likelihoods[v] for v in members])
    distinct, where = np.unique(stacked, axis=0, return_inverse=True)
    cuts = np.cumsum([likelihoods[v].shape[1] for v in members])[:-1]
    rows = dict(zip(members, np.split(distinct, cuts, axis=1), strict=True))
    log_message = _log(component.message(rows))
    if component.feeds_hub:
        silent = _log(component.message({}))
        log_message = log_message - np.where(np.isfinite(silent), silent, 0.0)
    return np.broadcast_to(log_message, (len(log_message), len(distinct), log_message.shape[2]))[:, where.ravel()]


def _add_single(
    plan: Plan, likelihoods: Likelihoods, variables: Sequence[int], log_joint: FloatArray
) -> None:
    """Add the messages of components of one variable, in place."""
    for v in variables:
        log_joint += _component_message(plan.home[v], [v], likelihoods)
