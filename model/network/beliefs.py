"""
What the model believes of every finding in every disease, and what that rests on.

Knows: the network, facts. Must not know: patients, how beliefs are drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from model.inference.engine import infer, joint
from model.inference.graph import FloatArray
from model.inference.numeric import INTERVAL
from model.network.hierarchy import hierarchy
from model.network.network import DIAGNOSIS, Network
from model.record import Record, row

if TYPE_CHECKING:
    import pandas as pd

    from priors.schema import Fact, KnowledgeBase, Variable

Basis = Literal["cohort", "number", "word", "symbol", "listed", "judged", "nothing"]
Ground = Literal["cohorts", "documents", "judgement", "nothing"]

_FIGURES: Final = (
    *("count", "percentage", "range", "upper_bound"),
    *("age_mean", "age_median", "age_sd", "age_range"),
)

BASIS: Final[Mapping[str, Basis]] = {
    **dict.fromkeys(_FIGURES, "number"),
    "word": "word",
    "symbol": "symbol",
    **dict.fromkeys(("listed", "negative", "specific", "ordering"), "listed"),
}
"""Kind of fact of a document -> what a belief rests on; a cohort of the literature is a basis of its own."""

ORDER: Final[tuple[Basis, ...]] = ("cohort", "number", "word", "symbol", "listed", "judged", "nothing")
"""The firmest basis first."""

GROUND: Final[Mapping[Basis, Ground]] = {
    "cohort": "cohorts",
    **dict.fromkeys(("number", "word", "symbol", "listed"), "documents"),
    "judged": "judgement",
    "nothing": "nothing",
}
"""What a belief rests on -> the layer of knowledge that it comes from."""

GROUNDS: Final[tuple[Ground, ...]] = ("cohorts", "documents", "judgement", "nothing")
"""The firmest ground first."""

AGE: Final = "age_years"

JUDGED: Final = "judgement"
"""Stands for the identifier of a fact where judgement alone says a number."""


@dataclass(frozen=True, slots=True)
class Belief:
    """
    How often a finding is unusual in a disease, or, of a finding without a normal state, how often its commonest state is.

    Parameters
    ----------
    finding, row
        The finding and the table row.
    state
        The state that the number is about; empty: any state that is not normal.
    mean, low, high
        Mean, 5 % and 95 % point over the draws.
    basis
        The firmest kind of fact about it; ``judged``: judgement alone; ``nothing``: the pooled background.
    facts
        Identifiers of the facts.
    """

    finding: str
    row: str
    state: str
    mean: float
    low: float
    high: float
    basis: Basis
    facts: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Beliefs(Record):
    """
    Every finding in every table row.

    Parameters
    ----------
    knowledge
        The tables.
    probabilities : mapping of finding to ndarray of shape (n_draws, n_rows, n_states)
        P(state | table row) in every draw.
    """

    knowledge: KnowledgeBase
    probabilities: Mapping[str, FloatArray]

    @cached_property
    def facts(self) -> Mapping[tuple[str, str], tuple[Fact, ...]]:
        """Finding and table row -> the facts about the row or one of its leaves, in the order of the tables."""
        found: dict[tuple[str, str], list[Fact]] = {}
        for fact in self.knowledge.facts.values():
            if fact.finding in self.probabilities and fact.diagnosis in self.knowledge.diagnoses:
                found.setdefault((fact.finding, self.knowledge.row(fact.diagnosis)), []).append(fact)
        return {key: tuple(facts) for key, facts in found.items()}

    def of(self, finding: str, row: str) -> Belief:
        """The belief about one finding in one table row."""
        variable, i = self.knowledge.variables[finding], self.knowledge.rows.index(row)
        p = self.probabilities[finding][:, i]
        state, value = _number(variable, p)
        facts = self.facts.get((finding, row), ())
        basis = self._bases.get((finding, row), "nothing")
        low, high = (float(v) for v in np.quantile(value, INTERVAL))
        return Belief(finding, row, state, float(value.mean()), low, high, basis, tuple(f.id for f in facts))

    @cached_property
    def _bases(self) -> Mapping[tuple[str, str], Basis]:
        return bases(self.knowledge, self.probabilities)

    def to_frame(self) -> pd.DataFrame:
        """One line per finding and table row: the fields of `Belief`, facts joined by ``|``."""
        import pandas as pd

        beliefs = [self.of(finding, row) for finding in self.probabilities for row in self.knowledge.rows]
        names = ("finding", "row", "state", "mean", "low", "high", "basis")
        return pd.DataFrame([row(b, names, facts="|".join(b.facts)) for b in beliefs])


def bases(knowledge: KnowledgeBase, findings: Collection[str]) -> Mapping[tuple[str, str], Basis]:
    """
    Finding and diagnosis -> the firmest thing that is said of it; a pair that is not there rests on nothing.

    What is said of a diagnosis holds for what is above and below it in the hierarchy, but not for its siblings.
    """
    said: dict[Basis, set[tuple[str, str]]] = {basis: set() for basis in ORDER}
    for fact in knowledge.facts.values():
        if fact.finding in findings and (basis := "cohort" if fact.is_cohort else BASIS.get(fact.kind)):
            said[basis].add((fact.finding, fact.diagnosis))
    said["judged"] |= {(finding, leaf) for finding, _, leaf in knowledge.judged if finding in findings}
    said["judged"] |= {(AGE, leaf) for leaf in knowledge.judged_ages if AGE in findings}
    family = {name: _family(knowledge, name) for name in knowledge.diagnoses}
    found: dict[tuple[str, str], Basis] = {}
    for basis, pairs in said.items():
        for finding, diagnosis in pairs:
            for one in family.get(diagnosis, ()):
                found.setdefault((finding, one), basis)
    return found


def is_judged(knowledge: KnowledgeBase, finding: str, leaf: str) -> bool:
    """Whether judgement says anything of a finding in a leaf."""
    if finding == AGE:
        return leaf in knowledge.judged_ages
    variable = knowledge.variables.get(finding)
    return variable is not None and any((finding, s, leaf) in knowledge.judged for s in variable.state_ids)


def _family(knowledge: KnowledgeBase, diagnosis: str) -> tuple[str, ...]:
    """A diagnosis, its ancestors, and all diagnoses below it."""
    above = [diagnosis]
    while parent := knowledge.diagnoses[above[-1]].parent:
        above.append(parent)
    below = [
        name for name in knowledge.diagnoses if name != diagnosis and _is_below(knowledge, name, diagnosis)
    ]
    return (*above, *below)


def _is_below(knowledge: KnowledgeBase, name: str, diagnosis: str) -> bool:
    while parent := knowledge.diagnoses[name].parent:
        if parent == diagnosis:
            return True
        name = parent
    return False


def _number(variable: Variable, p: FloatArray) -> tuple[str, FloatArray]:
    """State and probability in every draw that stand for a finding: p has shape (n_draws, n_states)."""
    normal = [i for i, state in enumerate(variable.states) if state.is_reference]
    if normal and len(normal) < len(variable.states):
        return "", 1 - p[:, normal].sum(axis=1)
    commonest = int(p.mean(axis=0).argmax())
    return variable.states[commonest].id, p[:, commonest]


def believed(network: Network) -> Beliefs:
    """
    P(state | table row) of every finding, mechanisms and context averaged over.

    Examples
    --------
    >>> from model import load_network
    >>> found = believed(load_network()).of("serum_aqp4_igg", "nmosd")
    >>> found.mean > 0.5, found.basis != "nothing"
    (True, True)
    """
    beliefs = infer(network.plan, {}, n_patients=1)
    rows = network.plan.indicator(network.index(DIAGNOSIS)) @ hierarchy(network.knowledge, "row").membership
    found = {}
    for name in network.knowledge.of_role("finding"):
        cells = np.einsum("shk,hr->srk", joint(beliefs, network.index(name))[:, 0], rows)
        found[name] = cells / cells.sum(axis=-1, keepdims=True)
    return Beliefs(network.knowledge, found)


def unsupported(beliefs: Beliefs) -> list[Belief]:
    """Beliefs without any fact (judgement alone, or nothing), the widest interval first: what might matter most."""
    found = [
        belief
        for finding in beliefs.probabilities
        for row in beliefs.knowledge.rows
        if GROUND[(belief := beliefs.of(finding, row)).basis] in ("judgement", "nothing")
    ]
    return sorted(found, key=lambda b: (b.low - b.high, b.finding, b.row))


__all__ = [
    "BASIS",
    "GROUND",
    "GROUNDS",
    "JUDGED",
    "ORDER",
    "Basis",
    "Belief",
    "Beliefs",
    "Ground",
    "bases",
    "believed",
    "is_judged",
    "unsupported",
]
