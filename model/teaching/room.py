"""
A room of learners who vote: ballots without names, hands that are counted, and nothing that outlives the lesson.

All of it is kept in memory. A room is found by its code, which everybody may see, and led by its key. A ballot is a number
that a telephone made up; of it only the last choice to each question of each round is kept, to be able to change it.

Knows: ballots. Must not know: the web, screens, what is voted on.
"""

from __future__ import annotations

import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from model.errors import EvidenceError

LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that are not taken for each other."""

N_LETTERS: Final = 5
MAX_ROOMS: Final = 40
MAX_BALLOTS: Final = 500
MAX_IDLE_SECONDS: Final = 4 * 3600.0
PRESENT_SECONDS: Final = 10.0
"""A telephone that has not asked for so long has gone."""

BALLOT: Final = re.compile(r"[A-Za-z0-9]{8,40}")


@dataclass(slots=True, eq=False)
class Room:
    """
    One room.

    Parameters
    ----------
    code, key
        How ballots find it, and what whoever leads it must know.
    words
        What ballots say, in the language of the room.
    held
        What whoever leads it keeps here, such as the stage of a lesson.
    turn, is_open
        What is voted on now, and whether choices are taken.
    questions
        Question -> choices that it has: identifier -> label.
    told
        What is known of what is voted on: its heading, then line by line.
    """

    code: str
    key: str
    words: Mapping[str, str]
    held: dict[str, object] = field(default_factory=dict)
    turn: str = ""
    is_open: bool = False
    questions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    told: Sequence[str] = ()
    _votes: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    _hands: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    _seen: dict[str, float] = field(default_factory=dict)
    touched: float = 0.0

    def ask(
        self,
        turn: str,
        questions: Mapping[str, Mapping[str, str]],
        *,
        is_open: bool,
        told: Sequence[str] = (),
    ) -> None:
        """Put a round to the vote, or close it; a round that comes again has its votes still."""
        self.turn, self.questions, self.is_open, self.told = turn, questions, is_open, told

    def vote(self, ballot: str, turn: str, question: str, choice: str) -> bool:
        """Take a choice, in place of an earlier one of the same ballot; False if that is not asked now."""
        votes = self._votes.setdefault(self.turn, {})
        is_asked = self.is_open and turn == self.turn and choice in self.questions.get(question, {})
        if not is_asked or not self.sees(ballot):
            return False
        votes.setdefault(ballot, {})[question] = choice
        return True

    def sees(self, ballot: str, now: float | None = None) -> bool:
        """Take note that a ballot is there; False if it is none, or the room is full."""
        is_new = ballot not in self._seen
        if not BALLOT.fullmatch(ballot) or (is_new and len(self._seen) >= MAX_BALLOTS):
            return False
        self._seen[ballot] = time.monotonic() if now is None else now
        return True

    def choices(self, ballot: str) -> dict[str, str]:
        """What a ballot has chosen in this round."""
        return dict(self._votes.get(self.turn, {}).get(ballot, {}))

    def count_hands(self, question: str, choice: str, n: int) -> None:
        """Hands that were counted for a choice in this round, in place of an earlier count."""
        self._hands.setdefault(self.turn, {}).setdefault(question, {})[choice] = max(0, n)

    def drop_hands(self, question: str, choice: str) -> None:
        """A choice for which no hands are counted any more in this round."""
        self._hands.get(self.turn, {}).get(question, {}).pop(choice, None)

    def hands(self, question: str) -> dict[str, int]:
        """Hands that were counted in this round."""
        return dict(self._hands.get(self.turn, {}).get(question, {}))

    def tally(self, question: str) -> dict[str, int]:
        """Votes of ballots and hands together in this round, most first; choices without any are left out."""
        ballots = list(self._votes.get(self.turn, {}).values())
        counted = Counter(votes[question] for votes in ballots if question in votes)
        counted.update(self.hands(question))
        return {choice: n for choice, n in counted.most_common() if n}

    def n_voted(self) -> int:
        """How many ballots hold a choice in this round."""
        return sum(1 for votes in list(self._votes.get(self.turn, {}).values()) if votes)

    def n_present(self, now: float | None = None) -> int:
        """How many telephones are there."""
        now = time.monotonic() if now is None else now
        return sum(now - then < PRESENT_SECONDS for then in list(self._seen.values()))


@dataclass(slots=True, eq=False)
class Rooms:
    """
    All rooms of a server; one that nobody has touched for `MAX_IDLE_SECONDS` is forgotten.

    Parameters
    ----------
    clock
        Gives seconds.
    """

    clock: Callable[[], float] = time.monotonic
    _rooms: dict[str, Room] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def open(self, words: Mapping[str, str]) -> Room:
        """
        A new room.

        Raises
        ------
        EvidenceError
            If there are `MAX_ROOMS` already.
        """
        with self._lock:
            self._forget()
            if len(self._rooms) >= MAX_ROOMS:
                raise EvidenceError(f"class: {MAX_ROOMS} classes are under way on this server; end one first")
            code = self._free_code()
            room = Room(code, secrets.token_urlsafe(9), words, touched=self.clock())
            self._rooms[code] = room
            return room

    def _free_code(self) -> str:
        while True:
            code = "".join(secrets.choice(LETTERS) for _ in range(N_LETTERS))
            if code not in self._rooms:
                return code

    def find(self, code: str) -> Room | None:
        """The room of a code, however it is spelled; None if there is none, or none any more."""
        with self._lock:
            self._forget()
            room = self._rooms.get(code.upper())
            if room is not None:
                room.touched = self.clock()
            return room

    def led_by(self, code: str, key: str) -> Room | None:
        """The room of a code, for who has its key."""
        room = self.find(code)
        return room if room is not None and secrets.compare_digest(room.key.encode(), key.encode()) else None

    def close(self, code: str) -> None:
        """Forget a room with all that is in it."""
        with self._lock:
            self._rooms.pop(code, None)

    def _forget(self) -> None:
        now = self.clock()
        for code in [code for code, room in self._rooms.items() if now - room.touched > MAX_IDLE_SECONDS]:
            del self._rooms[code]


__all__ = ["MAX_BALLOTS", "MAX_IDLE_SECONDS", "MAX_ROOMS", "Room", "Rooms"]
