"""
The tables of a folder as rows of text, each row with the file and line it stands on.

Knows: which files and columns there are, and CSV. Must not know: what a row means (that is `rules`), records.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

from priors.frozen import Frozen

FACTS: Final = "facts"
COHORTS: Final = "facts/literature"
PUBLICATIONS: Final = "publications"
JUDGED: Final = "judgement/cells"
JUDGED_AGES: Final = "judgement/ages"
DEFINITIONS: Final = "definitions"
SECTIONS: Final = "sections"
SEARCH_WORDS: Final = "search_words"
OPTIONAL: Final = frozenset({COHORTS, PUBLICATIONS, JUDGED, JUDGED_AGES, DEFINITIONS, SECTIONS, SEARCH_WORDS})
"""Tables that a folder may lack: it then has no layer below its documents, no subheadings, no further search words."""
LEDGER_IDS: Final = "ledger_ids.txt"

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = Frozen(
    {
        "diagnoses": ("id", "parent", "label", "group", "table_row", "definition"),
        "findings": ("id", "label", "kind", "role", "order", "synonyms", "note"),
        "states": ("finding", "id", "label", "reference", "note"),
        "links": (
            *("child", "parent", "parent_state", "diagnosis"),
            *("child_state", "direction", "reason", "facts"),
        ),
        "exclusions": ("finding", "state", "other", "other_state", "reason"),
        "orders": ("id", "label", "position", "cost", "delay_days", "invasiveness", "hazard", "note"),
        "scales": ("scale", "term", "mapping", "low", "median", "high", "source"),
        "prior_settings": (
            *("setting", "diagnosis", "region", "ancestry"),
            *("low", "median", "high", "facts", "note"),
        ),
        "sources": ("id", "title", "citation", "doi", "accessed", "note"),
        "left_out": ("ledger", "reason"),
        "glossary": (
            *("term", "finding", "state", "label", "label_de"),
            *("definition", "definition_de", "drawing", "source"),
        ),
        "not_modelled": ("term", "label", "label_de", "synonyms", "instead", "note", "note_de"),
        SECTIONS: ("id", "order", "label", "label_de", "findings"),
        SEARCH_WORDS: ("finding", "state", "diagnosis", "order", "words"),
        FACTS: (
            *("id", "location", "diagnosis", "finding", "state", "given", "kind", "low", "high"),
            *("n", "term", "denominator", "statement", "ledger"),
        ),
        COHORTS: (
            *("id", "source", "location", "diagnosis", "finding", "state", "given", "kind", "low", "high"),
            *("n", "match", "tags", "population", "statement", "note"),
        ),
        PUBLICATIONS: (
            *("id", "first_author", "year", "title", "journal", "doi", "pmid", "pmcid", "url", "study_type"),
            *("n_patients", "country", "period", "population", "part_seen", "note"),
        ),
        DEFINITIONS: ("diagnosis", "finding", "state", "reason"),
        JUDGED: ("finding", "state", "diagnosis", "median", "low", "high"),
        JUDGED_AGES: ("diagnosis", "component", "weight", "mean", "sd"),
    }
)
"""Columns of every table, in the order in which they stand in the header."""


@dataclass(frozen=True, slots=True)
class Problem:
    """
    One thing that is wrong with the tables, where, and what to do about it.

    Examples
    --------
    >>> print(Problem("error", "priors/states.csv", 7, "state 'presnt' is unknown", "write 'present'"))
    priors/states.csv:7: state 'presnt' is unknown; write 'present'
    """

    level: Literal["error", "warning"]
    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        """Where, what, remedy on one line, characters that cannot be seen written out."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        line = f"{where}: {self.message}; {self.remedy}"
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


class Row(Frozen[str, str]):
    """One row of a table: text of a cell by column, empty if the row is too short to have it; and where it stands."""

    __slots__ = ("file", "line")

    def __init__(self, cells: Mapping[str, str], file: str, line: int) -> None:
        super().__init__(cells)
        self.file, self.line = file, line

    def __missing__(self, column: str) -> str:
        return ""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self), self.file, self.line)

    def many(self, column: str) -> tuple[str, ...]:
        """Parts of a cell that holds a `|`-separated list; blanks are dropped."""
        return tuple(part.strip() for part in self[column].split("|") if part.strip())

    def error(self, message: str, remedy: str) -> Problem:
        """Return an error that points at this row."""
        return Problem("error", self.file, self.line, message, remedy)

    def warning(self, message: str, remedy: str) -> Problem:
        """Return a warning that points at this row."""
        return Problem("warning", self.file, self.line, message, remedy)


@dataclass(frozen=True)
class Tables:
    """All rows of all tables of one folder, in file order, and what was wrong with the files themselves."""

    rows: Mapping[str, tuple[Row, ...]]
    ledger_ids: tuple[str, ...]
    problems: tuple[Problem, ...]
    name: str

    def __getitem__(self, table: str) -> tuple[Row, ...]:
        """Rows of one table."""
        return self.rows[table]

    @cached_property
    def facts(self) -> tuple[Row, ...]:
        """Facts of the documents, then the cohorts of the literature."""
        return (*self.rows[FACTS], *self.rows[COHORTS])

    def states_of(self, finding: str) -> tuple[Row, ...]:
        """Rows of `states.csv` that belong to one finding, in file order."""
        return self._states.get(finding, ())

    @cached_property
    def _states(self) -> Mapping[str, tuple[Row, ...]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows["states"]:
            found.setdefault(row["finding"], []).append(row)
        return {finding: tuple(rows) for finding, rows in found.items()}

    def ids(self, table: str, column: str = "id") -> tuple[str, ...]:
        """Non-blank cells of one column, in table order."""
        return tuple(row[column] for row in self[table] if row[column])

    def states(self) -> dict[str, tuple[str, ...]]:
        """States of every variable, in axis order; the diagnosis variable has its leaves."""
        states: dict[str, list[str]] = {name: [] for name in self.ids("findings")}
        for row in self["states"]:
            states.setdefault(row["finding"], []).append(row["id"])
        parents = set(self.ids("diagnoses", "parent"))
        states["diagnosis"] = [name for name in self.ids("diagnoses") if name not in parents]
        return {name: tuple(ids) for name, ids in states.items()}

    def file(self, table: str) -> str:
        """Path of a table as it is shown in messages."""
        return f"{self.name}/{table}.csv"


def read_tables(folder: Path) -> Tables:
    """
    Return every row of the tables in a folder; files that cannot be read become problems, not exceptions.

    Parameters
    ----------
    folder : Path
        Holds one CSV file per table, UTF-8, header row first, and `facts` with one file per source; in
        `facts/literature` one per diagnosis. The tables of `OPTIONAL` may be missing.

    Returns
    -------
    Tables
        Rows with their line numbers; blank lines are passed over, cells are stripped of surrounding blanks.
    """
    problems: list[Problem] = []
    rows: dict[str, tuple[Row, ...]] = {}
    for table, columns in COLUMNS.items():
        paths = [folder / f"{table}.csv"]
        if table in (FACTS, COHORTS):
            paths = sorted((folder / table).glob("*.csv"))
        elif table in OPTIONAL and not paths[0].is_file():
            paths = []
        found = [row for path in paths for row in read_file(path, folder, columns, problems)]
        rows[table] = tuple(found)
    if not rows[FACTS]:
        remedy = "write one file per source there, such as facts/001.csv"
        problems.append(
            Problem("error", f"{folder.name}/{FACTS}", 0, "there is no fact in this folder", remedy)
        )
    return Tables(Frozen(rows), _ledger_ids(folder), tuple(problems), folder.name)


def nearest(name: str, names: Iterable[str]) -> str:
    """
    Return a remedy: the names most like a misspelt one, or where to look.

    Examples
    --------
    >>> nearest("presnt", ["absent", "present"])
    "did you mean 'present'?"
    >>> nearest("xyz", ["absent", "present"])
    'use one of: absent, present'
    """
    known = sorted(set(names))
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(repr(match) for match in close) + "?"
    shown = ", ".join(known[:8]) + (", ..." if len(known) > 8 else "")
    return f"use one of: {shown}" if known else "there is none yet: add it first"


def read_file(path: Path, folder: Path, columns: tuple[str, ...], problems: list[Problem]) -> list[Row]:
    """The rows of one file, named as below its folder; what is wrong with it is appended to `problems`."""
    file = f"{folder.name}/{path.relative_to(folder).as_posix()}"
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        problems.append(
            Problem("error", file, 0, "the file is missing", f"add it with columns {','.join(columns)}")
        )
        return []
    except UnicodeDecodeError as cause:
        line = path.read_bytes()[: cause.start].count(b"\n") + 1
        problems.append(Problem("error", file, line, "the file is not UTF-8", "save it as UTF-8"))
        return []
    return _rows(text, file, columns, problems)


def _rows(text: str, file: str, columns: tuple[str, ...], problems: list[Problem]) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = tuple(next(reader, ()))
        problems.extend(_header_problems(header, file, columns))
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                message = f"{len(cells)} cells where the header has {len(header)}"
                problems.append(
                    Problem(
                        "error",
                        file,
                        line,
                        message,
                        "quote cells that hold a comma, add those that are missing",
                    )
                )
            named = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
            rows.append(Row(named, file, line))
    except csv.Error as cause:
        problems.append(
            Problem("error", file, reader.line_num, f"no valid CSV ({cause})", "close the quotes")
        )
    return rows


def _header_problems(header: tuple[str, ...], file: str, columns: tuple[str, ...]) -> list[Problem]:
    unknown = [name for name in header if name not in columns]
    found = [
        Problem("error", file, 1, f"column {name!r} is unknown", nearest(name, columns)) for name in unknown
    ]
    found += [
        Problem("error", file, 1, f"column {name!r} is missing", f"the header is {','.join(columns)}")
        for name in columns
        if name not in header
    ]
    if not found and header != columns:
        message = f"columns are repeated or out of order: {','.join(header)}"
        found.append(Problem("error", file, 1, message, f"the header is {','.join(columns)}"))
    return found


def _ledger_ids(folder: Path) -> tuple[str, ...]:
    path = folder / LEDGER_IDS
    return tuple(path.read_text(encoding="utf-8").split()) if path.is_file() else ()
