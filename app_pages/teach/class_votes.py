"""
Part of the screen Teach: how a class votes: the way to the ballots, the votes as they come, and hands that are counted.

Knows: widgets, rooms. Must not know: what the next step is (`class_state`), how votes are counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

import streamlit as st
from streamlit.net_util import get_internal_ip

from app_pages.shared import answers, ballot, tally
from app_pages.shared.keeping import hold
from app_pages.shared.texts import language, say
from app_pages.teach import class_state
from app_pages.teach.class_state import DIAGNOSIS, ORDER
from model.figures.qr import qr_code
from model.teaching.room import Room

LOCAL = ("localhost", "127.0.0.1", "::1", "0.0.0.0")


def address(path: str) -> str:
    """The absolute address of a page of this server; empty where that is not known."""
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}{here.path.rpartition('/')[0]}/{path}" if here.netloc else ""


def typed(where: str) -> str:
    """An address to type, without what a browser adds by itself; a line of it ends behind a stroke."""
    return escape(where.partition("://")[2]).replace("/", "/<wbr>")


def invitation(room: Room) -> None:
    """The way to the ballots: a QR code that fills the screen when it is wanted, and an address to type."""
    where = address(f"ballot/{room.code}")
    if not ballot.served or not where:
        st.html(f'<p class="soft">{escape(say("classroom.no_ballots"))}</p>')
        return
    drawn, lead = qr_code(where, say("classroom.qr")), escape(say("classroom.join"))
    st.markdown(
        f'<div class="invitation">{drawn}<p><small>{lead}</small><br>{typed(where)}</p></div>',
        unsafe_allow_html=True,
    )
    if (host := urlsplit(where).hostname) in LOCAL:
        st.html(f'<p class="caution">{escape(reachable(str(host)))}</p>')
    st.button(
        say("classroom.large"), key="class_large", icon=":material/qr_code:", help=say("classroom.large_help")
    )


def reachable(host: str) -> str:
    """That telephones cannot open an address of this computer's own, and which one they could."""
    is_closed = st.get_option("server.address") in LOCAL[:-1]
    port = urlsplit(st.context.url or "").port
    here = f"http://{get_internal_ip()}{f':{port}' if port else ''}"
    return say("classroom.closed" if is_closed else "classroom.local", host=host, here=here)


def live(room: Room) -> None:
    """The votes as they come; the page asks for them by itself where the server gives them, see `tally`."""
    of = f' data-room="{room.code}" data-key="{room.key}" data-spoken="{language()}"' if ballot.served else ""
    st.html(f'<div class="live"{of}>{tally.shown(room, language())}</div>')


def veil(room: Room) -> None:
    """Whether the room sees its votes before the vote is closed."""
    key = "class_hidden"
    hold(key, class_state.is_hidden(room))
    st.toggle(
        say("classroom.hide"),
        key=key,
        help=say("classroom.hide_help"),
        on_change=lambda: class_state.hide(room, is_hidden=bool(st.session_state[key])),
    )


def place(choices: Iterable[str], chosen: str) -> int | None:
    """Where a choice stands in a list; None if it is not there."""
    names = list(choices)
    return names.index(chosen) if chosen in names else None


def hands(room: Room) -> None:
    """Hands counted with + and -, and the order that was agreed aloud."""
    tables = answers.knowledge()
    labels = {row: tables.diagnoses[row].label for row in tables.rows}
    counted = room.hands(DIAGNOSIS)
    chosen = st.multiselect(
        say("teach.considered"),
        list(labels),
        default=list(counted),
        format_func=labels.get,
        key=f"class_rows_{room.turn}",
        placeholder=say("app.choose"),
    )
    for row in {*counted} - {*chosen}:
        room.drop_hands(DIAGNOSIS, row)
    with st.container(horizontal=True):
        for row in chosen:
            n = st.number_input(
                labels[row],
                0,
                999,
                counted.get(row, 0),
                key=f"class_hands_{room.turn}_{row}",
                width=260,
            )
            room.count_hands(DIAGNOSIS, row, int(n))
    open_ = room.questions.get(ORDER, {})
    if open_:
        agreed = st.selectbox(
            say("classroom.agreed"),
            list(open_),
            index=place(open_, class_state.agreed(room)),
            format_func=open_.get,
            placeholder=say("classroom.by_votes"),
            key=f"class_order_{room.turn}",
            width=420,
        )
        class_state.agree(room, agreed)
