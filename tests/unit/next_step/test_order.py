"""Orders: joint information against plain enumeration, the chain rule, and patterns drawn against patterns listed."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from model.diagnosis.differential import posterior
from model.errors import EvidenceError, UnknownNameError
from model.inference.measure import mutual_information
from model.next_step.bits import entropy
from model.next_step.information import value_of_information
from model.next_step.order import findings_by_order, information_of_orders, outlooks
from model.next_step.pattern import drawn, listed
from model.next_step.target import TARGETS, Decision
from model.patient.evidence import encode
from priors.schema import Order
from tests.support.joint import joint_by_enumeration
from tests.support.small_network import N_DRAWS, small_network

RTOL = 1e-10
STANDARD_ERRORS = 4
DECISION = Decision(
    ("treat", "wait"), {"nmosd": (1.0, -1.0), "cns_lymphoma": (-0.5, 0.2), "default": (-0.3, 0.1)}
)


def coupled_network(exclusions=False):
    """The small network, in which fever also hangs on the PVS pattern, so that orders are tied together."""
    network = small_network()
    base = network.tables["fever"]
    shifted = np.stack([base, base[..., ::-1] * [0.3, 0.7]], axis=2)
    knowledge = network.knowledge if exclusions else replace(network.knowledge, exclusions=())
    return replace(
        network,
        parents={**network.parents, "fever": ("diagnosis", "pvs_pattern")},
        tables={**network.tables, "fever": shifted / shifted.sum(axis=-1, keepdims=True)},
        knowledge=knowledge,
    )


NETWORK = coupled_network()
MEAN = NETWORK.at_mean()
KNOWN = {"sex": "female", "pvs_pattern": "present"}


def ordered(findings, network=MEAN, **keywords):
    """Information of orders for one patient."""
    return information_of_orders(network, encode(network, findings), **keywords)


class TestExactValues:
    @pytest.mark.parametrize(
        "known", [{}, KNOWN, {"fever": "present"}, {"region": "south", "ms_course": "not_applicable"}]
    )
    def test_bits_of_an_order_equal_enumeration(self, known):
        for order in (found := ordered(known, target="diagnosis")):
            [joint] = joint_by_enumeration(MEAN, known, order.findings)
            np.testing.assert_allclose(order.value, mutual_information(joint), rtol=RTOL, atol=1e-14)
            assert order.is_exact
        assert len(found) == len(findings_by_order(MEAN, encode(MEAN, known)))

    @pytest.mark.parametrize("known", [{}, KNOWN])
    def test_over_all_draws_too(self, known):
        for order in ordered(known, NETWORK, target="diagnosis", draws=N_DRAWS):
            joint = joint_by_enumeration(NETWORK, known, order.findings).mean(axis=0)
            np.testing.assert_allclose(order.value, mutual_information(joint), rtol=RTOL, atol=1e-14)

    @pytest.mark.parametrize("target", TARGETS)
    def test_an_order_of_one_finding_is_worth_that_finding(self, target):
        evidence = encode(NETWORK, KNOWN)
        orders = information_of_orders(
            NETWORK, evidence, target=target, orders=["blood_tests"], draws=N_DRAWS
        )
        single = value_of_information(NETWORK, evidence, target=target, candidates=["serum_aqp4_igg"])
        np.testing.assert_allclose(orders["blood_tests"].value, single.bits[0], rtol=1e-9, atol=1e-13)
        np.testing.assert_allclose(orders.now, single.entropy_bits, rtol=RTOL)
        np.testing.assert_allclose(orders.before, single.before, rtol=RTOL)

    def test_the_chain_rule_adds_up(self):
        # I(T; A, B) = I(T; A) + sum over a of p(a) I(T; B | a)
        first, rest = "optic_neuritis", ("fever",)
        whole = ordered(KNOWN, target="diagnosis", orders=["examination"])["examination"]
        assert set(whole.findings) == {first, *rest}
        single = value_of_information(MEAN, encode(MEAN, KNOWN), candidates=[first]).candidates[0]
        later = sum(
            p
            * ordered(KNOWN | {first: state}, target="diagnosis", orders=["examination"])["examination"].value
            for p, state in zip(single.predicted, single.states, strict=True)
        )
        np.testing.assert_allclose(whole.value, single.bits + later, rtol=RTOL)

    @pytest.mark.parametrize("target", [*TARGETS, DECISION])
    def test_a_value_is_never_negative_and_bits_never_exceed_the_entropy(self, target):
        found = ordered({"optic_neuritis": "unilateral"}, NETWORK, target=target)
        values = [order.value for order in found]
        assert min(values) >= 0
        assert values == sorted(values, reverse=True)
        if found.unit == "bits":
            assert max(values) <= found.now + 1e-12

    def test_a_decision_is_worth_what_enumeration_says(self):
        utilities = DECISION.table(MEAN)
        for order in ordered(KNOWN, target=DECISION):
            [joint] = joint_by_enumeration(MEAN, KNOWN, order.findings)
            expected = (utilities.T @ joint).max(axis=0).sum() - (utilities.T @ joint.sum(axis=1)).max()
            np.testing.assert_allclose(order.value, expected, rtol=1e-9, atol=1e-14)


class TestDrawnValues:
    @pytest.mark.parametrize("target", [*TARGETS, DECISION])
    @pytest.mark.parametrize(
        "known", [{}, KNOWN, {"fever": "present", "optic_neuritis": "unilateral|bilateral"}]
    )
    def test_drawn_patterns_agree_with_listed_ones(self, known, target):
        exact = ordered(known, target=target)
        for order in ordered(known, target=target, exact_limit=0, samples=4000, seed=3):
            assert not order.is_exact
            difference = abs(order.value - exact[order.order].value)
            # 4000 patterns of a rare gain may all miss it: an absolute term far below what anyone would act on.
            assert difference <= STANDARD_ERRORS * order.standard_error + 1e-4

    def test_the_headline_is_where_patterns_start_from(self):
        headline = posterior(NETWORK, encode(NETWORK, KNOWN)).mean_by("row")[0]
        for limit in (0, 12):
            np.testing.assert_allclose(ordered(KNOWN, NETWORK, exact_limit=limit).before, headline, rtol=RTOL)

    def test_every_pattern_drawn_has_the_probability_and_the_posterior_it_has_in_the_list(self):
        outlook, _ = outlooks(NETWORK, encode(NETWORK, KNOWN))
        findings = ("region", "fever", "central_vein_sign", "optic_neuritis")
        table = listed(outlook, findings)
        place = {tuple(row): i for i, row in enumerate(table.states.tolist())}
        some = drawn(outlook, findings, 300, np.random.default_rng(0))
        at = [place[tuple(row)] for row in some.states.tolist()]
        np.testing.assert_allclose(some.probabilities, table.probabilities[at], rtol=1e-9)
        np.testing.assert_allclose(some.hub, table.hub[at], rtol=1e-8, atol=1e-14)

    def test_the_seed_decides_and_the_company_of_other_orders_does_not(self):
        one = ordered({}, exact_limit=0, seed=1)
        alone = ordered({}, exact_limit=0, seed=1, orders=["examination"])
        other = ordered({}, exact_limit=0, seed=2)
        assert one["examination"].value == alone["examination"].value != other["examination"].value


class TestPatterns:
    def test_listed_patterns_average_to_what_is_known_now(self):
        outlook, _ = outlooks(NETWORK, encode(NETWORK, KNOWN))
        patterns = listed(outlook, ("fever", "optic_neuritis", "central_vein_sign"))
        np.testing.assert_allclose(patterns.probabilities.sum(), 1, rtol=RTOL)
        np.testing.assert_allclose(patterns.hub.sum(axis=1), 1, rtol=RTOL)
        np.testing.assert_allclose(
            patterns.probabilities @ patterns.hub, outlook.before, rtol=RTOL, atol=1e-15
        )

    def test_what_follows_a_pattern_is_the_posterior_with_it(self):
        found = ordered(KNOWN, orders=["examination"])["examination"]
        for pattern in found.patterns:
            after = posterior(MEAN, encode(MEAN, KNOWN | dict(pattern.states))).mean_by("row")[0]
            np.testing.assert_allclose(pattern.after, after, rtol=RTOL)
        assert [p.probability for p in found.patterns] == sorted(
            (p.probability for p in found.patterns), reverse=True
        )

    def test_what_another_result_bars_is_no_result(self):
        network = coupled_network(exclusions=True).at_mean()
        found = ordered({}, network, orders=["brain_mri"])["brain_mri"]
        [barred] = [
            p for p in found.patterns if p.states["enhancement_pattern"] == "none" and len(p.unusual) == 1
        ]
        assert "pvs_pattern" not in barred.states
        after = posterior(network, encode(network, dict(barred.states))).mean_by("row")[0]
        np.testing.assert_allclose(barred.after, after, rtol=RTOL)
        joint = joint_by_enumeration(network, {}, ["enhancement_pattern", "pvs_pattern", "central_vein_sign"])
        cells = joint.reshape(6, 3, 2, 2)
        seen = [cells[:, 0].reshape(6, -1), cells[:, 1].reshape(6, -1), cells[:, 2].sum(axis=1)]
        leaves = ordered({}, network, orders=["brain_mri"], target="diagnosis")["brain_mri"].value
        np.testing.assert_allclose(leaves, mutual_information(np.concatenate(seen, axis=1)), rtol=RTOL)

    def test_impossible_patterns_are_left_out(self):
        table = MEAN.tables["fever"].copy()
        table[:, :, 1] = [0.0, 1.0]
        network = replace(MEAN, tables={**MEAN.tables, "fever": table})
        outlook, _ = outlooks(network, encode(network, {"sex": "male"}))
        patterns = listed(outlook, ("pvs_pattern", "fever"))
        assert sorted(map(tuple, patterns.states.tolist())) == [(0, 0), (0, 1), (1, 1)]

    def test_a_pattern_says_what_is_unusual(self):
        said = {pattern.said() for pattern in ordered({}, orders=["blood_tests"])["blood_tests"].patterns}
        assert said == {"nothing unusual", "serum_aqp4_igg = positive"}

    @pytest.mark.parametrize("limit", [0, 12])
    def test_outcomes_say_who_leads_and_after_what(self, limit):
        for order in ordered(KNOWN, exact_limit=limit):
            np.testing.assert_allclose(sum(outcome.probability for outcome in order.outcomes), 1, rtol=RTOL)
            shares = [outcome.probability for outcome in order.outcomes]
            assert shares == sorted(shares, reverse=True)
            for outcome in order.outcomes:
                after = posterior(MEAN, encode(MEAN, KNOWN | dict(outcome.pattern.states)))
                assert after.leader() == outcome.row


class TestCosts:
    def test_per_cost_and_free_orders_first(self):
        found = ordered({}, costs={"brain_mri": 4, "history": 0})
        assert found["history"].per_cost is None
        np.testing.assert_allclose(found["brain_mri"].per_cost, found["brain_mri"].value / 4)
        assert found.ranked("per_cost")[0].order == "history"
        assert found.ranked("value") == found.orders

    def test_hazards_are_shown(self):
        orders = {
            **NETWORK.knowledge.orders,
            "blood_tests": Order("blood_tests", "Blood", 3, 1, 0, 0, "a bruise", ""),
        }
        network = replace(MEAN, knowledge=replace(MEAN.knowledge, orders=orders))
        assert "Hazard: a bruise" in ordered({}, network).summary()

    def test_the_frame_has_a_line_per_order(self):
        found = ordered({})
        frame = found.to_frame()
        assert list(frame["order"]) == [order.order for order in found]
        assert not frame.isna().any().any()

    def test_nothing_left_is_said(self):
        assert (
            "Nothing is left to order."
            in ordered({"serum_aqp4_igg": "positive"}, orders=["blood_tests"]).summary()
        )


class TestMistakes:
    @pytest.mark.parametrize(
        ("keywords", "kind", "message"),
        [
            ({"orders": ["brain_mr"]}, UnknownNameError, "did you mean brain_mri"),
            ({"costs": {"brain_mr": 1}}, UnknownNameError, "did you mean brain_mri"),
            ({"costs": {"brain_mri": -1}}, EvidenceError, "from 0 upwards"),
            ({"target": "rows"}, UnknownNameError, "did you mean row"),
            ({"samples": 1}, EvidenceError, "at least 2 samples"),
            ({"target": Decision(("a", "b"), {"nmosd": (1, 0)})}, EvidenceError, "add it or the key default"),
            ({"target": Decision(("a", "b"), {"nmo": (1, 0)})}, UnknownNameError, "did you mean nmosd"),
        ],
    )
    def test_are_one_line(self, keywords, kind, message):
        with pytest.raises(kind, match=message) as caught:
            ordered({}, **keywords)
        assert len(str(caught.value).splitlines()) == 1

    def test_one_patient_at_a_time(self):
        with pytest.raises(EvidenceError, match="2 patients given"):
            ordered([{}, {}])

    @pytest.mark.parametrize(
        "utilities", [{"nmosd": (1,)}, {"nmosd": (1, float("nan"))}, {"nmosd": (1, True)}]
    )
    def test_a_utility_for_each_action(self, utilities):
        with pytest.raises(EvidenceError, match="one finite number for each of a, b"):
            Decision(("a", "b"), utilities)


def test_every_pattern_of_three_findings_is_listed_once():
    outlook, _ = outlooks(MEAN, encode(MEAN, {}))
    findings = ("sex", "optic_neuritis", "fever")
    patterns = listed(outlook, findings)
    assert sorted(map(tuple, patterns.states.tolist())) == list(product(range(2), range(3), range(2)))
    assert entropy(patterns.probabilities) > 0
