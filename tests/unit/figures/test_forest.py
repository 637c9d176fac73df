"""Forest plot and footing: every number stands in the text, marks lie where the numbers are, sources are linked."""

import re

import pytest

from model import encode, evidence_of, explain, load_network
from model.figures import WORDS, footing_table, forest_plot, ground_squares
from model.network.cell_evidence import frequencies
from model.text import JUDGEMENT, percent

NETWORK = load_network().thinned(40)
TABLES = NETWORK.knowledge
KNOWN = frequencies(NETWORK)
CELLS = [
    evidence_of(KNOWN, finding, row)
    for finding, row in [
        ("csf_pleocytosis", "neurotuberculosis"),
        ("headache", "cns_vasculitis"),
        ("enhancement_pattern", "cns_vasculitis"),
        ("age_years", "nmosd"),
        ("fever", "other"),
        ("mass_effect", "multiple_sclerosis"),
    ]
]
EACH = pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.finding}-{cell.diagnosis}")


@EACH
def test_each_piece_is_a_row_with_its_numbers(cell):
    html = forest_plot(cell, TABLES).html
    assert html.count("<u style=") == len(cell.pieces) + 1 + (cell.pooled is not None)
    for one in cell.pieces:
        if one.k is not None:
            assert f"{one.k} of {one.n}" in html
        if one.value is not None:
            assert cell.said(one.value) in html
    assert cell.said(cell.mean) in html


@EACH
def test_a_mark_lies_where_its_number_is(cell):
    html = forest_plot(cell, TABLES).html
    scale = 1 if cell.is_age else 100
    marks = [float(left) for left in re.findall(r'<i class="mf-cohort" style="left:([\d.]+)%', html)]
    assert marks == pytest.approx(
        [scale * one.value for one in cell.cohorts if one.value is not None], abs=0.05
    )
    band = re.search(r'<u style="left:([\d.]+)%;width:([\d.]+)%', html)
    assert float(band[1]) == pytest.approx(scale * cell.low, abs=0.06)
    assert float(band[2]) == pytest.approx(scale * (cell.high - cell.low), abs=0.06)


@EACH
def test_it_is_said_why_the_middle_is_not_that_of_the_cohorts(cell):
    caption, counted = forest_plot(cell, TABLES).caption, cell.counted
    told = [one for one in cell.cohorts if one.value is not None and one.n]
    assert (counted is None) == (not told)
    if counted is None or cell.said(counted[0]) == cell.said(cell.middle):
        assert WORDS["forest_pull_some"] not in caption
        return
    assert counted[0] == pytest.approx(sum(one.value * one.n for one in told) / counted[1])
    first = caption.partition(". 90 % intervals")[0]
    assert (WORDS["forest_pull_one" if len(told) == 1 else "forest_pull_some"]) in first
    assert cell.said(counted[0]) in first
    assert cell.said(cell.middle) in first
    assert ("judgement (" in first) == any(one.value is not None for one in cell.judgement)


@EACH
def test_sources_are_linked_to_where_they_can_be_read(cell):
    links = re.findall(r'<a href="([^"]+)"', forest_plot(cell, TABLES).html)
    assert links == [one.address for one in cell.pieces if one.address.startswith("https://")]


@EACH
def test_judgement_says_what_it_is(cell):
    assert (JUDGEMENT in forest_plot(cell, TABLES).caption) == bool(cell.judgement)


def test_the_names_of_matches_tags_and_kinds_are_words():
    for fact in TABLES.facts.values():
        if fact.is_cohort and fact.finding:
            assert fact.match == "exact" or f"match_{fact.match}" in WORDS
            assert all(f"tag_{tag}" in WORDS for tag in fact.tags)
        elif fact.finding:
            assert fact.kind in ("note", "ordering", "prior") or f"says_{fact.kind}" in WORDS


def test_what_comes_from_outside_is_escaped():
    words = {**WORDS, "ground_cohorts": "<script>", "forest_predictive": "a < b"}
    html = forest_plot(CELLS[0], TABLES, words=words).html
    assert "<script" not in html
    assert "a &lt; b" in html


class TestFooting:
    why = explain(
        NETWORK,
        encode(NETWORK, {"fever": "present", "csf_pleocytosis": "present", "tick_bite": "absent"}),
        n_simulated=20,
    )

    def test_both_sides_are_shown_with_their_shares(self):
        footing = self.why.footing
        figure = footing_table(footing)
        for side in (footing.shares, footing.shares_against):
            assert sum(side.values()) == pytest.approx(1)
            assert all(percent(share) in figure.html for share in side.values() if share)
        assert figure.html.count("<li>") == len(footing.findings)

    def test_judgement_says_what_it_is(self):
        assert (JUDGEMENT in footing_table(self.why.footing).caption) == self.why.footing.is_judged


def test_each_finding_is_a_square_of_its_ground_and_no_length_says_a_share():
    figure = ground_squares(
        {"cohorts": 3, "documents": 0, "judgement": 1}, {"cohorts": 0.75, "documents": 0.0, "judgement": 0.25}
    )
    for ground, counted, share in (("cohorts", "3 findings", 0.75), ("judgement", "1 finding", 0.25)):
        row = figure.html.partition(WORDS[f"ground_{ground}"])[2].partition('role="row"')[0]
        assert f"{counted} <" in row
        assert f"{percent(share)} of the weight" in row
        assert row.count("<i ") == int(counted[0])
    assert "Documents" not in figure.html
    assert "width" not in figure.html
    assert ground_squares({}, {}).html == ""
