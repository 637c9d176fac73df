"""What is said of a patient becomes likelihood vectors, or one clear line for every problem."""

from __future__ import annotations

import math

import numpy as np
import pytest

from model.errors import ContradictionError, EvidenceError, MilletError, UnknownNameError
from model.patient.cases import Case
from model.patient.evidence import encode
from tests.support.small_network import small_network

NETWORK = small_network()


def row(findings, name):
    """Weights of one finding of one patient."""
    return encode(NETWORK, findings).likelihoods[name][0].tolist()


def message(findings, kind: type[MilletError] = EvidenceError) -> str:
    """The message of the error that the findings of a case H001 give, which is of exactly this kind."""
    with pytest.raises(kind) as caught:
        encode(NETWORK, Case("H001", findings))
    assert type(caught.value) is kind
    return str(caught.value)


class TestForms:
    def test_a_state_is_a_one_hot_vector(self):
        assert row({"sex": "male"}, "sex") == [0, 1]

    @pytest.mark.parametrize(
        "value",
        [
            "unilateral|bilateral",
            " unilateral | bilateral ",
            ["bilateral", "unilateral"],
            ("unilateral", "bilateral"),
            {"unilateral", "bilateral"},
            ["unilateral", "bilateral", "bilateral"],
            {"absent": 0, "unilateral": 2, "bilateral": 2.0},
            np.array(["bilateral", "unilateral"]),
            {"absent": 0, "unilateral": 1e300, "bilateral": 1e300},
        ],
    )
    def test_a_set_can_be_written_in_many_ways(self, value):
        assert row({"optic_neuritis": value}, "optic_neuritis") == [0, 1, 1]

    def test_weights_are_scaled_to_a_largest_of_one(self):
        assert row({"optic_neuritis": {"absent": 1, "unilateral": 4, "bilateral": 0}}, "optic_neuritis") == [
            0.25,
            1,
            0,
        ]

    def test_tiny_weights_keep_their_ratio(self):
        assert row({"sex": {"female": 1e-300, "male": 2e-300}}, "sex") == [0.5, 1]

    @pytest.mark.parametrize(
        ("age", "index"),
        [
            (0, 0),
            (3.75, 0),
            (19.999, 0),
            (20, 1),
            ("39", 1),
            (np.int64(49), 1),
            (50, 2),
            (120, 2),
            (120.0, 2),
        ],
    )
    def test_an_age_falls_into_its_bin(self, age, index):
        assert row({"age_years": age}, "age_years") == np.eye(3)[index].tolist()

    def test_age_bins_can_be_named(self):
        assert row({"age_years": "age_0_20|age_20_50"}, "age_years") == [1, 1, 0]

    def test_not_assessed_is_no_vector(self):
        assert encode(NETWORK, {"fever": None, "sex": "male"}).likelihoods.keys() == {"sex"}

    def test_a_protocol_and_an_ms_axis_can_be_given(self):
        assert row({"brain_mri_field_strength": "7T"}, "brain_mri_field_strength") == [0, 1]
        assert row({"ms_course": "relapsing_remitting"}, "ms_course") == [0, 1, 0]


class TestPatients:
    def test_patients_not_assessed_for_a_finding_have_ones(self):
        evidence = encode(NETWORK, [{"sex": "male"}, {"fever": "present"}, {}])
        assert evidence.likelihoods["sex"].tolist() == [[0, 1], [1, 1], [1, 1]]
        assert evidence.likelihoods["fever"].tolist() == [[1, 1], [0, 1], [1, 1]]
        assert evidence.ids == ("case_1", "case_2", "case_3")

    def test_cases_mappings_and_case_mappings_may_be_mixed(self):
        mixed = [Case("A", {"sex": "male"}), {"sex": "male"}, {"id": "C", "findings": {"sex": "male"}}]
        assert encode(NETWORK, mixed).ids == ("A", "case_2", "C")

    def test_no_finding_is_no_error(self):
        evidence = encode(NETWORK, {})
        assert (evidence.n_patients, dict(evidence.likelihoods)) == (1, {})

    def test_no_patient_is_an_error(self):
        with pytest.raises(EvidenceError, match="none given"):
            encode(NETWORK, [])

    def test_two_cases_with_one_id_are_an_error(self):
        with pytest.raises(MilletError, match="case A: 2 cases have this id"):
            encode(NETWORK, [Case("A"), Case("A")])

    def test_observed_lists_findings_that_say_something_in_the_order_of_the_case(self):
        findings = {"sex": "male", "fever": None, "pvs_pattern": "absent|present", "age_years": 3}
        evidence = encode(NETWORK, findings)
        assert evidence.observed() == ("sex", "age_years")
        assert evidence.n_observed.tolist() == [2]

    def test_select_keeps_the_chosen_patients(self):
        evidence = encode(NETWORK, [{"sex": "male"}, {"fever": "present"}])
        assert evidence.select(1).likelihoods.keys() == {"fever"}
        assert evidence.select([1, 0]).ids == ("case_2", "case_1")
        assert evidence.select(slice(0, 1)).likelihoods["sex"].tolist() == [[0, 1]]

    def test_variants_know_some_findings_only(self):
        evidence = encode(NETWORK, {"sex": "male", "fever": "present"})
        variants = evidence.with_only(np.array([[True, False], [False, True]]), ("sex", "fever"))
        assert variants.likelihoods["sex"].tolist() == [[0, 1], [1, 1]]
        assert variants.likelihoods["fever"].tolist() == [[1, 1], [0, 1]]

    def test_evidence_cannot_be_changed(self):
        with pytest.raises(TypeError):
            encode(NETWORK, {"sex": "male"}).likelihoods["fever"] = np.ones((1, 2))


class TestMistakes:
    def test_a_misspelt_finding_names_the_nearest(self):
        expected = "case H001, finding pvs_patern: unknown finding; did you mean pvs_pattern?"
        assert message({"pvs_patern": "present"}, UnknownNameError) == expected

    def test_a_synonym_or_label_names_the_identifier(self):
        assert "did you mean sex?" in message({"gender": "male"}, UnknownNameError)
        assert "did you mean pvs_pattern?" in message({"Virchow Robin": "present"}, UnknownNameError)

    def test_a_misspelt_state_names_the_nearest(self):
        expected = "case H001, finding sex: unknown state femal; did you mean female?"
        assert message({"sex": "femal"}, UnknownNameError) == expected

    def test_a_strange_state_names_those_allowed(self):
        expected = "case H001, finding sex: unknown state x; allowed: female, male"
        assert message({"sex": "x"}, UnknownNameError) == expected

    @pytest.mark.parametrize(
        "age",
        [
            -3,
            200,
            120.5,
            math.nan,
            math.inf,
            -math.inf,
            "nan",
            "abc",
            "",
            True,
            False,
            10**400,
            [39],
            "39|40",
        ],
    )
    def test_an_age_outside_0_to_120_is_refused(self, age):
        with pytest.raises(EvidenceError, match="case H001, finding age_years"):
            encode(NETWORK, Case("H001", {"age_years": age}))

    @pytest.mark.parametrize("age", [-3, 200, math.nan, "abc", True])
    def test_the_message_says_which_ages_are_allowed(self, age):
        found = message({"age_years": age})
        assert found.endswith("allowed is an age in years from 0 to 120")
        assert repr(age) in found

    @pytest.mark.parametrize("value", [1, 2.5, True, [["male"]], [None], [1], b"male", object()])
    def test_a_value_of_the_wrong_type_names_the_states(self, value):
        assert "allowed: female, male" in message({"sex": value})

    def test_no_possible_state_is_refused(self):
        assert "no state is left possible" in message({"sex": []})

    @pytest.mark.parametrize("weight", [-1, math.nan, math.inf, True, "2", None, [1], 10**400])
    def test_weights_are_finite_and_not_negative(self, weight):
        found = message({"sex": {"male": weight}})
        assert "weight of male" in found
        assert "finite numbers from 0" in found

    def test_some_weight_is_above_zero(self):
        assert "every weight is 0" in message({"sex": {"male": 0.0, "female": 0}})

    @pytest.mark.parametrize("weights", [{}, {"unilateral": 0.8}, {"bilateral": 0}])
    def test_every_state_has_a_weight(self, weights):
        left_out = [state for state in ("absent", "unilateral", "bilateral") if state not in weights]
        expected = f"no weight for {', '.join(left_out)}; give every state one, 0 where it is ruled out"
        assert message({"optic_neuritis": weights}) == f"case H001, finding optic_neuritis: {expected}"

    def test_a_diagnosis_is_no_finding(self):
        assert "is what is asked for" in message({"diagnosis": "nmosd"})
        assert "is what is asked for" in message({"nmosd": "present"})

    def test_every_problem_has_its_line(self):
        findings = {"pvs_patern": "present", "sex": "femal", "age_years": -1}
        lines = message(findings).splitlines()
        assert [line.split(":")[0] for line in lines] == [f"case H001, finding {name}" for name in findings]

    def test_problems_of_all_cases_are_listed(self):
        with pytest.raises(UnknownNameError) as caught:
            encode(NETWORK, [{"sexx": "male"}, {"sex": "mael"}])
        assert len(caught.value.problems) == 2

    def test_strange_names_stay_on_one_line_and_short(self):
        lines = message({"a\nb" * 100: "x", "": "x"}, UnknownNameError).splitlines()
        assert len(lines) == 2
        assert all(len(line) < 400 for line in lines)


class TestContradictions:
    def test_two_findings_that_exclude_each_other_are_both_named(self):
        expected = (
            "case H001: enhancement_pattern = none excludes pvs_pattern = present (it needs enhancement); "
            "correct or remove one of them"
        )
        assert (
            message({"pvs_pattern": "present", "enhancement_pattern": "none"}, ContradictionError) == expected
        )

    def test_the_order_of_the_exclusion_does_not_matter(self):
        found = message({"fever": "present", "enhancement_pattern": "miliary"}, ContradictionError)
        assert "enhancement_pattern = miliary excludes fever = present" in found

    def test_one_possible_combination_is_enough(self):
        encode(NETWORK, {"pvs_pattern": "present", "enhancement_pattern": "none|ring"})
        encode(NETWORK, {"pvs_pattern": {"present": 1, "absent": 1e-6}, "enhancement_pattern": "none"})

    def test_a_finding_not_assessed_excludes_nothing(self):
        encode(NETWORK, {"pvs_pattern": "present", "enhancement_pattern": None})
