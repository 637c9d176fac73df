"""
Case files: JSON in, `Case` records out.

Knows: which keys a case has and what JSON allows. Must not know: which findings exist (that is
`model.patient.evidence`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from model.errors import CaseFileError, plain, shown, unknown_name
from model.patient.source import Given, source_of
from priors.frozen import Frozen

FindingValue = object
"""A state, "a|b", a list of states, a mapping state -> weight, an age, or None for "not assessed"."""

CASE_KEYS = (
    "id", "source", "truth", "ms_course", "ms_variant", "proven_by", "findings", "confirmatory", "note",
)  # fmt: skip

FORM = 1
"""Number of the form in which the screen Teach writes a case; another one is refused, not guessed."""

OWN_PARTS = ("form", "vignette", "points", "pictures")
"""What a case of the screen Teach has beside the keys of a case."""


@dataclass(frozen=True, slots=True)
class Case:
    """
    One patient: what is known, and, for teaching and scoring, what it turned out to be.

    Parameters
    ----------
    id
        Name of the case in every message and table.
    findings
        Finding -> state, ``"a|b"``, list of possible states, mapping state -> weight, age in years, or None.
    truth
        A leaf, a table row, ``multiple_sclerosis`` or ``other``; None if unknown.
    ms_course, ms_variant
        The true course and variant; never used as evidence (put them among the findings for that).
    confirmatory
        Findings that proved the diagnosis; `without_confirmatory` takes them away.
    """

    id: str
    findings: Mapping[str, FindingValue] = field(default_factory=dict)
    truth: str | None = None
    ms_course: str | None = None
    ms_variant: str | None = None
    confirmatory: tuple[str, ...] = ()
    source: str = ""
    proven_by: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "findings", Frozen(dict(self.findings)))

    def without_confirmatory(self) -> Case:
        """
        The case as it stood before the diagnosis was proven.

        Examples
        --------
        >>> case = Case("H1", {"fever": "present", "anaemia": "absent"}, confirmatory=("anaemia",))
        >>> dict(case.without_confirmatory().findings)
        {'fever': 'present'}
        """
        return replace(self, findings={k: v for k, v in self.findings.items() if k not in self.confirmatory})


def read_cases(source: Given | Mapping[str, object] | Sequence[object]) -> list[Case]:
    """
    Cases of a case file, of standard input, of JSON text or of Python objects; `read_patients` reads other files, too.

    Parameters
    ----------
    source
        A path; ``"-"`` for standard input; JSON text (a string that starts with ``{`` or ``[``); the bytes of a file; an
        open file; or a mapping or a list of mappings with the keys of a case file. Only ``findings`` is required.

    Raises
    ------
    CaseFileError
        If it cannot be read, is no JSON, holds no case, or a case has an unknown key or a value of the wrong
        type; one line for every problem.

    Examples
    --------
    >>> [case] = read_cases('{"id": "H1", "findings": {"age_years": 39, "sex": "male"}}')
    >>> case.id, dict(case.findings)
    ('H1', {'age_years': 39, 'sex': 'male'})
    """
    if isinstance(source, (Mapping, Sequence)) and not isinstance(source, (str, bytes)):
        return cases_in(source, "cases")
    given = source_of(source)
    return cases_in(parsed(given.name, given.whole_text()), given.name)


def cases_in(content: object, where: str) -> list[Case]:
    """
    Cases of the parsed content of a case file.

    Parameters
    ----------
    content
        A mapping with the keys of a case, or a list of these or of `Case` records.
    where
        How a message about the whole begins.

    Raises
    ------
    CaseFileError
        See `read_cases`.
    """
    items = [content] if isinstance(content, Mapping) else content
    if isinstance(items, (str, bytes)) or not isinstance(items, Sequence):
        found = json.dumps(items) if items is None or isinstance(items, bool) else shown(items)
        raise CaseFileError(f"{where}: found {found}; a case file holds one JSON object or a list of them")
    if not items:
        raise CaseFileError(f"{where}: the list of cases is empty; give at least one case")
    problems: list[str] = []
    cases = [_case(item, number, problems) for number, item in enumerate(items, start=1)]
    problems += _repeated(case.id for case in cases)
    if problems:
        raise CaseFileError(*problems)
    return cases


def without_own_parts(item: Mapping[str, object], where: str, notes: list[str]) -> Mapping[str, object]:
    """
    A case of the screen Teach without what only that screen shows; what is left out is noted.

    Raises
    ------
    CaseFileError
        If it was written in another form.
    """
    if not any(part in item for part in OWN_PARTS):
        return item
    known_form(item, where)
    if left := [part for part in OWN_PARTS[1:] if item.get(part)]:
        notes.append(f"{where}: {', '.join(left)} not used; the screen Teach opens the file with them")
    return {name: value for name, value in item.items() if name not in OWN_PARTS}


def known_form(item: Mapping[str, object], where: str) -> None:
    """
    Refuse a case that was written in another form.

    Raises
    ------
    CaseFileError
        If it says so.
    """
    form = item.get("form", FORM)
    if form != FORM:
        raise CaseFileError(
            f"{where}: written by another version of Millet (form {plain(str(form)[:20])}); this one reads form "
            f"{FORM}; open it with that version"
        )


def parsed(where: str, text: str) -> object:
    """
    Content of a JSON text, or, of JSON lines, the list of them.

    Raises
    ------
    CaseFileError
        If it is none; also where an object has a key twice, of which Python would silently keep the last one, where a number
        is NaN or infinite, and where a text holds half a character.
    """
    whole = text.lstrip("\ufeff")
    if not whole.strip():
        raise CaseFileError(f"{where}: empty; a case file holds one JSON object or a list of them")
    try:
        return _loaded(where, whole)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise _not_json(
                f"{where}: not JSON at line {error.lineno}, column {error.colno}", error
            ) from None
        if "\n" in whole[: error.pos].strip() or error.lineno == 1:
            raise CaseFileError(
                f"{where}: a second JSON text begins at line {error.lineno}, column {error.colno}; put all into one list "
                "[..., ...], or each into one line of its own"
            ) from None
    return _of_lines(where, whole.splitlines())


def _of_lines(where: str, lines: Sequence[str]) -> list[object]:
    """Content of every line that is not empty."""
    found: list[object] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                found.append(_loaded(f"{where}, line {number}", line))
            except json.JSONDecodeError as error:
                raise _not_json(f"{where}: not JSON at line {number}, column {error.colno}", error) from None
    return found


def _not_json(at: str, error: json.JSONDecodeError) -> CaseFileError:
    return CaseFileError(f"{at} ({error.msg}); correct it there")


def _loaded(where: str, text: str) -> object:
    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(found := dict(pairs)) < len(pairs):
            keys = [key for key, _ in pairs]
            names = ", ".join(plain(key) for key in sorted(found) if keys.count(key) > 1)
            raise CaseFileError(f"{where}: key given twice in one object: {names}; keep one of them")
        return found

    def no_number(name: str) -> object:
        raise CaseFileError(f"{where}: found {name}, which is no JSON; write null for what is not known")

    try:
        content: object = json.loads(text, object_pairs_hook=unique, parse_constant=no_number)
        if "\\u" in text:
            json.dumps(content, ensure_ascii=False).encode()
    except RecursionError:
        raise CaseFileError(f"{where}: nested too deeply; a case has at most three levels") from None
    except UnicodeEncodeError as error:
        half = ascii(error.object[error.start])[1:-1]
        raise CaseFileError(f"{where}: found {half}, half a character; write the whole one") from None
    except (json.JSONDecodeError, CaseFileError):
        raise
    except ValueError:
        raise CaseFileError(f"{where}: a number has too many digits; shorten it") from None
    return content


def _case(item: object, number: int, problems: list[str]) -> Case:
    """One case; what is wrong with it is appended to `problems`."""
    if isinstance(item, Case):
        return item
    where = f"case {number}"
    if not isinstance(item, Mapping):
        problems.append(f'{where}: found {shown(item)}; a case is an object such as {{"findings": {{...}}}}')
        return Case(f"case_{number}")
    identifier = _identifier(item.get("id"), number, problems)
    where = f"case {plain(identifier)}"
    problems += [unknown_name(where, "key", key, CASE_KEYS) for key in item if key not in CASE_KEYS]
    texts = {key: _text(item.get(key), key, where, problems) for key in CASE_KEYS if key not in _STRUCTURED}
    return Case(
        id=identifier,
        findings=_findings(item, where, problems),
        truth=texts["truth"],
        ms_course=texts["ms_course"],
        ms_variant=texts["ms_variant"],
        confirmatory=_names(item.get("confirmatory"), where, problems),
        source=texts["source"] or "",
        proven_by=texts["proven_by"] or "",
        note=texts["note"] or "",
    )


_STRUCTURED = ("id", "findings", "confirmatory")


def _identifier(value: object, number: int, problems: list[str]) -> str:
    if value is None:
        return f"case_{number}"
    if isinstance(value, int) and not isinstance(value, bool):
        return shown(value)
    if isinstance(value, str) and value.strip():
        return value.strip()
    problems.append(f"case {number}, id: found {shown(value)}; an id is a text; give one or leave it out")
    return f"case_{number}"


def _findings(item: Mapping[object, object], where: str, problems: list[str]) -> dict[str, FindingValue]:
    if "findings" not in item:
        problems.append(
            f'{where}: findings is missing; write "findings": {{}} for a patient of whom nothing is known'
        )
        return {}
    value = item["findings"]
    if not isinstance(value, Mapping):
        problems.append(f"{where}, findings: found {shown(value)}; allowed is an object finding -> state")
        return {}
    if wrong := [name for name in value if not isinstance(name, str)]:
        problems.append(
            f"{where}, findings: found the name {shown(wrong[0])}; the name of a finding is a text"
        )
    return {name: state for name, state in value.items() if isinstance(name, str)}


def _text(value: object, key: str, where: str, problems: list[str]) -> str | None:
    if value is not None and not isinstance(value, str):
        problems.append(f"{where}, {key}: found {shown(value)}; allowed is a text or null")
        return None
    return value or None


def _names(value: object, where: str, problems: list[str]) -> tuple[str, ...]:
    if value is None:
        return ()
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    if not is_list or not all(isinstance(name, str) for name in value):  # type: ignore[attr-defined]
        problems.append(f"{where}, confirmatory: found {shown(value)}; allowed is a list of findings")
        return ()
    return tuple(value)  # type: ignore[arg-type]


def _repeated(ids: Iterable[str]) -> list[str]:
    seen: dict[str, int] = {}
    for identifier in ids:
        seen[identifier] = seen.get(identifier, 0) + 1
    return [
        f"case {plain(name)}: {n} cases have this id; give each its own" for name, n in seen.items() if n > 1
    ]


__all__ = [
    "CASE_KEYS", "FORM", "OWN_PARTS", "Case", "FindingValue", "cases_in", "known_form", "parsed", "read_cases",
    "without_own_parts",
]  # fmt: skip
