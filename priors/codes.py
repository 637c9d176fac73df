"""
Codes of other vocabularies for findings and diagnoses: `codes.csv`.

How a code matches is stated from our side, in the terms of SKOS: ``exact`` means the same; ``narrow``: the code is narrower
than ours, so that who has it has ours; ``broad``: the code is wider than ours. Codes of findings are those of the Human
Phenotype Ontology (HP), of diagnoses those of OMIM and Orphanet (ORPHA); the tests look every one up. Two of MONDO
were looked up by hand, in several public repositories that agree; no ontology of it is at hand for a test. The file is
optional in a folder of tables, and no probability depends on it.

Knows: one file. Must not know: patients.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, cast

from priors.schema import KnowledgeBase, KnowledgeError
from priors.tables import Problem, nearest

FILE: Final = "codes.csv"
COLUMNS: Final = ("kind", "id", "state", "code", "label", "match")
MATCHES: Final = ("exact", "narrow", "broad")
CODE: Final = re.compile(r"HP:\d{7}|OMIM:\d{6}|ORPHA:\d{1,6}|MONDO:\d{7}")

Match = Literal["exact", "narrow", "broad"]


@dataclass(frozen=True, slots=True)
class Code:
    """
    One code.

    Parameters
    ----------
    kind
        ``finding`` or ``diagnosis``.
    id
        Our identifier.
    states
        Of a finding: the states that the code stands for; empty for a diagnosis.
    code, label
        Identifier and name in the other vocabulary.
    match
        ``exact``, ``narrow`` or ``broad``; see the module.
    """

    kind: str
    id: str
    states: tuple[str, ...]
    code: str
    label: str
    match: Match


def load_codes(knowledge: KnowledgeBase, folder: Path | None = None) -> tuple[Code, ...]:
    """
    The codes of a folder of tables, by default the package's; none if it has no such file.

    Raises
    ------
    KnowledgeError
        If the file is broken; one line for every problem.
    """
    codes, problems = _read((folder or Path(__file__).resolve().parent) / FILE)
    problems = (*problems, *_problems(codes, knowledge))
    if problems:
        raise KnowledgeError("\n".join(map(str, problems)))
    return tuple(code for _, code in codes)


@lru_cache(maxsize=4)
def _read(path: Path) -> tuple[tuple[tuple[int, Code], ...], tuple[Problem, ...]]:
    if not path.is_file():
        return (), ()
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if tuple(rows.fieldnames or ()) != COLUMNS:
            message = f"the header is {', '.join(rows.fieldnames or ())}"
            return (), (Problem("error", FILE, 1, message, f"write {','.join(COLUMNS)}"),)
        return tuple((rows.line_num, _code(row)) for row in rows), ()


def _code(row: Mapping[str, str | None]) -> Code:
    cells = {column: (row.get(column) or "").strip() for column in COLUMNS}
    states = tuple(part for part in cells["state"].split("|") if part)
    match = cast("Match", cells["match"])
    return Code(cells["kind"], cells["id"], states, cells["code"], cells["label"], match)


def _problems(codes: tuple[tuple[int, Code], ...], knowledge: KnowledgeBase) -> Iterator[Problem]:
    seen = set()
    for line, code in codes:
        known = {"finding": knowledge.variables, "diagnosis": knowledge.diagnoses}.get(code.kind)
        if known is None:
            yield _error(line, f"kind {code.kind!r}", "write finding or diagnosis")
        elif code.id not in known:
            yield _error(
                line, f"unknown {code.kind} {code.id!r}", f"nearest: {nearest(code.id, tuple(known))}"
            )
        else:
            yield from _states(line, code, knowledge)
        if not CODE.fullmatch(code.code):
            yield _error(line, f"{code.code!r} is no code", "write one such as HP:0002315")
        if code.match not in MATCHES:
            yield _error(line, f"match {code.match!r}", f"write {', '.join(MATCHES)}")
        if (code.kind, code.id, code.code) in seen:
            yield _error(line, f"{code.id} has {code.code} twice", "keep one")
        seen.add((code.kind, code.id, code.code))


def _states(line: int, code: Code, knowledge: KnowledgeBase) -> Iterator[Problem]:
    if code.kind == "diagnosis":
        if code.states:
            yield _error(line, "a diagnosis has no state", "leave the cell empty")
        return
    states = knowledge.variables[code.id].state_ids
    if not code.states or not set(code.states) < set(states):
        found = "|".join(code.states) or "nothing"
        yield _error(line, f"state {found}", f"write some, not all, of {'|'.join(states)}")


def _error(line: int, message: str, remedy: str) -> Problem:
    return Problem("error", FILE, line, message, remedy)


__all__ = ["Code", "Match", "load_codes"]
