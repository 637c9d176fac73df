"""
The patient in a GA4GH phenopacket (version 2): exact and narrower codes are taken, the rest is in the notes.

Knows: the shape of a phenopacket, the codes. Must not know: probabilities.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any, Final

from model.errors import CaseFileError, plain, shown
from model.exchange.phenopacket_write import OURS, SEXES
from model.patient.cases import Case, read_cases
from priors.codes import Code, load_codes

if TYPE_CHECKING:
    from priors.schema import KnowledgeBase

MAX_ITEMS: Final = 5000
"""A packet with more phenotypes or measurements is refused."""

PERIOD: Final = re.compile(
    r"P(?=\d|T\d)(?:(\d{1,3}(?:\.\d+)?)Y)?(?:(\d{1,4}(?:\.\d+)?)M)?(?:(\d{1,4}(?:\.\d+)?)W)?(?:(\d{1,5}(?:\.\d+)?)D)?(?:T[\dHMS.]*)?"
)
"""Years, months, weeks, days of an ISO 8601 duration; hours and less are read and do not count."""

_BIN: Final = re.compile(r"_(\d+)_(\d+)$")

UNUSED: Final = ("biosamples", "interpretations", "medicalActions", "files")


@dataclass(frozen=True, slots=True)
class Read:
    """A case, and what of the packet it does not hold."""

    case: Case
    notes: tuple[str, ...]


def is_phenopacket(content: object) -> bool:
    """
    Whether the content of a JSON file is a phenopacket rather than a case.

    Examples
    --------
    >>> is_phenopacket({"id": "A", "metaData": {}}), is_phenopacket({"id": "A", "findings": {}})
    (True, False)
    """
    keys = {"metaData", "phenotypicFeatures", "subject"}
    return isinstance(content, Mapping) and "findings" not in content and bool(keys & set(content))


def from_phenopacket(packet: Mapping[str, Any], knowledge: KnowledgeBase) -> Read:
    """
    The case in a phenopacket.

    Raises
    ------
    CaseFileError
        If it is none, or larger than a patient's.

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
    if not is_phenopacket(packet):
        raise CaseFileError(
            f"phenopacket: found {shown(packet)}; allowed is an object with subject and metaData"
        )
    return _Reader(packet, knowledge).read()


class _Reader:
    """One packet, read part by part."""

    def __init__(self, packet: Mapping[str, Any], knowledge: KnowledgeBase) -> None:
        self.packet, self.knowledge = packet, knowledge
        subject = _object(packet.get("subject"))
        identifier = packet.get("id") or subject.get("id")
        self.subject = subject
        self.id = identifier if isinstance(identifier, str) and identifier.strip() else "phenopacket"
        self.codes: dict[str, list[Code]] = {}
        for code in load_codes(knowledge):
            self.codes.setdefault(code.code, []).append(code)
        self.possible: dict[str, set[str]] = {}
        self.notes: list[str] = []

    def say(self, about: str, text: str) -> None:
        """Take down what was not used."""
        self.notes.append(f"packet {plain(self.id)}, {about}: {text}")

    def read(self) -> Read:
        """The case and the notes."""
        given = {**self._sex(), **self._age()}
        for item in self._items("phenotypicFeatures"):
            self._phenotype(item)
        for measurement in self._items("measurements"):
            self._measurement(measurement)
        truth, axes = self._disease()
        for part in UNUSED:
            if self.packet.get(part):
                self.say(part, "not used")
        findings = {**given, **{name: self._value(name, states) for name, states in self.possible.items()}}
        references = _object(self.packet.get("metaData")).get("externalReferences")
        sources = [_text(_object(one).get("description")) for one in _list(references)]
        case = Case(
            self.id,
            findings,
            truth,
            ms_course=axes.get("ms_course"),
            ms_variant=axes.get("ms_variant"),
            source="; ".join(filter(None, sources)),
        )
        return Read(case, tuple(self.notes))

    def _items(self, part: str) -> list[Mapping[str, Any]]:
        found = _list(self.packet.get(part))
        if len(found) > MAX_ITEMS:
            raise CaseFileError(
                f"packet {plain(self.id)}, {part}: {len(found)} items; at most {MAX_ITEMS} are allowed; split it"
            )
        return [_object(one) for one in found]

    def _sex(self) -> dict[str, object]:
        sex = self.subject.get("sex")
        names = {theirs: ours for ours, theirs in SEXES.items()}
        if sex in (None, "UNKNOWN_SEX", 0):
            return {}
        if isinstance(sex, str) and sex in names:
            return {"sex": names[sex]}
        self.say("sex", f"{plain(sex)} is neither FEMALE nor MALE; not used")
        return {}

    def _age(self) -> dict[str, object]:
        time = _object(self.subject.get("timeAtLastEncounter"))
        if not time:
            return {}
        if (years := _read_period(_object(time.get("age")).get("iso8601duration"))) is not None:
            return {"age_years": years}
        span = _object(time.get("ageRange"))
        ends = [_read_period(_object(span.get(end)).get("iso8601duration")) for end in ("start", "end")]
        if ends[0] is not None and ends[1] is not None:
            inside = [
                state
                for state in self.knowledge.variables["age_years"].state_ids
                if (bound := _BIN.search(state)) and float(bound[1]) <= ends[1] and ends[0] < float(bound[2])
            ]
            if inside:
                return {"age_years": "|".join(inside)}
        self.say("timeAtLastEncounter", "no age as an ISO 8601 duration such as P39Y; not used")
        return {}

    def _phenotype(self, item: Mapping[str, Any]) -> None:
        term = _object(item.get("type"))
        code = _text(term.get("id"))
        about = plain(code) if code else "an item without a code"
        if label := _text(term.get("label")):
            about += f" ({plain(label)})"
        entries = [one for one in self.codes.get(code, []) if one.kind == "finding"]
        if not entries:
            self.say(about, "no finding of ours; not used")
            return
        is_excluded = item.get("excluded") is True
        for entry in entries:
            if is_excluded and entry.match != "exact":
                self.say(about, f"excluded, but narrower than {entry.id}: says nothing of it; not used")
            else:
                states = self.knowledge.variables[entry.id].state_ids
                rest = {state for state in states if state not in entry.states}
                self._known(entry.id, rest if is_excluded else set(entry.states), about)
        if extra := [key for key in ("severity", "modifiers", "onset", "resolution") if item.get(key)]:
            self.say(about, f"{', '.join(extra)} not used")

    def _measurement(self, measurement: Mapping[str, Any]) -> None:
        assay = _text(_object(measurement.get("assay")).get("id"))
        name = assay.removeprefix(OURS)
        value = _text(_object(_object(measurement.get("value")).get("ontologyClass")).get("id"))
        states = set(value.removeprefix(OURS).split("|"))
        if assay == name or name not in self.knowledge.variables or not value.startswith(OURS):
            about = plain(assay) if assay else "a measurement without an assay"
            self.say(about, "no finding of ours; not used")
        elif not states <= set(self.knowledge.variables[name].state_ids):
            self.say(plain(assay), f"{plain(value)} is no state of it; not used")
        else:
            self._known(name, states, plain(assay))

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
        for disease in self._items("diseases"):
            code = _text(_object(disease.get("term")).get("id"))
            found = self._diagnosis(code)
            if disease.get("excluded") is True or found is None or truth is not None:
                self.say(plain(code) if code else "a disease without a code", "not used as the truth")
                continue
            truth = found
            for stage in _list(disease.get("diseaseStage")):
                axis, _, state = _text(_object(stage).get("id")).removeprefix(OURS).partition(".")
                if axis in ("ms_course", "ms_variant") and state in self.knowledge.variables[axis].state_ids:
                    axes[axis] = state
                else:
                    self.say(f"{plain(code)}, diseaseStage", "not used")
        return truth, axes

    def _diagnosis(self, code: str) -> str | None:
        name = code.removeprefix(OURS)
        if name != code:
            return name if name in self.knowledge.diagnoses else None
        entries = [one for one in self.codes.get(code, []) if one.kind == "diagnosis"]
        if entries and entries[0].match != "exact":
            self.say(code, f"read as {entries[0].id}; the match is {entries[0].match}")
        return entries[0].id if entries else None


def read_patients(text: str, knowledge: KnowledgeBase) -> tuple[list[Case], tuple[str, ...]]:
    """
    Cases of a text that holds a case file, a phenopacket, or a list of phenopackets; and notes on what was not used.

    Raises
    ------
    CaseFileError
        If it is neither.
    """
    try:
        content = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return read_cases(StringIO(text)), ()  # which says what is wrong, and where
    packets = content if isinstance(content, list) else [content]
    if not packets or not all(map(is_phenopacket, packets)):
        return read_cases(StringIO(text)), ()
    read = [from_phenopacket(packet, knowledge) for packet in packets]
    return read_cases([one.case for one in read]), tuple(note for one in read for note in one.notes)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _read_period(text: object) -> float | None:
    """
    Years of an ISO 8601 duration; None for anything else, or more than an age.

    Examples
    --------
    >>> _read_period("P39Y"), _read_period("P25Y6M"), _read_period("P26W"), _read_period("39"), _read_period("P")
    (39.0, 25.5, 0.498, None, None)
    """
    found = PERIOD.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return None
    years, months, weeks, days = (float(part or 0) for part in found.groups())
    age = years + months / 12 + (7 * weeks + days) / 365.25
    return round(age, 3) if age <= 120 else None


__all__ = ["Read", "from_phenopacket", "is_phenopacket", "read_patients"]
