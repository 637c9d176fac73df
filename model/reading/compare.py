"""
What a suggestion contradicts among the findings that are known already.

Knows: states and exclusions of the tables. Must not know: texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from priors.schema import KnowledgeBase

Value = str | float | Sequence[str]


def clashes(
    finding: str, value: Value, known: Mapping[str, Value], knowledge: KnowledgeBase
) -> tuple[str, ...]:
    """
    Known findings that cannot be true together with a value of one: the finding itself, or what the tables exclude.

    Examples
    --------
    >>> from priors import load_knowledge_base
    >>> knowledge = load_knowledge_base()
    >>> clashes("fever", "present", {"fever": "absent", "cough": "present"}, knowledge)
    ('fever',)
    >>> clashes("facial_palsy", "unilateral", {"facial_palsy": ["unilateral", "bilateral"]}, knowledge)
    ()
    """
    found = []
    if finding in known and not _agree(value, known[finding]):
        found.append(finding)
    states = _states(value)
    for rule in knowledge.exclusions:
        for one, state, other, other_state in (
            (rule.finding, rule.state, rule.other, rule.other_state),
            (rule.other, rule.other_state, rule.finding, rule.state),
        ):
            if (
                one == finding
                and other in known
                and states == {state}
                and _states(known[other]) == {other_state}
            ):
                found.append(other)
    return tuple(dict.fromkeys(found))


def _agree(one: Value, other: Value) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        return one == other or not (isinstance(one, float) and isinstance(other, float))
    return bool(_states(one) & _states(other))


def _states(value: Value) -> set[str]:
    if isinstance(value, float):
        return set()
    return {value} if isinstance(value, str) else set(value)


__all__ = ["clashes"]
