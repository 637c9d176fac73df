""" "The rest is normal": reference states of what is open, and nothing that contradicts what is known."""

import pytest

from model import encode, load_knowledge_base, load_network
from model.errors import EvidenceError
from model.patient.normal import normal_rest

KNOWLEDGE = load_knowledge_base()
ORDERS = {
    order: [
        name for name, v in KNOWLEDGE.of_role("finding", "context", "protocol").items() if v.order == order
    ]
    for order in KNOWLEDGE.orders
}


def test_each_examination_can_be_all_normal():
    """None of its reference states excludes another one, and each patient that is made so can be asked about."""
    found = {order: normal_rest(KNOWLEDGE, {}, names) for order, names in ORDERS.items()}
    assert {order: rest.clashing for order, rest in found.items() if rest.clashing} == {}
    patients = [{"findings": dict(rest.answers)} for rest in found.values() if rest.answers]
    assert encode(load_network(), patients).n_patients == len(patients) > 10


def test_what_is_known_is_kept_and_not_answered_again():
    rest = normal_rest(KNOWLEDGE, {"pvs_pattern": "present", "hydrocephalus": None}, ORDERS["brain_mri"])
    assert "pvs_pattern" not in rest.answers
    assert rest.answers["hydrocephalus"] == "absent"
    assert rest.without == ("localisation", "lesion_count")


def test_several_possible_states_forbid_only_what_none_of_them_allows():
    """A cord lesion is known, or it is not: only the first forbids an uninvolved cord."""
    known = {"cord_lesion_count": ["one", "two_or_more"]}
    assert normal_rest(KNOWLEDGE, known, ["spinal_cord_involvement"]).clashing == ("spinal_cord_involvement",)
    open_ = {"cord_lesion_count": ["none", "one"]}
    assert normal_rest(KNOWLEDGE, open_, ["spinal_cord_involvement"]).answers == {
        "spinal_cord_involvement": "none"
    }


def test_a_value_that_is_none_is_refused():
    with pytest.raises(EvidenceError):
        normal_rest(KNOWLEDGE, {"fever": 39.5}, ["cough"])
