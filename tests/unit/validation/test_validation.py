"""Scores: hand-computed totals, baselines and intervals, and truths that do not exist."""

from __future__ import annotations

import numpy as np
import pytest

from model.diagnosis.differential import posterior
from model.errors import EvidenceError, UnknownNameError
from model.patient.cases import Case
from model.patient.evidence import encode
from model.validation.baseline import LEFT_FOR_OTHER_STATES, READING, naive_bayes, symbol_tables
from model.validation.score import N_AT_A_TIME, in_top, rank, score, totals, wilson
from tests.support.small_network import small_network

NETWORK = small_network()
ROWS = NETWORK.knowledge.rows
CASES = [
    Case(
        "A", {"sex": "female", "serum_aqp4_igg": "positive"}, truth="nmosd", confirmatory=("serum_aqp4_igg",)
    ),
    Case("B", {"pvs_pattern": "present", "enhancement_pattern": "miliary"}, truth="primary_cns_lymphoma"),
    Case("C", {"fever": "present"}),
]


class TestScore:
    def test_every_case_is_listed_and_those_with_a_truth_are_scored(self):
        found = score(NETWORK, CASES)
        assert [case.id for case in found.cases] == ["A", "B", "C"]
        assert found.totals.n == 2
        assert found.cases[2].rank is None
        assert "1 case without truth not scored" in found.summary()

    def test_cases_carry_the_headline_posterior(self):
        found = score(NETWORK, CASES)
        answer = posterior(NETWORK, encode(NETWORK, CASES))
        for i, case in enumerate(found.cases):
            expected = dict(zip(answer.names("leaf"), answer.mean[i], strict=True))
            assert case.posterior == pytest.approx(expected, rel=1e-10)
            assert list(case.rows.values()) == sorted(case.rows.values(), reverse=True)
            assert sum(case.rows.values()) == pytest.approx(1)
            assert case.ms_course == pytest.approx(answer.ms("ms_course", i))

    def test_totals_are_those_of_the_rows_of_the_truths(self):
        found = score(NETWORK, CASES)
        p = [found.cases[0].rows["nmosd"], found.cases[1].rows["cns_lymphoma"]]
        np.testing.assert_allclose(found.totals.log_score, np.mean(np.log(p)), rtol=1e-10)
        brier = [
            (1 - case.rows[truth]) ** 2 + sum(q**2 for row, q in case.rows.items() if row != truth)
            for case, truth in zip(found.cases, ("nmosd", "cns_lymphoma"), strict=False)
        ]
        np.testing.assert_allclose(found.totals.brier, np.mean(brier), rtol=1e-10)
        assert (found.totals.top1, found.totals.top3) == (1.0, 1.0)
        assert [case.rank for case in found.cases[:2]] == [1, 1]

    def test_masking_takes_the_confirmatory_findings_away(self):
        open_, masked = score(NETWORK, CASES), score(NETWORK, CASES, mask_confirmatory=True)
        assert masked.cases[0].rows["nmosd"] < open_.cases[0].rows["nmosd"]
        assert masked.cases[1].rows == pytest.approx(open_.cases[1].rows, rel=1e-10)
        assert "confirmatory findings masked" in masked.summary()

    def test_the_prior_alone_is_a_baseline(self):
        t = NETWORK.tables
        prior = np.einsum("sr,srd->sd", t["region"], t["diagnosis"]).mean(axis=0)
        expected = np.mean([np.log(prior[2]), np.log(prior[0] + prior[1])])
        np.testing.assert_allclose(score(NETWORK, CASES).baselines["prior"].log_score, expected, rtol=1e-10)

    def test_many_cases_are_answered_in_groups(self):
        cases = [Case(str(i), {"age_years": i % 100}, truth="other") for i in range(2 * N_AT_A_TIME + 1)]
        seen = []
        found = score(NETWORK, cases, progress=lambda groups: seen.extend(groups) or groups)
        assert len(seen) == 3
        assert [case.id for case in found.cases] == [case.id for case in cases]
        alone = score(NETWORK, cases[-1:]).cases[0]
        assert found.cases[-1].rows == pytest.approx(alone.rows, rel=1e-10)

    def test_the_frame_has_a_line_per_case(self):
        frame = score(NETWORK, CASES).to_frame()
        assert list(frame["case"]) == ["A", "B", "C"]
        assert list(frame["leader"])[:2] == ["nmosd", "cns_lymphoma"]


class TestBaseline:
    def test_symbols_are_read_by_the_fixed_reading(self):
        [table] = symbol_tables(NETWORK.knowledge).values()
        plus, rare, minus = READING["+"], READING["rare"], READING["-"]
        by_row = dict(zip(ROWS, table[:, 1], strict=True))
        assert by_row["cns_lymphoma"] == pytest.approx(plus)
        assert by_row["nmosd"] == pytest.approx(rare)
        assert by_row["susac_syndrome"] == pytest.approx(minus)
        assert by_row["other"] == pytest.approx((plus + rare + minus) / 3)
        assert READING["+"] + LEFT_FOR_OTHER_STATES < 1

    def test_naive_bayes_starts_uniform_and_multiplies(self):
        evidence = encode(NETWORK, [{"pvs_pattern": "present", "fever": "present"}, {"fever": "present"}])
        p = naive_bayes(NETWORK.knowledge, evidence)
        weights = np.array([0.8, 0.1, 0.05, 0.95 / 3, 0.95 / 3])
        np.testing.assert_allclose(p[0], weights / weights.sum(), rtol=1e-10)
        np.testing.assert_allclose(p[1], 1 / 5, rtol=1e-10)


class TestTotals:
    def test_ranks_count_those_that_are_more_probable(self):
        assert [rank(np.array([0.2, 0.5, 0.3]), i) for i in range(3)] == [3, 1, 2]
        assert rank(np.array([0.4, 0.4, 0.2]), 1) == 1

    def test_ties_are_broken_evenly(self):
        assert [in_top(np.array([0.4, 0.4, 0.1, 0.1]), 1, k) for k in (1, 2, 3)] == [0.5, 1, 1]
        assert [in_top(np.array([0.4, 0.4, 0.1, 0.1]), 2, k) for k in (1, 2, 3)] == [0, 0, 0.5]
        nothing = totals(np.full((3, 5), 0.2), np.array([0, 1, 4]))
        assert (nothing.top1, nothing.top3) == pytest.approx((1 / 5, 3 / 5))

    def test_certainty_in_the_truth_is_perfect(self):
        perfect = totals(np.eye(4), np.arange(4))
        assert (perfect.top1, perfect.log_score, perfect.brier) == (1, 0, 0)

    def test_knowing_nothing_scores_the_log_of_the_number_of_rows(self):
        nothing = totals(np.full((3, 5), 0.2), np.array([0, 1, 4]))
        assert nothing.log_score == pytest.approx(-np.log(5))
        assert nothing.brier == pytest.approx(0.8**2 + 4 * 0.2**2)

    @pytest.mark.parametrize(
        ("k", "n", "low", "high"),
        # From the formula: 0 of n gives an upper bound of z^2 / (n + z^2), n of n mirrors it.
        [(0, 10, 0.0, 3.841458820694124 / 13.841458820694124), (10, 10, 10 / 13.841458820694124, 1.0)],
    )
    def test_wilson_intervals_at_the_ends(self, k, n, low, high):
        assert wilson(k, n) == pytest.approx((low, high), abs=1e-12)

    def test_wilson_contains_the_share(self):
        for k in range(8):
            low, high = wilson(k, 7)
            assert low <= k / 7 <= high


class TestMistakes:
    def test_an_unknown_truth_names_the_nearest(self):
        expected = "case A, truth: unknown diagnosis nmsod; did you mean nmosd"
        with pytest.raises(UnknownNameError, match=expected):
            score(NETWORK, [Case("A", truth="nmsod")])

    def test_unknown_axes_and_confirmatory_findings(self):
        case = Case("A", truth="nmosd", ms_course="relapsing", ms_variant="x", confirmatory=("fevr",))
        with pytest.raises(UnknownNameError) as caught:
            score(NETWORK, [case])
        assert [line.split(":")[0] for line in caught.value.problems] == [
            "case A, ms_course",
            "case A, ms_variant",
            "case A, confirmatory",
        ]

    @pytest.mark.parametrize(
        "truth", ["cns_lymphoma", "secondary_cns_lymphoma", "multiple_sclerosis", "other"]
    )
    def test_rows_leaves_ms_and_other_are_truths(self, truth):
        assert score(NETWORK, [Case("A", truth=truth)]).totals.n == 1

    def test_no_truth_at_all(self):
        with pytest.raises(EvidenceError, match="none has a truth"):
            score(NETWORK, [Case("A")])

    def test_a_truth_that_the_findings_rule_out(self):
        with pytest.raises(EvidenceError, match="case A: the findings rule out its truth"):
            score(NETWORK, [Case("A", {"ms_course": "relapsing_remitting"}, truth="nmosd")])
