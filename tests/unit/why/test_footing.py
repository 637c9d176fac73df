"""What an answer rests on: shares of the weight without sign, by the firmest thing said of each cell."""

import json
from functools import cache

import pytest

from model import encode, explain, load_network
from model.network.beliefs import GROUND, GROUNDS, bases
from model.why.footing import Foothold, Footing
from priors.schema import LAYERS
from tests.support.text import flat

FINDINGS = {"fever": "present", "csf_pleocytosis": "present", "tick_bite": "absent", "region": "europe"}


@cache
def network_of(layer):
    return load_network(knowledge=layer).thinned(20)


def footing(layer="full", **options):
    network = network_of(layer)
    known = {k: v for k, v in FINDINGS.items() if v in network.knowledge.variables[k].state_ids}
    return explain(network, encode(network, known), n_simulated=20, **options)


@pytest.mark.parametrize("layer", LAYERS)
def test_each_finding_rests_on_what_is_said_of_its_cell(layer):
    why = footing(layer)
    found, said = why.footing, bases(network_of(layer).knowledge, network_of(layer).knowledge.variables)
    assert found.diagnosis == why.diagnosis != found.against
    weights = {c.finding: c.order_free for c in why.contributions}
    for one in found.findings:
        assert one.order_free == weights[one.finding]
        assert one.basis == said.get((one.finding, found.diagnosis), "nothing")
        assert one.basis_against == said.get((one.finding, found.against), "nothing")
        assert (one.ground, one.ground_against) == (GROUND[one.basis], GROUND[one.basis_against])
    assert layer == "full" or not found.is_judged


def test_context_has_no_cell():
    network = network_of("full")
    context = next(iter(network.knowledge.of_role("context").values()))
    findings = {context.id: context.state_ids[0], "fever": "present"}
    why = explain(network, encode(network, findings), n_simulated=20)
    assert [one.finding for one in why.footing.findings] == ["fever"]


def test_shares_are_of_the_weight_without_sign():
    """Weights 3 and -1 on cohorts and judgement: three quarters and one quarter."""
    one = Foothold("a", "A", 3.0, "cohort", "cohorts", "nothing", "nothing")
    two = Foothold("b", "B", -1.0, "judged", "judgement", "word", "documents")
    found = Footing("x", "X", "y", "Y", (one, two))
    assert found.shares == {"cohorts": 0.75, "documents": 0.0, "judgement": 0.25, "nothing": 0.0}
    assert found.shares_against == {"cohorts": 0.0, "documents": 0.25, "judgement": 0.0, "nothing": 0.75}
    assert "language model" in found.sentence()
    assert Footing("x", "X", "y", "Y", ()).sentence() == ""


def test_the_rival_of_another_diagnosis_is_the_leader():
    leader = footing().diagnosis
    other = "nmosd" if leader != "nmosd" else "clippers"
    assert footing(diagnosis=other).footing.against == leader


@pytest.mark.parametrize("unit", ["ban", "deciban"])
def test_it_stands_in_the_json_with_its_shares(unit):
    why = footing()
    told = json.loads(json.dumps(why.to_dict(unit=unit)))["footing"]
    assert list(told["shares"]) == list(GROUNDS)
    assert sum(told["shares"].values()) == pytest.approx(1)
    assert told["findings"][0]["order_free"] == pytest.approx(
        why.footing.findings[0].order_free * (10 if unit == "deciban" else 1)
    )
    assert ("judgement" in told) == why.footing.is_judged
    assert why.footing.sentence() in flat(why.summary())
