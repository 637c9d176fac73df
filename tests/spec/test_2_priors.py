"""Chapter 2. What is believed before the findings: ranks, regions, latitude and ancestry as the documents state them."""

import numpy as np
import pytest

MILIARY = {"enhancement_pattern": "miliary"}
WEST = ("northern_europe", "north_america")
RARE = ("susac_syndrome", "erdheim_chester_disease", "clippers", "pml_iris", "behcet_disease")


@pytest.mark.parametrize("region", WEST)
def test_lymphoma_is_the_likeliest_cause_of_miliary_enhancement_in_the_western_world(
    printed, documents, region
):
    """In `full` MS is judged to show the pattern in one of a hundred: where it is commonest, it comes first or second."""
    assert printed.leader(**MILIARY, region=region) == "cns_lymphoma"
    assert "cns_lymphoma" in list(documents.rows(**MILIARY, region=region))[:2]


def test_lymphoma_leads_miliary_enhancement_where_the_region_is_not_known(documents):
    assert documents.leader(**MILIARY) == "cns_lymphoma"


def test_secondary_lymphoma_is_the_usual_form_with_miliary_enhancement(documents):
    leaves = documents.leaves(**MILIARY)
    assert (
        leaves["secondary_cns_lymphoma"]
        > leaves["primary_cns_lymphoma"]
        > leaves["lymphomatoid_granulomatosis"]
    )


@pytest.mark.parametrize("age", [45, 60, 75])
def test_metastases_come_before_the_rarer_diseases_in_adults(printed, age):
    """In `full` cohorts make metastases a disease of 60 and sarcoidosis one of 40, so that at 45 it comes between."""
    rows = printed.rows(**MILIARY, age_years=age)
    assert list(rows)[:2] == ["cns_lymphoma", "brain_metastases"]


@pytest.mark.parametrize("row", RARE)
def test_the_rare_diseases_are_rare(documents, row):
    rows = documents.rows(**MILIARY)
    assert rows[row] < rows["cns_lymphoma"] / 3
    assert documents.rows()[row] < 0.01


def test_multiple_sclerosis_leads_without_findings(documents):
    """The patient is one with multifocal enhancing or white-matter lesions."""
    assert documents.leader() == "multiple_sclerosis"


def test_multiple_sclerosis_leads_for_periventricular_lesions(documents):
    rows = documents.rows(periventricular_lesions="present")
    assert next(iter(rows)) == "multiple_sclerosis"
    assert rows["multiple_sclerosis"] > 0.5


def test_multiple_sclerosis_does_not_lead_for_miliary_enhancement(printed, documents):
    """P(miliary enhancement | MS) is small: no document lists MS among its causes; judgement holds one in a hundred."""
    assert documents.leader(**MILIARY) != "multiple_sclerosis"
    rows = printed.rows(**MILIARY)
    assert rows["multiple_sclerosis"] < 0.05
    assert list(rows).index("multiple_sclerosis") > 5


def test_multiple_sclerosis_grows_with_the_distance_from_the_equator(documents):
    """15 per 100,000 near the equator, 250 far from it, a gradual rise between."""
    p = [
        documents.rows(region=region)["multiple_sclerosis"] for region in ("africa", "mediterranean", WEST[0])
    ]
    assert p == sorted(p)
    odds = [x / (1 - x) for x in p]
    assert 5 < odds[2] / odds[0] < 30  # 250 / 15 is about 17


@pytest.mark.parametrize("region", ["mediterranean", "middle_east", "far_east"])
def test_behcet_disease_belongs_to_the_mediterranean_the_middle_east_and_the_far_east(documents, region):
    assert (
        documents.rows(region=region)["behcet_disease"] > 5 * documents.rows(region=WEST[0])["behcet_disease"]
    )


@pytest.mark.parametrize("region", ["north_america", "central_america", "south_asia", "far_east", "africa"])
def test_histoplasmosis_is_endemic_in_the_americas_asia_and_africa(documents, region):
    endemic = documents.rows(**MILIARY, region=region)["cns_histoplasmosis"]
    assert endemic > 3 * documents.rows(**MILIARY, region=WEST[0])["cns_histoplasmosis"]


def test_sarcoidosis_is_more_frequent_in_people_who_are_not_caucasian(documents):
    p = [documents.rows(ancestry=a)["neurosarcoidosis"] for a in ("non_caucasian", "caucasian")]
    assert p[0] > 1.5 * p[1]


def test_the_ancestry_says_nothing_about_other_diseases(documents):
    """Only sarcoidosis is said to depend on it: in every draw the odds among the others stay."""
    answers = [documents.differential({"ancestry": a}) for a in ("non_caucasian", "caucasian")]
    names = answers[0].names("row")
    odds = [
        answer.draws("row")[:, 0, names.index("nmosd")] / answer.draws("row")[:, 0, names.index("clippers")]
        for answer in answers
    ]
    np.testing.assert_allclose(odds[0], odds[1], rtol=1e-10)


def test_flat_gives_every_table_row_the_same_weight(flat):
    rows = flat.rows()
    assert len(rows) == 19
    assert list(rows.values()) == pytest.approx(
        [1 / 19] * 19, rel=1e-3
    )  # thirds are written with four digits


def test_region_and_ancestry_say_nothing_under_the_flat_prior(flat):
    assert flat.rows(region="far_east", ancestry="non_caucasian") == pytest.approx(flat.rows(), rel=1e-6)


@pytest.mark.parametrize(
    ("age", "gains", "loses"),
    [
        (1, "cns_candidiasis", "cns_lymphoma"),  # preterm neonates
        (8, "lyme_neuroborreliosis", "brain_metastases"),  # first of two peaks, 2 to 15 years
        (30, "susac_syndrome", "cns_lymphoma"),  # 20 to 40
        (75, "brain_metastases", "susac_syndrome"),  # elderly
    ],
)
def test_age_moves_the_diseases_as_table_2_says(flat, age, gains, loses):
    rows = flat.rows(age_years=age)
    assert rows[gains] > 1 / 19 > rows[loses]


@pytest.mark.parametrize(
    ("sex", "row"),
    [
        *(("female", row) for row in ("neurosarcoidosis", "nmosd", "susac_syndrome", "multiple_sclerosis")),
        *(
            ("male", row)
            for row in ("cns_vasculitis", "cns_lymphoma", "erdheim_chester_disease", "behcet_disease")
        ),
    ],
)
def test_sex_moves_the_diseases_as_table_2_says(flat, sex, row):
    assert flat.rows(sex=sex)[row] > flat.rows()[row]


def test_sex_in_behcet_disease_turns_with_the_region(flat):
    """Men around the Mediterranean, women in the Far East (Box 1)."""
    p = {
        (region, sex): flat.rows(region=region, sex=sex)["behcet_disease"]
        for region in ("mediterranean", "far_east")
        for sex in ("female", "male")
    }
    assert p["mediterranean", "male"] > p["mediterranean", "female"]
    assert p["far_east", "female"] > p["far_east", "male"]
