"""
Age and sex of the patient, from how a text introduces him or her.

Knows: patterns of ages, words for persons. Must not know: diseases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from model.reading.lexicon import Lexicon
from model.reading.sentence import Sentence
from priors.reading_schema import Pattern

OLDEST: Final = 120
AGES: Final = ("years", "months", "weeks", "decade", "word")
_MONTHS, _WEEKS = 12, 52.18
_NUMERALS: Final = (
    "ein",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
)
_TENS: Final = (
    "tw",
    "th",
    "fo",
    "fi",
    "si",
    "se",
    "ei",
    "zwanzig",
    "dreißig",
    "vierzig",
    "fünfzig",
    "sechzig",
    "siebzig",
    "achtzig",
)
_AGE_BIN: Final = re.compile(r"age_(\d+)_(\d+)")
_NEAR: Final = 25
"""A relative who is named within so many characters of an age owns it."""


class Said(NamedTuple):
    """
    What characters `start` to before `end` of the cleaned text say of age or sex.

    Parameters
    ----------
    number
        Age in years; None where `states` says it.
    """

    finding: str
    number: float | None
    states: tuple[str, ...]
    start: int
    end: int
    rule: str


def age(text: str, sentences: Sequence[Sentence], lexicon: Lexicon, age_id: str) -> Iterator[Said]:
    """The first age that is said of no relative."""
    lowered = text.lower()
    places = [
        (match.start(), pattern, match)
        for pattern in lexicon.patterns
        if pattern.kind in AGES
        for match in _compiled(pattern.pattern).finditer(lowered)
        if not _is_of_relative(match, sentences)
    ]
    for start, pattern, match in sorted(places, key=lambda place: place[0]):
        number, states = _value(pattern, match, lexicon.knowledge.variables[age_id].state_ids)
        if states or (number is not None and number <= OLDEST):
            yield Said(age_id, number, states, start, match.end(), pattern.id)
            return


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _is_of_relative(match: re.Match[str], sentences: Sequence[Sentence]) -> bool:
    for sentence in sentences:
        for scope in sentence.scopes:
            if scope.category == "relative":
                start, end = sentence.words.starts[scope.start], sentence.words.ends[scope.end - 1]
                if (
                    start - _NEAR <= match.end()
                    and end >= match.start() - _NEAR // 2
                    and start < match.end() + 12
                ):
                    return True
    return False


def _value(
    pattern: Pattern, match: re.Match[str], bins: Sequence[str]
) -> tuple[float | None, tuple[str, ...]]:
    """The age as a number, or the bins of a decade."""
    if pattern.kind == "decade":
        return None, _decade(match, bins)
    if pattern.kind == "word":
        return float(_NUMERALS.index(match["w"]) + 1), ()
    number = float(match["n"])
    return round(number / {"years": 1, "months": _MONTHS, "weeks": _WEEKS}[pattern.kind], 2), ()


def _decade(match: re.Match[str], bins: Sequence[str]) -> tuple[str, ...]:
    groups = match.groupdict()
    if groups.get("n"):
        first = 10 * int(groups["n"])
    else:
        place = next(i for i, begin in enumerate(_TENS) if match["w"].startswith(begin))
        first = 10 * (place % 7 + 2)
    part = (groups.get("p") or "").strip(" -")
    low, high = {"early": (0, 5), "mid": (3, 8), "late": (5, 10)}.get(part, (0, 10))
    ends = {name: found for name in bins if (found := _AGE_BIN.fullmatch(name))}
    return tuple(name for name, e in ends.items() if int(e[1]) < first + high and first + low < int(e[2]))


def sex(text: str, sentences: Sequence[Sentence], lexicon: Lexicon, sex_id: str) -> Iterator[Said]:
    """The first word that says whether the patient is a woman or a man; pronouns if they agree and there is no other."""
    del lexicon
    found: list[Said] = []
    for sentence in sentences:
        others = [scope.start for scope in sentence.scopes if scope.category in ("relative", "general")]
        for name, state, is_strong in (
            ("person_female", "female", True),
            ("person_male", "male", True),
            ("person_male_weak", "male", False),
            ("she", "female", False),
            ("he", "male", False),
        ):
            for one in sentence.of(name):
                start, end = sentence.words.starts[one.start], sentence.words.ends[one.end - 1]
                if not others or (is_strong and one.end <= min(others)):
                    found.append(Said(sex_id, None, (state,), start, end, name if is_strong else f"{name}?"))
    strong = sorted((said for said in found if not said.rule.endswith("?")), key=lambda said: said.start)
    short = _short_form(text, sex_id)
    if strong or short:
        yield (strong or short)[0]
    elif found and len({said.states for said in found}) == 1:
        yield min(found, key=lambda said: said.start)


def _short_form(text: str, sex_id: str) -> list[Said]:
    """`61M` and `34 F`."""
    found = re.search(r"\b\d{1,3} ?(?:y/o |yo |y\.o\. )?([MF])\b(?![-/'’])", text)
    if not found:
        return []
    state = "female" if found[1] == "F" else "male"
    return [Said(sex_id, None, (state,), found.start(), found.end(), "number_and_sex")]


def segments(match: re.Match[str]) -> int:
    r"""
    How many segments of the cord a match spans.

    Examples
    --------
    >>> segments(re.match(r"(?P<a>c|t) ?(?P<i>\d+) to (?P<b>c|t)? ?(?P<j>\d+)", "c6 to t2"))
    4
    """
    groups = match.groupdict()
    if groups.get("n"):
        return int(groups["n"])
    first, last = groups["a"] or "", groups["b"] or groups["a"] or ""
    return max(_place(last, int(groups["j"])) - _place(first, int(groups["i"])) + 1, 0)


_REGIONS: Final = {"c": 0, "hwk": 0, "t": 7, "th": 7, "d": 7, "bwk": 7, "l": 19, "lwk": 19}
_SIZES: Final = {"c": 8, "hwk": 8, "t": 12, "th": 12, "d": 12, "bwk": 12, "l": 5, "lwk": 5}


def _place(region: str, number: int) -> int:
    return _REGIONS[region] + min(number, _SIZES[region])


__all__ = ["Said", "age", "segments", "sex"]
