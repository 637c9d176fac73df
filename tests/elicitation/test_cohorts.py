"""Cohorts are read as a random-effects meta-analysis: chains of shares, the spread between studies, what sets them apart."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import binom
from scipy.stats import t as student

from model.elicitation.cells import Cells
from model.elicitation.cohort import NODES, STUDY_DF, TRAITS, cohorts, counted, log_node_weights, traits_of
from model.elicitation.observations import log_odds
from model.elicitation.predictive import for_new_patients
from priors import load_knowledge_base
from priors.frozen import Frozen
from tests.support.tables import write_layers, write_tables


@pytest.fixture
def knowledge(tmp_path):
    return load_knowledge_base(write_layers(write_tables(tmp_path)))


def test_a_cohort_becomes_a_row_with_its_traits(knowledge):
    read = cohorts(Cells(knowledge))
    assert [fact.id for fact in read.facts] == ["L0001", "L0002"]
    assert read.k.tolist() == [30, 5]
    assert dict(zip(TRAITS, read.traits[1], strict=True))["children"] == 1
    assert traits_of(knowledge.facts["L0001"]) == [0.0] * len(TRAITS)


def test_a_percentage_without_a_denominator_counts_like_fifty_patients(knowledge):
    fact = replace(knowledge.facts["L0001"], kind="percentage", low=0.2, n=None)
    assert counted(fact) == (10.0, 50.0)
    assert counted(replace(fact, kind="range", low=0.2, high=0.4)) == (pytest.approx(15.0), 50.0)


def test_shares_of_the_same_patients_are_a_chain(knowledge):
    """20 faces and 10 trunks of 50: the trunks are read among the 30 without a rash of the face."""
    face = replace(knowledge.facts["L0002"], id="L0011", state="face", low=20, tags=(), match="exact")
    trunk = replace(face, id="L0012", state="trunk", low=10)
    facts = Frozen({**knowledge.facts, "L0011": face, "L0012": trunk})
    cells = Cells(replace(knowledge, facts=facts))
    read = cohorts(cells)
    rows = {fact.id: i for i, fact in enumerate(read.facts)}
    assert read.n[rows["L0011"]] == 50
    assert read.n[rows["L0012"]] == 30
    # With weights 0 (none), log 2 (face) and log 1 (trunk): trunk among what is left is 1 of 1 + 1.
    flat = np.zeros((1, cells.size))
    block = cells.blocks["rash", "flu_a"]
    flat[0, block.start : block.start + 2] = np.log([2.0, 1.0])
    odds = log_odds(read.design, flat, np.zeros((1, 1)))[0]
    assert odds[rows["L0011"]] == pytest.approx(np.log(2 / 2))
    assert odds[rows["L0012"]] == pytest.approx(np.log(1 / 1))


def test_a_chain_has_the_probability_of_a_multinomial():
    """P(20, 10, 20) under shares 0.4, 0.2, 0.4 is binom(20; 50, 0.4) times binom(10; 30, 0.2 / 0.6)."""
    from scipy.stats import multinomial

    chain = binom.logpmf(20, 50, 0.4) + binom.logpmf(10, 30, 0.2 / 0.6)
    assert chain == pytest.approx(multinomial.logpmf([20, 10, 20], 50, [0.4, 0.2, 0.4]), rel=1e-12)


@given(st.integers(0, 14), st.integers(16, 200), st.floats(-2, 2), st.floats(0.3, 1.2))
def test_the_grid_integrates_a_studys_own_effect(k, n, away, tau):
    """Against adaptive quadrature, for cells up to two deviations away from what was counted."""
    x = np.log((k + 0.5) / (n - k + 0.5)) + away * tau
    peak = (np.log((k + 0.5) / (n - k + 0.5)) - x) / tau
    wanted, _ = quad(
        lambda u: binom.pmf(k, n, expit(x + tau * u)) * student.pdf(u, STUDY_DF),
        -40,
        40,
        limit=400,
        points=[peak],
    )
    found = np.exp(log_node_weights()) @ binom.pmf(k, n, expit(x + tau * NODES))
    assert found == pytest.approx(wanted, rel=0.03)


def test_a_new_patient_gets_one_more_studys_effect(knowledge):
    cells = Cells(knowledge)
    n_humps = 4  # two of flu_a, one each of flu_b and other
    draws = {
        "log_weights": np.zeros((4000, cells.size)),
        "age": np.stack([np.full((4000, n_humps), 40.0), np.full((4000, n_humps), np.log(10.0))], axis=-1),
        "tau": np.full((4000, 5), 0.5),
        "age_tau": np.full((4000, 2), 3.0),
    }
    found = for_new_patients(cells, draws, seed=1)
    assert found["log_weights"].std() == pytest.approx(0.5, rel=0.05)
    assert found["age"][..., 0].std() == pytest.approx(3.0, rel=0.1)
    assert (found["age"][..., 1] == draws["age"][..., 1]).all()


def test_without_cohorts_no_spread_is_known(knowledge):
    draws = {"log_weights": np.zeros((3, Cells(knowledge).size))}
    assert (for_new_patients(Cells(knowledge), draws, seed=1)["log_weights"] == 0).all()


def test_what_is_left_out_is_predicted_from_its_cell(knowledge):
    """A cell at 60 % in every draw and hardly any spread: 30 of 50 is what is expected, half of it below."""
    cells = Cells(knowledge)
    read = cohorts(cells)
    block = cells.blocks["fever", "flu_a"]
    flat = np.zeros((200, cells.size))
    flat[:, block.start] = np.log(0.6 / 0.4)
    values = {
        "log_weights": flat,
        "shifts": np.zeros((200, 1)),
        "tau": np.full((200, 5), 1e-6),
        "trait_sd": np.full((200, len(TRAITS)), 1e-6),
        "trait_shift": np.zeros((200, 2)),
    }
    from model.elicitation.left_out import predict

    found = predict(read, np.array([0]), values, np.random.default_rng(1))
    assert found["expected"][0] == pytest.approx(0.6, abs=1e-4)
    assert found["log_density"][0] == pytest.approx(binom.logpmf(30, 50, 0.6), abs=1e-3)
    assert found["place"][0] == pytest.approx(binom.cdf(30, 50, 0.6) - 0.5 * binom.pmf(30, 50, 0.6), abs=1e-3)


def test_a_publication_is_left_out_whole(knowledge):
    from model.elicitation.left_out import fold_of, known

    read = cohorts(Cells(knowledge))
    fold = np.array([fold_of(fact.publication) for fact in read.facts])
    assert not known(read, fold).any()  # each cell has one publication
