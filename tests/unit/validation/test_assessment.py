"""Calibration, diseases, order by order, reliability, and the page about them: right by hand, and able to fail."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from model import (
    Case,
    by_disease,
    calibration,
    calibrations,
    encode,
    load_network,
    posterior,
    reliability,
    reveal,
    score,
    simulate,
)
from model.cli import main
from model.errors import EvidenceError
from model.figures import calibration_plot, rank_histogram, reveal_curves
from model.network.origin import Origin
from model.pages.assessment import page
from model.validation.assessment import assess
from model.validation.calibration import MANY
from model.validation.reliability import ranks
from tests.support.command import run
from tests.support.small_network import small_network

NETWORK = small_network()
KNOWLEDGE = NETWORK.knowledge
CASES = [
    Case(
        "A", {"sex": "female", "serum_aqp4_igg": "positive"}, truth="nmosd", confirmatory=("serum_aqp4_igg",)
    ),
    Case("B", {"pvs_pattern": "present", "enhancement_pattern": "miliary"}, truth="primary_cns_lymphoma"),
    Case("<i>C</i>", {"fever": "present"}, truth="nmosd"),
    Case("D", {"fever": "present"}),
]


class TestCalibration:
    def test_groups_hold_what_was_said_and_what_came_true(self):
        p = np.array([0.1, 0.1, 0.5, 0.9, 0.9, 0.9, 0.9])
        true = np.array([False, True, True, True, True, True, False])
        found = calibration(p, true)
        assert found.n.tolist() == [2, 1, 4]
        np.testing.assert_allclose(found.predicted, [0.1, 0.5, 0.9], rtol=1e-12)
        np.testing.assert_allclose(found.observed, [0.5, 1.0, 0.75], rtol=1e-12)
        assert found.error == pytest.approx((2 * 0.4 + 1 * 0.5 + 4 * 0.15) / 7)

    @pytest.mark.parametrize("n", [200, 20 * MANY])
    def test_probabilities_that_come_true_lie_inside_the_band_of_chance(self, n):
        rng = np.random.default_rng(2)
        p = rng.random(n)
        found = calibration(p, rng.random(n) < p)
        inside = (found.by_chance[:, 0] <= found.observed) & (found.observed <= found.by_chance[:, 1])
        assert inside.mean() >= 0.8
        assert found.p_value > 0.01

    @pytest.mark.parametrize("n", [200, 20 * MANY])
    def test_overconfident_probabilities_are_caught(self, n):
        rng = np.random.default_rng(3)
        p = rng.random(n)
        sure = np.where(p > 0.5, (1 + p) / 2, p / 2)
        found = calibration(sure, rng.random(n) < p)
        assert found.error > 2 * found.error_by_chance
        assert found.p_value < 0.01

    def test_certain_answers_have_no_room_for_chance(self):
        found = calibration(np.array([0.0, 1.0, 1.0]), np.array([False, True, True]))
        np.testing.assert_array_equal(found.by_chance, [[0, 0], [1, 1]])
        assert found.error == 0

    def test_a_plot_has_a_mark_for_every_group(self):
        found = calibration(np.array([0.1, 0.5, 0.9]), np.array([False, True, True]))
        html = calibration_plot(found, of="<b>").whole
        assert html.count("<circle") == 3
        assert "<b>." not in html


class TestDiseases:
    def test_rows_are_counted_with_what_they_are_taken_for(self):
        found = score(NETWORK, CASES)
        lines = {line.row: line for line in by_disease(found.cases, KNOWLEDGE).lines}
        assert set(lines) == {"nmosd", "cns_lymphoma"}
        assert lines["nmosd"].n == 2
        p = [case.rows["nmosd"] for case in found.cases if case.truth == "nmosd"]
        assert lines["nmosd"].p_truth == pytest.approx(np.mean(p), rel=1e-10)
        leads = [next(iter(case.rows)) for case in found.cases if case.truth == "nmosd"]
        wrong = [row for row in leads if row != "nmosd"]
        assert sum(n for _, n in lines["nmosd"].taken_for) == len(wrong)
        assert lines["nmosd"].top1 * 2 == pytest.approx(2 - len(wrong))

    def test_the_totals_are_those_of_the_diseases_together(self):
        found = score(NETWORK, CASES)
        lines = by_disease(found.cases, KNOWLEDGE).lines
        assert sum(line.n * line.top3 for line in lines) / found.totals.n == pytest.approx(found.totals.top3)


class TestReveal:
    def test_it_begins_with_the_prior_and_ends_with_the_whole_score(self):
        found = reveal(NETWORK, CASES)
        whole = score(NETWORK, CASES)
        first, last = found.steps[0], found.steps[-1]
        assert (first.order, first.n_findings) == ("", 0)
        assert first.totals.log_score == pytest.approx(first.baselines["prior"].log_score, rel=1e-10)
        assert first.totals.brier == pytest.approx(first.baselines["prior"].brier, rel=1e-10)
        assert last.totals.log_score == pytest.approx(whole.totals.log_score, rel=1e-10)
        assert [s.n_findings for s in found.steps] == sorted({s.n_findings for s in found.steps})

    def test_masked_findings_are_never_revealed(self):
        masked = reveal(NETWORK, CASES, mask_confirmatory=True).steps[-1].totals
        assert masked.log_score == pytest.approx(
            score(NETWORK, CASES, mask_confirmatory=True).totals.log_score, rel=1e-10
        )

    def test_simulated_patients_are_known_better_with_every_order(self):
        network = load_network().at_mean()
        steps = reveal(network, simulate(network, 300, seed=4).cases()).steps
        scores = [step.totals.log_score for step in steps]
        assert scores[0] < scores[2] < scores[-1]
        assert reveal_curves(reveal(NETWORK, CASES)).html.count("<path") > 6


class TestReliability:
    def test_ranks_are_shares_of_the_other_draws(self):
        p = np.array([[0.1, 0.4], [0.2, 0.4], [0.3, 0.1]])
        as_shown, weighted = ranks(p, np.zeros((3, 2)), np.array([2, 0]))
        np.testing.assert_allclose(as_shown, [1.0, 0.75])
        np.testing.assert_allclose(weighted, as_shown)

    def test_draws_weighted_by_the_findings_are_level_in_the_shipped_network(self):
        """Uniform at the 0.1 % level; the seed is fixed."""
        found = reliability(load_network(), n=600, seed=1)
        assert found.p_value("weighted") > 0.001
        for level, (share, low, high) in found.coverage("weighted").items():
            assert low <= share <= high
            assert abs(share - level) < 0.06

    def test_intervals_that_are_too_narrow_are_caught(self):
        """Ranks pushed to both ends, as by draws that vary too little."""
        found = reliability(load_network(), n=600, seed=1)
        narrow = replace(
            found, as_shown=np.where(found.weighted < 0.5, found.weighted / 2, (1 + found.weighted) / 2)
        )
        assert narrow.p_value() < 1e-6
        assert narrow.coverage()[0.5][0] < 0.3

    def test_a_level_histogram_stays_inside_its_band(self):
        even = (np.arange(1000) + 0.5) / 1000
        found = replace(reliability(load_network(), n=40, seed=1), as_shown=even, weighted=even)
        assert found.p_value() == pytest.approx(1.0)
        assert found.histogram().tolist() == [50] * 20
        assert found.coverage()[0.9][0] == pytest.approx(0.9)
        assert "90" in rank_histogram(found).caption

    def test_a_single_set_of_parameters_is_refused(self):
        with pytest.raises(EvidenceError, match="at least 20 are needed"):
            reliability(load_network().at_mean())

    def test_the_same_seed_gives_the_same_ranks(self):
        one, two = (reliability(load_network(), n=30, seed=7) for _ in range(2))
        np.testing.assert_array_equal(one.as_shown, two.as_shown)


class _Tags(HTMLParser):
    """Tags of a page, and addresses that it would load."""

    def __init__(self):
        super().__init__()
        self.tags, self.addresses = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href")]


class TestPage:
    @pytest.fixture
    def html(self):
        found = score(NETWORK, CASES)
        return page(
            assess(found, KNOWLEDGE, reveal=reveal(NETWORK, CASES), title="<script>", about={"a": "<b>"})
        )

    def test_it_loads_nothing_and_escapes_everything(self, html):
        seen = _Tags()
        seen.feed(html)
        assert seen.addresses == []
        assert "script" not in seen.tags
        assert "<i>C" not in html
        assert "&lt;i&gt;C&lt;/i&gt;" in html
        assert "url(" not in html

    def test_it_shows_the_scores_and_what_they_were_made_with(self, html):
        totals = score(NETWORK, CASES).totals
        assert f"{totals.log_score:.3f}" in html
        assert f"{totals.brier:.3f}" in html
        assert "<dt>a</dt><dd>&lt;b&gt;</dd>" in html
        assert "not a medical device" in html


class TestCommand:
    @pytest.fixture
    def file(self, tmp_path):
        path = tmp_path / "cases.json"
        cases = [{"id": "X", "findings": {"serum_aqp4_igg": "positive"}, "truth": "nmosd"}]
        path.write_text(json.dumps(cases), encoding="utf-8")
        return path

    def test_a_report_is_written_and_the_scores_stay_as_they_were(self, file, tmp_path, capsys):
        assert main(["score", str(file), "--json"]) == 0
        plain = json.loads(capsys.readouterr().out)
        report = tmp_path / "deep" / "report.html"
        assert main(["score", str(file), "--json", "--report", str(report)]) == 0
        told = json.loads(capsys.readouterr().out)
        assert {key: told[key] for key in plain} == plain
        assert set(told) - set(plain) == {"calibration", "diseases", "reveal", "reliability"}
        assert report.read_text(encoding="utf-8").startswith("<!doctype html>")
        assert [path.name for path in report.parent.iterdir()] == ["report.html"]

    def test_a_report_that_cannot_be_written_is_one_line(self, file, capsys):
        with pytest.raises(SystemExit, match="2"):
            main(["score", str(file), "--report", str(file / "report.html")])
        complaint = capsys.readouterr().err.splitlines()
        assert len(complaint) == 1
        assert "cannot be written" in complaint[0]

    def test_simulated_patients_are_scored_at_a_hundred_draws_when_there_are_many(self, capsys, monkeypatch):
        monkeypatch.setattr("model.commands.score.MANY_CASES", 5)
        assert main(["score", "--simulated", "6", "--seed", "3", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["n"], told["n_draws"]) == (6, 100)
        assert main(["score", "--simulated", "6", "--seed", "3", "--draws", "7", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["n_draws"] == 7

    @pytest.mark.parametrize(
        "arguments", [[], ["cases.json", "--simulated", "3"], ["--simulated", "3", "--seed", "-1"]]
    )
    def test_what_does_not_go_together_is_refused_in_one_line(self, arguments, capsys):
        status, out, err = run(capsys, "score", *arguments)
        assert (status, out, len(err.splitlines())) == (2, "", 1)

    def test_sensitivity_writes_a_line_per_case_and_number(self, tmp_path, capsys):
        file, out = tmp_path / "two.json", tmp_path / "lines.csv"
        file.write_text(
            json.dumps([{"id": i, "findings": {"fever": "present"}} for i in "ab"]), encoding="utf-8"
        )
        assert main(["sensitivity", str(file), "--csv", str(out), "--top", "1"]) == 0
        n = int(re.search(r"Of (\d+) numbers", capsys.readouterr().out)[1])
        lines = out.read_text(encoding="utf-8").splitlines()
        assert len(lines) == 1 + 2 * n
        assert lines[0].startswith("case,diagnosis,probability,at_mean,leader_at_mean,parameter")
        assert sum(line.startswith("case,") for line in lines) == 1


def test_thinned_draws_are_some_of_the_draws():
    network = load_network()
    few = network.thinned(7)
    assert few.n_draws == 7
    assert network.thinned(10**6) is network
    evidence = encode(network, {"fever": "present"})
    every, some = posterior(network, evidence).probabilities, posterior(few, evidence).probabilities
    kept = np.linspace(0, network.n_draws - 1, 7).round().astype(int)
    np.testing.assert_allclose(some, every[kept], rtol=1e-10)


def test_calibration_is_of_the_leader_and_of_every_row():
    leader, rows = calibrations(score(NETWORK, CASES).cases, KNOWLEDGE)
    assert leader.n.sum() == 3
    assert rows.n.sum() == 3 * len(KNOWLEDGE.rows)


def test_the_page_says_that_draws_have_not_converged():
    network = replace(NETWORK, origin=Origin(problems=("elicitation: 3 divergences",)))
    assert "Not to be relied on" in page(assess(score(network, CASES), KNOWLEDGE))
