"""The screen "Case": what a person enters is what is asked, and can be taken back."""

import json
import math

import pytest

from app_pages.shared import examples, worth
from app_pages.shared.texts import percent, say
from model import encode, load_knowledge_base, load_network, posterior

SETTING = load_knowledge_base().prior_weights[0].setting


def shown(app):
    """The HTML of the leading rows."""
    return next(block.proto.body for block in app.get("html") if "mf-differential" in block.proto.body)


def page_text(app):
    return "\n".join(block.proto.body for block in app.get("html"))


def expected_leader(**findings):
    """Label and probability of the leading table row, straight from the model."""
    network = load_network()
    answer = posterior(network, encode(network, findings))
    return network.knowledge.diagnoses[answer.leader()].label, percent(float(answer.mean_by("row")[0].max()))


def buttons(app, prefix):
    return [button for button in app.button if (button.key or "").startswith(prefix)]


def test_the_first_view_is_the_prior_and_says_so(open_app):
    app = open_app()
    assert not app.exception
    assert "this is the prior" in page_text(app)
    label, share = expected_leader()
    assert label in shown(app)
    assert share in shown(app)


def test_a_finding_that_is_set_changed_and_cleared_moves_the_differential(open_app):
    app = open_app()
    prior = shown(app)
    app.segmented_control(key="person_sex").set_value("male").run()
    male = shown(app)
    app.segmented_control(key="person_sex").set_value("female").run()
    female = shown(app)
    app.segmented_control(key="person_sex").set_value(None).run()
    assert len({prior, male, female}) == 3
    assert "this is the prior" in page_text(app)


def test_the_numbers_shown_are_those_of_the_model(open_app):
    app = open_app()
    app.number_input(key="person_age_years").set_value(39.0).run()
    app.segmented_control(key="person_sex").set_value("male").run()
    label, share = expected_leader(age_years=39, sex="male")
    assert label in shown(app)
    assert share in shown(app)


def test_the_field_for_the_age_says_what_a_part_of_a_year_means(open_app):
    app = open_app(f="age_years.3.75")
    assert app.number_input(key="person_age_years").label == "Age in years: 3 years 9 months"
    app.number_input(key="person_age_years").set_value(4.0).run()
    assert app.number_input(key="person_age_years").label == "Age in years"


def test_several_states_mean_one_of_these(open_app):
    app = open_app()
    app.pills(key="finding_natalizumab").set_value(["current", "recently_stopped"]).run()
    assert app.query_params["f"] == "natalizumab.current|recently_stopped"
    label, share = expected_leader(natalizumab=["current", "recently_stopped"])
    assert label in shown(app)
    assert share in shown(app)


def test_the_change_of_every_diagnosis_stands_beside_it(open_app):
    app = open_app()
    assert "mf-up" not in shown(app)
    app.segmented_control(key="finding_known_malignancy").set_value("present").run()
    assert "mf-up" in shown(app)


def test_undo_and_reset_lead_back(open_app):
    app = open_app(f="sex.male")
    app.segmented_control(key="finding_tick_bite").set_value("present").run()
    both = shown(app)
    app.button(key="reset").click().run()
    assert "f" not in app.query_params
    app.button(key="undo").click().run()
    assert app.query_params["f"] == "sex.male~tick_bite.present"
    app.button(key="undo").click().run()
    assert app.query_params["f"] == "sex.male"
    assert shown(app) != both
    assert app.button(key="undo").disabled


def test_a_chip_takes_its_finding_away(open_app):
    app = open_app(f="sex.male~fever.present")
    assert [button.label for button in buttons(app, "chip_")] == ["Sex: male", "Fever: present"]
    app.button(key="chip_case_fever").click().run()
    assert app.query_params["f"] == "sex.male"


@pytest.mark.parametrize("name", ["H001", "H004", "H138"])
def test_an_example_patient_is_taken_over_without_what_gives_it_away(open_app, name):
    app = open_app()
    app.selectbox(key="example").set_value(name).run()
    case = examples.published()[name].without_confirmatory()
    assert not app.exception
    assert len(buttons(app, "chip_")) == len(case.findings)
    label, share = expected_leader(**case.findings)
    assert label in shown(app)
    assert share in shown(app)


def test_the_findings_that_prove_an_example_can_be_added(open_app):
    app = open_app()
    app.selectbox(key="example").set_value("H002").run()
    app.button(key="add_confirmatory").click().run()
    assert "skin_or_lymph_node_biopsy.granulomas" in app.query_params["f"]


def test_every_example_can_be_encoded():
    network = load_network()
    encode(network, [examples.findings(network, case) for case in examples.published().values()])
    assert len(examples.published()) == 30


def test_the_examples_are_those_of_the_case_file():
    ids = [case["id"] for case in json.loads(examples.FILE.read_text(encoding="utf-8"))]
    assert list(examples.published()) == ids


def test_the_search_knows_label_and_synonym(open_app):
    app = open_app()
    app.text_input(key="search_case").set_value("Virchow-Robin").run()
    assert app.segmented_control(key="found_case_pvs_pattern")


def test_what_was_searched_for_can_be_answered_at_once(open_app):
    app = open_app()
    app.text_input(key="search_case").set_value("pvs_pattern").run()
    app.segmented_control(key="found_case_pvs_pattern").set_value("present").run()
    assert app.query_params["f"] == "pvs_pattern.present"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("MOG", "Not in the model: MOG antibodies."),
        ("smoking", "Not in the model: Smoking."),
        ("sarcoidosis", "Neurosarcoidosis is a diagnosis"),
        (
            "CIS",
            "Clinically isolated syndrome: a course or variant of multiple sclerosis, inferred, not entered.",
        ),
        ("CADASIL", "Inferred, not entered: CADASIL, counted with “None of the listed diseases”."),
        ("tick bite " * 9 + "and", "93 characters: search for a few words, at most 80"),
        ("<b>shoe</b>", "Not in the model: &lt;b&gt;shoe&lt;/b&gt;."),
    ],
)
def test_the_search_says_what_is_no_finding(open_app, words, said):
    app = open_app()
    app.text_input(key="search_case").set_value(words).run()
    assert said in page_text(app)
    assert not [one for one in app.get("button_group") if (one.key or "").startswith("found_case")]


def test_the_name_of_an_examination_brings_its_findings(open_app):
    app = open_app()
    app.text_input(key="search_case").set_value("LP").run()
    assert "Lumbar puncture is an examination: enter its findings." in page_text(app)
    found = [one.key for one in app.get("button_group") if (one.key or "").startswith("found_case_")]
    assert "found_case_csf_pleocytosis" in found


def test_the_best_next_findings_are_answered_on_the_spot(open_app):
    app = open_app(f="fever.present")
    control = next(c for c in (*app.pills, *app.segmented_control) if (c.key or "").startswith("ask_"))
    finding = control.key.removeprefix("ask_")
    state = load_knowledge_base().variables[finding].state_ids[1]
    control.set_value([state] if control in app.pills else state).run()
    assert app.query_params["f"] == f"fever.present~{finding}.{state}"


def test_another_prior_gives_another_answer(open_app):
    app = open_app(f="fever.present")
    first = shown(app)
    app.segmented_control(key="setting").set_value("flat").run()
    assert shown(app) != first
    assert app.query_params["prior"] == "flat"


def test_weights_of_ones_own_are_asked_of_the_model_and_kept_in_the_link(open_app):
    app = open_app(f="fever.present")
    app.session_state["own_prior"] = True  # nobody can click on it here
    app.run()
    app.number_input(key="weight_neurosarcoidosis").set_value(2000.0)
    app.button(key="apply_prior").click().run()
    assert not app.exception
    assert app.query_params["prior"] == "custom~neurosarcoidosis.2000"
    network = load_network(setting="custom", weights={"neurosarcoidosis": 2000.0})
    answer = posterior(network, encode(network, {"fever": "present"}))
    assert answer.leader() == "neurosarcoidosis"
    assert percent(float(answer.mean_by("row")[0].max())) in shown(app)
    app.number_input(key="weight_neurosarcoidosis").set_value(None)
    app.button(key="apply_prior").click().run()
    assert "custom" not in app.query_params["prior"]


def test_a_link_restores_weights_of_ones_own(open_app):
    app = open_app(prior="custom~nmosd.0.5~clippers.7")
    assert not app.exception
    assert not app.warning
    app.session_state["own_prior"] = True
    app.run()
    assert app.number_input(key="weight_nmosd").value == 0.5
    assert app.number_input(key="weight_clippers").value == 7
    assert app.number_input(key="weight_behcet_disease").value is None
    app.segmented_control(key="setting").set_value("flat").run()
    assert app.query_params["prior"] == "flat"


def test_a_contradiction_is_named_and_the_page_stays_usable(open_app):
    app = open_app(f="spinal_cord_involvement.none~cord_lesion_count.one")
    assert not app.exception
    (message,) = [error.value for error in app.error]
    assert "Spinal cord involvement: " in message
    assert "Cord lesion count: " in message
    assert "case_1" not in message
    app.button(key="chip_case_cord_lesion_count").click().run()
    assert not app.error
    assert "mf-differential" in shown(app)


def test_several_answers_are_said_in_the_order_of_the_tables_whatever_was_clicked_first(open_app):
    app = open_app(f="region.northern_europe|far_east")
    said = app.button(key="chip_case_region").label
    app.pills(key="finding_region").set_value(list(reversed(app.pills(key="finding_region").value))).run()
    assert app.button(key="chip_case_region").label == said


def test_a_contradiction_can_be_undone(open_app):
    app = open_app(f="spinal_cord_involvement.none")
    app.pills(key="panel").set_value("Spine MRI").run()
    app.pills(key="finding_cord_lesion_count").set_value(["one"]).run()
    assert app.error
    app.button(key="undo_trouble").click().run()
    assert not app.error


def test_every_panel_opens_and_together_they_hold_every_finding(open_app):
    app = open_app()
    tables = load_knowledge_base()
    seen = set()
    for panel in app.pills(key="panel").options:
        title = panel if isinstance(panel, str) else panel.content
        app.pills(key="panel").set_value(title).run()
        assert not app.exception
        widgets = (*app.pills, *app.segmented_control, *app.number_input)
        seen |= {w.key.removeprefix("finding_") for w in widgets if (w.key or "").startswith("finding_")}
    # Age and sex stand above all examinations, always at hand.
    assert seen == set(tables.of_role("finding", "context", "protocol")) - {"age_years", "sex"}
    assert app.number_input(key="person_age_years")
    assert app.segmented_control(key="person_sex")


def test_where_nothing_matters_no_finding_is_said_to_settle_much(open_app, monkeypatch):
    def asked(app):
        return [
            one.label for one in (*app.pills, *app.segmented_control) if (one.key or "").startswith("ask_")
        ]

    assert all("settles" in label for label in asked(open_app(f="fever.present")))
    monkeypatch.setattr(worth, "NEGLIGIBLE", math.inf)
    app = open_app(f="fever.present")
    assert asked(app)
    assert not any("settles" in label for label in asked(app))
    assert any(say("next_step.nothing_matters") in one.value for one in app.get("html"))
