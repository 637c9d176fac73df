"""
What must be true of the glossary: every term is named and defined in both languages and says where it comes from.

Knows: the table `glossary.csv`. Must not know: drawings, screens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from priors.rules import IDENTIFIER
from priors.tables import FACTS, Problem, Row, Tables, nearest

ORIGINS: Final = ("note of findings.csv", "general knowledge, no source", "meaning in this app")
"""What may stand for the source of a definition beside identifiers of facts."""


def named_terms(tables: Tables) -> Iterator[Problem]:
    """A term has a plain id and labels in both languages; without them it is called what its finding is called."""
    for row in tables["glossary"]:
        if row["term"] and not IDENTIFIER.fullmatch(row["term"]):
            yield row.error(f"term {row['term']!r} is not a-z, 0-9, _", "keep labels in the column label")
        if bool(row["label"]) != bool(row["label_de"]):
            yield row.error("a label stands in one language only", "fill in label and label_de, or neither")
        if not row["label"] and (not row["finding"] or row["state"]):
            yield row.error(
                "the term has no label", "fill in label and label_de; only a finding lends its own"
            )


def one_meaning(tables: Tables) -> Iterator[Problem]:
    """No finding and no state is defined twice."""
    first: dict[tuple[str, str], Row] = {}
    for row in tables["glossary"]:
        key = (row["finding"], row["state"])
        if row["finding"] and key in first:
            message = f"{' '.join(filter(None, key))!r} is defined in line {first[key].line} already"
            yield row.error(message, "keep one definition")
        first.setdefault(key, row)


def known_origins(tables: Tables) -> Iterator[Problem]:
    """The source of a definition is a fact, or one of the origins above."""
    facts = set(tables.ids(FACTS))
    for row in tables["glossary"]:
        for source in row.many("source"):
            if source not in facts and source not in ORIGINS:
                remedy = f"{nearest(source, facts)} or write one of: {'; '.join(ORIGINS)}"
                yield row.error(f"source: there is no fact {source!r}", remedy)


RULES: Final[tuple[Callable[[Tables], Iterator[Problem]], ...]] = (named_terms, one_meaning, known_origins)
"""Every rule of this module, in the order in which its problems are shown."""
