"""The view "When to stop": what the model says of the lead and of a brain biopsy, in words."""

import pytest

from app_pages.shared.answers import SAMPLES
from app_pages.shared.texts import percent
from model import biopsy_avoidance, encode, load_network, same_decision

FINDINGS = {"fever": "present"}


@pytest.fixture
def open_view(open_app):
    def open_(link):
        app = open_app("next_step", f=link)
        app.segmented_control(key="view").set_value("stop").run()
        assert not app.exception
        return app

    return open_


def evidence():
    return encode(load_network(), FINDINGS)


def told(app):
    return "\n".join(block.value for block in app.markdown)


def settling(app):
    keys = [button.key or "" for button in app.button]
    return [key.removeprefix("settle_") for key in keys if key.startswith("settle_")]


def test_the_same_decision_probability_is_said_in_words(open_view):
    same = same_decision(load_network(), evidence())
    text = told(open_view("fever.present"))
    assert f"It would still come first in **{percent(same.probability)}**" in text
    assert f"± {percent(same.standard_error)}" in text
    assert f"{same.n_findings} open findings" in text
    assert load_network().knowledge.diagnoses[same.leader].label in text


@pytest.mark.parametrize("threshold", [0.7, 0.95])
def test_orders_that_may_spare_a_biopsy_are_those_of_the_model(open_view, threshold):
    app = open_view("fever.present")
    app.select_slider(key="threshold").set_value(threshold).run()
    found = biopsy_avoidance(load_network(), evidence(), threshold=threshold, samples=SAMPLES)
    expected = [order for order in found.orders if order.probability > 0][:8]
    assert settling(app) == [order.order for order in expected]
    assert percent(expected[0].probability) in app.button(key=f"settle_{expected[0].order}").label
    assert f"#### {expected[0].label}" in told(app)


def test_a_diagnosis_past_the_threshold_needs_no_biopsy(open_view):
    app = open_view("serum_aqp4_igg.positive~optic_neuritis.bilateral~area_postrema_lesion.present")
    app.select_slider(key="threshold").set_value(0.5).run()
    assert len(app.success) == 1
    assert settling(app) == []


def test_the_threshold_outlives_a_visit_to_another_view(open_view):
    app = open_view("fever.present")
    app.select_slider(key="threshold").set_value(0.8).run()
    app.segmented_control(key="view").set_value("findings").run()
    app.segmented_control(key="view").set_value("stop").run()
    assert app.select_slider(key="threshold").value == 0.8
