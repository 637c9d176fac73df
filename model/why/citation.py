"""
The facts behind a number: which of them belong to a finding in a diagnosis, and where they are printed.

Knows: the knowledge base. Must not know: probabilities.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.patient.cases import Case
    from model.patient.evidence import Evidence
    from priors.schema import Fact, KnowledgeBase


@dataclass(frozen=True, slots=True)
class Citation:
    """One fact behind a number: what it says, in which document, and where."""

    fact: str
    diagnosis: str
    statement: str
    document: str
    location: str

    def __str__(self) -> str:
        return f"{self.statement} [{self.document}, {self.location}; {self.fact}]"


def citations(
    knowledge: KnowledgeBase, diagnosis: str, finding: str, states: Collection[str] = ()
) -> tuple[Citation, ...]:
    """
    The facts about a finding in a diagnosis, then those of its table row and of the leaves below it.

    Facts about one of `states` come before all others. Empty if no document says anything: the number is then
    the pooled background.
    """
    family = (diagnosis, knowledge.row(diagnosis), *knowledge.members(diagnosis))
    found = [f for f in knowledge.facts.values() if f.finding == finding and f.diagnosis in family]
    found.sort(key=lambda f: (f.state not in states, family.index(f.diagnosis), f.id))
    return tuple(_citation(knowledge, f) for f in found)


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


def _citation(knowledge: KnowledgeBase, fact: Fact) -> Citation:
    return Citation(
        fact=fact.id,
        diagnosis=fact.diagnosis,
        statement=fact.statement,
        document=knowledge.sources[fact.source].title,
        location=fact.location,
    )


__all__ = ["Citation", "citations", "cited", "identifiers", "value_text"]
