"""All that one cell rests on: every fact once, with the numbers it prints, and what the network makes of them."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from model import believed, evidence_of, load_knowledge_base, load_network
from model.errors import UnknownNameError
from model.network.beliefs import AGE, BASIS, GROUND, ORDER, bases
from model.network.cell_evidence import UNSAID, Frequencies, frequencies
from model.network.piece import AGES, wilson
from model.text import JUDGEMENT
from tests.support.text import flat

NETWORK = load_network().thinned(40)
TABLES = NETWORK.knowledge
KNOWN = frequencies(NETWORK)
ROW = "neurotuberculosis"
FINDINGS = list(TABLES.of_role("finding"))
CELLS = {finding: evidence_of(KNOWN, finding, ROW) for finding in FINDINGS}
"""Every finding in one disease."""


def facts_of(finding, diagnosis=ROW):
    family = {diagnosis, TABLES.row(diagnosis), *TABLES.members(diagnosis)}
    return [
        f
        for f in TABLES.facts.values()
        if f.finding == finding and f.diagnosis in family and f.kind not in UNSAID
    ]


def test_every_fact_of_a_cell_is_listed_once_or_counted_as_one_of_another_state():
    wrong = []
    for finding, cell in CELLS.items():
        listed = [name for one in cell.pieces if one.fact for name in one.fact.split("|")]
        facts = [f for f in facts_of(finding) if finding != AGE or f.kind in AGES]
        if len(set(listed)) != len(listed) or len(listed) + cell.n_other != len(facts):
            wrong.append(finding)
    assert wrong == []


def test_counts_are_those_of_the_facts_turned_round_where_they_count_the_others():
    for cell in CELLS.values():
        for one in cell.cohorts:
            if one.k is not None:
                fact = TABLES.facts[one.fact]
                straight = set(fact.state.split("|")) == set(cell.states)
                assert (one.k, one.n) == ((fact.low if straight else fact.n - fact.low), fact.n)
                assert one.value == pytest.approx(one.k / one.n)
                assert one.low <= one.value <= one.high
    assert sum(len(cell.cohorts) for cell in CELLS.values()) > 50


def test_each_cohort_says_which_publication_it_is_and_where_it_can_be_read():
    for cell in CELLS.values():
        for one in cell.cohorts:
            source = TABLES.source(TABLES.facts[one.fact.split("|")[0]].source)
            assert source.title in one.title
            assert one.address == source.address


def test_the_networks_number_is_that_of_the_map():
    beliefs = believed(NETWORK)
    for finding, cell in CELLS.items():
        variable = TABLES.variables[finding]
        normal = {s.id for s in variable.states if s.is_reference}
        if finding != AGE and normal and set(cell.states) == set(variable.state_ids) - normal:
            known = beliefs.of(finding, ROW)
            assert_allclose((cell.mean, cell.low, cell.high), (known.mean, known.low, known.high))
            assert cell.basis == known.basis


def test_a_state_and_all_others_make_up_one():
    variable = TABLES.variables["enhancement_pattern"]
    first, *others = variable.state_ids
    one = evidence_of(KNOWN, variable.id, "cns_vasculitis", first)
    rest = evidence_of(KNOWN, variable.id, "cns_vasculitis", "|".join(others))
    assert one.mean + rest.mean == pytest.approx(1)
    for left, right in zip(one.cohorts, rest.cohorts, strict=True):
        assert left.fact == right.fact
        assert left.value + right.value == pytest.approx(1)


def test_wilson_holds_the_share_that_a_count_comes_from_as_often_as_it_says():
    """Exact coverage of the 90 % interval at p = 0.3, n = 40: the binomial probability of counts whose interval holds p."""
    n, p = 40, 0.3
    k = np.arange(n + 1)
    log_choose = np.concatenate([[0], np.cumsum(np.log((n - k[:-1]) / (k[:-1] + 1)))])
    mass = np.exp(log_choose + k * np.log(p) + (n - k) * np.log(1 - p))
    inside = [low <= p <= high for low, high in (wilson(int(one), n) for one in k)]
    assert mass.sum() == pytest.approx(1)
    assert 0.86 < mass[inside].sum() < 0.94


class TestWords:
    def test_a_word_is_read_as_the_scale_says_and_a_listing_has_only_one_side(self):
        scales = {(s.scale, s.term): s for s in TABLES.scales if s.mapping == "literature"}
        seen = set()
        for cell in CELLS.values():
            for one in cell.documents:
                fact = TABLES.facts[one.fact]
                if set(fact.state.split("|")) != set(cell.states):
                    continue
                seen.add(one.says)
                if one.says == "word":
                    scale = scales["word", one.term]
                    assert (one.low, one.value, one.high) == (scale.low, scale.median, scale.high)
                elif one.says == "listed":
                    assert (one.low, one.value, one.high) == (scales["listed", one.term].low, None, 1.0)
        assert {"word", "listed"} <= seen


class TestJudgement:
    def test_judgement_is_that_of_the_leaf_and_says_what_it_is(self):
        cell = next(
            c for f, c in CELLS.items() if c.judgement and len(TABLES.variables[f].states) == 2 and f != AGE
        )
        judged = TABLES.judged.get((cell.finding, cell.states[0], ROW))
        if judged is not None:
            [piece] = cell.judgement
            assert (piece.low, piece.value, piece.high) == (judged.low, judged.median, judged.high)
        assert JUDGEMENT in flat(cell.summary())

    def test_each_leaf_of_a_row_has_its_own(self):
        cell = evidence_of(KNOWN, "fever", "cns_lymphoma")
        assert [one.diagnosis for one in cell.judgement] == sorted(
            (one.diagnosis for one in cell.judgement), key=[o.diagnosis for o in cell.judgement].index
        )
        assert {one.diagnosis for one in cell.judgement} <= set(TABLES.members("cns_lymphoma"))


class TestSpread:
    def known(self, spread):
        return Frequencies(NETWORK, KNOWN.beliefs, {"spread": {"fever": spread}})

    def test_the_middle_of_all_studies_is_narrower_than_what_holds_for_a_new_patient(self):
        cell = evidence_of(self.known(0.5), "fever", ROW)
        assert cell.spread == 0.5
        assert cell.pooled[1] - cell.pooled[0] < cell.high - cell.low
        assert cell.pooled[0] < cell.mean < cell.pooled[1]

    def test_draws_that_vary_no_more_than_studies_tell_no_middle(self):
        assert evidence_of(self.known(50.0), "fever", ROW).pooled is None

    def test_without_a_stored_spread_none_is_told(self):
        cell = evidence_of(Frequencies(NETWORK, KNOWN.beliefs, {}), "fever", ROW)
        assert (cell.spread, cell.pooled) == (None, None)


class TestAges:
    cell = CELLS[AGE]

    def test_years_are_years(self):
        assert self.cell.is_age
        assert 0 < self.cell.low < self.cell.mean < self.cell.high < 100
        assert all(one.value is None or 0 < one.value < 100 for one in self.cell.pieces)

    def test_what_one_source_says_of_the_same_patients_is_one_piece(self):
        keys = [
            (f.source, f.diagnosis, f.denominator, f.n, f.given, f.state)
            for f in (TABLES.facts[one.fact.split("|")[0]] for one in self.cell.pieces if one.fact)
        ]
        assert len(set(keys)) == len(keys)


class TestMistakes:
    @pytest.mark.parametrize(
        ("finding", "diagnosis", "state", "said"),
        [
            ("fevr", ROW, "", "did you mean fever"),
            ("fever", "neurotuberculoses", "", "did you mean neurotuberculosis"),
            ("fever", ROW, "hot", "allowed: absent, present"),
        ],
    )
    def test_an_unknown_name_is_named_with_the_nearest(self, finding, diagnosis, state, said):
        with pytest.raises(UnknownNameError, match=said):
            evidence_of(KNOWN, finding, diagnosis, state)


def test_the_table_has_a_line_per_piece_and_one_for_the_network():
    for cell in list(CELLS.values())[:20]:
        frame = cell.to_frame()
        assert len(frame) == len(cell.pieces) + 1
        assert frame.kind.iloc[-1] == "network"
        assert frame.value.iloc[-1] == cell.mean


def of_all(tables):
    """What every pair of the tables rests on."""
    return bases(tables, tables.variables)


class TestBases:
    def test_a_leaf_does_not_rest_on_what_is_said_of_its_sister(self):
        for finding, diagnosis in [(f.finding, f.diagnosis) for f in TABLES.facts.values() if f.is_cohort]:
            if not finding or diagnosis not in TABLES.leaves or TABLES.row(diagnosis) == diagnosis:
                continue
            for sister in TABLES.members(TABLES.row(diagnosis)):
                said = [f for f in facts_of(finding, sister) if f.diagnosis in (sister, TABLES.row(sister))]
                if not any(f.is_cohort for f in said):
                    assert of_all(TABLES)[finding, sister] != "cohort"

    @pytest.mark.parametrize("layer", ["documents", "published"])
    def test_nothing_rests_on_what_its_layer_does_not_have(self, layer):
        grounds = {GROUND[basis] for basis in of_all(load_knowledge_base(layer=layer)).values()}
        assert "judgement" not in grounds
        assert ("cohorts" in grounds) == (layer == "published")

    def test_the_firmest_of_all_is_named(self):
        for (finding, diagnosis), basis in of_all(TABLES).items():
            if diagnosis == ROW:
                kinds = {"cohort" if f.is_cohort else BASIS.get(f.kind) for f in facts_of(finding)} - {None}
                assert not kinds or ORDER.index(basis) <= min(map(ORDER.index, kinds))
