"""
Every problem of the tables at once, and what they cover: `python -m priors`.

Knows: which rules there are. Must not know: probabilities, the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from priors import (
    fact_rules,
    glossary_rules,
    layer_rules,
    not_modelled_rules,
    rules,
    section_rules,
    structure_rules,
)
from priors.coverage import Coverage, coverage, coverage_problems, location_problems
from priors.reading_rules import reading_problems
from priors.tables import Problem, Tables, read_tables

DEFAULT_FOLDER: Final = Path(__file__).resolve().parent
"""The tables that ship with the package."""


@dataclass(frozen=True, slots=True)
class Report:
    """All problems of a folder of tables, in the order of files and lines, and what the facts cover."""

    problems: tuple[Problem, ...]
    coverage: Coverage

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Problems that keep the tables from being loaded, or leave a row of the ledger behind."""
        return tuple(problem for problem in self.problems if problem.level == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Problems that lose a little knowledge but break nothing."""
        return tuple(problem for problem in self.problems if problem.level == "warning")

    def __str__(self) -> str:
        """One line per problem, then the coverage, then the verdict."""
        lines = [f"{problem.level}: {problem}" for problem in self.problems]
        verdict = f"{len(self.errors)} errors, {len(self.warnings)} warnings"
        return "\n".join([*lines, str(self.coverage), verdict])


def check(folder: Path | None = None) -> Report:
    """
    Return every problem of a folder of tables, and what its facts cover.

    Parameters
    ----------
    folder : Path, optional
        Holds the tables; the tables of the package if left out.

    Examples
    --------
    >>> check().errors
    ()
    """
    tables = read_tables(folder or DEFAULT_FOLDER)
    reading = reading_problems(folder or DEFAULT_FOLDER, tables.states())
    found = (*structural_problems(tables), *coverage_problems(tables), *reading)
    return Report(tuple(sorted(found, key=_place)), coverage(tables))


def structural_problems(tables: Tables) -> tuple[Problem, ...]:
    """Return what keeps tables from being loaded or loses knowledge; of the ledger only contradictions."""
    return tuple(_structural(tables))


def _structural(tables: Tables) -> Iterator[Problem]:
    yield from tables.problems
    modules = (
        *(rules, structure_rules, fact_rules, layer_rules),
        *(glossary_rules, not_modelled_rules, section_rules),
    )
    for rule in (*(rule for module in modules for rule in module.RULES), location_problems):
        yield from rule(tables)


def _place(problem: Problem) -> tuple[str, str, int]:
    return problem.level, problem.file, problem.line
