"""The screen "Next step": the ranking is the model's, and an answer recorded there is known everywhere."""

import re
from html import unescape
from math import floor, log2

import pytest

from app_pages.shared.texts import percent, say
from model import Information, encode, load_network, value_of_information
from model.next_step.information import TARGETS

SURE = (
    "f=age_years.31~sex.female~disease_course.relapses_with_recovery~optic_neuritis.unilateral~dawson_fingers.present"
    "~periventricular_lesions.present~juxtacortical_lesions.present~cord_lesion_length.short~csf_oligoclonal_bands.present"
)
"""A patient in whom nothing that is still open would change much."""


def asked(app):
    """Findings listed, in the order shown."""
    keys = [button.key or "" for button in app.button]
    return [key.removeprefix("bits_") for key in keys if key.startswith("bits_")]


@pytest.mark.parametrize("target", TARGETS)
def test_the_best_findings_of_the_model_come_first_and_of_like_worth_the_everyday_ones(open_app, target):
    app = open_app("next_step", f="optic_neuritis.unilateral")
    app.segmented_control(key="target").set_value(target).run()
    network = load_network()
    evidence = encode(network, {"optic_neuritis": "unilateral"})
    expected = value_of_information(network, evidence, target=target)
    assert not app.exception
    orders, best = network.knowledge.orders, expected.candidates[0].value
    bands = {}
    for one in expected:
        order = orders[one.order]
        takes = (order.cost, order.delay_days, order.invasiveness)
        is_given = one.order == network.knowledge.variables["optic_neuritis"].order
        bands[one.finding] = (floor(log2(best / one.value)), *((0, 0, 0) if is_given else takes))
    shown = [bands[name] for name in asked(app)]
    assert shown == sorted(bands.values())[: len(shown)]
    assert len(shown) >= 8


def test_each_group_of_like_worth_says_how_much_it_tells_above_it(open_app):
    app = open_app("next_step", f="optic_neuritis.unilateral")
    app.toggle(key="show_all").set_value(True).run()
    found = next(one for one in app.session_state["answers"].values() if isinstance(one, Information))
    best, groups = found.candidates[0].value, {}
    for one in found:
        groups.setdefault(floor(log2(best / one.value)), []).append(percent(one.value / found.now))
    heads = [head for b in app.get("html") for head in re.findall('class="section">([^<]*)<', b.proto.body)]
    assert len(heads) == len(groups) > 3
    for head, shares in zip(heads, groups.values(), strict=True):
        assert {shares[0], shares[-1]} <= set(re.findall(r"<?[\d.]+\s%", unescape(head)))
    assert sum("least first" in head for head in heads) == 1


def test_one_examination_can_be_looked_at_alone(open_app):
    app = open_app("next_step")
    app.selectbox(key="order").set_value("lumbar_puncture").run()
    assert len(asked(app)) > 3
    variables = load_network().knowledge.variables
    assert {variables[name].order for name in asked(app)} == {"lumbar_puncture"}


def test_all_findings_can_be_listed(open_app):
    app = open_app("next_step")
    short = asked(app)
    app.toggle(key="show_all").set_value(True).run()
    assert asked(app)[: len(short)] == short
    assert len(asked(app)) > 100


def test_the_chosen_finding_shows_every_answer(open_app):
    app = open_app("next_step")
    finding = asked(app)[1]
    app.button(key=f"bits_{finding}").click().run()
    variable = load_network().knowledge.variables[finding]
    told = "\n".join(block.value for block in app.markdown)
    assert all(f"**{state.label}**" in told for state in variable.states)
    assert sum('class="mf mf-answer"' in block.proto.body for block in app.get("html")) == len(
        variable.states
    )


def test_a_recorded_answer_is_known_on_the_other_screen(open_app):
    app = open_app("next_step")
    app.selectbox(key="order").set_value("echocardiography").run()
    app.segmented_control(key="next_endocarditis_on_echo").set_value("absent").run()
    assert asked(app) == []
    assert app.info
    app.switch_page("app_pages/case/page.py").run()
    assert (
        app.button(key="chip_case_endocarditis_on_echo").label == "Endocarditis on echocardiography: absent"
    )


def test_a_contradiction_is_named_here_too(open_app):
    app = open_app("next_step", f="spinal_cord_involvement.none~cord_lesion_count.one")
    assert not app.exception
    assert len(app.error) == 1


def test_what_an_examination_shows_that_has_been_done_comes_first_and_takes_nothing(open_app):
    app = open_app("next_step", f="enhancement_pattern.miliary")
    network = load_network()
    labels = {name: app.button(key=f"bits_{name}").label for name in asked(app)}
    given = {name: network.knowledge.variables[name].order == "brain_mri" for name in labels}
    assert 0 < sum(given.values()) < len(given)
    assert {name: "done already" in label for name, label in labels.items()} == given
    found = next(one for one in app.session_state["answers"].values() if isinstance(one, Information))
    best, bands = found.candidates[0].value, {}
    for one in found:
        bands.setdefault(floor(log2(best / one.value)), []).append(one.finding)
    for group in bands.values():
        takes_nothing = [
            given[name] or "cost 0 of" in label for name, label in labels.items() if name in group
        ]
        assert takes_nothing == sorted(takes_nothing, reverse=True)


def test_every_finding_says_which_examination_gives_it_and_at_what_cost(open_app):
    app = open_app("next_step", f="enhancement_pattern.miliary")
    network = load_network()
    for finding in asked(app):
        label = app.button(key=f"bits_{finding}").label
        order = network.knowledge.orders[network.knowledge.variables[finding].order]
        assert order.label in label
        said = "done already" if order.id == "brain_mri" else f"cost {order.cost:g} of 10"
        assert said in label


@pytest.mark.parametrize("view", ["findings", "orders"])
def test_where_nothing_would_change_much_one_sentence_says_so_and_the_rest_comes_on_request(open_app, view):
    app = open_app("next_step", f=SURE.removeprefix("f="))
    app.segmented_control(key="view").set_value(view).run()

    def listed():
        return [b.key for b in app.button if (b.key or "").startswith(("bits_", "order_"))]

    assert [info.value for info in app.info] == [say("next_step.nothing_matters")]
    assert listed() == []
    app.toggle(key="nonetheless").set_value(True).run()
    assert listed()
    assert [info.value for info in app.info] == [say("next_step.nothing_matters")]
