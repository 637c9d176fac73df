"""
What if some numbers were others: the methods of a network that answer with a changed network.

Knows: how they are called. Must not know: how a table is changed (`model.network.change`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self, cast

from numpy.typing import NDArray

from model.network import change
from model.network.change import Value
from model.network.tabled import Tabled
from model.record import Record


class WhatIf(Record):
    """Base of `model.network.network.Network`."""

    __slots__ = ()

    def with_probabilities(self, changes: Mapping[str, Value | Mapping[str, Value]]) -> Self:
        """
        What if: the network with some probabilities changed in every draw, each by name.

        A number such as P(miliary | lymphoma) is the average of several rows of a table, for a finding also depends on
        protocol, course or mechanism: all of them move by the same factor of their odds. States that are not named keep
        their proportions, in each row.

        Parameters
        ----------
        changes : mapping
            ``{"finding=state | diagnosis=leaf": value}``, as results print it, or
            ``{"finding | diagnosis=leaf": {state: value}}``. A parent that is not named stands for all its states, a
            table row for each of its leaves, ``a|b`` for two states together. A value is a probability, a pair of its 5 %
            and 95 % limits (drawn logit-normal, reproducibly), or one probability for each draw.

        Returns
        -------
        Network
            Every answer of it has intervals, as before; `provenance` tells of the changes.

        Raises
        ------
        UnknownNameError
            If there is no such node, parent or state.
        EvidenceError
            If a value is no probability between 0 and 1, or the values of one place do not fit together.

        Examples
        --------
        >>> from model import encode, load_network, posterior
        >>> network = load_network()
        >>> other = network.with_probabilities({"serum_aqp4_igg=positive | diagnosis=nmosd": 0.5})
        >>> other.provenance()["changed"]
        ['serum_aqp4_igg=positive | diagnosis=nmosd: 0.5']
        """
        return cast("Self", change.with_probabilities(cast("Tabled", self), changes))

    def with_prior(self, probabilities: Mapping[str, Value]) -> Self:
        """
        What if: the network with other pre-test probabilities of some diagnoses, in every draw.

        Parameters
        ----------
        probabilities : mapping of leaf or table row to value
            P(diagnosis) before any finding, over regions and ancestries, which keep their odds ratios; values as in
            `with_probabilities`. Diagnoses that are not named, and the leaves of a row, keep their proportions.

        Raises
        ------
        UnknownNameError
            If there is no such diagnosis.
        EvidenceError
            As `with_probabilities`.

        Examples
        --------
        >>> from model import load_network
        >>> load_network().with_prior({"susac_syndrome": (0.01, 0.1)}).provenance()["changed"]
        ['diagnosis=susac_syndrome: 0.01 to 0.1']
        """
        return cast("Self", change.with_prior(cast("Tabled", self), probabilities))

    def with_draws(
        self,
        samples: Mapping[str, Sequence[float] | NDArray[Any] | Mapping[str, Sequence[float] | NDArray[Any]]],
        *,
        others: Literal["draws", "mean"] = "draws",
    ) -> Self:
        """
        The network with samples of one's own for some numbers, such as those of SALib or PreliZ.

        Parameters
        ----------
        samples : mapping
            Addresses as in `with_probabilities`; values are lists or arrays of shape (n,), all of one length, which
            becomes the number of draws.
        others : {"draws", "mean"}
            Whether all other numbers keep their draws, taken in turn, or their mean.

        Raises
        ------
        UnknownNameError, EvidenceError
            As `with_probabilities`, and if the samples differ in length.

        Examples
        --------
        >>> from model import load_network
        >>> samples = {"pvs_pattern=present | diagnosis=nmosd": [0.01, 0.05, 0.2]}
        >>> load_network().with_draws(samples, others="mean").n_draws
        3
        """
        return cast("Self", change.with_draws(cast("Tabled", self), samples, others))


__all__ = ["WhatIf"]
