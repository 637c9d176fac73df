"""
Visitors who click in the same moment take turns.

One process answers everybody, one piece of Python at a time. Pictures that are all drawn at once are all ready at the end,
and take longer than one after the other; so the first visitor is not kept waiting for the last.

Knows: threads. Must not know: what is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Semaphore

# Two, as the engine's arithmetic lets a second picture go on meanwhile.
_slots = Semaphore(2)
_is_taken: ContextVar[bool] = ContextVar("_is_taken", default=False)


@contextmanager
def taken() -> Iterator[None]:
    """Wait for a turn; what is drawn inside has it."""
    with _slots:
        token = _is_taken.set(True)
        try:
            yield
        finally:
            _is_taken.reset(token)


@contextmanager
def aside() -> Iterator[None]:
    """Let others have the turn while something long is worked out inside; it goes on when there is one again."""
    if not _is_taken.get():
        yield
        return
    token = _is_taken.set(False)
    _slots.release()
    try:
        yield
    finally:
        _slots.acquire()
        _is_taken.reset(token)
