"""
Pre-test probabilities: from the relative weights of a prior setting to P(diagnosis | region, ancestry).

Knows: `prior_settings.csv` and the draws of its weights. Must not know: findings or evidence.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from model.errors import MilletError, UnknownNameError, unknown_name
from model.network.assembly import CONTEXT, softmax
from model.network.parameters import FloatArray, Parameters
from priors.schema import KnowledgeBase

CUSTOM = "custom"
DEFAULT = "documents"
Z95 = 1.6448536269514722

Weight = float | tuple[float, float]


def settings(knowledge: KnowledgeBase) -> tuple[str, ...]:
    """Names of the prior settings, in table order, and ``custom``."""
    return (*dict.fromkeys(row.setting for row in knowledge.prior_weights), CUSTOM)


def prior_table(
    knowledge: KnowledgeBase,
    parameters: Parameters,
    setting: str,
    weights: Mapping[str, Weight] | None = None,
) -> NDArray[np.float64]:
    """
    P(diagnosis | region, ancestry) in every draw.

    Of the rows of a setting that fit a region and an ancestry, the most specific one counts.

    Returns
    -------
    ndarray of shape (n_draws, n_regions, n_ancestries, n_leaves)

    Raises
    ------
    UnknownNameError
        If the setting, or a diagnosis among the weights, does not exist.
    MilletError
        If a weight is not a positive number or a rising pair of them, or weights come without ``custom``.
    """
    if setting not in settings(knowledge):
        raise UnknownNameError(unknown_name("prior", "setting", setting, settings(knowledge)))
    if (setting == CUSTOM) != (weights is not None):
        raise MilletError(
            f"prior: setting {setting!r}; weights and the setting {CUSTOM!r} go together; give both"
        )
    rows = [
        (row, parameters.prior_weights[:, i])
        for i, row in enumerate(knowledge.prior_weights)
        if row.setting == (DEFAULT if setting == CUSTOM else setting)
    ]
    regions, ancestries = (knowledge.variables[name].state_ids for name in CONTEXT)
    log_weights = np.empty((parameters.n_draws, len(regions), len(ancestries), len(knowledge.leaves)))
    for leaf_index, leaf in enumerate(knowledge.leaves):
        own = [(row, draws) for row, draws in rows if row.diagnosis == leaf]
        for i, region in enumerate(regions):
            for j, ancestry in enumerate(ancestries):
                fitting = [
                    (bool(row.region) + bool(row.ancestry), draws)
                    for row, draws in own
                    if row.region in ("", region) and row.ancestry in ("", ancestry)
                ]
                log_weights[:, i, j, leaf_index] = max(fitting, key=lambda pair: pair[0])[1]
    for name, weight in (weights or {}).items():
        _override(knowledge, log_weights, name, weight)
    return softmax(log_weights)


def _override(knowledge: KnowledgeBase, log_weights: FloatArray, name: str, weight: Weight) -> None:
    """Replace the weight of a leaf, or share the weight of a row among its leaves in their present proportions."""
    if name not in knowledge.diagnoses:
        raise UnknownNameError(unknown_name("weights", "diagnosis", name, knowledge.diagnoses))
    members = [knowledge.leaves.index(leaf) for leaf in knowledge.members(name)]
    inside = softmax(log_weights[..., members])
    draws = _custom_draws(name, weight, log_weights.shape[0])
    log_weights[..., members] = np.log(inside) + draws[:, None, None, None]


def _custom_draws(name: str, weight: Weight, n_draws: int) -> FloatArray:
    """Log weights: constant, or a reproducible sample of a log-normal with the given 5 % and 95 % limits."""
    pair: Sequence[float] = weight if isinstance(weight, tuple) else (weight, weight)
    if len(pair) != 2 or not all(math.isfinite(w) and w > 0 for w in pair) or pair[0] > pair[1]:
        raise MilletError(
            f"weights, {name}: {weight!r}; allowed is a positive number or a rising pair of them, for before the findings "
            "nothing is impossible; change it, to 1e-6 for what is hardly possible"
        )
    low, high = np.log(pair)
    if low == high:
        return np.full(n_draws, low)
    rng = np.random.default_rng(
        zlib.crc32(name.encode())
    )  # weights of different diagnoses vary independently
    draws: FloatArray = (low + high) / 2 + (high - low) / (2 * Z95) * rng.standard_normal(n_draws)
    return draws
