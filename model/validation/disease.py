"""
How well each disease is recognised, and what it is taken for.

Knows: scored cases. Must not know: networks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.network.answer import Answer
from model.network.origin import Origin
from model.text import percent, table
from model.validation.score import ScoredCase, in_top, wilson

if TYPE_CHECKING:
    import pandas as pd

    from priors.schema import KnowledgeBase


@dataclass(frozen=True, slots=True)
class OfDisease:
    """
    Scores of the cases whose truth is one table row.

    Parameters
    ----------
    row, label, n
        The table row, and how many cases have it.
    top1, top3, top1_interval, top3_interval
        Shares of cases in which it is first or among the first three, with 95 % Wilson intervals.
    p_truth
        Mean probability that it was given.
    taken_for
        Rows that led instead -> in how many cases, the most frequent first.
    """

    row: str
    label: str
    n: int
    top1: float
    top3: float
    top1_interval: tuple[float, float]
    top3_interval: tuple[float, float]
    p_truth: float
    taken_for: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Diseases(Answer):
    """Every disease among the truths, in table order."""

    lines: tuple[OfDisease, ...]

    def to_frame(self) -> pd.DataFrame:
        """One line per disease; `taken_for` as text such as ``cns_lymphoma 2``."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "row": line.row,
                    "n": line.n,
                    "top1": line.top1,
                    "top1_low": line.top1_interval[0],
                    "top1_high": line.top1_interval[1],
                    "top3": line.top3,
                    "p_truth": line.p_truth,
                    "taken_for": ", ".join(f"{row} {n}" for row, n in line.taken_for),
                }
                for line in self.lines
            ]
        )

    def summary(self) -> str:
        """The diseases as a plain table."""
        cells = [
            (
                line.label,
                str(line.n),
                percent(line.top1),
                f"{percent(line.top1_interval[0])} to {percent(line.top1_interval[1])}",
                percent(line.top3),
                percent(line.p_truth),
                ", ".join(f"{row} {n}" for row, n in line.taken_for[:2]),
            )
            for line in self.lines
        ]
        header = ("disease", "n", "top 1", "95 % interval", "top 3", "mean P(truth)", "taken for")
        return table(header, cells, right=(1, 2, 4, 5))


def by_disease(
    cases: Sequence[ScoredCase], knowledge: KnowledgeBase, *, origin: Origin | None = None
) -> Diseases:
    """
    Scores of each disease among the truths; cases without a truth are left out.

    Parameters
    ----------
    cases
        ``score(...).cases``.
    knowledge
        Gives rows and labels.
    origin
        Of the network that was scored: ``score(...).origin``.

    Examples
    --------
    >>> from model import Case, load_network, score
    >>> network = load_network().thinned(50)
    >>> cases = [Case(id="A", findings={"serum_aqp4_igg": "positive"}, truth="nmosd")]
    >>> found = by_disease(score(network, cases).cases, network.knowledge)
    >>> [line.label for line in found.lines]
    ['Neuromyelitis optica spectrum disorder']
    """
    groups: dict[str, list[ScoredCase]] = {row: [] for row in knowledge.rows}
    for case in cases:
        if case.truth is not None:
            groups[knowledge.row(case.truth)].append(case)
    lines = (_line(row, knowledge.diagnoses[row].label, group) for row, group in groups.items() if group)
    return Diseases(tuple(lines), origin=origin or Origin())


def _line(row: str, label: str, cases: Sequence[ScoredCase]) -> OfDisease:
    n = len(cases)
    shares = []
    for case in cases:
        p, truth = np.array(list(case.rows.values())), list(case.rows).index(row)
        shares.append([in_top(p, truth, k) for k in (1, 3)])
    top1, top3 = np.sum(shares, axis=0)
    wrong = Counter(next(iter(case.rows)) for case in cases if next(iter(case.rows)) != row)
    return OfDisease(
        row=row,
        label=label,
        n=n,
        top1=float(top1 / n),
        top3=float(top3 / n),
        top1_interval=wilson(float(top1), n),
        top3_interval=wilson(float(top3), n),
        p_truth=float(np.mean([case.rows[row] for case in cases])),
        taken_for=tuple(sorted(wrong.items(), key=lambda item: (-item[1], item[0]))),
    )


__all__ = ["Diseases", "OfDisease", "by_disease"]
