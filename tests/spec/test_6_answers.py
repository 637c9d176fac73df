"""Chapter 6. What every answer promises, whatever the patient."""

import numpy as np
import pytest

from model import encode, explain, posterior, value_of_information
from model.errors import MilletError

MILIARY = {"enhancement_pattern": "miliary"}


def test_a_patient_without_findings_gets_the_prior_and_is_told_so(documents):
    answer = documents.differential({})
    assert answer.n_findings == (0,)
    assert "prior" in answer.summary()


def test_probabilities_sum_to_one_at_every_level(documents):
    answer = documents.differential(MILIARY)
    for level in ("leaf", "row", "group"):
        np.testing.assert_allclose(answer.mean_by(level).sum(axis=-1), 1, rtol=1e-10)


def test_leaves_add_up_to_their_row_and_rows_to_their_group(documents):
    leaves, rows = documents.leaves(**MILIARY), documents.rows(**MILIARY)
    forms = ("primary_cns_lymphoma", "secondary_cns_lymphoma", "lymphomatoid_granulomatosis")
    assert sum(leaves[name] for name in forms) == pytest.approx(rows["cns_lymphoma"], rel=1e-10)


def test_the_headline_is_the_mean_over_the_draws_and_not_the_answer_at_mean_parameters(documents):
    answer = documents.differential(MILIARY)
    np.testing.assert_allclose(answer.mean, answer.probabilities.mean(axis=0), rtol=1e-10)
    at_mean = posterior(documents.network.at_mean(), encode(documents.network, MILIARY))
    assert np.abs(answer.mean - at_mean.mean).max() > 1e-3


def test_the_interval_holds_the_headline(documents):
    answer = documents.differential(MILIARY)
    low, high = answer.interval(0.95, by="row")
    assert (low <= answer.mean_by("row")).all()
    assert (answer.mean_by("row") <= high).all()


def test_the_order_in_which_findings_are_given_does_not_matter(documents):
    findings = {"headache": "present", "age_years": 30, **MILIARY}
    backwards = dict(reversed(findings.items()))
    one, two = documents.rows(**findings), documents.rows(**backwards)
    assert one == pytest.approx(two, rel=1e-10)


def test_weights_say_how_sure_one_is_of_a_state(documents):
    """Certain, leaning and open."""
    p = [
        documents.rows(oral_ulcers=value)["behcet_disease"]
        for value in ("present", {"absent": 0.2, "present": 1.0}, {"absent": 1.0, "present": 1.0})
    ]
    assert p[0] > p[1] > p[2]
    assert p[2] == pytest.approx(documents.rows()["behcet_disease"], rel=1e-10)


def test_several_possible_states_lie_between_the_single_ones(documents):
    p = [
        documents.rows(facial_palsy=value)["lyme_neuroborreliosis"]
        for value in ("unilateral", "unilateral|bilateral", "bilateral")
    ]
    assert min(p[0], p[2]) < p[1] < max(p[0], p[2])


def test_contributions_in_sequence_add_up_to_the_change_of_the_odds(documents):
    evidence = encode(documents.network, {**MILIARY, "oral_ulcers": "present", "age_years": 30})
    why = explain(documents.network, evidence, diagnosis="behcet_disease")
    assert sum(c.in_sequence for c in why.contributions) == pytest.approx(why.total, rel=1e-10)
    odds = [p / (1 - p) for p in (why.prior, why.probability)]
    assert np.log10(odds[1] / odds[0]) == pytest.approx(why.total, rel=1e-10)


def test_a_finding_never_takes_information_away_and_never_gives_more_than_there_is(documents):
    information = value_of_information(documents.network, encode(documents.network, MILIARY))
    assert (information.bits >= 0).all()
    assert information.bits.max() <= information.entropy_bits


def test_what_the_answers_would_do_averages_to_what_is_believed_now(documents):
    """A reader cannot expect to be surer in a direction that is known beforehand."""
    information = value_of_information(documents.network, encode(documents.network, MILIARY))
    for candidate in information.best(5):
        np.testing.assert_allclose(candidate.predicted @ candidate.after, information.before, rtol=1e-8)


@pytest.mark.parametrize(
    ("findings", "says"),
    [
        ({"headacke": "present"}, "headache"),
        ({"headache": "presnt"}, "present"),
        ({"age_years": -3}, "age_years"),
        ({"age_years": 200}, "age_years"),
        ({"spinal_cord_involvement": "none", "cord_lesion_length": "short"}, "cord_lesion_length"),
    ],
)
def test_bad_input_is_answered_with_one_line_that_helps(documents, findings, says):
    with pytest.raises(MilletError) as error:
        encode(documents.network, findings)
    assert len(str(error.value).splitlines()) == 1
    assert says in str(error.value)


def test_the_same_question_has_the_same_answer(documents):
    assert documents.rows(**MILIARY) == documents.rows(**MILIARY)
