"""
What the engine asks of a group of variables, however the group is laid out.

Knows: nothing but the questions. Must not know: how they are answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from model.inference.graph import FloatArray

Rows = Mapping[int, FloatArray]
"""Likelihood vectors of the observed variables of a group, each of shape (n_patients, card)."""


class Part(Protocol):
    """A group of variables that is independent of all others once the context (the hub, or more) is known."""

    @property
    def variables(self) -> tuple[int, ...]:
        """Variables of the group."""

    @property
    def context(self) -> tuple[int, ...]:
        """Variables of the context that the group sees; below, n_context is the number of their joint states."""

    @property
    def where(self) -> NDArray[np.intp]:
        """For each state of the whole context, its number among those that the group sees."""

    @property
    def feeds(self) -> bool:
        """Whether a variable of the context has a parent in here: then the group speaks without evidence."""

    @property
    def silent(self) -> FloatArray:
        """`log_message` without evidence: shape (n_draws or 1, 1, n_context or 1)."""

    def log_bound(self, rows: Rows) -> float:
        """Natural log of what no positive product of these rows falls below; -inf if that is not known."""

    def bundles(self, rows: Rows) -> Sequence[tuple[Rows, float]]:
        """
        Evidence in bundles whose messages multiply to that of all, each with its `log_bound`.

        Bundles are far from underflow where that can be had.
        """

    def products(self, rows: Rows) -> FloatArray | None:
        """
        What adds up to the message of one patient, shape (n, n_draws or 1, n_context).

        None if they are not offered for such rows; wrong where `log_bound` is below `SAFE_LOG`.
        """

    def message_of_kinds(self, rows: Rows) -> tuple[FloatArray, NDArray[np.intp] | None]:
        """
        `log_message` of each kind of patient, and the kind of each patient; None if each is a kind of its own.

        Patients are of one kind if nothing in this group tells them apart.
        """

    def log_message(self, rows: Rows) -> FloatArray:
        """
        Natural log of P(evidence in this group | context), times what the group says of the context by itself.

        Shape (n_draws or 1, n_patients or 1, n_context or 1); less than half of `BARRED` for log 0.
        """

    def conditional(self, rows: Rows, variable: int) -> FloatArray:
        """
        P(state of a variable | context, evidence in this group); 0 where the context is impossible.

        Shape (n_draws or 1, n_patients or 1, n_context or 1, card).
        """
