"""Figures of evidence, information and robustness: every number is the result's, and nothing needs colour."""

import re
from dataclasses import replace
from html import escape

import numpy as np
import pytest
from numpy.testing import assert_allclose

from model import (
    encode,
    explain,
    information_of_orders,
    load_network,
    posterior,
    prior_sweep,
    rank_drivers,
    sensitivity,
    smallest_changes,
    switches,
    two_way,
    value_of_information,
    value_of_knowing,
)
from model.figures import (
    WORDS,
    Figure,
    changes_table,
    contrast_bars,
    drivers_bars,
    information_bars,
    knowing_bars,
    look_for_table,
    number_label,
    order_bars,
    people_dots,
    sensitivity_curve,
    share_bars,
    shift_table,
    surface_map,
    sweep_curves,
    switch_table,
    tornado,
    waterfall,
    weight_text,
)
from model.figures.people import whole_people
from model.figures.plot import DASHES, PALETTE, Axis, Plot, key
from model.figures.words import placed
from model.robustness.results import influence
from model.text import percent
from model.why.weight import bans

NETWORK = load_network()
KNOWLEDGE = NETWORK.knowledge
PATIENT = {
    "age_years": 39,
    "sex": "female",
    "pvs_pattern": "present",
    "enhancement_pattern": "miliary",
    "fever": "absent",
    "headache": "present",
    "csf_oligoclonal_bands": "present",
    "weight_loss": "present",
}
EVIDENCE = encode(NETWORK, PATIENT)


@pytest.fixture(scope="module")
def why():
    return explain(NETWORK, EVIDENCE, contrast=("neurosarcoidosis", "cns_lymphoma"), n_simulated=50)


@pytest.fixture(scope="module")
def found():
    return sensitivity(NETWORK, EVIDENCE)


def bars(figure, kind):
    """Left end and width, in per cent, of the bars that speak for or against."""
    pattern = rf'class="mf-{kind}" style="margin-left:([\d.]+)%;width:([\d.]+)%'
    return np.array(re.findall(pattern, figure.html), dtype=float)


class TestWaterfall:
    @pytest.mark.parametrize("kind", ["in_sequence", "order_free"])
    def test_bars_follow_each_other_from_the_prior_to_the_posterior(self, why, kind):
        figure = waterfall(why, kind=kind)
        ends = np.array(re.findall(r'<b style="left:([\d.]+)%"></b>', figure.html), dtype=float)
        signed = bars(figure, "for")[:, 1].sum() - bars(figure, "against")[:, 1].sum()
        assert len(ends) == 2
        assert ends[1] - ends[0] == pytest.approx(signed, abs=0.4 * len(PATIENT))
        assert figure.html.count('role="row"') == len(why.contributions) + 3

    def test_every_finding_stands_with_its_weight(self, why):
        html = waterfall(why, unit="deciban").html
        for one in why.contributions:
            assert escape(f"{one.label}: {one.value}") in html
            assert f"{10 * one.order_free:+.1f}".replace("-", "−") in html

    def test_usually_it_says_how_many_times_likelier_each_finding_is(self, why):
        figure = waterfall(why)
        weights = sorted((one.order_free for one in why.contributions), key=lambda w: -abs(w))
        said = re.findall(r'class="mf-p">([^<]*(?:likely|likelier))<', figure.html)
        assert said == [weight_text(weight) for weight in weights]
        assert "as likely in" in figure.caption
        assert "ban" not in figure.caption

    def test_what_speaks_against_is_striped_not_only_coloured(self, why):
        n_against = sum(one.order_free < 0 for one in why.contributions)
        assert len(bars(waterfall(why), "against")) == n_against > 0

    def test_weights_that_do_not_add_up_are_refused(self, why):
        with pytest.raises(ValueError, match="which add up"):
            waterfall(why, kind="alone")

    def test_the_scale_is_that_of_the_odds(self):
        assert_allclose([bans(p) for p in (1 / 11, 0.5, 100 / 101)], [-1, 0, 2], atol=1e-12)


def test_a_contrast_points_to_the_diagnosis_that_each_finding_favours(why):
    figure = contrast_bars(why.contrast)
    favours = [one.order_free for one in why.contrast.contributions]
    assert len(bars(figure, "for")) == sum(w >= 0 for w in favours)
    assert (bars(figure, "for")[:, 0] == 50).all()
    against = bars(figure, "against")
    assert_allclose(against.sum(axis=1), 50, atol=0.5)
    assert why.contrast.against_label in figure.title


def test_information_is_shown_with_its_unit_and_its_error():
    of_findings = information_bars(value_of_information(NETWORK, EVIDENCE, target="row"), n=7)
    assert of_findings.html.count('role="row"') == 7
    assert "bits" in of_findings.html
    orders = information_of_orders(NETWORK, EVIDENCE, orders=["brain_mri", "lumbar_puncture"], samples=50)
    html = order_bars(orders).html
    sampled = [o for o in orders if o.standard_error is not None]
    assert sampled
    assert html.count("<em ") == len(sampled)
    assert f"{sampled[0].value:.2f} ± {sampled[0].standard_error:.2f}" in html


def test_what_to_look_for_gives_each_answer_with_the_diagnosis_that_it_moves_most():
    information = value_of_information(NETWORK, EVIDENCE, target="row")
    some = [one for one in information if one.order == "brain_mri"][:3]
    figure = look_for_table(information, some, KNOWLEDGE)
    answers = [min(3, len(one.states)) for one in some]
    assert figure.html.count('class="mf-what"') == sum(answers)
    for one in some:
        likeliest = int(one.predicted.argmax())
        moved = int(np.abs(one.after[likeliest] - information.before).argmax())
        assert f"<strong>{escape(one.label)}</strong>" in figure.html
        assert f"expected in {escape(percent(float(one.predicted[likeliest])))}" in figure.html
        assert f"→ {escape(percent(float(one.after[likeliest][moved])))}" in figure.html


class TestTornado:
    def test_bars_span_the_answers_at_both_ends_of_the_plausible_range(self, found):
        figure, parameters = tornado(found, n=5), found.parameters
        spans = bars(figure, "for")
        for (left, width), i in zip(spans, influence(found)[:5], strict=True):
            ends = sorted(100 * found.at(values)[0, i] for values in (parameters.low, parameters.high))
            assert left == pytest.approx(ends[0], abs=0.051)
            assert left + width == pytest.approx(ends[1], abs=0.41)

    def test_it_says_that_it_is_about_a_number_and_not_about_a_finding(self, found):
        figure = tornado(found)
        assert figure.title.startswith("If this number in the model were wrong")
        assert "Not what a finding would do" in figure.caption

    def test_a_number_without_a_source_says_so(self, found):
        unsourced = [int(i) for i in influence(found)[:12] if not found.parameters.facts(int(i))]
        assert tornado(found, n=12).html.count(WORDS["no_source"]) == len(unsourced)

    def test_numbers_that_could_change_the_leader_carry_a_flag(self, found):
        parameters, order = found.parameters, influence(found)[:40]
        ends = found.admissible[0, order]
        n = int(((ends[:, 0] > parameters.low[order]) | (ends[:, 1] < parameters.high[order])).sum())
        assert tornado(found, n=40).html.count("⚑") == n


def test_a_number_is_named_by_the_labels_of_the_tables():
    given = {"diagnosis": "pacns", "brainstem_disease": "absent", "ms_variant": "not_applicable"}
    label = number_label(KNOWLEDGE, "pontine_predominance", "present", given)
    assert (
        label == "Pontine predominance: present, in primary angiitis of the CNS (Brainstem disease: absent)"
    )
    assert "common" in number_label(KNOWLEDGE, "diagnosis", "nmosd", {"region": "other"})


class TestCurves:
    def test_a_curve_passes_through_the_present_answer(self, found):
        i = int(influence(found)[0])
        figure = sensitivity_curve(found, i)
        plot = Plot(Axis(0, 1, ""), Axis(0, 1, ""))
        value = float(found.parameters.value[i])
        start, now = found.along(i, np.array([0.01, value]))[:, found.target[0]]
        x, y = plot.point(0.01, float(start))
        assert f"M{x} {y}L" in figure.html
        assert now == pytest.approx(float(found.present[0, 0]))

    def test_a_sweep_says_where_the_leader_changes(self):
        sweep = prior_sweep(NETWORK, EVIDENCE, "neurotuberculosis")
        figure = sweep_curves(sweep, KNOWLEDGE)
        assert "Neurotuberculosis leads" in figure.caption
        assert figure.html.count('fill="none" stroke="#') == 4

    def test_a_surface_colours_every_point_inside_and_names_the_leaders(self, found):
        first, second = (int(i) for i in influence(found)[:2])
        surface = two_way(found.parameters, EVIDENCE, first, second, n=9)
        figure = surface_map(surface, ("one", "another"), KNOWLEDGE)
        assert figure.html.count("crispEdges") == int(surface.inside.sum())
        for name in surface.leaders:
            assert KNOWLEDGE.diagnoses[name].label in figure.html

    def test_series_differ_in_dash_and_in_colour(self):
        assert len(set(DASHES)) == len(set(PALETTE)) == 6
        assert len(set(re.findall(r'stroke-dasharray="([^"]*)"', key(list("abcdef"))))) == 6


class TestPlot:
    def test_values_outside_are_drawn_at_the_edge(self):
        axis = Axis(0, 2, "x", is_share=False)
        assert (axis.at(-1), axis.at(1), axis.at(5)) == (0.0, 0.5, 1.0)

    def test_log_odds_put_the_middle_in_the_middle(self):
        axis = Axis(0.01, 0.99, "p", scale="log odds")
        assert axis.at(0.5) == pytest.approx(0.5)
        assert axis.at(0.9) - axis.at(0.5) == pytest.approx(axis.at(0.5) - axis.at(0.1))

    @pytest.mark.parametrize(("low", "high"), [(0, 1), (-3, 7.5), (0, 0.013), (10, 12000)])
    def test_ticks_lie_inside_and_are_few(self, low, high):
        ticks = Axis(low, high, "x", is_share=False).ticks()
        assert 2 <= len(ticks) <= 8
        assert all(low - 1e-9 <= value <= high + 1e-9 for value, _ in ticks)
        assert "-0" not in [name for _, name in ticks]

    def test_words_are_escaped(self):
        plot = Plot(Axis(0, 1, "<b>"), Axis(0, 1, "&"))
        svg = plot.drawn(plot.rule(x=0.5, text="<i>"), title='"quoted"', description="<script>")
        assert "<b>" not in svg
        assert "<i>" not in svg
        assert "<script>" not in svg
        assert "&quot;quoted&quot;" in svg


def test_a_goal_shows_each_number_with_what_it_would_have_to_be():
    moved = sensitivity(NETWORK, EVIDENCE)
    goal = smallest_changes(NETWORK, EVIDENCE, "susac_syndrome >= 0.5", parameters=moved.parameters)
    figure = changes_table(goal, moved.parameters, "Susac syndrome at 50 %", n=5)
    assert figure.title == "Susac syndrome at 50 %"
    shown = goal.parameters[:5]
    assert figure.html.count('role="row"') == 1 + len(shown) > 1
    for change in shown:
        assert f">{escape(percent(change.needed))}<" in figure.html
        assert f"left:{100 * change.needed:.1f}%" in figure.html
        node, given, state = moved.parameters.addresses[change.index]
        assert escape(number_label(KNOWLEDGE, node, state, given)) in figure.html


def test_what_to_look_up_is_what_can_be_told_from_chance():
    knowing = value_of_knowing(NETWORK, EVIDENCE)
    figure = knowing_bars(knowing, n=500)
    worth = (knowing.bits > knowing.noise[0]) & knowing.direct
    assert figure.html.count('role="row"') >= int(worth.sum()) > 0
    nothing = replace(knowing, noise=(float(knowing.bits.max()) + 1, 0.0))
    assert WORDS["knowing_none"] in knowing_bars(nothing).html
    best = float(knowing.bits[knowing.order[0]])
    shares = knowing_bars(knowing, open_bits=4 * best)
    assert ">25 %<" in shares.html
    assert " bits" not in shares.html + shares.caption


def test_switches_are_listed_once_each_with_the_combinations_that_flip():
    # Other readings of words are stored for the documents alone.
    printed = load_network(knowledge="documents")
    answer = switches(printed, encode(printed, PATIENT), mappings=("literature", "hpo"), n_draws=10)
    figure = switch_table(answer, KNOWLEDGE)
    alone = sum(len(position.moved(answer.positions[0])) <= 1 for position in answer.positions)
    combined = sum(len(flip) > 1 for flip in answer.flips())
    assert figure.html.count('role="row"') == alone + combined
    assert WORDS["switch words hpo"] in figure.html
    assert figure.html.count("⚑") == len(answer.flips())


class TestPeople:
    @pytest.mark.parametrize("n", [10, 100, 1000])
    def test_there_are_as_many_people_as_are_asked_for(self, n):
        figure = people_dots(posterior(NETWORK, EVIDENCE), n=n)
        assert sum(map(int, re.findall(r"<b>(\d+)</b>", figure.html))) == n
        marks = re.findall(r'<path d="([^"]*)" fill="#\w+" stroke="#\w+" stroke-width="1"/>', figure.html)
        assert sum(d.count("M") for d in marks) == n

    def test_nobody_is_further_from_his_share_than_one(self):
        shares = np.random.default_rng(3).dirichlet(np.ones(19))
        people = whole_people(shares, 1000)
        assert people.sum() == 1000
        assert np.abs(people - 1000 * shares).max() < 1

    def test_neighbours_differ_in_shape(self):
        html = people_dots(posterior(NETWORK, EVIDENCE)).html
        shapes = re.findall(r'aria-hidden="true"><path d="(M5 5[^"]*)"', html)
        assert len(set(shapes)) == len(shapes)


def test_title_and_caption_are_escaped():
    figure = Figure("<p>1</p>", title="<b>", caption="a & b")
    assert "<b><b>" not in figure.whole
    assert "&lt;b&gt;" in figure.whole
    assert "a &amp; b" in figure.whole
    assert Figure("<p>1</p>").whole == "<p>1</p>"


def test_drivers_stand_with_their_share_and_what_they_speak_for():
    found = rank_drivers(NETWORK.thinned(100), PATIENT, top=3, n_samples=64)
    figure = drivers_bars(found, KNOWLEDGE)
    told = [i for i in range(len(found.names)) if found.total[i] > 2 * found.total_error[i]]
    assert len(told) > 0
    assert figure.html.count('class="mf-bar"') == len(told)
    for i in told:
        favoured = found.leader if found.correlation[i] > 0 else found.rival
        assert escape(f"the more for {placed(KNOWLEDGE.diagnoses[favoured].label, WORDS)}") in figure.html
        assert percent(min(1.0, float(found.total[i]))) in figure.html
    flat = replace(found, total=np.zeros(len(found.names)))
    assert WORDS["drivers_none"] in drivers_bars(flat, KNOWLEDGE).html


def test_a_bare_table_is_called_what_it_shows_and_its_columns_have_names_that_are_read_but_not_seen():
    answer = posterior(NETWORK, PATIENT)
    before = answer.mean_by("row")[0]
    table = shift_table(
        value_of_information(NETWORK, PATIENT).rows,
        before,
        before[::-1],
        KNOWLEDGE,
        title="Fever: absent <now>",
    ).html
    assert 'aria-label="Fever: absent &lt;now&gt;"' in table
    head = re.search(r'<div role="row" class="mf-hidden">(.*?)</div></div>', table)
    assert all(WORDS[word] in head[1] for word in ("diagnosis", "now_then", "shift"))


def test_shares_are_compared_with_the_one_now_by_a_line_and_the_change():
    plain = share_bars({"Fever": 0.4, "Age": 0.2}, colour="#0072b2").html
    compared = share_bars({"Fever": 0.4, "Age": 0.2}, colour="#0072b2", now=0.3, title="What differs").html
    assert "mf-shift" not in plain
    assert compared.count('<b style="left:30.0%"></b>') == 2
    assert [text in compared for text in ("+10", "−10", 'aria-label="What differs"')] == [True] * 3
