"""
Tables of patients on disk, in chunks, so that memory does not grow with the file; of an identifier 8 bytes are remembered.

CSV is read as spreadsheets of any country write it: commas, semicolons or tabs, with or without a line ``sep=;``, blank
lines and columns, UTF-8 or marked UTF-16. Parquet keeps the columns that pandas had in its index.

Knows: CSV, Parquet, frames. Must not know: what a cell means.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, TextIO

import numpy as np
from numpy.typing import NDArray

from model.errors import CaseFileError, EvidenceError, plain, shown
from model.intake.repeated import Fingerprints
from model.patient.naming import observable
from model.patient.source import Source, not_text
from model.patient.table import (
    ID,
    check_columns,
    identifiers,
    refuse_repeated,
    repeated,
    unnamed_levels,
)

if TYPE_CHECKING:
    import pandas as pd

    from priors.schema import KnowledgeBase

SEPARATORS: Final = ",;\t|"
SEPARATOR_LINE: Final = re.compile(r'\s*"?sep=(.)"?\s*', re.IGNORECASE)
"""What Excel writes above the header to say how it separates cells."""

MAX_COLUMNS: Final = 1000
"""A table has as many findings as the network, some 150."""

UNNAMED_LEVEL: Final = re.compile(r"__index_level_\d+__")
"""What pandas calls a level of the index without a name, in Parquet."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """
    Some patients of a table.

    Parameters
    ----------
    table
        One row a patient, one column a finding, and `id` if the file has it.
    ids
        Identifier of each patient; all those of the file differ.
    lines
        Number of each patient in the file.
    where
        How the place of a patient begins, such as ``patients.csv, line``: a table counts lines (CSV, of which the first of
        each patient is meant) or rows from 1 (Parquet), other files cases.
    share
        How much of the file has been read with it, from 0 to 1.
    """

    table: pd.DataFrame
    ids: Sequence[str]
    lines: Sequence[int]
    where: str
    share: float


def read_table(
    source: Source, kind: str, knowledge: KnowledgeBase, size: int, notes: list[str]
) -> Iterator[Chunk]:
    """
    Chunks of a table.

    Parameters
    ----------
    source, kind
        The file, and whether it is ``csv`` or ``parquet``.
    knowledge
        Says which findings there are.
    size
        Rows at a time.
    notes
        What is not used is appended.

    Raises
    ------
    CaseFileError
        If the file cannot be read as a table, or has no patient.
    EvidenceError
        If a column is no finding, before any row is read; or if two patients have one identifier.
    """
    import pyarrow as pa

    name = plain(source.name)
    where = f"{name}, {'line' if kind == 'csv' else 'row'}"
    fingerprints = Fingerprints()
    is_empty = True
    read = _csv_chunks if kind == "csv" else _parquet_chunks
    try:
        for table, lines, share in read(source, knowledge, size, notes):
            if not lines:  # rows without content, all of them
                continue
            ids = identifiers(table, lines, where)
            if ID in table.columns:  # numbers of lines cannot repeat, and need not be kept
                refuse_repeated(ids, lines, where)
                for i in fingerprints.met(ids):
                    _refuse_if_before(ids[i], lines[i], where, read(source, knowledge, size, []))
            is_empty = False
            yield Chunk(table, ids, lines, where, share)
    except UnicodeError:
        raise not_text(source) from None
    except (pa.ArrowException, OSError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())[:200]
        raise CaseFileError(f"{name}: cannot be read as a table ({plain(reason)}); check the file") from None
    if is_empty:
        raise CaseFileError(f"{name}: no patient; give at least one row below the header")


def _refuse_if_before(
    one: str, line: int, where: str, chunks: Iterator[tuple[pd.DataFrame, list[int], float]]
) -> None:
    """Look an identifier up in the chunks before its line: others may have the same fingerprint."""
    for table, lines, _ in chunks:
        for other, before in zip(identifiers(table, lines, where), lines, strict=True):
            if before == line:
                return
            if other == one:
                raise repeated(one, where, line, before)


def _csv_chunks(
    source: Source, knowledge: KnowledgeBase, size: int, _: list[str]
) -> Iterator[tuple[pd.DataFrame, list[int], float]]:
    """Read by `csv`, which counts lines and loses nothing: pandas drops cells for which the header has no name."""
    import pandas as pd

    name = plain(source.name)
    with source.text() as file:
        rows = _rows(file, set(observable(knowledge)) | {ID}, name)
        line, header = next(rows, (0, list[str]()))
        if not header:
            raise CaseFileError(f"{name}: empty; a table is a header and a row below it for each patient")
        _check_separated(header, set(observable(knowledge)) | {ID}, f"{name}, line {line}")
        named = [i for i, column in enumerate(header) if column]
        check_columns([header[i] for i in named[:MAX_COLUMNS]], knowledge, name)
        unnamed = [i for i, column in enumerate(header) if not column]
        patients = ((line, _fitted(row, len(header), unnamed, f"{name}, line {line}")) for line, row in rows)
        while some := list(islice(patients, size)):
            cells = [[row[i] for i in named] for _, row in some]
            table = pd.DataFrame(cells, columns=[header[i] for i in named], dtype=object)
            yield table, [line for line, _ in some], file.buffer.tell() / source.size()  # type: ignore[attr-defined]


def _rows(file: TextIO, known: set[str], name: str) -> Iterator[tuple[int, list[str]]]:
    """Every row with content, header first, as stripped cells, with the number of its first line in the file."""
    before, first = 0, ""
    for first in file:
        if first.strip(f"{SEPARATORS}\"' \t\r\n"):
            break
        before += 1
    if said := SEPARATOR_LINE.fullmatch(first):
        before, separator = before + 1, str(said[1])
        start: list[str] = []
    else:
        separator, start = _separator(first, known), [first]
    reader = csv.reader(chain(start, file), delimiter=separator, strict=True)
    line = before + 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield line, cells
            line = before + reader.line_num + 1
    except csv.Error as error:
        raise CaseFileError(
            f"{name}, line {line}: cannot be read as a table ({error}); correct it there"
        ) from None


def _separator(header: str, known: set[str]) -> str:
    """The separator that gives the most columns with a known name; of several alike, the first that is there."""

    def n_known(separator: str) -> tuple[int, int]:
        cells = [cell.strip(" \t\r\n\"'") for cell in header.split(separator)]
        return sum(cell in known for cell in cells), int(len(cells) > 1)

    return max(SEPARATORS, key=n_known)


def _check_separated(header: Sequence[str], known: set[str], where: str) -> None:
    """Refuse a header that was not taken apart."""
    if len(header) == 1 and len(known & set(re.split(r"\W+", header[0]))) > 1:
        raise CaseFileError(
            f"{where}: the header is one cell, {shown(header[0])}; separate cells by comma, semicolon, tab or |"
        )


def _fitted(row: list[str], n_columns: int, unnamed: Sequence[int], where: str) -> list[str]:
    """The row, if it has as many cells as the header; what is beyond it or in a column without a name must be empty."""
    if len(row) < n_columns or any(row[n_columns:]):
        raise CaseFileError(f"{where}: {len(row)} cells; the header has {n_columns}; correct the line")
    for i in unnamed:
        if row[i]:
            raise unnamed_column(where, i, row[i])
    return row


def _parquet_chunks(
    source: Source, knowledge: KnowledgeBase, size: int, notes: list[str]
) -> Iterator[tuple[pd.DataFrame, list[int], float]]:
    """Levels of the index are columns: a finding or `id` that pandas kept there is read like any other."""
    import pyarrow.parquet as pq

    with source.open() as stream, pq.ParquetFile(stream) as file:
        schema = file.schema_arrow
        names, ranges = _names(schema, plain(source.name), notes)
        columns = [column for column in names.values() if column]
        check_columns([*columns, *ranges][:MAX_COLUMNS], knowledge, plain(source.name))
        done = 0
        for batch in _batches(file, size):
            _refuse_unnamed(batch, plain(source.name), done)
            table = batch.to_pandas(ignore_metadata=True, integer_object_nulls=True, maps_as_pydicts="strict")
            table.columns = [names[column] for column in schema.names]
            table = table[columns]
            rows = np.arange(done, done + len(table))
            for column, (start, step) in ranges.items():
                table[column] = start + step * rows
            done += len(table)
            kept = _with_content(batch, [column for column, name in names.items() if name])
            share = done / file.metadata.num_rows
            yield table[kept].reset_index(drop=True), (rows[kept] + 1).tolist(), share


def _refuse_unnamed(batch: Any, name: str, done: int) -> None:
    """What stands in a column without a name must be empty; `done` rows came before these."""
    for i, column in enumerate(batch.schema.names):
        if not column.strip() and (held := _with_content(batch, [column])).any():
            row = int(held.argmax())
            raise unnamed_column(f"{name}, row {done + row + 1}", i, batch.column(i)[row].as_py())


def unnamed_column(where: str, i: int, cell: object) -> CaseFileError:
    """The error for something in column `i`, counted from 0, for which the header has no name."""
    return CaseFileError(
        f"{where}: column {i + 1} has no name but holds {shown(cell)}; name it (id names patients) or remove it"
    )


def _batches(file: Any, size: int) -> Iterator[Any]:
    """Batches of so many rows; row groups are read a few at a time, for a reader of all keeps what it has read."""
    groups: list[int] = []
    n_rows = 0
    for group in range(file.num_row_groups):
        groups.append(group)
        n_rows += file.metadata.row_group(group).num_rows
        if n_rows >= size or group == file.num_row_groups - 1:
            yield from file.iter_batches(batch_size=size, row_groups=groups)
            groups, n_rows = [], 0


def _with_content(batch: Any, columns: Sequence[str]) -> NDArray[np.bool_]:
    """Which rows hold anything: a row without content is no patient."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kept = np.zeros(batch.num_rows, dtype=bool)
    for column in columns:
        if kept.all():
            break
        cells = batch.column(column)
        cells = cells.dictionary_decode() if pa.types.is_dictionary(cells.type) else cells
        is_text = pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)
        filled = pc.not_equal(pc.utf8_trim_whitespace(cells), "") if is_text else cells.is_valid()
        kept |= pc.fill_null(filled, False).to_numpy(zero_copy_only=False)
    return kept


def _names(schema: Any, where: str, notes: list[str]) -> tuple[dict[str, str], dict[str, tuple[int, int]]]:
    """Column of the file -> its name here, empty if not used; and start and step of an index that is only described."""
    described = (schema.pandas_metadata or {}).get("index_columns", [])
    ranges = {
        str(one["name"]): (int(one["start"]), int(one["step"]))
        for one in described
        if isinstance(one, dict) and one.get("name") is not None
    }
    names = {column: column.strip() for column in schema.names}
    if twice := sorted({column for column in names if schema.names.count(column) > 1}):
        raise EvidenceError(f"{where}, header: given twice: {', '.join(map(plain, twice))}; keep one of them")
    unnamed = [column for column in schema.names if UNNAMED_LEVEL.fullmatch(column)]
    if len(unnamed) > 1:
        raise unnamed_levels(where, len(unnamed))
    for column in unnamed:
        is_named = ID in names.values() or ID in ranges
        names[column] = "" if is_named else ID
        if is_named:
            notes.append(f"{where}: the index without a name is not used; the column id names the patients")
    return names, ranges


__all__ = ["Chunk", "read_table"]
