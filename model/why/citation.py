"""
The facts behind a number: which of them belong to a finding in a diagnosis, and where they are printed.

Knows: the knowledge base. Must not know: probabilities.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.network.beliefs import AGE, JUDGED
from model.text import ENGLISH, localised, percent

if TYPE_CHECKING:
    from model.patient.cases import Case
    from model.patient.evidence import Evidence
    from priors.schema import Fact, KnowledgeBase


@dataclass(frozen=True, slots=True)
class Citation:
    """
    One fact behind a number: what it says, in which document or publication, and where.

    Where only judgement says it, `fact` is `model.network.beliefs.JUDGED`. `address` is where the source can be read.
    """

    fact: str
    diagnosis: str
    statement: str
    document: str
    location: str
    address: str = ""

    def __str__(self) -> str:
        return f"{self.statement} [{self.document}, {self.location}; {self.fact}]"

    def stated(self, words: Mapping[str, str] = ENGLISH) -> str:
        """
        What it says; the figures of judgement, which are ours, as the language of the words writes them.

        Examples
        --------
        >>> Citation(JUDGED, "clippers", "CLIPPERS: Present 5.0 % (2.0 % – 12 %)", "", "").stated({"decimal": ","})
        'CLIPPERS: Present 5,0 % (2,0 % – 12 %)'
        """
        if self.fact != JUDGED:
            return self.statement
        return re.sub(r"\d+\.\d+", lambda number: localised(number[0], words), self.statement)


def citations(
    knowledge: KnowledgeBase, diagnosis: str, finding: str, states: Collection[str] = ()
) -> tuple[Citation, ...]:
    """
    The facts about a finding in a diagnosis, then those of its table row and of the leaves below it.

    Facts about one of `states` come before all others. Where no fact says anything, what judgement says; empty if there
    is none either: the number is then the pooled background.
    """
    family = (diagnosis, knowledge.row(diagnosis), *knowledge.members(diagnosis))
    found = [f for f in knowledge.facts.values() if f.finding == finding and f.diagnosis in family]
    found.sort(key=lambda f: (f.state not in states, family.index(f.diagnosis), f.id))
    return tuple(_citation(knowledge, f) for f in found) or tuple(
        _judged(knowledge, diagnosis, finding, states)
    )


def cited(knowledge: KnowledgeBase, evidence: Evidence, diagnosis: str, finding: str) -> tuple[Citation, ...]:
    """`citations` of a finding of the first patient; what it leaves possible comes first."""
    weights = evidence.likelihoods[finding][0]
    states = knowledge.variables[finding].state_ids
    possible = [state for state, weight in zip(states, weights, strict=True) if weight > 0]
    return citations(knowledge, diagnosis, finding, possible)


def identifiers(facts: Iterable[Citation]) -> str:
    """Facts in one cell of a table: their identifiers, joined by ``|``."""
    return "|".join(fact.fact for fact in facts)


def value_text(case: Case, finding: str) -> str:
    """What a case says about a finding, as text."""
    value = case.findings[finding]
    if isinstance(value, Mapping):
        return ", ".join(f"{state} {weight}" for state, weight in value.items())
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, (list, tuple, set, frozenset)):
        return " or ".join(str(state) for state in value)
    return str(value).replace("|", " or ")


def _judged(
    knowledge: KnowledgeBase, diagnosis: str, finding: str, states: Collection[str]
) -> Iterator[Citation]:
    """What judgement says of a finding in each leaf of a diagnosis: of some states, or of all that are not normal."""
    for leaf in knowledge.members(diagnosis):
        parts = [
            f"{age.mean:g} ± {age.sd:g}" for age in knowledge.judged_ages.get(leaf, ()) if finding == AGE
        ]
        variable = knowledge.variables.get(finding)
        of_leaf = (
            [s for s in variable.states if (finding, s.id, leaf) in knowledge.judged] if variable else []
        )
        for state in [s for s in of_leaf if s.id in states] or [s for s in of_leaf if not s.is_reference]:
            judged = knowledge.judged[finding, state.id, leaf]
            span = f"{percent(judged.low)} – {percent(judged.high)}"
            parts.append(f"{state.label} {percent(judged.median)} ({span})")
        if parts:
            said = f"{knowledge.diagnoses[leaf].label}: {'; '.join(parts)}"
            yield Citation(JUDGED, leaf, said, "Judgement of a language model", "judgement/cells.csv")


def _citation(knowledge: KnowledgeBase, fact: Fact) -> Citation:
    return Citation(
        fact=fact.id,
        diagnosis=fact.diagnosis,
        statement=fact.statement,
        document=knowledge.source(fact.source).title,
        location=fact.location,
        address=knowledge.source(fact.source).address,
    )


__all__ = ["Citation", "citations", "cited", "identifiers", "value_text"]
