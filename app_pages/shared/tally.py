"""
What a class sees of its votes as they come, as HTML: on the page of whoever leads it, and every second from the server.

The page asks for it by itself (`classroom.js`), not by a timer of Streamlit's: by the source of Streamlit 1.67, one that
rings while a picture is on its way to the browser can drop a part of it, or all that is left.

Knows: rooms. Must not know: sessions, what is taught.
"""

from __future__ import annotations

from html import escape

from app_pages.shared.texts import say_in
from model.teaching.room import Room

N_BARS = 6
# Name of what a room holds that says whether votes are hidden until the vote is closed.
HIDDEN = "hidden"


def shown(room: Room, spoken: str) -> str:
    """How many telephones are there, and while a vote is open what was voted so far, telephones and hands together."""
    here = f'<p class="here">{escape(say_in(spoken, "classroom.present", n=room.n_present()))}</p>'
    if not room.is_open:
        return here
    if room.held.get(HIDDEN):
        n_voted = escape(say_in(spoken, "classroom.voted", n=room.n_voted()))
        return f'{here}<p class="asked voted">{n_voted}</p>'
    return f'{here}<div class="votes">{"".join(bars(room, one, spoken) for one in room.questions)}</div>'


def bars(room: Room, question: str, spoken: str) -> str:
    """The tally of one question as bars, with numbers; what has few votes is told in one line."""
    tally, labels = room.tally(question), room.questions[question]
    total = sum(tally.values())
    if not total:
        return ""
    most = list(tally.items())[:N_BARS]
    lines = "".join(
        f'<li style="--share:{100 * n / total:.1f}%"><span>{escape(labels[choice])}</span><b>{n}</b></li>'
        for choice, n in most
    )
    rest = total - sum(n for _, n in most)
    others = f'<p class="soft">{escape(say_in(spoken, "classroom.others", n=rest))}</p>' if rest else ""
    return f'<section><p class="asked">{escape(room.words[question])}</p><ul class="tally">{lines}</ul>{others}</section>'
