"""
What must be true of the facts: each kind has the fields it is read by, and points at a cell of the network.

Knows: the kinds of facts. Must not know: how a kind becomes a likelihood (that is `model.elicitation`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from typing import Final

from priors.rules import MAX_AGE, number, numbers, ordered, state_problems
from priors.tables import COHORTS, FACTS, Problem, Row, Tables, nearest

FACT_ID: Final = re.compile(r"\d{3}-\d{4}")
LEDGER_ID: Final = re.compile(r"[FL]\d{4}")
"""F of the documents, L of the literature."""
AGE_PEAK: Final = re.compile(r"peak_[1-9]")
"""State of a fact about an age: the first, second ... peak of a distribution with several."""
AGE_GROUPS: Final = ("paediatric", "adult")
"""Ages that the column `given` may name besides the bins: words of the sources, which state no limits."""

_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "count": ("diagnosis", "finding", "state", "low", "n"),
    "percentage": ("diagnosis", "finding", "state", "low"),
    "range": ("diagnosis", "finding", "state", "low", "high"),
    "upper_bound": ("diagnosis", "finding", "state", "high"),
    "lower_bound": ("diagnosis", "finding", "state", "low"),
    "word": ("diagnosis", "finding", "state", "term"),
    "symbol": ("diagnosis", "finding", "state", "term"),
    "listed": ("diagnosis", "finding", "state", "term"),
    "negative": ("diagnosis", "finding", "state", "term"),
    "specific": ("diagnosis", "finding", "state", "term"),
    "ordering": ("diagnosis", "finding", "state"),
    "age_mean": ("diagnosis", "finding", "low"),
    "age_median": ("diagnosis", "finding", "low"),
    "age_sd": ("diagnosis", "finding", "low"),
    "age_range": ("diagnosis", "finding"),
    "prior": ("diagnosis",),
    "note": (),
}
"""Cells that the likelihood of a kind cannot do without."""

_PROBABILITIES: Final = frozenset({"percentage", "range", "upper_bound", "lower_bound"})
_SCALED: Final = frozenset({"word", "symbol", "listed", "negative", "specific"})
_AGES: Final = frozenset({"age_mean", "age_median", "age_sd", "age_range"})


def fact_ids(tables: Tables) -> Iterator[Problem]:
    """A fact is called `001-0123`, where 001 is a source and the name of the file it stands in."""
    sources = tables.ids("sources")
    for row in tables[FACTS]:
        file = PurePath(row.file).stem
        if not FACT_ID.fullmatch(row["id"]):
            yield row.error(
                f"fact id {row['id']!r} is not of the form 001-0123", "give it the next free number"
            )
        elif row["id"][:3] != file:
            yield row.error(
                f"fact {row['id']!r} stands in {file}.csv", f"move it to facts/{row['id'][:3]}.csv"
            )
    for file_name in dict.fromkeys(row.file for row in tables[FACTS]):
        if PurePath(file_name).stem not in sources:
            message = f"source {PurePath(file_name).stem!r} is not in sources.csv"
            yield Problem("error", file_name, 0, message, nearest(PurePath(file_name).stem, sources))


def needed_fields(tables: Tables) -> Iterator[Problem]:
    """Every kind of fact has the cells it is read by."""
    for row in tables.facts:
        for column in _NEEDS.get(row["kind"], ()):
            if not row[column]:
                yield row.error(
                    f"a fact of kind {row['kind']!r} needs {column!r}", "fill it in or choose another kind"
                )
        if row["kind"] == "age_range" and not (row["low"] or row["high"]):
            yield row.error("a fact of kind 'age_range' needs 'low' or 'high'", "fill in one of them or both")


def numbers_in_range(tables: Tables) -> Iterator[Problem]:
    """Probabilities lie in 0 to 1, ages in 0 to 120, counts are k of n, and low is not above high."""
    for row in tables.facts:
        limit = 1.0 if row["kind"] in _PROBABILITIES else MAX_AGE if row["kind"] in _AGES else math.inf
        yield from numbers(row, ("low", "high"), 0, limit)
        yield from numbers(row, ("n",), 1, math.inf)
        yield from ordered(row, ("low", "high"))
        for column in ("low", "n") if row["kind"] == "count" else ("n",):
            value = number(row[column])
            if value is not None and value != int(value):
                yield row.error(f"{column} {row[column]!r} is not a whole number", "counts are k (low) of n")
        if row["kind"] == "count":
            yield from ordered(row, ("low", "n"))


def terms_on_scale(tables: Tables) -> Iterator[Problem]:
    """The word, symbol or other term of a fact stands in scales.csv under its kind."""
    scales: dict[str, set[str]] = {}
    for row in tables["scales"]:
        scales.setdefault(row["scale"], set()).add(row["term"])
    for row in tables[FACTS]:
        known = scales.get(row["kind"], set())
        if row["kind"] in _SCALED and row["term"] and row["term"] not in known:
            message = f"scales.csv has no term {row['term']!r} on the scale {row['kind']!r}"
            yield row.error(message, nearest(row["term"], known))


def fact_states(tables: Tables) -> Iterator[Problem]:
    """The state of a fact is one of its finding's (`a|b` means either); an age may have a peak instead."""
    states = tables.states()
    for row in tables.facts:
        for state in row.many("state"):
            if not (row["kind"] in _AGES and AGE_PEAK.fullmatch(state)):
                yield from state_problems(row, "state", row["finding"], state, states)


def ages_on_age(tables: Tables) -> Iterator[Problem]:
    """Kinds of facts about an age are about a variable of kind age, and the other way round."""
    kinds = {row["id"]: row["kind"] for row in tables["findings"]}
    for row in tables.facts:
        if row["kind"] in _AGES and kinds.get(row["finding"], "age") != "age":
            yield row.error(f"{row['kind']} of {row['finding']!r}, which is no age", "choose another kind")


def conditions(tables: Tables) -> Iterator[Problem]:
    """The column `given` holds `variable=state`, and an arc of links.csv joins finding and variable."""
    ages = {row["id"] for row in tables["findings"] if row["kind"] == "age"}
    states = {name: ids + AGE_GROUPS * (name in ages) for name, ids in tables.states().items()}
    arcs = {(row["child"], row["parent"]) for row in tables["links"]}
    for row in tables.facts:
        for given in row.many("given"):
            variable, equals, state = given.partition("=")
            if not equals or variable not in states:
                remedy = nearest(variable, states) if equals else "write it as immune_status=compromised"
                yield row.error(f"given {given!r} is not variable=state", remedy)
                continue
            yield from state_problems(row, "given", variable, state, states)
            if (
                row["kind"] not in ("note", "prior")
                and row["finding"]
                and (row["finding"], variable) not in arcs
            ):
                message = f"{row['finding']!r} given {variable!r}, but no arc joins them"
                yield row.warning(message, "add the arc to links.csv, or the fact reaches no parameter")


def ledger_ids_well_formed(tables: Tables) -> Iterator[Problem]:
    """Ledger ids are `F0123`; a ledger row is left out once, and not both left out and used."""
    used: dict[str, Row] = {}
    for row in tables[COHORTS]:
        used.setdefault(row["id"], row)
    for row in tables[FACTS]:
        for name in row.many("ledger"):
            used.setdefault(name, row)
            if not LEDGER_ID.fullmatch(name):
                yield row.error(f"ledger id {name!r} is not of the form F0123 or L0123", "correct it")
    for row in tables["left_out"]:
        if row["ledger"] and not LEDGER_ID.fullmatch(row["ledger"]):
            yield row.error(f"ledger id {row['ledger']!r} is not of the form F0123 or L0123", "correct it")
        if row["ledger"] in used:
            fact = used[row["ledger"]]
            message = f"{row['ledger']} is left out, but {fact['id']} uses it ({fact.file}:{fact.line})"
            yield row.error(message, "remove it from one of the two")


RULES: Final[tuple[Callable[[Tables], Iterator[Problem]], ...]] = (
    fact_ids,
    needed_fields,
    numbers_in_range,
    fact_states,
    terms_on_scale,
    ages_on_age,
    conditions,
    ledger_ids_well_formed,
)
"""Every rule of this module, in the order in which its problems are shown."""
