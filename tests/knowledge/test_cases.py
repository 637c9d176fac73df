"""The published patients speak the language of the tables, and none of them is a source of a fact."""

import json

from model import encode, load_network, read_cases
from priors import load_knowledge_base
from tests.support.source import ROOT

KNOWLEDGE = load_knowledge_base()
PATH = ROOT / "priors" / "cases" / "published.json"
RAW = json.loads(PATH.read_text(encoding="utf-8"))


def test_there_are_30_patients_each_once():
    assert len(RAW) == len({case["id"] for case in RAW}) == 30


def test_every_patient_names_publication_and_diagnosis():
    assert [case["id"] for case in RAW if len(case["source"]) < 20] == []
    assert [case["id"] for case in RAW if case["truth"] not in KNOWLEDGE.diagnoses] == []


def test_every_finding_of_a_patient_can_be_encoded():
    cases = read_cases(PATH)
    evidence = encode(load_network(), cases)
    assert evidence.n_observed.min() >= 1
    assert [set(case.findings) for case in cases] == [set(case["findings"]) for case in RAW]


def test_confirmatory_findings_are_findings_of_the_patient():
    assert [case["id"] for case in RAW if not set(case["confirmatory"]) <= set(case["findings"])] == []


def test_no_patient_is_a_source():
    """Patients are for teaching and for looking, never for fitting."""
    assert [name for name in KNOWLEDGE.sources if name in {case["id"] for case in RAW}] == []
    text = " ".join(fact.statement for fact in KNOWLEDGE.facts.values())
    assert [case["id"] for case in RAW if case["id"] in text] == []
