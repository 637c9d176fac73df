"""
What must be true of the terms that are known not to be modelled: a plain id, and no name that a finding has.

Knows: the tables `not_modelled.csv` and `findings.csv`. Must not know: searching.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from priors.rules import IDENTIFIER
from priors.tables import Problem, Tables


def plain_terms(tables: Tables) -> Iterator[Problem]:
    """The id of a term is a-z, 0-9, _."""
    for row in tables["not_modelled"]:
        if row["term"] and not IDENTIFIER.fullmatch(row["term"]):
            yield row.error(f"term {row['term']!r} is not a-z, 0-9, _", "keep labels in the column label")


def not_a_finding(tables: Tables) -> Iterator[Problem]:
    """Nothing that is a finding, by id, label or synonym, is said to be none."""
    findings = {}
    for row in tables["findings"]:
        for name in (row["id"], row["label"], *row.many("synonyms")):
            findings[name.casefold()] = row["id"]
    for row in tables["not_modelled"]:
        for name in filter(None, (row["term"], row["label"], row["label_de"], *row.many("synonyms"))):
            if name.casefold() in findings:
                message = f"{name!r} is a name of the finding {findings[name.casefold()]!r}"
                yield row.error(message, "remove the name here, or the row if the finding takes its place")


RULES: Final[tuple[Callable[[Tables], Iterator[Problem]], ...]] = (plain_terms, not_a_finding)
"""Every rule of this module, in the order in which its problems are shown."""
