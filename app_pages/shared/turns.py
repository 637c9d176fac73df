"""
Visitors who click in the same moment take turns.

One process answers everybody, one piece of Python at a time. Pictures that are all drawn at once are all ready at the end,
and take longer than one after the other; so the first visitor is not kept waiting for the last. What is waited for goes
first: who has been shown the answer completes the picture after those who have been shown nothing yet.

Knows: threads. Must not know: what is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from heapq import heappop, heappush
from itertools import count
from threading import Event, Lock, Semaphore

WAITED_FOR, COMPLETED = range(2)

# Two, as the engine's arithmetic lets a second picture go on meanwhile.
_slots = Semaphore(2)
_lock = Lock()
# Those who wait: stage, number of arrival, and what tells them that it is their turn.
_line: list[tuple[int, int, Event]] = []
_arrival = count()
_is_taken: ContextVar[bool] = ContextVar("_is_taken", default=False)


def _take(stage: int) -> None:
    with _lock:
        if _slots.acquire(blocking=False):
            return
        turn = Event()
        heappush(_line, (stage, next(_arrival), turn))
    turn.wait()


def _give() -> None:
    with _lock:
        if _line:
            heappop(_line)[-1].set()
        else:
            _slots.release()


@contextmanager
def taken() -> Iterator[None]:
    """Wait for a turn; what is drawn inside has it."""
    _take(WAITED_FOR)
    token = _is_taken.set(True)
    try:
        yield
    finally:
        _is_taken.reset(token)
        _give()


def shown() -> None:
    """What is waited for is drawn: whoever has been shown nothing yet goes before the rest of this picture."""
    with _lock:
        is_waited_for = bool(_line) and _line[0][0] == WAITED_FOR
    if is_waited_for and _is_taken.get():
        _give()
        _take(COMPLETED)


@contextmanager
def aside() -> Iterator[None]:
    """Let others have the turn while something long is worked out inside; it goes on when there is one again."""
    if not _is_taken.get():
        yield
        return
    token = _is_taken.set(False)
    _give()
    try:
        yield
    finally:
        _take(WAITED_FOR)
        _is_taken.reset(token)
