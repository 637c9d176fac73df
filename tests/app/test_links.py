"""A link carries a patient: what is written is what is read, and what cannot be read is said."""

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app_pages.shared import link, patient
from app_pages.shared.texts import say
from model import load_knowledge_base, load_network

NETWORK = load_network()
SETTINGS = ("documents", "flat")


def values(variable):
    if variable.kind == "age":
        return st.integers(0, 120).map(float)
    some = st.sets(st.sampled_from(variable.state_ids), min_size=1)
    in_order = some.map(lambda chosen: [state for state in variable.state_ids if state in chosen])
    return in_order.map(lambda states: states[0] if len(states) == 1 else states)


PATIENTS = st.fixed_dictionaries(
    {}, optional={name: values(v) for name, v in load_knowledge_base().of_role("finding", "context").items()}
)


@given(findings=PATIENTS, setting=st.sampled_from(SETTINGS))
def test_a_link_read_back_gives_the_same_patient(findings, setting):
    assert link.read(NETWORK, link.written(findings, setting), SETTINGS) == (findings, setting, [])


@given(text=st.text(max_size=200))
def test_no_text_breaks_the_reading_of_a_link(text):
    findings, setting, _ = link.read(NETWORK, {"f": text, "prior": text}, SETTINGS)
    assert setting in SETTINGS
    assert set(findings) <= set(NETWORK.states)


@pytest.mark.parametrize(
    ("text", "kept", "said"),
    [
        ("sex.male~pvs_patern.present", {"sex": "male"}, "pvs_pattern"),
        ("sex.mail", {}, "male"),
        ("age_years.old", {}, "0 to 120"),
        ("fever", {}, "fever"),
        ("~~sex.male~", {"sex": "male"}, None),
        ("sex.male~sex.female", {"sex": "female"}, "finding sex: stands in the link twice"),
        ("x" * 9000, {}, "8000"),
    ],
)
def test_what_can_be_read_is_kept_and_the_rest_is_named(text, kept, said):
    findings, _, problems = link.read(NETWORK, {"f": text}, SETTINGS)
    assert findings == kept
    assert (said is None) == (problems == [])
    assert said is None or said in problems[0]


def test_a_state_with_a_dot_survives():
    findings = {"brain_mri_field_strength": "1.5T"}
    assert link.read(NETWORK, link.written(findings, "flat"), SETTINGS)[0] == findings


ROWS = st.sampled_from(NETWORK.knowledge.rows)
WEIGHTS = st.integers(1, 10**5).map(lambda n: n / 1000)


@given(weights=st.dictionaries(ROWS, WEIGHTS, min_size=1))
def test_weights_of_ones_own_travel_with_the_link(weights):
    setting = link.custom(weights)
    assert link.weights(setting) == weights
    assert link.read(NETWORK, link.written({}, setting), SETTINGS) == ({}, setting, [])


@pytest.mark.parametrize("item", ["nmosd.-1", "nmosd.nan", "nmosd.inf", "nmosd.many", "nmosd", "gout.3"])
def test_a_weight_that_cannot_be_read_is_named_and_the_others_are_kept(item):
    _, setting, (problem,) = link.read(NETWORK, {"prior": f"custom~clippers.2~{item}"}, SETTINGS)
    assert setting == "custom~clippers.2"
    assert item in problem


@pytest.mark.parametrize("text", ["custom", "custom~gout.3"])
def test_a_prior_without_any_weight_is_refused(text):
    _, setting, problems = link.read(NETWORK, {"prior": text}, SETTINGS)
    assert setting == SETTINGS[0]
    assert problems


def test_a_malformed_link_gives_one_message_and_a_usable_page(open_app):
    app = open_app(f="sex.male~nonsense~fever.hot", prior="mine")
    assert not app.exception
    (warning,) = app.warning
    assert all(word in warning.value for word in ("nonsense", "fever", "mine"))
    app.segmented_control(key="finding_tick_bite").set_value("present").run()
    assert not app.warning
    assert app.query_params["f"] == "sex.male~tick_bite.present"


def test_a_question_without_an_answer_does_not_call_the_findings_impossible(open_app):
    app = open_app("why", f="ms_course.relapsing_remitting~fever.present")
    [said] = [one.value for one in app.error]
    assert "the findings make it certain; there is nothing to weigh" in said
    assert say("case.trouble") not in said


def test_a_link_restores_the_case_on_every_screen(open_app):
    app = open_app("next_step", f="sex.male~age_years.39", prior="flat")
    assert [b.label for b in app.button if (b.key or "").startswith("chip_")] == ["Sex: male", "Age: 39"]
    assert app.query_params["f"] == "sex.male~age_years.39"
    assert app.query_params["prior"] == "flat"


SWITCHES = {
    "next_step": ("view", "findings", "stop"),
    "why": ("why_view", "evidence", "sources"),
    "robustness": ("robust_view", "ranks", "prior"),
    "knowledge": ("knowledge_view", "map", "facts"),
}
"""Screen -> its switch, its first view, and another one."""


@pytest.mark.parametrize("screen", SWITCHES)
def test_the_view_stands_in_the_address_and_a_link_opens_it(open_app, screen):
    switch, first, other = SWITCHES[screen]
    patient = {"f": "sex.male~fever.present", "prior": "documents"}
    app = open_app(screen, view=other, **patient)
    assert not app.exception
    assert app.session_state[switch] == other
    assert app.query_params["view"] == other
    assert open_app(screen, view="no_such_view", **patient).session_state[switch] == first
    assert "view" not in open_app(screen, **patient).query_params


WORDS = st.sampled_from(
    [
        *(
            "p.H010",
            "s.1.50",
            "c.eJx",
            "1",
            "de",
            "xx",
            "orders",
            "facts",
            "prior",
            "flat",
            "documents",
            "custom~nmosd.5",
        ),
        *(
            "sex.male",
            "age_years.39~fever.present",
            "enhancement_pattern.none~pvs_pattern.present",
            "custom~nmosd.nan",
        ),
        *(
            "<script>alert(1)</script>",
            "ms_course.not_applicable~ms_variant.classic",
            "~~~",
            "\x00",
            "%00",
            "age_years.1e99",
        ),
    ]
)
QUERIES = st.dictionaries(
    st.sampled_from(["f", "prior", "g", "gprior", "t", "back", "view", "lang", "nonsense"]),
    WORDS | st.text(max_size=20),
    max_size=5,
)


@pytest.mark.parametrize("screen", ["case", "next_step", "compare", "teach", "knowledge"])
def test_any_address_opens_a_usable_page(open_app, screen):
    @settings(max_examples=6, suppress_health_check=list(HealthCheck))
    @example(
        {"f": "enhancement_pattern.none~pvs_pattern.present", "t": "p.H010", "view": "orders", "back": "1"}
    )
    @given(QUERIES)
    def check(query):
        app = open_app(screen, **query)
        assert not app.exception
        shown = " ".join([*(b.proto.body for b in app.get("html")), *(m.value for m in app.markdown)])
        assert "<script" not in shown
        assert "nan" not in shown.lower().split()

    check()


def test_a_link_for_others_holds_neither_a_learners_answers_nor_the_key_of_a_class(monkeypatch):
    held = {"prior": "flat", "at": "2~0.5", "class": "CODE.KEY", "lang": "de"}
    monkeypatch.setattr(patient, "query", lambda: held)
    here = SimpleNamespace(context=SimpleNamespace(url="http://localhost/teach?class=CODE.KEY#part"))
    monkeypatch.setattr(patient, "st", here)
    assert patient.address() == "http://localhost/teach?prior=flat&lang=de"
