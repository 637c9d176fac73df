"""Visitors who click in the same moment take turns, and whoever works long lets others go first."""

from contextvars import copy_context
from threading import Event, Thread
from time import sleep

from app_pages.shared import turns
from tests.support.waiting import MAX_SECONDS

AT_ONCE = 2


def visitor(draw):
    """A visitor whose picture is drawn in its turn, as a thread that has begun."""

    def visit():
        with turns.taken():
            draw()

    thread = Thread(target=copy_context().run, args=(visit,), daemon=True)
    thread.start()
    return thread


def test_a_visitor_waits_for_those_before_and_nobody_for_good():
    arrived, go_on, last = [Event() for _ in range(AT_ONCE)], Event(), Event()

    def draw(one):
        one.set()
        go_on.wait(MAX_SECONDS)

    threads = [visitor(lambda one=one: draw(one)) for one in arrived]
    assert all(one.wait(MAX_SECONDS) for one in arrived)
    threads.append(visitor(last.set))
    assert not last.wait(0.2)
    go_on.set()
    assert last.wait(MAX_SECONDS)
    for thread in threads:
        thread.join(MAX_SECONDS)


def test_whoever_works_long_lets_others_go_first():
    working, answered, others = [Event() for _ in range(AT_ONCE)], Event(), Event()

    def work(one):
        with turns.aside(), turns.aside():  # the second has nothing to give
            one.set()
            answered.wait(MAX_SECONDS)

    threads = [visitor(lambda one=one: work(one)) for one in working]
    assert all(one.wait(MAX_SECONDS) for one in working)
    more = [Event() for _ in range(AT_ONCE)]
    threads += [visitor(lambda one=one: (one.set(), answered.wait(MAX_SECONDS))) for one in more]
    assert all(one.wait(MAX_SECONDS) for one in more)
    threads.append(visitor(others.set))
    assert not others.wait(0.2)
    answered.set()
    assert others.wait(MAX_SECONDS)
    for thread in threads:
        thread.join(MAX_SECONDS)


def test_who_has_been_shown_the_answer_completes_it_after_those_who_have_not():
    held, told, go_on, done, order = [], Event(), Event(), Event(), []
    for _ in range(AT_ONCE - 1):  # one turn alone is left, so that there is one order
        held.append(one := Event())
        visitor(lambda one=one: (one.set(), done.wait(MAX_SECONDS)))
    assert all(one.wait(MAX_SECONDS) for one in held)

    def draw(name):
        order.append(f"{name}: answer")
        if name == "first":
            told.set()
            go_on.wait(MAX_SECONDS)
        turns.shown()
        order.append(f"{name}: rest")

    threads = [visitor(lambda: draw("first"))]
    assert told.wait(MAX_SECONDS)
    threads += [visitor(lambda: draw("later")) for _ in range(3)]
    while len(turns._line) < 3:
        sleep(0.01)
    go_on.set()
    for thread in threads:
        thread.join(MAX_SECONDS)
    done.set()
    assert order == [
        "first: answer",
        *["later: answer"] * 3,
        "later: rest",
        "first: rest",
        *["later: rest"] * 2,
    ]


def test_nobody_steps_aside_for_those_who_only_complete_a_picture():
    held, go_on, order = [Event() for _ in range(AT_ONCE)], Event(), []

    def hold(one):
        one.set()
        go_on.wait(MAX_SECONDS)
        turns.shown()
        order.append("holds a turn")

    threads = [visitor(lambda one=one: hold(one)) for one in held]
    assert all(one.wait(MAX_SECONDS) for one in held)
    turns._line.append((turns.COMPLETED, -1, turn := Event()))
    go_on.set()
    for thread in threads:
        thread.join(MAX_SECONDS)
    assert order == ["holds a turn"] * AT_ONCE
    assert turn.wait(MAX_SECONDS)
    turns._give()  # the turn that the waiting one was given


def test_a_turn_is_given_back_by_whoever_fails():
    class BrokenOffError(BaseException):
        """What Streamlit ends a picture with is no common error either."""

    def draw():
        try:
            with turns.taken():
                raise BrokenOffError
        except BrokenOffError:
            pass

    for _ in range(AT_ONCE + 1):
        thread = Thread(target=draw, daemon=True)
        thread.start()
        thread.join(MAX_SECONDS)
        assert not thread.is_alive()


def test_without_a_turn_there_is_nothing_to_give_back():
    with turns.aside():
        pass
    held = Event()
    visitor(held.set).join(MAX_SECONDS)
    assert held.is_set()
