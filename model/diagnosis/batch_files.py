"""
Tables of patients on disk: CSV or Parquet in, CSV or Parquet out, in chunks, so that memory does not grow with the file.

The answer is written aside and renamed when it is whole. What made it stands in the metadata of a Parquet file and in
what `answer_file` returns.

Knows: files, frames. Must not know: evidence, the engine.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from model.diagnosis.batch import PROBLEM, answer_table, check_columns
from model.errors import CaseFileError, plain
from model.files import replacing
from model.text import csv_cell

if TYPE_CHECKING:
    import _csv

    import pandas as pd

    from model.network.network import Network

CELLS: Final = 1_000_000
"""Patients times draws that are answered together: their leaves take 180 MB."""

MAX_CHUNK: Final = 20_000
"""More rows at a time save nothing."""

FORMATS: Final = (".csv", ".parquet")

MAX_COLUMNS: Final = 1000
"""A table has as many findings as the network, some 150."""

METADATA: Final = b"millet"
"""Key of the metadata of a Parquet file under which the provenance stands, as JSON."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """
    What became of a table.

    Parameters
    ----------
    n_patients
        Rows read, and written.
    n_problems
        Patients without an answer; the table says why.
    columns
        Of the table that was read.
    """

    n_patients: int
    n_problems: int
    columns: tuple[str, ...]


class Writer(Protocol):
    """Takes answered chunks one after the other."""

    def write(self, answer: pd.DataFrame) -> None:
        """Append a chunk."""


def answer_file(
    source: Path,
    target: Path,
    network: Network,
    *,
    provenance: Mapping[str, object] | None = None,
    chunk: int | None = None,
    progress: Progress | None = None,
) -> Summary:
    """
    Answer every patient of a table; see `model.diagnosis.batch.answer_table` for the columns.

    Parameters
    ----------
    source, target
        Files that end in ``.csv`` or ``.parquet``; CSV is UTF-8 with commas and a header.
    network
        With several draws the answer has intervals; ``network.at_mean()`` is quickest.
    provenance
        What is kept with a Parquet file; version, digest, setting and number of draws by default.
    chunk
        Rows at a time; by default as many as some 200 MB hold at this number of draws.
    progress
        Called with the number of patients answered since the last call.

    Raises
    ------
    CaseFileError
        If the table cannot be read, or source and target are one file.
    EvidenceError, UnknownNameError
        If a column is no finding or a cell cannot be read.
    StorageError
        If the answer cannot be written.
    """
    for path in (source, target):
        if path.suffix.lower() not in FORMATS:
            raise CaseFileError(
                f"{plain(str(path))}: ends in {path.suffix or 'nothing'}; allowed: {', '.join(FORMATS)}"
            )
    if source.resolve() == target.resolve():
        raise CaseFileError(f"{plain(str(target))}: is the table itself; give another path for the answer")
    chunks = read_chunks(source, chunk or min(MAX_CHUNK, max(1, CELLS // network.n_draws)), network)
    n_patients = n_problems = 0
    columns: tuple[str, ...] = ()
    with replacing(target) as aside, _writer(aside, provenance or network.provenance()) as writer:
        for first_line, table in chunks:
            answer = answer_table(table, network, first_line=first_line, name=source.name)
            writer.write(answer)
            columns = tuple(map(str, table.columns))
            n_patients += len(answer)
            n_problems += int((answer[PROBLEM] != "").sum())
            if progress is not None:
                progress(len(answer))
        if not n_patients:
            raise CaseFileError(f"{plain(source.name)}: no patient; give at least one row below the header")
    return Summary(n_patients, n_problems, columns)


def read_chunks(source: Path, chunk: int, network: Network) -> Iterator[tuple[int, pd.DataFrame]]:
    """
    Chunks of a table, each with the line number of its first row (in Parquet, rows count from 1).

    Raises
    ------
    CaseFileError
        If the file cannot be read as a table.
    EvidenceError, UnknownNameError
        If the header names what is no finding, before any row is read.
    """
    import pyarrow as pa

    name = plain(source.name)
    read = _csv_chunks if source.suffix.lower() == ".csv" else _parquet_chunks
    try:
        yield from read(source, chunk, network)
    except UnicodeDecodeError as error:
        raise CaseFileError(f"{name}: byte {error.start} is not UTF-8; save it as UTF-8 text") from None
    except (pa.ArrowException, csv.Error, OSError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())[:200]
        raise CaseFileError(f"{name}: cannot be read as a table ({plain(reason)}); check the file") from None


def _csv_chunks(source: Path, chunk: int, network: Network) -> Iterator[tuple[int, pd.DataFrame]]:
    """Read by `csv`, which counts lines and loses nothing: pandas drops cells for which the header has no name."""
    import pandas as pd

    name = plain(source.name)
    with source.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        header = [column.strip() for column in next(reader, [])]
        check_columns(header[:MAX_COLUMNS], network.knowledge, name)
        line = reader.line_num + 1
        while rows := list(_lines(reader, len(header), name, chunk)):
            yield line, pd.DataFrame(rows, columns=header, dtype=object)
            line = reader.line_num + 1


def _lines(reader: _csv.Reader, n_cells: int, name: str, n: int) -> Iterator[list[str]]:
    """The next rows that are not blank, each with as many cells as the header."""
    for row in islice(filter(None, reader), n):
        if len(row) != n_cells:
            raise CaseFileError(
                f"{name}, line {reader.line_num}: {len(row)} cells; the header has {n_cells}; correct the line"
            )
        yield row


def _parquet_chunks(source: Path, chunk: int, network: Network) -> Iterator[tuple[int, pd.DataFrame]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(source) as file:
        check_columns(file.schema_arrow.names[:MAX_COLUMNS], network.knowledge, plain(source.name))
        row = 1
        for batch in file.iter_batches(batch_size=chunk):
            table = batch.to_pandas()
            yield row, table
            row += len(table)


def _writer(path: Path, provenance: Mapping[str, object]) -> AbstractContextManager[Writer]:
    return _CsvWriter(path) if path.suffix.lower() == ".csv" else _ParquetWriter(path, provenance)


class _CsvWriter(AbstractContextManager["Writer"]):
    """A CSV file that no spreadsheet takes for formulas."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("w", encoding="utf-8", newline="")
        self.has_header = False

    def write(self, answer: pd.DataFrame) -> None:
        safe = answer.assign(**{name: answer[name].map(csv_cell) for name in ("id", PROBLEM)})
        safe.to_csv(self.file, index=False, header=not self.has_header, lineterminator="\n")
        self.has_header = True

    def __exit__(self, *_: object) -> None:
        self.file.close()


class _ParquetWriter(AbstractContextManager["Writer"]):
    """A Parquet file with its provenance; blanks are nulls."""

    def __init__(self, path: Path, provenance: Mapping[str, object]) -> None:
        self.path, self.provenance = path, provenance
        self.file: Any = None

    def write(self, answer: pd.DataFrame) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.Table.from_pandas(answer, preserve_index=False)
        made_by = {METADATA: json.dumps(self.provenance, sort_keys=True).encode()}
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), **made_by})
        if self.file is None:
            self.file = pq.ParquetWriter(self.path, table.schema)
        self.file.write_table(table)

    def __exit__(self, *_: object) -> None:
        if self.file is not None:
            self.file.close()


__all__ = ["METADATA", "Summary", "answer_file", "read_chunks"]
