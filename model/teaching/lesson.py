r"""
Teaching by commit-then-compare: a patient revealed order by order, and a learner's probabilities beside the model's.

How far two sets of probabilities are apart is told in two ways: the Kullback-Leibler divergence
:math:`\sum_d p_d \log_2 (p_d / q_d)` in bits (what is lost by believing q where p is right), and the total variation
:math:`\tfrac12 \sum_d |p_d - q_d|` (the share of belief that would have to be moved). A learner is judged by the truth, the
model beside it by the same rule: neither is an oracle.

Knows: cases, orders, probabilities. Must not know: screens.

References
----------
Good IJ. Rational decisions. J R Stat Soc B 1952;14:107-114. doi:10.1111/j.2517-6161.1952.tb00104.x
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from model.diagnosis.differential import posterior
from model.diagnosis.results import Differential
from model.errors import EvidenceError, UnknownNameError, unknown_name
from model.inference.graph import FloatArray
from model.network.hierarchy import hierarchy
from model.patient.cases import Case
from model.patient.evidence import encode
from model.patient.simulation import simulate
from model.record import Record
from model.validation.reveal import findings_of
from model.why.weight import bans

if TYPE_CHECKING:
    from model.network.network import Network
    from priors.schema import KnowledgeBase

LEAST: Final = 0.001
"""Nobody is taken to believe less than this of a diagnosis: certainty could never be corrected."""

N_TRIED: Final = 200
"""Simulated patients among which one of the wanted difficulty is looked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Stage(Record):
    """
    What is known after one more order, and what the model makes of it.

    Parameters
    ----------
    order, label
        The order; empty before anything is known.
    new, known
        Findings that the order brought, and all that are known by then.
    answer
        The model's differential.
    """

    order: str
    label: str
    new: Mapping[str, object]
    known: Mapping[str, object]
    answer: Differential

    @property
    def probabilities(self) -> FloatArray:
        """Headline probability of every table row: ndarray of shape (n_rows,)."""
        of_rows: FloatArray = self.answer.mean_by("row")[0]
        return of_rows


@dataclass(frozen=True, slots=True)
class Moved:
    """
    How far one diagnosis was moved by the new findings, in bans (log10 of the odds).

    Parameters
    ----------
    row
        The table row.
    learner, model
        Change of the learner's and of the model's log10 odds.
    """

    row: str
    learner: float
    model: float

    @property
    def is_right_way(self) -> bool:
        """Whether the learner went in the model's direction, or stayed where the model hardly moved."""
        return self.learner * self.model > 0 or abs(self.model) < 0.1


@dataclass(frozen=True, slots=True)
class Feedback:
    """
    A learner's probabilities beside the model's.

    Parameters
    ----------
    bits_apart
        Kullback-Leibler divergence from the model's probabilities to the learner's, both `lifted`; 0 if they are equal.
    share_apart
        Total variation, 0 to 1.
    moved
        The diagnoses that the new findings moved most, in the model's or the learner's view.
    learner_log_score, model_log_score, learner_brier, model_brier
        Scores of both if the truth is known, else None.
    """

    bits_apart: float
    share_apart: float
    moved: tuple[Moved, ...]
    learner_log_score: float | None
    model_log_score: float | None
    learner_brier: float | None
    model_brier: float | None


def stages(
    network: Network,
    case: Case,
    *,
    confirmatory: bool = True,
    backwards: bool = False,
    wishes: Sequence[str] = (),
) -> tuple[Stage, ...]:
    """
    A case revealed order by order: as wished, where the case has it, else in table order.

    Findings that proved the diagnosis come last, by themselves, unless their order is wished for and gives nothing else.

    Parameters
    ----------
    network, case
        The patient, with findings of several orders.
    confirmatory
        Whether the proof is revealed at all.
    backwards
        The same orders the other way round, the proof last: nothing in the end depends on it but the learner.
    wishes
        What was ordered after each stage; where the case has nothing of it, the next in table order comes.

    Raises
    ------
    MilletError
        If the findings cannot be read or are impossible together.

    Examples
    --------
    >>> from model import Case, load_network
    >>> case = Case(id="A", findings={"sex": "female", "serum_aqp4_igg": "positive"}, truth="nmosd")
    >>> [(stage.label, stage.new) for stage in stages(load_network().thinned(50), case)]
    [('', {}), ('History', {'sex': 'female'}), ('Blood tests', {'serum_aqp4_igg': 'positive'})]
    """
    tables = network.knowledge
    steps = _steps(case, tables, is_proven=confirmatory)
    for i, wish in enumerate(wishes[: len(steps)]):
        place = next((k for k in range(i, len(steps)) if steps[k][0] == wish), i)
        steps.insert(i, steps.pop(place))
    if backwards:
        proof = [step for step in steps if set(step[1]) <= set(case.confirmatory)]
        steps = [step for step in reversed(steps) if step not in proof] + proof
    found: list[Stage] = []
    known: dict[str, object] = {}
    for order, new in [("", {}), *steps]:
        known = {**known, **new}
        label = tables.orders[order].label if order else ""
        found.append(Stage(order, label, new, known, posterior(network, encode(network, known))))
    return tuple(found)


def _steps(case: Case, tables: KnowledgeBase, *, is_proven: bool) -> list[tuple[str, dict[str, object]]]:
    """Orders of a case and what each gives, in table order, the proof at the end; those that give nothing left out."""
    findings = {name: value for name, value in case.findings.items() if value is not None}
    proof = {name: value for name, value in findings.items() if name in case.confirmatory}
    loose = {n: v for n, v in findings.items() if not tables.variables[n].order and n not in proof}
    steps: list[tuple[str, dict[str, object]]] = [("", loose)]
    for order, given in findings_of(tables).items():
        steps.append((order, {n: v for n, v in findings.items() if n in given and n not in proof}))
    steps += [(tables.variables[name].order, {name: value}) for name, value in proof.items() if is_proven]
    return [(order, new) for order, new in steps if new]


def completed(shares: Mapping[str, float], knowledge: KnowledgeBase) -> FloatArray:
    """
    A learner's probabilities of all table rows, from shares given to some of them in any unit.

    What is not named, or named with less, keeps `LEAST` (see `lifted`); the rest is in proportion to the shares.

    Parameters
    ----------
    shares
        Table row -> points, percentages or probabilities, 0 or more.
    knowledge
        Gives the table rows.

    Returns
    -------
    ndarray of shape (n_rows,)
        Sums to 1.

    Raises
    ------
    UnknownNameError
        If a name is no table row.
    EvidenceError
        If a share is negative or not finite, or all are 0.

    Examples
    --------
    >>> from priors import load_knowledge_base
    >>> p = completed({"nmosd": 3, "clippers": 1}, load_knowledge_base())
    >>> round(float(p.sum()), 9), round(float(p.max()), 3), round(float(p.min()), 4)
    (1.0, 0.737, 0.001)
    """
    for row, share in shares.items():
        if row not in knowledge.rows:
            raise UnknownNameError(unknown_name("learner", "table row", row, knowledge.rows))
        if not 0 <= share < float("inf"):
            raise EvidenceError(
                f"learner, {row}: found {share}; allowed are numbers from 0 upwards; change it"
            )
    given = np.array([float(shares.get(row, 0.0)) for row in knowledge.rows])
    if not given.sum() > 0:
        raise EvidenceError("learner: no diagnosis has a share; give points to at least one")
    return lifted(given / given.max())  # numbers near the ends of what a float can hold stay in proportion


def lifted(p: FloatArray) -> FloatArray:
    """
    Probabilities with none below `LEAST`: what is below is raised to it, and the others give way in proportion.

    Examples
    --------
    >>> lifted(np.array([0.5, 0.5])), lifted(np.array([2.0, 0.0]))
    (array([0.5, 0.5]), array([0.999, 0.001]))
    """
    is_low = np.zeros(len(p), dtype=bool)
    while True:  # at most once for every probability: each turn raises one more, or ends
        scaled = p * ((1 - LEAST * is_low.sum()) / p[~is_low].sum())
        below = is_low | (scaled < LEAST)
        if np.array_equal(below, is_low):
            result: FloatArray = np.where(is_low, LEAST, scaled)
            return result
        is_low = below


def if_more_common(p: FloatArray, row: int, times: float) -> FloatArray:
    """
    Posterior probabilities if one diagnosis were so many times as common, against all others, before the findings.

    By Bayes' theorem its posterior odds change by the same factor, whatever was found.

    Examples
    --------
    >>> if_more_common(np.array([0.1, 0.6, 0.3]), 0, 9.0)
    array([0.5       , 0.33333333, 0.16666667])
    """
    weights = p.copy()
    weights[row] *= times
    result: FloatArray = weights / weights.sum()
    return result


def bits_apart(p: FloatArray, q: FloatArray) -> float:
    """
    Kullback-Leibler divergence of q from p in bits.

    Examples
    --------
    >>> bits_apart(np.array([0.5, 0.5]), np.array([0.5, 0.5])), bits_apart(np.array([1.0, 0.0]), np.array([0.25, 0.75]))
    (0.0, 2.0)
    """
    held = p > 0
    return float((p[held] * np.log2(p[held] / q[held])).sum())


def feedback(
    knowledge: KnowledgeBase,
    learner: FloatArray,
    model: FloatArray,
    *,
    before: tuple[FloatArray, FloatArray] | None = None,
    truth: str | None = None,
    n_moved: int = 4,
) -> Feedback:
    """
    What to tell a learner who has committed.

    Parameters
    ----------
    knowledge
        Gives the table rows.
    learner, model : ndarray of shape (n_rows,)
        Probabilities now; the learner's are positive (see `completed`).
    before
        Learner's and model's probabilities before the new findings; None at the start.
    truth
        Leaf or table row, if it may be told.
    n_moved
        How many diagnoses to speak of.

    Examples
    --------
    >>> from model import load_knowledge_base
    >>> feedback(load_knowledge_base(), alike := np.full(19, 1 / 19), alike).bits_apart
    0.0
    """
    moved: tuple[Moved, ...] = ()
    if before is not None:
        mine, its = (
            np.array([bans(p) - bans(q) for p, q in zip(now, then, strict=True)])
            for now, then in zip((learner, model), before, strict=True)
        )
        weight = np.maximum(np.abs(learner - before[0]), np.abs(model - before[1]))
        order = np.argsort(-weight, kind="stable")[:n_moved]
        moved = tuple(Moved(knowledge.rows[i], float(mine[i]), float(its[i])) for i in order)
    scores: list[float | None] = [None] * 4
    if truth is not None:
        i = knowledge.rows.index(knowledge.row(truth))
        is_truth = np.arange(len(learner)) == i
        scores = [
            *(float(np.log(p[i])) for p in (learner, model)),
            *(float(((p - is_truth) ** 2).sum()) for p in (learner, model)),
        ]
    apart = float(np.abs(learner - model).sum() / 2)
    bits = bits_apart(lifted(model), lifted(learner))
    return Feedback(bits, apart, moved, scores[0], scores[1], scores[2], scores[3])


def simulated_case(network: Network, *, seed: int, difficulty: float, n_findings: int = 10) -> Case:
    """
    A simulated patient whose truth the model gives a wanted share in the end.

    Parameters
    ----------
    network
        Where the patient comes from.
    seed
        The same seed and difficulty give the same patient.
    difficulty
        From 0 (the model is sure of the truth) to 1 (it does not think of it): one minus the model's final
        probability of the true table row, as near as one of `N_TRIED` patients comes.
    n_findings
        How many findings of the everyday orders are known.

    Raises
    ------
    EvidenceError
        If the difficulty is not between 0 and 1.

    Examples
    --------
    >>> from model import load_network
    >>> case = simulated_case(load_network().thinned(50), seed=1, difficulty=0.2, n_findings=6)
    >>> len(case.findings) >= 6, case.truth in load_network().knowledge.leaves
    (True, True)
    """
    if not 0 <= difficulty <= 1:
        raise EvidenceError(f"teaching, difficulty: found {difficulty}; allowed is 0 to 1; change it")
    mean = network.at_mean()
    patients = simulate(mean, N_TRIED, seed=seed)
    rng = np.random.default_rng([seed, 2])
    rows = hierarchy(network.knowledge, "row")
    cases = [_shortened(case, network, n_findings, rng) for case in patients.cases()]
    p = posterior(mean, encode(mean, cases)).mean_by("row")
    truth = [rows.names.index(network.knowledge.row(case.truth or "")) for case in cases]
    missed = 1 - p[np.arange(len(cases)), truth]
    return cases[int(np.abs(missed - difficulty).argmin())]


def _shortened(case: Case, network: Network, n_findings: int, rng: np.random.Generator) -> Case:
    """Some findings of a complete record: age and sex, then unusual ones before normal ones, as a report would."""
    variables = network.knowledge.variables
    asked = [n for n in case.findings if variables[n].role == "finding" and n not in ("age_years", "sex")]
    reference = {n: {s.id for s in variables[n].states if s.is_reference} for n in asked}
    unusual = [n for n in asked if case.findings[n] not in reference[n]]
    normal = [n for n in asked if n not in unusual]
    chosen = [*rng.permutation(unusual)[: n_findings - 3], *rng.permutation(normal)[:3]]
    kept = {"age_years", "sex", *map(str, chosen)}
    findings = {name: value for name, value in case.findings.items() if name in kept}
    return Case(case.id, findings, truth=case.truth, ms_course=case.ms_course, ms_variant=case.ms_variant)


__all__ = [
    "Feedback",
    "Moved",
    "Stage",
    "bits_apart",
    "completed",
    "feedback",
    "simulated_case",
    "stages",
]
