"""
The populations that the cells of the network are drawn from, as arrays.

Two populations carry most of the model: *characteristic* cells (a document says that the finding occurs) and
*background* cells (silence, or a denial). Specific tests, profiles (sex, localisation ...) and the broad background of
`other` have their own. Each population has a level; each finding an offset from it; each cell its own deviation.

Knows: cells and scales. Must not know: pymc, draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.elicitation.cells import (
    BROAD,
    DENIED,
    MENTIONED,
    PROFILE,
    SELECTIVE,
    SILENT,
    SPECIFIC,
    BoolArray,
    Cells,
    IntArray,
)
from model.elicitation.reading import Reading, logit

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

LEAF_SD: Final = 0.5
LEAF_SD_OWN_FACTS: Final = 1.0
"""A18: distance, in log-odds, of a leaf from its table row; wider where the documents speak of the leaf itself."""


@dataclass(frozen=True, slots=True)
class PopulationPrior:
    """
    ``centre = constant + on_level @ level + offset_sd * offset[offset_index]``; see `model.elicitation.model`.

    All arrays have one entry a cell, except `level_mean` and `level_sd` (one a level).
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


def population_prior(cells: Cells, scales: Mapping[tuple[str, str], Reading]) -> PopulationPrior:
    """
    Prior of every cell.

    Parameters
    ----------
    cells : Cells
    scales : mapping of (scale, term) to Reading
        Needs the terms of the scales ``background`` and ``specific``.
    """
    size = cells.size
    constant, offset_sd, cell_sd = np.zeros(size), np.zeros(size), np.ones(size)
    on_level = np.zeros((size, len(LEVELS)))
    offset_index, parent_index = np.zeros(size, dtype=np.intp), np.arange(size, dtype=np.intp)
    is_leaf = np.zeros(size, dtype=bool)
    offsets: dict[tuple[str, str, int], int] = {}
    for block in cells.blocks.values():
        share = cells.share_mentioned.get(block.finding, 0.0)
        parent = cells.parent(block.entity)
        for s, state in enumerate(block.states):
            i = block.position(s)
            if i is None:
                continue
            kind = cells.prior_kind(block, state)
            offset_index[i] = offsets.setdefault((block.finding, state, kind), len(offsets))
            offset_sd[i], cell_sd[i] = OFFSET_SD[kind], CELL_SD[kind]
            if cells.knowledge.variables[block.finding].role == "ms_axis":
                offset_sd[i], cell_sd[i] = 0.0, AXIS_SD
            selective = cells.knowledge.variables[block.finding].order in SELECTIVE
            on_level[i] = _levels(kind, share, selective)
            if kind in (SILENT, BROAD, DENIED):
                constant[i] = -np.log(len(block.states) - 1)
            if kind == SPECIFIC:
                terms = cells.specific[block.finding, state]
                constant[i] = min(scales["specific", term].mean for term in terms)
            if cells.is_pooled(block.finding, block.entity, state):
                is_leaf[i] = True
                above = cells.blocks[block.finding, parent].position(s)
                parent_index[i] = i if above is None else above
                own = (block.finding, block.entity, state) in cells.facts
                cell_sd[i] = LEAF_SD_OWN_FACTS if own else LEAF_SD
    terms = ("silence", "silence_selective", "other", "denial")
    silence, selectively, other, denial = (scales["background", term].mean for term in terms)
    return PopulationPrior(
        level_mean=np.array([silence, selectively, COMMONNESS_LEVEL[0], MENTIONED_LEVEL[0], other, denial]),
        level_sd=np.array([LEVEL_SD, LEVEL_SD, COMMONNESS_LEVEL[1], MENTIONED_LEVEL[1], LEVEL_SD, LEVEL_SD]),
        constant=constant,
        on_level=on_level,
        offset_sd=offset_sd,
        offset_index=offset_index,
        n_offsets=len(offsets),
        cell_sd=cell_sd,
        parent_index=parent_index,
        is_leaf=is_leaf,
    )


def _levels(kind: int, share: float, selective: bool) -> FloatArray:
    """Which levels a cell is the sum of, in the order of `LEVELS`."""
    row = {
        SILENT: (not selective, selective, share, 0, 0, 0),
        MENTIONED: (0, 0, 0, 1, 0, 0),
        BROAD: (0, 0, share, 0, 1, 0),
        DENIED: (0, 0, 0, 0, 0, 1),
    }
    return np.array(row.get(kind, (0,) * len(LEVELS)), dtype=float)
