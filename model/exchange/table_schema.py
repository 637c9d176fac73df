"""
What each table of the data package holds: its columns, and what must be true of them, as Table Schema.

Words, types and limits stand in `data_package.toml`; keys, references, required cells and sets of values are those that
the tables themselves are checked by. Knows: the columns of the tables. Must not know: their rows, files.

References
----------
Frictionless Data, Table Schema 1: https://specs.frictionlessdata.io/table-schema/
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from priors.codes import COLUMNS as CODE_COLUMNS
from priors.rules import ALLOWED, KEYS, REFERENCES, REQUIRED
from priors.tables import COHORTS, COLUMNS, DEFINITIONS, FACTS, JUDGED, JUDGED_AGES

WORDS: Final[Mapping[str, Mapping[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("data_package.toml").read_text(encoding="utf-8")
)
"""Name of a resource -> title, description, what it rests on, fields."""

CODES: Final = "codes"
"""The one resource that is no table of `priors.tables`."""

SOURCE: Final = "source"
"""Column that facts get in the package: the document, which their identifier begins with."""

LIST: Final = r"[^|]+(\|[^|]+)*"
"""Pattern of a cell with several values."""

_RENAMED: Final = {
    COHORTS: "cohorts",
    JUDGED: "judgement_cells",
    JUDGED_AGES: "judgement_ages",
}

_FURTHER: Final[tuple[tuple[str, tuple[str, ...], str, tuple[str, ...]], ...]] = (
    (FACTS, (SOURCE,), "sources", ("id",)),
    (COHORTS, ("source",), "publications", ("id",)),
    ("exclusions", ("finding", "state"), "states", ("finding", "id")),
    ("exclusions", ("other", "other_state"), "states", ("finding", "id")),
    (DEFINITIONS, ("finding", "state"), "states", ("finding", "id")),
    (JUDGED, ("finding", "state"), "states", ("finding", "id")),
    (JUDGED, ("diagnosis",), "diagnoses", ("id",)),
    (JUDGED_AGES, ("diagnosis",), "diagnoses", ("id",)),
)
"""References besides those of `priors.rules.REFERENCES`: of two columns, or checked there by rules of their own."""


def resource_name(table: str) -> str:
    """
    Name of a table in the package.

    Examples
    --------
    >>> resource_name("facts"), resource_name("facts/literature"), resource_name("judgement/cells")
    ('facts', 'cohorts', 'judgement_cells')
    """
    return _RENAMED.get(table, table)


def columns_of(table: str) -> tuple[str, ...]:
    """Columns of a table in the package, in their order."""
    if table == CODES:
        return CODE_COLUMNS
    return (SOURCE, *COLUMNS[table]) if table == FACTS else COLUMNS[table]


def schema_of(table: str) -> dict[str, object]:
    """
    The Table Schema of one table.

    Examples
    --------
    >>> schema = schema_of("states")
    >>> schema["primaryKey"], schema["foreignKeys"]
    (['finding', 'id'], [{'fields': ['finding'], 'reference': {'resource': 'findings', 'fields': ['id']}}])
    """
    schema: dict[str, object] = {
        "fields": [_field(table, column) for column in columns_of(table)],
        "missingValues": [""],
    }
    key = KEYS.get(table, ())
    if key and set(key) <= set(REQUIRED[table]):  # a cell of a primary key is never blank
        schema["primaryKey"] = list(key)
    if references := list(_references(table)):
        schema["foreignKeys"] = references
    return schema


def _field(table: str, column: str) -> dict[str, object]:
    words = WORDS[resource_name(table)]["fields"][column]
    is_list = words.get("list", False)
    field: dict[str, object] = {
        "name": column,
        "type": words.get("type", "string"),
        "description": words["text"] + ("; several are separated by |" if is_list else ""),
    }
    if field["type"] == "boolean":
        field |= {"trueValues": ["yes"], "falseValues": ["no"]}
    constraints = {name: words[name] for name in ("minimum", "maximum", "pattern", "enum") if name in words}
    if is_list:
        constraints["pattern"] = LIST
    if field["type"] == "string" and (allowed := ALLOWED.get((table, column))):
        constraints["enum"] = [value for value in allowed if value]
    if words.get("required") or column in REQUIRED.get(table, ()):
        constraints["required"] = True
    return {**field, "constraints": constraints} if constraints else field


def _references(table: str) -> Iterator[dict[str, object]]:
    """Foreign keys, of cells that hold one id of one table: no lists, and not where `diagnosis` may stand for a finding."""
    fields = WORDS[resource_name(table)]["fields"]
    for source, column, target in REFERENCES:
        if source == table and target in COLUMNS and not fields[column].get("list"):
            yield _reference(table, (column,), target, ("id",))
    for source, columns, target, keys in _FURTHER:
        if source == table:
            yield _reference(table, columns, target, keys)


def _reference(table: str, columns: tuple[str, ...], target: str, keys: tuple[str, ...]) -> dict[str, object]:
    resource = "" if target == table else resource_name(target)  # blank: the resource itself
    return {"fields": list(columns), "reference": {"resource": resource, "fields": list(keys)}}


__all__ = ["CODES", "SOURCE", "WORDS", "columns_of", "resource_name", "schema_of"]
