r"""
What each patient is good for in teaching: how hard he is, whether the model succeeds, and what can be shown with him.

How hard a patient is, is told by the rank of the truth *before* the findings that proved it, for that is all a learner
has to go by. The base rate decides where the second diagnosis would overtake the first if it were so many times as common,
at mean parameters, where odds follow the prior exactly: :math:`p_1 / p_2`.

Knows: cases, probabilities. Must not know: screens, lessons.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

import numpy as np

from model.diagnosis.differential import posterior
from model.errors import EvidenceError
from model.inference.graph import FloatArray
from model.patient.cases import Case
from model.patient.evidence import encode

if TYPE_CHECKING:
    from model.network.network import Network

Difficulty = Literal["easy", "middle", "hard"]
Use = Literal["base_rates", "decisive", "wrong"]
DIFFICULTIES: Final[tuple[Difficulty, ...]] = get_args(Difficulty)
USES: Final[tuple[Use, ...]] = get_args(Use)

TIMES: Final = 10.0
"""A clinic in which a disease is so many times as common is still one that exists."""

N_FIRST: Final = 3
"""Ranks that count as thought of."""


@dataclass(frozen=True, slots=True)
class Teachable:
    """
    A patient with a known diagnosis, and what the model makes of him.

    Parameters
    ----------
    case
        The patient.
    row, topic
        Table row of the truth, and the group that it belongs to.
    before, end
        Probability of the truth without the findings that proved it, and with all, 0 to 1.
    rank_before, rank_end
        Its rank among the table rows, from 1.
    leader
        Table row that leads in the end.
    tips_at
        How many times as common the second diagnosis has to be in order to lead, at least 1, at mean parameters.
    """

    case: Case
    row: str
    topic: str
    before: float
    end: float
    rank_before: int
    rank_end: int
    leader: str
    tips_at: float

    @property
    def difficulty(self) -> Difficulty:
        """Easy: the truth leads before its proof; middle: it is among the first three; hard: it is not."""
        if self.rank_before == 1:
            return "easy"
        return "middle" if self.rank_before <= N_FIRST else "hard"

    @property
    def is_right(self) -> bool:
        """Whether the model leads with the truth when everything is known."""
        return self.rank_end == 1

    @property
    def uses(self) -> frozenset[Use]:
        """What can be shown with the patient."""
        holds: dict[Use, bool] = {
            "base_rates": self.tips_at <= TIMES,
            "decisive": self.is_right and self.rank_before > 1,
            "wrong": not self.is_right,
        }
        return frozenset(use for use in USES if holds[use])


def roster(network: Network, cases: Sequence[Case]) -> tuple[Teachable, ...]:
    """
    What each patient is good for; those without a known diagnosis are left out.

    Raises
    ------
    MilletError
        If the findings of a patient cannot be read or are impossible together.
    """
    tables, known = network.knowledge, [case for case in cases if case.truth]
    ends = _answers(network, [case.findings for case in known])
    befores = _answers(network, [case.without_confirmatory().findings for case in known])
    at_mean = np.sort(_answers(network.at_mean(), [case.findings for case in known]), axis=1)
    found = []
    for case, before, end, ordered in zip(known, befores, ends, at_mean, strict=True):
        row = tables.row(case.truth or "")
        place = tables.rows.index(row)
        found.append(
            Teachable(
                case,
                row,
                topic=tables.diagnoses[row].group,
                before=float(before[place]),
                end=float(end[place]),
                rank_before=_rank(before, place),
                rank_end=_rank(end, place),
                leader=tables.rows[int(end.argmax())],
                tips_at=float(ordered[-1] / ordered[-2]),
            )
        )
    return tuple(found)


def _answers(network: Network, known: Sequence[Mapping[str, object]]) -> FloatArray:
    """Headline probability of every table row, for each set of findings: ndarray of shape (n_sets, n_rows)."""
    p: FloatArray = posterior(network, encode(network, [{"findings": one} for one in known])).mean_by("row")
    return p


def _rank(p: FloatArray, place: int) -> int:
    return int((p > p[place]).sum()) + 1


def drawn(
    patients: Sequence[Teachable],
    *,
    seed: int,
    difficulties: Collection[str] = (),
    topics: Collection[str] = (),
    is_right: bool | None = None,
) -> Teachable:
    """
    One patient by chance, among those that fit.

    Parameters
    ----------
    patients
        What `roster` gave.
    seed
        The same seed and wishes give the same patient.
    difficulties, topics
        Which ones fit; none named: all.
    is_right
        Whether the model has to succeed, or to fail; None: either.

    Raises
    ------
    EvidenceError
        If no patient fits.
    """
    fitting = [
        one
        for one in patients
        if (not difficulties or one.difficulty in difficulties)
        and (not topics or one.topic in topics)
        and is_right in (None, one.is_right)
    ]
    if not fitting:
        raise EvidenceError(f"teaching: none of {len(patients)} patients fits all wishes; drop one of them")
    return fitting[int(np.random.default_rng([seed, 3]).integers(len(fitting)))]


def fit_for(use: Use, wanted: Sequence[str], patients: Sequence[Teachable], n: int) -> list[Teachable]:
    """
    The first patients with whom something can be shown today: those wanted first, then any others.

    Parameters
    ----------
    use
        What is to be shown.
    wanted
        Identifiers of cases, the best first.
    patients
        What `roster` gave.
    n
        How many at most.
    """
    places = {name: i for i, name in enumerate(wanted)}
    in_order = sorted(patients, key=lambda one: places.get(one.case.id, len(places)))
    return [one for one in in_order if use in one.uses][:n]


__all__ = ["DIFFICULTIES", "TIMES", "USES", "Difficulty", "Teachable", "Use", "drawn", "fit_for", "roster"]
