"""
How old a subject of a phenopacket is: a duration, a range, or two dates.

Knows: ISO 8601. Must not know: the network.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from model.intake.message import Part

PERIOD: Final = re.compile(
    r"P(?=\d|T\d)(?:(\d{1,3}(?:\.\d+)?)Y)?(?:(\d{1,4}(?:\.\d+)?)M)?(?:(\d{1,4}(?:\.\d+)?)W)?(?:(\d{1,5}(?:\.\d+)?)D)?(?:T[\dHMS.]*)?"
)
"""Years, months, weeks, days of an ISO 8601 duration; hours and less are read and do not count."""

DAYS: Final = 365.25
MOST: Final = 120

_BIN: Final = re.compile(r"_(\d+)_(\d+)$")


def age_of(subject: Part, states: Sequence[str]) -> tuple[float | str | None, str]:
    """
    Age in years, or the age groups of a range as ``a|b``, or None; and what was not used, empty if all was.

    Parameters
    ----------
    subject
        Of either version of the schema.
    states
        Names of the age groups, such as ``age_30_40``.
    """
    time = subject.part("timeAtLastEncounter")
    span = time.part("ageRange") if time else subject.part("ageRangeAtCollection")
    single = time.part("age") if time else subject.part("ageAtCollection")
    born, seen = subject.text("dateOfBirth"), time.text("timestamp")
    texts = [single.text("iso8601duration", "age")]
    texts += [span.part(end).text("iso8601duration", "age") for end in ("start", "end")]
    years, low, high = map(read_period, texts)
    if years is not None:
        return years, ""
    if low is not None and high is not None and (inside := _groups(low, high, states)):
        return inside, ""
    if born and seen:
        between = _between(born, seen)
        return between, "" if between is not None else "dateOfBirth and timestamp give no age; not used"
    if time or any(texts):
        return None, "no age as an ISO 8601 duration such as P39Y; not used"
    return None, "dateOfBirth without the time of the last encounter gives no age; not used" if born else ""


def read_period(text: str) -> float | None:
    """
    Years of an ISO 8601 duration; None for anything else, or more than an age.

    Examples
    --------
    >>> read_period("P39Y"), read_period("P25Y6M"), read_period("P26W"), read_period("39"), read_period("P")
    (39.0, 25.5, 0.498, None, None)
    """
    found = PERIOD.fullmatch(text)
    if not found:
        return None
    years, months, weeks, days = (float(part or 0) for part in found.groups())
    age = years + months / 12 + (7 * weeks + days) / DAYS
    return round(age, 3) if age <= MOST else None


def _groups(low: float, high: float, states: Sequence[str]) -> str:
    bounds = [(state, found) for state in states if (found := _BIN.search(state))]
    return "|".join(state for state, bound in bounds if float(bound[1]) <= high and low < float(bound[2]))


def _between(born: str, seen: str) -> float | None:
    """
    Years between two times.

    Examples
    --------
    >>> _between("1980-03-01T00:00:00Z", "2020-03-01T00:00:00Z"), _between("1980", "soon")
    (40.0, None)
    """
    try:
        first, last = (datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (born, seen))
    except ValueError:
        return None
    first, last = (one if one.tzinfo else one.replace(tzinfo=UTC) for one in (first, last))
    years = round((last - first).total_seconds() / 86400 / DAYS, 3)
    return years if 0 <= years <= MOST else None


__all__ = ["age_of", "read_period"]
