"""
Whether an identifier of a large table was there before, in 8 bytes for each.

Knows: texts. Must not know: files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

fingerprint: Final = hash
"""Number of 64 bits that stands for a text; two texts may share one, which is seldom."""


class Fingerprints:
    """
    Fingerprints of all identifiers so far, sorted, in runs of which each is at least twice as long as the next.

    So few runs are searched, and each number is moved about only as often as their lengths double.

    Examples
    --------
    >>> met = Fingerprints()
    >>> met.met(["A", "B"]), met.met(["C", "A", "B"])
    ([], [1, 2])
    """

    def __init__(self) -> None:
        self._runs: list[NDArray[np.int64]] = []

    def met(self, ids: Sequence[str]) -> list[int]:
        """
        Places of the identifiers that may have been there in an earlier call, rising; all are remembered.

        A place that is not named was certainly not there; one that is named should be looked up.
        """
        found = np.fromiter(map(fingerprint, ids), dtype=np.int64, count=len(ids))
        is_met = np.zeros(len(ids), dtype=bool)
        for run in self._runs:
            is_met |= run[np.minimum(np.searchsorted(run, found), len(run) - 1)] == found
        self._add(np.sort(found))
        return np.flatnonzero(is_met).tolist()

    def _add(self, run: NDArray[np.int64]) -> None:
        while self._runs and len(self._runs[-1]) < 2 * len(run):
            run = np.concatenate([self._runs.pop(), run])
            run.sort(kind="stable")  # which merges what is sorted already
        if len(run):
            self._runs.append(run)


__all__ = ["Fingerprints"]
