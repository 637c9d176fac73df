"""
One self-contained page about scores: `millet score --report`.

Everything that comes from a file is escaped.

Knows: results of `model.validation`, figures. Must not know: how anything was computed, files.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from model.figures import STYLE, Figure, calibration_plot, rank_histogram, reveal_curves
from model.pages.parts import rows_html, whole_page
from model.text import SCOPE, counted, percent
from model.validation.disease import Diseases
from model.validation.reliability import Reliability
from model.validation.reveal import Reveal

if TYPE_CHECKING:
    from model.validation.assessment import Assessment
    from model.validation.score import Score, Totals

N_CASES_SHOWN = 200
"""A page that lists more cases than this would be slow to open; the rest is in the JSON."""

NAMES = {
    "network": "Millet",
    "prior": "prior alone",
    "naive_bayes": "naive Bayes from the bare table symbols",
}


def page(found: Assessment) -> str:
    """The assessment as one HTML page."""
    parts = [
        f"<h1>{escape(found.title)}</h1><p><strong>{escape(SCOPE)}</strong></p>",
        *(f"<p><strong>{escape(note)}</strong></p>" for note in found.score.notes()),
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
    return whole_page(found.title, parts, style=STYLE, language="en")


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

__all__ = ["page"]
