"""
How much of the sources the facts carry: per source, per cell of the printed tables, per row of the ledger.

Knows: how the printed tables are laid out. Must not know: probabilities, the network.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from priors.tables import COHORTS, FACTS, JUDGED, LEDGER_IDS, PUBLICATIONS, Problem, Row, Tables, nearest

PRINTED_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "Table 1": ("column",),
    "Table 2": ("sex", "age", "symptoms", "steroids", "csf", "additional"),
    "Table 3": ("pvs", "localisation", "leptomeningeal", "haemorrhage", "cord"),
}
"""The printed tables of the review and their columns; each has one row per diagnosis that is a table row."""

_LOCATION: Final = re.compile(r"(Table [123])\b(?:,\s*(\w+))?")

Cell = tuple[str, str, str]
"""(printed table, its column, diagnosis of the row)."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the facts cover, counted; `print` shows it."""

    facts_per_source: Mapping[str, int]
    facts_per_kind: Mapping[str, int]
    cohorts: int
    publications: int
    pairs_with_cohort: int
    judged: int
    cells: tuple[Cell, ...]
    empty_cells: tuple[Cell, ...]
    findings_without_fact: tuple[str, ...]
    ledger_used: int
    ledger_left_out: int
    ledger_missing: tuple[str, ...]

    def __str__(self) -> str:
        """Lines for people: what was counted, then what is missing."""
        sources = ", ".join(f"{source}: {count}" for source, count in self.facts_per_source.items())
        kinds = ", ".join(f"{kind}: {count}" for kind, count in self.facts_per_kind.items())
        ledger = (self.ledger_used, self.ledger_left_out, len(self.ledger_missing))
        filled = len(self.cells) - len(self.empty_cells)
        lines = [
            f"facts per source: {sources} (total {sum(self.facts_per_source.values())})",
            f"facts per kind: {kinds}",
            f"cohorts: {self.cohorts} figures of {self.publications} publications",
            f"pairs of finding and disease with a cohort: {self.pairs_with_cohort}; judged: {self.judged} frequencies",
            f"cells of Tables 1 to 3 with a fact: {filled} of {len(self.cells)}",
            *(f"  no fact: {', '.join(cell)}" for cell in self.empty_cells),
            f"findings without a fact: {', '.join(self.findings_without_fact) or 'none'}",
            "ledger rows: {} used, {} left out with a reason, {} missing".format(*ledger),
        ]
        return "\n".join(lines)


def coverage(tables: Tables) -> Coverage:
    """Return what the facts of a folder cover of the sources, the printed tables and the ledger."""
    used = {name for row in tables[FACTS] for name in row.many("ledger")} | set(tables.ids(COHORTS))
    left_out = set(tables.ids("left_out", "ledger"))
    with_fact = {row["finding"] for row in tables.facts}
    cells = tuple(_cells(tables))
    filled = {cell for row in tables[FACTS] for cell in _cell(row, tables)}
    return Coverage(
        facts_per_source=dict(Counter(row["id"].split("-")[0] for row in tables[FACTS])),
        facts_per_kind=dict(Counter(row["kind"] for row in tables[FACTS]).most_common()),
        cohorts=len(tables[COHORTS]),
        publications=len(tables[PUBLICATIONS]),
        pairs_with_cohort=len(
            {(row["finding"], row["diagnosis"]) for row in tables[COHORTS] if row["finding"]}
        ),
        judged=len(tables[JUDGED]),
        cells=cells,
        empty_cells=tuple(cell for cell in cells if cell not in filled),
        findings_without_fact=tuple(
            row["id"] for row in tables["findings"] if row["role"] == "finding" and row["id"] not in with_fact
        ),
        ledger_used=len(used & set(tables.ledger_ids)),
        ledger_left_out=len(left_out & set(tables.ledger_ids)),
        ledger_missing=tuple(name for name in tables.ledger_ids if name not in used | left_out),
    )


def coverage_problems(tables: Tables) -> Iterator[Problem]:
    """Every row of the ledger is carried by a fact or left out with a reason, and no other id is named."""
    ids = frozenset(tables.ledger_ids)
    file = f"{tables.name}/{LEDGER_IDS}"
    if not ids:
        yield Problem(
            "error", file, 0, "there is no list of ledger ids", "write one id per line, such as F0001"
        )
        return
    for missing in coverage(tables).ledger_missing:
        message = f"{missing} is neither carried by a fact nor left out"
        yield Problem(
            "error", file, tables.ledger_ids.index(missing) + 1, message, "add it to a fact or left_out.csv"
        )
    for row in (*tables[FACTS], *tables["left_out"]):
        for name in row.many("ledger"):
            if name not in ids:
                yield row.error(f"the ledger has no row {name!r}", nearest(name, ids))


def _cells(tables: Tables) -> Iterator[Cell]:
    rows = [row["id"] for row in tables["diagnoses"] if row["table_row"]]
    for table, columns in PRINTED_COLUMNS.items():
        for column in columns:
            for diagnosis in rows:
                yield table, column, diagnosis


def _cell(row: Row, tables: Tables) -> Iterator[Cell]:
    match = _LOCATION.match(row["location"])
    if match:
        columns = PRINTED_COLUMNS[match[1]]
        yield match[1], columns[0] if len(columns) == 1 else match[2] or "", _top(row["diagnosis"], tables)


def _top(diagnosis: str, tables: Tables) -> str:
    parents = {row["id"]: row["parent"] for row in tables["diagnoses"]}
    seen = {diagnosis}
    while parent := parents.get(diagnosis, ""):
        if parent in seen:
            break
        seen.add(parent)
        diagnosis = parent
    return diagnosis


def location_problems(tables: Tables) -> Iterator[Problem]:
    """A fact of a printed table names a column of it, so that its cell can be counted."""
    for row in tables[FACTS]:
        match = _LOCATION.match(row["location"])
        if match is None or len(PRINTED_COLUMNS[match[1]]) == 1:
            continue
        if (match[2] or "") not in PRINTED_COLUMNS[match[1]]:
            message = f"location {row['location']!r} names no column of {match[1]}"
            yield row.error(message, nearest(match[2] or "", PRINTED_COLUMNS[match[1]]))
