"""
The patients of any file: a case file, phenopackets, or a table.

Knows: which reader a file needs. Must not know: networks, what a finding means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from model.errors import CaseFileError, MilletError, UnknownNameError, plain, together
from model.intake.packets import kind_of_message, packets_in
from model.intake.phenopacket import from_phenopacket
from model.intake.table_file import Chunk, read_table
from model.patient.cases import Case, cases_in, parsed, without_own_parts
from model.patient.naming import observable
from model.patient.no_finding import no_finding
from model.patient.source import Given, Source, kind_of, source_of
from model.patient.table import findings, weighed
from model.patient.truth import unknown_in_truth
from model.patient.weights import weights

if TYPE_CHECKING:
    from priors.schema import KnowledgeBase

ROWS: Final = 10_000
"""Rows of a table that are read at a time."""


@dataclass(frozen=True, slots=True)
class Patients:
    """
    The patients of a file, and what of the file they do not hold.

    Parameters
    ----------
    cases
        One per patient; their identifiers differ.
    notes
        A line for everything that was not used.
    """

    cases: tuple[Case, ...]
    notes: tuple[str, ...]


def read_patients(source: Given, knowledge: KnowledgeBase, *, name: str = "file") -> Patients:
    r"""
    The patients of a file: a case file (JSON), phenopackets of version 1 or 2, or a table (CSV, Parquet).

    What the file is shows in its content. Of a family the proband is the patient, a cohort gives its members. Whatever is in
    the file is read, or named in a note, or refused.

    Parameters
    ----------
    source
        A path; ``"-"`` for standard input; JSON text; the bytes of a file; or an open file.
    knowledge
        Gives the findings and their states.
    name
        What messages call bytes.

    Raises
    ------
    CaseFileError
        If it is no such file, or damaged; one line for each problem, with its place.
    EvidenceError
        If a column of a table is no finding, or two patients have one identifier.

    Examples
    --------
    >>> from priors import load_knowledge_base
    >>> found = read_patients(b"id;age_years;sex\nA;39,5;male\n;;\n", load_knowledge_base())
    >>> [(case.id, dict(case.findings)) for case in found.cases]
    [('A', {'age_years': '39,5', 'sex': 'male'})]
    """
    given = source_of(source, name)
    kind = kind_of(given)
    notes: list[str] = []
    if kind == "json":
        return Patients(tuple(_of_json(given, knowledge, notes)), tuple(notes))
    cases: list[Case] = []
    for chunk in read_table(given, kind, knowledge, ROWS, notes):
        weighed(
            chunk.table, knowledge, chunk.lines, chunk.where
        )  # refuses what cannot be read, with its place
        cases += [Case(*one) for one in zip(chunk.ids, findings(chunk.table), strict=True)]
    return Patients(tuple(cases), tuple(notes))


def read_chunks(source: Given, knowledge: KnowledgeBase, size: int, notes: list[str]) -> Iterator[Chunk]:
    """
    The patients of a file as tables of so many rows, for files that do not fit into memory.

    Parameters
    ----------
    source, knowledge
        As `read_patients`.
    size
        Rows at a time.
    notes
        What is not used is appended.
    """
    given = source_of(source)
    kind = kind_of(given)
    if kind != "json":
        yield from read_table(given, kind, knowledge, size, notes)
        return
    import pandas as pd

    cases = _of_json(given, knowledge, notes)
    _check(cases, knowledge)
    for start in range(0, len(cases), size):
        some = cases[start : start + size]
        table = pd.DataFrame([dict(case.findings) for case in some], dtype=object)
        numbers = range(start + 1, start + len(some) + 1)
        share = (start + len(some)) / len(cases)
        yield Chunk(table, [case.id for case in some], numbers, f"{plain(given.name)}, case", share)


def _check(cases: Iterable[Case], knowledge: KnowledgeBase) -> None:
    """Refuse cases of which something cannot be read, before any is answered."""
    allowed = observable(knowledge)
    wrong: list[MilletError] = []
    for case in cases:
        for name, value in case.findings.items():
            where = f"case {plain(case.id)}, finding {plain(name)}"
            if name not in allowed:
                wrong.append(no_finding(where, name, knowledge))
            elif value is not None:
                try:
                    weights(value, allowed[name], where)
                except MilletError as error:
                    wrong.append(error)
    if wrong:
        raise together(wrong)


def _of_json(source: Source, knowledge: KnowledgeBase, notes: list[str]) -> list[Case]:
    """Cases of a text that holds cases, messages of the phenopacket schema, or a list of both."""
    content = parsed(source.name, source.whole_text())
    items: list[object] = []
    problems: list[str] = []
    for item in content if isinstance(content, list) else [content]:
        try:
            if not isinstance(item, Mapping):
                items.append(item)
            elif kind_of_message(item) is None:
                name = item.get("id") or f"case_{len(items) + 1}"
                items.append(without_own_parts(item, f"case {plain(str(name))}", notes))
            else:
                for packet in packets_in(item, notes):
                    read = from_phenopacket(packet, knowledge, name=f"packet_{len(items) + 1}")
                    items.append(read.case)
                    notes += read.notes
        except CaseFileError as error:
            problems += error.problems
    if problems:
        raise CaseFileError(*problems)
    cases = cases_in(content if items == [content] else items, source.name)
    if unknown := [line for case in cases for line in unknown_in_truth(case, knowledge)]:
        raise UnknownNameError(*unknown)
    return cases


__all__ = ["Patients", "read_chunks", "read_patients"]
