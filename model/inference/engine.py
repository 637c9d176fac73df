r"""
Exact inference in a discrete network, for many parameter draws and many patients at once.

The network is conditioned on a *hub* (a few variables that most others hang on). Given a state of the hub,
the other variables fall into independent components, so

.. math:: P(h, e) = P_0(h) \prod_c m_c(h, e_c),
    \qquad m_c(h, e_c) = \sum_{x_c} \prod_{f \in c} f(x_c, h)\, \lambda(x_c)

with one likelihood vector :math:`\lambda` per observed variable. This is variable elimination with the hub
last; it is exact for every discrete DAG and every hub, and fast where components are small. Components
without evidence are barren and cost nothing. How a component is summed depends on its shape (`star`,
`component`), its answer does not.

Knows: numpy. Must not know: labels, files, what a variable means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.inference.average import View, expected, in_each_draw
from model.inference.errors import ImpossibleEvidenceError
from model.inference.graph import FloatArray, Graph
from model.inference.layout import groups_of, part_of
from model.inference.numeric import BARRED, LOWEST, TINY, log, log_floor, pieces, sum_of_kinds
from model.inference.one_patient import factors
from model.inference.part import Part, Rows
from model.inference.support import Context, factor_of, support_of

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
        Joint states of the hub that are possible in some draw; all arrays over the hub have these, in this
        order.
    log_prior : ndarray of shape (n_draws, n_hub)
        Natural log of the product of the tables that concern the hub alone.
    parts : tuple of Part
        Groups of the other variables, independent of each other given the hub.
    home : mapping of variable to its part
    """

    graph: Graph
    hub: tuple[int, ...]
    support: NDArray[np.intp]
    log_prior: FloatArray
    parts: tuple[Part, ...]
    home: Mapping[int, Part]

    def indicator(self, variable: int) -> FloatArray:
        """One-hot rows, shape (n_hub, card): which state of a hub variable each hub state holds."""
        return self._indicators[variable]

    @cached_property
    def _indicators(self) -> Mapping[int, FloatArray]:
        return {
            v: np.eye(self.graph.cards[v])[states] for v, states in zip(self.hub, self.support.T, strict=True)
        }

    @cached_property
    def prior(self) -> FloatArray:
        """Probabilities of `log_prior`."""
        return np.exp(self.log_prior)

    @cached_property
    def log_floor(self) -> float:
        """Natural log of the smallest positive number in `prior`."""
        return log_floor(self.prior)

    @cached_property
    def feeding(self) -> tuple[Part, ...]:
        """Parts that hold a parent of the hub; all others say nothing unless they are asked."""
        return tuple(part for part in self.parts if part.feeds)


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


def plan(graph: Graph, hub: Sequence[int], *, like: Plan | None = None) -> Plan:
    """
    Compile a network for a hub.

    Parameters
    ----------
    graph : Graph
    hub : sequence of int
        At least one variable.
    like : Plan, optional
        Of a graph with the same variables, parents and hub, in which some tables are the very same arrays: parts made
        of those alone are taken over, neither computed nor stored again.

    Raises
    ------
    ValueError
        If the hub is empty or repeats a variable.
    """
    if not hub or len(set(hub)) != len(hub):
        raise ValueError(f"plan: hub {tuple(hub)}; one variable or several different ones; choose others")
    hub = tuple(hub)
    context = support_of(graph, hub)
    shared = like is not None and (like.hub, like.graph.cards, like.graph.parents) == (
        hub,
        graph.cards,
        graph.parents,
    )
    if like is not None and shared and context.is_within(like.support):
        context = Context(hub, like.support)
    else:
        like = None
    log_prior = np.zeros((graph.n_draws, len(context)))
    tables = []
    for v in range(len(graph.cards)):
        if {v, *graph.parents[v]} <= set(hub):
            log_prior = log_prior + log(factor_of(graph, v, context).values[:, 0])
        else:
            tables.append(v)
    groups = groups_of(graph, tables, context)
    parts = tuple(
        like.parts[i] if like and _is_shared(graph, like.graph, group) else part_of(graph, group, context)
        for i, group in enumerate(groups)
    )
    home = {v: part for part in parts for v in part.variables}
    return Plan(graph, hub, context.states, log_prior, parts, home)


def _is_shared(graph: Graph, other: Graph, tables: Iterable[int]) -> bool:
    return all(graph.tables[v] is other.tables[v] for v in tables)


def infer(plan: Plan, likelihoods: Likelihoods, *, n_patients: int) -> Beliefs:
    """
    P(hub | evidence) and P(evidence) of every patient in every draw.

    Parameters
    ----------
    plan : Plan
    likelihoods : mapping of variable to ndarray of shape (n_patients, card)
        P(what was seen | state), up to a constant: one-hot for a state, several ones for a set of states, all
        ones (or no entry) for a variable that was not looked at.
    n_patients : int

    Returns
    -------
    Beliefs

    Raises
    ------
    ImpossibleEvidenceError
        If a patient's evidence has probability 0 in some draw.
    """
    found = _factors(plan, likelihoods) if n_patients == 1 else None
    if found is not None and len(found) == 1:
        products = found[0][:, None]
        total = np.add.reduce(products, axis=-1, keepdims=True)
        if not total.all():
            raise ImpossibleEvidenceError((0,))
        return Beliefs(plan, likelihoods, products / total, np.log(total[..., 0]))
    hub = np.empty((len(plan.log_prior), n_patients, len(plan.support)))
    log_evidence = np.empty(hub.shape[:2])
    for piece in pieces(n_patients, plan.log_prior.size):
        log_joint = hub[:, piece]
        if found is not None:
            log_joint[:, 0] = sum(log(factor) for factor in found)
        else:
            here = likelihoods if n_patients == 1 else {v: rows[piece] for v, rows in likelihoods.items()}
            _log_joint(plan, here, log_joint)
        top = np.maximum.reduce(log_joint, axis=-1, keepdims=True)
        log_joint -= np.maximum(top, LOWEST)
        np.exp(log_joint, out=log_joint)
        total = np.maximum(np.add.reduce(log_joint, axis=-1, keepdims=True), TINY)
        log_joint /= total
        log_evidence[:, piece] = (np.log(total) + top)[..., 0]
    is_possible = log_evidence > BARRED / 2
    if not is_possible.all():
        raise ImpossibleEvidenceError(tuple(np.flatnonzero(~is_possible.all(axis=0)).tolist()))
    return Beliefs(plan, likelihoods, hub, log_evidence)


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


def mean_joint(beliefs: Beliefs, variable: int) -> FloatArray:
    """
    P(hub state, state of a variable | evidence), averaged over the draws.

    Returns
    -------
    ndarray of shape (n_patients, n_hub, card)
        Sums to 1 over the last two axes.
    """
    return mean_joint_all(beliefs, (variable,))[variable]


def mean_joint_all(
    beliefs: Beliefs, variables: Iterable[int], groups: NDArray[np.intp] | None = None
) -> dict[int, FloatArray]:
    """
    `mean_joint` of many variables, which share most of the work.

    Parameters
    ----------
    beliefs : Beliefs
    variables : iterable of int
    groups : ndarray of int, shape (n_hub,), optional
        Group of each hub state, numbered from 0: the answer is P(group, state | evidence), for less work.

    Returns
    -------
    dict of variable to ndarray of shape (n_patients, n_hub or n_groups, card)
        In the order asked for; each sums to 1 over the last two axes.
    """
    plan = beliefs.plan
    answers = dict.fromkeys(variables, np.empty(0))
    of_hub = {
        v: beliefs.hub.mean(axis=0)[..., None] * plan.indicator(v) for v in answers if v not in plan.home
    }
    answers |= View(beliefs.hub, np.empty(0, dtype=np.intp), groups).by_group(of_hub)
    for part, rows, view, members in _asked(beliefs, answers, groups):
        answers |= expected(part, rows, view, members)
    return answers


def joint_in_each_draw(
    beliefs: Beliefs, variables: Iterable[int], groups: NDArray[np.intp]
) -> Iterator[tuple[int, FloatArray]]:
    """
    `joint` of many variables with groups of hub states, of one patient, for less work and memory than one by one.

    Parameters
    ----------
    beliefs : Beliefs
        Of one patient.
    variables : iterable of int
    groups : ndarray of int, shape (n_hub,)
        Group of each hub state, numbered from 0.

    Yields
    ------
    variable, ndarray of shape (card, n_draws, n_groups)
        In an order that suits the work; sums to 1 over the first and the last axis.
    """
    variables, plan = tuple(variables), beliefs.plan
    in_group = np.eye(groups.max() + 1)[groups]
    for v in variables:
        if v not in plan.home:
            yield v, (plan.indicator(v).T[:, None] * beliefs.hub[:, 0]) @ in_group
    for part, rows, view, members in _asked(beliefs, variables, groups):
        yield from in_each_draw(part, rows, view, members)


def _asked(
    beliefs: Beliefs, variables: Iterable[int], groups: NDArray[np.intp] | None
) -> Iterator[tuple[Part, Rows, View, list[int]]]:
    """Parts in which variables are asked for: their evidence, how they see the hub, and those variables."""
    plan, wanted = beliefs.plan, dict[Part, list[int]]()
    for v in variables:
        if v in plan.home:
            wanted.setdefault(plan.home[v], []).append(v)
    rows = _by_part(plan, beliefs.likelihoods)
    views: dict[tuple[int, ...], View] = {}
    for part, members in wanted.items():
        if part.context not in views:
            views[part.context] = View.of(beliefs.hub, groups, part.where)
        yield part, rows.get(part, {}), views[part.context], members


def conditional(beliefs: Beliefs, variable: int) -> FloatArray:
    """
    P(state of a variable | hub state, evidence); 0 where the hub state is impossible.

    Returns
    -------
    ndarray of shape (n_draws or 1, n_patients or 1, n_hub or 1, card)
    """
    part = beliefs.plan.home[variable]
    given = part.conditional(_by_part(beliefs.plan, beliefs.likelihoods).get(part, {}), variable)
    return given if given.shape[2] == 1 else given[:, :, part.where]


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
        of_hub: FloatArray = beliefs.hub @ beliefs.plan.indicator(variable)
        return of_hub
    summed: FloatArray = joint(beliefs, variable).sum(axis=2)
    return summed


def _factors(plan: Plan, likelihoods: Likelihoods) -> list[FloatArray] | None:
    """What multiplies to P(hub state, evidence) of one patient, see `factors`; None if the hub is observed."""
    if any(v in likelihoods for v in plan.hub):
        return None
    rows = _by_part(plan, likelihoods)
    rows |= {part: {} for part in plan.feeding if part not in rows}
    return factors(plan.prior, plan.log_floor, rows)


def _log_joint(plan: Plan, likelihoods: Likelihoods, log_joint: FloatArray) -> None:
    """Write the natural log of P(hub state, evidence) into an array of shape (n_draws, n_patients, n_hub)."""
    rows = _by_part(plan, likelihoods)
    log_joint[:] = plan.log_prior[:, None]
    for v in plan.hub:
        if v in likelihoods:
            log_joint += log(likelihoods[v] @ plan.indicator(v).T)
    for part in plan.feeding:
        if part not in rows:
            log_joint += part.silent if part.silent.shape[-1] == 1 else part.silent[..., part.where]
    messages: dict[tuple[int, ...], list[tuple[FloatArray, NDArray[np.intp] | None]]] = {}
    seen_from = {}
    for part, members in rows.items():
        messages.setdefault(part.context, []).append(part.message_of_kinds(members))
        seen_from[part.context] = part.where
    for context, found in messages.items():
        total = sum_of_kinds(found, axis=1)
        log_joint += total[..., seen_from[context]] if total.shape[-1] > 1 else total


def _by_part(plan: Plan, likelihoods: Likelihoods) -> dict[Part, dict[int, FloatArray]]:
    """Parts that some evidence touches, with the likelihood vectors in each."""
    found: dict[Part, dict[int, FloatArray]] = {}
    for v, rows in likelihoods.items():
        if v in plan.home:
            found.setdefault(plan.home[v], {})[v] = rows
    return found
