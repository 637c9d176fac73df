"""
Groups of findings that share how far studies lie apart, and how far judgement lies from them.

Knows: orders. Must not know: facts, cells, draws.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from priors.schema import Variable

GROUPS: Final = ("history", "examination", "imaging", "csf", "tests")
"""What is asked, what is seen at the bedside, on MRI, in the CSF, and in all other tests."""

_OF_ORDER: Final = MappingProxyType(
    {
        "history": "history",
        "examination": "examination",
        "brain_mri": "imaging",
        "susceptibility_mri": "imaging",
        "spine_mri": "imaging",
        "spine_mri_7t": "imaging",
        "lumbar_puncture": "csf",
    }
)


def group_of(variable: Variable) -> int:
    """
    Position in `GROUPS` of a finding, by the order that gives it.

    Examples
    --------
    >>> GROUPS[group_of(Variable("fever", "Fever", "binary", "finding", "examination", (), "", ()))]
    'examination'
    """
    return GROUPS.index(_OF_ORDER.get(variable.order, "tests"))
