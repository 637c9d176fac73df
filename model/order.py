"""
What a whole order would tell: one lumbar puncture, one spine MRI, one serum panel give several findings at once.

Knows: which findings come with which order, what an order costs and what speaks against it. Must not know:
how patterns are computed, or what to do after the next order (`model.plan`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from model.differential import beliefs_in_pieces
from model.errors import EvidenceError, UnknownNameError, plain, unknown_name
from model.inference.graph import FloatArray
from model.information import askable
from model.network import DIAGNOSIS, Network
from model.pattern import Outlook, Patterns, drawn, listed, n_patterns, thinned
from model.results import Hierarchy, hierarchy
from model.target import Decision, Target, target_of
from model.text import counted, percent, table

if TYPE_CHECKING:
    import pandas as pd

    from model.evidence import Evidence

Ranking = Literal["value", "per_cost"]

EXACT_LIMIT = 12
"""An order with at most this many binary findings (2**12 patterns) is summed exactly."""

SAMPLES = 500
"""Patterns that are drawn for a larger order."""

N_SPELLED = 4
"""Patterns of an order that are spelled out."""


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """
    One result that an order may have.

    Parameters
    ----------
    states
        Finding -> state, in table order; without those that another result bars (no length without lesion).
    unusual
        The findings that are not in their reference state.
    probability
        P(pattern | what is known).
    after : ndarray of shape (n_rows,)
        P(table row | what is known, pattern); sums to 1.
    """

    states: Mapping[str, str]
    unusual: tuple[str, ...]
    probability: float
    after: FloatArray

    def said(self) -> str:
        """The pattern in words: what is unusual about it."""
        named = ", ".join(f"{name} = {self.states[name]}" for name in self.unusual)
        return named or "nothing unusual"


@dataclass(frozen=True, slots=True, eq=False)
class OrderValue:
    """
    What one order would tell.

    Parameters
    ----------
    order, label
        Its identifier and label.
    findings
        What it gives that is not known yet.
    value
        Joint mutual information with the target in bits, or the expected gain in utility.
    standard_error
        Of the value, where patterns were drawn; None where it is exact.
    n_patterns
        How many patterns of results there could be: the product of the numbers of states.
    cost, delay_days, invasiveness, hazard
        As in `orders.csv`, or as given; the hazard is empty where the documents state none.
    patterns
        The likeliest patterns, most likely first; of those drawn where not all are listed.
    """

    order: str
    label: str
    findings: tuple[str, ...]
    value: float
    standard_error: float | None
    n_patterns: float
    cost: float
    delay_days: float
    invasiveness: float
    hazard: str
    patterns: tuple[Pattern, ...]

    @property
    def is_exact(self) -> bool:
        """Whether every pattern was summed."""
        return self.standard_error is None

    @property
    def per_cost(self) -> float | None:
        """Value for each unit of cost; None for an order that costs nothing."""
        return self.value / self.cost if self.cost > 0 else None


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """
    Every order that still has something to tell; most valuable first.

    Parameters
    ----------
    case
        Identifier of the patient.
    target, unit
        What the values are about, and their unit: ``bits``, or that of the decision's utilities.
    now
        Entropy of the target in bits now (no order can give more), or the best expected utility now.
    rows
        The table rows, last axis of `before` and of every pattern's `after`.
    before : ndarray of shape (n_rows,)
        P(table row | what is known).
    orders
        Most valuable first.
    n_draws
        Parameter draws that P(result | diagnosis) was averaged over; 1 stands for the mean parameters.
    """

    case: str
    target: str
    unit: str
    now: float
    rows: Hierarchy
    before: FloatArray
    orders: tuple[OrderValue, ...]
    n_draws: int

    def ranked(self, by: Ranking = "per_cost") -> tuple[OrderValue, ...]:
        """Orders by value, or by value for each unit of cost; what costs nothing comes first there."""
        if by == "value":
            return self.orders
        return tuple(sorted(self.orders, key=lambda o: -(np.inf if o.per_cost is None else o.per_cost)))

    def __iter__(self) -> Iterator[OrderValue]:
        return iter(self.orders)

    def __len__(self) -> int:
        return len(self.orders)

    def __getitem__(self, order: str) -> OrderValue:
        for found in self.orders:
            if found.order == order:
                return found
        raise UnknownNameError(unknown_name("orders", "order", order, [found.order for found in self.orders]))

    def to_frame(self) -> pd.DataFrame:
        """One line per order, most valuable first; `standard_error` is 0 where the value is exact."""
        import pandas as pd

        return pd.DataFrame(
            {
                "order": [o.order for o in self],
                "label": [o.label for o in self],
                "n_findings": [len(o.findings) for o in self],
                "value": [o.value for o in self],
                "standard_error": [o.standard_error or 0.0 for o in self],
                "is_exact": [o.is_exact for o in self],
                "cost": [o.cost for o in self],
                "per_cost": [np.inf if o.per_cost is None else o.per_cost for o in self],
                "delay_days": [o.delay_days for o in self],
                "invasiveness": [o.invasiveness for o in self],
                "hazard": [o.hazard for o in self],
            }
        )

    def summary(self, top: int = 8, by: Ranking = "per_cost") -> str:
        """The `top` orders as plain text, each with its likeliest results and what speaks against it."""
        about = f"{self.now:.2f} bits open about" if self.unit == "bits" else f"{self.now:.3g} {self.unit} now, by"
        title = f"Case {plain(self.case)}: {about} {self.target}"
        if not self.orders:
            return f"{title}\nNothing is left to order."
        best = self.ranked(by)[:top]
        cells = [
            (
                o.label,
                counted(len(o.findings), "finding"),
                f"{o.value:.3f}" + ("" if o.standard_error is None else f" ± {o.standard_error:.3f}"),
                f"{o.cost:g}",
                "free" if o.per_cost is None else f"{o.per_cost:.3f}",
            )
            for o in best
        ]
        header = ("order", "gives", self.unit, "cost", "per cost")
        lines = table(header, cells, right=(2, 3, 4)).splitlines()
        blocks = ["\n".join([line, *self._results(o)]) for line, o in zip(lines[1:], best, strict=True)]
        return "\n".join([title, lines[0], *blocks])

    def _results(self, order: OrderValue) -> list[str]:
        lines = [
            f"    {percent(p.probability)}  {p.said()} -> {self.rows.labels[p.after.argmax()]} {percent(p.after.max())}"
            for p in order.patterns
        ]
        return [*lines, f"    Hazard: {order.hazard}"] if order.hazard else lines

    def __repr__(self) -> str:
        return self.summary()


def information_of_orders(
    network: Network,
    evidence: Evidence,
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
        diagnoses averaged over all draws, so that every answer starts from the headline (Approximation: what
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
    >>> found = information_of_orders(network, encode(network, {"sex": "male"}), orders=["lumbar_puncture"])
    >>> found["lumbar_puncture"].is_exact
    True
    """
    if samples < 2 or draws < 1:
        raise EvidenceError(f"orders: {samples} samples, {draws} draws; at least 2 samples and 1 draw; raise them")
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
    )


def outlooks(network: Network, evidence: Evidence, draws: int = 1) -> tuple[Outlook, Outlook]:
    """
    A patient at mean parameters but with the headline probabilities, and at `draws` draws (1: the same).

    Raises
    ------
    EvidenceError
        If the evidence holds several patients.
    """
    if evidence.n_patients != 1:
        raise EvidenceError(f"orders: {evidence.n_patients} patients given; give one: evidence.select(0)")
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
            raise EvidenceError(f"costs, {order}: found {cost}; allowed are numbers from 0 upwards; correct it")
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
    )


def spelled(network: Network, patterns: Patterns, to_row: FloatArray, n: int = N_SPELLED) -> tuple[Pattern, ...]:
    """The `n` likeliest patterns by name, each once."""
    variables = [network.knowledge.variables[name] for name in patterns.findings]
    _, first = np.unique(patterns.states, axis=0, return_index=True)
    first = first[np.argsort(-patterns.probabilities[first], kind="stable")][:n]
    found = []
    for i in first:
        chosen = {v.id: v.states[s] for v, s in zip(variables, patterns.states[i], strict=True) if s >= 0}
        found.append(
            Pattern(
                states={name: state.id for name, state in chosen.items()},
                unusual=tuple(name for name, state in chosen.items() if not state.is_reference),
                probability=float(patterns.probabilities[i]),
                after=patterns.hub[i] @ to_row,
            )
        )
    return tuple(found)


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
