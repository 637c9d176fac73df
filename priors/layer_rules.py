"""
What must be true of the layers below the documents: cohorts of the literature, their publications, and judgement.

Knows: the tables of these layers. Must not know: how a cohort or a judgement becomes a likelihood.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Final

from priors.rules import number, numbers, ordered, state_problems
from priors.tables import (
    COHORTS,
    DEFINITIONS,
    JUDGED,
    JUDGED_AGES,
    PUBLICATIONS,
    Problem,
    Row,
    Tables,
    nearest,
)

COHORT_ID: Final = re.compile(r"L\d{4}")

KINDS: Final = frozenset(
    {"count", "percentage", "range", "age_mean", "age_median", "age_sd", "age_range", "prior"}
)
"""Kinds of facts that a cohort may give: figures, no words."""

TAGS: Final = frozenset(
    {"children", "parent_disease", "denominator_uncertain", "unit_not_patient", "secondary"}
)
"""What sets the patients of a cohort apart from ours; each is read more widely (`model.elicitation.cohort`)."""

TOTAL: Final = 0.02
"""Shares that make up a whole may miss 1 by this much: they are printed with two digits."""


def cohort_rows(tables: Tables) -> Iterator[Problem]:
    """A cohort has an id of its own, stands in the file of its disease, gives a figure, and names a publication."""
    publications = set(tables.ids(PUBLICATIONS))
    for row in tables[COHORTS]:
        if not COHORT_ID.fullmatch(row["id"]):
            yield row.error(
                f"cohort id {row['id']!r} is not of the form L0123", "give it the id of its ledger row"
            )
        if row["diagnosis"] and row["diagnosis"] != PurePath(row.file).stem:
            yield row.error(
                f"a cohort of {row['diagnosis']!r} stands in {PurePath(row.file).name}",
                f"move it to {COHORTS}/{row['diagnosis']}.csv",
            )
        if row["source"] not in publications:
            yield row.error(
                f"publication {row['source']!r} is not in publications.csv",
                nearest(row["source"], publications),
            )
        if row["kind"] not in KINDS:
            yield row.error(f"a cohort gives no fact of kind {row['kind']!r}", nearest(row["kind"], KINDS))
        for tag in row.many("tags"):
            if tag not in TAGS:
                yield row.error(f"tag {tag!r} is unknown", nearest(tag, TAGS))


def cohorts_once(tables: Tables) -> Iterator[Problem]:
    """No cohort is counted twice: one figure of a publication stands in one row."""
    first: dict[tuple[str, ...], Row] = {}
    columns = ("source", "diagnosis", "finding", "state", "given", "kind", "low", "high", "n", "population")
    for row in tables[COHORTS]:
        if row["kind"] == "prior":
            continue
        key = tuple(row[column] for column in columns)
        if key in first:
            earlier = first[key]
            message = f"{row['id']} gives the figure of {earlier['id']} again ({earlier.file}:{earlier.line})"
            yield row.error(message, "keep one of them and leave the other out in left_out.csv")
        first.setdefault(key, row)


def publications_found(tables: Tables) -> Iterator[Problem]:
    """A publication can be looked up, by DOI, PMID, PMCID, address or journal, and is used."""
    used = set(tables.ids(COHORTS, "source"))
    for row in tables[PUBLICATIONS]:
        if not any(row[column] for column in ("doi", "pmid", "pmcid", "url", "journal")):
            yield row.warning(
                "no DOI, PMID, PMCID, address or journal", "fill in one of them if it can be found"
            )
        if row["id"] not in used:
            yield row.error(f"no cohort names {row['id']!r}", "remove it, or add its cohorts")


def no_cohort_of_a_definition(tables: Tables) -> Iterator[Problem]:
    """What defines a disease is met in every cohort of it: such a figure says how it was chosen, not how often it is met."""
    states = tables.states()
    fixed = {(row["diagnosis"], row["finding"]): row for row in tables[DEFINITIONS]}
    for row in tables[DEFINITIONS]:
        yield from state_problems(row, "state", row["finding"], row["state"], states)
    for row in tables[COHORTS]:
        if definition := fixed.get((row["diagnosis"], row["finding"])):
            message = (
                f"{row['finding']} belongs to the definition of {row['diagnosis']}: {definition['reason']}"
            )
            yield row.error(message, "leave the figure out in left_out.csv")


def judged_cells(tables: Tables) -> Iterator[Problem]:
    """A judged frequency is of a cell of the network, inside 0 and 1, its points rise, and shares make up at most 1."""
    states = tables.states()
    leaves = set(states["diagnosis"])
    total: dict[tuple[str, str], float] = defaultdict(float)
    last: dict[tuple[str, str], Row] = {}
    for row in tables[JUDGED]:
        yield from _known_leaf(row, leaves)
        yield from state_problems(row, "state", row["finding"], row["state"], states)
        yield from numbers(row, ("low", "median", "high"), 0, 1)
        yield from ordered(row, ("low", "median", "high"))
        if number(row["low"]) in (None, 0.0) or number(row["high"]) in (None, 1.0):
            yield row.error("low must be above 0 and high below 1", "nothing is certain: widen the range")
        key = row["finding"], row["diagnosis"]
        total[key] += number(row["median"]) or 0.0
        last[key] = row
    for key, value in total.items():
        if value > 1 + TOTAL:
            message = f"the shares of {key[0]} in {key[1]} add up to {value:.2f}"
            yield last[key].error(message, "they must add up to at most 1")


def judged_ages(tables: Tables) -> Iterator[Problem]:
    """The components of a leaf's ages are normal, and their weights add up to 1."""
    leaves = set(tables.states()["diagnosis"])
    total: dict[str, float] = defaultdict(float)
    last: dict[str, Row] = {}
    for row in tables[JUDGED_AGES]:
        yield from _known_leaf(row, leaves)
        yield from numbers(row, ("weight",), 0, 1)
        yield from numbers(row, ("mean",), 0, 100)
        yield from numbers(row, ("sd",), 1, 60)
        total[row["diagnosis"]] += number(row["weight"]) or 0.0
        last[row["diagnosis"]] = row
    for leaf, value in total.items():
        if not math.isclose(value, 1, abs_tol=TOTAL):
            yield last[leaf].error(f"the weights of {leaf} add up to {value:.2f}", "they must add up to 1")


def _known_leaf(row: Row, leaves: set[str]) -> Iterator[Problem]:
    if row["diagnosis"] not in leaves:
        yield row.error(f"there is no leaf diagnosis {row['diagnosis']!r}", nearest(row["diagnosis"], leaves))


RULES: Final[tuple[Callable[[Tables], Iterator[Problem]], ...]] = (
    cohort_rows,
    cohorts_once,
    publications_found,
    no_cohort_of_a_definition,
    judged_cells,
    judged_ages,
)
"""Every rule of this module, in the order in which its problems are shown."""
