r"""
What would be believed if only some of a patient's findings were known, for thousands of such subsets at once.

Given a state of the hub, findings that share no unseen cause are independent. They fall into *blocks*, so

.. math:: P(h, e_S) = P(h) \prod_b P(e_{S \cap b} \mid h),

and the engine is asked for the subsets of each block only. The blocks are multiplied up into two halves whose
product is a matrix product over the hub: 12 findings have 4,096 subsets, but two halves of 64.

Knows: networks, evidence, the engine. Must not know: what subsets are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.diagnosis.differential import indexed
from model.inference.engine import infer
from model.network.network import DIAGNOSIS, HUB, Network
from model.record import Record

if TYPE_CHECKING:
    from model.inference.graph import FloatArray
    from model.patient.evidence import BoolArray, Evidence

IntArray = NDArray[np.intp]

MAX_ROWS = 2**16
"""Subsets of blocks, times draws, that the engine is asked for: about half a second."""

MAX_SUBSETS = 2**21
"""Subsets times draws that are multiplied up: 4,096 subsets in 512 draws."""

CHUNK_CELLS = 2**19
"""Cells of an intermediate array (4 MiB), small enough for the cache."""


@dataclass(frozen=True, slots=True, eq=False)
class SubsetBeliefs(Record):
    """
    Answer for every subset of a patient's findings.

    Parameters
    ----------
    mean : ndarray of shape (n_subsets, n_leaves)
        P(leaf | findings of the subset), mean over draws: the headline; sums to 1 over the last axis.
    log10_evidence : ndarray of shape (n_draws, n_subsets)
        log10 P(findings of the subset).
    """

    mean: FloatArray
    log10_evidence: FloatArray

    @property
    def n_draws(self) -> int:
        """Number of draws behind the answer; fewer than the network has if the work was thinned."""
        return len(self.log10_evidence)


@dataclass(frozen=True, slots=True, eq=False)
class _Half(Record):
    """
    P(findings of this half | hub) for the distinct subsets of a half of the findings.

    `values` (n_draws, n_distinct, n_hub) has a largest value of 1 over the hub, `log_scale` (n_draws,
    n_distinct) holds the natural log of what was divided out, `position` (n_subsets,) says which distinct
    subset each subset has in this half.
    """

    values: FloatArray
    log_scale: FloatArray
    position: IntArray


def every_subset(n: int) -> BoolArray:
    """
    Which of n findings each of the 2^n subsets holds; bit i of a row's number stands for finding i.

    Examples
    --------
    >>> every_subset(2).astype(int).tolist()
    [[0, 0], [1, 0], [0, 1], [1, 1]]
    """
    return (np.arange(2**n)[:, None] >> np.arange(n) & 1).astype(bool)


def subset_beliefs(
    network: Network, evidence: Evidence, findings: Sequence[str], kept: BoolArray, *, all_draws: bool = False
) -> SubsetBeliefs:
    """
    Probability of every leaf, and of the findings themselves, for subsets of the first patient's findings.

    Equals ``posterior(network, evidence.with_only(kept, findings))`` in its mean over draws, faster.

    Parameters
    ----------
    network, evidence
        The findings must be possible together.
    findings
        Names that the columns of `kept` stand for.
    kept : ndarray of bool, shape (n_subsets, n_findings)
        Whether a subset holds a finding.
    all_draws
        Approximation: without it, work beyond `MAX_ROWS` or `MAX_SUBSETS` is done on evenly spaced draws.

    Raises
    ------
    ImpossibleEvidenceError
        If a subset has probability 0 in some draw.
    """
    groups = blocks(network, findings)
    patterns = [_distinct(kept[:, columns]) for columns in groups]
    if not all_draws:
        n_rows = sum(len(first) for first, _ in patterns)
        network = thinned(network, max(1, min(MAX_ROWS // max(1, n_rows), MAX_SUBSETS // len(kept))))
    prior = infer(network.plan, {}, n_patients=1).hub
    likelihoods = [
        _block(network, evidence, [findings[c] for c in columns], kept[first][:, columns], prior)
        for columns, (first, _) in zip(groups, patterns, strict=True)
    ]
    sides = _sides([len(columns) for columns in groups])
    one, two = (
        _half([likelihoods[b] for b in side], [patterns[b][1] for b in side], prior, len(kept))
        for side in sides
    )
    one = replace(one, values=one.values * prior)
    multiplied = _grid if one.values.shape[1] * two.values.shape[1] <= len(kept) else _rows
    return multiplied(network, one, two)


def thinned(network: Network, n_draws: int) -> Network:
    """The network with at most `n_draws` of its draws, evenly spaced."""
    if n_draws >= network.n_draws:
        return network
    kept = np.linspace(0, network.n_draws - 1, n_draws).round().astype(int)
    return replace(network, tables={name: t[kept] if len(t) > 1 else t for name, t in network.tables.items()})


def blocks(network: Network, findings: Sequence[str]) -> list[list[int]]:
    """
    Positions of findings that share an unseen cause, block by block.

    Two findings are in one block if they are connected in the moral graph of their ancestors without the
    hub; then, and only then, may they depend on each other given the hub.

    References
    ----------
    Lauritzen SL, Dawid AP, Larsen BN, Leimer HG. Independence properties of directed Markov fields. Networks
    1990;20:491-505. doi:10.1002/net.3230200503
    """
    owner: dict[str, str] = {}

    def root(name: str) -> str:
        while owner.setdefault(name, name) != name:
            name = owner[name]
        return name

    for node in network.ancestors([*findings, *HUB]):
        family = [member for member in (node, *network.parents[node]) if member not in HUB]
        for member in family:
            owner[root(member)] = root(family[0])
    found: dict[str, list[int]] = {}
    for position, name in enumerate(findings):
        found.setdefault(root(name), []).append(position)
    return list(found.values())


def _distinct(kept: BoolArray) -> tuple[IntArray, IntArray]:
    """The first row of each distinct kind, and the kind of every row."""
    _, first, kind = np.unique(np.packbits(kept, axis=1), axis=0, return_index=True, return_inverse=True)
    return first, kind.reshape(-1)


def _sides(sizes: Sequence[int]) -> tuple[list[int], list[int]]:
    """Blocks in two sides with about as many findings, the largest blocks first."""
    sides: tuple[list[int], list[int]] = ([], [])
    for block in sorted(range(len(sizes)), key=lambda b: -sizes[b]):
        min(sides, key=lambda side: sum(sizes[b] for b in side)).append(block)
    return sides


def _block(
    network: Network, evidence: Evidence, names: Sequence[str], kept: BoolArray, prior: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """P(findings of a subset | hub) up to a factor, and the natural log of that factor."""
    beliefs = infer(network.plan, indexed(network, evidence.with_only(kept, names)), n_patients=len(kept))
    ratio = np.divide(beliefs.hub, prior, out=np.zeros_like(beliefs.hub), where=prior > 0)
    return _scaled(ratio, beliefs.log_evidence)


def _scaled(values: FloatArray, log_scale: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Values with a largest of 1 over the hub; what is divided out is added to the log scale."""
    largest = values.max(axis=-1)
    return values / largest[..., None], log_scale + np.log(largest)


def _half(
    likelihoods: Sequence[tuple[FloatArray, FloatArray]],
    kinds: Sequence[IntArray],
    prior: FloatArray,
    n_subsets: int,
) -> _Half:
    """The blocks of one side multiplied up, for the combinations that occur."""
    position, first = np.zeros(n_subsets, dtype=np.intp), np.zeros(1, dtype=np.intp)
    for kind in kinds:
        _, first, position = np.unique(
            position * (kind.max() + 1) + kind, return_index=True, return_inverse=True
        )
    values = np.ones((len(prior), len(first), prior.shape[-1]))
    log_scale = np.zeros(values.shape[:2])
    for (block, scale), kind in zip(likelihoods, kinds, strict=True):
        values *= block[:, kind[first]]
        log_scale += scale[:, kind[first]]
    return _Half(*_scaled(values, log_scale), position)


def _grid(network: Network, one: _Half, two: _Half) -> SubsetBeliefs:
    """Every subset of the one half with every subset of the other, by matrix products over the hub."""
    leaves = network.plan.indicator(network.index(DIAGNOSIS)).astype(bool)
    n_draws, shape = len(one.values), (one.values.shape[1], two.values.shape[1])
    mean, log_total = np.zeros((leaves.shape[1], *shape)), np.empty((n_draws, *shape))
    for draws in _chunks(n_draws, shape[0] * shape[1]):
        a, b = one.values[draws], two.values[draws].transpose(0, 2, 1)
        total = a @ b
        log_total[draws] = np.log(total)
        weight = 1 / total
        for leaf, members in enumerate(leaves.T):
            mean[leaf] += np.einsum("sij,sij->ij", a[:, :, members] @ b[:, members], weight)
    cell = one.position * shape[1] + two.position
    log_total = np.take(log_total.reshape(n_draws, -1), cell, axis=1)
    return _answer(np.take(mean.reshape(len(mean), -1), cell, axis=1).T / n_draws, log_total, one, two)


def _rows(network: Network, one: _Half, two: _Half) -> SubsetBeliefs:
    """Each subset for itself: cheaper where few of the combinations of the halves occur."""
    leaves = network.plan.indicator(network.index(DIAGNOSIS))
    n_draws, n_hub, n_subsets = len(one.values), len(leaves), len(one.position)
    mean, log_total = np.zeros((n_subsets, n_hub)), np.empty((n_draws, n_subsets))
    for draws in _chunks(n_draws, n_subsets * n_hub):
        joint = one.values[draws][:, one.position] * two.values[draws][:, two.position]
        total = joint.sum(axis=-1)
        log_total[draws] = np.log(total)
        mean += np.einsum("smh,sm->mh", joint, 1 / total)
    return _answer(mean @ leaves / n_draws, log_total, one, two)


def _answer(mean: FloatArray, log_total: FloatArray, one: _Half, two: _Half) -> SubsetBeliefs:
    # `take` goes through memory row by row, several times faster than indexing the second axis.
    for half in (one, two):
        log_total += np.take(half.log_scale, half.position, axis=1)
    log_total /= np.log(10)
    return SubsetBeliefs(mean, log_total)


def _chunks(n_draws: int, n_cells: int) -> list[slice]:
    """Draws in pieces whose arrays stay in the cache."""
    size = max(1, CHUNK_CELLS // n_cells)
    return [slice(start, start + size) for start in range(0, n_draws, size)]


__all__ = ["SubsetBeliefs", "blocks", "every_subset", "subset_beliefs", "thinned"]
