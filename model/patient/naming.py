"""
What can be named of a patient: every way of naming a finding, a state or a diagnosis, and what is said of other names.

Knows: identifiers, labels and synonyms. Must not know: patients, probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping

from model.errors import EvidenceError, UnknownNameError, unknown_name
from priors.schema import KnowledgeBase, Variable


def observable(knowledge: KnowledgeBase) -> Mapping[str, Variable]:
    """Variables that can be known of a patient: all but the mechanisms, which are only ever inferred."""
    return knowledge.of_role("finding", "context", "protocol", "ms_axis")


def no_finding(where: str, name: str, knowledge: KnowledgeBase) -> EvidenceError:
    """The error for a name that is none of `observable`."""
    if name == "diagnosis" or name in knowledge.diagnoses:
        return EvidenceError(
            f"{where}: a diagnosis is what is asked for, no finding; weigh it with the prior instead"
        )
    if name in knowledge.variables:
        return EvidenceError(
            f"{where}: a mechanism is what findings share, and is never seen; give the findings instead"
        )
    return UnknownNameError(unknown_name(where, "finding", name, finding_aliases(knowledge)))


def finding_aliases(knowledge: KnowledgeBase) -> dict[str, str]:
    """Identifier, label and synonyms of everything `observable` -> identifier; an identifier means itself."""
    known = observable(knowledge)
    aliases = {name: name for name in known}
    for name, variable in known.items():
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


__all__ = ["diagnosis_aliases", "finding_aliases", "no_finding", "observable", "state_aliases"]
