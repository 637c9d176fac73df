"""
The records that the tables of this folder are read into, and nothing else.

Knows: which fields a diagnosis, a finding, a fact ... has. Must not know: files, probabilities, the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from priors.frozen import Frozen

VariableKind = Literal["binary", "categorical", "age"]
Role = Literal["finding", "context", "protocol", "ms_axis", "mechanism"]
FactKind = Literal[
    "count",
    "percentage",
    "range",
    "upper_bound",
    "lower_bound",
    "word",
    "symbol",
    "listed",
    "negative",
    "specific",
    "ordering",
    "age_mean",
    "age_range",
    "prior",
    "note",
]


class KnowledgeError(ValueError):
    """The tables are broken; the message lists every problem, one a line, with file and line."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One node of the hierarchy of diagnoses; a leaf is a state of the diagnosis variable."""

    id: str
    parent: str
    label: str
    group: str
    is_table_row: bool
    definition: str


@dataclass(frozen=True, slots=True)
class State:
    """One state of a finding."""

    id: str
    label: str
    is_reference: bool
    note: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A finding, a piece of context, a protocol parameter or an MS axis: all of them are nodes of the network."""

    id: str
    label: str
    kind: VariableKind
    role: Role
    order: str
    synonyms: tuple[str, ...]
    note: str
    states: tuple[State, ...]

    @property
    def state_ids(self) -> tuple[str, ...]:
        """Identifiers of the states, in axis order."""
        return tuple(state.id for state in self.states)


@dataclass(frozen=True, slots=True)
class Fact:
    """One elementary statement of one document, in our words, with the place where it stands."""

    id: str
    location: str
    diagnosis: str
    finding: str
    state: str
    given: str
    kind: FactKind
    low: float | None
    high: float | None
    n: int | None
    term: str
    denominator: str
    statement: str
    ledger: tuple[str, ...]
    file: str
    line: int

    @property
    def source(self) -> str:
        """Identifier of the document, the part of the id before the dash."""
        return self.id.split("-")[0]


@dataclass(frozen=True, slots=True)
class Link:
    """An arc beyond child <- diagnosis, and how the parent moves one state of the child."""

    child: str
    parent: str
    parent_state: str
    diagnosis: str
    child_state: str
    direction: Literal["+", "++", "-", "--", "none", "mechanism"]
    reason: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Two findings that cannot be true of one patient at the same time."""

    finding: str
    state: str
    other: str
    other_state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Order:
    """What is done to obtain a group of findings; cost 0 to 10, delay in days, invasiveness 0 to 3."""

    id: str
    label: str
    position: int
    cost: float
    delay_days: float
    invasiveness: float
    hazard: str
    note: str


@dataclass(frozen=True, slots=True)
class Scale:
    """How one word, symbol or tier is read as a probability: 5 %, 50 % and 95 % point."""

    scale: str
    term: str
    mapping: str
    low: float
    median: float
    high: float
    source: str


@dataclass(frozen=True, slots=True)
class PriorWeight:
    """Relative weight of a diagnosis before the patient is seen (5 %, 50 %, 95 % point), in one setting."""

    setting: str
    diagnosis: str
    region: str
    ancestry: str
    low: float
    median: float
    high: float
    facts: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Source:
    """One document."""

    id: str
    title: str
    citation: str
    doi: str
    accessed: str
    note: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row of the ledger that no fact carries, and why."""

    ledger: str
    reason: str


@dataclass(frozen=True, slots=True)
class Term:
    """
    A word of the glossary in both languages: of a finding, of one of its states, or of the model (no finding).

    A term without labels is called what its finding is called. `drawing` names one of `model.figures.DRAWINGS`, or is empty.
    `sources` are identifiers of facts, or one of `glossary_rules.ORIGINS`.
    """

    id: str
    finding: str
    state: str
    label: str
    label_de: str
    definition: str
    definition_de: str
    drawing: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotModelled:
    """
    Something that people look for and that is known to be no finding of the model, in both languages.

    `synonyms` are of both languages; `instead` names the findings that come nearest; `note` says why it is left out.
    """

    id: str
    label: str
    label_de: str
    synonyms: tuple[str, ...]
    instead: tuple[str, ...]
    note: str
    note_de: str


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """Everything the tables say. `digest` is a SHA-256 over the tables that the network is built from."""

    diagnoses: Mapping[str, Diagnosis]
    variables: Mapping[str, Variable]
    links: tuple[Link, ...]
    exclusions: tuple[Exclusion, ...]
    orders: Mapping[str, Order]
    scales: tuple[Scale, ...]
    prior_weights: tuple[PriorWeight, ...]
    sources: Mapping[str, Source]
    facts: Mapping[str, Fact]
    left_out: tuple[LeftOut, ...]
    glossary: Mapping[str, Term]
    not_modelled: Mapping[str, NotModelled]
    digest: str

    @property
    def leaves(self) -> tuple[str, ...]:
        """Diagnoses without children, in table order: the states of the diagnosis variable."""
        parents = {diagnosis.parent for diagnosis in self.diagnoses.values()}
        return tuple(name for name in self.diagnoses if name not in parents)

    def row(self, diagnosis: str) -> str:
        """Table row of a diagnosis: its topmost ancestor (`multiple_sclerosis` and `other` are their own)."""
        while parent := self.diagnoses[diagnosis].parent:
            diagnosis = parent
        return diagnosis

    @property
    def rows(self) -> tuple[str, ...]:
        """Diagnoses without parent: the 17 table rows, `multiple_sclerosis` and `other`."""
        return tuple(name for name, diagnosis in self.diagnoses.items() if not diagnosis.parent)

    def members(self, diagnosis: str) -> tuple[str, ...]:
        """Leaves at or below a diagnosis, in table order."""
        return tuple(leaf for leaf in self.leaves if diagnosis in self._ancestry(leaf))

    def _ancestry(self, diagnosis: str) -> tuple[str, ...]:
        chain = [diagnosis]
        while parent := self.diagnoses[chain[-1]].parent:
            chain.append(parent)
        return tuple(chain)

    def of_role(self, *roles: Role) -> Mapping[str, Variable]:
        """Variables with one of the roles, in table order."""
        return Frozen({name: v for name, v in self.variables.items() if v.role in roles})


__all__ = [
    "Diagnosis",
    "Exclusion",
    "Fact",
    "FactKind",
    "KnowledgeBase",
    "KnowledgeError",
    "LeftOut",
    "Link",
    "NotModelled",
    "Order",
    "PriorWeight",
    "Role",
    "Scale",
    "Source",
    "State",
    "Term",
    "Variable",
    "VariableKind",
]
