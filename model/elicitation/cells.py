"""
Where every free log weight lives: one flat vector over (finding, entity, state), and which prior each cell has.

An *entity* is a table row or, where a row is split, one of its leaves. The base state of a finding has log weight 0:
the reference state, or the first one of findings without a reference (sex, localisation ...), called profiles here.

Knows: facts and tables. Must not know: pymc, patients, the network.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.elicitation.reading import positive
from priors.schema import Fact, Judged, KnowledgeBase, Variable

IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

MS: Final = "multiple_sclerosis"
OTHER: Final = "other"
NOT_APPLICABLE: Final = "not_applicable"

SELECTIVE: Final = frozenset({"history", "examination", "lumbar_puncture", "blood_tests"})
"""A7: orders whose findings the documents list selectively, so that silence says less, least about common ones.

Imaging is tabulated for every disease (Tables 1 and 3): there silence means what it says."""

SILENT, MENTIONED, SPECIFIC, PROFILE, BROAD, DENIED, JUDGED = range(7)
"""Prior of a cell: silence, characteristic, background of a specific sign, profile, background of `other`, denial,
judgement.

A cell is judged only in the layer ``full``; the other populations then serve what nobody has judged."""

MANY_STATES: Final = 4
"""From so many states on, silence about one state is no evidence for the normal one: a document that calls an enhancement
miliary says nothing about rings."""


NO_CELL: Final = frozenset({"note", "prior", "specific", "age_mean", "age_median", "age_sd", "age_range"})
"""Kinds of facts that are not about the frequency of a state."""


@dataclass(frozen=True, slots=True)
class Block:
    """The states of one finding in one entity: their names, the base, and where the others stand in the vector."""

    finding: str
    entity: str
    states: tuple[str, ...]
    base: int
    start: int

    def position(self, state: int) -> int | None:
        """Index of the log weight of a state in the flat vector; None for the base state."""
        return None if state == self.base else self.start + state - (state > self.base)


class Cells:
    """
    Layout of the log weights of a knowledge base.

    Parameters
    ----------
    knowledge : KnowledgeBase
        Checked tables.
    """

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge
        split = [leaf for leaf in knowledge.leaves if knowledge.diagnoses[leaf].parent]
        self.entities: tuple[str, ...] = (*knowledge.rows, *split)
        self.blocks: dict[tuple[str, str], Block] = {}
        start = 0
        for variable in knowledge.of_role("finding", "ms_axis").values():
            if variable.kind == "age":
                continue
            states, base = _states(variable)
            for entity in (MS,) if variable.role == "ms_axis" else self.entities:
                self.blocks[variable.id, entity] = Block(variable.id, entity, states, base, start)
                start += len(states) - 1
        self.size = start

    @cached_property
    def facts(self) -> Mapping[tuple[str, str, str], tuple[Fact, ...]]:
        """
        Facts about the frequency of a state, by finding, entity and state.

        A fact with a condition (`given`) is about the conditional cell alone, and makes no cell characteristic.
        """
        found: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
        for fact in self.knowledge.facts.values():
            if fact.finding and not fact.given and fact.kind not in NO_CELL:
                for state in fact.state.split("|"):
                    found[fact.finding, fact.diagnosis, state].append(fact)
        return {key: tuple(facts) for key, facts in found.items()}

    def is_mentioned(self, finding: str, entity: str, state: str) -> bool:
        """Whether a document says of the entity itself that the state occurs."""
        return positive(self.facts.get((finding, entity, state), ()))

    def is_mentioned_in_row(self, finding: str, row: str, state: str) -> bool:
        """Whether a document says that the state occurs in a table row or in one of its leaves."""
        return any(self.is_mentioned(finding, e, state) for e in (row, *self.knowledge.members(row)))

    def is_pooled(self, finding: str, leaf: str, state: str) -> bool:
        """
        Whether a leaf borrows from its row: not if the documents speak of the leaf alone.

        Lung masses are said of lymphomatoid granulomatosis; lymphoma at large must not inherit them.
        """
        parent = self.parent(leaf)
        alone = self.is_mentioned(finding, leaf, state) and not self.is_mentioned(finding, parent, state)
        return bool(parent) and not alone

    @cached_property
    def share_mentioned(self) -> Mapping[str, float]:
        """Share of the table rows in which a document says that a selectively listed finding occurs; 0 for the others."""
        rows = [row for row in self.knowledge.rows if row != OTHER]
        return {
            finding: sum(
                any(self.is_mentioned_in_row(finding, row, s) for i, s in enumerate(states) if i != base)
                for row in rows
            )
            / len(rows)
            for finding, (states, base) in (
                (v.id, _states(v))
                for v in self.knowledge.of_role("finding").values()
                if v.kind != "age" and v.order in SELECTIVE
            )
        }

    @cached_property
    def specific(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Terms of the facts that call a state specific, by finding and state."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for fact in self.knowledge.facts.values():
            if fact.kind == "specific":
                found[fact.finding, fact.state].append(fact.term)
        return {key: tuple(terms) for key, terms in found.items()}

    def judged(self, block: Block, state: str) -> Judged | None:
        """
        What judgement says of a cell; None for a table row that is split, and for a cell that something else decides.

        The course of a disease in MS hangs on the MS course (`links.csv`), which is judged itself. How rare a specific sign
        is in the other diseases is said by the documents that call it specific.
        """
        if block.finding in self._decided and block.entity == MS:
            return None
        row = self.knowledge.row(block.entity)
        if (block.finding, state) in self.specific and not self.is_mentioned_in_row(
            block.finding, row, state
        ):
            return None
        return self.knowledge.judged.get((block.finding, state, block.entity))

    @cached_property
    def _decided(self) -> frozenset[str]:
        """Findings all of whose states but the base are moved by an MS axis."""
        moved: dict[str, set[str]] = defaultdict(set)
        axes = self.knowledge.of_role("ms_axis")
        for link in self.knowledge.links:
            if link.parent in axes and link.child not in axes and link.direction.startswith("+"):
                moved[link.child].add(link.child_state)
        return frozenset(name for name, states in moved.items() if len(states) >= MANY_STATES)

    def prior_kind(self, block: Block, state: str) -> int:
        """Which of the priors the cell of a state has."""
        if self.judged(block, state) is not None:
            return JUDGED
        variable = self.knowledge.variables[block.finding]
        if variable.role == "ms_axis" or not any(s.is_reference for s in variable.states):
            return PROFILE
        if self.is_mentioned(block.finding, block.entity, state):
            return MENTIONED
        if (block.finding, state) in self.specific:
            return SPECIFIC
        if (block.finding, block.entity, state) in self.facts:
            return DENIED
        return BROAD if block.entity == OTHER or len(block.states) >= MANY_STATES else SILENT

    def parent(self, entity: str) -> str:
        """Entity that a leaf is pooled towards, or an empty string."""
        return self.knowledge.diagnoses[entity].parent

    def leaf_log_weights(self, flat: NDArray[np.floating]) -> dict[str, NDArray[np.floating]]:
        """
        Log weights of every finding in every leaf.

        Parameters
        ----------
        flat : ndarray of shape (n_draws, size)

        Returns
        -------
        dict of finding to ndarray of shape (n_draws, n_leaves, n_states), or (n_draws, 1, n_states) for an MS axis
        """
        found: dict[str, NDArray[np.floating]] = {}
        for variable in self.knowledge.of_role("finding", "ms_axis").values():
            if variable.kind == "age":
                continue
            entities = (MS,) if variable.role == "ms_axis" else self.knowledge.leaves
            blocks = [self.blocks[variable.id, entity] for entity in entities]
            weights = np.zeros((flat.shape[0], len(blocks), len(blocks[0].states)), dtype=flat.dtype)
            for i, block in enumerate(blocks):
                free = [s for s in range(len(block.states)) if s != block.base]
                weights[:, i, free] = flat[:, block.start : block.start + len(free)]
            found[variable.id] = weights
        return found


def _states(variable: Variable) -> tuple[tuple[str, ...], int]:
    """States that carry a log weight, and the position of the base state among them."""
    states: Sequence[str] = [state for state in variable.state_ids if state != NOT_APPLICABLE]
    reference = [state.id for state in variable.states if state.is_reference]
    return tuple(states), states.index(reference[0]) if reference and reference[0] in states else 0
