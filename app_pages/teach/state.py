"""
The lesson of a session: which case, how far it is revealed, what the learner has committed to; and its link.

A hidden case travels in the link itself, packed so that a glance does not give the answer away. That is no encryption.

Knows: the session, the link. Must not know: widgets.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple, cast

import streamlit as st

from app_pages.shared import answers, examples, patient
from app_pages.shared.keeping import undisturbed
from app_pages.shared.texts import say
from model import Case, Stage, simulated_case, stages
from model.errors import EvidenceError, MilletError
from model.inference.graph import FloatArray
from model.teaching.lesson import completed
from model.teaching.own_case import Picture, own_case

MAX_PACKED, MAX_UNPACKED = 6_000, 60_000
# What the keys of a lesson's controls begin with.
SHEETS = ("points_", "teach_order_", "drill_")

# The case; how the link spells it; the stage shown, from 0; what the learner committed to at each stage (shares of
# table rows), and the order chosen next; whether the orders come the other way round, and then which orders had been chosen
# before; what was committed to in the drills, by question. No class statement: no file of the screens has one, see the law.
Lesson = NamedTuple(  # noqa: UP014
    "Lesson",
    [
        ("case", Case),
        ("spelled", str),
        ("stage", int),
        ("commits", tuple[dict[str, float], ...]),
        ("orders", tuple[str, ...]),
        ("is_backwards", bool),
        ("fixed", tuple[str, ...]),
        ("replies", dict[str, dict[str, float]]),
    ],
)


@undisturbed()
def lesson() -> Lesson | None:
    """The lesson under way, or the one that the link names; None if there is none."""
    if "lesson" not in st.session_state:
        st.session_state["lesson"] = None
        if text := patient.arrived_with("t"):
            try:
                begin(text, is_backwards=patient.arrived_with("back") == "1")
                resume(patient.arrived_with("at"))
            except MilletError as error:
                st.session_state["link_problems"] = [*st.session_state["link_problems"], *error.problems]
    return cast("Lesson | None", st.session_state["lesson"])


def start(begin: Callable[[str], None], spell: Callable[[], str]) -> None:
    """Begin with what a button stands for, as it is spelled when it is pressed; what is wrong with it the page says."""
    with suppress(MilletError):
        begin(spell())


def begin(spelled: str, *, is_backwards: bool = False, fixed: tuple[str, ...] = ()) -> None:
    """
    Start with the case that a text names, on a fresh sheet: ``p.H005``, ``s.SEED.DIFFICULTY`` or ``c.PACKED``.

    Raises
    ------
    MilletError
        If there is no such case.
    """
    found = fresh(spelled, is_backwards=is_backwards, fixed=fixed)
    for key in [key for key in st.session_state if str(key).startswith(SHEETS)]:
        del st.session_state[key]
    st.session_state["lesson"] = found


def fresh(spelled: str, *, is_backwards: bool = False, fixed: tuple[str, ...] = ()) -> Lesson:
    """
    A lesson at its first stage, see `begin`.

    Raises
    ------
    MilletError
        If there is no such case, or it cannot be read.
    """
    found = Lesson(case_of(spelled), spelled, 0, (), (), is_backwards, fixed, {})
    shown(found)  # a case that cannot be read is refused before the lesson begins
    return found


def case_of(spelled: str) -> Case:
    """
    The case that a text names.

    Raises
    ------
    MilletError
        If there is no such case.
    """
    kind, _, rest = spelled.partition(".")
    if kind == "p" and rest in examples.published():
        return examples.published()[rest]
    if kind == "s":
        return _simulated(rest)
    if kind == "c":
        return unpacked(rest)
    raise EvidenceError(say("teach.bad_link", text=spelled[:40]))


def progress(now: Lesson) -> str:
    """How far a lesson is, and what the learner has said, as a part of a link; empty at the beginning."""
    if not now.commits:
        return ""
    spelled, was_backwards, shares = st.session_state.get("earlier_end", ("", False, {}))
    is_compared = spelled == now.spelled and was_backwards != now.is_backwards
    content: dict[str, object] = {"stage": now.stage, "commits": now.commits, "orders": now.orders}
    return packed(content | {"fixed": now.fixed, "earlier": shares if is_compared else {}})


def resume(text: str) -> None:
    """
    Go on where `progress` was written: the page was loaded again.

    Raises
    ------
    EvidenceError
        If it cannot be read; the lesson begins at its first stage.
    """
    if not text:
        return
    now = cast("Lesson", lesson())
    tables = answers.knowledge()
    try:
        given = _content(text)
        commits = tuple({str(k): float(v) for k, v in one.items()} for one in given["commits"])
        orders, fixed = (tuple(map(str, given[name])) for name in ("orders", "fixed"))
        at = int(given["stage"])
        earlier = dict(given["earlier"])
        for one in (*commits, *filter(None, [earlier])):
            completed(one, tables)
        there = now._replace(stage=at, commits=commits, orders=orders, fixed=fixed)
        is_right = 0 <= at < len(shown(there)) and len(commits) == len(orders) in (at, at + 1)
        is_right &= {*orders, *fixed} <= {*tables.orders, "stop", ""}
    except (MilletError, KeyError, TypeError, ValueError, AttributeError):
        is_right = False
    if not is_right:
        raise EvidenceError(say("teach.bad_progress"))
    st.session_state["lesson"] = there
    if earlier:
        st.session_state["earlier_end"] = (now.spelled, not now.is_backwards, earlier)


def again(is_backwards: bool) -> None:
    """The same case once more, the other way round; what the learner believed at the end is kept to compare."""
    now = cast("Lesson", lesson())
    st.session_state["earlier_end"] = (now.spelled, now.is_backwards, now.commits[-1])
    begin(now.spelled, is_backwards=is_backwards, fixed=now.fixed or now.orders)


def earlier_end(now: Lesson) -> FloatArray | None:
    """What the learner believed at the end when the same case came the other way round; None if it did not."""
    spelled, was_backwards, shares = st.session_state.get("earlier_end", ("", False, {}))
    if spelled != now.spelled or was_backwards == now.is_backwards:
        return None
    return completed(shares, answers.knowledge())


def _simulated(text: str) -> Case:
    seed, _, difficulty = text.partition(".")
    if not (seed.isdecimal() and difficulty.isdecimal() and len(seed) <= 9 and int(difficulty) <= 100):
        raise EvidenceError(say("teach.bad_link", text=text[:40]))
    network = answers.network(answers.usual())
    return simulated_case(network, seed=int(seed), difficulty=int(difficulty) / 100)


def packed(content: dict[str, object]) -> str:
    """A case, or how far a lesson is, as a part of a link."""
    raw = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(zlib.compress(raw, 9)).decode().rstrip("=")


def unpacked(text: str) -> Case:
    """
    The case that `packed` spelled.

    Raises
    ------
    MilletError
        If the text is too long, or no case.
    """
    case = own_case(_content(text), say("teach.link")).case
    if case.truth is not None and case.truth not in answers.knowledge().diagnoses:
        raise EvidenceError(say("teach.bad_link", text=text[:40]))
    return case


def extras(now: Lesson) -> tuple[str, tuple[str, ...]]:
    """Vignette and teaching points of a case of one's own; empty ones of any other."""
    if not now.spelled.startswith("c."):
        return "", ()
    own = own_case(_content(now.spelled[2:]), say("teach.link"))
    return own.vignette, own.points


def pictures(now: Lesson) -> tuple[Picture, ...]:
    """Pictures of a case of one's own, where this session or its class holds them: no link does."""
    held = cast("dict[str, tuple[Picture, ...]]", st.session_state.get("pictures_of", {}))
    return held.get(now.spelled, ())


def _content(text: str) -> dict[str, Any]:
    """
    What `packed` spelled.

    Raises
    ------
    EvidenceError
        If the text is too long, or no such content.
    """
    wrong = EvidenceError(say("teach.bad_link", text=text[:40]))
    if len(text) > MAX_PACKED:
        raise wrong
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        unpacker = zlib.decompressobj()
        content = json.loads(unpacker.decompress(raw, MAX_UNPACKED).decode())
    except (ValueError, zlib.error, RecursionError):
        raise wrong from None
    if unpacker.unconsumed_tail or not isinstance(content, dict):
        raise wrong
    return content


def shown(now: Lesson) -> tuple[Stage, ...]:
    """The stages of the lesson's case under the first prior setting; kept for the session."""
    network = answers.network(answers.usual())
    wishes = now.fixed if now.is_backwards else now.orders
    key = {"lesson": now.spelled, "backwards": now.is_backwards, "wishes": wishes}

    def ask() -> tuple[Stage, ...]:
        return stages(network, now.case, backwards=now.is_backwards, wishes=wishes)

    return cast("tuple[Stage, ...]", answers.kept("stages", key, answers.usual(), ask))


def is_committed(now: Lesson) -> bool:
    """Whether the learner has committed at the stage that is shown."""
    return len(now.commits) > now.stage


def is_over(now: Lesson) -> bool:
    """Whether everything is revealed and committed."""
    return is_committed(now) and now.stage == len(shown(now)) - 1


def commit(shares: dict[str, float], order: str | None) -> None:
    """Take down what the learner believes, once he has said it."""
    now = cast("Lesson", lesson())
    if not is_committed(now) and any(shares.values()) and order is not None:
        st.session_state["lesson"] = now._replace(commits=(*now.commits, shares), orders=(*now.orders, order))


def reply(question: str, shares: dict[str, float]) -> None:
    """Take down what the learner believes in a drill, once he has said it."""
    now = cast("Lesson", lesson())
    if any(shares.values()):
        st.session_state["lesson"] = now._replace(replies={**now.replies, question: shares})


def reveal() -> None:
    """Go on to the next stage."""
    now = cast("Lesson", lesson())
    if is_committed(now) and not is_over(now):
        st.session_state["lesson"] = now._replace(stage=now.stage + 1)


def leave() -> None:
    """End the lesson."""
    st.session_state["lesson"] = None


def into_link(now: Lesson) -> None:
    """Put the case and how far it is into the address, so that a page that is loaded again goes on there."""
    patient.also(t=now.spelled, back="1" if now.is_backwards else "", at=progress(now))


def learner(now: Lesson, stage: int) -> FloatArray:
    """The learner's probabilities at a stage."""
    return completed(now.commits[stage], answers.knowledge())
