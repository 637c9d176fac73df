"""Files of the screen Case: what can be read is taken, what cannot is named in one line, reports hold the patient."""

import json

import pytest

from app_pages.case import files
from app_pages.shared.texts import say
from model.errors import MilletError

GOOD = [
    {"id": "one", "findings": {"fever": "present", "age_years": 40}},
    {"id": "two", "findings": {"facial_palsy": {"absent": 0, "unilateral": 1, "bilateral": 3}, "sex": None}},
]


def upload(app, content, name="cases.json"):
    app.file_uploader(key="case_file").upload(name, content, "application/json").run()
    return app


def test_one_of_several_patients_is_taken(open_app):
    app = upload(open_app(), json.dumps(GOOD).encode())
    assert not app.exception
    app.selectbox(key="which_case").set_value(1).run()
    app.button(key="take_case").click().run()
    assert app.session_state["known"].findings == {"facial_palsy": ["unilateral", "bilateral"]}


BAD = {
    "not JSON": b"hello",
    "half JSON": b'{"findings": {',
    "binary": bytes(range(256)),
    "empty": b"",
    "a number": b"3",
    "unknown finding": b'{"findings": {"pvs_patern": "present"}}',
    "unknown state": b'{"findings": {"fever": "maybe"}}',
    "NaN": b'{"findings": {"age_years": NaN}}',
    "nested": b"[" * 5000 + b"]" * 5000,
    "HTML": b'{"findings": {"<img src=x onerror=alert(1)>": "present"}}',
    "contradiction": b'{"findings": {"enhancement_pattern": "none", "pvs_pattern": "present"}}',
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_named_and_the_page_stays_usable(open_app, kind):
    app = upload(open_app(f="sex.male"), BAD[kind])
    assert not app.exception
    assert len(app.error) == 1
    assert say("files.bad") in app.error[0].value
    assert "<img" not in app.error[0].value.replace("\\<", "")
    assert app.session_state["known"].findings == {"sex": "male"}


def test_a_phenopacket_is_taken_and_what_was_not_used_is_said(open_app):
    packet = {
        "id": "A",
        "subject": {"sex": "FEMALE"},
        "phenotypicFeatures": [{"type": {"id": "HP:0002315"}}, {"type": {"id": "HP:0000023"}}],
        "metaData": {},
    }
    app = upload(open_app(), json.dumps(packet).encode())
    assert not app.error
    assert any("not used" in m.value for m in app.markdown)
    app.button(key="take_case").click().run()
    assert app.session_state["known"].findings == {"sex": "female", "headache": "present"}


def test_a_table_of_a_spreadsheet_is_taken(open_app):
    app = upload(open_app(), b"id;age_years;sex\nA;39,5;male\n;;\n", "table.csv")
    assert not app.error
    app.button(key="take_case").click().run()
    assert app.session_state["known"].findings == {"age_years": 39.5, "sex": "male"}


def test_what_of_a_case_no_control_can_show_is_said(open_app):
    case = {"id": "A", "note": "seen twice", "findings": {"fever": {"absent": 1, "present": 3}}}
    app = upload(open_app(), json.dumps(case).encode())
    said = [caption.value.replace("\\", "") for caption in app.caption]
    assert say("files.weighed", names="Fever") in said
    assert say("files.others", names="note") in said


def test_too_many_patients_are_refused():
    cases = [{"id": str(i), "findings": {}} for i in range(files.MAX_CASES + 1)]
    with pytest.raises(MilletError, match="at most 500"):
        files.readable(json.dumps(cases).encode(), "cases.json")


def test_a_large_file_is_refused_by_its_size(open_app):
    assert open_app().file_uploader(key="case_file").proto.max_upload_size_mb == files.MAX_UPLOAD


def test_usage_statistics_are_off(open_app):
    import tomllib

    from tests.app.conftest import ROOT

    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["browser"]["gatherUsageStats"] is False
    assert not open_app().exception


def test_people_stand_for_the_same_probabilities(open_app):
    app = open_app(f="fever.present")
    app.toggle(key="people").set_value(True).run()
    assert any("mf-people" in m.value for m in app.markdown)


@pytest.mark.parametrize(
    ("findings", "text"),
    [
        ("fever.present", say("caution.few")),
        (
            "serum_aqp4_igg.positive~csf_malignant_cells.present~erythema_migrans.present",
            say("caution.conflict"),
        ),
        ("age_years.39~sex.female~fever.absent", None),
    ],
)
def test_one_line_says_when_to_be_careful(open_app, findings, text):
    bodies = [block.proto.body for block in open_app(f=findings).get("html")]
    lines = [body for body in bodies if body.startswith('<p class="caution"')]
    assert len(lines) == (text is not None)
    assert text is None or text in lines[0]


def test_other_is_opened_into_the_further_differentials_of_the_documents(open_app):
    bodies = " ".join(block.proto.body for block in open_app().get("html"))
    assert "CADASIL" in bodies
    assert say("case.other_note") in bodies
