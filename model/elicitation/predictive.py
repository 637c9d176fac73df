"""
From the mean of studies to a new patient: the spread between studies is part of what is not known of him.

What is sampled is the middle of all studies of a cell. A patient who comes in belongs to none of them; his frequency is
that of one more study, so every draw of a cell gets one more study's effect. Without cohorts no spread is known, and the
draws stay as they are. The effect is normal: the heavy tails by which cohorts are read stand for studies that do not fit
(another population, a misprint), and no patient is one of those. What documents call specific is left as rare as they say.

Knows: draws as arrays. Must not know: pymc, files.

References
----------
Higgins JPT, Thompson SG, Spiegelhalter DJ. A re-evaluation of random-effects meta-analysis. J R Stat Soc A
2009;172:137-159. doi:10.1111/j.1467-985X.2008.00552.x
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from model.elicitation.age import AGE, humps
from model.elicitation.cells import SPECIFIC, Cells
from model.elicitation.grouping import group_of

FloatArray = NDArray[np.float64]


def for_new_patients(cells: Cells, values: Mapping[str, FloatArray], seed: int) -> dict[str, FloatArray]:
    """
    Draws with one more study's effect on every cell and on every leaf's mean age.

    Parameters
    ----------
    cells : Cells
    values : mapping
        ``log_weights`` (n_draws, size), ``age`` (n_draws, n_humps, 2), and, if cohorts were read, ``tau``
        (n_draws, n_groups) and ``age_tau`` (n_draws, 2).
    seed : int

    Returns
    -------
    dict
        As `values`, with other ``log_weights`` and ``age``.
    """
    found = dict(values)
    if "tau" not in values:
        return found
    rng = np.random.default_rng(seed)
    n_draws = len(values["log_weights"])
    groups, moves = _groups(cells)
    effect = rng.standard_normal((n_draws, cells.size)) * values["tau"][:, groups] * moves
    found["log_weights"] = values["log_weights"] + effect
    leaves = list(cells.knowledge.leaves)
    of_leaf = np.array([leaves.index(hump.leaf) for hump in humps(cells.knowledge)], dtype=np.intp)
    older = rng.standard_normal((n_draws, len(leaves))) * values["age_tau"][:, :1]
    found["age"] = values["age"].copy()
    found["age"][..., 0] += older[:, of_leaf] * _share_of_widest(np.exp(values["age"][..., 1]), of_leaf)
    return found


def spreads(cells: Cells, values: Mapping[str, FloatArray]) -> dict[str, float]:
    """
    Standard deviation between studies, by finding: in log-odds, of the age in years; empty without cohorts.

    Parameters
    ----------
    cells : Cells
    values : mapping
        As `for_new_patients` takes them.
    """
    if "tau" not in values:
        return {}
    tau, years = np.median(values["tau"], axis=0), float(np.median(values["age_tau"][:, 0]))
    found = {v.id: float(tau[group_of(v)]) for v in cells.knowledge.of_role("finding").values()}
    return {name: round(value, 4) for name, value in (found | {AGE: years}).items()}


def _share_of_widest(sd: FloatArray, of_leaf: NDArray[np.intp]) -> FloatArray:
    """Width of each hump beside the widest of its leaf: the ages of newborns do not move as those of adults do."""
    widest = np.stack([sd[:, of_leaf == leaf].max(axis=1) for leaf in range(of_leaf.max() + 1)], axis=1)
    return sd / widest[:, of_leaf]


def _groups(cells: Cells) -> tuple[NDArray[np.intp], FloatArray]:
    """Group of findings of every cell; 1 where studies lie apart, 0 in the axes of MS and in cells of the kind SPECIFIC."""
    groups, moves = np.zeros(cells.size, dtype=np.intp), np.ones(cells.size)
    for block in cells.blocks.values():
        variable = cells.knowledge.variables[block.finding]
        own = slice(block.start, block.start + len(block.states) - 1)
        groups[own], moves[own] = group_of(variable), float(variable.role != "ms_axis")
        for s, state in enumerate(block.states):
            position = block.position(s)
            if position is not None and cells.prior_kind(block, state) == SPECIFIC:
                moves[position] = 0.0
    return groups, moves
