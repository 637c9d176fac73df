"""
Everything that is said of one list of cases, as a record: scores, diseases, calibration, order by order, reliability.

Knows: results of this package. Must not know: how anything was computed, how it is shown (`model.pages.assessment`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.validation.calibration import Calibration, calibration
from model.validation.disease import Diseases, by_disease
from model.validation.reliability import Reliability
from model.validation.reveal import Reveal
from priors.shown import Shown

if TYPE_CHECKING:
    from model.network.origin import Origin
    from model.validation.score import Score, ScoredCase
    from priors.schema import KnowledgeBase


@dataclass(frozen=True, slots=True)
class Assessment(Shown):
    """
    Everything that is said of one list of cases.

    Parameters
    ----------
    score, diseases, of_leader, of_rows
        Scores, scores of each disease, calibration of the leading row and of all rows.
    reveal, reliability
        Scores order by order, and reliability of the intervals; None if not asked for.
    labels
        Identifier of each diagnosis -> its label.
    title, about
        What was scored, and details: versions, digest, draws, seed.
    """

    score: Score
    diseases: Diseases
    of_leader: Calibration
    of_rows: Calibration
    reveal: Reveal | None
    reliability: Reliability | None
    labels: Mapping[str, str]
    title: str
    about: Mapping[str, str]


def calibrations(
    cases: Sequence[ScoredCase], knowledge: KnowledgeBase, *, origin: Origin | None = None
) -> tuple[Calibration, Calibration]:
    """
    Calibration of the leading table row, and of the probabilities of all rows together.

    Parameters
    ----------
    cases
        ``score(...).cases``; those without a truth are left out.
    knowledge
        Gives the table row of each truth.
    origin
        Of the network that was scored: ``score(...).origin``.

    Examples
    --------
    >>> from model import Case, load_network, score
    >>> network = load_network().thinned(50)
    >>> cases = [Case(id="A", findings={"serum_aqp4_igg": "positive"}, truth="nmosd")]
    >>> leader, all_rows = calibrations(score(network, cases).cases, network.knowledge)
    >>> int(leader.n.sum()), int(all_rows.n.sum())
    (1, 19)
    """
    scored = [case for case in cases if case.truth is not None]
    truths = [knowledge.row(case.truth or "") for case in scored]
    leaders = [next(iter(case.rows.items())) for case in scored]
    p = np.array([share for _, share in leaders])
    right = np.array([row == truth for (row, _), truth in zip(leaders, truths, strict=True)])
    every = np.array([case.rows[row] for case in scored for row in knowledge.rows])
    true = np.array([row == truth for truth in truths for row in knowledge.rows])
    return calibration(p, right, origin=origin), calibration(every, true, origin=origin)


def assess(
    score: Score,
    knowledge: KnowledgeBase,
    *,
    reveal: Reveal | None = None,
    reliability: Reliability | None = None,
    title: str = "",
    about: Mapping[str, str] | None = None,
) -> Assessment:
    """
    Scores with everything that follows from them.

    Parameters
    ----------
    score, knowledge
        What `model.score` gave, and the tables of its network.
    reveal, reliability, title, about
        See `Assessment`.
    """
    leader, rows = calibrations(score.cases, knowledge, origin=score.origin)
    diseases = by_disease(score.cases, knowledge, origin=score.origin)
    labels = {name: diagnosis.label for name, diagnosis in knowledge.diagnoses.items()}
    return Assessment(score, diseases, leader, rows, reveal, reliability, labels, title, about or {})


__all__ = ["Assessment", "assess", "calibrations"]
