"""Visitors who click in the same moment take turns, and whoever works long lets others go first."""

from contextvars import copy_context
from threading import Event, Thread

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
