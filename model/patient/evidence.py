"""
What is known of each patient, as likelihood vectors over the states of the network's variables.

A state, a set of possible states and weights per state are one thing: a vector with the weight of the
observation under every state, scaled to a largest weight of 1. Not assessed is no state: such a finding has
no vector (all ones in the stacked array). Knows: the names and states of a network. Must not know:
probabilities.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from model.errors import ContradictionError, EvidenceError, MilletError, plain, shown, together
from model.patient.cases import Case, FindingValue, read_cases
from model.patient.naming import observable
from model.patient.no_finding import no_finding
from model.patient.table import check_columns, findings, identifiers, with_index
from model.patient.weights import weights
from model.record import Record
from priors.frozen import Frozen
from priors.schema import Exclusion, KnowledgeBase, Variable

if TYPE_CHECKING:
    import pandas as pd

    from model.inference.graph import FloatArray
    from model.network.network import Network

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Evidence(Record):
    """
    What is known of each patient.

    Parameters
    ----------
    likelihoods
        Variable -> ndarray of shape (n_patients, n_states), weights in [0, 1] with a largest of 1 in each
        row; a row of ones says nothing. A variable that nobody was assessed for is not there.
    cases
        The cases the rows were made from, one per patient.
    """

    likelihoods: Mapping[str, FloatArray]
    cases: tuple[Case, ...]

    @property
    def n_patients(self) -> int:
        """Number of patients."""
        return len(self.cases)

    @property
    def ids(self) -> tuple[str, ...]:
        """Identifiers of the cases, in order."""
        return tuple(case.id for case in self.cases)

    def observed(self, patient: int = 0) -> tuple[str, ...]:
        """
        Findings that say something about one patient, in the order in which the case gives them.

        A finding given with the same weight for every state says nothing and is left out.
        """
        said = {name for name, rows in self.likelihoods.items() if np.ptp(rows[patient]) > 0}
        return tuple(name for name in self.cases[patient].findings if name in said)

    @property
    def n_observed(self) -> NDArray[np.int_]:
        """Number of findings that say something: ndarray of int, shape (n_patients,)."""
        counts = np.zeros(self.n_patients, dtype=int)
        for rows in self.likelihoods.values():
            counts += np.ptp(rows, axis=1) > 0
        return counts

    def require_one(self, where: str) -> None:
        """
        Refuse several patients where one is asked about; the message begins with `where`.

        Raises
        ------
        EvidenceError
            If there is not exactly one patient.
        """
        if self.n_patients != 1:
            raise EvidenceError(f"{where}: {self.n_patients} patients given; give one: evidence.select(0)")

    def select(self, patients: int | slice | Sequence[int]) -> Evidence:
        """Evidence of some of the patients: an index, a slice or a list of indices."""
        indices = np.atleast_1d(np.arange(self.n_patients)[patients])
        cases = tuple(self.cases[i] for i in indices)
        given = {name for case in cases for name in case.findings}
        return Evidence(
            Frozen({name: rows[indices] for name, rows in self.likelihoods.items() if name in given}),
            cases,
        )

    def with_only(self, kept: BoolArray, findings: Sequence[str], patient: int = 0) -> Evidence:
        """
        Variants of one patient, each of which knows some of the findings only.

        Parameters
        ----------
        kept : ndarray of bool, shape (n_variants, n_findings)
            Whether a variant knows a finding.
        findings
            Names that the columns of `kept` stand for.
        patient
            Whose findings they are.

        Returns
        -------
        Evidence
            With one patient per variant.
        """
        case = self.cases[patient]
        likelihoods = {
            name: np.where(kept[:, [column]], self.likelihoods[name][patient], 1.0)
            for column, name in enumerate(findings)
        }
        return Evidence(Frozen(likelihoods), (case,) * len(kept))

    def __repr__(self) -> str:
        return f"Evidence({self.n_patients} patients, {len(self.likelihoods)} findings)"


Findings = Case | Mapping[str, object] | Iterable[Case | Mapping[str, object]]
"""What can be said of patients."""

Asked = Evidence | Findings


def encode(network: Network, cases: Findings) -> Evidence:
    """
    Likelihood vectors for what is known of each patient.

    Parameters
    ----------
    network
        Gives the variables, their states and what excludes what.
    cases
        A case or the findings of one patient (a mapping finding -> value), or a list of either. A mapping
        with the key ``findings`` is read as a case. Of a pandas table each line is a patient, each column (or named level of
        the index) a finding, an empty cell (None, NaN, "") not assessed; a column ``id``, or an index of texts, names the
        patients.

    Raises
    ------
    UnknownNameError
        If a finding or state does not exist (and nothing else is wrong).
    ContradictionError
        If two findings cannot both be true (and nothing else is wrong).
    EvidenceError
        If a value cannot be read, or problems of several kinds meet; the message has one line for each.

    Examples
    --------
    >>> from model import load_network
    >>> evidence = encode(load_network(), {"facial_palsy": "unilateral|bilateral", "fever": None})
    >>> {name: rows.tolist() for name, rows in evidence.likelihoods.items()}
    {'facial_palsy': [[0.0, 1.0, 1.0]]}
    """
    patients = _as_cases(cases, network.knowledge)
    problems: list[MilletError] = []
    allowed = observable(network.knowledge)
    rows = [_encoded(case, allowed, network.knowledge, problems) for case in patients]
    if problems:
        raise together(problems)
    likelihoods: dict[str, FloatArray] = {}
    for patient, row in enumerate(rows):
        for name, vector in row.items():
            if name not in likelihoods:
                likelihoods[name] = np.ones((len(patients), len(vector)))
            likelihoods[name][patient] = vector
    return Evidence(Frozen(likelihoods), patients)


def _as_cases(cases: Findings, knowledge: KnowledgeBase) -> tuple[Case, ...]:
    if hasattr(cases, "to_dict"):  # a pandas table, or one line of it
        given: Any = cases
        items: list[object] = [*_lines(given if hasattr(given, "columns") else _one_line(given), knowledge)]
    else:
        items = [cases] if isinstance(cases, Case | Mapping) else _listed(cases)
    if not items:
        raise EvidenceError("cases: none given; encode needs at least one case or one mapping of findings")
    patients: list[object] = []
    for number, item in enumerate(items, start=1):
        is_bare = isinstance(item, Mapping) and "findings" not in item
        patients.append(Case(f"case_{number}", cast("Mapping[str, FindingValue]", item)) if is_bare else item)
    return tuple(read_cases(patients))


def _listed(cases: object) -> list[object]:
    # An array without dimension says that it can be iterated, and cannot.
    if isinstance(cases, str) or not isinstance(cases, Iterable) or getattr(cases, "ndim", 1) == 0:
        raise EvidenceError(
            f"cases: found {shown(cases)}; allowed are a case, findings as {{name: state}}, a list of these, or a table; "
            "give one of them"
        )
    return list(cases)


def _one_line(line: Any) -> pd.DataFrame:
    """One line of a pandas table as a table."""
    import pandas as pd

    table = pd.DataFrame([line])
    return table if isinstance(line.name, str) else table.reset_index(drop=True)


def _lines(table: pd.DataFrame, knowledge: KnowledgeBase) -> list[Case]:
    """The lines of a pandas table as cases; cells that are empty are not there."""
    if not len(table):
        return []
    whole = with_index(table, "cases")
    check_columns(list(whole.columns), knowledge, "cases")
    ids = identifiers(whole, [f"case_{number}" for number in range(1, len(whole) + 1)], "cases,")
    return [Case(one, found) for one, found in zip(ids, findings(whole), strict=True)]


def as_evidence(network: Network, evidence: Asked) -> Evidence:
    """
    The evidence itself, or what `encode` makes of findings.

    Examples
    --------
    >>> from model import load_network
    >>> as_evidence(load_network(), {"fever": "present"}).n_patients
    1
    """
    return evidence if isinstance(evidence, Evidence) else encode(network, evidence)


def _encoded(
    case: Case, allowed: Mapping[str, Variable], knowledge: KnowledgeBase, problems: list[MilletError]
) -> dict[str, FloatArray]:
    """Finding -> weights of one case; what is wrong with it is appended to `problems`."""
    row: dict[str, FloatArray] = {}
    for name, value in case.findings.items():
        where = f"case {plain(case.id)}, finding {plain(name)}"
        if name not in allowed:
            problems.append(no_finding(where, name, knowledge))
        elif value is not None:
            try:
                row[name] = weights(value, allowed[name], where)
            except MilletError as problem:
                problems.append(problem)
    problems += contradictions(f"case {plain(case.id)}", row, knowledge)
    return row


def contradictions(where: str, row: Mapping[str, FloatArray], knowledge: KnowledgeBase) -> list[MilletError]:
    """
    Pairs of findings of which every combination that is still possible is excluded, one line a pair.

    Parameters
    ----------
    where
        How a message begins.
    row
        Finding -> ndarray of shape (n_states,); a state with a weight above 0 is possible.
    knowledge
        Gives the exclusions.
    """
    by_pair: dict[tuple[str, str], list[Exclusion]] = {}
    for exclusion in knowledge.exclusions:
        if exclusion.finding in row and exclusion.other in row:
            ordered = exclusion if exclusion.finding < exclusion.other else _swapped(exclusion)
            by_pair.setdefault((ordered.finding, ordered.other), []).append(ordered)
    problems: list[MilletError] = []
    for (finding, other), exclusions in by_pair.items():
        a, b = knowledge.variables[finding].state_ids, knowledge.variables[other].state_ids
        possible = np.outer(row[finding] > 0, row[other] > 0)
        said = _said(finding, row[finding] > 0, a), _said(other, row[other] > 0, b)
        excluded = [e for e in exclusions if possible[a.index(e.state), b.index(e.other_state)]]
        for e in excluded:
            possible[a.index(e.state), b.index(e.other_state)] = False
        if not possible.any():
            reasons = "; ".join(dict.fromkeys(e.reason for e in excluded))
            problems.append(
                ContradictionError(
                    f"{where}: {said[0]} excludes {said[1]} ({reasons}); correct or remove one of them"
                )
            )
    return problems


def _swapped(exclusion: Exclusion) -> Exclusion:
    """The same exclusion with its two findings exchanged."""
    e = exclusion
    return Exclusion(e.other, e.other_state, e.finding, e.state, e.reason)


def _said(name: str, possible: BoolArray, states: Sequence[str]) -> str:
    return f"{name} = {'|'.join(state for state, kept in zip(states, possible, strict=True) if kept)}"


__all__ = [
    "Case",
    "Evidence",
    "as_evidence",
    "contradictions",
    "encode",
    "read_cases",
]
