"""
Question 2, "What should be asked next?": how many bits each unknown finding would give.

Knows: entropy, and which variables may be asked for. Must not know: costs and plans, how results are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from model.differential import beliefs_in_pieces
from model.errors import EvidenceError, UnknownNameError, plain, unknown_name
from model.inference.engine import Beliefs, mean_joint_all
from model.network import DIAGNOSIS, Network
from model.results import LEVELS, NOT_APPLICABLE, Hierarchy, Level, hierarchy
from model.target import TARGETS
from model.text import bar, counted, percent, table
from priors.schema import Role

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from model.evidence import Evidence
    from model.inference.graph import FloatArray

CANDIDATE_ROLES: tuple[Role, ...] = ("finding", "context")
"""A protocol is chosen and an MS axis inferred: neither is found out by asking."""


N_ANSWERS = 5
"""So many answers of a finding are printed, the likeliest ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """
    What one finding not yet known would tell.

    Parameters
    ----------
    finding, label, order
        Its identifier, its label and the order it comes with.
    bits
        Mutual information with the target, given what is known.
    states
        States that are possible, as identifiers; one of probability 0 is left out.
    predicted : ndarray of shape (n_states,)
        P(state | what is known); sums to 1.
    after : ndarray of shape (n_states, n_rows)
        P(table row | what is known, state); each line sums to 1.
    """

    finding: str
    label: str
    order: str
    bits: float
    states: tuple[str, ...]
    predicted: FloatArray
    after: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Information:
    """
    Every finding not yet known, with the bits it would give about the target; most informative first.

    Parameters
    ----------
    case
        Identifier of the patient.
    target
        What the bits are about, one of `TARGETS`.
    entropy_bits
        Entropy of the target now: no finding can give more.
    rows
        Identifiers of the table rows, the last axis of `before` and of every candidate's `after`.
    before : ndarray of shape (n_rows,)
        P(table row | what is known).
    candidates
        The findings, most informative first.
    """

    case: str
    target: str
    entropy_bits: float
    rows: Hierarchy
    before: FloatArray
    candidates: tuple[Candidate, ...]

    @property
    def findings(self) -> tuple[str, ...]:
        """Identifiers of the candidates, most informative first."""
        return tuple(candidate.finding for candidate in self.candidates)

    @property
    def bits(self) -> FloatArray:
        """Bits of the candidates: ndarray of shape (n_candidates,), falling."""
        return np.array([candidate.bits for candidate in self.candidates])

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
        """One line per finding and state, with the leading table row after it and its probability."""
        import pandas as pd

        lines = [
            (c.finding, c.label, c.order, c.bits, state, p, self.rows.names[after.argmax()], after.max())
            for c in self.candidates
            for state, p, after in zip(c.states, c.predicted, c.after, strict=True)
        ]
        header = ["finding", "label", "order", "bits", "state", "predicted", "leader", "leader_p"]
        return pd.DataFrame(lines, columns=header)

    def summary(self, top: int = 8) -> str:
        """The `top` findings as plain text, with what each answer would do."""
        open_bits = f"{self.entropy_bits:.2f} bits open about {self.target}"
        title = f"Case {plain(self.case)}: {open_bits}; the bits of several findings do not add up"
        if not self.candidates:
            return f"{title}\nNothing is left to ask."
        best = self.best(top)
        largest = best[0].bits or 1.0
        cells = [(c.label, c.order, f"{c.bits:.3f}", bar(c.bits / largest, 10)) for c in best]
        lines = table(("finding", "order", "bits", ""), cells, right=(2,)).splitlines()
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
        lines = table(("", "", ""), cells, right=(1,)).splitlines()[1:]
        n_rest = len(candidate.states) - len(order)
        return [*lines, f"    and {counted(n_rest, 'rarer answer')}"] if n_rest else lines

    def __repr__(self) -> str:
        return self.summary()


def value_of_information(
    network: Network,
    evidence: Evidence,
    *,
    target: str = "diagnosis",
    candidates: Sequence[str] | None = None,
) -> Information:
    r"""
    Bits about the target that each finding not yet known would give.

    .. math:: I(T; F \mid e)
        = \sum_{t,f} p(t, f \mid e) \log_2 \frac{p(t, f \mid e)}{p(t \mid e)\,p(f \mid e)}

    with :math:`p(t, f \mid e)` the mean over the parameter draws, so that the numbers belong to the headline
    posterior.

    Parameters
    ----------
    network, evidence
        The evidence holds one patient (``evidence.select(i)``).
    target
        ``"diagnosis"`` (leaves), ``"row"``, ``"group"``; or ``"ms_course"``, ``"ms_variant"``: bits about the
        course or variant given that it is multiple sclerosis.
    candidates
        Findings to consider; by default all that are not known and are neither a protocol nor an MS axis.

    Raises
    ------
    EvidenceError
        If the evidence holds several patients, or an MS axis is asked for though MS has probability 0.
    UnknownNameError
        If the target or a candidate does not exist.
    ImpossibleFindingsError
        If the findings have probability 0 under every diagnosis.

    References
    ----------
    Cover TM, Thomas JA. Elements of Information Theory. 2nd ed. Wiley; 2006. doi:10.1002/047174882X

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network()
    >>> information = value_of_information(network, encode(network, {"enhancement_pattern": "miliary"}))
    >>> bool(information.candidates[0].bits >= information.candidates[-1].bits >= 0)
    True
    """
    if evidence.n_patients != 1:
        raise EvidenceError(
            f"value of information: {evidence.n_patients} patients given; give one: evidence.select(0)"
        )
    if target not in TARGETS:
        raise UnknownNameError(unknown_name("value of information, target", "target", target, TARGETS))
    names = askable(network, evidence) if candidates is None else _known(network, candidates)
    [beliefs] = beliefs_in_pieces(network, evidence)
    hub = beliefs.hub[:, 0].mean(axis=0)
    rows = hierarchy(network.knowledge, "row")
    to_row = network.plan.indicator(network.index(DIAGNOSIS)) @ rows.membership
    to_target = _to_target(network, hub, target)
    found = _candidates(network, beliefs, names, to_row, to_target)
    return Information(
        case=evidence.ids[0],
        target=target,
        entropy_bits=entropy(hub @ to_target),
        rows=rows,
        before=hub @ to_row,
        candidates=tuple(sorted(found, key=lambda candidate: -candidate.bits)),
    )


def askable(network: Network, evidence: Evidence) -> tuple[str, ...]:
    """Findings and context of the first patient that are not known, in table order."""
    known = set(evidence.observed())
    variables = network.knowledge.of_role(*CANDIDATE_ROLES)
    return tuple(name for name in variables if name in network.states and name not in known)


def _known(network: Network, names: Sequence[str]) -> Sequence[str]:
    for name in names:
        if name not in network.knowledge.variables:
            line = unknown_name("value of information", "finding", name, network.knowledge.variables)
            raise UnknownNameError(line)
    return names


def _candidates(
    network: Network, beliefs: Beliefs, names: Sequence[str], to_row: FloatArray, to_target: FloatArray
) -> list[Candidate]:
    """One record for each name; the states of all findings stand side by side while there is arithmetic to do."""
    if not names:
        return []
    joints = mean_joint_all(beliefs, [network.index(name) for name in names])
    cells = np.concatenate([joints[network.index(name)][0] for name in names], axis=1)
    ends = np.cumsum([len(network.states[name]) for name in names])
    starts = np.concatenate([[0], ends[:-1]])
    bits = bits_of_groups(to_target.T @ cells, starts)
    predicted = cells.sum(axis=0)
    is_possible = predicted > 0
    by_row = cells.T @ to_row
    by_row /= np.where(is_possible, predicted, 1.0)[:, None]
    found = []
    for name, start, end, bit in zip(names, starts.tolist(), ends.tolist(), bits.tolist(), strict=True):
        variable = network.knowledge.variables[name]
        kept = is_possible[start:end]
        found.append(
            Candidate(
                finding=name,
                label=variable.label,
                order=variable.order,
                bits=bit,
                states=tuple(compress(variable.state_ids, kept.tolist())),
                predicted=predicted[start:end][kept],
                after=by_row[start:end][kept],
            )
        )
    return found


def _to_target(network: Network, hub: FloatArray, target: str) -> FloatArray:
    """
    What turns probabilities over the hub into probabilities of the target.

    Returns
    -------
    ndarray of shape (n_hub, n_target)
        0 or 1; for an MS axis 0 or 1 / P(MS), so that what comes out is given MS and sums to 1.
    """
    if target in ("ms_course", "ms_variant"):
        is_applicable = [state != NOT_APPLICABLE for state in network.states[target]]
        applicable = network.plan.indicator(network.index(target))[:, is_applicable]
        total = (hub @ applicable).sum()
        if total == 0:
            raise EvidenceError(
                f"value of information, target {target}: multiple sclerosis has probability 0"
            )
        return np.asarray(applicable / total)
    level: Level = "leaf" if target == "diagnosis" else next(name for name in LEVELS if name == target)
    to_leaf = network.plan.indicator(network.index(DIAGNOSIS))
    return np.asarray(to_leaf @ hierarchy(network.knowledge, level).membership)


def entropy(probabilities: FloatArray) -> float:
    """
    Entropy in bits of an ndarray of any shape that sums to 1; a cell of 0 adds nothing.

    Examples
    --------
    >>> entropy(np.array([0.5, 0.25, 0.25, 0.0]))
    1.5
    """
    p = probabilities[probabilities > 0]
    return float(max(0.0, -(p * np.log2(p)).sum()))


def mutual_information(cells: FloatArray) -> float:
    """
    Mutual information in bits of the two axes of an ndarray of shape (n_target, n_states) that sums to 1.

    Examples
    --------
    >>> mutual_information(np.array([[0.5, 0.0], [0.0, 0.5]]))
    1.0
    >>> mutual_information(np.array([[0.25, 0.25], [0.25, 0.25]]))
    0.0
    """
    return float(bits_of_groups(cells, np.array([0]))[0])


def bits_of_groups(cells: FloatArray, starts: NDArray[np.intp]) -> FloatArray:
    """
    `mutual_information` of the first axis with each group of successive columns.

    Parameters
    ----------
    cells : ndarray of shape (n_target, n_columns)
        Each group sums to 1.
    starts : ndarray of int, shape (n_groups,)
        First column of each group.

    Returns
    -------
    ndarray of shape (n_groups,)
    """
    sizes = np.diff(starts, append=cells.shape[1])
    by_target = np.repeat(_log2(np.add.reduceat(cells, starts, axis=1)), sizes, axis=1)
    gains = cells * (_log2(cells) - by_target - _log2(cells.sum(axis=0)))
    bits: FloatArray = np.maximum(0.0, np.add.reduceat(gains.sum(axis=0), starts))
    return bits


def _log2(values: FloatArray) -> FloatArray:
    """Binary logarithm, and 0 for 0: a cell of 0 adds nothing."""
    return np.asarray(np.log2(values, where=values > 0, out=np.zeros_like(values)))


__all__ = [
    "TARGETS",
    "Candidate",
    "Information",
    "askable",
    "bits_of_groups",
    "entropy",
    "mutual_information",
    "value_of_information",
]
