"""Nothing that was extracted from the documents is lost: it is a fact, or left out with a reason."""

import pytest

from priors import check, load_knowledge_base
from priors.checks import DEFAULT_FOLDER
from tests.support.source import ROOT

KNOWLEDGE = load_knowledge_base()
WITHOUT_ADDRESS = {"aidspcnsl20fr", "ecd_ash_1044", "geltamo_mcl_cns", "spinal_ns39"}
"""Abstracts that were seen without a journal, a meeting or an address that lasts; their notes say so."""

LEDGER = set((ROOT / "priors" / "ledger_ids.txt").read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def report():
    """What the check of the tables says."""
    return check()


def test_the_tables_have_no_problem(report):
    assert [str(problem) for problem in report.errors] == []
    assert [str(p) for p in report.warnings if "no DOI, PMID" not in p.message] == []
    lines = (DEFAULT_FOLDER / "publications.csv").read_text(encoding="utf-8").splitlines()
    assert {lines[p.line - 1].partition(",")[0] for p in report.warnings} == WITHOUT_ADDRESS


def test_every_cell_of_the_printed_tables_has_a_fact(report):
    assert report.coverage.empty_cells == ()
    assert len(report.coverage.cells) == 17 * (1 + 6 + 5)  # Tables 1, 2 and 3


def test_every_finding_has_a_fact_and_is_judged_in_every_leaf(report):
    assert report.coverage.findings_without_fact == ()
    findings = [v for v in KNOWLEDGE.of_role("finding").values() if v.kind != "age"]
    pairs = {(finding, leaf) for finding, _, leaf in KNOWLEDGE.judged}
    assert [(v.id, leaf) for v in findings for leaf in KNOWLEDGE.leaves if (v.id, leaf) not in pairs] == []
    assert set(KNOWLEDGE.judged_ages) == set(KNOWLEDGE.leaves)


def test_every_extracted_statement_is_used_or_left_out(report):
    used = {name for fact in KNOWLEDGE.facts.values() for name in fact.ledger}
    left_out = {entry.ledger for entry in KNOWLEDGE.left_out}
    assert report.coverage.ledger_missing == ()
    assert used | left_out == LEDGER
    assert used & left_out == set()


def test_whatever_is_left_out_has_a_reason():
    assert [entry.ledger for entry in KNOWLEDGE.left_out if len(entry.reason.split()) < 2] == []
