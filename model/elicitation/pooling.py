"""
The provisional rule: one point per cell, the precision-weighted mean of what its facts read.

A cell without a fact takes the background of its finding; a leaf without facts takes those of its table row. No
sampling: it is quick, it has no honest width, and the sampled model of :mod:`model.elicitation` replaces it.

Knows: facts, scales, cells. Must not know: pymc, the network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.elicitation.age import AGE, age_log_weights, pooled_ages
from model.elicitation.cells import BROAD, MENTIONED, MS, PROFILE, SPECIFIC, Block, Cells
from model.elicitation.reading import Reading, logit, reading, scale_table
from model.parameters import Parameters
from priors.schema import Fact, KnowledgeBase, Link

COMMONNESS_SLOPE: Final = 3.0
"""A7: log-odds by which the background of a finding rises when every disease lists it, against none."""

SHIFT: Final[Mapping[str, float]] = {"+": 1.0, "++": 3.0, "-": -1.0, "--": -3.0, "none": 0.0}
"""A8: log-odds by which a link moves a state when no fact gives a size."""

PRIOR_SD: Final = 1.5
"""Width, in log-odds, of the background that a cell with facts is pooled towards."""


def pooled_parameters(knowledge: KnowledgeBase) -> Parameters:
    """
    One draw of parameters by the provisional rule.

    Parameters
    ----------
    knowledge : KnowledgeBase

    Returns
    -------
    Parameters
        With ``n_draws == 1``.
    """
    cells, scales = Cells(knowledge), scale_table(knowledge)
    flat = np.zeros((1, cells.size))
    for block in cells.blocks.values():
        free = [s for s in range(len(block.states)) if s != block.base]
        p = _probabilities(cells, block, scales)
        flat[0, block.start : block.start + len(free)] = (np.log(p) - np.log(p[block.base]))[free]
    log_weights = {**cells.leaf_log_weights(flat), AGE: age_log_weights(knowledge, pooled_ages(knowledge))}
    return Parameters(
        log_weights=log_weights,
        shifts=np.array([[_shift(cells, link, scales) for link in knowledge.links]]),
        roots=root_log_weights(knowledge),
        prior_weights=np.log([[row.median for row in knowledge.prior_weights]]),
        digest=knowledge.digest,
    )


def root_log_weights(knowledge: KnowledgeBase) -> dict[str, NDArray[np.float64]]:
    """Log weights of the variables without parents, shape (1, n_states) each, from the scale ``root``."""
    medians = {scale.term: scale.median for scale in knowledge.scales if scale.scale == "root"}
    return {
        name: np.log([[medians[f"{name}={state}"] for state in variable.state_ids]])
        for name, variable in knowledge.of_role("context", "protocol").items()
    }


def background(cells: Cells, block: Block, state: str, scales: Mapping[tuple[str, str], Reading]) -> Reading:
    """What is believed of a cell before its own facts are read."""
    kind = cells.prior_kind(block, state)
    if kind == PROFILE:
        return Reading(logit(1 / len(block.states)), PRIOR_SD)
    if kind == SPECIFIC:
        return min((scales["specific", t] for t in cells.specific[block.finding, state]), key=lambda r: r.mean)
    if kind == MENTIONED:
        return Reading(logit(0.3), PRIOR_SD)
    base = scales["background", "other" if kind == BROAD else "silence"]
    rise = COMMONNESS_SLOPE * cells.share_mentioned.get(block.finding, 0.0)
    return Reading(base.mean + rise - np.log(len(block.states) - 1), base.sd)


def _probabilities(cells: Cells, block: Block, scales: Mapping[tuple[str, str], Reading]) -> NDArray[np.float64]:
    """P(state | entity): each state by its facts, the base state by what the others leave."""
    lineage = [block.entity, cells.parent(block.entity)]
    p = np.zeros(len(block.states))
    for i, state in enumerate(block.states):
        found: Sequence[Fact] = ()
        for entity in filter(None, lineage):
            found = found or cells.facts.get((block.finding, entity, state), ())
        known = block if found or not lineage[1] else cells.blocks[block.finding, lineage[1]]
        p[i] = _pool(background(cells, known, state, scales), [f for f in found if _at_base(cells, f)], scales)
    if any(state.is_reference for state in cells.knowledge.variables[block.finding].states):
        others = p.sum() - p[block.base]
        p[block.base] = max(1 - others, 0.02)
    total: NDArray[np.float64] = p / p.sum()
    return total


def _at_base(cells: Cells, fact: Fact) -> bool:
    """Whether a fact speaks of the base state of the other parents."""
    if not fact.given:
        return True
    parent, state = fact.given.split("=")
    return not any(
        link.child == fact.finding and link.parent == parent and state in link.parent_state.split("|")
        for link in cells.knowledge.links
    )


def _pool(prior: Reading, facts: Sequence[Fact], scales: Mapping[tuple[str, str], Reading]) -> float:
    """Probability at the precision-weighted mean of the log-odds."""
    readings = [prior, *(r for fact in facts if (r := _read(fact, scales)) is not None)]
    precision = np.array([r.sd**-2 for r in readings])
    return float(1 / (1 + np.exp(-(precision @ [r.mean for r in readings]) / precision.sum())))


def _read(fact: Fact, scales: Mapping[tuple[str, str], Reading]) -> Reading | None:
    """Reading of a fact, with counts and symbols turned into log-odds as well."""
    if fact.kind == "symbol":
        return scales["symbol", fact.term]
    if fact.kind == "count" and fact.low is not None and fact.n:
        p = (fact.low + 0.5) / (fact.n + 1)
        return Reading(logit(p), float(1 / np.sqrt((fact.n + 1) * p * (1 - p))))
    return reading(fact, scales)


def _shift(cells: Cells, link: Link, scales: Mapping[tuple[str, str], Reading]) -> float:
    """Size of a link: the distance between the fact for its parent state and the base, or the default."""
    state = link.child_state
    entity = link.diagnosis or MS
    facts = [
        fact
        for fact in cells.facts.get((link.child, entity, state), ())
        if fact.given and fact.given.split("=")[0] == link.parent
        and fact.given.split("=")[1] in link.parent_state.split("|")
    ]
    readings = [r for fact in facts if (r := _read(fact, scales)) is not None]
    if not readings:
        return SHIFT[link.direction]
    block = cells.blocks[link.child, entity]
    p = _probabilities(cells, block, scales)[block.states.index(state)]
    return float(np.mean([r.mean for r in readings]) - logit(p))
