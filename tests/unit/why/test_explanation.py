"""Explanations: hand-computed weights of evidence, sums that are exact, and facts with their places."""

from __future__ import annotations

import numpy as np
import pytest

from model.diagnosis.differential import posterior
from model.errors import EvidenceError, UnknownNameError
from model.patient.evidence import encode
from model.why.explanation import citations, explain
from tests.support.small_network import small_network
from tests.support.text import flat

NETWORK = small_network()
MEAN = NETWORK.at_mean()
FINDINGS = {
    "sex": "female",
    "optic_neuritis": "unilateral|bilateral",
    "serum_aqp4_igg": "positive",
    "fever": "present",
}


def why(findings=FINDINGS, network=NETWORK, **keywords):
    """The explanation for one patient."""
    return explain(network, encode(network, findings), **keywords)


class TestWeights:
    def test_alone_is_the_likelihood_ratio(self):
        t = MEAN.tables
        prior = t["region"][0] @ t["diagnosis"][0]
        nmosd = 2
        others = np.delete(prior, nmosd) / np.delete(prior, nmosd).sum()
        positive = t["serum_aqp4_igg"][0, :, 1]
        expected = np.log10(positive[nmosd] / (others @ np.delete(positive, nmosd)))
        contribution = why(network=MEAN, diagnosis="nmosd").contributions[2]
        assert contribution.finding == "serum_aqp4_igg"
        np.testing.assert_allclose(contribution.alone, expected, rtol=1e-10)

    @pytest.mark.parametrize("diagnosis", [None, "cns_lymphoma", "primary_cns_lymphoma", "other"])
    def test_contributions_in_sequence_add_up_to_the_change_of_the_headline_odds(self, diagnosis):
        explanation = why(diagnosis=diagnosis)
        p = np.array([explanation.prior, explanation.probability])
        change = np.diff(np.log10(p / (1 - p)))[0]
        total = sum(c.in_sequence for c in explanation.contributions)
        np.testing.assert_allclose(total, change, rtol=1e-10)
        np.testing.assert_allclose(explanation.total, change, rtol=1e-10)

    def test_alone_does_not_depend_on_the_order_of_the_findings(self):
        forward = {c.finding: c.alone for c in why().contributions}
        backward = why(dict(reversed(FINDINGS.items())))
        assert {c.finding: pytest.approx(c.alone, rel=1e-10) for c in backward.contributions} == forward
        assert [c.finding for c in backward.contributions] == list(reversed(FINDINGS))

    def test_without_is_the_posterior_when_one_finding_is_left_out(self):
        for contribution in why(diagnosis="nmosd").contributions:
            rest = {name: value for name, value in FINDINGS.items() if name != contribution.finding}
            answer = posterior(NETWORK, encode(NETWORK, rest))
            expected = answer.mean_by("row")[0][answer.names("row").index("nmosd")]
            np.testing.assert_allclose(contribution.without, expected, rtol=1e-10)
            assert contribution.leader_without == answer.leader()

    def test_a_certain_looking_diagnosis_keeps_its_weight(self):
        small = MEAN.tables["serum_aqp4_igg"].copy()
        small[:, np.arange(6) != 2] = [1 - 1e-18, 1e-18]
        network = small_network().at_mean()
        network.tables["serum_aqp4_igg"] = small  # the fixture's mapping is a dict
        [contribution] = why({"serum_aqp4_igg": "positive"}, network).contributions
        np.testing.assert_allclose(contribution.alone, np.log10(0.8 / 1e-18), rtol=1e-10)


class TestAnswer:
    def test_by_default_the_leading_row_is_explained(self):
        explanation = why()
        assert explanation.diagnosis == "nmosd"
        assert explanation.decisive == "serum_aqp4_igg"

    def test_nothing_decides_against_the_findings(self):
        assert why({"fever": "present"}, diagnosis="multiple_sclerosis").decisive == ""

    def test_no_finding_leaves_the_prior(self):
        explanation = why({})
        assert explanation.contributions == ()
        assert explanation.total == 0
        assert "No finding given: the probability is the prior." in explanation.summary()

    def test_the_text_shows_findings_decision_and_sources(self):
        text = flat(why().summary())
        assert "Serum aqp4 igg = positive; without it" in text
        assert "Brain miliary enhancement, Table 3, serum_aqp4_igg; 001-0005" in text
        assert "Sex: no source for Neuromyelitis optica spectrum disorder" in text
        assert "unilateral or" in text

    def test_the_frame_has_a_line_per_finding(self):
        frame = why().to_frame()
        assert list(frame["finding"]) == list(FINDINGS)
        assert frame.loc[2, "facts"] == "001-0005"


class TestFacts:
    def test_a_leaf_has_its_own_facts_before_those_of_its_row(self):
        found = citations(NETWORK.knowledge, "primary_cns_lymphoma", "pvs_pattern")
        assert [citation.fact for citation in found] == ["001-0004", "001-0001"]

    def test_a_row_has_its_own_facts_before_those_of_its_leaves(self):
        found = citations(NETWORK.knowledge, "cns_lymphoma", "pvs_pattern")
        assert [citation.fact for citation in found] == ["001-0001", "001-0004"]
        assert (found[0].document, found[0].location) == ("Brain miliary enhancement", "Table 3, pvs_pattern")

    def test_a_sister_has_no_facts_of_the_other(self):
        found = citations(NETWORK.knowledge, "secondary_cns_lymphoma", "pvs_pattern")
        assert [citation.fact for citation in found] == ["001-0001"]

    def test_facts_about_what_was_found_come_first(self):
        found = citations(NETWORK.knowledge, "nmosd", "optic_neuritis", ("bilateral",))
        assert [citation.fact for citation in found] == ["001-0006", "001-0007"]
        found = citations(NETWORK.knowledge, "nmosd", "optic_neuritis", ("unilateral",))
        assert [citation.fact for citation in found] == ["001-0007", "001-0006"]

    def test_no_fact_is_no_source(self):
        assert citations(NETWORK.knowledge, "other", "fever") == ()


class TestMistakes:
    def test_an_unknown_diagnosis_names_the_nearest(self):
        with pytest.raises(
            UnknownNameError, match="diagnosis to explain: unknown diagnosis nmsod; did you mean nmosd"
        ):
            why(diagnosis="nmsod")

    def test_one_patient_at_a_time(self):
        with pytest.raises(EvidenceError, match="2 patients given"):
            why([{}, {}])

    @pytest.mark.parametrize(
        ("diagnosis", "word"), [("multiple_sclerosis", "certain"), ("nmosd", "impossible")]
    )
    def test_certainty_has_no_weight(self, diagnosis, word):
        with pytest.raises(EvidenceError, match=word):
            why({"ms_course": "relapsing_remitting"}, diagnosis=diagnosis)
