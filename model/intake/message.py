"""
One object of a JSON message, read key by key: values of the wrong type are problems, and what nobody asked for is known.

Keys are read in camelCase and in snake_case: both are valid JSON of a protobuf schema.

Knows: JSON, the two spellings. Must not know: what a message is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from model.errors import CaseFileError, plain, shown

MAX_ITEMS: Final = 5000
"""A message with a longer list is refused."""


def camel(key: str) -> str:
    """
    A key in camelCase.

    Examples
    --------
    >>> camel("time_at_last_encounter"), camel("metaData"), camel("iso8601duration")
    ('timeAtLastEncounter', 'metaData', 'iso8601duration')
    """
    first, *others = key.strip("_").split("_")
    return first + "".join(other[:1].upper() + other[1:] for other in others)


class Part:
    """
    An object of a message.

    Parameters
    ----------
    content
        Key -> value.
    where
        How messages call it.
    problems
        What is wrong is appended, one line each.
    """

    def __init__(self, content: Mapping[Any, object], where: str, problems: list[str]) -> None:
        self.where, self.problems = where, problems
        self.content: dict[str, object] = {}
        self.asked: set[str] = set()
        self.inside: dict[str, list[Part]] = {}
        for key, value in content.items():
            name = camel(str(key))
            if name in self.content:
                problems.append(f"{where}, {plain(name)}: given in two spellings; keep one of them")
            self.content[name] = value

    def text(self, *keys: str) -> str:
        """A text, under the first of the keys that is there; empty if none is."""
        key, value = self._given(keys)
        if value is not None and not isinstance(value, str):
            self._wrong(key, value, "a text")
        return value if isinstance(value, str) else ""

    def flag(self, *keys: str) -> bool:
        """A truth value, under whichever of the keys; false if none is there."""
        key, value = self._given(keys)
        if value is not None and not isinstance(value, bool):
            self._wrong(key, value, "true or false, without quotes")
        return value is True

    def part(self, *keys: str) -> Part:
        """An object; an empty one if there is none."""
        key, value = self._given(keys)
        if key not in self.inside:
            self.inside[key] = [self._inside(key, {} if value is None else value)]
        return self.inside[key][0]

    def parts(self, *keys: str) -> list[Part]:
        """
        A list of objects.

        Raises
        ------
        CaseFileError
            If it is longer than `MAX_ITEMS`.
        """
        key, value = self._given(keys)
        if value is not None and not isinstance(value, list):
            self._wrong(key, value, "a list")
        items = value if isinstance(value, list) else []
        if len(items) > MAX_ITEMS:
            raise CaseFileError(
                f"{self.where}, {key}: {len(items)} items; at most {MAX_ITEMS} are allowed; split it"
            )
        if key not in self.inside:
            self.inside[key] = [self._inside(f"{key} {i}", item) for i, item in enumerate(items, start=1)]
        return self.inside[key]

    def left(self, *known: str) -> list[str]:
        """Keys that hold something and that nobody asked for, without those that are `known` to say nothing."""
        return [
            key for key, value in self.content.items() if key not in self.asked | set(known) and holds(value)
        ]

    def left_within(self, *known: str) -> list[str]:
        """As `left`, and those of the objects inside, as ``outer.inner``."""
        inner = (
            f"{key}.{one}"
            for key, parts in self.inside.items()
            for part in parts
            for one in part.left_within()
        )
        return list(dict.fromkeys((*self.left(*known), *inner)))

    def __bool__(self) -> bool:
        return any(map(holds, self.content.values()))

    def _given(self, keys: Iterable[str]) -> tuple[str, object]:
        self.asked |= set(keys)
        found = [(key, self.content[key]) for key in keys if self.content.get(key) is not None]
        if any(value != found[0][1] for _, value in found):
            names = " and ".join(key for key, _ in found)
            self.problems.append(f"{self.where}: {names} say different things; keep one of them")
        return found[0] if found else (next(iter(keys)), None)

    def _inside(self, key: str, value: object) -> Part:
        if isinstance(value, Mapping):
            return Part(value, f"{self.where}, {key}", self.problems)
        self._wrong(key, value, "an object {...}")
        return Part({}, f"{self.where}, {key}", self.problems)

    def _wrong(self, key: str, value: object, allowed: str) -> None:
        self.problems.append(f"{self.where}, {key}: found {shown(value)}; allowed is {allowed}; correct it")


def holds(value: object) -> bool:
    """Whether a value says anything: what is empty, also inside, and the zero of an enumeration do not."""
    if isinstance(value, str):
        return bool(value) and not value.startswith("UNKNOWN")
    if isinstance(value, (Mapping, list)):
        return any(map(holds, value.values() if isinstance(value, Mapping) else value))
    return value is not None and value is not False


__all__ = ["MAX_ITEMS", "Part", "camel", "holds"]
