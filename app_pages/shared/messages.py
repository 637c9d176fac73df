"""
What the library says to its user, in the language of the session.

The library speaks English. A table beside the texts (`errors.de.toml`) holds each of its sentences as it writes them, with
blanks, and the same sentence in another language: ``messages`` after the place, ``places`` for each step of the place before
it, ``parts`` for what may stand in a blank. What has no pattern is shown as the library wrote it: nothing is lost.

Knows: patterns. Must not know: what goes wrong where.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final, cast

from app_pages.shared.texts import FILES, language

BLANK: Final = re.compile(r"\{(\w+)\}")

# Blank -> what it may hold; any other holds any text.
KINDS: Final = {"n": r"[\d.,]*\d", "m": r"[\d.,]*\d", "keys": r"[\w.]+(?:, [\w.]+)*"}

PLACE: Final = "(?:(?P<place>.+?): )?"

# How it ends (few lines do: most patterns need not be tried), the pattern, and what is said instead.
Patterns = Sequence[tuple[str, re.Pattern[str], str]]


def told(line: str) -> str:
    """One line of an error or a note, in the language of the session."""
    return in_language(line, language())


def told_all(lines: Iterable[str]) -> list[str]:
    """Several lines, see `told`."""
    return [told(line) for line in lines]


def in_language(line: str, spoken: str) -> str:
    """
    One line of the library in another language; as it is where no pattern fits.

    Parameters
    ----------
    line
        ``where: what was found; what is allowed; what to do``, with or without the place.
    spoken
        One of the languages of the texts.

    Examples
    --------
    >>> in_language("cases.json, case H1: unknown state x; allowed: female, male", "de")
    'cases.json, Fall H1: unbekannte Ausprägung x; erlaubt: female, male'
    >>> in_language("nothing we know of", "de")
    'nothing we know of'
    """
    return _told(line, spoken, "messages")


def _told(text: str, spoken: str, section: str) -> str:
    """A line, or a part of one, if the table has it; else as it is."""
    fitting = _fitting(text, spoken, section)
    return text if fitting is None else _filled(*fitting, spoken)


def _fitting(text: str, spoken: str, section: str) -> tuple[re.Match[str], str] | None:
    """The pattern that fits, and what is said instead; None if there is none."""
    matches = (
        (pattern.fullmatch(text), said)
        for end, pattern, said in _patterns(spoken, section)
        if text.endswith(end)
    )
    return next(((found, said) for found, said in matches if found), None)


def _filled(given: re.Match[str], said: str, spoken: str) -> str:
    blanks = given.groupdict()
    steps = (blanks.get("place") or "").split(", ")
    place = ", ".join(_told(step, spoken, "places") for step in steps)
    lists = cast("Mapping[str, tuple[str, str]]", _table(spoken).get("lists", {}))

    def blank(found: re.Match[str]) -> str:
        name = found[1]
        value = _told(blanks[name], spoken, "parts")
        return value.replace(*lists[name]) if name in lists else value

    return (f"{place}: " if place else "") + BLANK.sub(blank, said)


@cache
def _patterns(spoken: str, section: str) -> Patterns:
    """The patterns of a section; those that say most by themselves come first, for they fit least else."""
    table = cast("Mapping[str, str]", _table(spoken).get(section, {}))
    ordered = sorted(table, key=lambda template: -len(BLANK.sub("", template)))
    before = PLACE if section == "messages" else ""
    return [
        (BLANK.split(template)[-1], re.compile(before + pattern_of(template), re.DOTALL), table[template])
        for template in ordered
    ]


def pattern_of(template: str) -> str:
    r"""
    The regular expression of an English template.

    Examples
    --------
    >>> pattern_of("line {n}")
    'line\\ (?P<n>[\\d.,]*\\d)'
    """
    pieces = BLANK.split(template)
    return "".join(
        f"(?P<{piece}>{KINDS.get(piece, '.+?')})" if i % 2 else re.escape(piece)
        for i, piece in enumerate(pieces)
    )


@cache
def _table(spoken: str) -> Mapping[str, Mapping[str, object]]:
    file = FILES[spoken]
    with file.with_name(file.name.replace("texts", "errors")).open("rb") as opened:
        return tomllib.load(opened)
