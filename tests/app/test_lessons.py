"""Lessons ready to run: complete in both languages, and what they say of the model holds for the patients they take."""

import tomllib

import pytest

from app_pages.shared import examples
from app_pages.shared.texts import FILES
from app_pages.teach import lessons
from model import load_network
from model.teaching.roster import USES, roster

CONTENT = tomllib.loads(lessons.FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def patients():
    return roster(load_network(), list(examples.published().values()))


def test_every_lesson_says_the_same_things_in_every_language():
    shapes = {
        name: {
            spoken: {key: len(text) if isinstance(text, list) else 0 for key, text in lesson[spoken].items()}
            for spoken in FILES
        }
        for name, lesson in CONTENT.items()
    }
    assert len(shapes) == 3
    assert {name: said for name, said in shapes.items() if said["en"] != said["de"]} == {}


def test_a_lesson_fits_into_forty_five_minutes():
    assert {name: lessons.total_minutes(one) for name, one in lessons.plans("en").items()} == dict.fromkeys(
        CONTENT, 45
    )


def test_every_lesson_finds_patients_for_whom_it_holds_today(patients):
    assert [one.shows for one in lessons.plans("en").values()] == list(USES)
    for one in lessons.plans("en").values():
        assert set(one.wanted) <= set(examples.published())
        assert len(lessons.fit_for(one.shows, one.wanted, patients, one.n)) == one.n


@pytest.mark.parametrize("spoken", FILES)
def test_a_lesson_begins_with_its_patient(open_app, spoken):
    app = open_app("teach", lang=spoken)
    assert not app.exception
    said = " ".join(one.value for one in app.markdown)
    for one in lessons.plans(spoken).values():
        assert one.title in said
        assert one.opening in said
    app.button(key="begin_lesson_decisive_1").click().run()
    assert app.session_state["lesson"].case.confirmatory


def test_a_surprise_fits_the_wishes_and_is_the_same_for_the_same_number(open_app, patients):
    drawn = []
    for _ in range(2):
        app = open_app("teach", view="patients")
        [control] = [one for one in app.get("button_group") if one.key == "surprise_difficulty"]
        control.set_value("hard").run()
        app.selectbox(key="surprise_topic").set_value("infectious").run()
        app.number_input(key="surprise_seed").set_value(7).run()
        app.button(key="begin_surprise").click().run()
        drawn.append(app.session_state["lesson"].case.id)
        assert app.session_state["surprise_seed"] == 8  # the next draw is another one
    assert drawn[0] == drawn[1]
    [one] = [patient for patient in patients if patient.case.id == drawn[0]]
    assert (one.difficulty, one.topic) == ("hard", "infectious")


def test_wishes_that_nobody_fits_are_said(open_app, patients):
    app = open_app("teach", view="patients")
    app.selectbox(key="surprise_topic").set_value("nutritional").run()
    [control] = [one for one in app.get("button_group") if one.key == "surprise_difficulty"]
    control.set_value("easy").run()
    fits = [one for one in patients if (one.topic, one.difficulty) == ("nutritional", "easy")]
    assert bool(app.warning) == (not fits)


def test_the_table_tells_of_every_patient_whether_the_model_succeeds(open_app, patients):
    app = open_app("teach", view="patients")
    [table] = [one.proto.body for one in app.get("html") if 'class="roster"' in one.proto.body]
    assert table.count("<tr>") == 1 + len(patients)
    assert table.count(">wrong: ") == sum(not one.is_right for one in patients)
