r"""
The numbers of the literature as what a sensitivity analysis varies: one number, all rows of a table that it is about.

Which diseases show a finding how often depends on protocol, course and mechanisms as well: P(state | leaf) is the average
of several rows. If the number changes, each of these rows has its odds multiplied by one factor x, the other states of a
row keep their proportions (as in `Network.with_probabilities`). With p the entries of the rows, F their joint
probabilities with the findings and T those of the whole rows,

.. math:: P(d, e)(x) = P(d, e) + \sum_r F_r \Bigl(\frac{x}{D_r} - 1\Bigr) + (T_r - F_r) \Bigl(\frac{1}{D_r} - 1\Bigr),
    \qquad D_r = 1 + p_r (x - 1), \qquad t(x) = \sum_r w_r \frac{p_r x}{D_r}

a ratio of polynomials in x, exact at any value; a straight line in t where all rows are equal.

Knows: rows, numbers. Must not know: how results are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.inference.engine import infer
from model.inference.graph import FloatArray
from model.inference.numeric import INTERVAL
from model.network.network import DIAGNOSIS, Network
from model.record import Record
from model.robustness.family import families
from model.robustness.number import ODDS_RATIO, Numbers, numbers_of
from model.robustness.parameter import IntArray, ParameterList, facts_behind, position, rows_of


@dataclass(frozen=True, eq=False)
class NumberList(Record):
    """
    All numbers of the literature of a network, as parallel arrays; odds ratios of mechanisms are none.

    Attributes
    ----------
    rows : ParameterList
        The rows they spread over, and the network at the mean of its draws.
    numbers : Numbers
        Names and draws.
    starts : ndarray of int, shape (n_numbers,)
        Where the cells of each number begin: it has a cell for each row.
    group, configuration, state : ndarray of int, shape (n_cells,)
        Where each cell lies among the rows of its node; see `model.robustness.parameter.Table`.
    p, weight : ndarray of shape (n_cells,)
        Mean probability of the state in the row, and share of the row in the number; sums to 1 over each number.
    value, low, high : ndarray of shape (n_numbers,)
        The number at mean parameters, and its 5 % and 95 % point over the draws.
    """

    rows: ParameterList
    numbers: Numbers
    starts: IntArray
    group: IntArray
    configuration: IntArray
    state: IntArray
    p: FloatArray
    weight: FloatArray
    value: FloatArray
    low: FloatArray
    high: FloatArray

    unit = "number"

    def __len__(self) -> int:
        return len(self.value)

    @property
    def network(self) -> Network:
        """The network at the mean of its draws."""
        return self.rows.network

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What each number is, as ``finding=state | diagnosis=leaf``."""
        return tuple(number.name for number in self.numbers.of)

    @cached_property
    def addresses(self) -> tuple[tuple[str, dict[str, str], str], ...]:
        """Node, what it is given, and state of each number."""
        return tuple(
            (one.node, {DIAGNOSIS: one.leaf} if one.leaf and one.node != DIAGNOSIS else {}, one.state)
            for one in self.numbers.of
        )

    def name(self, number: int) -> str:
        """What one number is."""
        return self.names[number]

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        return {name: i for i, name in enumerate(self.names)}

    def position(self, number: int | str) -> int:
        """
        Which number is meant, by its place or by its name.

        Raises
        ------
        UnknownNameError
            If there is no such number.
        """
        return position(self._positions, number)

    def index(self, node: str, state: str, **given: str) -> int:
        """
        Which number P(node = state | diagnosis) is.

        Raises
        ------
        UnknownNameError
            If there is no such number.
        """
        said = ", ".join(f"{parent}={value}" for parent, value in given.items())
        return self.position(f"{node}={state} | {said}" if said else f"{node}={state}")

    def diagnosis(self, number: int) -> str:
        """Leaf that a number belongs to; "" for one that concerns all."""
        return self.numbers.of[number].leaf

    def facts(self, number: int) -> tuple[str, ...]:
        """Identifiers of the facts behind a number; ``judgement``: judgement alone; empty: no document says it."""
        one = self.numbers.of[number]
        return facts_behind(self.network.knowledge, one.node, one.state, one.leaf)

    def with_value(self, number: int | str, value: float) -> Network:
        """The mean network with one number changed; see `with_values`."""
        return self.with_values({number: value})

    def with_values(
        self, values: Mapping[int, float] | Mapping[str, float] | Mapping[int | str, float]
    ) -> Network:
        """
        The mean network with some numbers changed, as `Network.with_probabilities` changes them.

        Raises
        ------
        EvidenceError
            If a value is no probability between 0 and 1.
        """
        return self.network.with_probabilities({self.name(self.position(i)): v for i, v in values.items()})


def list_numbers(network: Network) -> NumberList:
    """All numbers of the literature of a network, with the rows that each of them is about."""
    rows = rows_of(network)
    every = numbers_of(network)
    kept = [i for i, one in enumerate(every.of) if one.state != ODDS_RATIO]
    numbers = Numbers(tuple(every.of[i] for i in kept), every.draws[:, kept])
    mean = rows.network
    shares = dict(families(infer(mean.plan, {}, n_patients=1)))
    leaf_of = mean.plan.indicator(mean.index(DIAGNOSIS)).argmax(axis=1)
    cells = [_cells(rows, shares, leaf_of, one.node, one.state, one.leaf) for one in numbers.of]
    lengths = np.array([len(cell[0]) for cell in cells])
    starts = np.cumsum(lengths) - lengths
    group, configuration, state = (
        np.concatenate([cell[i] for cell in cells]).astype(np.intp) for i in range(3)
    )
    p, weight = (np.concatenate([cell[i] for cell in cells]) for i in (3, 4))
    low, high = (1 / (1 + np.exp(-np.quantile(numbers.draws, q, axis=0))) for q in INTERVAL)
    value = np.add.reduceat(p * weight, starts)
    return NumberList(rows, numbers, starts, group, configuration, state, p, weight, value, low, high)


def _cells(
    rows: ParameterList, shares: dict[int, FloatArray], leaf_of: IntArray, node: str, state: str, leaf: str
) -> tuple[FloatArray | IntArray, ...]:
    """Group, configuration, state, probability and share of each row of one number."""
    mean, table = rows.network, rows.tables[node]
    number, s = mean.index(node), mean.states[node].index(state)
    inside = np.ones(len(leaf_of), dtype=bool)
    if leaf and node != DIAGNOSIS:
        inside = leaf_of == mean.states[DIAGNOSIS].index(leaf)
    share = np.zeros(table.rows.shape)
    np.add.at(share, table.group[inside], shares[number][0, inside].sum(axis=-1))
    group, configuration = np.nonzero(share > 0)
    flat = mean.tables[node].reshape(-1, len(mean.states[node]))
    p = flat[table.rows[group, configuration], s]
    weight = share[group, configuration]
    return group, configuration, np.full(len(group), s), p, weight / weight.sum()


__all__ = ["NumberList", "list_numbers"]
