"""
The facts as arrays: which log weights each one reads, and what it saw.

The log-odds of a state are a difference of log weights, so every fact is a row of indices into the flat vector of
:class:`model.elicitation.cells.Cells`, extended by a 0 (base state) and a very negative number (no such state), plus a
row of indices into the shifts of the links.

Knows: facts, cells, links. Must not know: pymc, draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.elicitation.cells import Block, Cells
from priors.schema import Fact

IntArray = NDArray[np.intp]

ABSENT: Final = -1e9
"""Log weight of a state that a finding does not have: small enough to vanish, finite for the gradient."""

SYMBOLS: Final = ("-", "rare", "+/-", "+")
"""Symbols of Tables 2 and 3 from least to most frequent."""


@dataclass(frozen=True, slots=True)
class Design:
    """
    Rows of log-odds.

    Attributes
    ----------
    weight : ndarray of int, shape (n_rows, max_states)
        Index of each state's log weight; ``size`` means the base state, ``size + 1`` no state.
    shift : ndarray of int, shape (n_rows, max_states)
        Index of the link that moves the state; ``n_links`` means none.
    state : ndarray of int, shape (n_rows,)
        Which state the row is about.
    """

    weight: IntArray
    shift: IntArray
    state: IntArray

    @property
    def chosen(self) -> NDArray[np.bool_]:
        """One-hot rows of `state`, shape (n_rows, max_states)."""
        mask: NDArray[np.bool_] = np.arange(self.weight.shape[1]) == self.state[:, None]
        return mask


def design(cells: Cells, rows: Sequence[tuple[Block, str, str]]) -> Design:
    """
    Design of the log-odds of (block, state, given), where given is ``parent=state`` or blank.

    Examples
    --------
    The log-odds of `facial_palsy = bilateral` read the log weights of all three states of facial palsy.
    """
    width = max(len(block.states) for block in cells.blocks.values())
    n_links = len(cells.knowledge.links)
    weight = np.full((len(rows), width), cells.size + 1)
    shift = np.full((len(rows), width), n_links)
    for r, (block, _, given) in enumerate(rows):
        for s, name in enumerate(block.states):
            position = block.position(s)
            weight[r, s] = cells.size if position is None else position
            shift[r, s] = _link_of(cells, block, name, given)
    state = np.array([block.states.index(name) for block, name, _ in rows], dtype=np.intp)
    return Design(weight, shift, state)


def _link_of(cells: Cells, block: Block, state: str, given: str) -> int:
    """Row of `links.csv` that moves a state of the block at a given parent state; the number of rows if none does."""
    links = cells.knowledge.links
    if given:
        parent, parent_state = given.split("=")
        for row, link in enumerate(links):
            acts_here = not link.diagnosis or block.entity in (
                link.diagnosis,
                *cells.knowledge.members(link.diagnosis),
            )
            same = link.child == block.finding and link.parent == parent and link.child_state == state
            if same and acts_here and parent_state in link.parent_state.split("|"):
                return row
    return len(links)


def log_odds(design: Design, flat: NDArray[np.floating], shifts: NDArray[np.floating]) -> NDArray[np.float64]:
    """
    Log-odds of every row in every draw.

    Parameters
    ----------
    design : Design
    flat : ndarray of shape (n_draws, size)
    shifts : ndarray of shape (n_draws, n_links)

    Returns
    -------
    ndarray of shape (n_draws, n_rows)
    """
    ends = np.broadcast_to([0.0, ABSENT], (len(flat), 2))
    weights = np.hstack([flat, ends])[:, design.weight]
    weights = weights + np.hstack([shifts, np.zeros((len(shifts), 1))])[:, design.shift]
    others = np.where(design.chosen, ABSENT, weights)
    own = np.take_along_axis(
        weights, np.broadcast_to(design.state[:, None], (*weights.shape[:2], 1)), axis=-1
    )
    odds: NDArray[np.float64] = own[..., 0] - np.logaddexp.reduce(others, axis=-1)
    return odds


def rows_of(cells: Cells, facts: Sequence[Fact]) -> list[tuple[Block, str, str]]:
    """What each fact is about, as input to `design`."""
    return [(cells.blocks[fact.finding, fact.diagnosis], fact.state, fact.given) for fact in facts]


def compared_with(cells: Cells, fact: Fact) -> tuple[Block, str, str]:
    """
    The lesser (``>``) or greater (``<``) side of an ordering: another diagnosis, another state, or another context.

    Raises
    ------
    KeyError
        If the term of the ordering names nothing that exists.
    """
    target = fact.term[1:].strip()
    block = cells.blocks[fact.finding, fact.diagnosis]
    if "=" in target:
        return block, fact.state, target
    if target in block.states:
        return block, target, fact.given
    return cells.blocks[fact.finding, target], fact.state, fact.given


def frequency_facts(cells: Cells, *kinds: str) -> list[Fact]:
    """
    Facts of the given kinds that are about the frequency of a state, in table order.

    A19: one section that says the same of a cell several times (six risk factors of one deficiency) is read once.
    """
    found: dict[tuple[str, ...], Fact] = {}
    for fact in cells.knowledge.facts.values():
        if fact.kind in kinds and (fact.finding, fact.diagnosis) in cells.blocks:
            numbers = (str(fact.low), str(fact.high), str(fact.n), fact.term)
            cell = (fact.finding, fact.diagnosis, fact.state, fact.given)
            found.setdefault((*cell, fact.kind, *numbers, fact.source, fact.location), fact)
    return list(found.values())
