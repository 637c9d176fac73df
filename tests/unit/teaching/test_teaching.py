"""Commit, then compare: what is revealed when, and how a learner is told how far off he was."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Case, encode, feedback, load_network, posterior, simulated_case, stages
from model.errors import EvidenceError, UnknownNameError
from model.teaching.lesson import LEAST, bits_apart, completed

NETWORK = load_network()
KNOWLEDGE = NETWORK.knowledge
CASE = Case(
    "T",
    {
        "region": "northern_europe",
        "age_years": 39,
        "fever": "absent",
        "pvs_pattern": "present",
        "serum_aqp4_igg": "positive",
        "csf_white_cell_count": None,
    },
    truth="nmosd",
    confirmatory=("serum_aqp4_igg",),
)
N = len(KNOWLEDGE.rows)


class TestStages:
    def test_findings_come_order_by_order_and_the_proof_comes_last(self):
        found = stages(NETWORK, CASE)
        assert [(stage.order, list(stage.new)) for stage in found] == [
            ("", []),
            ("history", ["region", "age_years"]),
            ("examination", ["fever"]),
            ("brain_mri", ["pvs_pattern"]),
            ("blood_tests", ["serum_aqp4_igg"]),
        ]
        assert found[0].known == {}
        assert set(found[-1].known) == set(CASE.findings) - {"csf_white_cell_count"}

    def test_every_stage_is_the_answer_to_what_is_known_then(self):
        for stage in stages(NETWORK, CASE):
            answer = posterior(NETWORK, encode(NETWORK, dict(stage.known)))
            np.testing.assert_allclose(stage.probabilities, answer.mean_by("row")[0], rtol=1e-10)

    def test_what_is_wished_for_comes_next_where_the_case_has_it(self):
        def orders(*wishes, **more):
            return [stage.order for stage in stages(NETWORK, CASE, wishes=wishes, **more)[1:]]

        assert orders("brain_mri") == ["brain_mri", "history", "examination", "blood_tests"]
        assert orders("stop", "audiometry", "brain_mri")[:3] == ["history", "examination", "brain_mri"]
        assert orders("blood_tests")[0] == "blood_tests"  # it gives nothing but the proof
        assert orders(*["brain_mri"] * 9) == orders("brain_mri")
        assert orders("brain_mri", backwards=True) == ["examination", "history", "brain_mri", "blood_tests"]

    def test_all_is_known_in_the_end_whatever_was_wished_for(self):
        usual, wished = (
            stages(NETWORK, CASE)[-1],
            stages(NETWORK, CASE, wishes=("blood_tests", "brain_mri"))[-1],
        )
        assert dict(usual.known) == dict(wished.known)
        np.testing.assert_allclose(usual.probabilities, wished.probabilities, rtol=1e-10)

    def test_the_proof_can_be_kept_back(self):
        assert "serum_aqp4_igg" not in stages(NETWORK, CASE, confirmatory=False)[-1].known


class TestCompleted:
    @given(
        st.dictionaries(st.sampled_from(KNOWLEDGE.rows), st.floats(0, 1e6), min_size=1).filter(
            lambda shares: sum(shares.values()) > 0
        )
    )
    def test_it_is_a_distribution_in_the_proportions_given(self, shares):
        p = completed(shares, KNOWLEDGE)
        assert p.sum() == pytest.approx(1)
        assert p.min() >= LEAST * (1 - 1e-9)
        top = max(shares.values())
        sizes = {row: share / top for row, share in shares.items()}
        kept = [p[KNOWLEDGE.rows.index(row)] / size for row, size in sizes.items() if size > N * LEAST]
        assert kept == pytest.approx([kept[0]] * len(kept))

    def test_a_learner_who_says_what_the_model_says_is_not_apart(self):
        p = posterior(NETWORK, encode(NETWORK, {"fever": "present"})).mean_by("row")[0]
        learner = completed(dict(zip(KNOWLEDGE.rows, p, strict=True)), KNOWLEDGE)
        assert feedback(KNOWLEDGE, learner, p).bits_apart == pytest.approx(0, abs=1e-12)

    @pytest.mark.parametrize(
        ("shares", "error"),
        [
            ({"nmosx": 1}, UnknownNameError),
            ({"nmosd": -1}, EvidenceError),
            ({"nmosd": math.inf}, EvidenceError),
            ({"nmosd": 0}, EvidenceError),
            ({}, EvidenceError),
        ],
    )
    def test_what_is_no_share_is_refused(self, shares, error):
        with pytest.raises(error):
            completed(shares, KNOWLEDGE)


class TestFeedback:
    def test_a_learner_who_agrees_is_not_apart(self):
        p = np.full(N, 1 / N)
        found = feedback(KNOWLEDGE, p, p, before=(p, p), truth="nmosd")
        assert (found.bits_apart, found.share_apart) == (0.0, 0.0)
        assert found.learner_log_score == found.model_log_score == pytest.approx(-math.log(N))
        assert all(one.learner == one.model == 0 for one in found.moved)

    def test_the_distances_by_hand(self):
        p, q = np.full(N, 0.5 / (N - 1)), np.full(N, 1 / N)
        p[0] = 0.5
        found = feedback(KNOWLEDGE, q, p)
        assert found.bits_apart == pytest.approx(0.5 * math.log2(N / 2) + 0.5 * math.log2(N / 2 / (N - 1)))
        assert found.share_apart == pytest.approx(0.5 - 1 / N)
        assert found.learner_log_score is None

    @given(st.integers(0, 2**32 - 1))
    def test_the_divergence_is_never_negative(self, seed):
        p, q = np.random.default_rng(seed).dirichlet(np.ones(N), size=2)
        assert bits_apart(p, q) >= -1e-12

    def test_the_log_score_is_proper(self):
        """Nobody gains, on average over what the model believes, by saying other than the model does."""
        p = posterior(NETWORK, encode(NETWORK, {"fever": "present"})).mean_by("row")[0]
        rng = np.random.default_rng(5)
        honest = sum(
            p[i] * feedback(KNOWLEDGE, p, p, truth=row).learner_log_score
            for i, row in enumerate(KNOWLEDGE.rows)
        )
        for _ in range(20):
            q = 0.8 * p + 0.2 * rng.dirichlet(np.ones(N))
            other = sum(
                p[i] * feedback(KNOWLEDGE, q, p, truth=row).learner_log_score
                for i, row in enumerate(KNOWLEDGE.rows)
            )
            assert other < honest

    def test_direction_and_size_of_the_evidence_are_told(self):
        then, now = np.full(N, 0.5 / (N - 1)), np.full(N, 0.1 / (N - 1))
        then[2], now[2] = 0.5, 0.9
        wrong = np.full(N, 0.9 / (N - 1))
        wrong[2] = 0.1
        found = feedback(KNOWLEDGE, wrong, now, before=(then, then))
        first = found.moved[0]
        assert first.row == KNOWLEDGE.rows[2]
        assert first.model == pytest.approx(math.log10(9))
        assert first.learner == pytest.approx(-math.log10(9))
        assert not first.is_right_way


class TestSimulatedCase:
    @pytest.mark.parametrize("difficulty", [0.0, 0.5, 0.95])
    def test_a_patient_is_as_difficult_as_was_asked(self, difficulty):
        case = simulated_case(NETWORK, seed=3, difficulty=difficulty)
        mean = NETWORK.at_mean()
        p = posterior(mean, encode(mean, case)).mean_by("row")[0]
        truth = KNOWLEDGE.rows.index(KNOWLEDGE.row(case.truth))
        assert 1 - p[truth] == pytest.approx(difficulty, abs=0.12)
        assert len(case.findings) <= 12

    def test_the_same_seed_gives_the_same_patient(self):
        one, two = (simulated_case(NETWORK, seed=8, difficulty=0.4) for _ in range(2))
        assert one == two
        assert one != simulated_case(NETWORK, seed=9, difficulty=0.4)

    def test_a_difficulty_outside_is_refused(self):
        with pytest.raises(EvidenceError, match="allowed is 0 to 1"):
            simulated_case(NETWORK, seed=1, difficulty=2)
