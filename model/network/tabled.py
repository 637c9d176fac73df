"""
What of a network a change of its tables needs, as a type: the module that changes tables cannot know the network itself.

Knows: names of attributes. Must not know: anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.inference.engine import Plan
from priors.schema import KnowledgeBase


class Tabled(Protocol):
    """See `model.network.network.Network`."""

    @property
    def states(self) -> Mapping[str, tuple[str, ...]]:
        """As there."""
        ...

    @property
    def parents(self) -> Mapping[str, tuple[str, ...]]:
        """As there."""
        ...

    @property
    def tables(self) -> Mapping[str, NDArray[np.float64]]:
        """As there."""
        ...

    @property
    def knowledge(self) -> KnowledgeBase:
        """As there."""
        ...

    @property
    def n_draws(self) -> int:
        """As there."""
        ...

    @property
    def plan(self) -> Plan:
        """As there."""
        ...

    def index(self, name: str) -> int:
        """As there."""
        ...

    def at_mean(self) -> Self:
        """As there."""
        ...

    def repeated(self, n_draws: int) -> Self:
        """As there."""
        ...

    def with_tables(
        self,
        tables: Mapping[str, NDArray[np.float64]],
        setting: str | None = None,
        *,
        changed: Iterable[str] | None = None,
        weights: Mapping[str, Any] | None = None,
    ) -> Self:
        """As there."""
        ...


TabledType = TypeVar("TabledType", bound=Tabled)

__all__ = ["Tabled", "TabledType"]
