"""
Question 2, "What should be asked next?": how many bits each unknown finding would give.

Knows: which variables may be asked for. Must not know: costs and plans, how results are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from model.diagnosis.differential import beliefs_in_pieces
from model.errors import UnknownNameError, plain
from model.inference.engine import Beliefs, joint_in_each_draw, mean_joint_all
from model.inference.numeric import INTERVAL
from model.network.answer import Answer
from model.network.hierarchy import Hierarchy, hierarchy
from model.network.network import DIAGNOSIS, Network
from model.next_step.bits import values_of
from model.next_step.target import TARGETS, Decision, Target, taken_together, target_of
from model.patient.evidence import as_evidence
from model.patient.no_finding import unknown_finding
from model.record import Record
from model.text import bar, counted, percent, table_rows
from priors.schema import Role

if TYPE_CHECKING:
    import pandas as pd

    from model.inference.graph import FloatArray
    from model.patient.evidence import Asked, Evidence

CANDIDATE_ROLES: tuple[Role, ...] = ("finding", "context")
"""A protocol is chosen and an MS axis inferred: neither is found out by asking."""

N_ANSWERS = 5
"""So many answers of a finding are printed, the likeliest ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate(Record):
    """
    What one finding not yet known would tell.

    Parameters
    ----------
    finding, label, order
        Its identifier, its label and the order it comes with.
    value
        Mutual information with the target in bits, given what is known; for a decision the expected value of
        sample information, in units of its utilities.
    states
        States that are possible, as identifiers; one of probability 0 is left out.
    predicted : ndarray of shape (n_states,)
        P(state | what is known); sums to 1.
    after : ndarray of shape (n_states, n_rows)
        P(table row | what is known, state); each line sums to 1.
    interval
        Low and high: 90 % interval of what the finding is worth in each parameter draw by itself. The value is that of the
        mean over the draws, which is another number; it usually lies between them. None unless asked for.
    """

    finding: str
    label: str
    order: str
    value: float
    states: tuple[str, ...]
    predicted: FloatArray
    after: FloatArray
    interval: tuple[float, float] | None = None

    @property
    def bits(self) -> float:
        """The value, which is in bits unless the target is a decision."""
        return self.value


@dataclass(frozen=True, slots=True, eq=False)
class Information(Answer):
    """
    Every finding not yet known, with what it would give about the target; most informative first.

    Parameters
    ----------
    case
        Identifier of the patient.
    target
        What the values are about, one of `TARGETS` or ``decision``.
    unit
        ``bits``, or the unit of the utilities.
    now
        Entropy of the target in bits: no finding can give more. For a decision the expected utility of the
        best action.
    rows
        Identifiers of the table rows, the last axis of `before` and of every candidate's `after`.
    before : ndarray of shape (n_rows,)
        P(table row | what is known).
    candidates
        The findings, most informative first.
    """

    case: str
    target: str
    unit: str
    now: float
    rows: Hierarchy
    before: FloatArray
    candidates: tuple[Candidate, ...]

    @property
    def findings(self) -> tuple[str, ...]:
        """Identifiers of the candidates, most informative first."""
        return tuple(candidate.finding for candidate in self.candidates)

    @property
    def entropy_bits(self) -> float:
        """What is known `now` about the target, which is an entropy in bits unless it is a decision."""
        return self.now

    @property
    def bits(self) -> FloatArray:
        """Values of the candidates, in bits unless the target is a decision: shape (n_candidates,), falling."""
        return np.array([candidate.value for candidate in self.candidates])

    def best(self, n: int = 5) -> tuple[Candidate, ...]:
        """The `n` most informative findings."""
        return self.candidates[:n]

    def by_order(self) -> Mapping[str, tuple[Candidate, ...]]:
        """
        Order -> its candidates, most informative first; the order with the best single finding first.

        The bits of one order must not be added up: findings of one lumbar puncture tell much the same.
        """
        groups: dict[str, list[Candidate]] = {}
        for candidate in self.candidates:
            groups.setdefault(candidate.order, []).append(candidate)
        return {order: tuple(members) for order, members in groups.items()}

    def __iter__(self) -> Iterator[Candidate]:
        return iter(self.candidates)

    def __len__(self) -> int:
        return len(self.candidates)

    def to_frame(self) -> pd.DataFrame:
        """One line per finding and state, with the leading table row after it and its probability; and the intervals."""
        import pandas as pd

        lines = [
            (c.finding, c.label, c.order, c.value, state, p, self.rows.names[after.argmax()], after.max())
            for c in self.candidates
            for state, p, after in zip(c.states, c.predicted, c.after, strict=True)
        ]
        value = "value" if self.target == "decision" else "bits"
        header = ["finding", "label", "order", value, "state", "predicted", "leader", "leader_p"]
        frame = pd.DataFrame(lines, columns=header)
        bounds = {c.finding: c.interval for c in self.candidates if c.interval is not None}
        for place, end in enumerate(("low", "high") if bounds else ()):
            frame[end] = [bounds[name][place] for name in frame["finding"]]
        return frame

    def summary(self, top: int = 8) -> str:
        """The `top` findings as plain text, with what each answer would do."""
        unit = plain(self.unit)
        now, values = f"{self.now:.2f} bits open about {self.target}", "bits"
        if self.target == "decision":
            now, values = f"the best action is worth {self.now:.3g} {unit}", "values"
        title = f"Case {plain(self.case)}: {now}; the {values} of several findings do not add up"
        if not self.candidates:
            return f"{title}\nNothing is left to ask."
        best = self.best(top)
        largest = best[0].value or 1.0
        cells = [(c.label, c.order, _with_interval(c), bar(c.value / largest, 10)) for c in best]
        lines = table_rows(("finding", "order", unit, ""), cells, right=(2,))
        answers = [self._answers(candidate) for candidate in best]
        blocks = ["\n".join([line, *after]) for line, after in zip(lines[1:], answers, strict=True)]
        return "\n".join([title, lines[0], *blocks])

    def _answers(self, candidate: Candidate) -> list[str]:
        """One line per answer, the likeliest first: how likely it is, and the leading diagnosis after it."""
        order = np.argsort(-candidate.predicted, kind="stable")[:N_ANSWERS]
        cells = [
            (
                f"    {candidate.states[s]}",
                percent(candidate.predicted[s]),
                f"-> {self.rows.labels[candidate.after[s].argmax()]} {percent(candidate.after[s].max())}",
            )
            for s in order
        ]
        lines = table_rows(("", "", ""), cells, right=(1,))[1:]
        n_rest = len(candidate.states) - len(order)
        return [*lines, f"    and {counted(n_rest, 'rarer answer')}"] if n_rest else lines


def value_of_information(
    network: Network,
    evidence: Asked,
    *,
    target: str | Decision = "diagnosis",
    candidates: Sequence[str] | None = None,
    intervals: bool = False,
) -> Information:
    r"""
    Bits about the target, or utility for a decision, that each finding not yet known would give.

    .. math:: I(T; F \mid e)
        = \sum_{t,f} p(t, f \mid e) \log_2 \frac{p(t, f \mid e)}{p(t \mid e)\,p(f \mid e)}

    with :math:`p(t, f \mid e)` the mean over the parameter draws, so that the numbers belong to the headline
    posterior. For a decision the expected value of sample information, :math:`a_0` being the action best now:

    .. math:: \sum_f p(f \mid e) \bigl(\max_a U(a \mid f, e) - U(a_0 \mid f, e)\bigr)

    Parameters
    ----------
    network, evidence
        The evidence holds one patient (``evidence.select(i)``).
    target
        ``"diagnosis"`` (leaves), ``"row"``, ``"group"``; or ``"ms_course"``, ``"ms_variant"``: bits about the
        course or variant given that it is multiple sclerosis; or a `Decision`: values are in units of its
        utilities.
    candidates
        Findings to consider; by default all that are not known and are neither a protocol nor an MS axis.
    intervals
        Whether each candidate gets its interval over the draws, which takes longer than all the rest.

    Raises
    ------
    EvidenceError
        If the evidence holds several patients, an MS axis is asked for though MS has probability 0, or a
        decision leaves a diagnosis without utilities.
    UnknownNameError
        If the target, a candidate or a diagnosis that a decision names does not exist.
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
    >>> information = value_of_information(network, encode(network, {"enhancement_pattern": "miliary"}))
    >>> bool(information.candidates[0].bits >= information.candidates[-1].bits >= 0)
    True
    """
    evidence = as_evidence(network, evidence)
    evidence.require_one("value of information")
    names = askable(network, evidence) if candidates is None else _known(network, candidates)
    [beliefs] = beliefs_in_pieces(network, evidence)
    hub = beliefs.hub[:, 0].mean(axis=0)
    rows = hierarchy(network.knowledge, "row")
    to_row = network.plan.indicator(network.index(DIAGNOSIS)) @ rows.membership
    aim = target_of(network, target, hub)
    found = _candidates(network, beliefs, names, to_row, aim)
    if intervals:
        of_each = intervals_of(beliefs, [network.index(name) for name in names], aim)
        found = [replace(one, interval=bounds) for one, bounds in zip(found, of_each, strict=True)]
    return Information(
        case=evidence.ids[0],
        target=aim.name,
        unit=aim.unit,
        now=aim.now(hub),
        rows=rows,
        before=hub @ to_row,
        candidates=tuple(sorted(found, key=lambda candidate: -candidate.value)),
        origin=network.origin,
    )


def intervals_of(beliefs: Beliefs, variables: Sequence[int], aim: Target) -> list[tuple[float, float]]:
    """`INTERVAL` of what each variable is worth in each draw by itself; for this no table rows are told apart."""
    _, groups, _, aim = taken_together(beliefs.hub[:, 0], aim.values, aim)
    if groups is None:
        groups = np.arange(len(beliefs.plan.support))
    hub = beliefs.hub[:, 0] @ np.eye(groups.max() + 1)[groups]
    found = {
        v: values_of(aim, cells, np.array([0]), hub)[0]
        for v, cells in joint_in_each_draw(beliefs, variables, groups)
    }
    low, high = np.quantile([found[v] for v in variables], INTERVAL, axis=1)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def _with_interval(candidate: Candidate) -> str:
    """The value of a candidate, and its interval if it has one."""
    low_high = "" if candidate.interval is None else " ({:.3f} to {:.3f})".format(*candidate.interval)
    return f"{candidate.value:.3f}{low_high}"


def askable(network: Network, evidence: Evidence) -> tuple[str, ...]:
    """Findings and context of the first patient that are not known, in table order."""
    known = set(evidence.observed())
    variables = network.knowledge.of_role(*CANDIDATE_ROLES)
    return tuple(name for name in variables if name in network.states and name not in known)


def _known(network: Network, names: Sequence[str]) -> Sequence[str]:
    for name in names:
        if name not in network.knowledge.variables:
            raise UnknownNameError(unknown_finding("value of information", name, network.knowledge))
    return names


def _candidates(
    network: Network, beliefs: Beliefs, names: Sequence[str], to_row: FloatArray, aim: Target
) -> list[Candidate]:
    """One record for each name; the states of all findings stand side by side while there is arithmetic to do."""
    if not names:
        return []
    hub, groups, to_row, aim = taken_together(beliefs.hub[:, 0], to_row, aim)
    joints = mean_joint_all(beliefs, [network.index(name) for name in names], groups)
    cells = np.concatenate([joints[network.index(name)][0] for name in names], axis=1)
    ends = np.cumsum([len(network.states[name]) for name in names])
    starts = np.concatenate([[0], ends[:-1]])
    values = values_of(aim, cells.T[:, None], starts, hub[None])[:, 0]
    predicted = cells.sum(axis=0)
    is_possible = predicted > 0
    by_row = cells.T @ to_row
    by_row /= np.where(is_possible, predicted, 1.0)[:, None]
    found = []
    for name, start, end, value in zip(names, starts.tolist(), ends.tolist(), values.tolist(), strict=True):
        variable = network.knowledge.variables[name]
        kept = is_possible[start:end]
        found.append(
            Candidate(
                finding=name,
                label=variable.label,
                order=variable.order,
                value=value,
                states=tuple(compress(variable.state_ids, kept.tolist())),
                predicted=predicted[start:end][kept],
                after=by_row[start:end][kept],
            )
        )
    return found


__all__ = [
    "TARGETS",
    "Candidate",
    "Information",
    "askable",
    "value_of_information",
]
