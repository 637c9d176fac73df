"""Ballots of a class: one page for a telephone, in the language of the class, that says when the class is over."""

import json

import pytest

from app_pages.shared import ballot
from app_pages.shared.texts import FILES
from app_pages.teach import class_state

BALLOT = "ballot000001"


@pytest.fixture
def room():
    opened = ballot.ROOMS.open(ballot.words("de"))
    opened.ask("0_0", {"diagnosis": {"nmosd": "</script><b>"}}, is_open=True)
    yield opened
    ballot.ROOMS.close(opened.code)


def test_the_page_speaks_the_language_of_the_class_and_nothing_ends_its_script(room):
    page, is_under_way = ballot.page(room.code, "en-GB")
    assert is_under_way
    assert '<html lang="de">' in page
    assert json.dumps(ballot.words("de")["open"]) in page
    assert page.count("</script>") == 1
    assert room.key not in page


@pytest.mark.parametrize("spoken", FILES)
def test_a_class_that_is_over_says_so_in_one_line(spoken):
    page, is_under_way = ballot.page("NO<SUCH", f"{spoken}-XX,en;q=0.5")
    assert not is_under_way
    assert json.dumps(ballot.words(spoken)["over"]) in page
    assert "NO<SUCH" not in page
    assert ballot.now("NOSUCH", BALLOT) == {"over": True}
    assert ballot.vote("NOSUCH", b"{}") == {"over": True}


def test_a_vote_comes_back_as_it_was_taken_down(room):
    body = {"ballot": BALLOT, "round": "0_0", "question": "diagnosis", "choice": "nmosd"}
    assert ballot.vote(room.code, json.dumps(body).encode())["mine"] == {"diagnosis": "nmosd"}
    assert ballot.now(room.code, BALLOT)["mine"] == {"diagnosis": "nmosd"}  # the page was loaded again
    assert ballot.now(room.code, "ballot000002")["mine"] == {}


def test_whoever_leads_a_class_sees_the_votes_as_they_come_and_nobody_else_does(room):
    for i in range(2):
        body = {"ballot": f"{BALLOT}{i}", "round": "0_0", "question": "diagnosis", "choice": "nmosd"}
        ballot.vote(room.code, json.dumps(body).encode())
    told = ballot.votes(room.code, room.key, "de")
    assert "Telefone im Raum: 2" in told
    assert "<span>&lt;/script&gt;&lt;b&gt;</span><b>2</b>" in told
    room.held["hidden"] = True
    assert "Abgestimmt: 2" in ballot.votes(room.code, room.key, "de")
    assert "<b>2</b>" not in ballot.votes(room.code, room.key, "xx")
    room.is_open = False
    assert ballot.votes(room.code, room.key, "xx").startswith('<p class="here">Telephones here: 2.')
    assert ballot.votes(room.code, "", "de") == ballot.votes("NOSUCH", room.key, "de") == ""


@pytest.mark.parametrize("body", [b"", b"[1]", b"\xff", b"null", b'{"ballot": {"a": 1}}', b"x" * 5000])
def test_no_body_breaks_the_room(room, body):
    assert ballot.vote(room.code, body)["round"] == "0_0"
    assert room.tally("diagnosis") == {}


def test_a_telephone_shows_what_is_known_and_the_choices_by_name(open_app):
    app = open_app("teach")
    app.button(key="class_lesson_decisive").click().run()
    app.button(key="class_next").click().run()
    code = app.session_state["class"]
    asked = ballot.now(code, BALLOT)
    assert asked["told"][0].startswith("Stage 1 of")
    labels = [label for _, label in asked["questions"]["diagnosis"]]
    assert labels[:-1] == sorted(labels[:-1], key=str.casefold)
    assert labels[-1] == "None of the listed diseases"
    for _ in range(2):
        app.button(key="class_next").click().run()
    told = ballot.now(code, BALLOT)["told"]
    assert told[0].startswith("Stage 2 of")
    assert any(line.startswith("Age: ") for line in told)
    ballot.ROOMS.close(code)


def test_a_part_of_a_class_is_over_once_its_minutes_have_passed(room, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(class_state.time, "time", lambda: now[0])
    room.held |= {"at": class_state.At("", ("H001",), 0, "stage", None), "minutes": {}, "began": {}}
    assert class_state.seconds(room) == 0
    now[0] += 30
    assert class_state.seconds(room) == 30
    class_state.allow(room, 2)
    assert class_state.seconds(room) == 90
    now[0] += 100
    assert class_state.seconds(room) == -10
