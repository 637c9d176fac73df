"""
The baseline that the network has to beat: naive Bayes straight from the symbols that the printed tables show.

Knows: symbol facts and one fixed reading of them. Must not know: the network's parameters, the engine,
scores.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.inference.graph import FloatArray
    from model.patient.evidence import Evidence
    from priors.schema import KnowledgeBase

READING = {"+": 0.80, "+/-": 0.50, "rare": 0.10, "-": 0.05}
"""Symbol -> P(state | diagnosis): what a reader might assume; fixed, fitted to nothing."""

LEFT_FOR_OTHER_STATES = 0.05
"""Least probability left for the states of a finding that have no symbol."""


def symbol_tables(knowledge: KnowledgeBase) -> dict[str, FloatArray]:
    """
    P(state | table row) of every finding that has a symbol, by `READING`.

    The states with a symbol get its reading (several symbols of one cell: their mean), the other states share
    the rest equally. A row without a symbol for the finding gets the mean of those that have one, so that the
    finding says nothing for or against it on average. A condition on a symbol ("rare in immunocompetent") is
    not taken into account.

    Returns
    -------
    dict
        Finding -> ndarray of shape (n_rows, n_states); sums to 1 over the last axis.
    """
    readings: dict[str, dict[tuple[str, str], list[float]]] = {}
    for fact in knowledge.facts.values():
        if fact.kind == "symbol" and fact.term in READING and fact.diagnosis in knowledge.diagnoses:
            cell = knowledge.row(fact.diagnosis), fact.state
            readings.setdefault(fact.finding, {}).setdefault(cell, []).append(READING[fact.term])
    return {finding: _table(knowledge, finding, cells) for finding, cells in readings.items()}


def _table(knowledge: KnowledgeBase, finding: str, cells: dict[tuple[str, str], list[float]]) -> FloatArray:
    states = knowledge.variables[finding].state_ids
    lines = {}
    for row in dict.fromkeys(row for row, _ in cells):
        read = {state: float(np.mean(cells[row, state])) for state in states if (row, state) in cells}
        rest = [state for state in states if state not in read]
        left = max(LEFT_FOR_OTHER_STATES, 1 - sum(read.values()))
        line = np.array([read.get(state, left / max(1, len(rest))) for state in states])
        lines[row] = line / line.sum()
    neutral = np.mean(list(lines.values()), axis=0)
    return np.array([lines.get(row, neutral) for row in knowledge.rows])


def naive_bayes(knowledge: KnowledgeBase, evidence: Evidence) -> FloatArray:
    """
    P(table row | findings) by naive Bayes from the symbols, with a uniform prior.

    Findings without a symbol are ignored.

    Returns
    -------
    ndarray of shape (n_patients, n_rows)
        Sums to 1 over the last axis; uniform for a patient of whom no finding has a symbol.
    """
    log_p = np.zeros((evidence.n_patients, len(knowledge.rows)))
    for finding, probabilities in symbol_tables(knowledge).items():
        if finding in evidence.likelihoods:
            log_p += np.log(evidence.likelihoods[finding] @ probabilities.T)
    p = np.exp(log_p - log_p.max(axis=1, keepdims=True))
    return np.asarray(p / p.sum(axis=1, keepdims=True))


__all__ = ["READING", "naive_bayes", "symbol_tables"]
