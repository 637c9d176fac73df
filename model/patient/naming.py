"""
Every way of naming a finding, a state or a diagnosis -> its identifier, for suggestions after a misspelling.

Knows: identifiers, labels and synonyms. Must not know: patients, probabilities.
"""

from __future__ import annotations

from priors.schema import KnowledgeBase, Variable


def finding_aliases(knowledge: KnowledgeBase) -> dict[str, str]:
    """Identifier, label and synonyms of every variable -> identifier; an identifier means itself."""
    aliases = {name: name for name in knowledge.variables}
    for name, variable in knowledge.variables.items():
        for alias in (variable.label, *variable.synonyms):
            aliases.setdefault(alias, name)
    return aliases


def state_aliases(variable: Variable) -> dict[str, str]:
    """Identifier and label of every state -> identifier."""
    return {state.label: state.id for state in variable.states} | {name: name for name in variable.state_ids}


def diagnosis_aliases(knowledge: KnowledgeBase) -> dict[str, str]:
    """Identifier and label of every diagnosis -> identifier."""
    labels = {diagnosis.label: name for name, diagnosis in knowledge.diagnoses.items()}
    return labels | {name: name for name in knowledge.diagnoses}


__all__ = ["diagnosis_aliases", "finding_aliases", "state_aliases"]
