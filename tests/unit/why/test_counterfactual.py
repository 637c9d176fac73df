"""Counterfactuals: checked against trying every change."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np

from model.diagnosis.differential import posterior
from model.errors import ContradictionError
from model.patient.evidence import encode
from model.why.counterfactual import _is_allowed, counterfactuals
from model.why.weight import coalitions
from tests.support.small_network import small_network

NETWORK = small_network()
FINDINGS = {
    "sex": "female",
    "optic_neuritis": "bilateral",
    "serum_aqp4_igg": "positive",
    "pvs_pattern": "absent",
    "fever": "absent",
}


def found(findings=FINDINGS, **keywords):
    evidence = encode(NETWORK, findings)
    known = coalitions(NETWORK, evidence, **keywords)
    return {one.kind: one for one in counterfactuals(NETWORK, evidence, known)}


def leader(findings):
    return posterior(NETWORK, encode(NETWORK, findings)).leader()


def fewest(options):
    """Fewest findings whose change lets another row lead, by trying all."""
    now = leader(FINDINGS)
    for size in range(1, len(FINDINGS) + 1):
        for names in combinations(options, size):
            for states in product(*(options[name] for name in names)):
                try:
                    if leader({**FINDINGS, **dict(zip(names, states, strict=True))}) != now:
                        return size
                except ContradictionError:
                    continue
    return 0


def test_the_fewest_findings_to_leave_out():
    answer = found()["not_known"]
    assert len(answer.changes) == fewest({name: [None] for name in FINDINGS})
    rest = {name: v for name, v in FINDINGS.items() if name not in {c.finding for c in answer.changes}}
    assert leader(rest) == answer.leader != leader(FINDINGS)


def test_the_fewest_findings_to_come_out_otherwise():
    answer = found()["other_state"]
    options = {n: [s for s in NETWORK.states[n] if s != v] for n, v in FINDINGS.items() if n != "sex"}
    assert len(answer.changes) == fewest(options)
    changed = {**FINDINGS, **{c.finding: c.to for c in answer.changes}}
    result = posterior(NETWORK, encode(NETWORK, changed))
    assert result.leader() == answer.leader != leader(FINDINGS)
    np.testing.assert_allclose(answer.probability, result.mean_by("row")[0].max(), rtol=1e-10)


def test_a_search_at_mean_parameters_finds_as_few():
    one, other = found()["not_known"], found(max_exact=2)["not_known"]
    assert {c.finding for c in other.changes} == {c.finding for c in one.changes}
    assert other.leader == one.leader


def test_who_the_patient_is_does_not_come_out_otherwise():
    findings = {"sex": "male", "age_years": 60, "region": "north"}
    assert "other_state" not in found(findings)


def test_no_finding_has_no_counterfactual():
    assert found({}) == {}


def test_what_excludes_what_is_heeded():
    """Miliary enhancement bars fever in these tables: no change may bring both."""
    evidence = encode(NETWORK, {"enhancement_pattern": "miliary", "fever": "absent", "sex": "male"})
    assert not _is_allowed(NETWORK, evidence, (("fever", "present"),))
    assert _is_allowed(NETWORK, evidence, (("fever", "present"), ("enhancement_pattern", "ring")))
    assert _is_allowed(NETWORK, evidence, (("enhancement_pattern", ""), ("fever", "present")))


def test_the_sentence_names_what_is_and_what_would_be():
    text = found({"serum_aqp4_igg": "positive"})["other_state"].sentence()
    assert text.startswith("If Serum aqp4 igg were Negative (is: positive), ")
    assert " would lead with " in text
