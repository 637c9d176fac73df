"""
What must be true of the subheadings of long examinations: plain ids, every finding once, under its own examination.

Knows: the tables `sections.csv` and `findings.csv`. Must not know: screens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from priors.rules import IDENTIFIER
from priors.tables import SECTIONS, Problem, Row, Tables


def plain_sections(tables: Tables) -> Iterator[Problem]:
    """The id of a section is a-z, 0-9, _."""
    for row in tables[SECTIONS]:
        if row["id"] and not IDENTIFIER.fullmatch(row["id"]):
            yield row.error(f"id {row['id']!r} is not a-z, 0-9, _", "keep labels in the column label")


def under_one_heading(tables: Tables) -> Iterator[Problem]:
    """A finding stands in one section, of the examination that gives it."""
    order = {row["id"]: row["order"] for row in tables["findings"]}
    first: dict[str, Row] = {}
    for row in tables[SECTIONS]:
        for finding in row.many("findings"):
            if order.get(finding, row["order"]) != row["order"]:
                message = f"{finding!r} is obtained by {order[finding]!r}, not by {row['order']!r}"
                yield row.error(message, "move it to a section of its examination")
            if finding in first:
                message = f"{finding!r} stands in line {first[finding].line} already"
                yield row.error(message, "keep it in one section")
            first.setdefault(finding, row)


def whole_examinations(tables: Tables) -> Iterator[Problem]:
    """An examination that has sections has all its findings in them, but for the MS axes, which are inferred."""
    divided = {row["order"] for row in tables[SECTIONS]}
    placed = {finding for row in tables[SECTIONS] for finding in row.many("findings")}
    for row in tables["findings"]:
        if row["order"] in divided and row["role"] != "ms_axis" and row["id"] not in placed:
            message = f"{row['id']!r} is in no section of {row['order']!r}"
            yield row.error(message, "add it to a row of sections.csv")


RULES: Final[tuple[Callable[[Tables], Iterator[Problem]], ...]] = (
    plain_sections,
    under_one_heading,
    whole_examinations,
)
"""Every rule of this module, in the order in which its problems are shown."""
