"""The view "Orders": ranked as the model says, on the terms that were entered, with what speaks against them."""

import pytest

from app_pages.shared.answers import SAMPLES
from model import encode, information_of_orders, load_network
from model.text import percent

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
    assert short[:8] == [order.order for order in found.ranked("value")][:8]
    app.toggle(key="show_all_orders").set_value(True).run()
    assert list(listed(app)) == [order.order for order in found.ranked("value")]
    assert len(short) < len(found)
    for order in found:
        assert f"{order.value:.2f}" in listed(app)[order.order]
        assert (f"± {order.standard_error:.2f}" if order.standard_error else "**") in listed(app)[order.order]
        assert f"cost {order.cost:g}" in listed(app)[order.order]


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
    assert next(iter(listed(app))) != "brain_mri"
    app.button(key="order_brain_mri").click().run()
    app.number_input(key="term_cost_brain_mri").set_value(0.0).run()
    assert next(iter(listed(app))) == "brain_mri"
    app.switch_page("app_pages/case/page.py").run()
    app.switch_page("app_pages/next_step/page.py").run()
    assert next(iter(listed(app))) == "brain_mri"
    app.number_input(key="term_cost_brain_mri").set_value(None).run()
    assert next(iter(listed(app))) != "brain_mri"


@pytest.mark.parametrize("name", ["brain_mri", "blood_tests"])
def test_the_likeliest_results_are_shown_with_what_follows(app, name):
    app.button(key=f"order_{name}").click().run()
    found = expected()
    order = found[name]
    shares = [r.probability for r in (order.patterns if order.is_exact else order.outcomes)[:3]]
    assert all(percent(share) in told(app) for share in shares)
    assert told(app).count('class="mf mf-answer"') == 3


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
