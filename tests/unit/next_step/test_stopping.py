"""Stop rule: same-decision probability against enumeration; results that would make a biopsy unnecessary."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from model.diagnosis.differential import posterior
from model.errors import EvidenceError, UnknownNameError
from model.next_step.order import findings_by_order, information_of_orders
from model.next_step.stopping import biopsy_avoidance, same_decision, share_error
from model.patient.evidence import encode
from tests.support.small_network import small_network
from tests.support.text import flat

NETWORK = small_network()
MEAN = NETWORK.at_mean()
RTOL = 1e-10
STANDARD_ERRORS = 4
KNOWN = {
    "enhancement_pattern": "ring",
    "fever": "absent",
    "age_years": 30,
    "region": "south",
    "pvs_pattern": "absent",
}


def asked(question, findings, network=MEAN, **keywords):
    """A question about one patient."""
    return question(network, encode(network, findings), **keywords)


def rows_of_all_patterns(known, findings):
    """P(pattern | known) and P(row | known, pattern) by asking for one posterior after the other."""
    states = list(product(*(MEAN.states[name] for name in findings)))
    found = posterior(
        MEAN, encode(MEAN, [known | dict(zip(findings, pattern, strict=True)) for pattern in states])
    )
    log_p = found.log_evidence[0] - posterior(MEAN, encode(MEAN, known)).log_evidence[0, 0]
    return np.exp(log_p), found.mean_by("row")


class TestSameDecision:
    def test_equals_one_posterior_after_the_other(self):
        found = asked(same_decision, KNOWN)
        names = [n for names in findings_by_order(MEAN, encode(MEAN, KNOWN)).values() for n in names]
        p, rows = rows_of_all_patterns(KNOWN, names)
        leader = posterior(MEAN, encode(MEAN, KNOWN)).mean_by("row")[0].argmax()
        np.testing.assert_allclose(found.probability, p[rows.argmax(axis=1) == leader].sum(), rtol=RTOL)
        assert found.standard_error is None
        assert found.n_findings == len(names)
        assert 0 < found.probability < 1

    def test_drawn_agrees_with_exact(self):
        exact = asked(same_decision, KNOWN, NETWORK)
        rough = asked(same_decision, KNOWN, NETWORK, exact_limit=0, samples=4000)
        assert abs(rough.probability - exact.probability) <= STANDARD_ERRORS * rough.standard_error
        assert exact.would_lead.keys() >= rough.would_lead.keys()

    def test_who_would_lead_adds_up_to_one(self):
        found = asked(same_decision, {})
        np.testing.assert_allclose(sum(found.would_lead.values()), 1, rtol=RTOL)
        assert found.would_lead[found.leader] == found.probability

    def test_with_nothing_left_the_leader_stays(self):
        found = asked(same_decision, {"serum_aqp4_igg": "positive"}, orders=["blood_tests"])
        assert (found.probability, found.standard_error, found.n_findings) == (1.0, None, 0)
        assert found.leader == "nmosd"

    def test_a_positive_antibody_is_harder_to_turn_than_a_negative_one(self):
        positive, negative = (
            asked(same_decision, {"serum_aqp4_igg": s, "optic_neuritis": "bilateral"})
            for s in ("positive", "negative")
        )
        assert positive.probability > negative.probability

    def test_the_summary_says_who_else(self):
        text = flat(str(asked(same_decision, KNOWN)))
        assert "would still lead with probability" in text
        assert "Otherwise: " in text


class TestBiopsyAvoidance:
    def test_orders_equal_one_posterior_after_the_other(self):
        found = asked(biopsy_avoidance, {}, threshold=0.7)
        for order in found.orders:
            names = findings_by_order(MEAN, encode(MEAN, {}))[order.order]
            if order.order == "brain_mri":
                continue  # its patterns exclude each other; `test_order` covers that
            p, rows = rows_of_all_patterns({}, names)
            settles = rows[:, :-1].max(axis=1) >= 0.7
            np.testing.assert_allclose(order.probability, p[settles].sum(), rtol=RTOL, atol=1e-15)
            assert all(pattern.after[:-1].max() >= 0.7 for pattern in order.patterns)

    def test_single_results_reach_the_threshold(self):
        found = asked(biopsy_avoidance, {}, threshold=0.8)
        assert [(r.finding, r.state, r.row) for r in found.results] == [
            ("serum_aqp4_igg", "positive", "nmosd")
        ]
        after = posterior(MEAN, encode(MEAN, {"serum_aqp4_igg": "positive"})).mean_by("row")[0]
        np.testing.assert_allclose(found.results[0].row_p, after.max(), rtol=RTOL)

    def test_a_row_that_is_no_disease_does_not_count(self):
        # "other" is the likeliest row with fever; at a threshold below it no order may settle the matter by it.
        found = asked(biopsy_avoidance, {"fever": "present"}, threshold=0.3, orders=["history"])
        assert all(pattern.after[:-1].max() >= 0.3 for order in found.orders for pattern in order.patterns)

    def test_it_says_when_the_threshold_is_reached(self):
        assert asked(biopsy_avoidance, {"serum_aqp4_igg": "positive"}, threshold=0.8).is_unnecessary
        assert not (found := asked(biopsy_avoidance, {}, threshold=0.999, orders=["history"])).is_unnecessary
        assert "No order could reach it alone." in found.summary()

    def test_drawn_agrees_with_exact(self):
        exact = {o.order: o.probability for o in asked(biopsy_avoidance, {}, threshold=0.7).orders}
        for order in asked(biopsy_avoidance, {}, threshold=0.7, exact_limit=0, samples=4000).orders:
            assert abs(order.probability - exact[order.order]) <= STANDARD_ERRORS * order.standard_error


class TestMistakes:
    def test_an_unknown_order(self):
        with pytest.raises(UnknownNameError, match="did you mean brain_mri"):
            asked(same_decision, {}, orders=["brain_mr"])

    @pytest.mark.parametrize("threshold", [0, 1, float("nan")])
    def test_a_threshold_out_of_range(self, threshold):
        with pytest.raises(EvidenceError, match="between 0 and 1"):
            asked(biopsy_avoidance, {}, threshold=threshold)

    def test_one_sample(self):
        with pytest.raises(EvidenceError, match="at least 2"):
            asked(same_decision, {}, samples=1)


def test_asking_stops_where_nothing_more_is_to_be_learnt():
    findings = {
        name: states[0] for name, states in MEAN.states.items() if name in MEAN.knowledge.of_role("finding")
    }
    findings |= {"region": "north"}
    assert asked(same_decision, findings).probability == 1.0
    assert len(asked(information_of_orders, findings)) == 0


def test_the_error_of_a_share_matches_the_binomial():
    np.testing.assert_allclose(share_error(0.3, 10_000), np.sqrt(0.3 * 0.7 / 10_000), rtol=1e-3)
