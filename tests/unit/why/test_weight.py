"""Order-free weights of findings: the axioms in the network, and what sampling changes."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from model.diagnosis.differential import posterior
from model.patient.evidence import encode
from model.why import subset
from model.why.explanation import explain
from model.why.weight import coalitions, weigh
from tests.support.small_network import small_network

NETWORK = small_network()
FINDINGS = {
    "sex": "female",
    "optic_neuritis": "unilateral",
    "serum_aqp4_igg": "positive",
    "fever": "present",
    "central_vein_sign": "present",
}
NMOSD = np.arange(6) == 2


def weights(network=NETWORK, findings=FINDINGS, **keywords):
    known = coalitions(network, encode(network, findings), **keywords)
    return known, weigh(known, NMOSD, ~NMOSD)


def test_order_free_is_the_mean_of_the_sequences_over_all_orders():
    sums = dict.fromkeys(FINDINGS, 0.0)
    for order in permutations(FINDINGS):
        why = explain(NETWORK, encode(NETWORK, {name: FINDINGS[name] for name in order}), diagnosis="nmosd")
        for c in why.contributions:
            sums[c.finding] += c.in_sequence
    _, found = weights()
    expected = np.array(list(sums.values())) / math.factorial(len(FINDINGS))
    np.testing.assert_allclose(found.order_free, expected, rtol=1e-10)


def test_efficiency_order_free_weights_add_up_to_the_change_of_the_headline_odds():
    _, found = weights()
    p = posterior(NETWORK, encode(NETWORK, [{}, FINDINGS])).mean[:, 2]
    change = np.diff(np.log10(p / (1 - p)))[0]
    np.testing.assert_allclose(found.order_free.sum(), change, rtol=1e-10)
    np.testing.assert_allclose(found.in_sequence.sum(), change, rtol=1e-10)


def test_null_player_a_finding_that_no_disease_moves_weighs_nothing():
    tables = {**NETWORK.tables, "fever": np.broadcast_to([0.7, 0.3], (5, 6, 2))}
    _, found = weights(replace(NETWORK, tables=tables))
    np.testing.assert_allclose(found.order_free[3], 0, atol=1e-12)


def test_symmetry_two_findings_with_one_table_weigh_the_same():
    tables = {**NETWORK.tables, "sex": NETWORK.tables["fever"]}
    findings = {**FINDINGS, "sex": "male"}
    _, found = weights(replace(NETWORK, tables=tables), findings)
    np.testing.assert_allclose(found.order_free[0], found.order_free[3], rtol=1e-10)


def test_alone_in_sequence_and_without_do_not_depend_on_the_method():
    (exact_known, exact), (sampled_known, sampled) = weights(), weights(max_exact=3)
    assert (exact_known.method, sampled_known.method) == ("exact", "sampled")
    for name in ("prior", "posterior", "alone", "in_sequence", "without"):
        np.testing.assert_allclose(getattr(sampled, name), getattr(exact, name), rtol=1e-10)


def test_sampled_weights_have_an_error_and_lie_within_five_of_them():
    (_, exact), (_, sampled) = weights(), weights(max_exact=3)
    assert (exact.error == 0).all()
    assert (sampled.error > 0).all()
    assert (abs(sampled.order_free - exact.order_free) < 5 * sampled.error).all()
    np.testing.assert_allclose(sampled.order_free.sum(), sampled.posterior - sampled.prior, rtol=1e-10)


def test_sampled_weights_do_not_depend_on_the_order_of_entry():
    found = []
    for findings in (FINDINGS, dict(reversed(FINDINGS.items()))):
        known, sampled = weights(findings=findings, max_exact=3)
        found.append(dict(zip(known.findings, sampled.order_free, strict=True)))
    assert found[0] == pytest.approx(found[1], abs=1e-12)


def test_the_same_seed_gives_the_same_sample():
    (_, one), (_, same), (_, other) = (weights(max_exact=3, seed=seed) for seed in (1, 1, 2))
    assert one.order_free.tolist() == same.order_free.tolist() != other.order_free.tolist()


def test_thinned_draws_leave_the_sequence_untouched(monkeypatch):
    _, exact = weights()
    monkeypatch.setattr(subset, "MAX_ROWS", 30)
    known, found = weights()
    assert known.game.n_draws < known.variants.n_draws == NETWORK.n_draws
    np.testing.assert_allclose(found.in_sequence, exact.in_sequence, rtol=1e-10)
    text = explain(NETWORK, encode(NETWORK, FINDINGS)).summary()
    assert f"the order-free ones (exact, {known.game.n_draws} draws) to" in text


@pytest.mark.parametrize("diagnosis", [None, "cns_lymphoma", "other"])
def test_the_explanation_carries_the_weights(diagnosis):
    why = explain(NETWORK, encode(NETWORK, FINDINGS), diagnosis=diagnosis)
    np.testing.assert_allclose(sum(c.order_free for c in why.contributions), why.total, rtol=1e-10)
    np.testing.assert_allclose(why.order_free_total, why.total, rtol=1e-10)
