"""
"The rest is normal": what that says of the findings of an examination that are still open.

Knows: reference states and exclusions of the tables. Must not know: probabilities, screens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from model.patient.cases import FindingValue
from model.patient.evidence import contradictions
from model.patient.weights import weights
from priors.schema import KnowledgeBase


@dataclass(frozen=True, slots=True)
class NormalRest:
    """
    What "the rest is normal" says.

    Parameters
    ----------
    answers
        Finding -> its reference state.
    clashing
        Findings whose reference state contradicts what is known, or what an earlier one of `answers` says: they stay open.
    without
        Findings that have no reference state (how many lesions, where): they stay open, too.
    """

    answers: Mapping[str, str]
    clashing: tuple[str, ...]
    without: tuple[str, ...]


def normal_rest(
    knowledge: KnowledgeBase, known: Mapping[str, FindingValue], findings: Iterable[str]
) -> NormalRest:
    """
    The reference state of each finding that is not known yet, unless an exclusion forbids it.

    Parameters
    ----------
    knowledge
        The tables.
    known
        Findings of the patient; a value of None counts as not known.
    findings
        Those of one examination; an earlier one is preferred where two of them exclude each other.

    Raises
    ------
    EvidenceError
        If a known value is none of its finding.

    Examples
    --------
    >>> from priors import load_knowledge_base
    >>> rest = normal_rest(
    ...     load_knowledge_base(),
    ...     {"cord_lesion_length": "short"},
    ...     ["cord_lesion_length", "spinal_cord_involvement", "cord_lesion_location", "conus_lesion"],
    ... )
    >>> rest.answers, rest.clashing, rest.without
    ({'conus_lesion': 'absent'}, ('spinal_cord_involvement',), ('cord_lesion_location',))
    """
    row = {
        name: weights(value, knowledge.variables[name], f"finding {name}")
        for name, value in known.items()
        if value is not None
    }
    answers: dict[str, str] = {}
    clashing: list[str] = []
    without: list[str] = []
    for name in findings:
        if name in row:
            continue
        variable = knowledge.variables[name]
        state = next((state.id for state in variable.states if state.is_reference), "")
        if not state:
            without.append(name)
            continue
        tried = {**row, name: weights(state, variable, f"finding {name}")}
        if contradictions("", tried, knowledge):
            clashing.append(name)
        else:
            row, answers[name] = tried, state
    return NormalRest(answers, tuple(clashing), tuple(without))


__all__ = ["NormalRest", "normal_rest"]
