"""The view "Orders": ranked as the model says, on the terms that were entered, with what speaks against them."""

import re
from math import floor, log2

import pytest

from app_pages.shared.answers import SAMPLES
from app_pages.shared.texts import percent
from model import encode, information_of_orders, load_network, value_of_information

FINDINGS = {"optic_neuritis": "unilateral"}
LINK = "optic_neuritis.unilateral"


@pytest.fixture
def app(open_app):
    app = open_app("next_step", f=LINK)
    app.segmented_control(key="view").set_value("orders").run()
    assert not app.exception
    return app


def expected():
    network = load_network()
    return information_of_orders(network, encode(network, FINDINGS), samples=SAMPLES)


def listed(app):
    """Order -> what its line says, in the order shown."""
    buttons = [button for button in app.button if (button.key or "").startswith("order_")]
    return {button.key.removeprefix("order_"): button.label for button in buttons}


def told(app):
    html = "\n".join(block.proto.body for block in app.get("html"))
    return "\n".join([html, *(block.value for block in app.markdown)])


def test_orders_are_ranked_by_the_information_of_the_model(app):
    found = expected()
    short = list(listed(app))
    app.toggle(key="show_all_orders").set_value(True).run()
    values = {order.order: order.value for order in found}
    assert sorted(listed(app)) == sorted(values)
    assert len(short) < len(found)
    halvings = [floor(log2(max(values.values()) / values[name])) for name in listed(app)]
    assert halvings == sorted(halvings)
    for order in found:
        said = listed(app)[order.order]
        assert percent(order.value / found.now) in said
        assert ("±" in said) == (order.standard_error is not None)
        assert f"cost {order.cost:g} of 10" in said
    app.segmented_control(key="worth").set_value("bits").run()
    for order in found:
        assert f"{order.value:.2f}" in listed(app)[order.order]


def test_of_orders_of_like_worth_the_everyday_one_comes_first(app):
    found, costs = expected(), {}
    for order in found.ranked("value"):
        costs.setdefault(floor(log2(found.orders[0].value / order.value)), []).append(order.cost)
    assert any(band != sorted(band) for band in costs.values()), "nothing to put in order"
    app.toggle(key="show_all_orders").set_value(True).run()
    assert [found[name].cost for name in listed(app)] == [c for band in costs.values() for c in sorted(band)]


def test_what_is_not_available_comes_last_and_is_in_no_plan(app):
    first = next(iter(listed(app)))
    app.toggle(key=f"available_{first}").set_value(False).run()
    app.toggle(key="show_all_orders").set_value(True).run()
    assert list(listed(app))[-1] == first
    assert "not available here" in listed(app)[first]
    app.segmented_control(key="view").set_value("findings").run()
    app.toggle(key="show_all").set_value(True).run()
    orders = {name: one.order for name, one in load_network().knowledge.variables.items()}
    shown = [b.key.removeprefix("bits_") for b in app.button if (b.key or "").startswith("bits_")]
    assert first not in {orders[name] for name in shown}


def test_what_the_tables_say_of_an_order_beside_its_numbers_is_shown(app):
    app.toggle(key="show_all_orders").set_value(True).run()
    app.button(key="order_spine_mri_7t").click().run()
    assert "rarely available" in told(app)
    assert "no source in the documents" not in told(app)


def test_orders_can_be_ranked_by_information_per_cost(app):
    app.segmented_control(key="rank").set_value("cost").run()
    assert list(listed(app))[:8] == [order.order for order in expected().ranked("per_cost")][:8]
    assert "free" in next(iter(listed(app).values()))


def test_a_hazard_is_shown_in_the_list_and_in_full(app):
    hazards = {order.order: order.hazard for order in expected() if order.hazard}
    assert "treatment_trial" in hazards
    assert {name for name, text in listed(app).items() if "warning" in text} == set(hazards)
    assert not app.warning
    app.button(key="order_treatment_trial").click().run()
    assert hazards["treatment_trial"] in app.warning[0].value


def test_what_is_entered_counts_in_the_ranking_and_stays_when_the_view_is_left(app):
    app.segmented_control(key="rank").set_value("cost").run()
    app.button(key="order_brain_mri").click().run()
    dear = list(listed(app)).index("brain_mri")
    app.number_input(key="term_cost_brain_mri").set_value(0.0).run()
    cheap = list(listed(app)).index("brain_mri")
    assert cheap < dear
    app.switch_page("app_pages/case/page.py").run()
    app.switch_page("app_pages/next_step/page.py").run()
    assert list(listed(app)).index("brain_mri") == cheap
    app.number_input(key="term_cost_brain_mri").set_value(None).run()
    assert list(listed(app)).index("brain_mri") == dear


def test_what_has_been_done_takes_nothing_unless_something_is_entered(open_app):
    app = open_app("next_step", f="enhancement_pattern.miliary")
    app.segmented_control(key="view").set_value("orders").run()
    done = {name for name, said in listed(app).items() if "done already" in said}
    assert done == {"brain_mri"}
    telling = [name for name, said in listed(app).items() if "cost 0 of 10" in said or name in done]
    assert list(listed(app))[: len(telling)] == telling
    app.button(key="order_brain_mri").click().run()
    app.number_input(key="term_cost_brain_mri").set_value(2.0).run()
    assert "cost 2 of 10" in listed(app)["brain_mri"]


def test_an_order_of_few_findings_shows_its_likeliest_results_with_what_follows(app):
    app.toggle(key="show_all_orders").set_value(True).run()
    order = expected()["chest_ct"]
    app.button(key="order_chest_ct").click().run()
    assert order.is_exact
    assert all(percent(pattern.probability) in told(app) for pattern in order.patterns[:3])
    assert told(app).count('class="mf mf-answer"') == 3


@pytest.mark.parametrize("name", ["brain_mri", "lumbar_puncture"])
def test_an_order_of_many_findings_says_what_to_look_for_in_it(app, name):
    app.button(key=f"order_{name}").click().run()
    network = load_network()
    information = value_of_information(network, encode(network, FINDINGS), target="row")
    telling = [one for one in information if one.order == name][:5]
    figure = told(app).partition('class="mf mf-look"')[2]
    assert [one.label for one in telling] == re.findall(r"<strong>([^<]*)</strong>", figure)[:5]
    assert percent(float(telling[0].predicted.max())) in figure
    assert told(app).count('class="mf mf-answer"') == 0


def test_a_plan_is_made_on_request_and_keeps_to_the_budget(app):
    assert 'class="mf mf-plan"' not in told(app)
    app.number_input(key="budget").set_value(3.0).run()
    app.button(key="make_plan").click().run()
    assert not app.exception
    plan = next(block.proto.body for block in app.get("html") if 'class="mf mf-plan"' in block.proto.body)
    assert plan.count("<section>") >= 2
    spent = [float(part.split("<")[0]) for part in plan.split("cost so far ")[1:]]
    assert max(spent) <= 3
    app.number_input(key="budget").set_value(4.0).run()
    assert 'class="mf mf-plan"' not in told(app)


def test_an_order_whose_terms_are_changed_stays_the_chosen_one_though_it_moves(app):
    first, *_ = listed(app)
    app.number_input(key=f"term_cost_{first}").set_value(10.0).run()
    assert next(iter(listed(app))) != first
    assert app.number_input(key=f"term_cost_{first}").value == 10.0
    app.toggle(key=f"available_{first}").set_value(False).run()
    assert not app.toggle(key=f"available_{first}").value
