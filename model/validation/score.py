"""
Question 5, "Does it work?": proper scores of the headline probabilities on cases whose truth is known.

Knows: truths, ranks, scores and the two baselines. Must not know: how results are shown, how cases were
collected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.diagnosis.differential import posterior
from model.diagnosis.results import ranked
from model.errors import EvidenceError, UnknownNameError, plain
from model.network.answer import Answer
from model.patient.cases import Case
from model.patient.evidence import encode
from model.patient.truth import unknown_in_truth
from model.progress import Progress, watched
from model.text import counted, percent, table
from model.validation.baseline import naive_bayes
from priors.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

    from model.inference.graph import FloatArray
    from model.network.network import Network
    from model.patient.evidence import Evidence
    from priors.schema import KnowledgeBase

N_AT_A_TIME = 64
"""Patients answered between two movements of a progress bar."""

TIED = 1e-9
"""Probabilities that differ by less, in relation, are equal: one sum taken in another order differs by some 1e-16."""

Z_95 = 1.959963984540054
"""97.5 % point of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class ScoredCase(Shown):
    """
    One case: what the network says, and where the truth stands.

    Parameters
    ----------
    id, truth
        Identifier, and the truth as the case gives it (None: unknown, not scored).
    posterior, rows
        Leaf -> probability and table row -> probability, most probable first.
    ms_course, ms_variant
        State -> probability if it is multiple sclerosis; None where that has probability 0.
    rank
        Place of the truth's table row among the rows, 1 is the most probable; None without truth.
    """

    id: str
    truth: str | None
    posterior: Mapping[str, float]
    rows: Mapping[str, float]
    ms_course: Mapping[str, float] | None
    ms_variant: Mapping[str, float] | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class Totals:
    """
    Scores over the cases with a truth, at the level of table rows.

    Parameters
    ----------
    n
        Number of scored cases.
    top1, top3
        Share of cases whose truth is the most probable row, or among the three; ties are broken evenly.
    top1_interval, top3_interval
        95 % Wilson intervals of these shares.
    log_score
        Mean natural log of P(true row); 0 is perfect, -log(n_rows) is what knowing nothing gives.
    brier
        Mean over cases of the sum over rows of (p - truth)^2; 0 is perfect, 2 is the worst.
    """

    n: int
    top1: float
    top3: float
    top1_interval: tuple[float, float]
    top3_interval: tuple[float, float]
    log_score: float
    brier: float


@dataclass(frozen=True, slots=True)
class Score(Answer):
    """
    Scores of the network on a list of cases, beside its baselines.

    Parameters
    ----------
    cases
        One entry per case, in the given order, also for those without a truth.
    totals
        Scores of the network.
    baselines
        ``prior`` (the network without any finding) and ``naive_bayes`` (symbols of the printed tables) ->
        scores.
    is_masked
        Whether confirmatory findings were taken away.
    setting, digest
        Prior setting and digest of the tables behind the numbers.
    """

    cases: tuple[ScoredCase, ...]
    totals: Totals
    baselines: Mapping[str, Totals]
    is_masked: bool
    setting: str
    digest: str

    def to_frame(self) -> pd.DataFrame:
        """One line per case; columns case, truth, p_truth, rank, leader, p_leader (of table rows)."""
        import pandas as pd

        header = ["case", "truth", "rank", "leader", "p_leader"]
        return pd.DataFrame(
            [(c.id, c.truth, c.rank, *next(iter(c.rows.items()))) for c in self.cases], columns=header
        )

    def summary(self) -> str:
        """Scores of the network and its baselines as a plain table."""
        named = {"network": self.totals, **self.baselines}
        header = ("", "top 1", "95 % interval", "top 3", "95 % interval", "log score", "Brier")
        cells = [
            (
                name,
                percent(t.top1),
                _span(t.top1_interval),
                percent(t.top3),
                _span(t.top3_interval),
                f"{t.log_score:.3f}",
                f"{t.brier:.3f}",
            )
            for name, t in named.items()
        ]
        masked = ", confirmatory findings masked" if self.is_masked else ""
        unscored = len(self.cases) - self.totals.n
        without = f", {counted(unscored, 'case')} without truth not scored" if unscored else ""
        title = f"{counted(self.totals.n, 'case')} scored (setting {self.setting}{masked}{without})"
        return "\n".join([title, table(header, cells, right=(1, 3, 5, 6))])


def _span(interval: tuple[float, float]) -> str:
    return f"{percent(interval[0])} to {percent(interval[1])}"


def score(
    network: Network, cases: Sequence[Case], *, mask_confirmatory: bool = False, progress: Progress = watched
) -> Score:
    """
    How well the network does on cases whose truth is known, beside two baselines.

    Parameters
    ----------
    network
        Its headline probabilities (means over draws) are scored.
    cases
        Cases; those without a truth are answered but not scored. A truth that is a leaf counts as its table
        row.
    mask_confirmatory
        Take away the findings that proved each diagnosis.
    progress
        Wraps the iteration over groups of cases, such as a progress bar.

    Raises
    ------
    UnknownNameError
        If a truth, a true course or variant, or a confirmatory finding does not exist.
    EvidenceError
        If there is no case with a truth, the findings of a case cannot be read, or they rule out its truth.
    ImpossibleFindingsError
        If some case's findings have probability 0 under every diagnosis.

    References
    ----------
    Gneiting T, Raftery AE. Strictly proper scoring rules, prediction, and estimation. J Am Stat Assoc
    2007;102:359-378. doi:10.1198/016214506000001437

    Wilson EB. Probable inference, the law of succession, and statistical inference. J Am Stat Assoc
    1927;22:209-212. doi:10.1080/01621459.1927.10502953

    Examples
    --------
    >>> from model import Case, load_network
    >>> cases = [Case(id="A", findings={"serum_aqp4_igg": "positive"}, truth="nmosd")]
    >>> found = score(load_network().thinned(50), cases)
    >>> found.totals.top1
    1.0
    """
    knowledge = network.knowledge
    check_truths(knowledge, cases)
    asked = [case.without_confirmatory() for case in cases] if mask_confirmatory else list(cases)
    evidence = encode(network, asked)
    groups = [slice(i, i + N_AT_A_TIME) for i in range(0, len(asked), N_AT_A_TIME)]
    scored = [one for group in progress(groups) for one in _answers(network, evidence.select(group))]
    is_scored = [i for i, case in enumerate(cases) if case.truth is not None]
    truth = np.array([knowledge.rows.index(knowledge.row(cases[i].truth or "")) for i in is_scored])
    rows = np.array([[scored[i].rows[row] for row in knowledge.rows] for i in is_scored])
    if impossible := [cases[i].id for i, p, t in zip(is_scored, rows, truth, strict=True) if p[t] == 0]:
        raise EvidenceError(
            f"case {plain(impossible[0])}: the findings rule out its truth; correct one of them"
        )
    prior = posterior(network, encode(network, {})).mean_by("row")
    baselines = {
        "prior": totals(np.broadcast_to(prior, rows.shape), truth),
        "naive_bayes": totals(naive_bayes(knowledge, evidence)[is_scored], truth),
    }
    return Score(
        tuple(scored),
        totals(rows, truth),
        baselines,
        mask_confirmatory,
        network.setting,
        network.digest,
        origin=network.origin,
    )


def check_truths(knowledge: KnowledgeBase, cases: Sequence[Case]) -> None:
    """
    Refuse truths and confirmatory findings that do not exist, and a list in which no case has a truth.

    Raises
    ------
    UnknownNameError, EvidenceError
        As `score`; one line for every problem.
    """
    problems = [line for case in cases for line in unknown_in_truth(case, knowledge)]
    if problems:
        raise UnknownNameError(*problems)
    if all(case.truth is None for case in cases):
        raise EvidenceError("cases: none has a truth; add one to at least one case, or use `diagnose`")


def _answers(network: Network, evidence: Evidence) -> list[ScoredCase]:
    """What the network says of each case, with the rank of its truth."""
    answer = posterior(network, evidence)
    leaves, rows = answer.names("leaf"), answer.names("row")
    p_leaf, p_row = answer.mean, answer.mean_by("row")
    scored = [
        ScoredCase(
            id=case.id,
            truth=case.truth,
            posterior=ranked(leaves, p_leaf[i]),
            rows=ranked(rows, p_row[i]),
            ms_course=answer.ms("ms_course", i),
            ms_variant=answer.ms("ms_variant", i),
            rank=None,
        )
        for i, case in enumerate(evidence.cases)
    ]
    return [
        replace(one, rank=rank(p, rows.index(network.knowledge.row(one.truth)))) if one.truth else one
        for one, p in zip(scored, p_row, strict=True)
    ]


def rank(probabilities: FloatArray, truth: int) -> int:
    """
    Place of the truth, 1 is the most probable; equal ones (`TIED`) share the best place of them.

    Examples
    --------
    >>> rank(np.array([0.2, 0.5, 0.3]), 0), rank(np.array([0.1 + 0.2, 0.3, 0.4]), 1)
    (3, 2)
    """
    return 1 + int((probabilities > probabilities[truth] * (1 + TIED)).sum())


def in_top(probabilities: FloatArray, truth: int, k: int) -> float:
    """
    Chance that the truth is among the k most probable rows when ties are broken at random.

    Knowing nothing would otherwise count as always right: every row shares the first place.

    Examples
    --------
    >>> in_top(np.array([0.2, 0.5, 0.3]), 2, 1), in_top(np.array([0.25, 0.25, 0.25, 0.25]), 2, 3)
    (0.0, 0.75)
    """
    n_before = rank(probabilities, truth) - 1
    n_equal = int((probabilities >= probabilities[truth] * (1 - TIED)).sum()) - n_before
    return min(max(k - n_before, 0), n_equal) / n_equal


def totals(probabilities: FloatArray, truth: NDArray[np.int_]) -> Totals:
    """
    Scores of probabilities of shape (n_cases, n_rows), which sum to 1, against true rows of shape (n_cases,).

    Examples
    --------
    Two cases: the truth gets 0.5 of (0.5, 0.3, 0.2), then 0.3. Brier: .25 + .09 + .04, then .25 + .49 + .04.

    >>> found = totals(np.array([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]]), np.array([0, 1]))
    >>> found.top1, round(found.log_score, 4), round(found.brier, 4)
    (0.5, -0.9486, 0.58)
    """
    n = len(truth)
    top1, top3 = (sum(in_top(p, t, k) for p, t in zip(probabilities, truth, strict=True)) for k in (1, 3))
    is_truth = np.eye(probabilities.shape[1])[truth]
    return Totals(
        n=n,
        top1=top1 / n,
        top3=top3 / n,
        top1_interval=wilson(top1, n),
        top3_interval=wilson(top3, n),
        log_score=float(np.log(probabilities[np.arange(n), truth]).mean()),
        brier=float(((probabilities - is_truth) ** 2).sum(axis=1).mean()),
    )


def wilson(k: float, n: int) -> tuple[float, float]:
    r"""
    95 % Wilson interval of a share k of n; k may be a sum of chances.

    .. math:: \frac{k + z^2/2}{n + z^2} \pm \frac{z}{n + z^2}\sqrt{\frac{k(n-k)}{n} + \frac{z^2}{4}}

    Examples
    --------
    >>> [round(bound, 4) for bound in wilson(5, 10)]
    [0.2366, 0.7634]
    """
    centre = (k + Z_95**2 / 2) / (n + Z_95**2)
    half = Z_95 / (n + Z_95**2) * (k * (n - k) / n + Z_95**2 / 4) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)


__all__ = [
    "Score",
    "ScoredCase",
    "Totals",
    "check_truths",
    "in_top",
    "rank",
    "score",
    "totals",
    "wilson",
]
