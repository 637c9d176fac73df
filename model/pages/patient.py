"""
One patient on one page: findings, differential with intervals, explanation, sources, versions and scope; HTML and PDF.

Whatever comes from a user is escaped.

Knows: answers and explanations, pages. Must not know: how they were computed, screens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from model.errors import EvidenceError
from model.figures import STYLE, differential_table, footing_table, more_often_text, waterfall, weight_text
from model.figures.evidence import gathered, unit_said
from model.network.beliefs import GROUNDS, JUDGED
from model.network.hierarchy import hierarchy
from model.pages.parts import rows_html, whole_page
from model.text import filled, percent
from model.why.results import Explanation
from model.why.weight import bans

if TYPE_CHECKING:
    from model.diagnosis.results import Differential
    from model.why.citation import Citation

N_ROWS: Final = 8
N_FACTS: Final = 2
N_STEPS: Final = 14
N_LISTED: Final = 30
"""Facts that the HTML page lists at most, so that it prints on two pages."""

TEXTS: Final[Mapping[str, str]] = {
    "title": "Millet: report on one patient",
    "scope": "For education and research; not a medical device.",
    "findings": "Findings",
    "none": "No finding is known: the probabilities are the prior.",
    "differential": "Differential diagnosis",
    "basis": "Mean over {n} versions of the model, with 90 % intervals; “First in”: share of these versions in which the "
    "diagnosis comes first; prior setting {setting}; knowledge: {layer}.",
    "unsound": "Not to be relied on: the draws behind it have not converged.",
    "diagnosis": "Diagnosis",
    "probability": "Probability",
    "interval": "90 % interval",
    "leads": "First in",
    "why": "Why {label}?",
    "sources": "Sources",
    "no_source": "no source",
    "layer_documents": "the documents alone",
    "layer_published": "documents and cohorts of the literature",
    "layer_full": "documents, cohorts of the literature, and judgement",
    "judged": "judgement of a language model",
    "made": "Made with",
    "link": "Open this case in the app",
    "more_facts": "and {n} more: screen Why, view Sources",
}
"""What the page says beside the names of the tables."""


class Bar(NamedTuple):
    """A diagnosis of the differential: what is said of it, and what its bar shows."""

    label: str
    group: str
    mean: float
    bounds: tuple[float, float] | None
    probability: str
    interval: str
    leads: str


class Step(NamedTuple):
    """A row of the waterfall: where it starts and ends, in bans; an end of the way stands still."""

    name: str
    start: float
    end: float
    said: str
    is_end: bool = False


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
    date, link
        When the report was made, and where the case opens again; empty: not said.
    language
        Code of the language, for whoever reads the page aloud.
    """

    answer: Differential
    setting: str
    findings: tuple[str, ...]
    why: Explanation | None
    made: Mapping[str, str]
    texts: Mapping[str, str]
    words: Mapping[str, str]
    date: str = ""
    link: str = ""
    language: str = ""

    def __post_init__(self) -> None:
        if self.answer.n_patients != 1:
            raise EvidenceError(
                f"report: {self.answer.n_patients} patients given; give one: answer.select(0)"
            )

    @property
    def basis(self) -> str:
        """What the probabilities are."""
        layer = self.texts[f"layer_{self.answer.knowledge.layer}"]
        said = {"n": self.answer.n_draws, "setting": self.setting, "layer": layer}
        caution = f" {self.texts['unsound']}" if self.answer.origin.problems else ""
        basis = filled(self.texts["basis"], self.words, **said) + caution
        return " ".join(filter(None, (basis, more_often_text(self.answer, self.words))))

    def bars(self) -> list[Bar]:
        """The leading diagnoses, the most probable first."""
        units, mean = hierarchy(self.answer.knowledge, "row"), self.answer.mean_by("row")[0]
        interval, first = self.answer.interval(0.9), self.answer.p_top(1)
        found = []
        for i in np.argsort(-mean, kind="stable")[:N_ROWS]:
            p = float(mean[i])
            ends = None if interval is None else (float(interval[0, 0, i]), float(interval[1, 0, i]))
            span = "" if ends is None else " – ".join(percent(end, self.words) for end in ends)
            leads = "" if first is None else percent(float(first[0, i]), self.words)
            group = self.answer.knowledge.diagnoses[units.names[i]].group
            found.append(Bar(units.labels[i], group, p, ends, percent(p, self.words), span, leads))
        return found

    def steps(self) -> list[Step]:
        """From the odds before the findings to those with all of them; none without findings."""
        if self.why is None:
            return []
        now = bans(self.why.prior)
        found = [Step(self.words["before_findings"], now, now, percent(self.why.prior, self.words), True)]
        for name, weight in gathered(self.why, N_STEPS, self.words):
            found.append(Step(name, now, now + weight, weight_text(weight, words=self.words)))
            now += weight
        said = percent(self.why.probability, self.words)
        return [*found, Step(self.words["after_findings"], now, now, said, True)]

    def weights_said(self) -> str:
        """What the numbers of the steps mean."""
        label = "" if self.why is None else self.why.label
        return unit_said("times", self.words, label, self.words["otherwise"])

    def facts(self) -> list[tuple[str, str]]:
        """The facts behind each finding in the leading diagnosis, the most telling first, each with its address."""
        if self.why is None:
            return []
        found = []
        for one in sorted(self.why.contributions, key=lambda c: -abs(c.order_free)):
            for fact in one.facts[:N_FACTS]:
                address = fact.address if fact.address.startswith("https://") else ""
                found.append((f"{one.label}: {self._cited(fact)}", address))
            if not one.facts:
                found.append((f"{one.label}: {self.texts['no_source']}", ""))
        return found

    def _cited(self, fact: Citation) -> str:
        return f"{fact.stated(self.words)} [{self.texts['judged']}]" if fact.fact == JUDGED else str(fact)

    def footing(self) -> list[tuple[str, str, str]]:
        """What the weight rests on: ground, share by the leader's cells, share by those of its nearest rival."""
        if self.why is None:
            return []
        sides = (self.why.footing.shares, self.why.footing.shares_against)
        found = []
        for ground in GROUNDS:
            shares = [side.get(ground, 0.0) for side in sides]
            if any(shares):
                found.append(
                    (
                        self.words[f"ground_{ground}"],
                        percent(shares[0], self.words),
                        percent(shares[1], self.words),
                    )
                )
        return found


def report_html(report: Report) -> str:
    """The report as one HTML page, which prints on two."""
    t = report.texts
    items = "".join(f"<li>{escape(text)}</li>" for text in report.findings)
    date = f"{escape(report.date)} · " if report.date else ""
    link = f"<p>{_linked(t['link'], report.link)}</p>" if report.link else ""
    parts = [
        f"<h1>{escape(t['title'])}</h1><p><strong>{date}{escape(t['scope'])}</strong></p>{link}",
        f"<h2>{escape(t['findings'])}</h2>"
        + (f'<ul class="inline">{items}</ul>' if items else f"<p>{escape(t['none'])}</p>"),
        f"<h2>{escape(t['differential'])}</h2><p>{escape(report.basis)}</p>",
        differential_table(report.answer, stop=N_ROWS, words=report.words).html,
    ]
    if report.why is not None:
        parts.append(f"<h2>{escape(t['why'].format(label=report.why.label))}</h2>")
        parts.append(waterfall(report.why, n=N_STEPS, words=report.words).whole)
        parts.append(footing_table(report.why.footing, words=report.words).whole)
        facts = report.facts()
        listed = [f"<li>{_linked(said, address)}</li>" for said, address in facts[:N_LISTED]]
        if more := len(facts) - len(listed):
            listed.append(f"<li>{escape(t['more_facts'].format(n=more))}</li>")
        parts.append(f'<h2>{escape(t["sources"])}</h2><ul class="sources">{"".join(listed)}</ul>')
    made = rows_html(("", ""), list(report.made.items()))
    parts.append(f"<h2>{escape(t['made'])}</h2>{made}<p><strong>{escape(t['scope'])}</strong></p>")
    return whole_page(t["title"], parts, style=STYLE, language=report.language)


def _linked(said: str, address: str) -> str:
    """A text, linked if it has an address."""
    if not address:
        return escape(said)
    return f'<a href="{escape(address)}" rel="noopener">{escape(said)}</a>'


__all__ = ["TEXTS", "Bar", "Report", "Step", "report_html"]
