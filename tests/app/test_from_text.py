"""The panel "From text": suggestions are taken, left out or changed, and nothing of the text stays."""

import json

import pytest

from model.reading.reading import MAX_CHARACTERS

TEXT = "A 34-year-old woman with headache but no fever. Seizures cannot be excluded. Her mother has uveitis."


def written(open_app, text=TEXT, language=None, **query):
    """The app with a text in the opened panel."""
    app = open_app(**query)
    app.session_state["from_text"] = True
    app.run()
    if language:
        app.segmented_control(key="report_language").set_value(language).run()
    return app.text_area(key="report_text").set_value(text).run()


def html(app):
    return "\n".join(block.proto.body for block in app.get("html") if "<style>" not in block.proto.body)


def keys(app, prefix):
    return [button.key.removeprefix(prefix) for button in app.button if button.key.startswith(prefix)]


def test_a_closed_panel_asks_nothing(open_app):
    app = open_app()
    assert [area.key for area in app.text_area] == []
    assert "text_found" not in app.session_state


def test_what_the_text_states_is_suggested_and_marked(open_app):
    app = written(open_app)
    assert keys(app, "take_said_") == ["age_years", "sex", "headache", "fever", "seizures", "uveitis"]
    shown = html(app)
    assert '<mark class="said present" title="Headache: present">headache<sup>+</sup></mark>' in shown
    assert '<mark class="said absent" title="Fever: absent">fever<sup>−</sup></mark>' in shown
    assert '<mark class="said uncertain" title="Seizures: not certain">Seizures<sup>?</sup></mark>' in shown
    assert "not said of the patient" in shown


@pytest.mark.parametrize(("language", "told"), [("de", 1), ("en", 0)])
def test_a_text_that_seems_to_be_in_the_other_language_is_told_of(open_app, language, told):
    app = written(open_app, "No fever. The patient has headache.", language)
    lines = [one.value for one in app.warning if one.value.startswith("This text seems to be EN")]
    assert len(lines) == told
    assert keys(app, "take_said_")


def test_all_that_is_certain_is_taken_together(open_app):
    app = written(open_app)
    app.button(key="take_all_said").click().run()
    assert app.query_params["f"] == "age_years.34~sex.female~headache.present~fever.absent"
    assert keys(app, "take_said_") == ["seizures", "uveitis"]
    app.button(key="undo").click().run()
    assert "f" not in app.query_params


def test_one_is_taken_one_is_left_out_and_one_is_changed(open_app):
    app = written(open_app)
    app.button(key="take_said_headache").click().run()
    app.button(key="leave_said_fever").click().run()
    app.segmented_control(key="text_seizures").set_value("absent").run()
    assert app.query_params["f"] == "headache.present~seizures.absent"
    assert "fever" not in keys(app, "take_said_")


def test_what_contradicts_the_known_is_shown_and_not_taken_with_the_rest(open_app):
    app = written(open_app, f="fever.present")
    assert "Contradicts what is known: Fever: present" in html(app)
    app.button(key="take_all_said").click().run()
    assert "fever.present" in app.query_params["f"]
    app.button(key="take_said_fever").click().run()
    assert "fever.absent" in app.query_params["f"]


def test_what_the_tables_exclude_is_a_contradiction_too(open_app):
    app = written(open_app, "Short-segment lesion of the cord.", f="spinal_cord_involvement.none")
    assert "Contradicts what is known: Spinal cord involvement: none" in html(app)


def test_a_german_text_in_the_german_app(open_app):
    app = written(open_app, "Kopfschmerzen, kein Fieber.", lang="de")
    assert 'title="Fieber: fehlt"' in html(app)
    app.button(key="take_all_said").click().run()
    assert app.query_params["f"] == "headache.present~fever.absent"


def test_the_text_is_not_in_the_link_and_gone_when_the_panel_closes(open_app):
    app = written(open_app, "Mrs Zyxwv has no fever.")
    assert "Zyxwv" in repr(app.session_state)
    assert "Zyxwv" not in json.dumps(app.query_params)
    app.session_state["from_text"] = False
    app.run()
    assert "Zyxwv" not in repr(app.session_state)


def test_the_text_is_in_no_log(open_app, caplog, capfd):
    caplog.set_level("DEBUG")
    written(open_app, "Mrs Zyxwv has no fever.")
    out, err = capfd.readouterr()
    assert "Zyxwv" not in caplog.text + out + err


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> no fever",
        "no\x00 fever\x1b[31m",
        "fever " * 3000,
        "x" * MAX_CHARACTERS,
        "\u202efever",
    ],
    ids=["markup", "control characters", "long", "one endless word", "written backwards"],
)
def test_no_text_does_harm(open_app, text):
    app = written(open_app, text)
    assert not app.exception
    assert "<script>" not in html(app)


def test_the_words_around_a_mention_are_shown_as_they_are(open_app):
    app = written(open_app, "<b>bold</b> & fever")
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; <mark" in html(app)
