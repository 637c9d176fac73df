"""
What a whole order would tell: one lumbar puncture, one spine MRI, one serum panel give several findings at once.

Knows: which findings come with which order, what an order costs and what speaks against it. Must not know:
how patterns are computed, or what to do after the next order (`model.next_step.plan`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.diagnosis.differential import beliefs_in_pieces
from model.errors import EvidenceError, UnknownNameError, unknown_name
from model.inference.graph import FloatArray
from model.network.hierarchy import hierarchy
from model.network.network import DIAGNOSIS, Network
from model.next_step.information import askable
from model.next_step.order_results import Orders, OrderValue, Outcome, Pattern
from model.next_step.pattern import Outlook, Patterns, drawn, listed, n_patterns, thinned
from model.next_step.target import Decision, Target, target_of
from model.patient.evidence import Asked, as_evidence

if TYPE_CHECKING:
    from model.patient.evidence import Evidence

EXACT_LIMIT = 12
"""An order with at most this many binary findings (2**12 patterns) is summed exactly."""

SAMPLES = 500
"""Patterns that are drawn for a larger order."""

N_SPELLED = 4
"""Patterns of an order that are spelled out."""


def information_of_orders(
    network: Network,
    evidence: Asked,
    *,
    target: str | Decision = "row",
    orders: Sequence[str] | None = None,
    costs: Mapping[str, float] | None = None,
    seed: int = 0,
    exact_limit: float = EXACT_LIMIT,
    samples: int = SAMPLES,
    draws: int = 1,
) -> Orders:
    r"""
    Joint information of all findings that an order gives, not the sum of their single values.

    .. math:: I(T; F_1 \ldots F_k \mid e) = \sum_x p(x \mid e) \sum_t p(t \mid e, x)
        \log_2 \frac{p(t \mid e, x)}{p(t \mid e)}

    exactly over all patterns x where there are at most ``2 ** exact_limit``; else over patterns drawn from
    p(x | e), each followed by exact inference, with the standard error of that mean.

    Parameters
    ----------
    network, evidence
        The evidence holds one patient (``evidence.select(i)``).
    target
        ``"diagnosis"`` (leaves), ``"row"``, ``"group"``, ``"ms_course"``, ``"ms_variant"``, or a `Decision`:
        then the value is the expected value of sample information, in units of its utilities.
    orders
        Identifiers; by default all that give something not known yet.
    costs
        Order -> cost, in place of those of `orders.csv`.
    seed
        Of the patterns drawn.
    exact_limit
        In binary findings, that is, in bits of the number of patterns.
    samples
        Patterns drawn for an order beyond the limit.
    draws
        What P(result | diagnosis) is taken from. 1: the mean parameters, with the probabilities of the
        diagnoses averaged over all draws, so that every answer starts from the headline (A25: approximation: what
        a draw says of a finding and of a diagnosis are taken as unrelated). More: so many of the draws, equally
        spaced; all of them give for an order of one finding what `value_of_information` gives. Patterns
        beyond the limit are always drawn at mean parameters.

    Raises
    ------
    EvidenceError
        If the evidence holds several patients, or a number is out of range.
    UnknownNameError
        If the target or an order does not exist.
    ImpossibleFindingsError
        If the findings have probability 0 under every diagnosis.

    References
    ----------
    Cover TM, Thomas JA. Elements of Information Theory. 2nd ed. Wiley; 2006. doi:10.1002/047174882X
    Raiffa H, Schlaifer R. Applied Statistical Decision Theory. Harvard; 1961. (value of sample information)

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network()
    >>> found = information_of_orders(network, encode(network, {"sex": "male"}), orders=["audiometry"])
    >>> found["audiometry"].is_exact
    True
    """
    evidence = as_evidence(network, evidence)
    if samples < 2 or draws < 1:
        raise EvidenceError(
            f"orders: {samples} samples, {draws} draws; at least 2 samples and 1 draw; raise them"
        )
    chosen = findings_by_order(network, evidence, orders)
    priced = prices(network, costs)
    at_mean, at_draws = outlooks(network, evidence, draws)
    aim = target_of(network, target, at_mean.before)
    rows = hierarchy(network.knowledge, "row")
    to_row = network.plan.indicator(network.index(DIAGNOSIS)) @ rows.membership
    found = []
    numbers = {order: number for number, order in enumerate(network.knowledge.orders)}
    for order, findings in chosen.items():
        if n_patterns(network, findings) <= 2.0**exact_limit:
            patterns = listed(at_draws, findings)
        else:
            patterns = drawn(at_mean, findings, samples, np.random.default_rng((seed, numbers[order])))
        before = at_draws.before if patterns.is_exact else at_mean.before
        found.append(_valued(network, order, priced[order], patterns, aim, before, to_row))
    return Orders(
        case=evidence.ids[0],
        target=aim.name,
        unit=aim.unit,
        now=aim.now(at_draws.before),
        rows=rows,
        before=at_draws.before @ to_row,
        orders=tuple(sorted(found, key=lambda order: -order.value)),
        n_draws=len(at_draws.hub),
        origin=network.origin,
    )


def outlooks(network: Network, evidence: Evidence, draws: int = 1) -> tuple[Outlook, Outlook]:
    """
    A patient at mean parameters but with the headline probabilities, and at `draws` draws (1: the same).

    Raises
    ------
    EvidenceError
        If the evidence holds several patients.
    """
    evidence.require_one("orders")
    [all_draws] = beliefs_in_pieces(network, evidence)
    mean = network.at_mean()
    [beliefs] = beliefs_in_pieces(mean, evidence)
    at_mean = Outlook(mean, beliefs, all_draws.hub.mean(axis=0))
    if draws == 1:
        return at_mean, at_mean
    some = thinned(network, draws)
    [at_some] = [all_draws] if some is network else beliefs_in_pieces(some, evidence)
    return at_mean, Outlook(some, at_some, at_some.hub[:, 0])


def findings_by_order(
    network: Network, evidence: Evidence, orders: Sequence[str] | None = None
) -> dict[str, tuple[str, ...]]:
    """
    Order -> its findings that are not known yet, in table order; an order with nothing left to tell is left out.

    Raises
    ------
    UnknownNameError
        If an order does not exist.
    """
    for order in orders or ():
        if order not in network.knowledge.orders:
            raise UnknownNameError(unknown_name("orders", "order", order, network.knowledge.orders))
    groups: dict[str, list[str]] = {}
    for name in askable(network, evidence):
        groups.setdefault(network.knowledge.variables[name].order, []).append(name)
    wanted = network.knowledge.orders if orders is None else dict.fromkeys(orders)
    return {order: tuple(groups[order]) for order in wanted if order in groups}


def prices(network: Network, costs: Mapping[str, float] | None = None) -> dict[str, float]:
    """
    Cost of every order, those given in place of those of `orders.csv`.

    Raises
    ------
    UnknownNameError
        If an order does not exist.
    EvidenceError
        If a cost is negative or no finite number.
    """
    known = network.knowledge.orders
    for order, cost in (costs or {}).items():
        if order not in known:
            raise UnknownNameError(unknown_name("costs", "order", order, known))
        if not 0 <= cost < np.inf:
            raise EvidenceError(
                f"costs, {order}: found {cost}; allowed are numbers from 0 upwards; correct it"
            )
    return {name: order.cost for name, order in known.items()} | dict(costs or {})


def _valued(
    network: Network,
    order: str,
    cost: float,
    patterns: Patterns,
    aim: Target,
    before: FloatArray,
    to_row: FloatArray,
) -> OrderValue:
    gains = aim.gains(patterns.hub, before)
    error = None if patterns.is_exact else float(gains.std(ddof=1) / np.sqrt(len(gains)))
    record = network.knowledge.orders[order]
    return OrderValue(
        order=order,
        label=record.label,
        findings=patterns.findings,
        value=float(patterns.weights @ gains),
        standard_error=error,
        n_patterns=n_patterns(network, patterns.findings),
        cost=cost,
        delay_days=record.delay_days,
        invasiveness=record.invasiveness,
        hazard=record.hazard,
        patterns=spelled(network, patterns, to_row),
        outcomes=_outcomes(network, patterns, to_row),
    )


def _outcomes(network: Network, patterns: Patterns, to_row: FloatArray) -> tuple[Outcome, ...]:
    """Table rows that lead after some pattern, the likeliest first."""
    rows = hierarchy(network.knowledge, "row").names
    after = patterns.hub @ to_row
    winners = after.argmax(axis=1)
    found = []
    for winner in np.unique(winners):
        kept = np.flatnonzero(winners == winner)
        pattern = _named(network, patterns, _first(patterns, kept), to_row)
        found.append(Outcome(rows[winner], float(patterns.weights[kept].sum()), pattern))
    return tuple(sorted(found, key=lambda outcome: -outcome.probability))


def spelled(
    network: Network, patterns: Patterns, to_row: FloatArray, n: int = N_SPELLED
) -> tuple[Pattern, ...]:
    """The `n` likeliest patterns by name, each once."""
    return tuple(_named(network, patterns, i, to_row) for i in _likeliest(patterns, n))


def _named(network: Network, patterns: Patterns, i: int, to_row: FloatArray) -> Pattern:
    """One pattern by name."""
    variables = [network.knowledge.variables[name] for name in patterns.findings]
    chosen = {
        v.id: v.states[s] for v, s in zip(variables, patterns.states[i].tolist(), strict=True) if s >= 0
    }
    return Pattern(
        states={name: state.id for name, state in chosen.items()},
        unusual=tuple(name for name, state in chosen.items() if not state.is_reference),
        probability=float(patterns.probabilities[i]),
        after=patterns.hub[i] @ to_row,
    )


def _first(patterns: Patterns, kept: NDArray[np.intp]) -> int:
    """Number of the likeliest of some patterns; of those that are as likely the first in order of their states."""
    chances = patterns.probabilities[kept]
    best = kept[chances == chances.max()]
    return int(best[0] if len(best) == 1 else best[np.lexsort(patterns.states[best].T[::-1])[0]])


def _likeliest(patterns: Patterns, n: int) -> NDArray[np.intp]:
    """Numbers of the `n` likeliest patterns, each once; those that are as likely in order of their states."""
    if patterns.is_exact:  # each is listed once: only those that are likely enough need sorting
        least = np.sort(patterns.probabilities)[-n:].min(initial=1.0)
        kept = np.flatnonzero(patterns.probabilities >= least)
    else:
        _, kept = np.unique(patterns.states, axis=0, return_index=True)
    keys = (*patterns.states[kept].T[::-1], -patterns.probabilities[kept])
    return np.asarray(kept[np.lexsort(keys)][:n])


__all__ = [
    "EXACT_LIMIT",
    "OrderValue",
    "Orders",
    "Pattern",
    "findings_by_order",
    "information_of_orders",
    "outlooks",
    "prices",
    "spelled",
]
