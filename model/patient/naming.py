"""
What can be named of a patient, and every way of naming a state or a diagnosis.

Knows: identifiers, labels and synonyms. Must not know: patients, probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping

from priors.schema import KnowledgeBase, Variable


def observable(knowledge: KnowledgeBase) -> Mapping[str, Variable]:
    """Variables that can be known of a patient: all but the mechanisms, which are only ever inferred."""
    return knowledge.of_role("finding", "context", "protocol", "ms_axis")


def state_aliases(variable: Variable) -> dict[str, str]:
    """Identifier and label of every state -> identifier."""
    return {state.label: state.id for state in variable.states} | {name: name for name in variable.state_ids}


def diagnosis_aliases(knowledge: KnowledgeBase) -> dict[str, str]:
    """Identifier and label of every diagnosis -> identifier."""
    labels = {diagnosis.label: name for name, diagnosis in knowledge.diagnoses.items()}
    return labels | {name: name for name in knowledge.diagnoses}


__all__ = ["diagnosis_aliases", "observable", "state_aliases"]
