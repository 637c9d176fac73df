"""
How statements of a text are recognised: the tables of `reading/`.

No probability depends on them and they are not in the digest, but they are checked like every other table: a problem
names file and line. The folder is optional; without it the tables hold no rule.

Knows: which columns the files have, and that names must exist. Must not know: how a text is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from priors import codes
from priors.frozen import Frozen
from priors.reading_schema import (
    CATEGORIES,
    KINDS,
    LANGUAGES,
    OUTCOMES,
    Context,
    LaboratoryTest,
    Pattern,
    ReadingRules,
    ReferenceValue,
    Rule,
    Term,
    Unit,
)
from priors.schema import KnowledgeBase, KnowledgeError
from priors.tables import Problem, Row, nearest, read_file

FOLDER: Final = "reading"
SHIPPED: Final = Path(__file__).resolve().parent
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = Frozen(
    {
        "terms": ("language", "concept", "states", "terms"),
        "rules": ("id", "finding", "states", "negated", "needs", "window", "without", "example", "reads"),
        "context": ("language", "category", "direction", "phrases", "example", "reads"),
        "tests": ("test", "finding", "specimen", "said", *OUTCOMES, "example", "reads"),
        "reference_values": ("test", "sex", "unit", "low", "high", "source"),
        "units": ("test", "unit", "spellings", "factor"),
        "patterns": ("id", "language", "kind", "pattern", "example", "reads"),
        "past_counts": ("finding", "reason"),
        "not_statements": ("finding", "term", "reason"),
        "hpo": ("code", "term", "release"),
    }
)


def load_reading_rules(knowledge: KnowledgeBase, folder: Path | None = None) -> ReadingRules:
    """
    The rules of a folder of tables, by default the package's.

    Raises
    ------
    KnowledgeError
        If a table is broken; one line for every problem.

    Examples
    --------
    >>> from priors import load_knowledge_base
    >>> rules = load_reading_rules(load_knowledge_base())
    >>> next(rule.example for rule in rules.rules if rule.finding == "conus_lesion")
    'The conus medullaris is involved.'
    """
    folder = folder or SHIPPED
    states = {name: variable.state_ids for name, variable in knowledge.variables.items()}
    if problems := reading_problems(folder, states):
        raise KnowledgeError("\n".join(map(str, problems)))
    return _rules(_tables(folder)[0])


def words_said(language: str) -> Iterator[tuple[str, str]]:
    """Concept and words of the shipped terms of a language, whatever tables are in use: for the search alone."""
    return ((term.concept, term.words) for term in _terms(_tables(SHIPPED)[0]) if term.language == language)


def reading_problems(folder: Path, states: Mapping[str, tuple[str, ...]]) -> tuple[Problem, ...]:
    """What is wrong with the tables of a folder, whose findings have these states."""
    rows, problems = _tables(folder)
    return (*problems, *_problems(rows, states), *_codes_without_names(rows, folder))


def _tables(folder: Path) -> tuple[Mapping[str, tuple[Row, ...]], tuple[Problem, ...]]:
    problems: list[Problem] = []
    rows = {name: tuple[Row, ...]() for name in COLUMNS}
    if (folder / FOLDER).is_dir():
        for name, columns in COLUMNS.items():
            rows[name] = tuple(read_file(folder / FOLDER / f"{name}.csv", folder, columns, problems))
    return Frozen(rows), tuple(problems)


def _rules(rows: Mapping[str, tuple[Row, ...]]) -> ReadingRules:
    return ReadingRules(
        terms=_terms(rows),
        rules=tuple(
            Rule(
                *(row["id"], row["finding"], row.many("states"), _negated(row), _needs(row)),
                *(int(row["window"]), tuple(row["without"].split()), row["example"], row["reads"]),
            )
            for row in rows["rules"]
        ),
        contexts=tuple(
            Context(
                *(row["language"], row["category"], row["direction"]),
                *(row.many("phrases"), row["example"], row["reads"]),
            )
            for row in rows["context"]
        ),
        tests=tuple(_test(row) for row in rows["tests"]),
        reference_values=tuple(
            ReferenceValue(
                *(row["test"], row["sex"], row["unit"]),
                *(_number(row["low"]), _number(row["high"]), row["source"]),
            )
            for row in rows["reference_values"]
        ),
        units=tuple(
            Unit(row["test"], row["unit"], row.many("spellings"), float(row["factor"]))
            for row in rows["units"]
        ),
        patterns=tuple(Pattern(*(row[column] for column in COLUMNS["patterns"])) for row in rows["patterns"]),
        past_counts=frozenset(row["finding"] for row in rows["past_counts"]),
        not_statements=frozenset((row["finding"], row["term"]) for row in rows["not_statements"]),
        hpo=tuple((row["code"], row["term"]) for row in rows["hpo"]),
    )


def _terms(rows: Mapping[str, tuple[Row, ...]]) -> tuple[Term, ...]:
    return tuple(
        Term(row["language"], row["concept"], row.many("states"), words)
        for row in rows["terms"]
        for words in row.many("terms")
    )


def _negated(row: Row) -> tuple[str, ...]:
    return () if row["negated"] == "-" else row.many("negated")


def _needs(row: Row) -> tuple[str, ...]:
    return tuple(part.strip() for part in row["needs"].split("&"))


def _test(row: Row) -> LaboratoryTest:
    outcomes = {outcome: row[outcome] for outcome in OUTCOMES if row[outcome]}
    return LaboratoryTest(
        *(row["test"], row["finding"], row["specimen"], row["said"]),
        *(Frozen(outcomes), row["example"], row["reads"]),
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


def _problems(
    rows: Mapping[str, tuple[Row, ...]], states: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    concepts = {row["concept"] for row in rows["terms"]} | {row["test"] for row in rows["tests"]}
    yield from _unknown_names(rows, states, concepts)
    yield from _unknown_states(rows, states)
    for name, column, allowed in (
        ("terms", "language", (*LANGUAGES, "any")),
        ("patterns", "language", (*LANGUAGES, "any")),
        ("context", "language", LANGUAGES),
        ("context", "category", tuple(CATEGORIES)),
        ("patterns", "kind", KINDS),
        ("tests", "said", ("must", "usual")),
        ("tests", "specimen", ("csf", "serum")),
    ):
        for row in rows[name]:
            if row[column] not in allowed:
                yield row.error(f"{column} {row[column]!r}", f"write {', '.join(allowed)}")
    for row in rows["context"]:
        allowed = CATEGORIES.get(row["category"], (row["direction"],))
        if row["direction"] not in allowed:
            yield row.error(f"direction {row['direction']!r}", f"write {' or '.join(allowed) or 'nothing'}")
    yield from _broken_numbers(rows)
    yield from _without_example(rows)


def _unknown_names(
    rows: Mapping[str, tuple[Row, ...]], findings: Iterable[str], concepts: set[str]
) -> Iterator[Problem]:
    known = set(findings)
    for name in ("rules", "tests", "past_counts", "not_statements"):
        for row in rows[name]:
            if row["finding"] not in known:
                yield row.error(f"unknown finding {row['finding']!r}", nearest(row["finding"], known))
    for row in rows["rules"]:
        for need in (*_needs(row), *row["without"].split()):
            if not any(concept_matches(need, concept) for concept in concepts):
                yield row.error(f"unknown concept {need!r}", nearest(need, concepts))
    tests = {row["test"] for row in rows["tests"]}
    for name in ("reference_values", "units"):
        for row in rows[name]:
            if row["test"] not in tests:
                yield row.error(f"unknown test {row['test']!r}", nearest(row["test"], tests))


def _codes_without_names(rows: Mapping[str, tuple[Row, ...]], folder: Path) -> Iterator[Problem]:
    """Each code of the Human Phenotype Ontology that a finding has was exported."""
    named = {row["code"] for row in rows["hpo"]}
    if named and (folder / codes.FILE).is_file():
        for row in read_file(folder / codes.FILE, folder, codes.COLUMNS, []):
            if row["kind"] == "finding" and row["code"] not in named:
                yield row.error(
                    f"{row['code']} has no name in reading/hpo.csv", "run python scripts/hpo_terms.py"
                )


def concept_matches(need: str, concept: str) -> bool:
    """
    Whether a concept is what a rule names; a name that ends with ``*`` means all that begin so.

    Examples
    --------
    >>> concept_matches("cancer_*", "cancer_lung"), concept_matches("cord", "cord_central")
    (True, False)
    """
    return concept.startswith(need[:-1]) if need.endswith("*") else need == concept


def _unknown_states(
    rows: Mapping[str, tuple[Row, ...]], all_states: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    def wrong(row: Row, finding: str, states: Iterable[str]) -> Iterator[Problem]:
        known = all_states.get(finding)
        for state in states:
            if known is None:
                yield row.error(
                    f"{finding!r} is no finding and has no state {state!r}", "leave the cell empty"
                )
            elif state not in known:
                yield row.error(f"unknown state {state!r} of {finding}", nearest(state, known))

    for row in rows["terms"]:
        yield from wrong(row, row["concept"], row.many("states"))
    for row in rows["rules"]:
        yield from wrong(row, row["finding"], (*row.many("states"), *_negated(row)))
    for row in rows["tests"]:
        yield from wrong(row, row["finding"], (row[outcome] for outcome in OUTCOMES if row[outcome]))


def _broken_numbers(rows: Mapping[str, tuple[Row, ...]]) -> Iterator[Problem]:
    for name, columns in (
        ("reference_values", ("low", "high")),
        ("units", ("factor",)),
        ("rules", ("window",)),
    ):
        for row in rows[name]:
            for column in columns:
                text = row[column]
                if (text or column in ("factor", "window")) and not re.fullmatch(r"\d+(\.\d+)?", text):
                    yield row.error(f"{column} {text!r} is no number", "write one such as 4 or 0.5")
    for row in rows["patterns"]:
        try:
            re.compile(row["pattern"])
        except re.error as cause:
            yield row.error(f"no regular expression ({cause})", "correct the pattern")


def _without_example(rows: Mapping[str, tuple[Row, ...]]) -> Iterator[Problem]:
    for name, columns in COLUMNS.items():
        for row in rows[name] if "example" in columns else ():
            if not row["example"]:
                yield row.error("a rule without an example", "write a sentence and what is read from it")
    for name, column in (
        ("reference_values", "source"),
        ("past_counts", "reason"),
        ("not_statements", "reason"),
    ):
        for row in rows[name]:
            if not row[column]:
                yield row.error(f"{column} is missing", "write it, or no source")


__all__ = ["concept_matches", "load_reading_rules", "reading_problems"]
