"""
Ballots of a class: the page that a telephone opens, what it asks, and what it says to a vote.

A page of its own, without Streamlit: sixty telephones cost as much as one session. No name is asked for, no cookie set.

Knows: rooms. Must not know: the web server, what is taught.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from app_pages.shared import tally
from app_pages.shared.texts import ENGLISH, FILES, section_in
from model.teaching.room import Room, Rooms

ROOMS = Rooms()
PAGE = Path(__file__).with_name("ballot.html")
MAX_BYTES = 1000
# Holds `ballots` where a server gives these pages: `streamlit run app.py` does not.
served: set[str] = set()


def words(spoken: str) -> dict[str, str]:
    """What ballots say in a language."""
    return {**section_in("ballot", spoken), "scope": section_in("app", spoken)["scope"], "language": spoken}


def page(code: str, accepted: str) -> tuple[str, bool]:
    """
    The page for a telephone, and whether its class is under way.

    Parameters
    ----------
    code
        Of the room, as the address spells it.
    accepted
        Languages that the telephone prefers, as it says it; a class that is over has none any more.
    """
    room = ROOMS.find(code)
    preferred = accepted[:2].lower()
    said = room.words if room else words(preferred if preferred in FILES else ENGLISH)
    blanks = {
        "LANGUAGE": said["language"],
        "WORDS": _script(said),
        "CODE": _script(room.code if room else ""),
    }
    text = PAGE.read_text(encoding="utf-8")
    for name, value in blanks.items():
        text = text.replace(name, value, 1)
    return text, room is not None


def _script(content: object) -> str:
    """A value inside a script: nothing in it can end the script."""
    return json.dumps(content).replace("<", "\\u003c")


def now(code: str, ballot: str) -> dict[str, object]:
    """What is asked now, and what this ballot has chosen; that it is over where there is no such room."""
    room = ROOMS.find(code)
    if room is None:
        return {"over": True}
    room.sees(ballot)
    return _asked(room, ballot)


def vote(code: str, body: bytes) -> dict[str, object]:
    """Take a vote; what cannot be read or is not asked changes nothing."""
    room = ROOMS.find(code)
    if room is None:
        return {"over": True}
    try:
        given = json.loads(body)
    except ValueError:
        given = None
    fields = given if isinstance(given, Mapping) else {}
    ballot, *rest = (str(fields.get(name, "")) for name in ("ballot", "round", "question", "choice"))
    room.vote(ballot, *rest)
    return _asked(room, ballot)


def votes(code: str, key: str, spoken: str) -> str:
    """The votes as they come, for who has the key of the room; empty for anybody else, and where there is no such room."""
    room = ROOMS.led_by(code, key)
    return tally.shown(room, spoken if spoken in FILES else ENGLISH) if room else ""


def _asked(room: Room, ballot: str) -> dict[str, object]:
    questions = {name: list(choices.items()) for name, choices in room.questions.items()}
    asked = {"round": room.turn, "open": room.is_open, "questions": questions, "told": list(room.told)}
    return asked | {"mine": room.choices(ballot)}
