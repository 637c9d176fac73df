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
from priors.schema import Fact, KnowledgeBase, Variable

IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

MS: Final = "multiple_sclerosis"
OTHER: Final = "other"
NOT_APPLICABLE: Final = "not_applicable"

SELECTIVE: Final = frozenset({"history", "examination", "lumbar_puncture", "blood_tests"})
"""A7: orders whose findings the documents list selectively, so that silence says less, least about common ones.

Imaging is tabulated for every disease (Tables 1 and 3): there silence means what it says."""

SILENT, MENTIONED, SPECIFIC, PROFILE, BROAD, DENIED = range(6)
"""Prior of a cell: silence, characteristic, background of a specific sign, profile, background of `other`, denial."""


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
        """Facts about the frequency of a state, by finding, entity and state."""
        found: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
        for fact in self.knowledge.facts.values():
            if fact.finding and fact.kind not in ("note", "prior", "specific", "age_mean", "age_range"):
                found[fact.finding, fact.diagnosis, fact.state].append(fact)
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

    def prior_kind(self, block: Block, state: str) -> int:
        """Which of the six priors the cell of a state has."""
        variable = self.knowledge.variables[block.finding]
        if variable.role == "ms_axis" or not any(s.is_reference for s in variable.states):
            return PROFILE
        if self.is_mentioned(block.finding, block.entity, state):
            return MENTIONED
        if (block.finding, state) in self.specific:
            return SPECIFIC
        if (block.finding, block.entity, state) in self.facts:
            return DENIED
        return BROAD if block.entity == OTHER else SILENT

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
