"""
A patient as a GA4GH phenopacket (version 2).

What an exact code says is written as a phenotype, present or excluded. Everything else that is known is written as a
measurement under our own names (prefix ``MILLET``), so that nothing is lost between two copies of Millet; the notes say
which.

Knows: the shape of a phenopacket, the codes. Must not know: probabilities.

References
----------
Jacobsen JOB, Baudis M, Baynam GS, et al. The GA4GH Phenopacket schema defines a computable representation of clinical
data. Nat Biotechnol 2022;40:817-820. doi:10.1038/s41587-022-01357-4
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from model.errors import plain
from model.intake.phenopacket import OURS, SEXES
from model.patient.cases import Case
from model.patient.weights import number
from priors.codes import Code, load_codes
from priors.shown import Shown

if TYPE_CHECKING:
    from priors.schema import KnowledgeBase, Variable

SCHEMA: Final = "2.0"

RESOURCES: Final = {
    "HP": ("Human Phenotype Ontology", "http://purl.obolibrary.org/obo/hp.owl", "2025-01-16"),
    "OMIM": ("Online Mendelian Inheritance in Man", "https://omim.org", "2025-01-16"),
    "MONDO": ("Mondo Disease Ontology", "http://purl.obolibrary.org/obo/mondo.owl", "unversioned"),
    "ORPHA": ("Orphanet", "https://www.orpha.net", "2025-01-16"),
}


@dataclass(frozen=True, slots=True)
class Written(Shown):
    """A phenopacket as the content of a JSON file, and what is not in it as others would understand it."""

    packet: dict[str, object]
    notes: tuple[str, ...]


def to_phenopacket(case: Case, knowledge: KnowledgeBase, *, created: str) -> Written:
    """
    A case as a phenopacket.

    Parameters
    ----------
    case
        Its findings must be readable (see `model.encode`).
    knowledge
        Gives names, states and labels.
    created
        Time stamp of the packet, such as ``2026-01-31T12:00:00Z``.

    Examples
    --------
    >>> from priors import load_knowledge_base
    >>> case = Case("A", {"age_years": 39, "sex": "male", "headache": "present", "chest_ct": "miliary_nodules"})
    >>> written = to_phenopacket(case, load_knowledge_base(), created="2026-01-31T12:00:00Z")
    >>> written.packet["phenotypicFeatures"]
    [{'type': {'id': 'HP:0002315', 'label': 'Headache'}}]
    >>> written.notes
    ('case A, chest_ct: no exact code; written under our own name',)
    """
    from model import __version__

    writer = _Writer(case, knowledge)
    for name, value in case.findings.items():
        if value is not None:
            writer.add(name, value)
    diseases = writer.diseases()
    for key in ("confirmatory", "proven_by", "note"):
        if getattr(case, key):
            writer.say(key, "has no place in a phenopacket; not written")
    packet: dict[str, object] = {
        "id": case.id,
        "subject": {"id": case.id, **writer.subject},
        "phenotypicFeatures": writer.phenotypes,
        "measurements": writer.measurements,
        "diseases": diseases,
        "metaData": {
            "created": created,
            "createdBy": f"Millet {__version__}",
            "resources": writer.resources(),
            "phenopacketSchemaVersion": SCHEMA,
            **({"externalReferences": [{"description": case.source}]} if case.source else {}),
        },
    }
    return Written({key: value for key, value in packet.items() if value != []}, tuple(writer.notes))


class _Writer:
    """Parts of one packet, filled finding by finding."""

    def __init__(self, case: Case, knowledge: KnowledgeBase) -> None:
        self.case, self.knowledge = case, knowledge
        self.codes = load_codes(knowledge)
        self.subject: dict[str, object] = {}
        self.phenotypes: list[dict[str, object]] = []
        self.measurements: list[dict[str, object]] = []
        self.used: set[str] = set()
        self.notes: list[str] = []

    def say(self, about: str, text: str) -> None:
        """Take down what the packet does not hold."""
        self.notes.append(f"case {plain(self.case.id)}, {plain(about)}: {text}")

    def add(self, name: str, value: object) -> None:
        """One finding."""
        variable = self.knowledge.variables[name]
        if isinstance(value, Mapping):
            self.say(name, "weights cannot be written; left out")
            return
        if variable.kind == "age" and (years := number(value)) is not None:
            self.subject["timeAtLastEncounter"] = {"age": {"iso8601duration": _period(years)}}
            return
        states = _states(value)
        if name == "sex" and len(states) == 1:
            self.subject["sex"] = SEXES[states[0]]
            return
        for code in self.codes:
            if code.kind == "finding" and code.id == name and code.match == "exact":
                rest = tuple(s for s in variable.state_ids if s not in code.states)
                if set(states) in (set(code.states), set(rest)):
                    excluded = {"excluded": True} if set(states) == set(rest) else {}
                    self.phenotypes.append({"type": self._term(code), **excluded})
                    return
        self.say(name, "no exact code; written under our own name")
        self._own(name, states, variable)

    def _own(self, name: str, states: Sequence[str], variable: Variable) -> None:
        labels = {state.id: state.label for state in variable.states}
        self.used.add("MILLET")
        self.measurements.append(
            {
                "assay": {"id": f"{OURS}{name}", "label": variable.label},
                "value": {
                    "ontologyClass": {
                        "id": f"{OURS}{'|'.join(states)}",
                        "label": " or ".join(labels.get(state, state) for state in states),
                    }
                },
            }
        )

    def _term(self, code: Code) -> dict[str, str]:
        self.used.add(code.code.partition(":")[0])
        return {"id": code.code, "label": code.label}

    def diseases(self) -> list[dict[str, object]]:
        """The truth, with course and variant as its stage."""
        truth = self.case.truth
        if truth is None:
            return []
        found = [c for c in self.codes if (c.kind, c.id, c.match) == ("diagnosis", truth, "exact")]
        if found:
            term = self._term(found[0])
        else:
            term = {"id": f"{OURS}{truth}", "label": self.knowledge.diagnoses[truth].label}
            self.used.add("MILLET")
            self.say(truth, "no exact code; written under our own name")
        stages = []
        for axis in ("ms_course", "ms_variant"):
            state = getattr(self.case, axis)
            if state:
                labels = {one.id: one.label for one in self.knowledge.variables[axis].states}
                stages.append({"id": f"{OURS}{axis}.{state}", "label": labels[state]})
                self.used.add("MILLET")
        return [{"term": term, **({"diseaseStage": stages} if stages else {})}]

    def resources(self) -> list[dict[str, str]]:
        """The vocabularies that were used."""
        from model import __version__

        ours = ("Names of the Millet tables", "urn:millet:tables", __version__)
        known = {**RESOURCES, "MILLET": ours}
        return [
            {
                "id": prefix.lower(),
                "name": name,
                "url": url,
                "version": version,
                "namespacePrefix": prefix,
                "iriPrefix": f"http://purl.obolibrary.org/obo/{prefix}_" if prefix == "HP" else f"{url}/",
            }
            for prefix, (name, url, version) in known.items()
            if prefix in self.used
        ]


def _states(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split("|"))
    return tuple(map(str, value)) if isinstance(value, Iterable) else (str(value),)


def _period(years: float) -> str:
    """
    An age as an ISO 8601 duration, to the month.

    Examples
    --------
    >>> _period(39), _period(25.5), _period(0.25)
    ('P39Y', 'P25Y6M', 'P0Y3M')
    """
    months = round(12 * years)
    return f"P{months // 12}Y" + (f"{months % 12}M" if months % 12 else "")


__all__ = ["Written", "to_phenopacket"]
