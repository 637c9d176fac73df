"""The screens Why, Robustness, Compare, Knowledge and About: every view answers, with any patient."""

import numpy as np
import pytest

from app_pages.compare import answers
from app_pages.shared.texts import say
from model import encode, load_network, posterior, read_cases
from tests.support.source import ROOT

PATIENTS = {
    "one": "fever.present",
    "some": "age_years.39~sex.male~enhancement_pattern.miliary~pvs_pattern.present~pontine_predominance.present",
    "many": "age_years.39~sex.male~fever.present~headache.present~uveitis.present~csf_pleocytosis.present~"
    "csf_protein.present~enhancement_pattern.miliary~pvs_pattern.present~facial_palsy.bilateral~"
    "leptomeningeal_enhancement.present~spinal_cord_involvement.cord~chest_ct.mass_or_cavity~ataxia.absent",
    "odd": "serum_aqp4_igg.positive~csf_malignant_cells.present~erythema_migrans.present",
}
VIEWS = {
    "why": ("why_view", ("evidence", "contrast", "fit", "sources")),
    "robustness": ("robust_view", ("ranks", "numbers", "goal", "prior", "switches", "lookup")),
    "knowledge": ("knowledge_view", ("map", "network", "facts", "unknown", "pairs")),
}
ALL = [(screen, view) for screen, (_, views) in VIEWS.items() for view in views]


def html(app):
    bodies = [block.proto.body for block in app.get("html") if not block.proto.body.startswith("<style")]
    return " ".join([*bodies, *(m.value for m in app.markdown)])


@pytest.mark.parametrize(("screen", "view"), ALL)
def test_every_view_opens(open_app, screen, view):
    app = open_app(screen, f=PATIENTS["some"])
    app.segmented_control(key=VIEWS[screen][0]).set_value(view).run()
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("patient", PATIENTS)
@pytest.mark.parametrize("screen", ["why", "robustness", "compare"])
def test_every_screen_takes_any_patient(open_app, screen, patient):
    app = open_app(screen, f=PATIENTS[patient])
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("screen", ["why", "robustness", "compare", "knowledge", "about", "teach"])
def test_every_screen_opens_without_a_patient(open_app, screen):
    app = open_app(screen)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("screen", ["why", "robustness"])
def test_findings_that_cannot_be_true_together_are_named(open_app, screen):
    app = open_app(screen, f="enhancement_pattern.none~pvs_pattern.present")
    assert not app.exception
    assert app.error


class TestWhy:
    def test_the_leader_is_explained_and_another_can_be_chosen(self, open_app):
        app = open_app("why", f=PATIENTS["some"])
        network = load_network()
        answer = posterior(
            network,
            encode(
                network,
                {
                    "age_years": 39,
                    "sex": "male",
                    "enhancement_pattern": "miliary",
                    "pvs_pattern": "present",
                    "pontine_predominance": "present",
                },
            ),
        )
        assert app.selectbox(key="why_diagnosis").value == answer.leader()
        app.selectbox(key="why_diagnosis").set_value("nmosd").run()
        assert "Neuromyelitis" in html(app)

    def test_a_choice_holds_for_one_patient_and_the_next_begins_with_his_own_leader(self, open_app):
        app = open_app("why", f=PATIENTS["some"])
        app.selectbox(key="why_diagnosis").set_value("nmosd").run()
        app.button(key="chip_why_view_sex").click().run()
        assert app.selectbox(key="why_diagnosis").value == "nmosd"
        app.switch_page("app_pages/case/page.py").run()
        app.selectbox(key="example").set_value("H003").run()
        app.switch_page("app_pages/why/page.py").run()
        network = load_network()
        case = next(c for c in read_cases(ROOT / "priors" / "cases" / "published.json") if c.id == "H003")
        leader = posterior(network, encode(network, case.without_confirmatory())).leader()
        assert app.selectbox(key="why_diagnosis").value == leader

    def test_what_was_found_is_said_by_its_label(self, open_app):
        app = open_app(
            "why", f="spinal_cord_involvement.cord~facial_palsy.unilateral|bilateral~age_years.57", lang="de"
        )
        text = html(app)
        assert "Spinale Beteiligung: Rückenmark" in text
        assert "Fazialisparese: einseitig oder beidseitig" in text
        assert "Alter: 57" in text

    def test_findings_that_clash_are_told_from_a_rare_disease(self, open_app):
        app = open_app("why", f=PATIENTS["odd"])
        app.segmented_control(key="why_view").set_value("fit").run()
        assert "do not fit together" in html(app)
        assert say("fit.conflict_title") in html(app)

    def test_a_number_without_a_source_says_so(self, open_app):
        findings = f"{PATIENTS['some']}~dsa_vessel_abnormality.absent"
        app = open_app("why", f=findings, prior="documents", knowledge="documents")
        app.segmented_control(key="why_view").set_value("sources").run()
        app.selectbox(key="source_diagnosis").set_value("clippers").run()
        assert "No source" in html(app)
        assert "Brain miliary enhancement" in html(app)


class TestCompare:
    def test_a_difference_is_shown_with_what_it_does(self, open_app):
        app = open_app("compare", f=PATIENTS["some"])
        app.button(key="keep").click().run()
        assert say("compare.alike") in [info.value for info in app.info]
        app.button(key="chip_compare_pontine_predominance").click().run()
        assert not app.exception
        assert "Pontine predominance" in html(app)
        app.button(key="swap").click().run()
        assert app.button(key="chip_compare_pontine_predominance")

    def test_both_patients_travel_in_the_link(self, open_app):
        app = open_app("compare", f="fever.present", g="fever.absent~sex.male", gprior="flat")
        assert app.query_params["g"] == "fever.absent~sex.male"
        assert app.query_params["gprior"] == "flat"
        assert "prior: Flat" in html(app)
        assert "Prior: Flat instead of Documents" in html(app)

    def test_another_layer_of_knowledge_is_a_difference_with_both_its_names(self, open_app):
        app = open_app("compare", f="fever.present", g="fever.present", gknowledge="documents")
        full, less = (say(f"report.layer_{name}") for name in ("full", "documents"))
        assert f"Knowledge: {less} instead of {full}" in html(app)
        assert "Prior: " not in html(app)

    def test_effects_are_the_answers_of_changed_patients(self, open_app):
        app = open_app("compare", f="fever.present~headache.present", g="fever.absent")
        network = load_network()
        changed = posterior(network, encode(network, {"fever": "absent", "headache": "present"}))
        leader = posterior(network, encode(network, {"fever": "present", "headache": "present"})).leader()
        expected = changed.mean_by("row")[0][changed.names("row").index(leader)]
        assert f"{100 * expected:.0f}\N{NO-BREAK SPACE}%" in html(app)
        assert answers.Effect("fever", "present", "absent", float(expected)).finding == "fever"
        assert not app.exception


class TestRobustness:
    def test_a_goal_is_reached_by_named_numbers(self, open_app):
        app = open_app("robustness", f=PATIENTS["some"])
        app.segmented_control(key="robust_view").set_value("goal").run()
        assert "would have to be" in html(app)
        app.segmented_control(key="goal_kind").set_value("threshold").run()
        assert not app.exception

    def test_weights_of_ones_own_have_no_switches(self, open_app):
        app = open_app("robustness", f="fever.present", prior="custom~nmosd.3")
        app.segmented_control(key="robust_view").set_value("switches").run()
        assert say("robustness.own_prior") in [info.value for info in app.info]

    def test_two_numbers_are_mapped(self, open_app):
        app = open_app("robustness", f=PATIENTS["some"])
        app.segmented_control(key="robust_view").set_value("numbers").run()
        first, second = (app.selectbox(key=f"number_{name}") for name in ("first", "second"))
        assert first.value != second.value
        assert html(app).count("<rect") > 300


class TestKnowledge:
    def test_filters_leave_what_they_say(self, open_app):
        app = open_app("knowledge", knowledge="documents")
        whole = html(app).count("<td title=")
        app.selectbox(key="map_row").set_value("clippers").run()
        assert 0 < html(app).count("<td title=") < whole
        app.segmented_control(key="map_cited").set_value("nothing").run()
        cells = html(app).split("</tbody>")[0].split("<tbody>")[1]
        assert 0 < cells.count("<i>·</i>") == cells.count("<td title=")

    def test_facts_are_found_by_word_document_and_disease(self, open_app):
        app = open_app("knowledge")
        app.segmented_control(key="knowledge_view").set_value("facts").run()
        n_all = len(app.dataframe[0].value)
        app.text_input(key="facts_text").set_value("granuloma").run()
        n_word = len(app.dataframe[0].value)
        app.selectbox(key="facts_row").set_value("neurosarcoidosis").run()
        assert 0 < len(app.dataframe[0].value) <= n_word < n_all

    def test_the_drawing_follows_the_mechanism(self, open_app):
        app = open_app("knowledge")
        app.segmented_control(key="knowledge_view").set_value("network").run()
        before = html(app)
        app.selectbox(key="drawing_mechanism").set_value("brainstem_disease").run()
        assert not app.exception
        assert html(app) != before
        assert "Brainstem disease" in html(app)


def test_about_names_digests_and_documents(open_app):
    app = open_app("about")
    network = load_network()
    assert network.digest in html(app)
    for source in network.knowledge.sources.values():
        assert source.title in html(app)


def test_ranks_are_those_of_the_draws(open_app):
    app = open_app("robustness", f=PATIENTS["some"])
    network = load_network()
    finds = dict(item.split(".") for item in PATIENTS["some"].split("~"))
    first = posterior(network, encode(network, finds)).p_top(1)[0]
    assert f"{100 * np.max(first):.0f}\N{NO-BREAK SPACE}%" in html(app)
