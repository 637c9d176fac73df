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
    chosen : ndarray of bool, shape (n_rows, max_states)
        The state that the row is about, or several (``a|b``: either).
    others : ndarray of bool, shape (n_rows, max_states)
        What it is compared with: all other states, or those that are left once some are set aside.
    """

    weight: IntArray
    shift: IntArray
    chosen: NDArray[np.bool_]
    others: NDArray[np.bool_]

    def select(self, rows: IntArray) -> Design:
        """Some of the rows."""
        return Design(self.weight[rows], self.shift[rows], self.chosen[rows], self.others[rows])

    @property
    def is_simple(self) -> NDArray[np.bool_]:
        """Rows that compare one state with one other: their log-odds are a difference, without a sum over states."""
        alone: NDArray[np.bool_] = (self.chosen.sum(axis=1) == 1) & (self.others.sum(axis=1) == 1)
        return alone


def design(
    cells: Cells, rows: Sequence[tuple[Block, str, str]], aside: Sequence[frozenset[str]] = ()
) -> Design:
    """
    Design of the log-odds of (block, state, given), where given is ``parent=state`` or blank.

    With `aside`, one set of states for each row, the log-odds are those among the states that remain.

    Examples
    --------
    The log-odds of `facial_palsy = bilateral` read the log weights of all three states of facial palsy.
    """
    width = max(len(block.states) for block in cells.blocks.values())
    n_links = len(cells.knowledge.links)
    weight = np.full((len(rows), width), cells.size + 1)
    shift = np.full((len(rows), width), n_links)
    chosen, others = np.zeros(weight.shape, dtype=bool), np.zeros(weight.shape, dtype=bool)
    for r, (block, state, given) in enumerate(rows):
        wanted = state.split("|")
        for s, name in enumerate(block.states):
            position = block.position(s)
            weight[r, s] = cells.size if position is None else position
            shift[r, s] = _link_of(cells, block, name, given)
            chosen[r, s] = name in wanted
            others[r, s] = not chosen[r, s] and not (aside and name in aside[r])
    return Design(weight, shift, chosen, others)


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
    own, others = (np.where(mask, weights, ABSENT) for mask in (design.chosen, design.others))
    odds: NDArray[np.float64] = np.logaddexp.reduce(own, axis=-1) - np.logaddexp.reduce(others, axis=-1)
    return odds


WORDS: Final = ("word", "listed", "negative")
"""Kinds of facts that are read by a term of `scales.csv`, and whose reading is learnt."""


def terms(cells: Cells) -> tuple[tuple[str, str], ...]:
    """Every (kind, term) that a fact of the documents uses, in alphabetical order: each has a reading of its own."""
    return tuple(sorted({(fact.kind, fact.term) for fact in frequency_facts(cells, *WORDS)}))


def term_index(cells: Cells, facts: Sequence[Fact]) -> IntArray:
    """Position in `terms` of each fact's term; their number for facts without one."""
    known = {term: i for i, term in enumerate(terms(cells))}
    return np.array([known.get((fact.kind, fact.term), len(known)) for fact in facts], dtype=np.intp)


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
    Facts of the documents of the given kinds that are about the frequency of a state, in table order.

    Cohorts from the literature are read elsewhere (`model.elicitation.cohort`).

    A19: one section that says the same of a cell several times (six risk factors of one deficiency) is read once.
    """
    found: dict[tuple[str, ...], Fact] = {}
    for fact in cells.knowledge.facts.values():
        if fact.kind in kinds and not fact.is_cohort and (fact.finding, fact.diagnosis) in cells.blocks:
            numbers = (str(fact.low), str(fact.high), str(fact.n), fact.term)
            cell = (fact.finding, fact.diagnosis, fact.state, fact.given)
            found.setdefault((*cell, fact.kind, *numbers, fact.source, fact.location), fact)
    return list(found.values())
