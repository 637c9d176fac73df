"""
The populations that the cells of the network are drawn from, as arrays.

Two populations carry most of the model: *characteristic* cells (a document says that the finding occurs) and
*background* cells (silence, or a denial). Specific tests, profiles (sex, localisation ...) and the broad background of
`other` have their own. Each population has a level; each finding an offset from it, shared by the populations: what is
common elsewhere is less surprising here; each cell has its own deviation.

In the layer ``full`` a judged cell has a prior of its own: the judged frequency on the log-odds scale, as wide as the
judged range times a factor that is learnt for each group of findings from the cells that cohorts speak of as well.
A table row that is split is then the weighted mean of its judged leaves.

Knows: cells and scales. Must not know: pymc, draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.elicitation.cells import (
    BROAD,
    DENIED,
    JUDGED,
    MENTIONED,
    PROFILE,
    SELECTIVE,
    SILENT,
    SPECIFIC,
    Block,
    BoolArray,
    Cells,
    IntArray,
)
from model.elicitation.grouping import group_of
from model.elicitation.reading import Z95, Reading, logit

FloatArray = NDArray[np.float64]

LEVELS: Final = ("silence", "silence_selective", "commonness", "mentioned", "other", "denial")
"""Pooled levels: silence, silence where listing is selective, its rise with commonness, mention, `other`, denial."""

MENTIONED_LEVEL: Final = (logit(0.32), 0.4)
COMMONNESS_LEVEL: Final = (3.0, 0.6)
"""A7: log-odds by which the background rises if every disease lists a finding, against none."""

LEVEL_SD: Final = 0.3
OFFSET_SD: Final = {SILENT: 0.5, SPECIFIC: 0.3, MENTIONED: 0.5, PROFILE: 1.0, BROAD: 0.5, DENIED: 0.3}
CELL_SD: Final = {SILENT: 0.8, SPECIFIC: 0.5, MENTIONED: 1.4, PROFILE: 0.9, BROAD: 1.0, DENIED: 0.8}
"""A17: spread of findings around their population, and of cells around their finding, in log-odds."""

AXIS_SD: Final = 2.5
"""A17a: spread of the states of an MS axis, which has no other disease to be pooled with: vague, the facts decide."""

OFFSET_SCALE: Final = (0.0, 0.35)
"""A17: prior of the log of the factor by which findings spread further than `OFFSET_SD`; learnt."""

JUDGED_SCALE: Final = (0.0, 0.5)
"""A28: prior of the log of the factor on the width of judgement, in each group of findings; learnt."""

LEAF_SD: Final = 0.5
LEAF_SD_OWN_FACTS: Final = 1.0
"""A18: distance, in log-odds, of a leaf from its table row; wider where the documents speak of the leaf itself."""


@dataclass(frozen=True, slots=True)
class PopulationPrior:
    """
    Where every cell stands before the facts; `log_weights` puts it together.

    All arrays have one entry a cell, except `level_mean` and `level_sd` (one a level); `members` and `member_weight` have
    a second axis over the leaves of a split row.
    """

    level_mean: FloatArray
    level_sd: FloatArray
    constant: FloatArray
    on_level: FloatArray
    offset_sd: FloatArray
    offset_index: IntArray
    n_offsets: int
    cell_sd: FloatArray
    parent_index: IntArray
    is_leaf: BoolArray
    is_judged: BoolArray
    group: IntArray
    base_sd: FloatArray
    base_index: IntArray
    n_bases: int
    is_mean: BoolArray
    members: IntArray
    member_weight: FloatArray


def log_weights(prior: PopulationPrior, values: Mapping[str, Any], where: Callable[..., Any]) -> Any:
    """
    Log weights of all cells from what varies around their prior; the same sum for NumPy and for PyTensor.

    Parameters
    ----------
    prior : PopulationPrior
    values : mapping
        ``level``, ``offset``, ``offset_scale``, ``z``, ``base``, ``judged_scale``: arrays or tensors of shape
        (..., their length); scales are natural logs of factors.
    where : callable
        `numpy.where` or `pytensor.tensor.where`.

    Returns
    -------
    array or tensor of shape (..., size)
    """
    group = prior.group
    offset = prior.offset_sd * _factor(values["offset_scale"]) * values["offset"][..., prior.offset_index]
    factor = where(prior.is_judged, _factor(values["judged_scale"])[..., group], 1.0)
    deviation = prior.cell_sd * factor * values["z"]
    centre = prior.constant + values["level"] @ prior.on_level.T + offset
    own = centre + deviation - prior.base_sd * factor * values["base"][..., prior.base_index]
    pooled = own[..., prior.parent_index] + deviation
    mean = (own[..., prior.members] * prior.member_weight).sum(axis=-1) + deviation
    return where(prior.is_leaf, pooled, where(prior.is_mean, mean, own))


def _factor(log_factor: Any) -> Any:
    return 2.718281828459045**log_factor  # a power, for NumPy and PyTensor spell `exp` differently


def population_prior(cells: Cells, scales: Mapping[tuple[str, str], Reading]) -> PopulationPrior:
    """
    Prior of every cell.

    Parameters
    ----------
    cells : Cells
    scales : mapping of (scale, term) to Reading
        Needs the terms of the scales ``background`` and ``specific``.
    """
    draft = _Draft(cells.size)
    for block in cells.blocks.values():
        for s, state in enumerate(block.states):
            i = block.position(s)
            if i is None:
                continue
            draft.group[i] = group_of(cells.knowledge.variables[block.finding])
            kind = cells.prior_kind(block, state)
            if kind == JUDGED:
                _put_judged(draft, cells, block, s, i)
            else:
                _put_pooled(draft, cells, scales, block, s, i, kind)
    terms = ("silence", "silence_selective", "other", "denial")
    silence, selectively, other, denial = (scales["background", term].mean for term in terms)
    return PopulationPrior(
        level_mean=np.array([silence, selectively, COMMONNESS_LEVEL[0], MENTIONED_LEVEL[0], other, denial]),
        level_sd=np.array([LEVEL_SD, LEVEL_SD, COMMONNESS_LEVEL[1], MENTIONED_LEVEL[1], LEVEL_SD, LEVEL_SD]),
        constant=draft.constant,
        on_level=draft.on_level,
        offset_sd=draft.offset_sd,
        offset_index=draft.offset_index,
        n_offsets=max(len(draft.offsets), 1),
        cell_sd=draft.cell_sd,
        parent_index=draft.parent_index,
        is_leaf=draft.is_leaf,
        is_judged=draft.is_judged,
        group=draft.group,
        base_sd=draft.base_sd,
        base_index=draft.base_index,
        n_bases=max(len(draft.bases), 1),
        **_means(cells, draft.is_judged, draft.cell_sd),
    )


class _Draft:
    """The arrays of a `PopulationPrior` while they are filled, and the numbers given to offsets and bases so far."""

    def __init__(self, size: int) -> None:
        self.constant, self.offset_sd, self.base_sd = np.zeros(size), np.zeros(size), np.zeros(size)
        self.cell_sd = np.ones(size)
        self.on_level = np.zeros((size, len(LEVELS)))
        self.offset_index, self.base_index, self.group = (np.zeros(size, dtype=np.intp) for _ in range(3))
        self.parent_index = np.arange(size, dtype=np.intp)
        self.is_leaf, self.is_judged = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
        self.offsets: dict[tuple[str, str, int], int] = {}
        self.bases: dict[tuple[str, str], int] = {}


def _put_judged(draft: _Draft, cells: Cells, block: Block, s: int, i: int) -> None:
    draft.is_judged[i] = True
    draft.constant[i], draft.cell_sd[i], draft.base_sd[i] = _judged(cells, block, s)
    if draft.base_sd[i]:
        draft.base_index[i] = draft.bases.setdefault((block.finding, block.entity), len(draft.bases))


def _put_pooled(
    draft: _Draft,
    cells: Cells,
    scales: Mapping[tuple[str, str], Reading],
    block: Block,
    s: int,
    i: int,
    kind: int,
) -> None:
    """A cell of one of the populations; a leaf that borrows from its row stands around that."""
    state, variable = block.states[s], cells.knowledge.variables[block.finding]
    shared = MENTIONED if kind in (SILENT, BROAD) else kind
    draft.offset_index[i] = draft.offsets.setdefault((block.finding, state, shared), len(draft.offsets))
    is_axis = variable.role == "ms_axis"
    draft.offset_sd[i], draft.cell_sd[i] = (0.0, AXIS_SD) if is_axis else (OFFSET_SD[kind], CELL_SD[kind])
    share = cells.share_mentioned.get(block.finding, 0.0)
    draft.on_level[i] = _levels(kind, share, variable.order in SELECTIVE)
    if kind in (SILENT, BROAD, DENIED):
        draft.constant[i] = -np.log(len(block.states) - 1)
    if kind == SPECIFIC:
        draft.constant[i] = min(
            scales["specific", term].mean for term in cells.specific[block.finding, state]
        )
    if cells.is_pooled(block.finding, block.entity, state):
        draft.is_leaf[i] = True
        above = cells.blocks[block.finding, cells.parent(block.entity)].position(s)
        draft.parent_index[i] = i if above is None else above
        own = (block.finding, block.entity, state) in cells.facts
        draft.cell_sd[i] = LEAF_SD_OWN_FACTS if own else LEAF_SD


def _judged(cells: Cells, block: Block, state: int) -> tuple[float, float, float]:
    """Centre and width of the log weight of a judged state, and the width that it shares with its siblings."""
    found = [cells.judged(block, name) for name in block.states]
    own = found[state]
    base = found[block.base]
    shares = [judged.median for s, judged in enumerate(found) if judged is not None and s != block.base]
    at_base = base.median if base is not None else max(1 - sum(shares), LEAST)
    if own is None:
        raise ValueError(f"{block.finding} {block.states[state]} in {block.entity}: not judged")
    width = _width(own.low, own.high)
    spread = np.mean([_width(judged.low, judged.high) for judged in found if judged is not None])
    several = len(block.states) > 2
    return float(np.log(own.median) - np.log(at_base)), width, float(spread) if several else 0.0


def _width(low: float, high: float) -> float:
    return (logit(high) - logit(low)) / (2 * Z95)


LEAST: Final = 0.002
"""Share that judgement leaves to a base state at least, where the other states make up the whole."""


def _means(cells: Cells, is_judged: BoolArray, cell_sd: FloatArray) -> dict[str, Any]:
    """Split rows whose leaves are all judged: which cells are their members, with the weight of each leaf."""
    knowledge = cells.knowledge
    widest = max(len(knowledge.members(row)) for row in knowledge.rows)
    is_mean = np.zeros(cells.size, dtype=bool)
    members = np.zeros((cells.size, widest), dtype=np.intp)
    weight = np.zeros((cells.size, widest))
    medians = {w.diagnosis: w.median for w in reversed(knowledge.prior_weights) if w.setting == WEIGHTS_OF}
    for block in cells.blocks.values():
        leaves = knowledge.members(block.entity)
        if len(leaves) < 2:
            continue
        share = np.array([medians.get(leaf, 1.0) for leaf in leaves])
        for s in range(len(block.states)):
            i = block.position(s)
            found = [cells.blocks[block.finding, leaf].position(s) for leaf in leaves]
            below = [position for position in found if position is not None]
            if i is None or len(below) < len(leaves) or not is_judged[below].all():
                continue
            is_mean[i], cell_sd[i] = True, LEAF_SD
            members[i, : len(leaves)], weight[i, : len(leaves)] = below, share / share.sum()
    return {"is_mean": is_mean, "members": members, "member_weight": weight}


WEIGHTS_OF: Final = "documents"
"""Prior setting by which the leaves of a split row are averaged."""


def _levels(kind: int, share: float, selective: bool) -> FloatArray:
    """Which levels a cell is the sum of, in the order of `LEVELS`."""
    row = {
        SILENT: (not selective, selective, share, 0, 0, 0),
        MENTIONED: (0, 0, 0, 1, 0, 0),
        BROAD: (0, 0, share, 0, 1, 0),
        DENIED: (0, 0, 0, 0, 0, 1),
    }
    return np.array(row.get(kind, (0,) * len(LEVELS)), dtype=float)
