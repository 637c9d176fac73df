"""
Question 1, "What is the diagnosis?": from a network and evidence to a `Differential`.

Knows: how the engine is asked, in pieces small enough for memory, and how impossible evidence is named. Must
not know: how the engine computes, how results are shown. (The function is called `posterior`; a module of
that name would hide it in the package.)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from model.diagnosis.results import Differential
from model.errors import EvidenceError, ImpossibleEvidenceError, ImpossibleFindingsError, plain
from model.inference.engine import Beliefs, infer
from model.network.network import DIAGNOSIS, Network
from model.patient.evidence import as_evidence
from model.progress import Progress, silent, watched

if TYPE_CHECKING:
    from model.inference.graph import FloatArray
    from model.patient.evidence import Asked, Evidence

MAX_CELLS = 2**23
"""Cells (64 MiB) of P(hub | findings) held at a time; more patients are answered in several pieces."""


def posterior(network: Network, evidence: Asked, *, progress: Progress = watched) -> Differential:
    r"""
    Probability of every diagnosis, given the findings of each patient.

    .. math:: \bar p(d \mid e) = \frac1S \sum_s p(d \mid e, \theta_s)

    is the headline; every :math:`p(d \mid e, \theta_s)` is kept. A patient does not change the weight of a
    draw. For the answer at mean parameters, which is another number, ask ``posterior(network.at_mean(),
    evidence)``. Kept are 8 bytes for every draw, patient and leaf: ask for very many patients in groups
    (``evidence.select``).

    Parameters
    ----------
    network, evidence
        What is asked, and of whom: findings as they are, or what `encode` gave.
    progress
        Wraps groups of patients, such as a progress bar.

    Raises
    ------
    ImpossibleFindingsError
        If some patient's findings have probability 0 under every diagnosis; names the findings that clash.
    EvidenceError
        If the evidence was encoded for another network.

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network()
    >>> answer = posterior(network, encode(network, {"serum_aqp4_igg": "positive"}))
    >>> answer.leader()
    'nmosd'
    """
    evidence = as_evidence(network, evidence)
    probabilities, log_evidence = [], []
    axes: dict[str, list[FloatArray]] = {"ms_course": [], "ms_variant": []}
    to_leaf = network.plan.indicator(network.index(DIAGNOSIS))
    for beliefs in beliefs_in_pieces(network, evidence, progress):
        probabilities.append(beliefs.hub @ to_leaf)
        mean = beliefs.hub.mean(axis=0)
        for name, pieces in axes.items():
            pieces.append(mean @ network.plan.indicator(network.index(name)))
        log_evidence.append(beliefs.log_evidence)
    return Differential(
        probabilities=np.concatenate(probabilities, axis=1),
        ms_axes={name: np.concatenate(pieces) for name, pieces in axes.items()},
        log_evidence=np.concatenate(log_evidence, axis=1),
        ids=evidence.ids,
        n_findings=tuple(evidence.n_observed.tolist()),
        knowledge=network.knowledge,
        setting=network.setting,
        digest=network.digest,
        origin=network.origin,
    )


def beliefs_in_pieces(network: Network, evidence: Evidence, progress: Progress = silent) -> Iterator[Beliefs]:
    """
    What the engine believes about successive groups of patients, each small enough for memory.

    Raises
    ------
    ImpossibleFindingsError
        As `posterior`.
    EvidenceError
        As `posterior`.
    """
    numbered = indexed(network, evidence)
    size = max(1, MAX_CELLS // (network.n_draws * len(network.plan.support)))
    for start in progress(range(0, evidence.n_patients, size)):
        piece = {variable: rows[start : start + size] for variable, rows in numbered.items()}
        n_patients = min(size, evidence.n_patients - start)
        try:
            yield infer(network.plan, piece, n_patients=n_patients)
        except ImpossibleEvidenceError as error:
            patient = start + error.patients[0]
            raise clash(network, evidence, patient) from None


def indexed(network: Network, evidence: Evidence) -> dict[int, FloatArray]:
    """Variable's number -> ndarray of shape (n_patients, n_states), as the engine wants it."""
    for name, rows in evidence.likelihoods.items():
        if name not in network.states or rows.shape[1] != len(network.states[name]):
            raise EvidenceError(
                f"evidence, finding {plain(name)}: encoded for another network; encode it with this one"
            )
    return {network.index(name): rows for name, rows in evidence.likelihoods.items()}


def clash(network: Network, evidence: Evidence, patient: int) -> ImpossibleFindingsError:
    """
    The error for a patient whose findings are impossible, naming a smallest set of findings that clash.

    Findings are taken away one after the other; those without which the rest would still be impossible stay
    away. What is left is impossible together and possible without any one of them.
    """
    clashing = list(evidence.observed(patient))
    for name in tuple(clashing):
        rest = [other for other in clashing if other != name]
        if not _is_possible(network, evidence, patient, rest):
            clashing = rest
    findings = evidence.cases[patient].findings
    said = ", ".join(f"{name} = {plain(findings[name])}" for name in clashing)
    where = f"case {plain(evidence.ids[patient])}"
    line = f"{where}: no diagnosis allows {said} together; correct or remove one"
    return ImpossibleFindingsError(line, patient)


def _is_possible(network: Network, evidence: Evidence, patient: int, findings: list[str]) -> bool:
    rows = evidence.select(patient).with_only(np.ones((1, len(findings)), dtype=bool), findings)
    try:
        infer(network.plan, indexed(network, rows), n_patients=1)
    except ImpossibleEvidenceError:
        return False
    return True


__all__ = ["MAX_CELLS", "beliefs_in_pieces", "clash", "indexed", "posterior"]
