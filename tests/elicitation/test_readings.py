"""Every kind of fact reads a frequency as its formula says; expected values are written as the sums that give them."""

from __future__ import annotations

from math import comb, exp, gamma, log, pi, sqrt

import numpy as np
import pytest
from numpy.testing import assert_allclose

from model.elicitation.age import age_readings, bin_edges, humps
from model.elicitation.cells import Cells
from model.elicitation.likelihood import agreement
from model.elicitation.populations import population_prior
from model.elicitation.reading import (
    SYMBOL_WORDS,
    percentage_reading,
    range_reading,
    reread,
    scale_table,
    upper_bound_reading,
)
from model.errors import UnknownNameError
from priors import load_knowledge_base
from tests.support.invented import one_of_each, write_invented

Z95 = 1.6448536269514722


def logit(p):
    return log(p / (1 - p))


def expit(x):
    return 1 / (1 + exp(-x))


def normal(x, mean, sd):
    return -((x - mean) ** 2) / (2 * sd**2) - log(sd) - log(2 * pi) / 2


@pytest.fixture(scope="module")
def invented(tmp_path_factory):
    """Tables with one fact of every kind."""
    return load_knowledge_base(write_invented(tmp_path_factory.mktemp("invented"), one_of_each()))


@pytest.fixture(scope="module")
def read(invented):
    """Log likelihood of a fact, and P(reading below it), where every cell has log-odds x and cut-points are 0, 1, 2."""

    def by_kind(kind, x=0.0, number=0):
        cells = Cells(invented)
        draws = {
            "log_weights": np.full((1, cells.size), x),
            "shifts": np.zeros((1, len(invented.links))),
            "cut_points": np.array([[[0.0, 1.0, 2.0]]]),
        }
        found = agreement(cells, draws)
        chosen = [i for i, fact in enumerate(found.facts) if fact.kind == kind][number]
        return found.log_likelihood[0, chosen], found.below[0, chosen]

    return by_kind


def test_a_count_is_binomial(read):
    """30 of 40 at frequency 1/2."""
    log_p, below = read("count")
    assert_allclose(log_p, log(comb(40, 30) / 2**40), rtol=1e-10)
    half_of_tie = sum(comb(40, k) for k in range(30)) / 2**40 + comb(40, 30) / 2**41
    assert_allclose(below, half_of_tie, rtol=1e-10)


def test_a_word_is_student_t_around_its_scale(read):
    """`common` is 0.25, 0.5, 0.8: log-odds 0 with the width between the 5 % and 95 % points; 4 degrees of freedom."""
    sd = (logit(0.8) - logit(0.25)) / (2 * Z95)
    at_centre = gamma(2.5) / (gamma(2) * sqrt(4 * pi) * sd)
    assert_allclose(read("word")[0], log(at_centre), rtol=1e-10)
    z = 1.3 / sd
    assert_allclose(read("word", 1.3)[0], log(at_centre) - 2.5 * log(1 + z**2 / 4), rtol=1e-10)
    assert_allclose(read("word")[1], 0.5, rtol=1e-10)


def test_a_percentage_counts_like_fifty_patients(read):
    sd = 1 / sqrt(50 * 0.2 * 0.8)
    assert_allclose(read("percentage", 0.3)[0], normal(logit(0.2), 0.3, sd), rtol=1e-10)
    assert percentage_reading(1.0).mean == pytest.approx(logit(0.99), rel=1e-12)  # never certain


def test_a_range_is_as_wide_as_it_is_printed_and_somewhat_wider(read):
    mean = (logit(0.1) + logit(0.4)) / 2
    sd = sqrt(((logit(0.4) - logit(0.1)) / (2 * Z95)) ** 2 + 0.25**2)
    assert_allclose(read("range", 0.3)[0], normal(mean, 0.3, sd), rtol=1e-10)
    assert range_reading(0.1, 0.4).sd == pytest.approx(sd, rel=1e-12)


def test_an_upper_bound_is_read_at_three_quarters(read):
    assert upper_bound_reading(0.4).mean == pytest.approx(logit(0.3), rel=1e-12)
    at_centre = gamma(2.5) / (gamma(2) * sqrt(4 * pi) * 0.45)
    assert_allclose(read("upper_bound", logit(0.3))[0], log(at_centre), rtol=1e-10)


def test_a_listing_is_one_sided(read):
    """Its 5 % point is 0.1: there the listing is a toss-up, and far above it says nothing more."""
    assert_allclose(read("listed", logit(0.1))[0], log(0.5), rtol=1e-10)
    assert_allclose(read("listed", 0.0)[0], log(expit(1.5 * -logit(0.1))), rtol=1e-10)
    assert read("listed", 8.0)[0] > -1e-4


def test_a_denial_is_one_sided(read):
    """Its 95 % point is 0.05."""
    assert_allclose(read("negative", logit(0.05))[0], log(0.5), rtol=1e-10)
    assert_allclose(read("negative", 0.0)[0], log(expit(1.5 * logit(0.05))), rtol=1e-10)
    assert read("negative", -8.0)[0] > -1e-3


def test_a_symbol_is_an_ordered_category(read):
    """P(at or above j) = expit(2.5 (x - cut j)), with cut-points at 0, 1 and 2."""
    assert_allclose(read("symbol", 1.2, 0)[0], log(expit(2.5 * (1.2 - 2))), rtol=1e-10)
    assert_allclose(read("symbol", 1.2, 1)[0], log(1 - expit(2.5 * 1.2)), rtol=1e-10)
    assert_allclose(read("symbol", 1.2, 0)[1], 1 - expit(2.5 * (1.2 - 2)) / 2, rtol=1e-10)


def test_an_ordering_is_soft(read):
    assert_allclose(read("ordering")[0], log(0.5), rtol=1e-10)  # all cells alike


def test_a_specific_sign_is_rare_elsewhere_and_free_where_it_belongs(invented):
    cells = Cells(invented)
    prior = population_prior(cells, scale_table(invented))
    elsewhere = cells.blocks["finding_7", "disease_1"].start
    assert prior.constant[elsewhere] == pytest.approx(logit(0.0005), rel=1e-12)
    assert prior.on_level[elsewhere].sum() == 0


def test_silence_denial_and_mention_have_their_own_levels(invented):
    cells = Cells(invented)
    prior = population_prior(cells, scale_table(invented))
    level = {
        name: prior.level_mean @ prior.on_level[cells.blocks[finding, entity].start]
        for name, finding, entity in (
            ("silence", "finding_8", "disease_4"),
            ("denial", "finding_6", "disease_0"),
            ("mention", "finding_0", "disease_0"),
            ("other", "finding_8", "other"),
        )
    }
    assert level["silence"] == pytest.approx(logit(0.025), rel=1e-12)
    assert level["denial"] == pytest.approx(logit(0.025), rel=1e-12)  # the invented scales give both the same
    assert level["mention"] == pytest.approx(logit(0.32), rel=1e-12)
    assert level["other"] == pytest.approx(logit(0.08), rel=1e-12)


def test_ages_are_read_as_humps(invented):
    """A mean is a mean; a typical range holds the central 80 % (z = 1.28)."""
    first, second = humps(invented)[:2]
    read = age_readings(invented)
    [mean] = [one for one in read if one.leaf == first.leaf]
    assert (mean.kind, mean.value, mean.within, mean.is_cohort) == ("mean", 40.0, 3.0, False)
    low, high = (one for one in read if one.leaf == second.leaf)
    assert (low.kind, low.value, high.kind, high.value) == ("low", 20.0, "high", 60.0)
    assert low.z == high.z == pytest.approx(1.2815515655446004, rel=1e-12)
    assert_allclose(bin_edges(invented), [0, 18, 40, 100])


def test_a_statement_made_twice_in_one_section_is_read_once(tmp_path):
    facts = one_of_each()
    facts.append({**facts[1], "id": "101-0099"})
    facts.append({**facts[1], "id": "101-0100", "location": "Discussion"})
    knowledge = load_knowledge_base(write_invented(tmp_path, facts))
    cells = Cells(knowledge)
    draws = {
        "log_weights": np.zeros((1, cells.size)),
        "shifts": np.zeros((1, len(knowledge.links))),
        "cut_points": np.array([[[0.0, 1.0, 2.0]]]),
    }
    words = [fact.id for fact in agreement(cells, draws).facts if fact.kind == "word"]
    assert words == ["101-0002", "101-0100"]


def test_a_reading_that_no_scale_has_is_refused(invented):
    with pytest.raises(UnknownNameError, match=r"scales\.csv: unknown mapping hpo; allowed: literature"):
        scale_table(invented, "hpo")


@pytest.mark.parametrize("mapping", ["hpo", "renooij_witteman"])
def test_other_readings_of_words_can_be_chosen(knowledge, mapping):
    """They change words only, and a term that they lack keeps its default."""
    default, other = scale_table(knowledge), scale_table(knowledge, mapping)
    changed = {key for key in default if default[key] != other[key]}
    assert set(default) == set(other)
    assert len(changed) >= 8
    assert {scale for scale, _ in changed} == {"word"}


def test_symbols_can_be_read_as_words(knowledge):
    """Every symbol turns into a word, a listing or a denial; nothing else and no digest changes."""
    other = reread(knowledge, "hpo+symbols_as_words")
    changed = {name for name in knowledge.facts if knowledge.facts[name] != other.facts[name]}
    assert changed == {fact.id for fact in knowledge.facts.values() if fact.kind == "symbol"}
    assert {(knowledge.facts[name].term, other.facts[name].kind) for name in changed} == {
        ("+", "listed"),
        ("+/-", "word"),
        ("rare", "word"),
        ("-", "negative"),
    }
    assert other.digest == knowledge.digest
    assert scale_table(other, "hpo+symbols_as_words") == scale_table(knowledge, "hpo")
    assert reread(knowledge, "hpo") is knowledge


def test_every_kind_that_stands_for_a_symbol_is_in_the_scales(knowledge):
    known = {(scale.scale, scale.term) for scale in knowledge.scales}
    assert set(SYMBOL_WORDS.values()) <= known
