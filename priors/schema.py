"""
The records that the tables of this folder are read into, and nothing else.

Knows: which fields a diagnosis, a finding, a fact ... has. Must not know: files, probabilities, the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from priors.frozen import Frozen
from priors.shown import Shown

VariableKind = Literal["binary", "categorical", "age"]
Role = Literal["finding", "context", "protocol", "ms_axis", "mechanism"]
FactKind = Literal[
    "count", "percentage", "range", "upper_bound", "lower_bound", "word", "symbol", "listed", "negative", "specific",
    "ordering", "age_mean", "age_median", "age_sd", "age_range", "prior", "note",
]  # fmt: skip

Match = Literal["exact", "narrow", "broad"]
Layer = Literal["documents", "published", "full"]

LAYERS: tuple[Layer, ...] = ("documents", "published", "full")
"""Layers of knowledge, each with what the one before it has: the five documents; cohorts from the literature; judgement."""

DEFAULT_LAYER: Layer = "full"


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
class Variable(Shown):
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
    """
    One elementary statement of a document or a publication, in our words, with the place where it stands.

    For a cohort from the literature, `denominator` is who was looked at, `match` how its term fits our finding, and
    `tags` say what else sets its patients apart (children, parent_disease, denominator_uncertain, secondary ...).
    """

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
    publication: str = ""
    match: Match = "exact"
    tags: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """Identifier of the publication, or of the document: the part of the id before the dash."""
        return self.publication or self.id.split("-")[0]

    @property
    def is_cohort(self) -> bool:
        """Whether it comes from the literature, not from one of the documents."""
        return bool(self.publication)


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
    """One document, or one publication of the literature (which has the fields after `note`)."""

    id: str
    title: str
    citation: str
    doi: str
    accessed: str
    note: str
    pmid: str = ""
    pmcid: str = ""
    url: str = ""
    part_seen: str = ""

    @property
    def address(self) -> str:
        """Where it can be read: DOI, PubMed, PubMed Central, or the page that was seen; empty if none is known."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{self.pmcid}/" if self.pmcid else self.url


@dataclass(frozen=True, slots=True)
class Judged:
    """What judgement gives a number where nothing is published: median, 5 % and 95 % point."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class JudgedAge:
    """One normal component of the ages of a leaf, by judgement: share, mean and standard deviation in years."""

    weight: float
    mean: float
    sd: float


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
class Section:
    """Findings of one examination under one subheading, in the order in which they are shown; of display only."""

    id: str
    order: str
    label: str
    label_de: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchWords:
    """Further words, of any language, by which one thing is looked for: a finding or its state, a diagnosis, an order."""

    finding: str
    state: str
    diagnosis: str
    order: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnowledgeBase(Shown):
    """
    Everything the tables say, down to one layer.

    `digest` is a SHA-256 over the tables that the network is built from, as far as the layer sees them; `judged` has a
    frequency for (finding, state, leaf), `judged_ages` the components of a leaf; both are empty above the layer ``full``.
    """

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
    layer: Layer = "documents"
    publications: Mapping[str, Source] = field(default_factory=Frozen)
    judged: Mapping[tuple[str, str, str], Judged] = field(default_factory=Frozen)
    judged_ages: Mapping[str, tuple[JudgedAge, ...]] = field(default_factory=Frozen)
    sections: Mapping[str, Section] = field(default_factory=Frozen)
    search_words: tuple[SearchWords, ...] = ()

    def source(self, name: str) -> Source:
        """The document or publication of a fact's `source`."""
        return self.sources[name] if name in self.sources else self.publications[name]

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
    "DEFAULT_LAYER",
    "LAYERS",
    "Diagnosis",
    "Exclusion",
    "Fact",
    "FactKind",
    "Judged",
    "JudgedAge",
    "KnowledgeBase",
    "KnowledgeError",
    "Layer",
    "LeftOut",
    "Link",
    "Match",
    "NotModelled",
    "Order",
    "PriorWeight",
    "Role",
    "Scale",
    "SearchWords",
    "Section",
    "Source",
    "State",
    "Term",
    "Variable",
    "VariableKind",
]
