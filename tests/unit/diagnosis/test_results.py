"""The differential: posteriors by hand, sums over the hierarchy, intervals and ranks over draws, text."""

from __future__ import annotations

import numpy as np
import pytest

from model.diagnosis.differential import posterior
from model.diagnosis.results import Differential
from model.errors import EvidenceError, ImpossibleFindingsError
from model.network.hierarchy import hierarchy
from model.patient.cases import Case
from model.patient.evidence import Evidence, encode
from tests.support.small_network import MS, N_DRAWS, small_network

NETWORK = small_network()
LEAVES = NETWORK.knowledge.leaves
RTOL = 1e-10


def by_hand(tables, *likelihoods):
    """P(leaf | findings): the prior, mixed over regions, times one likelihood per finding, normalised."""
    prior = np.einsum("sr,srd->sd", tables["region"], tables["diagnosis"])
    product = prior * np.prod(likelihoods, axis=0)
    return product / product.sum(axis=-1, keepdims=True)


def made_of(probabilities, knowledge=NETWORK.knowledge) -> Differential:
    """A differential of one patient from P(leaf) in each draw."""
    draws = np.asarray(probabilities, dtype=float)[:, None, :]
    axes = {"ms_course": np.array([[0.5, 0.3, 0.2]]), "ms_variant": np.array([[1.0, 0.0, 0.0]])}
    return Differential(
        draws, axes, np.zeros(draws.shape[:2]), ("A",), (2,), knowledge, "documents", "0" * 64
    )


class TestPosterior:
    def test_no_finding_gives_the_prior(self):
        answer = posterior(NETWORK, encode(NETWORK, {}))
        np.testing.assert_allclose(answer.probabilities[:, 0], by_hand(NETWORK.tables, 1.0), rtol=RTOL)
        assert answer.n_findings == (0,)
        np.testing.assert_allclose(answer.log_evidence, 0, atol=1e-12)

    def test_findings_multiply(self):
        answer = posterior(NETWORK, encode(NETWORK, {"sex": "female", "serum_aqp4_igg": "positive"}))
        t = NETWORK.tables
        expected = by_hand(t, t["sex"][..., 0], t["serum_aqp4_igg"][..., 1])
        np.testing.assert_allclose(answer.probabilities[:, 0], expected, rtol=RTOL)

    def test_a_set_adds_its_states_and_weights_weigh_them(self):
        findings = {"optic_neuritis": "unilateral|bilateral", "fever": {"absent": 1, "present": 3}}
        answer = posterior(NETWORK, encode(NETWORK, findings))
        t = NETWORK.tables
        expected = by_hand(t, t["optic_neuritis"][..., 1:].sum(axis=-1), t["fever"] @ [1, 3])
        np.testing.assert_allclose(answer.probabilities[:, 0], expected, rtol=RTOL)

    def test_an_unknown_protocol_is_averaged_over(self):
        answer = posterior(NETWORK, encode(NETWORK, {"central_vein_sign": "present"}))
        t = NETWORK.tables
        sign = np.einsum("sp,sdp->sd", t["brain_mri_field_strength"], t["central_vein_sign"][..., 1])
        np.testing.assert_allclose(answer.probabilities[:, 0], by_hand(t, sign), rtol=RTOL)

    def test_a_known_protocol_is_used(self):
        answer = posterior(
            NETWORK, encode(NETWORK, {"central_vein_sign": "present", "brain_mri_field_strength": "7T"})
        )
        t = NETWORK.tables
        expected = by_hand(t, t["central_vein_sign"][:, :, 1, 1])
        np.testing.assert_allclose(answer.probabilities[:, 0], expected, rtol=RTOL)

    def test_the_course_depends_on_the_age(self):
        answer = posterior(NETWORK, encode(NETWORK, [{"age_years": 15}, {"age_years": 60}]))
        np.testing.assert_allclose(answer.ms_course, [[0.98, 0.02], [0.6, 0.4]], rtol=RTOL)
        np.testing.assert_allclose(answer.ms_variant, [[0.9, 0.1], [0.9, 0.1]], rtol=RTOL)

    def test_the_headline_is_the_mean_over_draws_and_not_the_answer_at_the_mean(self):
        evidence = encode(NETWORK, {"optic_neuritis": "bilateral", "fever": "present"})
        answer = posterior(NETWORK, evidence)
        np.testing.assert_allclose(answer.mean, answer.probabilities.mean(axis=0), rtol=RTOL)
        assert abs(answer.mean - posterior(NETWORK.at_mean(), evidence).mean).max() > 1e-4

    def test_patients_do_not_influence_each_other(self, monkeypatch):
        patients = [{"sex": "male"}, {}, {"fever": "present", "sex": "female"}, {"age_years": 3}]
        together = posterior(NETWORK, encode(NETWORK, patients)).probabilities
        for i, findings in enumerate(patients):
            alone = posterior(NETWORK, encode(NETWORK, findings)).probabilities[:, 0]
            np.testing.assert_allclose(together[:, i], alone, rtol=RTOL)
        monkeypatch.setattr("model.diagnosis.differential.MAX_CELLS", 1)
        in_pieces = posterior(NETWORK, encode(NETWORK, patients)).probabilities
        np.testing.assert_allclose(in_pieces, together, rtol=RTOL)

    def test_one_patient_can_be_taken_out(self):
        answer = posterior(NETWORK, encode(NETWORK, [{"sex": "male"}, {"fever": "present"}]))
        one = answer.select(1)
        assert (one.ids, one.n_findings, one.n_patients) == (("case_2",), (1,), 1)
        np.testing.assert_array_equal(one.mean, answer.mean[1:])
        np.testing.assert_array_equal(one.ms_course, answer.ms_course[1:])
        assert one.summary() == answer.summary(1)

    def test_impossible_evidence_names_the_smallest_clash(self):
        findings = {"sex": "male", "ms_course": "not_applicable", "fever": "present", "ms_variant": "classic"}
        with pytest.raises(ImpossibleFindingsError) as caught:
            posterior(NETWORK, encode(NETWORK, [{"sex": "male"}, {"id": "B", "findings": findings}]))
        assert str(caught.value) == (
            "case B: no diagnosis allows ms_course = not_applicable, ms_variant = classic together; "
            "correct or remove one"
        )

    def test_evidence_of_another_network_is_refused(self):
        evidence = Evidence({"sex": np.ones((1, 3))}, (Case("A", {"sex": "male"}),))
        with pytest.raises(EvidenceError, match="finding sex: encoded for another network"):
            posterior(NETWORK, evidence)


class TestHierarchy:
    @pytest.mark.parametrize("by", ["leaf", "row", "group"])
    def test_every_leaf_belongs_to_one_diagnosis_of_a_level(self, by):
        np.testing.assert_array_equal(hierarchy(NETWORK.knowledge, by).membership.sum(axis=1), 1)

    def test_rows_and_groups_add_up_their_leaves(self):
        answer = made_of([[0.1, 0.2, 0.3, 0.05, 0.25, 0.1]])
        assert answer.names("row") == ("cns_lymphoma", "nmosd", "susac_syndrome", MS, "other")
        np.testing.assert_allclose(answer.mean_by("row"), [[0.1 + 0.2, 0.3, 0.05, 0.25, 0.1]])
        assert answer.names("group") == ("neoplastic", "demyelinating", "inflammatory", "other")
        np.testing.assert_allclose(answer.mean_by("group"), [[0.3, 0.3 + 0.25, 0.05, 0.1]])
        np.testing.assert_allclose(answer.draws("row").mean(axis=0), answer.mean_by("row"))

    def test_an_unknown_level_is_refused(self):
        with pytest.raises(EvidenceError, match="did you mean leaf"):
            hierarchy(NETWORK.knowledge, "leafs")


class TestDraws:
    def test_intervals_are_quantiles_over_draws(self):
        share = np.linspace(0, 1, 11)  # its 5 % and 95 % quantiles are 0.05 and 0.95
        answer = made_of(np.stack([share, 1 - share, *[0 * share] * 4], axis=1))
        np.testing.assert_allclose(answer.interval(0.9, "leaf")[:, 0, 0], [0.05, 0.95])
        np.testing.assert_allclose(answer.interval(0.5, "leaf")[:, 0, 1], [0.25, 0.75])
        np.testing.assert_allclose(answer.interval(0.9, "row")[:, 0, 0], [1, 1])

    def test_wider_levels_give_wider_intervals_around_the_median(self):
        answer = posterior(NETWORK, encode(NETWORK, {"optic_neuritis": "bilateral"}))
        low50, high50 = answer.interval(0.5)
        low95, high95 = answer.interval(0.95)
        assert (low95 <= low50).all()
        assert (high50 <= high95).all()
        assert (high95 > low95).any()

    def test_rank_stability_counts_draws(self):
        answer = made_of([[0.5, 0.4, 0.1, 0, 0, 0], [0.3, 0.6, 0.1, 0, 0, 0], [0.2, 0.5, 0.3, 0, 0, 0]])
        np.testing.assert_allclose(answer.p_top(1, "leaf"), [[1 / 3, 2 / 3, 0, 0, 0, 0]])
        np.testing.assert_allclose(answer.p_top(2, "leaf"), [[2 / 3, 1, 1 / 3, 0, 0, 0]])
        np.testing.assert_allclose(answer.p_top(1, "row"), [[1, 0, 0, 0, 0]])

    def test_equal_probabilities_share_the_places_that_they_fill(self):
        rounded = np.nextafter(0.25, 1)
        answer = made_of([[0.25, rounded, 0.25, 0.25, 0, 0], [0.4, 0.2, 0.2, 0.2, 0, 0]])
        np.testing.assert_allclose(answer.p_top(1, "leaf"), [[0.625, 0.125, 0.125, 0.125, 0, 0]])
        np.testing.assert_allclose(answer.p_top(2, "leaf"), [[0.75, *[5 / 12] * 3, 0, 0]])

    @pytest.mark.parametrize("k", [1, 2, 3])
    def test_rank_stability_sums_to_k(self, k):
        answer = posterior(NETWORK, encode(NETWORK, [{"sex": "male"}, {"fever": "present"}]))
        np.testing.assert_allclose(answer.p_top(k).sum(axis=1), k)

    def test_one_draw_has_no_intervals_and_says_so(self):
        answer = posterior(NETWORK.at_mean(), encode(NETWORK, {"sex": "male"}))
        assert answer.interval() is None
        assert answer.p_top() is None
        assert "one set of parameters, so no intervals" in answer.summary()
        assert "low" not in answer.to_frame()

    @pytest.mark.parametrize("level", [0, 1, 90, -0.1, float("nan")])
    def test_an_interval_needs_a_level_between_0_and_1(self, level):
        with pytest.raises(EvidenceError, match="numbers between 0 and 1"):
            made_of([[1, 0, 0, 0, 0, 0]] * 2).interval(level)


class TestMultipleSclerosis:
    def test_course_and_variant_are_conditional_on_ms(self):
        answer = made_of([[0, 0, 0, 0, 0.5, 0.5]])
        np.testing.assert_allclose(answer.ms_course, [[0.6, 0.4]])
        assert answer.ms("ms_course") == pytest.approx(
            {"relapsing_remitting": 0.6, "primary_progressive": 0.4}
        )

    def test_without_ms_there_is_no_variant(self):
        answer = made_of([[0, 0, 0, 0, 0.5, 0.5]])
        assert answer.ms("ms_variant") is None
        with pytest.raises(EvidenceError, match="case A, ms_variant: multiple sclerosis has probability 0"):
            _ = answer.ms_variant


class TestText:
    def test_the_frame_has_a_line_per_patient_and_diagnosis_most_probable_first(self):
        frame = posterior(
            NETWORK, encode(NETWORK, [{"sex": "male"}, {"serum_aqp4_igg": "positive"}])
        ).to_frame()
        assert list(frame["case"].unique()) == ["case_1", "case_2"]
        assert list(frame.columns) == [
            "case", "diagnosis", "label", "probability", "low", "high", "p_top1", "p_top3",
        ]  # fmt: skip
        for _, patient in frame.groupby("case"):
            assert patient["probability"].is_monotonic_decreasing
            assert patient["probability"].sum() == pytest.approx(1)
        assert frame[frame["case"] == "case_2"]["diagnosis"].iloc[0] == "nmosd"

    def test_the_summary_answers_in_a_few_lines(self):
        answer = posterior(NETWORK, encode(NETWORK, {"serum_aqp4_igg": "positive"}))
        lines = answer.summary(top=2).splitlines()
        expected = f"Case case_1: 1 finding; mean over {N_DRAWS} parameter draws (setting documents)"
        assert lines[0] == expected
        assert "90 % interval" in lines[1]
        assert lines[2].startswith("Neuromyelitis optica spectrum disorder")
        assert lines[-1].startswith("3 further diagnoses")

    def test_an_answer_without_findings_is_called_the_prior(self):
        assert "no finding given, so this is the prior" in repr(posterior(NETWORK, encode(NETWORK, {})))

    def test_the_repr_of_many_patients_stays_short(self):
        text = repr(posterior(NETWORK, encode(NETWORK, [{}] * 50)))
        assert text.endswith("... and 49 further patients: summary(1) has the next")
        assert len(text.splitlines()) < 25
