"""Three patients to begin with: what each stands for is what the model answers, in every prior setting and layer."""

from dataclasses import replace

import pytest

from app_pages.shared.examples import published, textbook
from model import Case, encode, load_network, posterior
from model.network.beliefs import GROUND, bases, believed
from model.teaching.first_patients import first_patients
from priors.schema import LAYERS

ASKED = [("documents", layer) for layer in LAYERS] + [("flat", "full")]


@pytest.mark.parametrize(("setting", "layer"), ASKED)
def test_what_is_claimed_of_a_first_patient_is_what_the_model_answers(setting, layer):
    network = load_network(setting=setting, knowledge=layer)
    found = first_patients(network, list(textbook().values()), list(published().values()))
    assert [one.kind for one in found] == ["typical", "miliary", "wrong"]
    for one in found:
        answer = posterior(network, encode(network, one.case.findings))
        true = network.knowledge.row(one.case.truth)
        assert answer.leader() == one.leader
        assert (one.leader == true) == (one.kind != "wrong")
        assert not set(one.case.findings) & set(one.case.confirmatory)
    assert [one.case.truth for one in found if one.kind == "typical"] == ["multiple_sclerosis"]
    assert [one.case.findings["enhancement_pattern"] for one in found if one.kind == "miliary"] == ["miliary"]


def test_a_kind_that_nobody_stands_for_is_left_out():
    network = load_network()
    mistaken = Case("X", {"serum_aqp4_igg": "positive"}, truth="cns_candidiasis")
    found = first_patients(network, [replace(mistaken, id="T")], [mistaken, Case("Y", {"fever": "present"})])
    assert [one.kind for one in found] == ["wrong"]
    assert found[0].leader == "nmosd"
    assert found[0].lead > found[0].truth


def test_the_textbook_patient_rests_on_documents_and_cohorts_and_each_finding_is_commoner_in_his_disease():
    network = load_network()
    beliefs, ground = believed(network), bases(network.knowledge, network.knowledge.variables)
    rows = network.knowledge.rows
    for case in textbook().values():
        i = rows.index(network.knowledge.row(case.truth))
        judged, against = [], []
        for finding, state in case.findings.items():
            if GROUND[ground.get((finding, case.truth), "nothing")] not in ("cohorts", "documents"):
                judged.append(finding)
            if finding != "age_years":
                k = network.knowledge.variables[finding].state_ids.index(state)
                p = beliefs.probabilities[finding].mean(axis=0)[:, k]
                if p[i] <= (p.sum() - p[i]) / (len(rows) - 1):
                    against.append(finding)
        assert (case.id, judged, against) == (case.id, [], [])
