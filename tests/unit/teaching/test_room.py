"""A room that votes: one choice a ballot, hands beside them, nothing left when it is closed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import EvidenceError
from model.teaching.room import MAX_BALLOTS, MAX_IDLE_SECONDS, MAX_ROOMS, PRESENT_SECONDS, Rooms

QUESTIONS = {"diagnosis": {"a": "A", "b": "B"}, "order": {"x": "X"}}


def asked(turn="1"):
    rooms = Rooms()
    room = rooms.open({})
    room.ask(turn, QUESTIONS, is_open=True)
    return rooms, room


def ballot(n):
    return f"ballot{n:06}"


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from("ab")), max_size=30))
def test_the_last_choice_of_each_ballot_counts(votes):
    _, room = asked()
    for n, choice in votes:
        assert room.vote(ballot(n), "1", "diagnosis", choice)
    last = dict(votes)
    expected = {choice: list(last.values()).count(choice) for choice in "ab"}
    assert room.tally("diagnosis") == {choice: n for choice, n in expected.items() if n}
    assert room.choices(ballot(0)) == ({"diagnosis": last[0]} if 0 in last else {})


def test_hands_are_counted_beside_ballots_and_the_most_comes_first():
    _, room = asked()
    room.vote(ballot(1), "1", "diagnosis", "a")
    room.count_hands("diagnosis", "b", 7)
    room.count_hands("diagnosis", "b", 4)
    assert list(room.tally("diagnosis").items()) == [("b", 4), ("a", 1)]
    room.count_hands("diagnosis", "b", -3)
    assert room.tally("diagnosis") == {"a": 1}
    assert room.hands("diagnosis") == {"b": 0}


def test_hands_that_are_dropped_are_gone_and_the_others_keep_their_order():
    _, room = asked()
    for choice in "ab":
        room.count_hands("diagnosis", choice, 0)
    room.drop_hands("diagnosis", "a")
    assert list(room.hands("diagnosis")) == ["b"]
    room.count_hands("diagnosis", "a", 2)
    assert list(room.hands("diagnosis")) == ["b", "a"]
    room.drop_hands("order", "x")  # nothing was counted there


def test_those_who_voted_are_counted_once_however_much_they_chose():
    _, room = asked()
    assert room.n_voted() == 0
    for question, choice in (("diagnosis", "a"), ("order", "x"), ("diagnosis", "b")):
        room.vote(ballot(1), "1", question, choice)
    room.vote(ballot(2), "1", "diagnosis", "a")
    assert room.n_voted() == 2


@pytest.mark.parametrize(
    "vote",
    [
        (ballot(1), "2", "diagnosis", "a"),
        (ballot(1), "1", "diagnosis", "c"),
        (ballot(1), "1", "other", "a"),
        ("short", "1", "diagnosis", "a"),
        ("<script>alert", "1", "diagnosis", "a"),
    ],
)
def test_what_is_not_asked_is_not_taken(vote):
    _, room = asked()
    assert not room.vote(*vote)
    assert room.tally("diagnosis") == {}


def test_a_closed_round_takes_nothing_and_keeps_what_it_had():
    _, room = asked()
    room.vote(ballot(1), "1", "diagnosis", "a")
    room.ask("1", QUESTIONS, is_open=False)
    assert not room.vote(ballot(2), "1", "diagnosis", "b")
    room.ask("2", QUESTIONS, is_open=True)
    assert room.tally("diagnosis") == {}
    room.ask("1", QUESTIONS, is_open=True)
    assert room.tally("diagnosis") == {"a": 1}


def test_a_room_holds_sixty_and_more_but_not_any_number():
    _, room = asked()
    assert all(room.vote(ballot(n), "1", "diagnosis", "a") for n in range(MAX_BALLOTS))
    assert MAX_BALLOTS >= 60
    assert not room.vote(ballot(MAX_BALLOTS), "1", "diagnosis", "a")
    assert room.vote(ballot(0), "1", "diagnosis", "b")


def test_telephones_that_are_silent_have_gone():
    _, room = asked()
    room.sees(ballot(1), now=100.0)
    room.sees(ballot(2), now=100.0 + PRESENT_SECONDS)
    assert room.n_present(now=100.0 + PRESENT_SECONDS) == 1


def test_a_room_is_led_by_its_key_alone_and_found_however_it_is_spelled():
    rooms, room = asked()
    assert rooms.find(room.code.lower()) is room
    assert rooms.led_by(room.code, room.key) is room
    assert rooms.led_by(room.code, "ä") is None
    rooms.close(room.code)
    assert rooms.find(room.code) is None
    assert rooms.led_by(room.code, room.key) is None


def test_a_room_that_nobody_touches_is_forgotten():
    now = [0.0]
    rooms = Rooms(clock=lambda: now[0])
    room = rooms.open({})
    now[0] = MAX_IDLE_SECONDS
    assert rooms.find(room.code) is room
    now[0] += MAX_IDLE_SECONDS + 1
    assert rooms.find(room.code) is None


def test_there_are_not_any_number_of_rooms():
    rooms = Rooms()
    codes = {rooms.open({}).code for _ in range(MAX_ROOMS)}
    assert len(codes) == MAX_ROOMS
    with pytest.raises(EvidenceError, match="under way"):
        rooms.open({})
