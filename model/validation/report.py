"""
One self-contained page about scores: `millet score --report`.

Nothing is loaded from elsewhere and everything that comes from a file is escaped.

Knows: results of this package, figures. Must not know: how anything was computed, files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from model.figures import STYLE, Figure, calibration_plot, rank_histogram, reveal_curves
from model.text import SCOPE, counted, percent
from model.validation.calibration import Calibration, calibration
from model.validation.disease import Diseases, by_disease
from model.validation.reliability import Reliability
from model.validation.reveal import Reveal

if TYPE_CHECKING:
    from model.validation.score import Score, ScoredCase, Totals
    from priors.schema import KnowledgeBase

N_CASES_SHOWN = 200
"""A page that lists more cases than this would be slow to open; the rest is in the JSON."""

NARROW = "\u202f%"
"""A number and its per cent sign stay on one line."""

NAMES = {
    "network": "Millet",
    "prior": "prior alone",
    "naive_bayes": "naive Bayes from the bare table symbols",
}


@dataclass(frozen=True, slots=True)
class Assessment:
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


def calibrations(cases: Sequence[ScoredCase], knowledge: KnowledgeBase) -> tuple[Calibration, Calibration]:
    """
    Calibration of the leading table row, and of the probabilities of all rows together.

    Parameters
    ----------
    cases
        ``score(...).cases``; those without a truth are left out.
    knowledge
        Gives the table row of each truth.
    """
    scored = [case for case in cases if case.truth is not None]
    truths = [knowledge.row(case.truth or "") for case in scored]
    leaders = [next(iter(case.rows.items())) for case in scored]
    p = np.array([share for _, share in leaders])
    right = np.array([row == truth for (row, _), truth in zip(leaders, truths, strict=True)])
    every = np.array([case.rows[row] for case in scored for row in knowledge.rows])
    true = np.array([row == truth for truth in truths for row in knowledge.rows])
    return calibration(p, right), calibration(every, true)


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
    leader, rows = calibrations(score.cases, knowledge)
    diseases = by_disease(score.cases, knowledge)
    labels = {name: diagnosis.label for name, diagnosis in knowledge.diagnoses.items()}
    return Assessment(score, diseases, leader, rows, reveal, reliability, labels, title, about or {})


def page(found: Assessment) -> str:
    """The assessment as one HTML page."""
    style = files("model.validation").joinpath("report.css").read_text(encoding="utf-8")
    parts = [
        f"<h1>{escape(found.title)}</h1><p><strong>{escape(SCOPE)}</strong></p>",
        "<h2>Scores</h2>" + _scores(found.score),
        "<h2>Calibration</h2>",
        calibration_plot(found.of_leader, of="The leading diagnosis").whole,
        calibration_plot(found.of_rows, of="All diagnoses").whole,
        "<h2>By disease</h2>" + _diseases(found.diseases, found.labels),
    ]
    if found.reveal is not None:
        parts += ["<h2>Order by order</h2>", reveal_curves(found.reveal).whole, _reveal(found.reveal)]
    if found.reliability is not None:
        parts += ["<h2>Reliability of the intervals</h2>", _reliability(found.reliability)]
    parts += [_cases(found.score, found.labels), "<h2>How to read this</h2>" + NOTES, _about(found.about)]
    head = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(found.title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{style}{STYLE}</style></head>'
    )
    return f"{head}<body><main>{''.join(parts)}</main></body></html>\n"


def rows_html(header: Sequence[str], lines: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """
    A table of plain cells, escaped; the columns numbered in `right` are flushed right.

    Examples
    --------
    >>> rows_html(["a"], [["<b>"]]).count("&lt;b&gt;")
    1
    """

    def cells(tag: str, line: Sequence[str]) -> str:
        return "".join(
            f"<{tag}{' class=num' if i in right else ''}>{escape(text.replace(' %', NARROW))}</{tag}>"
            for i, text in enumerate(line)
        )

    body = "".join(f"<tr>{cells('td', line)}</tr>" for line in lines)
    return f'<div class="wide"><table><thead><tr>{cells("th", header)}</tr></thead><tbody>{body}</tbody></table></div>'


def _span(interval: tuple[float, float]) -> str:
    return f"{percent(interval[0])} to {percent(interval[1])}"


def _scores(score: Score) -> str:
    named: dict[str, Totals] = {"network": score.totals, **score.baselines}
    lines = [
        (
            NAMES.get(name, name),
            f"{percent(t.top1)} ({_span(t.top1_interval)})",
            f"{percent(t.top3)} ({_span(t.top3_interval)})",
            f"{t.log_score:.3f}",
            f"{t.brier:.3f}",
        )
        for name, t in named.items()
    ]
    masked = "without the findings that proved the diagnosis" if score.is_masked else "with all findings"
    text = f"{counted(score.totals.n, 'case')}, prior setting {score.setting}, {masked}."
    header = ("", "first (95 %)", "among first three (95 %)", "log score", "Brier score")
    return f"<p>{escape(text)}</p>" + rows_html(header, lines, right=(3, 4))


def _diseases(diseases: Diseases, labels: Mapping[str, str]) -> str:
    lines = [
        (
            line.label,
            str(line.n),
            f"{percent(line.top1)} ({_span(line.top1_interval)})",
            percent(line.top3),
            percent(line.p_truth),
            ", ".join(f"{labels[row]} ({n})" for row, n in line.taken_for[:3]),
        )
        for line in diseases.lines
    ]
    header = ("disease", "n", "first (95 %)", "among first three", "mean P(truth)", "taken for")
    return rows_html(header, lines, right=(1, 3, 4))


def _reveal(reveal: Reveal) -> str:
    lines = [
        (
            step.label or "nothing (prior)",
            f"{step.n_findings:.1f}",
            percent(step.totals.top1),
            percent(step.totals.top3),
            f"{step.totals.log_score:.2f}",
        )
        for step in reveal.steps
    ]
    return rows_html(
        ("known up to", "findings", "first", "first three", "log score"), lines, right=(1, 2, 3, 4)
    )


def _reliability(found: Reliability) -> str:
    lines = [
        (way.replace("_", " "), percent(level), percent(k), f"{percent(a)} to {percent(b)}")
        for way in found.ways
        for level, (k, a, b) in found.coverage(way).items()
    ]
    figure: Figure = rank_histogram(found)
    return figure.whole + rows_html(("draws counted", "interval", "holds in", "95 %"), lines, right=(1, 2))


def _cases(score: Score, labels: Mapping[str, str]) -> str:
    lines = []
    for case in score.cases[:N_CASES_SHOWN]:
        leader, p = next(iter(case.rows.items()))
        truth = labels[case.truth] if case.truth else "not given"
        lines.append((case.id, truth, str(case.rank or "–"), labels[leader], percent(p)))
    more = len(score.cases) - len(lines)
    rest = (
        f"<p>{counted(more, 'further case')} not listed; they are in the output of --json.</p>"
        if more
        else ""
    )
    table = rows_html(("case", "truth", "rank of truth", "leading row", "probability"), lines, right=(2, 4))
    return f"<h2>Cases</h2>{table}{rest}"


def _about(about: Mapping[str, str]) -> str:
    items = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in about.items())
    return f"<h2>Made with</h2><dl>{items}</dl>"


NOTES = """<ul>
<li>Probabilities are means over all parameter draws. A truth that is a sub-entity counts as its table row.</li>
<li>Log score: mean natural logarithm of the probability of the truth; 0 is perfect, and a confident wrong answer costs most.
Brier score: 0 is perfect, 2 the worst. Both are proper: no one can gain by saying other than what he believes.</li>
<li>Calibration groups answers of similar probability. Few cases make wide boxes; only points outside their box speak against
the model.</li>
<li>The reliability of intervals is about simulated patients that come from the model itself. It tells whether the intervals
mean what they say, not whether the numbers behind them are true.</li>
<li>Published patients were published because they were remarkable. Scores on them do not tell how often the model would be
right in practice.</li>
</ul>"""

__all__ = ["Assessment", "assess", "calibrations", "page", "rows_html"]
