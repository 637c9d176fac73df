"""Records of sensitivity: parameters and their names, tables, text, constraints, sweeps, errors."""

from __future__ import annotations

import numpy as np
import pytest

from model.diagnosis.differential import posterior
from model.errors import EvidenceError, UnknownNameError
from model.patient.evidence import encode
from model.robustness.constraint import Constraint, parse
from model.robustness.inverse import smallest_changes
from model.robustness.one_way import sensitivity
from model.robustness.surface import two_way
from model.robustness.sweep import prior_sweep
from model.robustness.units import parameters_of
from tests.support.small_network import small_network

NETWORK = small_network()
PARAMETERS = parameters_of(NETWORK, unit="row")
FINDINGS = {"pvs_pattern": "present", "optic_neuritis": "unilateral"}
TWO = encode(NETWORK, [{"id": "A", "findings": FINDINGS}, {"id": "B", "findings": {"sex": "male"}}])
ONE = TWO.select(0)


class TestParameters:
    def test_every_free_entry_is_one_and_structure_is_none(self):
        # Two states count once. Course: 3 ages x 1 in MS; variant: 1 in MS; the rest has no zeros.
        free = {
            "diagnosis": 2 * 6,
            "age_years": 6 * 3,
            "sex": 6,
            "region": 1,
            "fever": 6,
            "optic_neuritis": 6 * 3,
            "enhancement_pattern": 6 * 3,
            "pvs_pattern": 6,
            "central_vein_sign": 6 * 2,
            "serum_aqp4_igg": 6,
            "brain_mri_field_strength": 1,
            "ms_course": 3 * 2,
            "ms_variant": 2,
        }
        counted = {name: int((PARAMETERS.node == NETWORK.index(name)).sum()) for name in NETWORK.names}
        assert counted == free
        assert len(PARAMETERS) == sum(free.values())

    def test_a_name_says_state_and_parents(self):
        number = PARAMETERS.index(
            "central_vein_sign", "present", diagnosis="nmosd", brain_mri_field_strength="7T"
        )
        assert PARAMETERS.name(number) == (
            "central_vein_sign=present | diagnosis=nmosd, brain_mri_field_strength=7T"
        )
        assert PARAMETERS.value[number] == pytest.approx(0.3)
        assert PARAMETERS.diagnosis(number) == "nmosd"

    def test_names_are_unique_and_find_their_parameter(self):
        assert len(set(PARAMETERS.names)) == len(PARAMETERS)
        for number, (node, given, state) in enumerate(PARAMETERS.addresses):
            assert PARAMETERS.index(node, state, **given) == number

    def test_bounds_are_quantiles_over_the_draws(self):
        number = PARAMETERS.index("pvs_pattern", "present", diagnosis="nmosd")
        leaf = NETWORK.states["diagnosis"].index("nmosd")
        draws = NETWORK.tables["pvs_pattern"][:, leaf, 1]
        expected = np.quantile(draws, [0.05, 0.95])
        assert [PARAMETERS.low[number], PARAMETERS.high[number]] == pytest.approx(expected, rel=1e-12)

    def test_facts_are_those_of_the_cell_and_its_row_the_state_first(self):
        number = PARAMETERS.index("optic_neuritis", "unilateral", diagnosis="nmosd")
        assert PARAMETERS.facts(number) == ("001-0007", "001-0006")
        number = PARAMETERS.index("pvs_pattern", "present", diagnosis="primary_cns_lymphoma")
        assert PARAMETERS.facts(number) == ("001-0001", "001-0004")
        assert PARAMETERS.facts(PARAMETERS.index("fever", "present", diagnosis="nmosd")) == ()

    def test_a_changed_row_keeps_the_proportions_of_the_others(self):
        number = PARAMETERS.index("optic_neuritis", "bilateral", diagnosis="multiple_sclerosis")
        table = PARAMETERS.with_value(number, 0.62).tables["optic_neuritis"][0]
        assert table[4] == pytest.approx([0.6 * 0.4, 0.35 * 0.4, 0.62])
        np.testing.assert_array_equal(
            np.delete(table, 4, 0), np.delete(NETWORK.at_mean().tables["optic_neuritis"][0], 4, 0)
        )

    def test_two_of_one_row_are_both_kept(self):
        first, second = (
            PARAMETERS.index("optic_neuritis", s, diagnosis="nmosd") for s in ("absent", "bilateral")
        )
        table = PARAMETERS.with_values({first: 0.1, second: 0.7}).tables["optic_neuritis"][0]
        assert table[2] == pytest.approx([0.1, 0.2, 0.7])
        with pytest.raises(EvidenceError, match="allowed are 0 to 1 in sum"):
            PARAMETERS.with_values({first: 0.6, second: 0.7})

    @pytest.mark.parametrize(
        ("node", "state", "given", "said"),
        [
            ("pvs_patern", "present", {"diagnosis": "nmosd"}, "did you mean pvs_pattern"),
            ("pvs_pattern", "presnt", {"diagnosis": "nmosd"}, "did you mean present"),
            ("pvs_pattern", "present", {"diagnosis": "nmo"}, "unknown state nmo"),
            ("pvs_pattern", "present", {}, "parent diagnosis missing"),
            ("pvs_pattern", "absent", {"diagnosis": "nmosd"}, "follows from the other state"),
            ("ms_variant", "classic", {"diagnosis": "nmosd"}, "0 or 1 by structure"),
        ],
    )
    def test_what_is_no_parameter_is_said(self, node, state, given, said):
        with pytest.raises(EvidenceError, match=said):
            PARAMETERS.index(node, state, **given)


class TestOneWay:
    def test_prevalence_by_hand(self):
        # Region north: P(nmosd) = 0.05. AQP4 positive: 0.8 in nmosd, 0.01 elsewhere but 0.005 in MS (0.5 of the rest).
        evidence = encode(NETWORK, {"region": "north", "serum_aqp4_igg": "positive"})
        found = sensitivity(NETWORK, evidence, unit="row")
        function = found.function(PARAMETERS.index("diagnosis", "nmosd", region="north"), 0, "nmosd")
        others = (0.01 * 0.45 + 0.005 * 0.5) / 0.95
        for t in (0.01, 0.05, 0.5):
            assert function(t) == pytest.approx(0.8 * t / (0.8 * t + others * (1 - t)), rel=1e-12)

    def test_present_value_is_the_answer_at_mean_parameters(self):
        found = sensitivity(NETWORK, TWO, unit="row")
        expected = posterior(NETWORK.at_mean(), TWO).mean_by("row")
        np.testing.assert_allclose(found.probabilities, expected, rtol=1e-12)
        np.testing.assert_allclose(found.headline, posterior(NETWORK, TWO).mean_by("row"), rtol=1e-12)
        np.testing.assert_allclose(found.at(PARAMETERS.value), np.repeat(found.present, len(PARAMETERS), 1))

    def test_what_was_not_looked_at_does_not_matter(self):
        found = sensitivity(NETWORK, ONE, unit="row")
        unseen = PARAMETERS.node == NETWORK.index("fever")
        np.testing.assert_allclose(found.derivative[0, unseen], 0, atol=1e-14)
        assert (found.admissible[0, unseen] == [0, 1]).all()
        assert np.isinf(found.flip[0, unseen]).all()

    def test_several_patients_are_answered_as_one_by_one(self):
        both = sensitivity(NETWORK, TWO, unit="row")
        for i in range(2):
            alone = sensitivity(NETWORK, TWO.select(i), unit="row")
            np.testing.assert_allclose(both.slope[i], alone.slope[0], rtol=1e-10, atol=1e-14)

    @pytest.mark.parametrize("by", ["leaf", "row", "group"])
    def test_levels_add_up(self, by):
        leaf, found = (
            sensitivity(NETWORK, ONE, by="leaf", unit="row"),
            sensitivity(NETWORK, ONE, by=by, unit="row"),
        )
        np.testing.assert_allclose(found.slope, leaf.slope @ found.classes.membership, rtol=1e-9, atol=1e-13)

    def test_another_diagnosis_may_be_asked_about(self):
        found = sensitivity(NETWORK, ONE, diagnosis="susac_syndrome", unit="row")
        assert found.classes.names[found.target[0]] == "susac_syndrome"
        assert found.leader[0] != found.target[0]
        with pytest.raises(UnknownNameError, match="did you mean nmosd"):
            sensitivity(NETWORK, ONE, diagnosis="nmsd", unit="row")

    def test_the_table_has_one_line_for_each_case_and_parameter(self):
        found = sensitivity(NETWORK, TWO, unit="row")
        frame = found.to_frame()
        assert len(frame) == 2 * len(PARAMETERS)
        assert frame.case.tolist() == ["A"] * len(PARAMETERS) + ["B"] * len(PARAMETERS)
        assert not frame.isna().any().any()
        at = (frame.a * frame.value + frame.b) / (frame.c * frame.value + frame.d)
        np.testing.assert_allclose(at, frame.at_mean, rtol=1e-10)
        assert ((frame.admissible_low <= frame.value) & (frame.value <= frame.admissible_high)).all()
        within = (frame.low < frame.admissible_low) | (frame.high > frame.admissible_high)
        assert (frame.flips_within == within).all()

    def test_the_most_influential_come_first_on_request(self):
        frame = sensitivity(NETWORK, ONE, unit="row").to_frame(by_influence=True, top=20)
        swing = (frame.at_high - frame.at_low).abs()
        assert len(frame) == 20
        assert swing.is_monotonic_decreasing
        assert swing.iloc[0] > 0

    def test_one_draw_has_no_plausible_range_but_an_order(self):
        found = sensitivity(NETWORK.at_mean(), ONE, unit="row")
        frame = found.to_frame(by_influence=True)
        assert (frame.low == frame.high).all()
        assert frame.elasticity.abs().is_monotonic_decreasing

    def test_the_text_says_what_it_is_about(self):
        text = sensitivity(NETWORK, ONE, unit="row").summary(top=4)
        assert "if this number in the model were wrong" in text
        assert text.count("optic_neuritis=unilateral") + text.count("pvs_pattern=present") >= 1
        assert "no source" in text or "001-00" in text
        assert "1 further patient" in repr(sensitivity(NETWORK, TWO, unit="row"))


class TestConstraint:
    @pytest.mark.parametrize(
        ("text", "parsed"),
        [
            ("nmosd >= 0.5", Constraint("nmosd", "", "", ">=", 0.5)),
            ("P(nmosd)-P(other)>=0", Constraint("nmosd", "-", "other", ">=", 0.0)),
            (" nmosd / other <= 2e1 ", Constraint("nmosd", "/", "other", "<=", 20.0)),
            ("nmosd - other >= -0.2", Constraint("nmosd", "-", "other", ">=", -0.2)),
        ],
    )
    def test_text_is_read(self, text, parsed):
        assert parse(text) == parsed
        assert parse(str(parsed)) == parsed

    @pytest.mark.parametrize("text", ["", "nmosd", "nmosd > 0.5", "nmosd >= x", "nmosd >= nan", "a + b >= 1"])
    def test_what_is_none_is_refused(self, text):
        with pytest.raises(EvidenceError, match="constraint: found"):
            parse(text)

    @pytest.mark.parametrize("text", ["nmosd >= 1.5", "nmosd - other >= 2", "nmosd / other >= -1"])
    def test_what_no_probability_reaches_is_refused(self, text):
        with pytest.raises(EvidenceError, match="out of reach"):
            parse(text)

    def test_unknown_diagnosis_and_several_patients(self):
        with pytest.raises(UnknownNameError, match="did you mean nmosd"):
            smallest_changes(NETWORK, ONE, "nmsd >= 0.5", unit="row")
        with pytest.raises(EvidenceError, match="2 patients given"):
            smallest_changes(NETWORK, TWO, "nmosd >= 0.5", unit="row")

    def test_text_and_table(self):
        changes = smallest_changes(NETWORK, ONE, "multiple_sclerosis >= 0.6", unit="row")
        frame = changes.to_frame()
        assert len(frame) == len(changes.parameters) + len(changes.tables)
        assert set(frame.kind) == {"parameter", "table"}
        assert "multiple_sclerosis >= 0.6; now 0." in changes.summary()
        assert "holds already" in smallest_changes(NETWORK, ONE, "nmosd <= 0.9", unit="row").summary()

    def test_some_goals_are_beyond_every_single_change(self):
        changes = smallest_changes(NETWORK, encode(NETWORK, {}), "nmosd >= 0.999999", unit="row")
        assert changes.parameters == ()
        assert "No single number" in changes.summary() or "no single parameter" in changes.summary()

    def test_a_group_may_be_named(self):
        leaves = parse("demyelinating >= 0.5").weights(NETWORK.knowledge)
        assert leaves.tolist() == [-0.5, -0.5, 0.5, -0.5, 0.5, -0.5]


class TestSweep:
    def test_it_passes_through_the_headline_of_a_single_set_of_parameters(self):
        mean = NETWORK.at_mean()
        prior = float(posterior(mean, encode(NETWORK, {})).mean_by("row")[0][1])
        sweep = prior_sweep(mean, ONE, "nmosd", before=[prior])
        np.testing.assert_allclose(sweep.after[0], posterior(mean, ONE).mean_by("row")[0], rtol=1e-12)

    def test_it_passes_through_the_headline_of_many_draws(self):
        prior = float(posterior(NETWORK, encode(NETWORK, {})).mean_by("row")[0][1])
        sweep = prior_sweep(NETWORK, ONE, "nmosd", before=[prior])
        np.testing.assert_allclose(sweep.after[0], posterior(NETWORK, ONE).mean_by("row")[0], rtol=1e-10)

    def test_without_findings_the_answer_is_the_pre_test_probability(self):
        sweep = prior_sweep(NETWORK, encode(NETWORK, {}), "nmosd", before=[0.1, 0.4])
        np.testing.assert_allclose(sweep.after[:, 1], [0.1, 0.4], rtol=1e-12)
        np.testing.assert_allclose(sweep.after.sum(axis=1), 1.0, rtol=1e-12)

    def test_the_leader_changes_on_the_way(self):
        sweep = prior_sweep(NETWORK, ONE, "nmosd")
        assert sweep.leaders[-1] == "nmosd"
        assert (np.diff(sweep.after[:, 1]) > 0).all()
        assert sweep.changes()[-1][2] == "nmosd"
        assert "instead of" in sweep.summary()
        assert len(sweep.to_frame()) == len(sweep.before)

    def test_errors(self):
        with pytest.raises(UnknownNameError, match="did you mean nmosd"):
            prior_sweep(NETWORK, ONE, "nmsd")
        with pytest.raises(EvidenceError, match="between 0 and 1"):
            prior_sweep(NETWORK, ONE, "nmosd", before=[0.0, 0.5])


class TestSurface:
    def test_one_row_ends_where_both_add_up_to_1(self):
        first, second = (
            PARAMETERS.index("optic_neuritis", s, diagnosis="nmosd") for s in ("absent", "bilateral")
        )
        surface = two_way(PARAMETERS, ONE, first, second, n=11)
        assert surface.inside.sum() == 11 * 10 / 2
        assert len(surface.to_frame()) == 55
        np.testing.assert_allclose(surface.probabilities[surface.inside].sum(axis=-1), 1.0, rtol=1e-12)

    def test_the_same_parameter_twice_is_refused(self):
        with pytest.raises(EvidenceError, match="two different parameters"):
            two_way(PARAMETERS, ONE, 3, 3)

    def test_leaders_and_single_diagnoses(self):
        first = PARAMETERS.index("pvs_pattern", "present", diagnosis="nmosd")
        second = PARAMETERS.index("optic_neuritis", "unilateral", diagnosis="multiple_sclerosis")
        surface = two_way(PARAMETERS, ONE, first, second, n=9)
        assert set(surface.leaders) <= set(surface.classes.names)
        assert surface.of("nmosd").shape == (9, 9)
        assert "lead" in repr(surface)
        with pytest.raises(UnknownNameError):
            surface.of("nmsd")
