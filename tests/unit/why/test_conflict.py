"""Conflict: by hand, its trace, and how a rare disease is told from a contradiction."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from model.patient.evidence import encode
from model.why import conflict as module
from model.why.conflict import conflict
from model.why.weight import coalitions
from tests.support.small_network import small_network

NETWORK = small_network()
MEAN = NETWORK.at_mean()


def found(findings, network=NETWORK, **keywords):
    evidence = encode(network, findings)
    return conflict(network, evidence, coalitions(network, evidence, **keywords))


def probability(findings):
    """P(leaf) and P(findings | leaf) at mean parameters, by hand."""
    t = MEAN.tables
    prior = t["region"][0] @ t["diagnosis"][0]
    given = [
        t[name][0][:, MEAN.states[name].index(state)] if state else np.ones(6)
        for name, state in findings.items()
    ]
    return prior, np.array(given)


def rare_network():
    """Two findings, each common in one disease of its own; together only in Susac syndrome, which is rare."""
    d = {"fever": [0.9, 0.9, 0.01, 0.9, 0.01, 0.01], "pvs_pattern": [0.01, 0.01, 0.9, 0.9, 0.01, 0.01]}
    tables = {name: np.array([np.stack([1 - np.array(p), p], axis=-1)]) for name, p in d.items()}
    prior = np.array([[[0.2, 0.2, 0.3, 0.0005, 0.2, 0.0995]] * 2])
    return replace(MEAN, tables={**MEAN.tables, **tables, "diagnosis": prior})


class TestMeasure:
    def test_it_is_the_product_of_the_single_probabilities_over_the_joint_one(self):
        findings = {"fever": "present", "serum_aqp4_igg": "positive", "sex": "male"}
        prior, given = probability(findings)
        expected = np.log10((given @ prior).prod() / (prior @ given.prod(axis=0)))
        np.testing.assert_allclose(found(findings, MEAN).value, expected, rtol=1e-10)

    def test_it_is_the_mean_over_draws_between_its_quantiles(self):
        findings = {"fever": "present", "serum_aqp4_igg": "positive"}
        values = [found(findings, NETWORK.at_draw(i)).value for i in range(NETWORK.n_draws)]
        answer = found(findings)
        np.testing.assert_allclose(answer.value, np.mean(values), rtol=1e-10)
        np.testing.assert_allclose([answer.low, answer.high], np.quantile(values, [0.05, 0.95]), rtol=1e-10)

    @pytest.mark.parametrize("findings", [{}, {"fever": "present"}])
    def test_less_than_two_findings_cannot_be_at_odds(self, findings):
        answer = found(findings)
        assert (answer.value, answer.verdict, answer.clash, answer.explained_by) == (0, "coherent", (), ())

    def test_findings_of_one_disease_support_each_other(self):
        answer = found({"serum_aqp4_igg": "positive", "optic_neuritis": "bilateral", "sex": "female"})
        assert answer.value < 0
        assert (answer.verdict, answer.clash) == ("coherent", ())
        assert "fit together" in answer.sentence()


class TestVerdict:
    def test_what_no_disease_shows_together_is_a_conflict(self):
        answer = found({"serum_aqp4_igg": "positive", "pvs_pattern": "present"}, strict(NETWORK))
        assert answer.verdict == "conflict"
        assert answer.explained_by == ()
        assert "look for an error or a second disease" in answer.sentence()

    def test_what_a_rare_disease_shows_together_is_no_error(self):
        answer = found({"fever": "present", "pvs_pattern": "present"}, rare_network())
        assert answer.value > 0
        assert (answer.verdict, answer.explained_by[0].diagnosis) == ("one_disease", "susac_syndrome")
        assert answer.explained_by[0].probability < 0.1
        assert "Susac syndrome explains it" in answer.sentence()

    def test_one_disease_and_a_false_positive_do_not_explain_markers_of_two(self):
        """Antibodies are common in NMOSD alone, the culture in Susac syndrome alone; both diseases are rare."""
        d = {"serum_aqp4_igg": [0.001, 0.001, 0.9, 0.001, 0.001, 0.001]}
        d["pvs_pattern"] = [0.001, 0.001, 0.001, 0.9, 0.001, 0.001]
        tables = {name: np.array([np.stack([1 - np.array(p), p], axis=-1)]) for name, p in d.items()}
        tables["diagnosis"] = np.array([[[0.29, 0.3, 0.005, 0.005, 0.3, 0.1]] * 2])
        findings = dict(zip(d, ("positive", "present"), strict=True))
        answer = found(findings, replace(MEAN, tables={**MEAN.tables, **tables}))
        assert answer.verdict == "conflict"
        assert answer.explained_by == ()

    def test_a_disease_explains_if_the_findings_are_as_probable_in_it_as_without_connection(self):
        findings = {"serum_aqp4_igg": "positive", "pvs_pattern": "present", "fever": "present"}
        for network in (MEAN, rare_network()):
            answer = found(findings, network)
            t = network.tables
            prior = t["region"][0] @ t["diagnosis"][0]
            given = np.array([t[name][0][:, 1] for name in findings])
            clash = np.isin(list(findings), answer.clash)
            is_supported = (given[clash] >= (given @ prior)[clash, None]).all(axis=0)
            is_explained = (is_supported & (given.prod(axis=0) >= (given @ prior).prod())).any()
            assert (answer.verdict == "one_disease") == is_explained


FINDINGS = {"sex": "female", "serum_aqp4_igg": "positive", "fever": "present", "pvs_pattern": "present"}


class TestTrace:
    def test_the_clash_reaches_the_conflict_of_the_whole(self):
        answer = found(FINDINGS)
        worst = max(combinations(FINDINGS, 2), key=lambda pair: found({n: FINDINGS[n] for n in pair}).value)
        assert answer.clash == worst
        assert answer.clash_value >= module.SHARE * answer.value > 0

    def test_no_smaller_set_does(self):
        """Three diseases have two of three findings each: any two go together, all three do not."""
        network = two_of_three()
        findings = dict.fromkeys(("fever", "pvs_pattern", "central_vein_sign"), "present") | {"sex": "male"}
        answer = found(findings, network)
        assert set(answer.clash) == {"fever", "pvs_pattern", "central_vein_sign"}
        for names in combinations(findings, 2):
            assert (
                found({name: findings[name] for name in names}, network).value < module.SHARE * answer.value
            )

    def test_a_clash_inside_a_coherent_whole_is_named(self):
        agreeing = {"optic_neuritis": "bilateral", "fever": "present"}
        answer = found({"serum_aqp4_igg": "positive", **agreeing, "pvs_pattern": "present"}, strict(NETWORK))
        assert answer.verdict == "coherent"
        assert len(answer.clash) == 2
        assert "pvs_pattern" in answer.clash
        assert answer.clash_value >= module.LEAST
        assert "By themselves" in answer.sentence()

    def test_with_many_findings_small_sets_are_searched_at_mean_parameters(self):
        assert found(FINDINGS, max_exact=2).clash == found(FINDINGS).clash

    def test_larger_sets_are_reached_by_leaving_out(self, monkeypatch):
        monkeypatch.setattr(module, "MAX_CLASH", 1)
        sampled, exact = found(FINDINGS, max_exact=2), found(FINDINGS)
        assert set(sampled.clash) == set(exact.clash)
        np.testing.assert_allclose(sampled.clash_value, exact.clash_value, rtol=1e-10)


def two_of_three():
    """Every two of three findings make up a disease of their own."""
    d = {"fever": [0.9, 0.9, 0.01], "pvs_pattern": [0.9, 0.01, 0.9], "central_vein_sign": [0.01, 0.9, 0.9]}
    tables = {n: np.array([np.stack([1 - np.tile(p, 2), np.tile(p, 2)], axis=-1)]) for n, p in d.items()}
    tables["central_vein_sign"] = np.repeat(tables["central_vein_sign"][:, :, None], 2, axis=2)
    tables["sex"] = np.full((1, 6, 2), 0.5)
    tables["diagnosis"] = np.full((1, 2, 6), 1 / 6)
    return replace(MEAN, tables={**MEAN.tables, **tables})


def strict(network):
    """Fever points to NMOSD, and PVS pattern is next to impossible there."""
    fever, pvs = (network.tables[name].copy() for name in ("fever", "pvs_pattern"))
    fever[:] = [0.99, 0.01]
    fever[:, 2] = [0.1, 0.9]
    pvs[:, 2] = [0.99, 0.01]
    return replace(network, tables={**network.tables, "fever": fever, "pvs_pattern": pvs})
