"""
Files of patients in, tables of answers out (CSV or Parquet), in chunks, so that memory does not grow with the file.

The answer is written aside and renamed when it is whole. What made it stands in the metadata of a Parquet file and in
what `answer_file` returns.

Knows: files, frames. Must not know: evidence, the engine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from model.diagnosis.batch import PROBLEM, answer_rows
from model.errors import CaseFileError, plain
from model.files import replacing
from model.intake.patients import read_chunks
from model.patient.source import Given, source_of
from model.text import csv_cell

if TYPE_CHECKING:
    import pandas as pd

    from model.network.network import Network

CELLS: Final = 1_000_000
"""Patients times draws that are answered together: their leaves take 180 MB."""

MAX_CHUNK: Final = 20_000
"""More rows at a time save nothing."""

FORMATS: Final = (".csv", ".parquet")

METADATA: Final = b"millet"
"""Key of the metadata of a Parquet file under which the provenance stands, as JSON."""

Progress = Callable[[int, float], None]


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
    notes
        A line for everything in the file that was not used.
    """

    n_patients: int
    n_problems: int
    columns: tuple[str, ...]
    notes: tuple[str, ...]


class Writer(Protocol):
    """Takes answered chunks one after the other."""

    def write(self, answer: pd.DataFrame) -> None:
        """Append a chunk."""


def known_format(target: Path) -> None:
    """
    Refuse a file of answers of another format.

    Raises
    ------
    CaseFileError
        If its name ends in anything else than those of `FORMATS`.
    """
    if target.suffix.lower() not in FORMATS:
        raise CaseFileError(
            f"{plain(str(target))}: ends in {target.suffix or 'nothing'}; allowed: {', '.join(FORMATS)}"
        )


def answer_file(
    source: Given,
    target: Path,
    network: Network,
    *,
    provenance: Mapping[str, object] | None = None,
    chunk: int | None = None,
    progress: Progress | None = None,
) -> Summary:
    r"""
    Answer every patient of a table; see `model.diagnosis.batch.answer_table` for the columns.

    Parameters
    ----------
    source
        A table (CSV, Parquet), a case file or phenopackets: see `model.read_patients`.
    target
        A file that ends in ``.csv`` or ``.parquet``.
    network
        With several draws the answer has intervals; ``network.at_mean()`` is quickest.
    provenance
        What is kept with a Parquet file; version, digest, setting and number of draws by default.
    chunk
        Rows at a time; by default as many as some 200 MB hold at this number of draws.
    progress
        Called with the number of patients answered since the last call, and the share of the file that has been read.

    Raises
    ------
    CaseFileError
        If the file cannot be read, or source and target are one file.
    EvidenceError, UnknownNameError
        If a column is no finding, a cell cannot be read, or two patients have one identifier.
    StorageError
        If the answer cannot be written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from model import load_network
    >>> with TemporaryDirectory() as folder:
    ...     source, target = Path(folder) / "patients.csv", Path(folder) / "answers.csv"
    ...     _ = source.write_text("id,sex,serum_aqp4_igg\nA,female,positive\nB,male,\n")
    ...     done = answer_file(source, target, load_network().at_mean())
    ...     lines = target.read_text().splitlines()
    >>> done.n_patients, len(lines), lines[1].split(",")[0]
    (2, 3, 'A')
    """
    known_format(target)
    given = source_of(source)
    if given.path is not None and given.path.resolve() == target.resolve():
        raise CaseFileError(f"{plain(str(target))}: is the table itself; give another path for the answer")
    size = chunk or min(MAX_CHUNK, max(1, CELLS // network.n_draws))
    notes: list[str] = []
    n_patients = n_problems = 0
    columns: dict[str, None] = {}
    with replacing(target) as aside, _writer(aside, provenance or network.provenance()) as writer:
        for one in read_chunks(given, network.knowledge, size, notes):
            answer = answer_rows(one.table, one.ids, one.lines, network, one.where)
            writer.write(answer)
            columns |= dict.fromkeys(map(str, one.table.columns))
            n_patients += len(answer)
            n_problems += int((answer[PROBLEM] != "").sum())
            if progress is not None:
                progress(len(answer), one.share)
    return Summary(n_patients, n_problems, tuple(columns), tuple(notes))


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


__all__ = ["METADATA", "Summary", "answer_file"]
