"""
Questions that take long: what was shown in their place is cleared at once, and a bar tells how far they have got.

Knows: widgets. Must not know: what is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app_pages.shared.texts import say
from app_pages.shared.turns import aside

T = TypeVar("T")

# A bar, and below it what is known so far; nothing before the first is told.
# Not in the session's state: to write there can itself be interrupted by the next picture, and a bar that survived so
# was drawn into the next one, in a place that is gone; the page broke.
_places: ContextVar[list[DeltaGenerator] | None] = ContextVar("_places", default=None)


def asked(ask: Callable[[], T]) -> tuple[T, DeltaGenerator]:
    """
    An answer, and the place to draw it.

    Nothing is cleared where the answer is known already: whoever only opens or turns something keeps what he sees.

    Parameters
    ----------
    ask
        Gives the answer; calls `tell` where it has to be worked out, as `answers.kept` does, and `so_far` if parts of it can
        be seen before.

    Raises
    ------
    MilletError
        As `ask` does; the bar is taken away.
    """
    places: list[DeltaGenerator] = []
    token = _places.set(places)
    try:
        with aside():
            answer = ask()
    except Exception:
        for place in places:
            place.empty()
        raise
    finally:
        _places.reset(token)
    if not places:
        return answer, st.container()
    places[0].empty()
    return answer, places[1].container()


def tell(share: float) -> None:
    """Show how much of a question is worked out, from 0 to 1; nothing where nobody waits."""
    places = _places.get()
    if places is None:
        return
    if not places:
        places.extend((st.empty(), st.empty()))
    places[0].progress(share, text=say("app.working"))


def so_far(draw: Callable[[], None]) -> None:
    """Show what is known of an answer, once `tell` has told of it, in place of what was; nothing where nobody waits."""
    if places := _places.get():
        with places[1].container():
            draw()


def progress(items: Sequence[T], /) -> Iterator[T]:
    """The items, one after the other; the bar follows."""
    for n, item in enumerate(items):
        tell(n / len(items))
        yield item
