"""Value of information: hand-computed bits, and the laws that every table of answers obeys."""

from __future__ import annotations

import numpy as np
import pytest

from model.diagnosis.differential import posterior
from model.errors import EvidenceError, UnknownNameError
from model.network.shipped import load_network
from model.next_step.bits import entropy
from model.next_step.information import TARGETS, value_of_information
from model.next_step.order import findings_by_order, information_of_orders
from model.next_step.target import Decision
from model.patient.evidence import encode
from tests.support.small_network import small_network

NETWORK = small_network()
MEAN = NETWORK.at_mean()
RTOL = 1e-10
TREAT = Decision(("treat", "wait"), {"nmosd": (1.0, -1.0), "default": (-0.2, 0.0)}, "QALY")


def informed(findings, network=NETWORK, **keywords):
    """Value of information for one patient."""
    return value_of_information(network, encode(network, findings), **keywords)


class TestBits:
    def test_one_binary_finding_by_hand(self):
        t = MEAN.tables
        prior = t["region"][0] @ t["diagnosis"][0]
        joint = prior[:, None] * t["fever"][0]
        expected = entropy(prior) + entropy(joint.sum(axis=0)) - entropy(joint)
        [candidate] = informed({}, MEAN, candidates=["fever"])
        np.testing.assert_allclose(candidate.bits, expected, rtol=RTOL)
        np.testing.assert_allclose(candidate.predicted, joint.sum(axis=0), rtol=RTOL)

    def test_bits_are_the_expected_loss_of_entropy(self):
        findings = {"sex": "female", "fever": "absent"}
        for candidate in informed(findings, MEAN):
            after = sum(
                p * entropy(posterior(MEAN, encode(MEAN, findings | {candidate.finding: s})).mean[0])
                for s, p in zip(candidate.states, candidate.predicted, strict=True)
            )
            before = entropy(posterior(MEAN, encode(MEAN, findings)).mean[0])
            np.testing.assert_allclose(candidate.bits, before - after, rtol=1e-9, atol=1e-12)

    def test_bits_of_a_row_are_at_most_those_of_its_leaves(self):
        leaves, rows, groups = (informed({}, target=t) for t in ("diagnosis", "row", "group"))
        by_name = {c.finding: c.bits for c in leaves}
        assert all(c.bits <= by_name[c.finding] + 1e-12 for c in rows)
        assert groups.entropy_bits < rows.entropy_bits < leaves.entropy_bits

    def test_bits_about_the_course_are_meant_within_ms(self):
        information = informed({}, MEAN, target="ms_course")
        t = MEAN.tables
        joint = t["age_years"][0, 4][:, None] * t["ms_course"][0, 4, :, 1:]
        expected = entropy(joint.sum(axis=0)) + entropy(joint.sum(axis=1)) - entropy(joint)
        assert information.findings[0] == "age_years"
        np.testing.assert_allclose(information.bits[0], expected, rtol=RTOL)
        np.testing.assert_allclose(information.bits[1:], 0, atol=1e-12)

    @pytest.mark.parametrize("target", TARGETS)
    def test_bits_are_ranked_and_between_zero_and_the_entropy(self, target):
        information = informed({"sex": "male"}, target=target)
        assert (np.diff(information.bits) <= 0).all()
        assert (information.bits >= 0).all()
        assert (information.bits <= information.entropy_bits + 1e-12).all()


class TestDecision:
    def test_one_finding_by_hand(self):
        t = MEAN.tables
        joint = (t["region"][0] @ t["diagnosis"][0])[:, None] * t["serum_aqp4_igg"][0]
        worth = TREAT.table(MEAN).T @ joint
        expected = worth.max(axis=0).sum() - worth.sum(axis=1).max()
        information = informed({}, MEAN, target=TREAT, candidates=["serum_aqp4_igg"])
        assert expected > 0
        np.testing.assert_allclose(information.candidates[0].value, expected, rtol=RTOL)
        np.testing.assert_allclose(information.now, worth.sum(axis=1).max(), rtol=RTOL)

    def test_a_finding_alone_in_its_order_is_worth_that_order(self):
        network = load_network()
        evidence = encode(network, {"optic_neuritis": "bilateral"})
        decision = Decision(("treat", "wait"), {"neurosarcoidosis": (1, -0.3), "default": (-0.2, 0)}, "QALY")
        groups = findings_by_order(network, evidence)
        alone = {members[0]: order for order, members in groups.items() if len(members) == 1}
        assert alone["chest_ct"] == "chest_ct"
        single = value_of_information(network, evidence, target=decision, candidates=list(alone))
        orders = information_of_orders(
            network, evidence, target=decision, orders=list(alone.values()), draws=network.n_draws
        )
        values = {candidate.finding: candidate.value for candidate in single}
        assert values["chest_ct"] > 0.01
        for finding, order in alone.items():
            np.testing.assert_allclose(values[finding], orders[order].value, rtol=RTOL, atol=1e-14)
        np.testing.assert_allclose(single.now, orders.now, rtol=RTOL)
        assert (single.target, single.unit) == (orders.target, orders.unit) == ("decision", "QALY")

    def test_values_are_ranked_and_never_negative(self):
        values = informed({"sex": "male"}, target=TREAT).bits
        assert (np.diff(values) <= 0).all()
        assert (values >= 0).all()

    def test_what_does_not_change_the_action_is_worth_nothing(self):
        always = Decision(("treat", "wait"), {"default": (1.0, 0.0)})
        np.testing.assert_allclose(informed({}, target=always).bits, 0, atol=1e-14)

    def test_summary_and_frame_name_the_unit(self):
        information = informed({}, target=TREAT)
        title, header, *_ = information.summary().splitlines()
        assert "the best action is worth" in title
        assert "QALY" in header
        assert {"value"} == set(information.to_frame().columns) & {"value", "bits"}


class TestAnswers:
    def test_answers_average_to_what_is_known_now(self):
        for candidate in (information := informed({"optic_neuritis": "unilateral"})):
            np.testing.assert_allclose(candidate.predicted.sum(), 1, rtol=RTOL)
            np.testing.assert_allclose(candidate.after.sum(axis=1), 1, rtol=RTOL)
            np.testing.assert_allclose(candidate.predicted @ candidate.after, information.before, rtol=RTOL)

    def test_before_is_the_headline(self):
        evidence = encode(NETWORK, {"optic_neuritis": "unilateral"})
        expected = posterior(NETWORK, evidence).mean_by("row")[0]
        np.testing.assert_allclose(value_of_information(NETWORK, evidence).before, expected, rtol=RTOL)

    def test_what_is_known_a_protocol_and_an_axis_are_not_asked_for(self):
        information = informed({"sex": "male", "fever": None, "pvs_pattern": "absent|present"})
        assert set(information.findings) == {
            "age_years", "region", "fever", "optic_neuritis", "enhancement_pattern", "pvs_pattern",
            "central_vein_sign", "serum_aqp4_igg",
        }  # fmt: skip

    def test_best_and_orders_keep_the_ranking(self):
        information = informed({})
        assert information.best(2) == information.candidates[:2]
        assert sum(len(members) for members in information.by_order().values()) == len(information)
        firsts = [members[0].bits for members in information.by_order().values()]
        assert firsts == sorted(firsts, reverse=True)

    def test_nothing_left_to_ask_is_said(self):
        information = informed({"sex": "male"}, candidates=[])
        assert "Nothing is left to ask." in information.summary()
        assert information.bits.shape == (0,)

    def test_the_frame_has_a_line_per_state(self):
        frame = informed({}).to_frame()
        assert len(frame) == sum(len(NETWORK.states[f]) for f in set(frame["finding"]))
        assert frame.groupby("finding")["predicted"].sum().to_numpy() == pytest.approx(1)

    def test_the_summary_shows_each_answer(self):
        lines = informed({}).summary(top=1).splitlines()
        assert "bits open about diagnosis" in lines[0]
        assert any(line.strip().startswith("positive") and "->" in line for line in lines)

    def test_rare_answers_are_counted(self, monkeypatch):
        monkeypatch.setattr("model.next_step.information.N_ANSWERS", 1)
        text = informed({}, candidates=["optic_neuritis"]).summary()
        assert "and 2 rarer answers" in text


class TestMistakes:
    def test_one_patient_at_a_time(self):
        with pytest.raises(EvidenceError, match=r"2 patients given; give one: evidence.select\(0\)"):
            informed([{}, {}])

    def test_an_unknown_target(self):
        with pytest.raises(UnknownNameError, match="did you mean diagnosis"):
            informed({}, target="diagnoses")

    def test_an_unknown_candidate(self):
        with pytest.raises(UnknownNameError, match="did you mean fever"):
            informed({}, candidates=["fevr"])

    def test_the_course_of_an_impossible_ms(self):
        with pytest.raises(EvidenceError, match="multiple sclerosis has probability 0"):
            informed({"ms_course": "not_applicable"}, target="ms_variant")


class TestIntervals:
    @pytest.mark.parametrize("target", [*TARGETS, TREAT])
    def test_they_are_the_quantiles_of_what_each_draw_says_by_itself(self, target):
        findings = {"sex": "male", "fever": "present"}
        by_draw = [
            {one.finding: one.value for one in informed(findings, NETWORK.at_draw(draw), target=target)}
            for draw in range(NETWORK.n_draws)
        ]
        found = informed(findings, target=target, intervals=True)
        assert found.findings == informed(findings, target=target).findings
        for one in found:
            expected = np.quantile([values[one.finding] for values in by_draw], [0.05, 0.95])
            np.testing.assert_allclose(one.interval, expected, rtol=1e-9, atol=1e-12)

    def test_they_are_given_where_they_are_asked_for(self):
        assert {one.interval for one in informed({})} == {None}
        assert "low" not in informed({}).to_frame()
        found = informed({}, intervals=True, candidates=["fever"])
        low, high = found.candidates[0].interval
        assert found.to_frame()[["low", "high"]].drop_duplicates().to_numpy().tolist() == [[low, high]]
        assert f"({low:.3f} to {high:.3f})" in found.summary()
