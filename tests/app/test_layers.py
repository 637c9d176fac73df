"""The layer of knowledge: chosen beside the prior, in the link, in every answer; a cell and all that it rests on."""

from dataclasses import replace

import pytest

from app_pages.shared import controls, link
from app_pages.shared.texts import percent, say
from model import encode, load_network, posterior
from model.network.origin import Origin
from model.text import JUDGEMENT
from priors.schema import LAYERS

PATIENT = {"fever": "present", "csf_pleocytosis": "present", "sex": "female"}
QUERY = "~".join(f"{name}.{state}" for name, state in PATIENT.items())


def html(app):
    bodies = [block.proto.body for block in app.get("html") if not block.proto.body.startswith("<style")]
    return " ".join([*bodies, *(m.value for m in app.markdown)])


def leading(layer):
    network = load_network(knowledge=layer)
    answer = posterior(network, encode(network, PATIENT))
    return percent(float(answer.mean_by("row")[0].max()))


def test_a_setting_is_a_prior_and_a_layer_and_the_usual_layer_is_not_written():
    for layer in LAYERS:
        for prior in ("flat", "custom~nmosd.5"):
            setting = link.under(prior, layer)
            assert (link.prior(setting), link.layer(setting)) == (prior, layer)
            findings, again, problems = link.read(
                load_network(), link.written({}, setting), ("documents", "flat")
            )
            assert (findings, again, problems) == ({}, setting, [])
    assert "knowledge" not in link.written({}, link.under("flat", "full"))
    assert link.written({}, "flat@published")["knowledge"] == "published"


@pytest.mark.parametrize("layer", LAYERS)
def test_the_answer_is_that_of_the_layer(open_app, layer):
    app = open_app(f=QUERY, prior="documents", knowledge=layer)
    assert not app.exception
    assert app.segmented_control(key="layer").value == layer
    assert leading(layer) in html(app)
    assert app.query_params.get("knowledge", ["full"]) in ([layer], layer)


def test_choosing_a_layer_changes_answer_and_link_keeps_the_prior_and_can_be_undone(open_app):
    app = open_app(f=QUERY, prior="flat")
    app.segmented_control(key="layer").set_value("documents").run()
    assert app.session_state["known"].setting == "flat@documents"
    assert "documents" in app.query_params["knowledge"]
    app.segmented_control(key="setting").set_value("documents").run()
    assert app.session_state["known"].setting == "documents@documents"
    assert leading("documents") in html(app)
    app.button(key="undo").click().run()
    app.button(key="undo").click().run()
    assert "knowledge" not in app.query_params


def test_an_unknown_layer_is_named_and_the_usual_one_taken(open_app):
    app = open_app(f=QUERY, knowledge="rumour")
    [warning] = app.warning
    assert "rumour" in warning.value
    assert app.segmented_control(key="layer").value == "full"


@pytest.mark.parametrize(
    "screen", ["next_step", "why", "robustness", "compare", "teach", "knowledge", "about"]
)
def test_every_screen_answers_from_any_layer(open_app, screen):
    app = open_app(screen, f=QUERY, prior="documents", knowledge="published")
    assert not app.exception
    assert not app.error
    assert "published" in app.query_params["knowledge"]
    assert JUDGEMENT not in html(app) or screen == "about"


class TestCell:
    def test_a_link_opens_a_cell_with_its_sources(self, open_app):
        app = open_app("knowledge", cell="csf_pleocytosis.neurotuberculosis")
        assert not app.exception
        shown = html(app)
        assert "mf-forest" in shown
        assert 'href="https://' in shown
        assert "csf_pleocytosis.neurotuberculosis" in app.query_params["cell"]

    def test_finding_and_diagnosis_are_chosen_and_a_state_where_there_are_several(self, open_app):
        app = open_app("knowledge")
        assert "mf-forest" not in html(app)
        app.selectbox(key="map_finding").set_value("enhancement_pattern").run()
        app.selectbox(key="map_disease").set_value("cns_vasculitis").run()
        before = html(app)
        assert "mf-forest" in before
        app.selectbox(key="map_state").set_value("miliary").run()
        assert not app.exception
        assert html(app) != before

    def test_a_finding_of_another_examination_takes_the_map_there_and_back(self, open_app):
        app = open_app("knowledge")
        app.segmented_control(key="map_cited").set_value("documents").run()
        app.selectbox(key="map_finding").set_value("csf_oligoclonal_bands").run()
        assert (app.selectbox(key="map_order").value, app.segmented_control(key="map_cited").value) == (
            "lumbar_puncture",
            "all",
        )
        app.selectbox(key="map_order").set_value("spine_mri").run()
        tables = load_network().knowledge
        assert tables.variables[app.selectbox(key="map_finding").value].order == "spine_mri"
        assert not app.exception

    def test_a_cell_that_is_not_there_is_passed_over(self, open_app):
        app = open_app("knowledge", cell="fever.gout")
        assert not app.exception
        assert "mf-forest" not in html(app)

    def test_the_map_is_filtered_by_layer(self, open_app):
        app = open_app("knowledge", knowledge="published")
        app.segmented_control(key="map_cited").set_value("judgement").run()
        assert say("knowledge.nothing") in [info.value for info in app.info]
        app.segmented_control(key="map_cited").set_value("cohorts").run()
        assert "mf-map" in html(app)


def test_why_says_what_the_weight_rests_on_and_what_judgement_is(open_app):
    shown = html(open_app("why", f=QUERY))
    assert "mf-footing" in shown
    assert JUDGEMENT in shown


def test_two_layers_stand_side_by_side(open_app):
    app = open_app("compare", f=QUERY, prior="documents", g=QUERY, gprior="documents", gknowledge="documents")
    assert not app.exception
    here, there = (say(f"report.layer_{name}") for name in ("full", "documents"))
    assert say("compare.knowledge", here=here, there=there) in html(app)
    assert "documents" in app.query_params["gknowledge"]


def test_about_counts_publications_and_explains_the_layers(open_app):
    shown = html(open_app("about"))
    publications = {f.publication for f in load_network().knowledge.facts.values() if f.is_cohort}
    assert f"{len(publications)} publications" in shown
    assert JUDGEMENT in shown


def test_draws_that_have_not_converged_are_told_on_every_screen(open_app, monkeypatch):
    unsound = replace(load_network(), origin=Origin(problems=("elicitation: 3 divergences",)))
    monkeypatch.setattr(controls, "network", lambda _: unsound)
    screens = ("case", "next_step", "why", "robustness", "compare", "teach", "knowledge", "about")
    silent = [
        s for s in screens if "3 divergences" not in " ".join(e.value for e in open_app(s, f=QUERY).error)
    ]
    assert not silent
    monkeypatch.undo()
    assert not open_app(f=QUERY).error
