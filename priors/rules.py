"""
What must be true of the cells of every table; each rule yields all the problems it finds.

Knows: how the tables refer to each other. Must not know: files, records, probabilities, the network.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final, get_args

from priors.schema import FactKind, Match, Role, VariableKind
from priors.tables import (
    COHORTS,
    COLUMNS,
    DEFINITIONS,
    FACTS,
    JUDGED,
    JUDGED_AGES,
    PUBLICATIONS,
    SEARCH_WORDS,
    SECTIONS,
    Problem,
    Row,
    Tables,
    nearest,
)

HUB: Final = "diagnosis"
"""Name of the one variable that no table declares: its states are the leaves of diagnoses.csv."""

IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9_]*")
STATE_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.]*")
MAX_AGE: Final = 120
"""Completed years; the last bin ends one above."""

_RESERVED: Final = frozenset(
    {"network", "variable", "probability", "property", "type", "discrete", "default", "table", HUB}
)
"""Words of the BIF format and our own; as identifiers they would break the exported file."""

REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "diagnoses": ("id", "label", "group", "definition"),
    "findings": ("id", "label", "kind", "role"),
    "states": ("finding", "id", "label"),
    "links": ("child", "parent", "direction", "reason"),
    "exclusions": ("finding", "state", "other", "other_state", "reason"),
    "orders": ("id", "label", "position", "cost", "delay_days", "invasiveness"),
    "scales": ("scale", "term", "median", "source"),
    "prior_settings": ("setting", "diagnosis", "median"),
    "sources": ("id", "title", "citation"),
    "left_out": ("ledger", "reason"),
    "glossary": ("term", "definition", "definition_de", "source"),
    "not_modelled": ("term", "label", "label_de", "note", "note_de"),
    SECTIONS: ("id", "order", "label", "label_de", "findings"),
    SEARCH_WORDS: ("words",),
    FACTS: ("id", "location", "kind", "statement"),
    COHORTS: ("id", "source", "location", "diagnosis", "kind", "statement"),
    PUBLICATIONS: ("id", "title", "part_seen"),
    DEFINITIONS: ("diagnosis", "finding", "state", "reason"),
    JUDGED: ("finding", "state", "diagnosis", "median", "low", "high"),
    JUDGED_AGES: ("diagnosis", "component", "weight", "mean", "sd"),
}

ALLOWED: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("diagnoses", "table_row"): ("yes", ""),
    ("findings", "kind"): get_args(VariableKind),
    ("findings", "role"): get_args(Role),
    ("states", "reference"): ("yes", ""),
    ("links", "direction"): ("+", "++", "-", "--", "none", "mechanism"),
    (FACTS, "kind"): get_args(FactKind),
    (COHORTS, "kind"): get_args(FactKind),
    (COHORTS, "match"): (*get_args(Match), ""),
}

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "diagnoses": ("id",),
    "findings": ("id",),
    "states": ("finding", "id"),
    "links": ("child", "parent", "parent_state", "diagnosis", "child_state"),
    "exclusions": ("finding", "state", "other", "other_state"),
    "orders": ("id",),
    "scales": ("scale", "term", "mapping"),
    "prior_settings": ("setting", "diagnosis", "region", "ancestry"),
    "sources": ("id",),
    "left_out": ("ledger",),
    "glossary": ("term",),
    "not_modelled": ("term",),
    SECTIONS: ("id",),
    SEARCH_WORDS: ("finding", "state", "diagnosis", "order"),
    FACTS: ("id",),
    COHORTS: ("id",),
    PUBLICATIONS: ("id",),
    DEFINITIONS: ("diagnosis", "finding"),
    JUDGED: ("finding", "state", "diagnosis"),
    JUDGED_AGES: ("diagnosis", "component"),
}

REFERENCES: Final[tuple[tuple[str, str, str], ...]] = (
    ("diagnoses", "parent", "diagnoses"),
    ("findings", "order", "orders"),
    ("states", "finding", "findings"),
    ("links", "child", "variables"),
    ("links", "parent", "variables"),
    ("links", "diagnosis", "diagnoses"),
    ("links", "facts", FACTS),
    ("exclusions", "finding", "findings"),
    ("exclusions", "other", "findings"),
    ("prior_settings", "diagnosis", "diagnoses"),
    ("prior_settings", "facts", FACTS),
    ("glossary", "finding", "findings"),
    ("not_modelled", "instead", "findings"),
    (SECTIONS, "order", "orders"),
    (SECTIONS, "findings", "findings"),
    (SEARCH_WORDS, "finding", "findings"),
    (SEARCH_WORDS, "diagnosis", "diagnoses"),
    (SEARCH_WORDS, "order", "orders"),
    (FACTS, "diagnosis", "diagnoses"),
    (FACTS, "finding", "findings"),
    (COHORTS, "diagnosis", "diagnoses"),
    (COHORTS, "finding", "findings"),
    (DEFINITIONS, "diagnosis", "diagnoses"),
    (DEFINITIONS, "finding", "findings"),
    (JUDGED, "finding", "findings"),
)
"""(table, column, what its cells must be ids of); a blank cell refers to nothing, `|` separates several."""

_STATES: Final = (
    ("links", "parent", "parent_state"),
    ("links", "child", "child_state"),
    ("exclusions", "finding", "state"),
    ("exclusions", "other", "other_state"),
    ("glossary", "finding", "state"),
    (SEARCH_WORDS, "finding", "state"),
)
"""(table, column of the variable, column of its state)."""


def required_cells(tables: Tables) -> Iterator[Problem]:
    """Every row has an id, a label, a reason ...: whatever its table cannot do without."""
    for table, columns in REQUIRED.items():
        for row in tables[table]:
            for column in columns:
                if not row[column]:
                    yield row.error(f"column {column!r} is blank", "fill it in")


def allowed_values(tables: Tables) -> Iterator[Problem]:
    """Columns with a fixed set of values hold one of them."""
    for (table, column), values in ALLOWED.items():
        shown = [value for value in values if value] + (["a blank"] if "" in values else [])
        for row in tables[table]:
            if row[column] not in values and (row[column] or column not in REQUIRED[table]):
                message = f"{column} {row[column]!r} is not one of {', '.join(shown)}"
                yield row.error(message, nearest(row[column], filter(None, values)))


def identifiers(tables: Tables) -> Iterator[Problem]:
    """Identifiers are ASCII and no word of BIF: they are spelled alike in tables, code and exported files."""
    for table in ("diagnoses", "findings", "orders"):
        for row in tables[table]:
            if row["id"] and not IDENTIFIER.fullmatch(row["id"]):
                yield row.error(f"id {row['id']!r} is not a-z, 0-9, _", "keep labels in the column label")
            if row["id"] in _RESERVED:
                yield row.error(f"id {row['id']!r} is a reserved word", "choose a more specific id")
    for row in tables["states"]:
        if row["id"] and not STATE_IDENTIFIER.fullmatch(row["id"]):
            message = f"state id {row['id']!r} is not letters, digits, _ and ."
            yield row.error(message, "keep labels in the column label")


def unique_keys(tables: Tables) -> Iterator[Problem]:
    """No id, and no combination that identifies a row, stands in two rows."""
    for table, columns in KEYS.items():
        first: dict[tuple[str, ...], Row] = {}
        for row in tables[table]:
            key = tuple(row[column] for column in columns)
            if key in first:
                shown = ", ".join(filter(None, key))
                earlier = f"{first[key].file}:{first[key].line}"
                yield row.error(f"{shown!r} stands in {earlier} already", "merge the rows or rename one")
            first.setdefault(key, row)


def references(tables: Tables) -> Iterator[Problem]:
    """Every id that a row mentions exists in the table it belongs to."""
    names = {table: set(tables.ids(table)) for table in ("diagnoses", "findings", "orders", FACTS)}
    names[FACTS] |= set(tables.ids(COHORTS))
    names["variables"] = names["findings"] | {HUB}
    for table, column, target in REFERENCES:
        what = {"diagnoses": "diagnosis", "orders": "order", FACTS: "fact"}.get(target, "finding")
        for row in tables[table]:
            for name in row.many(column):
                if name not in names[target]:
                    yield row.error(f"{column}: there is no {what} {name!r}", nearest(name, names[target]))


def known_states(tables: Tables) -> Iterator[Problem]:
    """Every state that a row mentions is a state of its variable; `a|b` means either."""
    states = tables.states()
    for table, variable, column in _STATES:
        for row in tables[table]:
            for state in row.many(column):
                yield from state_problems(row, column, row[variable], state, states)


def state_problems(
    row: Row, column: str, variable: str, state: str, states: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    """Yield the problem of naming a state that a variable lacks; an unknown variable is told elsewhere."""
    if not variable:
        yield row.error(
            f"{column}: state {state!r} belongs to no finding", "fill in the finding, or clear the state"
        )
    elif variable in states and state not in states[variable]:
        yield row.error(f"{column}: {variable!r} has no state {state!r}", nearest(state, states[variable]))


def numbers(row: Row, columns: Iterable[str], low: float, high: float) -> Iterator[Problem]:
    """Yield a problem for every non-blank cell that is not a number within the limits."""
    for column in columns:
        value = number(row[column])
        if row[column] and (value is None or not low <= value <= high):
            limits = f"{low:g} to {high:g}" if high < math.inf else f"{low:g} or more"
            yield row.error(
                f"{column} {row[column]!r} is not a number of {limits}", "write it as 0.25, without unit"
            )


def number(text: str) -> float | None:
    """
    Finite number that a cell holds, or None.

    Examples
    --------
    >>> number("0.25"), number("1,5"), number("nan"), number("")
    (0.25, None, None, None)
    """
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def ordered(row: Row, columns: tuple[str, ...]) -> Iterator[Problem]:
    """Yield a problem if the numbers of these columns do not rise from left to right (equal is fine)."""
    values = [(column, value) for column in columns if (value := number(row[column])) is not None]
    for (left, low), (right, high) in pairwise(values):
        if low > high:
            yield row.error(f"{left} {low:g} is above {right} {high:g}", "swap them")


INVISIBLE: Final = re.compile(r"[\x00-\x1f\u00a0\u200b\ufeff]")


def visible_text(tables: Tables) -> Iterator[Problem]:
    """No cell holds a control character or a no-break space: they look like nothing and match nothing."""
    for table in COLUMNS:
        for row in tables[table]:
            if not INVISIBLE.search("|".join(row.values())):
                continue
            for column, cell in row.items():
                if INVISIBLE.search(cell):
                    yield row.error(f"column {column!r} holds an invisible character", "retype the cell")


RULES: Final[tuple[Callable[[Tables], Iterator[Problem]], ...]] = (
    required_cells,
    allowed_values,
    identifiers,
    unique_keys,
    references,
    known_states,
    visible_text,
)
"""Every rule of this module, in the order in which its problems are shown."""
