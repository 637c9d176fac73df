"""
What a case says of how it turned out, beside its findings: whether the tables know the names.

Knows: diagnoses, courses, variants. Must not know: scores, probabilities.
"""

from __future__ import annotations

from model.errors import plain, unknown_name
from model.patient.cases import Case
from model.patient.naming import diagnosis_aliases
from model.patient.no_finding import unknown_finding
from priors.schema import KnowledgeBase


def unknown_in_truth(case: Case, knowledge: KnowledgeBase) -> list[str]:
    """
    A line for every name of a diagnosis, course, variant or confirmatory finding that does not exist.

    Examples
    --------
    >>> from priors import load_knowledge_base
    >>> unknown_in_truth(Case("A", truth="nmosdd"), load_knowledge_base())
    ['case A, truth: unknown diagnosis nmosdd; did you mean nmosd?']
    """
    where = f"case {plain(case.id)}"
    problems = []
    if case.truth is not None and case.truth not in knowledge.diagnoses:
        problems.append(
            unknown_name(f"{where}, truth", "diagnosis", case.truth, diagnosis_aliases(knowledge))
        )
    for axis, state in (("ms_course", case.ms_course), ("ms_variant", case.ms_variant)):
        states = knowledge.variables[axis].state_ids
        if state is not None and state not in states:
            problems.append(unknown_name(f"{where}, {axis}", "state", state, states))
    return problems + [
        unknown_finding(f"{where}, confirmatory", name, knowledge)
        for name in case.confirmatory
        if name not in knowledge.variables
    ]


__all__ = ["unknown_in_truth"]
