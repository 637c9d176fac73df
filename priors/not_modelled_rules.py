"""
What must be true of words that are looked for: those not modelled are names of no finding, further words are of one thing.

Knows: the tables `not_modelled.csv`, `search_words.csv` and `findings.csv`. Must not know: searching.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from priors.rules import IDENTIFIER
from priors.tables import SEARCH_WORDS, Problem, Tables


def plain_terms(tables: Tables) -> Iterator[Problem]:
    """The id of a term is a-z, 0-9, _."""
    for row in tables["not_modelled"]:
        if row["term"] and not IDENTIFIER.fullmatch(row["term"]):
            yield row.error(f"term {row['term']!r} is not a-z, 0-9, _", "keep labels in the column label")


def not_a_finding(tables: Tables) -> Iterator[Problem]:
    """Nothing that is a finding, by id, label, synonym or further word, is said to be none."""
    findings = {}
    for row in tables["findings"]:
        for name in (row["id"], row["label"], *row.many("synonyms")):
            findings[name.casefold()] = row["id"]
    for row in tables[SEARCH_WORDS]:
        findings |= {name.casefold(): row["finding"] for name in row.many("words") if row["finding"]}
    for row in tables["not_modelled"]:
        for name in filter(None, (row["term"], row["label"], row["label_de"], *row.many("synonyms"))):
            if name.casefold() in findings:
                message = f"{name!r} is a name of the finding {findings[name.casefold()]!r}"
                yield row.error(message, "remove the name here, or the row if the finding takes its place")


def one_thing(tables: Tables) -> Iterator[Problem]:
    """Further words are those of a finding, of a diagnosis or of an order; a state has its finding."""
    for row in tables[SEARCH_WORDS]:
        named = [column for column in ("finding", "diagnosis", "order") if row[column]]
        if len(named) != 1:
            found = " and ".join(named) or "nothing"
            yield row.error(f"the words mean {found}", "fill in one of finding, diagnosis, order")
        elif row["state"] and not row["finding"]:
            yield row.error(f"state {row['state']!r} without a finding", "fill in the finding, or no state")


RULES: Final[tuple[Callable[[Tables], Iterator[Problem]], ...]] = (plain_terms, not_a_finding, one_thing)
"""Every rule of this module, in the order in which its problems are shown."""
