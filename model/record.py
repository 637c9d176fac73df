"""
What all records share: they are equal if their fields are, travel between processes, and show themselves in a few lines.

Knows: dataclasses, arrays. Must not know: what a record is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Any

import numpy as np

from model.text import fitted
from priors.shown import Shown


def row(record: object, names: Iterable[str], **more: object) -> dict[str, object]:
    """
    Some fields of a record by their names, and what else belongs to its line of a table.

    Examples
    --------
    >>> row(1 + 2j, ("real", "imag"), unit="ohm")
    {'real': 1.0, 'imag': 2.0, 'unit': 'ohm'}
    """
    return {name: getattr(record, name) for name in names} | more


class Record(Shown):
    """
    Base of a frozen dataclass whose fields may hold arrays; the dataclass is made with ``eq=False``.

    What its `summary` says fits `model.text.WIDTH` columns, and ends with its `notes`.

    Two records are equal if they are of one class and `same` holds for each field. Only fields travel by `pickle` and
    `copy`: what was computed from them and kept is computed again where it is needed.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, eq=False)
    ... class Answer(Record):
    ...     p: np.ndarray
    >>> Answer(np.array([0.2, 0.8])) == Answer(np.array([0.2, 0.8])), Answer(np.ones(2)) == Answer(np.ones(3))
    (True, False)
    """

    __slots__ = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "summary" in vars(cls):
            setattr(cls, "summary", _whole(vars(cls)["summary"]))  # noqa: B010 - not every record has one

    def notes(self) -> list[str]:
        """What must be said whenever the record is told, a line each; nothing, unless a class says otherwise."""
        return []

    __hash__ = None  # type: ignore[assignment]  # arrays have none

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(same(one, two) for one, two in zip(_values(self), _values(other), strict=True))

    def __getstate__(self) -> list[object]:
        return _values(self)

    def __setstate__(self, state: list[object]) -> None:
        for field, value in zip(fields(self), state, strict=True):  # type: ignore[arg-type]
            object.__setattr__(self, field.name, value)


def _whole(summary: Callable[..., str]) -> Callable[..., str]:
    """A summary that fits the width and ends with the notes of its record."""
    if hasattr(summary, "__wrapped__"):  # a dataclass with slots is made twice
        return summary

    @wraps(summary)
    def told(self: Record, *args: Any, **kwargs: Any) -> str:
        return fitted("\n".join([summary(self, *args, **kwargs), *self.notes()]))

    return told


def _values(record: Any) -> list[object]:
    return [getattr(record, field.name) for field in fields(record)]


def same(one: object, two: object) -> bool:
    """
    Whether two values are equal, arrays element by element; NaN equals NaN.

    Examples
    --------
    >>> same({"a": np.arange(2)}, {"a": np.arange(2)}), same(np.arange(2), np.arange(2.0)), same([1], (1,))
    (True, False, False)
    """
    if one is two:
        return True
    if isinstance(one, np.ndarray) or isinstance(two, np.ndarray):
        return _same_array(one, two)
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if isinstance(one, (list, tuple)) and type(one) is type(two):
        return len(one) == len(two) and all(map(same, one, two))
    if is_dataclass(one) and type(one) is type(two):
        return all(map(same, _values(one), _values(two)))
    return bool(one == two) or (one != one and two != two)  # noqa: PLR0124


def _same_array(one: object, two: object) -> bool:
    if not isinstance(one, np.ndarray) or not isinstance(two, np.ndarray) or one.dtype != two.dtype:
        return False
    return np.array_equal(one, two, equal_nan=one.dtype.kind in "fc")


__all__ = ["Record", "row", "same"]
