"""Chapter 5. Course and variant of multiple sclerosis are further questions, not further diagnoses."""

import pytest

LESIONS = {"periventricular_lesions": "present"}


def test_the_classic_form_is_the_usual_variant(documents):
    """The article is about it; the others are named as variants."""
    variants = documents.ms("ms_variant")
    assert max(variants, key=variants.get) == "classic"


def test_relapsing_remitting_is_the_usual_course_of_adults(documents):
    """70 % of adults, primary progressive 10 %."""
    courses = documents.ms("ms_course", age_years=35)
    assert courses["relapsing_remitting"] == pytest.approx(0.70, abs=0.08)  # a share read as of 50 patients
    assert courses["primary_progressive"] == pytest.approx(0.10, abs=0.05)


def test_in_children_nearly_all_is_relapsing_remitting(documents):
    """98 % of those under 16; primary progressive is very rare."""
    courses = documents.ms("ms_course", age_years=12)
    assert courses["relapsing_remitting"] > 0.9
    assert courses["primary_progressive"] < 0.03


@pytest.mark.parametrize(
    ("how_it_runs", "course"),
    [
        ("relapses_with_recovery", "relapsing_remitting"),
        ("progression_from_onset", "primary_progressive"),
        ("progression_after_relapses", "secondary_progressive"),
        ("single_episode", "clinically_isolated_syndrome"),
        ("incidental", "radiologically_isolated_syndrome"),
    ],
)
def test_how_the_disease_runs_tells_the_course(documents, how_it_runs, course):
    """A rare course need not lead: an isolated radiological syndrome is judged to be 3 % of MS; but it gains threefold."""
    before = documents.ms("ms_course", **LESIONS)
    after = documents.ms("ms_course", **LESIONS, disease_course=how_it_runs)
    assert course in sorted(after, key=after.get)[-2:]
    assert after[course] > min(3 * before[course], 0.9)


def test_mass_effect_and_an_open_ring_speak_for_the_tumefactive_variant(documents):
    before = documents.ms("ms_variant")
    after = documents.ms("ms_variant", mass_effect="present", enhancement_pattern="open_ring")
    assert after["tumefactive"] > 1.5 * before["tumefactive"]


def test_optic_neuritis_and_cord_lesions_speak_for_the_opticospinal_variant(documents):
    before = documents.ms("ms_variant")
    after = documents.ms("ms_variant", optic_neuritis="bilateral", spinal_cord_involvement="cord")
    assert after["opticospinal"] > before["opticospinal"]


@pytest.mark.parametrize("axis", ["ms_course", "ms_variant"])
def test_the_answer_about_an_axis_is_given_multiple_sclerosis(documents, axis):
    """It sums to 1 however improbable the disease is, and its structural state is not among the answers."""
    states = documents.ms(axis, serum_aqp4_igg="positive")
    assert sum(states.values()) == pytest.approx(1, rel=1e-10)
    assert "not_applicable" not in states


def test_an_incidental_finding_has_no_symptoms(documents):
    """A radiologically isolated syndrome is one without any."""
    with_symptom = documents.ms("ms_course", **LESIONS, sensory_loss="present")
    without = documents.ms("ms_course", **LESIONS, sensory_loss="absent")
    assert with_symptom["radiologically_isolated_syndrome"] < without["radiologically_isolated_syndrome"] / 3


@pytest.mark.parametrize(
    "sign", ["dawson_fingers", "central_vein_sign", "paramagnetic_rim_lesions", "ependymal_dot_dash_sign"]
)
def test_signs_of_plaques_speak_for_multiple_sclerosis(flat, sign):
    assert flat.leader(**{sign: "present"}) == "multiple_sclerosis"


@pytest.mark.parametrize(
    ("finding", "state"),
    [
        ("serum_aqp4_igg", "positive"),
        ("cord_lesion_length", "longitudinally_extensive"),
        ("cord_lesion_location", "central"),
        ("area_postrema_syndrome", "present"),
        ("cloud_like_enhancement", "present"),
    ],
)
def test_neuromyelitis_optica_is_no_longer_multiple_sclerosis(flat, finding, state):
    """What parts the two speaks for the one and against the other."""
    before, after = flat.rows(), flat.rows(**{finding: state})
    odds = [rows["nmosd"] / rows["multiple_sclerosis"] for rows in (before, after)]
    assert odds[1] > 2 * odds[0]
