r"""
The inverse question: the smallest change of the model after which a patient's answer meets a constraint.

Changes of different parameters are comparable by how far they move the log-odds; the distance of Chan and Darwiche,
:math:`D = \ln \max_x \theta'_x / \theta_x - \ln \min_x \theta'_x / \theta_x`, extends that to rows of several states.
Answered are, at mean parameters,

* one number, or one row of a table, the other states keeping their proportions: the constraint is a straight line in it,
  or, along a number whose rows differ, a ratio of polynomials that is searched for its nearest zero;
* one whole table, every row allowed the same distance D: within D the best row multiplies the states that help most
  by exp(D) and renormalises, and the smallest D that suffices is found by bisection.

Knows: families, parameters, constraints. Must not know: the terminal.

References
----------
Chan H, Darwiche A. When do numbers really matter? J Artif Intell Res 2002;17:265-287. doi:10.1613/jair.967
Chan H, Darwiche A. Sensitivity analysis in Bayesian networks: from single to multiple parameters. UAI 2004:67-75.
Chan H, Darwiche A. A distance measure for bounding probabilistic belief change. Int J Approx Reason
2005;38(2):149-174. doi:10.1016/j.ijar.2004.07.001
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.diagnosis.differential import beliefs_in_pieces, posterior
from model.errors import plain
from model.inference.graph import FloatArray
from model.network.answer import Answer
from model.network.network import DIAGNOSIS, Network
from model.patient.evidence import as_evidence
from model.record import Record, row
from model.robustness.constraint import Constraint, parse
from model.robustness.curve import SILENT, along_numbers, curves_of
from model.robustness.family import families
from model.robustness.number_list import NumberList
from model.robustness.one_row import gradients
from model.robustness.parameter import ParameterList
from model.robustness.units import Unit, parameters_of
from model.text import percent, table

if TYPE_CHECKING:
    import pandas as pd

    from model.patient.evidence import Asked

MAX_DISTANCE = 20.0
"""A change of odds by more than exp(20), 5e8, is none; the findings themselves may then have become impossible."""

N_HALVINGS = 48
"""Bisection from `MAX_DISTANCE` leaves an error of 1e-13."""


@dataclass(frozen=True, slots=True, eq=False)
class Change(Record):
    """
    A change of one parameter, or of one whole table, that just meets the constraint.

    Attributes
    ----------
    what : str
        The parameter, or the node whose table it is.
    index : int
        Number of the parameter; -1 for a whole table.
    value, needed : float
        Present and needed value of the parameter; of a table the present and needed largest entry of its most
        changed row, for the eye.
    log_odds : float
        How far the log-odds move; of a table the distance D of every row.
    within : bool
        Whether the needed value lies between the 5 % and 95 % point of the draws; False for a table.
    facts : tuple of str
        Identifiers of the facts behind the parameter; empty: no source, or a table.
    table : ndarray or None
        The changed table, shape (1, *parents, n_states); None for a parameter.
    """

    what: str
    index: int
    value: float
    needed: float
    log_odds: float
    within: bool
    facts: tuple[str, ...]
    table: FloatArray | None


@dataclass(frozen=True, slots=True, eq=False)
class Changes(Answer):
    """
    Answer to the inverse question for one patient.

    Attributes
    ----------
    case : str
    constraint : Constraint
    present, present_at_mean : float
        The left-hand side now: of the headline (mean over draws), and at mean parameters.
    is_met, is_met_at_mean : bool
        Whether the constraint holds already, in the headline and at mean parameters. There are no changes if either
        does: where only the second does, no number has to be otherwise, but all of them would have to be surer.
    least : float
        A change of log-odds that no single parameter can do without (0: no such bound).
    parameters, tables : tuple of Change
        All that suffice, the smallest change of log-odds first.
    """

    case: str
    constraint: Constraint
    present: float
    present_at_mean: float
    is_met: bool
    is_met_at_mean: bool
    least: float
    parameters: tuple[Change, ...]
    tables: tuple[Change, ...]

    def to_frame(self) -> pd.DataFrame:
        """One line per change: case, kind (parameter, table), what, value, needed, log_odds, within, facts."""
        import pandas as pd

        columns = ("what", "value", "needed", "log_odds", "within")
        kinds = (("parameter", self.parameters), ("table", self.tables))
        rows = [
            row(change, columns, case=self.case, kind=kind, facts="|".join(change.facts))
            for kind, changes in kinds
            for change in changes
        ]
        return pd.DataFrame(rows, columns=["case", "kind", *columns, "facts"])

    def summary(self, *, top: int = 10) -> str:
        """The smallest changes as text."""
        said = (
            f"Case {plain(self.case)}: {self.constraint}; now {self.present:.3g}, "
            f"at mean parameters {self.present_at_mean:.3g}"
        )
        if self.is_met:
            return f"{said}: it holds already."
        if self.is_met_at_mean:
            return f"{said}: only the doubt about all numbers together keeps it from holding; no single one has to change."
        if not self.parameters and not self.tables:
            return f"{said}: no single parameter and no single table can bring it about."
        lines = [said]
        if self.parameters:
            header = ("one number alone would have to be", "now", "needed", "log-odds", "plausible", "facts")
            cells = [_parameter_cells(change) for change in self.parameters[:top]]
            lines.append(table(header, cells, right=(1, 2, 3)))
        else:
            lines.append("No single number suffices.")
        if self.tables:
            rows = [(change.what, f"{change.log_odds:.2f}") for change in self.tables[:top]]
            lines.append(table(("or one table, every row by", "log-odds"), rows, right=(1,)))
        return "\n".join(lines)


def smallest_changes(
    network: Network,
    evidence: Asked,
    constraint: str | Constraint,
    *,
    unit: Unit = "number",
    parameters: NumberList | ParameterList | None = None,
) -> Changes:
    """
    The smallest single-parameter and single-table changes after which one patient's answer meets a constraint.

    Parameters
    ----------
    network, evidence
        The evidence holds one patient (``evidence.select(i)``); changes are those of ``network.at_mean()``.
    constraint : str or Constraint
        See `model.robustness.constraint.parse`.
    unit : {"number", "row"}
        What a single change is: a number of the literature with all its rows, or one row of a table.
    parameters : NumberList or ParameterList, optional
        ``parameters_of(network, unit)``, to share it between calls; then it says the unit.

    Raises
    ------
    EvidenceError
        If the evidence holds several patients, or the text is no constraint.
    UnknownNameError
        If a diagnosis does not exist.

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network()
    >>> found = smallest_changes(network, encode(network, {"serum_aqp4_igg": "positive"}), "nmosd <= 0.5")
    >>> found.is_met, found.least <= found.parameters[0].log_odds
    (False, True)
    """
    evidence = as_evidence(network, evidence)
    evidence.require_one("constraint")
    wanted = parse(constraint) if isinstance(constraint, str) else constraint
    parameters = parameters or parameters_of(network, unit)
    mean = parameters.network
    to_leaf = mean.plan.indicator(mean.index(DIAGNOSIS))
    weights = to_leaf @ wanted.weights(mean.knowledge)
    [beliefs] = beliefs_in_pieces(mean, evidence)
    leaves = beliefs.hub[0, 0] @ to_leaf
    now = float(beliefs.hub[0, 0] @ weights)
    headline = posterior(network, evidence).mean[0]
    is_met = bool(headline @ wanted.weights(mean.knowledge) >= 0)
    single: list[Change] = []
    whole: list[Change] = []
    rows = parameters.rows if isinstance(parameters, NumberList) else parameters
    found = dict(families(beliefs)) if now < 0 and not is_met else {}
    for number, family in found.items():
        gain = gradients(rows, mean.names[number], family, weights[:, None])[0, 0]
        whole += _whole(rows, mean.names[number], gain, now)
        if isinstance(parameters, ParameterList):
            single += _single(parameters, number, gain, now)
    if isinstance(parameters, NumberList) and found:
        single = _numbers(parameters, found, weights, now)
    return Changes(
        case=evidence.ids[0],
        constraint=wanted,
        present=wanted.value(headline, mean.knowledge),
        present_at_mean=wanted.value(leaves, mean.knowledge),
        is_met=is_met,
        is_met_at_mean=now >= 0,
        least=wanted.least(leaves, mean.knowledge),
        parameters=tuple(sorted(single, key=lambda change: change.log_odds)),
        tables=tuple(sorted(whole, key=lambda change: change.log_odds)),
        origin=network.origin,
    )


def _single(parameters: ParameterList, number: int, gain: FloatArray, now: float) -> list[Change]:
    """Parameters of one table that suffice alone; `gain` has shape (n_groups, n_configurations, n_states)."""
    numbers = np.flatnonzero(parameters.node == number)
    name = parameters.network.names[number]
    values = _values(parameters, name)
    group, configuration, state = parameters.tables[name].kept.T
    row = (gain * values).sum(axis=-1)[group, configuration]
    value = parameters.value[numbers]
    slope = (gain[group, configuration, state] - row) / (1 - value)
    step = np.divide(-now, slope, out=np.full_like(slope, np.inf), where=np.abs(slope) > 1e-300)
    needed = value + step
    fits = np.flatnonzero((needed > 0) & (needed < 1))
    changes = [_change(parameters, int(numbers[i]), float(needed[i])) for i in fits]
    return [change for change in changes if change.log_odds <= MAX_DISTANCE]


def _numbers(
    numbers: NumberList, found: dict[int, FloatArray], weights: FloatArray, now: float
) -> list[Change]:
    """Numbers that suffice alone: straight lines are solved, curves are searched."""
    slope, inside, total = along_numbers(numbers, found, weights[:, None])
    curves = curves_of(numbers, inside, total, np.array([[now]]))
    gain = slope[0, :, 0]
    step = np.divide(-now, gain, out=np.full_like(gain, np.inf), where=np.abs(gain) > SILENT)
    needed = numbers.value + step
    needed[curves.number] = np.inf
    reached = [(int(i), float(needed[i])) for i in np.flatnonzero((needed > 0) & (needed < 1))]
    for sign in (-1.0, 1.0):
        _, factor = curves.first(lambda cells: cells[:, 0] >= 0, sign)
        met = np.flatnonzero(np.isfinite(factor))
        few = curves.only(met)
        values = few.values(factor[met]) if len(met) else factor[met]
        inner = (values > 0) & (values < 1)
        reached += zip(few.number[inner].tolist(), values[inner].tolist(), strict=True)
    nearest: dict[int, Change] = {}
    for change in (_change(numbers, i, value) for i, value in reached):
        held = nearest.get(change.index)
        if change.log_odds <= MAX_DISTANCE and (held is None or change.log_odds < held.log_odds):
            nearest[change.index] = change
    return list(nearest.values())


def _change(parameters: NumberList | ParameterList, index: int, needed: float) -> Change:
    value = float(parameters.value[index])
    return Change(
        what=parameters.name(index),
        index=index,
        value=value,
        needed=needed,
        log_odds=abs(_logit(needed) - _logit(value)),
        within=bool(parameters.low[index] <= needed <= parameters.high[index]),
        facts=parameters.facts(index),
        table=None,
    )


def _whole(parameters: ParameterList, name: str, gain: FloatArray, now: float) -> list[Change]:
    """The change of the whole table, if it suffices; a list of one or none."""
    values = _values(parameters, name)
    rest = now - float((gain * values).sum())
    if np.ptp(gain, axis=-1).max(initial=0.0) == 0.0:
        return []
    order = np.argsort(-gain, axis=-1)
    gain, ordered = (np.take_along_axis(array, order, axis=-1) for array in (gain, values))

    def reached(distance: float) -> float:
        return rest + float(_best(gain, ordered, distance)[0].sum())

    if reached(MAX_DISTANCE) < 0:
        return []
    low, high = 0.0, MAX_DISTANCE
    for _ in range(N_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) >= 0 else (middle, high)
    changed = np.empty_like(values)
    np.put_along_axis(changed, order, _best(gain, ordered, high)[1], axis=-1)
    return [_table_change(parameters, name, changed, high)]


def _best(gain: FloatArray, values: FloatArray, distance: float) -> tuple[FloatArray, FloatArray]:
    """
    The largest sum of gain times probability in each row within a distance, and the row that has it.

    A linear objective over such a neighbourhood is largest where the states are cut in two by their gain, those above
    the cut multiplied by exp(distance), those below by 1, before normalising.

    Parameters
    ----------
    gain, values : ndarray of shape (n_groups, n_configurations, n_states)
        With the states of each row in the order of falling gain.

    Returns
    -------
    ndarray of shape (n_groups, n_configurations), and ndarray of the shape of `values`
    """
    n_states = values.shape[-1]
    raised = np.where(np.tri(n_states, dtype=bool), math.exp(distance), 1.0)
    rows = values[..., None, :] * raised
    rows /= rows.sum(axis=-1, keepdims=True)
    reached = (rows * gain[..., None, :]).sum(axis=-1)
    cut = reached.argmax(axis=-1)[..., None]
    best = np.take_along_axis(reached, cut, axis=-1)[..., 0]
    return best, np.take_along_axis(rows, cut[..., None], axis=-2)[..., 0, :]


def _table_change(parameters: ParameterList, name: str, changed: FloatArray, distance: float) -> Change:
    values = _values(parameters, name)
    where = np.unravel_index(np.abs(changed - values).argmax(), values.shape)
    full = parameters.network.tables[name].copy()
    full.reshape(-1, full.shape[-1])[parameters.tables[name].rows] = changed
    value, needed = float(values[where]), float(changed[where])
    return Change(name, -1, value, needed, distance, False, (), full)


def _values(parameters: ParameterList, name: str) -> FloatArray:
    """Reachable rows of a table, shape (n_groups, n_configurations, n_states)."""
    mean = parameters.network.tables[name]
    rows: FloatArray = mean.reshape(-1, mean.shape[-1])[parameters.tables[name].rows]
    return rows


def _logit(p: float) -> float:
    return math.log(p) - math.log1p(-p)


def _parameter_cells(change: Change) -> tuple[str, ...]:
    return (
        change.what,
        percent(change.value),
        percent(change.needed),
        f"{change.log_odds:.2f}",
        "yes" if change.within else "no",
        " ".join(change.facts[:2]) or "no source",
    )


__all__ = ["Change", "Changes", "smallest_changes"]
