"""
How good and how quick reading is: on texts of our own, half of which no rule was ever tuned on.

Each file of `texts/` holds texts in the manner of reports, letters and abstracts (no sentence of a publication) with what
they state of the patient. `tuning.json` is for looking at; of `kept.json` only the score is looked at. A finding counts as
read rightly if its states are exactly those of the file; a wrong "absent" is as wrong as a wrong "present".
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from model import load_knowledge_base, read_text

FOLDER = Path(__file__).with_name("texts")
HALVES = ("tuning", "kept")
PAGE = 3500
"""Characters of a page."""

ONCE = """
import time, numpy, psutil
from model import load_knowledge_base, read_text
knowledge = load_knowledge_base()
memory = psutil.Process().memory_info
tables, before = time.process_time(), memory().rss
read_text("No fever.", knowledge)
loaded, after = time.process_time(), memory().rss
page = {page!r}
for _ in range(3):
    begin = time.process_time()
    read_text(page, knowledge)
    seconds = time.process_time() - begin
print(loaded - tables, seconds, (after - before) / 2**20)
"""


@dataclass(frozen=True)
class Counts:
    """How many findings were read, how many are stated, and how many were read rightly."""

    read: int = 0
    stated: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        """Share of what was read that is right."""
        return self.right / self.read if self.read else 1.0

    @property
    def recall(self) -> float:
        """Share of what is stated that was read rightly."""
        return self.right / self.stated if self.stated else 1.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.read + other.read, self.stated + other.stated, self.right + other.right)


@dataclass(frozen=True)
class Quality:
    """
    The score of one half.

    Parameters
    ----------
    present, absent
        Findings whose state is found, and those whose state means that nothing was found.
    negation
        Of the findings with two states that are stated and were read: how many are on the right side.
    """

    texts: int
    present: Counts
    absent: Counts
    negation: Counts

    @property
    def all(self) -> Counts:
        """Both together."""
        return self.present + self.absent


def quality(half: str) -> Quality:
    """Read every text of a half and compare with what it states."""
    knowledge = load_knowledge_base()
    items = json.loads((FOLDER / f"{half}.json").read_text(encoding="utf-8"))
    present, absent, negation = Counts(), Counts(), Counts()
    for item in items:
        read = {
            n: as_set(v) for n, v in read_text(item["text"], knowledge, item["language"]).findings.items()
        }
        stated = {name: as_set(value) for name, value in item["findings"].items()}
        for name in read.keys() | stated.keys():
            reference = {s.id for s in knowledge.variables[name].states if s.is_reference}
            said, true = read.get(name), stated.get(name)
            right = said == true
            for value, counts in ((said, Counts(1, 0, right)), (true, Counts(0, 1, 0))):
                if value is not None and value <= reference:
                    absent += counts
                elif value is not None:
                    present += counts
            if said is not None and true is not None and len(knowledge.variables[name].states) == 2:
                negation += Counts(1, 1, right)
    return Quality(len(items), present, absent, negation)


def as_set(value: object) -> frozenset[object]:
    """States, or the number, as a set."""
    return frozenset(
        value if isinstance(value, list) else [float(value) if isinstance(value, int) else value]
    )


@dataclass(frozen=True)
class Quickness:
    """Processor seconds for loading what reading needs and for a page once it is loaded, and memory in MiB."""

    load_s: float
    page_s: float
    memory_mib: float


def quickness() -> Quickness:
    """Measured in an interpreter of its own, as the app meets it."""
    items = json.loads((FOLDER / "tuning.json").read_text(encoding="utf-8"))
    page = "\n\n".join(item["text"] for item in items if item["language"] == "en")[:PAGE]
    command = [sys.executable, "-c", ONCE.format(page=page)]
    runs = [
        subprocess.run(
            command, check=True, capture_output=True, text=True, cwd=FOLDER.parents[1]
        ).stdout.split()
        for _ in range(3)
    ]
    return Quickness(*(min(float(run[i]) for run in runs) for i in range(3)))
