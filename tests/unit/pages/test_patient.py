"""The report of one patient: complete, escaped, self-contained, and the same numbers as HTML and as PDF."""

import re

import pytest

from model import encode, explain, load_network, posterior
from model.errors import EvidenceError
from model.figures import WORDS
from model.pages.patient import TEXTS, Report, report_html, report_pdf
from model.text import percent

NETWORK = load_network()
FINDINGS = {"age_years": 57, "enhancement_pattern": "miliary", "pontine_predominance": "present"}
EVIDENCE = encode(NETWORK, FINDINGS)


@pytest.fixture(scope="module")
def report():
    answer = posterior(NETWORK, EVIDENCE)
    said = ("Age: 57", "<script>alert(1)</script> 漢 Ö")
    why = explain(NETWORK, EVIDENCE, n_simulated=50)
    return Report(answer, "Flat", said, why, {"Millet": "0.1", "digest": answer.digest}, TEXTS, WORDS)


def test_the_page_holds_findings_answer_reasons_sources_versions_and_scope(report):
    html = report_html(report)
    answer = report.answer
    assert percent(float(answer.mean_by("row")[0].max())) in html
    assert "CLIPPERS" in html
    assert report.why.contributions[0].facts[0].fact in html
    assert answer.digest in html
    assert html.count(TEXTS["scope"]) == 2
    assert "mf-waterfall" in html


def test_nothing_is_loaded_and_nothing_runs(report):
    html = report_html(report)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert re.findall(r"""(?:src|href)=|url\(|@import""", html) == []


def test_the_pdf_holds_the_same_lines(report):
    pdf = report_pdf(report)
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 10_000


def test_without_findings_it_says_that_this_is_the_prior():
    answer = posterior(NETWORK, encode(NETWORK, {}))
    bare = Report(answer, "Flat", (), None, {}, TEXTS, WORDS)
    assert TEXTS["none"] in report_html(bare)
    assert report_pdf(bare).startswith(b"%PDF-")


def test_the_lines_are_the_leading_diagnoses(report):
    mean = report.answer.mean_by("row")[0]
    assert [line[1] for line in report.lines()] == [percent(float(p)) for p in sorted(mean)[::-1][:8]]


def test_several_patients_are_refused():
    two = posterior(NETWORK, encode(NETWORK, [{"findings": {}}, {"findings": {}}]))
    with pytest.raises(EvidenceError, match="give one"):
        Report(two, "Flat", (), None, {}, TEXTS, WORDS)
