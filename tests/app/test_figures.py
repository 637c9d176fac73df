"""Figures: complete, escaped, readable without colour, and the same in a notebook."""

import re

import numpy as np
import pytest

from model import encode, information_of_orders, load_network, plan_orders, posterior, value_of_information
from model.errors import EvidenceError
from model.figures import (
    GROUP_COLOURS,
    answer_table,
    differential_table,
    leading_rows,
    legend,
    pattern_text,
    plan_tree,
    share_bars,
    shift_table,
    shift_text,
)

NETWORK = load_network()
ANSWER = posterior(NETWORK, encode(NETWORK, {"fever": "present"}))


def rows(figure):
    return figure.html.count('role="row"')


@pytest.mark.parametrize(("by", "n"), [("leaf", 22), ("row", 19), ("group", 6)])
def test_a_differential_shows_every_diagnosis_with_its_interval(by, n):
    figure = differential_table(ANSWER, by=by)
    assert len(ANSWER.names(by)) == n
    assert rows(figure) == n + 1
    assert figure.html.count("<em ") == n


def test_two_parts_of_a_differential_make_the_whole():
    first, rest = differential_table(ANSWER, stop=8), differential_table(ANSWER, start=8)
    assert rows(first) + rows(rest) == rows(differential_table(ANSWER)) + 1


def test_diagnoses_stand_in_falling_order():
    html = differential_table(ANSWER).html
    widths = [float(w) for w in re.findall(r'<span style="width:([\d.]+)%', html)]
    assert widths == sorted(widths, reverse=True)
    assert len(widths) == 19


def test_a_single_set_of_parameters_has_no_interval():
    mean = NETWORK.at_mean()
    html = differential_table(posterior(mean, encode(mean, {"fever": "present"}))).html
    assert "<em " not in html


def test_the_change_is_that_of_the_probabilities():
    before = ANSWER.mean_by("row")[0].copy()
    i, j = before.argsort()[-2:]
    before[i], before[j] = before[i] - 0.01, before[j] + 0.01
    html = differential_table(ANSWER, before=before).html
    assert "+1.0" in html
    assert "−1.0" in html
    assert html.count("mf-up") == html.count("mf-down") == 1


def test_a_change_at_another_level_is_refused():
    with pytest.raises(EvidenceError, match="before has shape"):
        differential_table(ANSWER, before=np.zeros(3))


def test_every_group_has_a_colour_of_its_own():
    groups = {diagnosis.group for diagnosis in NETWORK.knowledge.diagnoses.values()}
    assert groups == set(GROUP_COLOURS)
    assert len(set(GROUP_COLOURS.values())) == len(groups)
    assert all(group in legend(NETWORK.knowledge).html for group in groups)


def test_names_are_escaped():
    assert "<b>" not in share_bars({"<b>": 1.0}, colour="#000000").html


def test_what_an_answer_does_is_shown_before_and_after():
    information = value_of_information(NETWORK, encode(NETWORK, {"fever": "present"}))
    candidate = information.candidates[0]
    html = answer_table(information, candidate, 0, NETWORK.knowledge, n=3).html
    leader = information.rows.labels[int(candidate.after[0].argmax())]
    assert (
        rows(answer_table(information, candidate, 0, NETWORK.knowledge, n=3)) == 4
    )  # three diagnoses below a head
    assert leader in html
    assert "→" in html


def test_both_leaders_are_always_shown():
    before, after = np.array([0.5, 0.4, 0.05, 0.05]), np.array([0.49, 0.51, 0.0, 0.0])
    assert set(leading_rows(before, after, n=2)) == {0, 1}


@pytest.mark.parametrize(("change", "text"), [(0.0, ""), (0.0004, ""), (0.02, "+2.0"), (-0.4, "−40")])
def test_a_change_is_written_with_its_sign(change, text):
    assert shift_text(change) == text


def test_a_notebook_gets_the_style_along():
    assert differential_table(ANSWER)._repr_html_().startswith("<style>")


def test_a_result_is_told_by_labels_and_cut_short():
    evidence = encode(NETWORK, {"fever": "present"})
    patterns = information_of_orders(NETWORK, evidence, orders=["blood_tests"])["blood_tests"].patterns
    usual = next(p for p in patterns if not p.unusual)
    assert pattern_text(usual, NETWORK.knowledge) == "nothing unusual"
    unusual = next(p for p in patterns if p.unusual)
    label = NETWORK.knowledge.variables[unusual.unusual[0]].label
    assert pattern_text(unusual, NETWORK.knowledge).startswith(f"{label}: ")
    assert pattern_text(unusual, NETWORK.knowledge, n=0) == f"and {len(unusual.unusual)} more"


def test_a_shift_that_is_none_shows_no_change():
    before = ANSWER.mean_by("row")[0]
    information = value_of_information(NETWORK, encode(NETWORK, {"fever": "present"}))
    figure = shift_table(information.rows, before, before, NETWORK.knowledge, n=4)
    assert rows(figure) - 1 == figure.html.count("unchanged") == 4


def test_a_plan_says_what_to_look_for_where_no_result_is_likely():
    costs = dict.fromkeys(NETWORK.knowledge.orders, 9.0) | {"examination": 0.0}
    plan = plan_orders(
        NETWORK, encode(NETWORK, {"fever": "present"}), budget=0, depth=1, costs=costs, samples=20
    )
    html = plan_tree(plan, NETWORK.knowledge).html
    assert len(plan.first.look_for) == 3
    for one in plan.first.look_for:
        assert f"<small>{one.label}: " in html
    assert "for example with" in html


def test_a_plan_names_every_order_of_its_sequence_and_its_hazard():
    evidence = encode(NETWORK, {"fever": "present"})
    costs = dict.fromkeys(NETWORK.knowledge.orders, 9.0) | {"treatment_trial": 0.0}
    plan = plan_orders(NETWORK, evidence, budget=9, depth=2, costs=costs, samples=20)
    html = plan_tree(plan, NETWORK.knowledge).html
    assert plan.sequence[0] == "treatment_trial"
    assert all(NETWORK.knowledge.orders[name].label in html for name in plan.sequence)
    assert NETWORK.knowledge.orders["treatment_trial"].hazard in html
    assert html.count("<section>") == html.count("</section>") >= 2
