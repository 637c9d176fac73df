"""Plans: one patient's tree of orders, and policies compared on simulated patients."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.diagnosis.differential import posterior
from model.errors import EvidenceError, UnknownNameError
from model.next_step import order_results
from model.next_step.information import value_of_information
from model.next_step.order import information_of_orders
from model.next_step.plan import N_TELLING, WAYS, plan_orders, with_results
from model.next_step.policy import CHOICES, compare_policies, orders_of
from model.next_step.survey import survey
from model.patient.evidence import encode
from model.patient.simulation import simulate
from tests.support.small_network import small_network

NETWORK = replace(small_network(), knowledge=replace(small_network().knowledge, exclusions=()))
MEAN = NETWORK.at_mean()
COSTS = {"history": 0, "examination": 0.5, "brain_mri": 3, "blood_tests": 1}
FIXED = ("history", "examination", "brain_mri", "blood_tests")
PATIENTS = simulate(NETWORK, 400, seed=1)
SURVEY = survey(NETWORK, orders_of(NETWORK), n_per_leaf=400, seed=2)


def planned(findings, **keywords):
    """Plan for one patient."""
    return plan_orders(NETWORK, encode(NETWORK, findings), costs=COSTS, **keywords)


def compared(**keywords):
    """Policies on the same 400 patients."""
    return compare_policies(NETWORK, PATIENTS, **{"fixed": FIXED, "start": (), "costs": COSTS, **keywords})


def steps_of(step, path=()):
    """All steps of a tree with the results that lead to them."""
    yield path, step
    for outcome, after in step.branches:
        if after is not None:
            yield from steps_of(after, (*path, outcome.pattern))


class TestPlanOfOnePatient:
    def test_what_is_free_comes_first(self):
        assert planned({}).sequence[0] == "history"

    @pytest.mark.parametrize("way", WAYS)
    def test_every_step_is_what_the_results_before_it_call_for(self, way):
        plan = planned({"sex": "male", "region": "north", "age_years": 30}, way=way, threshold=0.9)
        for path, step in steps_of(plan.first):
            findings = {"sex": "male", "region": "north", "age_years": 30}
            for pattern in path:
                findings |= dict(pattern.states)
            found = information_of_orders(NETWORK, encode(NETWORK, findings), costs=COSTS)
            np.testing.assert_allclose(step.order.value, found[step.order.order].value, rtol=1e-10)
            if way == "greedy":
                assert step.order.order == found.ranked()[0].order

    def test_a_step_without_a_likely_result_says_what_to_look_for(self, monkeypatch):
        monkeypatch.setattr(order_results, "LIKELY", 0.5)
        steps = list(steps_of(planned({}, threshold=0.99).first))
        assert {step.order.has_likely_result for _, step in steps} == {True, False}
        for path, step in steps:
            known = {name: state for pattern in path for name, state in pattern.states.items()}
            found = value_of_information(
                NETWORK, encode(NETWORK, known), target="row", candidates=step.order.findings
            )
            expected = () if step.order.has_likely_result else found.findings[:N_TELLING]
            assert tuple(one.finding for one in step.look_for) == expected
        assert "look for: " in repr(planned({}, depth=1))

    @pytest.mark.parametrize("budget", [0, 0.5, 1.2, 4])
    def test_the_budget_holds_on_every_path(self, budget):
        plan = planned({}, budget=budget)
        assert max(step.spent for _, step in steps_of(plan.first)) <= budget

    def test_it_ends_where_a_row_is_sure_enough(self):
        assert (
            planned({"serum_aqp4_igg": "positive", "optic_neuritis": "bilateral"}, threshold=0.8).first
            is None
        )
        for _, step in steps_of(planned({}, threshold=0.7).first):
            assert all(
                after is None for outcome, after in step.branches if outcome.pattern.after.max() >= 0.7
            )

    def test_depth_bounds_the_sequence(self):
        assert len(planned({}, depth=1).sequence) == 1
        assert len(planned({}, depth=2, threshold=1).sequence) == 2

    def test_the_summary_is_a_tree(self):
        text = repr(planned({}, depth=2))
        assert "History: " in text
        assert "cost so far 0" in text
        assert "Nothing to order" in repr(
            planned({"region": "north", "sex": "male", "age_years": 3}, budget=0)
        )

    def test_results_add_to_what_is_known(self):
        before = encode(NETWORK, {"sex": "male"})
        after = with_results(NETWORK, before, {"fever": "present"})
        expected = posterior(NETWORK, encode(NETWORK, {"sex": "male", "fever": "present"}))
        np.testing.assert_array_equal(posterior(NETWORK, after).mean, expected.mean)
        assert before.observed() == ("sex",)

    @pytest.mark.parametrize("keywords", [{"budget": -1}, {"depth": 0}, {"n_branches": 0}, {"threshold": 0}])
    def test_numbers_out_of_range(self, keywords):
        with pytest.raises(EvidenceError, match="change them"):
            planned({}, **keywords)

    def test_an_unknown_way(self):
        with pytest.raises(UnknownNameError, match="did you mean greedy"):
            planned({}, way="greed")


class TestSurvey:
    @pytest.mark.parametrize("order", ["blood_tests", "examination", "brain_mri"])
    def test_bits_are_close_to_the_exact_ones(self, order):
        # 400 results a leaf, stratified: the bits are good to a few hundredths, and errors are not independent.
        cases = [{}, {"fever": "present"}, {"optic_neuritis": "bilateral"}]
        for findings in [
            one for one in cases if not {"fever", "optic_neuritis"} & set(one) or order == "blood_tests"
        ]:
            evidence = encode(MEAN, findings)
            weights = posterior(MEAN, evidence).mean.astype(np.float32)
            exact = information_of_orders(MEAN, evidence, orders=[order])[order].value
            assert abs(SURVEY.bits(weights)[0, SURVEY.orders.index(order)] - exact) < 0.05

    def test_a_sure_diagnosis_leaves_nothing_to_learn(self):
        weights = np.eye(6, dtype=np.float32)
        np.testing.assert_allclose(SURVEY.bits(weights), 0, atol=1e-4)
        remaining = np.ones((6, len(SURVEY.orders)), dtype=bool)
        np.testing.assert_allclose(SURVEY.same_decision(weights, remaining, 50), 1, rtol=1e-6)

    def test_with_nothing_remaining_the_leader_stays(self):
        weights = np.full((1, 6), 1 / 6, dtype=np.float32)
        nothing = np.zeros((1, len(SURVEY.orders)), dtype=bool)
        np.testing.assert_allclose(SURVEY.same_decision(weights, nothing, 50), 1, rtol=1e-6)

    def test_results_are_drawn_from_leaves_as_likely_as_they_are(self):
        weights = np.array([[0, 0.25, 0, 0.75, 0, 0]], dtype=np.float32)
        drawn = SURVEY.leaf[SURVEY.results(weights, 20_000, np.random.default_rng(0))[0]]
        assert set(drawn) == {1, 3}
        assert abs((drawn == 3).mean() - 0.75) < 4.5 * np.sqrt(0.75 * 0.25 / 20_000)


class TestPolicies:
    def test_at_a_probability_of_one_everything_is_known_in_the_end(self):
        # No policy may stop early, so all end with the same findings, the same cost and the posterior of the engine.
        found = compared(stop_at=1.0, policies=("random", "fixed"))
        evidence = PATIENTS.evidence([name for names in orders_of(NETWORK).values() for name in names])
        rows = posterior(MEAN, evidence).mean_by("row")
        row_names = posterior(MEAN, evidence).names("row")
        truth = [row_names.index(NETWORK.knowledge.row(leaf)) for leaf in PATIENTS.truth]
        unsure = found.costs["fixed"] == sum(COSTS.values())
        assert unsure.mean() > 0.5
        expected = np.log(rows[np.arange(400), truth])
        np.testing.assert_allclose(found.log_scores["fixed"][unsure], expected[unsure], rtol=1e-10)

    def test_the_stop_rule_saves_cost(self):
        early, late = compared(stop_at=0.8), compared(stop_at=0.99)
        for few, many in zip(early.results, late.results, strict=True):
            assert few.cost < many.cost
            assert few.n_orders < many.n_orders

    def test_choosing_by_information_is_cheaper_than_choosing_at_random(self):
        found = compared()
        greedy, random = found.results[0], found.results[-1]
        assert (greedy.policy, random.policy) == ("greedy", "random")
        gap = found.costs["random"] - found.costs["greedy"]
        assert gap.mean() > 4 * gap.std(ddof=1) / np.sqrt(len(gap))

    def test_the_budget_holds_for_every_patient(self):
        found = compared(budget=1.5)
        assert all(costs.max() <= 1.5 for costs in found.costs.values())

    def test_the_fixed_sequence_ends_with_its_orders(self):
        found = compared(policies=["fixed"], fixed=("blood_tests",), stop_at=1.0)
        assert set(found.costs["fixed"]) <= {0.0, 1.0}
        assert found.results[0].stopped < 1

    def test_the_seed_decides(self):
        one, same = compared(seed=4), compared(seed=4)
        assert one.results == same.results

    def test_what_is_known_from_the_start_is_not_charged(self):
        found = compared(start=tuple(COSTS), policies=["greedy"])
        assert found.results[0].n_orders == found.results[0].cost == 0

    def test_the_table_and_the_frame_name_every_policy(self):
        found = compared()
        assert list(found.to_frame()["policy"]) == list(CHOICES)
        assert all(name in repr(found) for name in CHOICES)

    def test_progress_wraps_the_policies(self):
        seen = []
        compared(policies=["greedy"], progress=lambda names: seen.extend(names) or names)
        assert seen == ["greedy"]

    @pytest.mark.parametrize(
        ("keywords", "kind", "message"),
        [
            ({"policies": ["gredy"]}, UnknownNameError, "did you mean greedy"),
            ({"fixed": ["brain_mr"]}, UnknownNameError, "did you mean brain_mri"),
            ({"budget": -1}, EvidenceError, "change them"),
            ({"stop_at": 0}, EvidenceError, "change them"),
        ],
    )
    def test_mistakes_are_one_line(self, keywords, kind, message):
        with pytest.raises(kind, match=message):
            compared(**keywords)
