"""
The whole sample with its names, as ArviZ of either generation reads it: every chain, every draw, every number.

Knows: what was sampled and what its elements are called. Must not know: files, how the sampler works.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import xarray as xr

from model.elicitation.age import humps
from model.elicitation.cells import Cells
from model.elicitation.grouping import GROUPS
from model.elicitation.sampling import Draws
from priors.schema import KnowledgeBase, Link

AXES: Final[Mapping[str, tuple[str, ...]]] = {
    "log_weights": ("cell",),
    "shifts": ("link",),
    "age": ("hump", "of_age"),
    "age_share": ("leaf",),
    "prior_weights": ("prior_weight",),
    "roots": ("root",),
    "log_odds_ratios": ("mechanism",),
    "tau": ("group",),
    "judged_scale": ("group",),
}
"""Variable -> its axes behind chain and draw; those of the others are only counted."""


def trace(knowledge: KnowledgeBase, drawn: Draws) -> xr.DataTree:
    """
    The group ``posterior``, with the dimensions chain and draw first, and the number of divergences as an attribute.

    Parameters
    ----------
    knowledge : KnowledgeBase
        What was sampled.
    drawn : Draws
        What the sampler gave.

    Returns
    -------
    xarray.DataTree
        ``log_weights`` hold, for each finding and diagnosis, the log weight of a state beside that of the base state;
        their coordinate reads ``fever=present | diagnosis=nmosd``.
    """
    chains, draws = int(drawn.record["chains"]), int(drawn.record["draws"])
    names = _names(knowledge)
    found = {}
    for name, array in drawn.values.items():
        axes = AXES.get(name) or tuple(f"{name}_{i}" for i in range(array.ndim - 1))
        found[name] = (("chain", "draw", *axes), array.reshape(chains, draws, *array.shape[1:]))
    used = {axis for axes, _ in found.values() for axis in axes}
    about = ("digest", "mapping", "knowledge", "seed", "tune", "divergences")
    posterior = xr.Dataset(
        found,
        coords={
            "chain": np.arange(chains),
            "draw": np.arange(draws),
            **{axis: labels for axis, labels in names.items() if axis in used},
        },
        attrs={
            "inference_library": "nutpie",
            **{name: drawn.record[name] for name in about},
        },
    )
    return xr.DataTree.from_dict({"/posterior": posterior})


def _names(knowledge: KnowledgeBase) -> dict[str, list[str]]:
    """Axis -> what its elements are called."""
    scales = {kind: [s.term for s in knowledge.scales if s.scale == kind] for kind in ("root", "odds_ratio")}
    return {
        "cell": [
            f"{block.finding}={state} | diagnosis={block.entity}"
            for block in Cells(knowledge).blocks.values()
            for i, state in enumerate(block.states)
            if block.position(i) is not None
        ],
        "link": [_link(link) for link in knowledge.links],
        "hump": [f"{hump.leaf} {hump.peak}".strip() for hump in humps(knowledge)],
        "of_age": ["mean", "log_sd"],
        "leaf": list(knowledge.leaves),
        "prior_weight": [
            " ".join(filter(None, (one.setting, one.diagnosis, one.region, one.ancestry)))
            for one in knowledge.prior_weights
        ],
        "root": scales["root"],
        "mechanism": scales["odds_ratio"],
        "group": list(GROUPS),
    }


def _link(link: Link) -> str:
    child = f"{link.child}={link.child_state}" if link.child_state else link.child
    parent = f"{link.parent}={link.parent_state}" if link.parent_state else link.parent
    return f"{child} <- {parent}" + (f" | diagnosis={link.diagnosis}" if link.diagnosis else "")


__all__ = ["trace"]
