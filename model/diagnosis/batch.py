"""
Many patients at once: a table with one row a patient in, a table with one row a patient out.

A column is a finding, a cell a state, ``a|b`` for either, an age, or empty for not assessed. Each different text of a
column is read once, and a chunk of rows is answered together, so that a million patients take minutes. `answer_table`
is pure: the same chunk gives the same answer in any process, which is what Dask and its like need.

Knows: frames, evidence, the engine. Must not know: files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from model.diagnosis.differential import MAX_CELLS
from model.inference.engine import infer
from model.inference.errors import ImpossibleEvidenceError
from model.inference.numeric import INTERVAL
from model.network.assembly import DIAGNOSIS
from model.network.hierarchy import hierarchy
from model.patient.evidence import contradictions
from model.patient.table import ID, check_columns, identifiers, refuse_repeated, weighed, with_index

if TYPE_CHECKING:
    import pandas as pd

    from model.inference.graph import FloatArray
    from model.network.network import Network
    from priors.schema import KnowledgeBase

PROBLEM: Final = "problem"
"""Column of the answer that says why a patient has no probabilities; empty for all others."""


@dataclass(frozen=True, slots=True)
class _Read:
    """
    A chunk of patients.

    Likelihoods by finding, each of shape (n_patients, n_states); how many findings of each patient say something; what
    is wrong with single patients.
    """

    likelihoods: dict[str, FloatArray]
    n_findings: NDArray[np.intp]
    problems: dict[int, str]


def answer_table(
    table: pd.DataFrame, network: Network, *, lines: Sequence[int] | None = None, name: str = "table"
) -> pd.DataFrame:
    """
    Probability of every table row for each patient of a table.

    Parameters
    ----------
    table
        One row a patient, one column (or named level of the index) a finding, and `id` if wanted. A cell is a text, a
        number, a list of possible states, a mapping of every state to its weight, or missing.
    network
        With several draws the answer is the mean over them, with 90 % intervals; ``network.at_mean()`` is quickest.
    lines
        Number of each row, for messages and for patients without `id`; by default 2, 3 ..., as below a header.
    name
        What messages call the table.

    Returns
    -------
    DataFrame
        Columns ``id``, ``n_findings``, ``leader``, one per table row with its probability (they sum to 1), with several
        draws ``<row>_low`` and ``<row>_high``, and ``problem``. A patient whose findings contradict each other or are
        impossible has empty probabilities and a sentence in ``problem``; nobody is left out.

    Raises
    ------
    EvidenceError, UnknownNameError
        If a column is no finding, two patients have one id, or a cell cannot be read; one line for each, with row and
        column.

    Examples
    --------
    >>> import pandas as pd
    >>> from model import load_network
    >>> patients = pd.DataFrame({"id": ["A", "B"], "serum_aqp4_igg": ["positive", ""], "age_years": [39, None]})
    >>> answer = answer_table(patients, load_network().at_mean())
    >>> answer["leader"].tolist(), answer["n_findings"].tolist()
    (['nmosd', 'multiple_sclerosis'], [2, 0])
    """
    whole = with_index(table, name)
    check_columns(list(whole.columns), network.knowledge, name)
    numbers = range(2, len(whole) + 2) if lines is None else lines
    ids = identifiers(whole, numbers, f"{name}, line")
    refuse_repeated(ids, numbers, f"{name}, line")
    return answer_rows(whole, ids, numbers, network, f"{name}, line")


def answer_rows(
    table: pd.DataFrame, ids: Sequence[str], lines: Sequence[int], network: Network, where: str
) -> pd.DataFrame:
    """As `answer_table`, for columns and identifiers that have been checked; `where` begins the place of a line."""
    import pandas as pd

    read = _read(table, network, lines, where)
    n = len(table)
    leaves, problems = _posterior(network, read, n)
    membership = hierarchy(network.knowledge, "row").membership
    rows = hierarchy(network.knowledge, "row").names
    draws = leaves @ membership
    mean = draws.mean(axis=0)
    is_answered = np.array([i not in problems for i in range(n)], dtype=bool)
    columns: dict[str, object] = {
        ID: ids,
        "n_findings": read.n_findings,
        "leader": np.where(is_answered, np.array(rows)[mean.argmax(axis=1)] if n else "", ""),
    }
    columns |= {row: _blanked(mean[:, i], is_answered) for i, row in enumerate(rows)}
    if len(draws) > 1:
        low, high = np.quantile(draws, INTERVAL, axis=0)
        for i, row in enumerate(rows):
            columns[f"{row}_low"] = _blanked(low[:, i], is_answered)
            columns[f"{row}_high"] = _blanked(high[:, i], is_answered)
    columns[PROBLEM] = [problems.get(i, "") for i in range(n)]
    return pd.DataFrame(columns)


def _read(table: pd.DataFrame, network: Network, lines: Sequence[int], where: str) -> _Read:
    knowledge = network.knowledge
    likelihoods: dict[str, FloatArray] = {}
    says: dict[str, NDArray[np.bool_]] = {}
    n_findings = np.zeros(len(table), dtype=np.intp)
    for column, (codes, of_content) in weighed(table, knowledge, lines, where).items():
        if len(of_content) > 1:
            says[column] = (np.ptp(of_content, axis=1) > 0)[codes]
            n_findings += says[column]
            likelihoods[column] = of_content[codes]
    return _Read(likelihoods, n_findings, _contradicting(likelihoods, says, knowledge))


def _contradicting(
    likelihoods: dict[str, FloatArray], says: Mapping[str, NDArray[np.bool_]], knowledge: KnowledgeBase
) -> dict[int, str]:
    """Patients two of whose findings exclude each other, and which; their evidence is taken away."""
    suspects: set[int] = set()
    pairs = {
        (one.finding, one.other) for one in knowledge.exclusions if {one.finding, one.other} <= set(says)
    }
    for finding, other in pairs:
        is_suspect = _excluded(finding, other, likelihoods, knowledge) & says[finding] & says[other]
        suspects |= set(np.flatnonzero(is_suspect).tolist())
    in_pairs = sorted({name for pair in pairs for name in pair})
    problems = {}
    for patient in sorted(suspects):
        row = {name: likelihoods[name][patient] for name in in_pairs if says[name][patient]}
        found = contradictions("", row, knowledge)
        problems[patient] = "; ".join(str(one).removeprefix(": ") for one in found)
    _forget(likelihoods, list(problems))
    return problems


def _excluded(
    finding: str, other: str, likelihoods: dict[str, FloatArray], knowledge: KnowledgeBase
) -> NDArray[np.bool_]:
    """Whether no pair of states of two findings is left to a patient that the exclusions allow."""
    a, b = knowledge.variables[finding].state_ids, knowledge.variables[other].state_ids
    allowed = np.ones((len(a), len(b)))
    for one in knowledge.exclusions:
        if (one.finding, one.other) == (finding, other):
            allowed[a.index(one.state), b.index(one.other_state)] = 0.0
        elif (one.other, one.finding) == (finding, other):
            allowed[a.index(one.other_state), b.index(one.state)] = 0.0
    possible = ((likelihoods[finding] > 0) @ allowed) * (likelihoods[other] > 0)
    return np.asarray(~possible.any(axis=1))


def _forget(likelihoods: dict[str, FloatArray], patients: Sequence[int]) -> None:
    for rows in likelihoods.values():
        rows[list(patients)] = 1.0


def _posterior(network: Network, read: _Read, n: int) -> tuple[FloatArray, dict[int, str]]:
    """P(leaf | findings), shape (n_draws, n_patients, n_leaves), and the patients for whom there is none."""
    plan, problems = network.plan, dict(read.problems)
    to_leaf = plan.indicator(network.index(DIAGNOSIS))
    numbered = {network.index(name): rows for name, rows in read.likelihoods.items()}
    found = np.empty((network.n_draws, n, to_leaf.shape[1]))
    size = max(1, MAX_CELLS // (network.n_draws * len(plan.support)))
    for start in range(0, n, size):
        piece = {v: rows[start : start + size] for v, rows in numbered.items()}
        n_here = min(size, n - start)
        try:
            beliefs = infer(plan, piece, n_patients=n_here)
        except ImpossibleEvidenceError as error:
            for patient in error.patients:
                problems[start + patient] = IMPOSSIBLE
            _forget(read.likelihoods, [start + patient for patient in error.patients])
            piece = {v: rows[start : start + size] for v, rows in numbered.items()}
            beliefs = infer(plan, piece, n_patients=n_here)
        found[:, start : start + n_here] = beliefs.hub @ to_leaf
    return found, problems


IMPOSSIBLE: Final = "no diagnosis allows these findings together; correct or remove one"


def _blanked(values: FloatArray, kept: NDArray[np.bool_]) -> pd.arrays.FloatingArray:
    """Numbers that are missing, not NaN, where a patient has no answer."""
    import pandas as pd

    return pd.arrays.FloatingArray(np.where(kept, values, 0.0), ~kept)


__all__ = ["PROBLEM", "answer_rows", "answer_table"]
