"""
The single phenopackets in a message of the schema: itself, the proband of a family, the members of a cohort.

Knows: the shapes of versions 1 and 2 of the schema. Must not know: findings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from model.errors import CaseFileError, plain, shown
from model.intake.message import Part, camel

PACKET: Final = frozenset(
    {
        *("subject", "phenotypicFeatures", "measurements", "biosamples", "interpretations", "diseases"),
        *("medicalActions", "metaData", "genes", "variants", "htsFiles"),
    }
)
"""Keys of a phenopacket, of either version."""

KINDS: Final = (
    ("family", frozenset({"proband", "relatives", "pedigree", "consanguinousParents"})),
    ("cohort", frozenset({"members"})),
    ("interpretation", frozenset({"phenopacket", "family"})),
    ("packet", PACKET),
)
"""Message -> keys of which it has one and those behind it have none."""

VERSION: Final = re.compile(r"v?([12])(\.\d+)*([-.]?(rc|beta|alpha)[-.]?\d*)?", re.IGNORECASE)


def kind_of_message(content: object) -> str | None:
    """
    What message of the schema this is; None for a case or anything else.

    Examples
    --------
    >>> kind_of_message({"id": "A", "meta_data": {}}), kind_of_message({"members": []}), kind_of_message({"findings": {}})
    ('packet', 'cohort', None)
    """
    if not isinstance(content, Mapping) or "findings" in content:
        return None
    keys = {camel(str(key)) for key in content}
    return next((kind for kind, names in KINDS if keys & names), None)


def check_version(part: Part) -> None:
    """Note as a problem a version of the schema that is neither 1 nor 2; without a version both are read."""
    meta = part.part("metaData")
    version = meta.text("phenopacketSchemaVersion")
    if version and not VERSION.fullmatch(version.strip()):
        part.problems.append(
            f"{meta.where}, phenopacketSchemaVersion: found {shown(version)}; versions 1 and 2 can be read; "
            "convert the packet to version 2"
        )


def packets_in(content: Mapping[str, Any], notes: list[str]) -> list[Mapping[str, Any]]:
    """
    The packets of a message, each of which is one patient; what else it holds is noted.

    Raises
    ------
    CaseFileError
        If a family has no proband, a cohort no members, or a value has the wrong type.
    """
    kind = kind_of_message(content)
    if kind == "packet":
        return [content]
    problems: list[str] = []
    whole = Part(content, f"{kind} {plain(_name(content))}", problems)
    whole.text("id")
    check_version(whole)
    if kind == "cohort":
        inside = whole.parts("members")
        if not inside:
            problems.append(
                f"{whole.where}, members: none; a cohort is read as its members; give at least one"
            )
    else:
        key = "proband" if kind == "family" else "phenopacket" if "phenopacket" in whole.content else "family"
        inside = [whole.part(key)]
        if not inside[0]:
            problems.append(f"{whole.where}, {key}: missing; it is the patient who is read; give it")
    for relative in whole.parts("relatives") if kind == "family" else ():
        name = plain(relative.text("id") or relative.part("subject").text("id") or "without id")
        notes.append(f"{whole.where}, relative {name}: another patient; not used")
    notes += [f"{whole.where}, {key}: not used" for key in whole.left()]
    if problems:
        raise CaseFileError(*problems)
    return [packet for one in inside for packet in _unfolded(one, notes)]


def _unfolded(one: Part, notes: list[str]) -> list[Mapping[str, Any]]:
    if kind_of_message(one.content) is None:
        raise CaseFileError(
            f"{one.where}: found {shown(one.content)}; allowed is a phenopacket with subject and metaData"
        )
    return packets_in(one.content, notes)


def _name(content: Mapping[str, Any]) -> str:
    name = content.get("id")
    return name if isinstance(name, str) and name.strip() else "without id"


__all__ = ["check_version", "kind_of_message", "packets_in"]
