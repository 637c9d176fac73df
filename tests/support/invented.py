"""Invented tables of any size with invented facts: for sampling where the shipped tables would take minutes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.support.tables import SMALL

N_DISEASES, N_FINDINGS = 12, 10
DISEASES = tuple(f"disease_{i}" for i in range(N_DISEASES))
FINDINGS = tuple(f"finding_{i}" for i in range(N_FINDINGS))

FACT = (
    *("id", "location", "diagnosis", "finding", "state", "given", "kind", "low", "high", "n", "term"),
    *("denominator", "statement", "ledger"),
)
SCALES = (
    *(("background", term, 0.004, 0.025, 0.12) for term in ("silence", "silence_selective", "denial")),
    ("background", "other", 0.01, 0.08, 0.35),
    ("word", "common", 0.25, 0.5, 0.8),
    ("word", "rare", 0.01, 0.05, 0.2),
    ("listed", "table", 0.1, 0.3, 0.7),
    ("negative", "not_reported", 0.001, 0.01, 0.05),
    *(("symbol", term, 0.01, 0.1, 0.5) for term in ("+", "+/-", "rare", "-")),
    ("specific", "pathognomonic", 0.0001, 0.0005, 0.002),
    ("root", "region=north", 0.4, 0.6, 0.8),
    ("root", "region=south", 0.2, 0.4, 0.6),
    ("root", "ancestry=any", 0.5, 0.9, 0.99),
    ("root", "ancestry=none", 0.05, 0.1, 0.2),
)


def fact(number: int, diagnosis: str, finding: str, kind: str, **cells: object) -> dict[str, object]:
    """A row of the file of facts; what is not given is blank."""
    row = {"id": f"101-{number:04d}", "location": "Results", "diagnosis": diagnosis, "finding": finding}
    about = {"state": "present" if finding in FINDINGS else "", "kind": kind, "statement": "invented"}
    return dict.fromkeys(FACT, "") | row | about | cells


def one_of_each() -> list[dict[str, object]]:
    """A fact of every kind that reads a frequency, and ages."""
    first, second, third = DISEASES[:3]
    return [
        fact(1, first, "finding_0", "count", low=30, n=40, denominator="patients"),
        fact(2, first, "finding_1", "word", term="common"),
        fact(3, first, "finding_2", "percentage", low=0.2, denominator="patients"),
        fact(4, first, "finding_3", "range", low=0.1, high=0.4, denominator="patients"),
        fact(5, first, "finding_4", "upper_bound", high=0.4, denominator="patients"),
        fact(6, first, "finding_5", "listed", term="table"),
        fact(7, first, "finding_6", "negative", term="not_reported"),
        fact(8, first, "finding_0", "symbol", term="+", location="Table 3, cord"),
        fact(9, second, "finding_0", "symbol", term="-", location="Table 3, cord"),
        fact(10, second, "finding_1", "ordering", term=f"> {first}"),
        fact(11, first, "age_years", "age_mean", low=40, denominator="patients"),
        fact(12, second, "age_years", "age_range", low=20, high=60, denominator="patients", term="typical"),
        fact(13, third, "finding_7", "specific", term="pathognomonic"),
        fact(14, third, "finding_2", "count", low=2, n=30, denominator="patients"),
    ]


def write_invented(folder: Path, facts: Iterable[Mapping[str, object]]) -> Path:
    """Write a complete folder of tables with the given facts, and return it."""
    leaves = (*DISEASES, "other")
    _write(
        folder / "diagnoses.csv",
        ("id", "parent", "label", "group", "table_row", "definition"),
        [
            (leaf, "", leaf, "other" if leaf == "other" else "infectious", "yes", "invented")
            for leaf in leaves
        ],
    )
    findings = [("age_years", "age", "finding", "history"), ("region", "categorical", "context", "history")]
    findings += [("ancestry", "categorical", "context", "history")]
    findings += [(name, "binary", "finding", "examination") for name in FINDINGS]
    _write(
        folder / "findings.csv",
        ("id", "label", "kind", "role", "order", "synonyms", "note"),
        [(name, name, kind, role, order, "", "") for name, kind, role, order in findings],
    )
    states = [("age_years", f"age_{low}_{high}", "") for low, high in ((0, 18), (18, 40), (40, 121))]
    states += [
        ("region", "north", ""),
        ("region", "south", ""),
        ("ancestry", "any", ""),
        ("ancestry", "none", ""),
    ]
    states += [pair for name in FINDINGS for pair in ((name, "absent", "yes"), (name, "present", ""))]
    _write(
        folder / "states.csv",
        ("finding", "id", "label", "reference", "note"),
        [(finding, state, state, reference, "") for finding, state, reference in states],
    )
    link = ("finding_9", "region", "south", "disease_0", "present", "+", "invented", "")
    names = ("child", "parent", "parent_state", "diagnosis", "child_state", "direction", "reason", "facts")
    _write(folder / "links.csv", names, [link])
    _write(folder / "exclusions.csv", ("finding", "state", "other", "other_state", "reason"), [])
    scale_names = ("scale", "term", "mapping", "low", "median", "high", "source")
    rows = [(scale, term, "literature", *points, "invented") for scale, term, *points in SCALES]
    _write(folder / "scales.csv", scale_names, rows)
    names = ("setting", "diagnosis", "region", "ancestry", "low", "median", "high", "facts", "note")
    weights = [("documents", leaf, "", "", 1, 2, 4, "", "") for leaf in leaves]
    _write(folder / "prior_settings.csv", names, weights)
    for name in ("orders.csv", "sources.csv"):
        (folder / name).write_text(SMALL[name], encoding="utf-8")
    terms = "term,finding,state,label,label_de,definition,definition_de,drawing,source"
    (folder / "glossary.csv").write_text(f"{terms}\n", encoding="utf-8")
    (folder / "left_out.csv").write_text("ledger,reason\n", encoding="utf-8")
    header = "term,label,label_de,synonyms,instead,note,note_de\n"
    (folder / "not_modelled.csv").write_text(header, encoding="utf-8")
    (folder / "ledger_ids.txt").write_text("", encoding="utf-8")
    (folder / "facts").mkdir(exist_ok=True)
    _write(folder / "facts" / "101.csv", FACT, [tuple(row[name] for name in FACT) for row in facts])
    return folder


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
