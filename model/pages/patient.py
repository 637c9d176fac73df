"""
One patient on one page: findings, differential with intervals, explanation, sources, versions and scope; HTML and PDF.

Whatever comes from a user is escaped.

Knows: answers and explanations, pages. Must not know: how they were computed, screens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from model.errors import EvidenceError
from model.figures import STYLE, differential_table, footing_table, waterfall
from model.network.beliefs import GROUNDS, JUDGED
from model.network.hierarchy import hierarchy
from model.pages.parts import rows_html, whole_page
from model.text import percent
from model.why.results import Explanation

if TYPE_CHECKING:
    from fpdf import FPDF

    from model.diagnosis.results import Differential
    from model.why.citation import Citation

N_ROWS: Final = 8
N_FACTS: Final = 2

TEXTS: Final[Mapping[str, str]] = {
    "title": "Millet: report on one patient",
    "scope": "For education and research; not a medical device.",
    "findings": "Findings",
    "none": "No finding is known: the probabilities are the prior.",
    "differential": "Differential diagnosis",
    "basis": "Mean over {n} parameter draws, with 90 % intervals; prior setting {setting}; knowledge: {layer}.",
    "diagnosis": "Diagnosis",
    "probability": "Probability",
    "interval": "90 % interval",
    "leads": "Leads in",
    "why": "Why {label}?",
    "finding": "Finding",
    "weight": "Weight (bans)",
    "sources": "Sources",
    "no_source": "no source",
    "layer_documents": "the documents alone",
    "layer_published": "documents and cohorts of the literature",
    "layer_full": "documents, cohorts of the literature, and judgement",
    "judged": "judgement of a language model",
    "made": "Made with",
}
"""What the page says beside the names of the tables."""


@dataclass(frozen=True, slots=True)
class Report:
    """
    What the page is made of.

    Parameters
    ----------
    answer
        The differential of one patient.
    setting
        The prior setting as a person says it.
    findings
        Each finding as a person says it.
    why
        The explanation of the leading diagnosis; None without findings.
    made
        Name -> value: versions, digest, setting, protocol.
    texts
        What the page says; see `TEXTS`.
    words
        What its figures say.
    """

    answer: Differential
    setting: str
    findings: tuple[str, ...]
    why: Explanation | None
    made: Mapping[str, str]
    texts: Mapping[str, str]
    words: Mapping[str, str]

    def __post_init__(self) -> None:
        if self.answer.n_patients != 1:
            raise EvidenceError(
                f"report: {self.answer.n_patients} patients given; give one: answer.select(0)"
            )

    @property
    def basis(self) -> str:
        """What the probabilities are."""
        layer = self.texts[f"layer_{self.answer.knowledge.layer}"]
        return self.texts["basis"].format(n=self.answer.n_draws, setting=self.setting, layer=layer)

    def lines(self) -> list[tuple[str, str, str, str]]:
        """The leading diagnoses: label, probability, interval, share of draws in which it leads."""
        units, mean = hierarchy(self.answer.knowledge, "row"), self.answer.mean_by("row")[0]
        interval, first = self.answer.interval(0.9), self.answer.p_top(1)
        found = []
        for i in np.argsort(-mean, kind="stable")[:N_ROWS]:
            span = "" if interval is None else f"{percent(interval[0, 0, i])} – {percent(interval[1, 0, i])}"
            leads = "" if first is None else percent(float(first[0, i]))
            found.append((units.labels[i], percent(float(mean[i])), span, leads))
        return found

    def facts(self) -> list[str]:
        """The facts behind each finding in the leading diagnosis."""
        if self.why is None:
            return []
        found = []
        for one in self.why.contributions:
            said = "; ".join(map(self._cited, one.facts[:N_FACTS])) or self.texts["no_source"]
            found.append(f"{one.label}: {said}")
        return found

    def _cited(self, fact: Citation) -> str:
        return f"{fact.statement} [{self.texts['judged']}]" if fact.fact == JUDGED else str(fact)

    def footing(self) -> list[tuple[str, str, str]]:
        """What the weight rests on: ground, share by the leader's cells, share by those of its nearest rival."""
        if self.why is None:
            return []
        sides = (self.why.footing.shares, self.why.footing.shares_against)
        found = []
        for ground in GROUNDS:
            shares = [side.get(ground, 0.0) for side in sides]
            if any(shares):
                found.append((self.words[f"ground_{ground}"], percent(shares[0]), percent(shares[1])))
        return found


def report_html(report: Report) -> str:
    """The report as one HTML page."""
    t = report.texts
    items = "".join(f"<li>{escape(text)}</li>" for text in report.findings)
    parts = [
        f"<h1>{escape(t['title'])}</h1><p><strong>{escape(t['scope'])}</strong></p>",
        f"<h2>{escape(t['findings'])}</h2>"
        + (f"<ul>{items}</ul>" if items else f"<p>{escape(t['none'])}</p>"),
        f"<h2>{escape(t['differential'])}</h2><p>{escape(report.basis)}</p>",
        differential_table(report.answer, stop=N_ROWS, words=report.words).html,
    ]
    if report.why is not None:
        parts.append(f"<h2>{escape(t['why'].format(label=report.why.label))}</h2>")
        parts.append(waterfall(report.why, words=report.words).whole)
        parts.append(footing_table(report.why.footing, words=report.words).whole)
        parts.append(f"<h2>{escape(t['sources'])}</h2><ul>")
        parts += [f"<li>{escape(text)}</li>" for text in report.facts()]
        parts.append("</ul>")
    made = rows_html(("", ""), list(report.made.items()))
    parts.append(f"<h2>{escape(t['made'])}</h2>{made}<p><strong>{escape(t['scope'])}</strong></p>")
    return whole_page(t["title"], parts, style=STYLE)


def report_pdf(report: Report) -> bytes:
    """The same as PDF, with the fonts that Matplotlib brings along."""
    from fpdf import FPDF

    t, pdf = report.texts, FPDF(format="A4")
    pdf.set_title(t["title"])
    pdf.set_auto_page_break(True, margin=14)
    for style, name in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
        pdf.add_font("DejaVu", style, str(_fonts() / name))
    pdf.add_page()
    _text(pdf, t["title"], 15, "B")
    _text(pdf, t["scope"], 9, "B")
    _heading(pdf, t["findings"])
    _text(pdf, "; ".join(report.findings) or t["none"])
    _heading(pdf, t["differential"])
    _text(pdf, report.basis, 8)
    header = (t["diagnosis"], t["probability"], t["interval"], t["leads"])
    _table(pdf, header, report.lines(), (74, 30, 48, 28))
    if report.why is not None:
        _heading(pdf, t["why"].format(label=report.why.label))
        weighed = sorted(report.why.contributions, key=lambda one: -abs(one.order_free))
        lines = [(f"{one.label}: {one.value}", f"{one.order_free:+.2f}") for one in weighed]
        _table(pdf, (t["finding"], t["weight"]), lines, (140, 40))
        _heading(pdf, report.words["footing"])
        sides = (report.why.footing.label, report.why.footing.against_label)
        _table(pdf, ("", *sides), report.footing(), (80, 50, 50))
        if report.why.footing.is_judged:
            _text(pdf, report.words["judgement_note"], 7.5)
        _heading(pdf, t["sources"])
        for text in report.facts():
            _text(pdf, text, 7.5)
    _heading(pdf, t["made"])
    for name, value in report.made.items():
        _text(pdf, f"{name}: {value}", 7.5)
    return bytes(pdf.output())


def _fonts() -> Path:
    """The folder of fonts in the package matplotlib, which is not loaded for it."""
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise EvidenceError("report: the package matplotlib with its fonts is missing; install it")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


def _text(pdf: FPDF, text: str, size: float = 9, style: str = "") -> None:
    pdf.set_font("DejaVu", style, size)
    pdf.multi_cell(0, size * 0.5, _printable(text), align="L", new_x="LMARGIN", new_y="NEXT")


def _heading(pdf: FPDF, text: str) -> None:
    pdf.ln(3)
    _text(pdf, text, 11, "B")
    pdf.ln(1)


def _table(pdf: FPDF, header: Sequence[str], lines: Sequence[Sequence[str]], widths: tuple[int, ...]) -> None:
    pdf.set_font("DejaVu", "", 8)
    layout = "HORIZONTAL_LINES"
    with pdf.table(
        col_widths=widths, width=sum(widths), line_height=5, align="LEFT", borders_layout=layout
    ) as table:
        for line in (header, *lines):
            row = table.row()
            for text in line:
                row.cell(_printable(text))


def _printable(text: str) -> str:
    """Characters that the font has; others become a question mark instead of an error."""
    return "".join(c if c.isprintable() and ord(c) < 0x3000 else "?" for c in text)


__all__ = ["TEXTS", "Report", "report_html", "report_pdf"]
