"""The report of one patient: complete, escaped, self-contained, and the same numbers as HTML and as PDF."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from model import encode, explain, load_network, posterior, read_cases
from model.errors import EvidenceError
from model.figures import WORDS
from model.network.origin import Origin
from model.pages.patient import TEXTS, Report, report_html
from model.pages.patient_pdf import UNKNOWN, _paper, _printable, _row, fonts_closed, report_pdf
from model.text import percent, unparted
from model.why.weight import bans
from tests.support.source import ROOT

NETWORK = load_network()
FINDINGS = {"age_years": 57, "enhancement_pattern": "miliary", "pontine_predominance": "present"}
EVIDENCE = encode(NETWORK, FINDINGS)


@pytest.fixture(scope="module")
def report():
    answer = posterior(NETWORK, EVIDENCE)
    said = ("Age: 57", "<script>alert(1)</script> 漢 Ö")
    why = explain(NETWORK, EVIDENCE, n_simulated=50)
    return Report(
        answer,
        "Flat",
        said,
        why,
        {"Millet": "0.1", "digest": answer.digest},
        TEXTS,
        WORDS,
        date="28 November 2026",
        link="https://millet.example/?f=age_years.57",
        language="en",
    )


def test_the_page_holds_findings_answer_reasons_sources_versions_and_scope(report):
    html = report_html(report)
    answer = report.answer
    assert unparted(percent(float(answer.mean_by("row")[0].max()))) in html
    assert "CLIPPERS" in html
    assert report.why.contributions[0].facts[0].fact in html
    assert answer.digest in html
    assert html.count(TEXTS["scope"]) == 2
    assert "mf-waterfall" in html


def test_nothing_is_loaded_and_nothing_runs(report):
    html = report_html(report)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert re.findall(r"""src=|url\(|@import""", html) == []
    assert set(re.findall(r'href="([^"]*)"', html)) == {
        *(address for _, address in report.facts() if address),
        report.link,
    }


def read(pdf):
    """The pages of a report as text, without line breaks."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def test_the_pdf_holds_the_same_lines(report):
    said = " ".join(read(report_pdf(report)))
    for bar in report.bars():
        assert f"{bar.probability} {bar.interval} {bar.leads}" in said
    for step in report.steps():
        assert step.said in said
    assert report.date in said
    assert report.answer.digest in said
    assert report.facts()[0][0][:40] in said


def test_draws_that_have_not_converged_are_told(report):
    answer = replace(report.answer, origin=Origin(problems=("elicitation: 3 divergences",)))
    unsound = replace(report, answer=answer)
    assert TEXTS["unsound"] in report_html(unsound)
    pages = PdfReader(BytesIO(report_pdf(unsound))).pages
    assert TEXTS["unsound"] in " ".join(" ".join(page.extract_text() for page in pages).split())
    assert TEXTS["unsound"] not in report_html(report)


def test_the_steps_lead_from_the_prior_to_the_answer(report):
    first, *between, last = report.steps()
    assert len(between) == len(report.why.contributions)
    for early, late in zip([first, *between], [*between, last], strict=True):
        assert late.start == pytest.approx(early.end)
    assert last.start == pytest.approx(bans(report.why.probability), abs=1e-6)


def test_a_patient_of_whom_everything_is_known_has_two_pages():
    tables = NETWORK.knowledge
    case = next(c for c in read_cases(ROOT / "priors" / "cases" / "published.json") if len(c.findings) > 12)
    evidence = encode(NETWORK, case)
    said = tuple(one.label for one in tables.variables.values())  # far more than any patient has
    why = explain(NETWORK, evidence, n_simulated=50)
    report = Report(posterior(NETWORK, evidence), "Flat", said, why, {"Millet": "0.1"}, TEXTS, WORDS)
    pages = read(report_pdf(report))
    assert len(pages) == 2
    assert pages[1].endswith("Millet: 0.1")


def test_the_font_has_every_character_that_the_tables_can_say():
    pdf = _paper(Report(posterior(NETWORK, encode(NETWORK, {})), "Flat", (), None, {}, TEXTS, WORDS))
    with fonts_closed(pdf):
        tables = NETWORK.knowledge
        texts = [
            *(fact.statement + fact.location for fact in tables.facts.values()),
            *(source.title for source in tables.sources.values()),
            *(one.label for one in tables.variables.values()),
            *(state.label for one in tables.variables.values() for state in one.states),
            *WORDS.values(),
        ]
        assert [text for text in texts if UNKNOWN in _printable(pdf, text)] == []
        assert _printable(pdf, "漢 Ö ≥") == f"{UNKNOWN} Ö ≥"


def test_no_name_that_the_tables_can_say_is_cut_short():
    tables = NETWORK.knowledge
    names = [f"{one.label}: {state.label}" for one in tables.variables.values() for state in one.states]
    names += [one.label for one in tables.diagnoses.values()]
    pdf = _paper(Report(posterior(NETWORK, encode(NETWORK, {})), "Flat", (), None, {}, TEXTS, WORDS))
    with fonts_closed(pdf):
        for name in names:
            _row(pdf, name, ("1 %",), is_bold=True)
        _row(pdf, "what is far too long " * 9, ("1 %",))
        said = "".join(read(bytes(pdf.output()))).replace(" ", "")
    assert [name for name in names if name.replace(" ", "") not in said] == []
    assert said.count("…") == 1


def test_without_findings_it_says_that_this_is_the_prior():
    answer = posterior(NETWORK, encode(NETWORK, {}))
    bare = Report(answer, "Flat", (), None, {}, TEXTS, WORDS)
    assert TEXTS["none"] in report_html(bare)
    assert report_pdf(bare).startswith(b"%PDF-")


def test_the_lines_are_the_leading_diagnoses(report):
    mean = report.answer.mean_by("row")[0]
    assert [bar.probability for bar in report.bars()] == [percent(float(p)) for p in sorted(mean)[::-1][:8]]


def test_several_patients_are_refused():
    two = posterior(NETWORK, encode(NETWORK, [{"findings": {}}, {"findings": {}}]))
    with pytest.raises(EvidenceError, match="give one"):
        Report(two, "Flat", (), None, {}, TEXTS, WORDS)
