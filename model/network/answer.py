"""
What all answers share: they know what is unusual about the network that gave them, and say so whenever they are told.

Knows: where a network came from. Must not know: any question.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from model.network.origin import Origin
from model.record import Record


@dataclass(frozen=True, eq=False, repr=False)
class Answer(Record):
    """
    Base of a record that a question gives.

    Attributes
    ----------
    origin : Origin
        What is not usual about the network: changed numbers, weights, draws that have not converged.

    Examples
    --------
    >>> @dataclass(frozen=True, eq=False)
    ... class Share(Answer):
    ...     p: float
    ...     def summary(self) -> str:
    ...         return f"{self.p:.0%}"
    >>> print(Share(0.07, origin=Origin(mechanisms=False)))
    7%
    Without mechanisms: findings are independent given the diagnosis.
    """

    origin: Origin = field(default_factory=Origin, kw_only=True)

    def notes(self) -> list[str]:
        """What is unusual about the network, a line each; empty for the usual one."""
        return self.origin.notes()


__all__ = ["Answer"]
