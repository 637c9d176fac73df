"""
The patient in a GA4GH phenopacket (version 1 or 2): exact and narrower codes are taken, the rest is in the notes.

Knows: what a phenopacket says of a patient, the codes. Must not know: probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from model.errors import CaseFileError, plain, shown
from model.intake.age import age_of
from model.intake.message import Part
from model.intake.packets import check_version, kind_of_message, packets_in
from model.patient.cases import Case
from model.patient.naming import observable
from priors.codes import Code, load_codes

if TYPE_CHECKING:
    from priors.schema import KnowledgeBase

OURS: Final = "MILLET:"
"""Prefix of our own names where no vocabulary has a code."""

SEXES: Final = {"female": "FEMALE", "male": "MALE"}
NUMBERED_SEXES: Final = ("UNKNOWN_SEX", "FEMALE", "MALE", "OTHER_SEX")
"""The schema numbers its enumerations, and JSON may hold the number."""

HUMAN: Final = ("", "NCBITaxon:9606")


@dataclass(frozen=True, slots=True)
class Read:
    """A case, and what of the packet it does not hold."""

    case: Case
    notes: tuple[str, ...]


def from_phenopacket(
    packet: Mapping[str, Any], knowledge: KnowledgeBase, *, name: str = "phenopacket"
) -> Read:
    """
    The case in a phenopacket, or in the one that a family is about.

    Parameters
    ----------
    packet
        Content of a JSON file, in camelCase or snake_case.
    knowledge
        Gives names and states.
    name
        Identifier of a patient for whom the packet has none.

    Raises
    ------
    CaseFileError
        If it is none, holds several patients, has a value of the wrong type or a version that cannot be read, or is larger
        than a patient's; one line for each problem.

    Examples
    --------
    >>> from priors import load_knowledge_base
    >>> packet = {
    ...     "id": "A",
    ...     "subject": {"sex": "MALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P39Y6M"}}},
    ...     "phenotypicFeatures": [
    ...         {"type": {"id": "HP:0002315", "label": "Headache"}},
    ...         {"type": {"id": "HP:0010628", "label": "Facial palsy"}, "excluded": True},
    ...         {"type": {"id": "HP:0000023", "label": "Inguinal hernia"}},
    ...     ],
    ... }
    >>> read = from_phenopacket(packet, load_knowledge_base())
    >>> dict(read.case.findings)
    {'sex': 'male', 'age_years': 39.5, 'headache': 'present', 'facial_palsy': 'absent'}
    >>> read.notes
    ("packet A, HP:0000023 ('Inguinal hernia'): no finding of ours; not used",)
    """
    if kind_of_message(packet) is None:
        raise CaseFileError(
            f"phenopacket: found {shown(packet)}; allowed is an object with subject and metaData"
        )
    notes: list[str] = []
    packets = packets_in(packet, notes)
    if len(packets) != 1:
        raise CaseFileError(f"phenopacket: a cohort of {len(packets)}; read its members with read_patients")
    read = _Reader(packets[0], knowledge, name).read()
    return Read(read.case, (*notes, *read.notes))


class _Reader:
    """One packet, read part by part."""

    def __init__(self, packet: Mapping[str, Any], knowledge: KnowledgeBase, name: str) -> None:
        self.knowledge = knowledge
        self.problems: list[str] = []
        self.id = _identifier(packet) or name
        self.packet = Part(packet, f"packet {plain(self.id)}", self.problems)
        self.subject = self.packet.part("subject")
        self.codes: dict[str, list[Code]] = {}
        for code in load_codes(knowledge):
            self.codes.setdefault(code.code, []).append(code)
        self.observable = observable(knowledge)
        self.possible: dict[str, set[str]] = {}
        self.notes: list[str] = []

    def say(self, about: str, text: str) -> None:
        """Take down what was not used."""
        self.notes.append(f"packet {plain(self.id)}, {about}: {text}")

    def read(self) -> Read:
        """The case and the notes."""
        self.packet.text("id")
        check_version(self.packet)
        given = {**self._sex(), **self._age()}
        for item in self.packet.parts("phenotypicFeatures"):
            self._phenotype(item)
        for measurement in self.packet.parts("measurements"):
            self._measurement(measurement)
        truth, axes = self._disease()
        source = self._source()
        for part in self.packet.left():
            self.say(part, "not used")
        if self.problems:
            raise CaseFileError(*self.problems)
        findings = {**given, **{name: self._value(name, states) for name, states in self.possible.items()}}
        case = Case(
            self.id,
            findings,
            truth,
            ms_course=axes.get("ms_course"),
            ms_variant=axes.get("ms_variant"),
            source=source,
        )
        return Read(case, tuple(self.notes))

    def _sex(self) -> dict[str, object]:
        given = self.subject.content.get("sex")
        number = given if isinstance(given, int) and not isinstance(given, bool) else None
        if number is not None:
            is_known = 0 <= number < len(NUMBERED_SEXES)
            self.subject.content["sex"] = NUMBERED_SEXES[number] if is_known else str(number)
        sex = self.subject.text("sex")
        names = {theirs: ours for ours, theirs in SEXES.items()}
        if sex in names:
            return {"sex": names[sex]}
        if sex not in ("", NUMBERED_SEXES[0]):
            self.say("sex", f"{plain(sex)} is neither FEMALE nor MALE; not used")
        return {}

    def _age(self) -> dict[str, object]:
        age, unused = age_of(self.subject, self.knowledge.variables["age_years"].state_ids)
        self.subject.text("id")
        if unused:
            self.say("subject", unused)
        taxon, _ = _term(self.subject.part("taxonomy"), "")
        if taxon not in HUMAN:
            self.say("subject", f"{plain(taxon)} is not human; read as if it were")
        if extra := self.subject.left_within("alternateIds"):
            self.say("subject", f"{', '.join(extra)} not used")
        return {} if age is None else {"age_years": age}

    def _source(self) -> str:
        """Where the patient was published: external references of the metadata, the rest of which is about the file."""
        references = self.packet.part("metaData").parts("externalReferences")
        said = [[one.text(key) for key in ("id", "description", "reference")] for one in references]
        return "; ".join(filter(None, (" ".join(filter(None, one)) for one in said)))

    def _phenotype(self, item: Part) -> None:
        code, about = _term(item.part("type"), "an item without a code")
        is_excluded = item.flag("excluded", "negated")  # version 2 and version 1
        entries = [one for one in self.codes.get(code, []) if one.kind == "finding"]
        if not entries:
            self.say(about, "no finding of ours; not used")
            return
        for entry in entries:
            if is_excluded and entry.match != "exact":
                self.say(about, f"excluded, but narrower than {entry.id}: says nothing of it; not used")
            else:
                states = self.knowledge.variables[entry.id].state_ids
                rest = {state for state in states if state not in entry.states}
                self._known(entry.id, rest if is_excluded else set(entry.states), about)
        if extra := item.left_within():
            self.say(about, f"{', '.join(extra)} not used")

    def _measurement(self, measurement: Part) -> None:
        assay, about = _term(measurement.part("assay"), "a measurement without an assay")
        name = assay.removeprefix(OURS)
        value, _ = _term(measurement.part("value").part("ontologyClass"), "")
        states = set(value.removeprefix(OURS).split("|"))
        if assay == name or name not in self.observable or not value.startswith(OURS):
            self.say(about, "no finding of ours; not used")
        elif not states <= set(self.knowledge.variables[name].state_ids):
            self.say(plain(assay), f"{plain(value)} is no state of it; not used")
        else:
            self._known(name, states, plain(assay))
            if extra := measurement.left_within():
                self.say(plain(assay), f"{', '.join(extra)} not used")

    def _known(self, name: str, states: set[str], about: str) -> None:
        """Narrow down what is possible; what would leave nothing is not used."""
        both = self.possible.get(name, states) & states
        if both:
            self.possible[name] = both
        else:
            self.say(about, f"contradicts what was said of {name} before; not used")

    def _value(self, name: str, states: set[str]) -> str:
        return "|".join(state for state in self.knowledge.variables[name].state_ids if state in states)

    def _disease(self) -> tuple[str | None, dict[str, str]]:
        truth: str | None = None
        axes: dict[str, str] = {}
        for disease in self.packet.parts("diseases"):
            code, about = _term(disease.part("term"), "a disease without a code")
            is_excluded, stages = disease.flag("excluded"), disease.parts("diseaseStage")
            found = self._diagnosis(code)
            if is_excluded or found is None or truth is not None:
                self.say(about, "not used as the truth")
                continue
            truth = found
            for stage in stages:
                axis, _, state = _term(stage, "")[0].removeprefix(OURS).partition(".")
                if axis in ("ms_course", "ms_variant") and state in self.knowledge.variables[axis].state_ids:
                    axes[axis] = state
                else:
                    self.say(f"{about}, diseaseStage", "not used")
            if extra := disease.left_within():
                self.say(about, f"{', '.join(extra)} not used")
        return truth, axes

    def _diagnosis(self, code: str) -> str | None:
        name = code.removeprefix(OURS)
        if name != code:
            return name if name in self.knowledge.diagnoses else None
        entries = [one for one in self.codes.get(code, []) if one.kind == "diagnosis"]
        if entries and entries[0].match != "exact":
            self.say(code, f"read as {entries[0].id}; the match is {entries[0].match}")
        return entries[0].id if entries else None


def _identifier(packet: Mapping[str, Any]) -> str:
    """Identifier of the packet or of its subject; empty if neither has one."""
    subject = packet.get("subject")
    for one in (packet, subject if isinstance(subject, Mapping) else {}):
        if isinstance(name := one.get("id"), str) and name.strip():
            return name
    return ""


def _term(term: Part, without: str) -> tuple[str, str]:
    """Code of a term, and how notes call it."""
    code, label = term.text("id"), term.text("label")
    about = plain(code) if code else without
    return code, f"{about} ({plain(label)})" if label else about


__all__ = ["OURS", "SEXES", "Read", "from_phenopacket"]
