"""
What orders would tell, as records: numbers inside, names on the outside, text or a table on request.

Knows: how a result is put into words. Must not know: how information is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from model.errors import UnknownNameError, plain, unknown_name
from model.inference.graph import FloatArray
from model.network.answer import Answer
from model.network.hierarchy import Hierarchy
from model.record import Record
from model.text import counted, percent, table_rows

if TYPE_CHECKING:
    import pandas as pd

Ranking = Literal["value", "per_cost"]

LIKELY = 0.1
"""A33: an order has a result worth spelling out whole if its likeliest pattern is at least this probable."""


@dataclass(frozen=True, slots=True, eq=False)
class Pattern(Record):
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
class Outcome(Record):
    """
    All results of an order after which the same table row leads.

    Parameters
    ----------
    row
        The table row.
    probability
        That it leads once the results are in.
    pattern
        The likeliest result among them.
    """

    row: str
    probability: float
    pattern: Pattern


@dataclass(frozen=True, slots=True, eq=False)
class OrderValue(Record):
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
    outcomes
        Which table rows may lead afterwards, the likeliest first, each with a result that brings it there. The
        patterns of an order with many findings are all rare; its outcomes are few.
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
    outcomes: tuple[Outcome, ...]

    @property
    def is_exact(self) -> bool:
        """Whether every pattern was summed."""
        return self.standard_error is None

    @property
    def per_cost(self) -> float | None:
        """Value for each unit of cost; None for an order that costs nothing."""
        return self.value / self.cost if self.cost > 0 else None

    @property
    def has_likely_result(self) -> bool:
        """Whether some result as a whole is likely; where none is, single findings say more than any pattern."""
        return self.is_exact and self.patterns[0].probability >= LIKELY


@dataclass(frozen=True, slots=True, eq=False)
class Orders(Answer):
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
        about = (
            f"{self.now:.2f} bits open about"
            if self.unit == "bits"
            else f"{self.now:.3g} {self.unit} now, by"
        )
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
        lines = table_rows(header, cells, right=(2, 3, 4))
        blocks = ["\n".join([line, *self._results(o)]) for line, o in zip(lines[1:], best, strict=True)]
        return "\n".join([title, lines[0], *blocks])

    def _results(self, order: OrderValue) -> list[str]:
        lines = [
            f"    {percent(p.probability)}  {p.said()} -> {self.rows.labels[p.after.argmax()]} {percent(p.after.max())}"
            for p in order.patterns
        ]
        return [*lines, f"    Hazard: {order.hazard}"] if order.hazard else lines


__all__ = ["OrderValue", "Orders", "Outcome", "Pattern", "Ranking"]
