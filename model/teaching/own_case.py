"""
A case of an educator's own: a patient with vignette, pictures and teaching points; written to a file and read back.

Knows: cases, files. Must not know: screens, links.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from model.errors import CaseFileError, EvidenceError, plain
from model.patient.cases import FORM, OWN_PARTS, Case, known_form, read_cases

MAX_MEGABYTES: Final = 5
MAX_PICTURES: Final = 8
MAX_FILE: Final = 60_000_000
SIGNS: Final = {
    "image/png": (0, b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": (0, b"\xff\xd8\xff"),
    "image/gif": (0, b"GIF8"),
    "image/webp": (8, b"WEBP"),
}
"""Kind of picture -> where its sign stands, and the sign."""

CASE_PARTS: Final = ("id", "findings", "truth", "confirmatory", "proven_by", "source")


@dataclass(frozen=True, slots=True)
class Picture:
    """
    A picture that has been checked, see `picture`.

    Parameters
    ----------
    name, kind, data
        Name of its file, such as ``image/png``, and its bytes.
    """

    name: str
    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class OwnCase:
    """
    A case with what an educator adds.

    Parameters
    ----------
    case
        Title, findings, truth, proof and source.
    vignette
        What is told at the door.
    points
        What is to be learnt.
    pictures
        Shown at the door as well; they stand in the file, never in a link.
    """

    case: Case
    vignette: str = ""
    points: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


def picture(data: bytes, name: str) -> Picture:
    """
    A picture, if it is one.

    Raises
    ------
    EvidenceError
        If it is none that browsers show, or larger than `MAX_MEGABYTES`.

    Examples
    --------
    >>> picture(b"GIF89a...", "a.gif").kind
    'image/gif'
    """
    where = plain(name)
    if len(data) > MAX_MEGABYTES * 1_000_000:
        raise EvidenceError(
            f"{where}: {len(data) / 1e6:.1f} MB; a picture has at most {MAX_MEGABYTES} MB; make it smaller"
        )
    for kind, (place, sign) in SIGNS.items():
        if data[place : place + len(sign)] == sign:
            return Picture(name, kind, data)
    raise EvidenceError(f"{where}: no picture; PNG, JPEG, GIF and WebP are read; choose such a file")


def content(own: OwnCase) -> dict[str, object]:
    """What a link holds of the case: everything but the pictures; empty parts are left out."""
    case = own.case
    parts: dict[str, object] = {name: getattr(case, name) for name in CASE_PARTS}
    parts |= {"findings": dict(case.findings), "confirmatory": list(case.confirmatory)}
    parts |= {"vignette": own.vignette, "points": list(own.points)}
    return {"form": FORM} | {name: part for name, part in parts.items() if part or name == "findings"}


def written(own: OwnCase) -> str:
    """The case as a file: JSON, pictures in it as text."""
    pictures = [
        {"name": one.name, "data": base64.b64encode(one.data).decode("ascii")} for one in own.pictures
    ]
    return json.dumps(content(own) | {"pictures": pictures}, indent=1, ensure_ascii=False)


def read_own_case(given: bytes, where: str) -> OwnCase:
    """
    The case of a file that `written` wrote.

    Raises
    ------
    MilletError
        If it is no such file, or of another form; one line for each problem, which begins with `where`.
    """
    if len(given) > MAX_FILE:
        raise CaseFileError(
            f"{plain(where)}: {len(given) / 1e6:.0f} MB; a case has at most {MAX_FILE / 1e6:.0f} MB; take pictures away"
        )
    try:
        found = json.loads(given.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise CaseFileError(f"{plain(where)}: no case; a file that this screen gave is needed")
    return own_case(found, where)


def own_case(given: Mapping[str, object], where: str) -> OwnCase:
    """
    The case of parsed content, see `content`.

    Raises
    ------
    MilletError
        As `read_own_case`.
    """
    known_form(given, plain(where))
    [case] = read_cases({name: part for name, part in given.items() if name not in OWN_PARTS})
    vignette, points, pictures = given.get("vignette", ""), given.get("points", []), given.get("pictures", [])
    if not isinstance(vignette, str) or not _are(points, str) or not _are(pictures, dict):
        raise CaseFileError(
            f"{plain(where)}: vignette, points or pictures cannot be read; write the file anew"
        )
    given_pictures = cast("list[dict[str, object]]", pictures)
    if (n := len(given_pictures)) > MAX_PICTURES:
        raise CaseFileError(
            f"{plain(where)}: {n} pictures; a case has at most {MAX_PICTURES}; take some away"
        )
    kept = tuple(_picture(one, where) for one in given_pictures)
    return OwnCase(case, vignette, tuple(cast("list[str]", points)), kept)


def _are(given: object, kind: type) -> bool:
    return isinstance(given, list) and all(isinstance(one, kind) for one in given)


def _picture(given: Mapping[str, object], where: str) -> Picture:
    try:
        data = base64.b64decode(str(given.get("data", "")), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    return picture(data, str(given.get("name", where)))


__all__ = [
    "FORM",
    "MAX_MEGABYTES",
    "MAX_PICTURES",
    "OwnCase",
    "Picture",
    "content",
    "own_case",
    "picture",
    "read_own_case",
    "written",
]
