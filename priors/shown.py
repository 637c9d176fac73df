"""
How a record shows itself: in a few lines where a terminal prints it, whole where a notebook draws it.

Knows: lines and columns. Must not know: what a record is about.
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection
from dataclasses import fields, is_dataclass
from html import escape
from typing import Any, Final

WIDTH: Final = 100
"""Columns of a line of text."""
LINES: Final = 10
"""Lines of what a terminal prints of an object by itself."""
LONG: Final = 40
"""Characters of a value that is written out."""


class Shown:
    """
    Base of a dataclass that may be large: it shows its summary or its fields in `LINES` lines at most; print shows all.

    A method `summary` gives the whole text; without one the fields stand for themselves, those that hold much by their size.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Tables(Shown):
    ...     name: str
    ...     facts: tuple[int, ...]
    >>> Tables("mine", tuple(range(5000)))
    Tables(name='mine', facts=<5,000 items>)
    """

    __slots__ = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "__repr__" not in vars(cls):
            cls.__repr__ = cls.__repr__  # type: ignore[method-assign]  # else a dataclass writes one of its own
        elif vars(cls)["__repr__"] is not Shown.__repr__:
            cls.__str__ = cls.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        lines, more = self._text().splitlines(), self._left_out()
        kept = LINES - len(more)
        if len(lines) > kept:
            lines = [*lines[: kept - 1], f"... and {len(lines) - kept + 1} more lines: print shows all"]
        return "\n".join([*lines, *more])

    def __str__(self) -> str:
        return "\n".join([self._text(), *self._left_out()])

    def _repr_html_(self) -> str:
        return f'<pre style="white-space:pre;overflow-x:auto">{escape(str(self))}</pre>'

    def _text(self) -> str:
        """The summary, or the fields in lines."""
        summary = getattr(self, "summary", None)
        return _by_fields(self) if summary is None else str(summary())

    def _left_out(self) -> list[str]:
        """A line about the patients that a summary leaves out: it tells of the first alone."""
        others = len(getattr(self, "ids", ())) - 1
        if others < 1 or not hasattr(self, "summary"):
            return []
        return [
            f"... and {others} further {'patient' if others == 1 else 'patients'}: summary(1) has the next"
        ]


def _by_fields(record: Any) -> str:
    said = ", ".join(f"{field.name}={_value(getattr(record, field.name))}" for field in fields(record))
    return textwrap.fill(
        f"{type(record).__name__}({said})", WIDTH, subsequent_indent="  ", break_on_hyphens=False
    )


def _value(value: object) -> str:
    """A value if it is short, else what it is and how large."""
    if shape := getattr(value, "shape", None):
        return f"<array {' x '.join(map(str, shape))}>"
    if is_dataclass(value):
        return f"<{type(value).__name__}>"
    if isinstance(value, Collection) and not isinstance(value, str) and len(value) > 3:
        return f"<{len(value):,} items>"
    said = f"{value:.6g}" if isinstance(value, float) else repr(value)
    if len(said) <= LONG:
        return said
    if isinstance(value, Collection) and not isinstance(value, str):
        return f"<{len(value):,} items>" if len(value) != 1 else "<1 item>"
    return f"{said[: LONG - 1]}…"


__all__ = ["LINES", "WIDTH", "Shown"]
