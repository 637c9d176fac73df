"""
The tables of a folder as one frozen `KnowledgeBase`, with a digest that stored draws are compared to.

Knows: how rows become records. Must not know: pandas, probabilities, the network.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Final, Literal, cast

from priors.checks import DEFAULT_FOLDER, structural_problems
from priors.frozen import Frozen
from priors.schema import (
    DEFAULT_LAYER,
    LAYERS,
    Diagnosis,
    Exclusion,
    Fact,
    FactKind,
    Judged,
    JudgedAge,
    KnowledgeBase,
    KnowledgeError,
    Layer,
    LeftOut,
    Link,
    Match,
    NotModelled,
    Order,
    PriorWeight,
    Role,
    Scale,
    SearchWords,
    Section,
    Source,
    State,
    Term,
    Variable,
    VariableKind,
)
from priors.tables import (
    COHORTS,
    FACTS,
    JUDGED,
    JUDGED_AGES,
    PUBLICATIONS,
    SEARCH_WORDS,
    SECTIONS,
    Row,
    Tables,
    read_tables,
)

_PRINTED_TABLE: Final = re.compile(r"Table \d+(?:, *\w+)?")

Direction = Literal["+", "++", "-", "--", "none", "mechanism"]

Canonical = Sequence[object]
"""What one row contributes to the digest: texts, numbers or None, and lists of them."""


def load_knowledge_base(folder: Path | str | None = None, layer: Layer = DEFAULT_LAYER) -> KnowledgeBase:
    """
    Return everything the tables of a folder say; the package's own tables are read once and kept.

    Parameters
    ----------
    folder : Path or str, optional
        Holds the tables; the tables of the package if left out.
    layer : {"documents", "published", "full"}
        How far down to read: the documents alone, with the cohorts of the literature, or with judgement as well.

    Raises
    ------
    KnowledgeError
        If there is no such layer, or any table is broken; the message lists every problem, one a line.

    Examples
    --------
    >>> knowledge = load_knowledge_base()
    >>> knowledge.row("pacns"), len(knowledge.rows), len(knowledge.leaves)
    ('cns_vasculitis', 19, 22)
    """
    if layer not in LAYERS:
        raise KnowledgeError(f"knowledge: layer {layer!r}; there are {', '.join(LAYERS)}; choose one")
    if folder is not None:
        return _load(Path(folder), layer)
    with _READING:
        return _default(layer)


@functools.cache
def _default(layer: Layer) -> KnowledgeBase:
    return _load(DEFAULT_FOLDER, layer)


_READING: Final = Lock()
"""Held while shipped tables are read: threads that ask at the same time wait for one, and share them."""


def _load(folder: Path, layer: Layer) -> KnowledgeBase:
    tables = read_tables(folder)
    errors = [problem for problem in structural_problems(tables) if problem.level == "error"]
    if errors:
        count = "1 problem" if len(errors) == 1 else f"{len(errors)} problems"
        raise KnowledgeError("\n".join([f"{count} in the tables of {folder.name}:", *map(str, errors)]))
    tables = down_to(layer, tables)
    return KnowledgeBase(
        diagnoses=Frozen({row["id"]: _diagnosis(row) for row in tables["diagnoses"]}),
        variables=Frozen({row["id"]: _variable(row, tables) for row in tables["findings"]}),
        links=tuple(_link(row) for row in tables["links"]),
        exclusions=tuple(_exclusion(row) for row in tables["exclusions"]),
        orders=Frozen({row["id"]: _order(row) for row in tables["orders"]}),
        scales=tuple(_scale(row) for row in tables["scales"]),
        prior_weights=tuple(_weight(row) for row in tables["prior_settings"]),
        sources=Frozen({row["id"]: _source(row) for row in tables["sources"]}),
        facts=Frozen(
            {row["id"]: _fact(row) for row in tables[FACTS]}
            | {row["id"]: _cohort(row) for row in tables[COHORTS]}
        ),
        left_out=tuple(LeftOut(row["ledger"], row["reason"]) for row in tables["left_out"]),
        glossary=Frozen({row["term"]: _term(row) for row in tables["glossary"]}),
        not_modelled=Frozen({row["term"]: _not_modelled(row) for row in tables["not_modelled"]}),
        sections=Frozen({row["id"]: _section(row) for row in tables[SECTIONS]}),
        search_words=tuple(_search_words(row) for row in tables[SEARCH_WORDS]),
        digest=_digest(tables),
        layer=layer,
        publications=Frozen({row["id"]: _publication(row) for row in tables[PUBLICATIONS]}),
        judged=Frozen({(r["finding"], r["state"], r["diagnosis"]): _judged(r) for r in tables[JUDGED]}),
        judged_ages=Frozen(_judged_ages(tables)),
    )


def down_to(layer: Layer, tables: Tables) -> Tables:
    """
    The tables without what lies below a layer.

    Rates stay at every layer: prior weights cite them, and no frequency is read from them.
    """
    rows = dict(tables.rows)
    if layer == "documents":
        rows[COHORTS] = tuple(row for row in rows[COHORTS] if row["kind"] == "prior")
    if layer != "full":
        rows |= {JUDGED: (), JUDGED_AGES: ()}
    return replace(tables, rows=Frozen(rows))


def _diagnosis(row: Row) -> Diagnosis:
    is_table_row = row["table_row"] == "yes"
    return Diagnosis(row["id"], row["parent"], row["label"], row["group"], is_table_row, row["definition"])


def _variable(row: Row, tables: Tables) -> Variable:
    return Variable(
        id=row["id"],
        label=row["label"],
        kind=cast("VariableKind", row["kind"]),
        role=cast("Role", row["role"]),
        order=row["order"],
        synonyms=row.many("synonyms"),
        note=row["note"],
        states=tuple(
            State(state["id"], state["label"], state["reference"] == "yes", state["note"])
            for state in tables.states_of(row["id"])
        ),
    )


def _link(row: Row) -> Link:
    return Link(
        child=row["child"],
        parent=row["parent"],
        parent_state=row["parent_state"],
        diagnosis=row["diagnosis"],
        child_state=row["child_state"],
        direction=cast("Direction", row["direction"]),
        reason=row["reason"],
        facts=row.many("facts"),
    )


def _exclusion(row: Row) -> Exclusion:
    return Exclusion(row["finding"], row["state"], row["other"], row["other_state"], row["reason"])


def _order(row: Row) -> Order:
    return Order(
        id=row["id"],
        label=row["label"],
        position=int(row["position"]),
        cost=float(row["cost"]),
        delay_days=float(row["delay_days"]),
        invasiveness=float(row["invasiveness"]),
        hazard=row["hazard"],
        note=row["note"],
    )


def _section(row: Row) -> Section:
    return Section(row["id"], row["order"], row["label"], row["label_de"], row.many("findings"))


def _search_words(row: Row) -> SearchWords:
    return SearchWords(row["finding"], row["state"], row["diagnosis"], row["order"], row.many("words"))


def _scale(row: Row) -> Scale:
    low, median, high = _points(row)
    return Scale(row["scale"], row["term"], row["mapping"], low, median, high, row["source"])


def _weight(row: Row) -> PriorWeight:
    low, median, high = _points(row)
    place = (row["setting"], row["diagnosis"], row["region"], row["ancestry"])
    return PriorWeight(*place, low, median, high, row.many("facts"), row["note"])


def _points(row: Row) -> tuple[float, float, float]:
    """5 %, 50 % and 95 % point; a blank end means that the number is certain on that side."""
    median = float(row["median"])
    return float(row["low"] or median), median, float(row["high"] or median)


def _source(row: Row) -> Source:
    return Source(row["id"], row["title"], row["citation"], row["doi"], row["accessed"], row["note"])


def _term(row: Row) -> Term:
    texts = (row["label"], row["label_de"], row["definition"], row["definition_de"])
    return Term(row["term"], row["finding"], row["state"], *texts, row["drawing"], row.many("source"))


def _fact(row: Row) -> Fact:
    return Fact(
        id=row["id"],
        location=row["location"],
        diagnosis=row["diagnosis"],
        finding=row["finding"],
        state=row["state"],
        given=row["given"],
        kind=cast("FactKind", row["kind"]),
        low=_optional(row["low"]),
        high=_optional(row["high"]),
        n=int(float(row["n"])) if row["n"] else None,
        term=row["term"],
        denominator=row["denominator"],
        statement=row["statement"],
        ledger=row.many("ledger"),
        file=row.file.split("/", 1)[1],
        line=row.line,
    )


def _not_modelled(row: Row) -> NotModelled:
    return NotModelled(
        id=row["term"],
        label=row["label"],
        label_de=row["label_de"],
        synonyms=row.many("synonyms"),
        instead=row.many("instead"),
        note=row["note"],
        note_de=row["note_de"],
    )


def _cohort(row: Row) -> Fact:
    return Fact(
        id=row["id"],
        location=row["location"],
        diagnosis=row["diagnosis"],
        finding=row["finding"],
        state=row["state"],
        given=row["given"],
        kind=cast("FactKind", row["kind"]),
        low=_optional(row["low"]),
        high=_optional(row["high"]),
        n=int(float(row["n"])) if row["n"] else None,
        term="observed" if row["kind"] == "age_range" else "",
        denominator=row["population"],
        statement=row["statement"],
        ledger=(row["id"],),
        file=row.file.split("/", 1)[1],
        line=row.line,
        publication=row["source"],
        match=cast("Match", row["match"] or "exact"),
        tags=row.many("tags"),
    )


def _publication(row: Row) -> Source:
    author = (
        f"{row['first_author'].strip('()')} "
        if row["first_author"] and "(" not in row["first_author"]
        else ""
    )
    year = f"{row['year']}. " if row["year"] else ""
    citation = f"{author}{year}{row['title']}. {row['journal']}".strip()
    return Source(
        id=row["id"],
        title=row["title"],
        citation=citation,
        doi=row["doi"],
        accessed="",
        note=row["note"],
        pmid=row["pmid"],
        pmcid=row["pmcid"],
        url=row["url"],
        part_seen=row["part_seen"],
    )


def _judged(row: Row) -> Judged:
    return Judged(float(row["median"]), float(row["low"]), float(row["high"]))


def _judged_ages(tables: Tables) -> dict[str, tuple[JudgedAge, ...]]:
    found: dict[str, list[JudgedAge]] = {}
    for row in tables[JUDGED_AGES]:
        component = JudgedAge(float(row["weight"]), float(row["mean"]), float(row["sd"]))
        found.setdefault(row["diagnosis"], []).append(component)
    return {leaf: tuple(components) for leaf, components in found.items()}


def _optional(text: str) -> float | None:
    return float(text) if text else None


def _digest(tables: Tables) -> str:
    """
    SHA-256 over what the network is built from, as 64 hexadecimal digits.

    In it: ids, parents, kinds, roles and states (in table order, which is axis order), arcs, scales, prior
    weights, and of the facts the cells that a likelihood reads. Not in it: labels, definitions, notes, reasons,
    statements, denominators, orders, exclusions, sources, sections, the glossary, search words, what is not modelled and the
    ledger, so that a better wording does not make draws stale. Line endings, the way a number is written (`0.50`, `.5`),
    and the row order of arcs, scales, weights and facts do not count.
    """
    ordered: dict[str, list[Canonical]] = {
        "diagnoses": [_texts(row, "id", "parent") for row in tables["diagnoses"]],
        "findings": [_texts(row, "id", "kind", "role") for row in tables["findings"]],
        "states": [_texts(row, "finding", "id", "reference") for row in tables["states"]],
    }
    unordered: dict[str, Iterable[Canonical]] = {
        "links": (
            _texts(row, "child", "parent", "parent_state", "diagnosis", "child_state", "direction")
            for row in tables["links"]
        ),
        "scales": ([*_texts(row, "scale", "term", "mapping"), *_points(row)] for row in tables["scales"]),
        "prior_settings": (
            [*_texts(row, "setting", "diagnosis", "region", "ancestry"), *_points(row)]
            for row in tables["prior_settings"]
        ),
        FACTS: (_modelled(row) for row in tables[FACTS]),
        COHORTS: (_counted(row) for row in tables[COHORTS] if row["kind"] != "prior"),
        JUDGED: ([*_texts(row, "finding", "state", "diagnosis"), *_points(row)] for row in tables[JUDGED]),
        JUDGED_AGES: (
            [row["diagnosis"], *(float(row[name]) for name in ("weight", "mean", "sd"))]
            for row in tables[JUDGED_AGES]
        ),
    }
    content = {**ordered, **{name: sorted(rows, key=_canonical) for name, rows in unordered.items()}}
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _modelled(row: Row) -> Canonical:
    """Cells of a fact that a likelihood reads; of the location only the printed column: it has cut-points."""
    printed = _PRINTED_TABLE.match(row["location"])
    texts = _texts(row, "id", "diagnosis", "finding", "state", "given", "kind", "term")
    return [
        *texts,
        printed[0] if printed else "",
        *(_optional(row[column]) for column in ("low", "high", "n")),
    ]


def _counted(row: Row) -> Canonical:
    """Cells of a cohort that its likelihood reads."""
    texts = _texts(row, "id", "source", "diagnosis", "finding", "state", "given", "kind", "match", "tags")
    return [*texts, *(_optional(row[column]) for column in ("low", "high", "n"))]


def _texts(row: Row, *columns: str) -> list[str]:
    return [row[column] for column in columns]


_canonical: Final = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode
"""The one way to write a row for the digest."""
