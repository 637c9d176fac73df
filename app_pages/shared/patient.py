"""
The patient of a session: what is known, the prior setting, and the way back.

The one source of truth: every control is set from here before it is drawn and writes here when it is
touched. Lives in the session only; nothing is stored or logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, cast
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from app_pages.shared import link
from app_pages.shared.answers import knowledge, network, setting_names
from app_pages.shared.keeping import undisturbed
from app_pages.shared.link import Value
from app_pages.shared.texts import language, usual_language

N_STEPS_KEPT = 60
# What the address holds for who loads the page again, and nobody else is given: a learner's answers, the key of a class.
PRIVATE = ("at", "class")


# What is known: findings, setting (prior and layer of knowledge, see `link`), identifier of the example (empty: none).
# No class statement: no file of the screens has one, see the law.
Known = NamedTuple(  # noqa: UP014
    "Known", [("findings", dict[str, Value]), ("setting", str), ("example", str)]
)


def _past() -> list[Known]:
    return cast("list[Known]", st.session_state["past"])


def now() -> Known:
    """What is known at present."""
    return cast("Known", st.session_state["known"])


def examinations() -> frozenset[str]:
    """Orders of which something is known: they have been given, and their further findings need no new one."""
    variables = knowledge().variables
    return frozenset(variables[name].order for name in now().findings)


def before() -> Known | None:
    """What was known before the last change; None if nothing was changed."""
    return _past()[-1] if _past() else None


@undisturbed()
def start() -> None:
    """Begin the session with what the link says, if it has not begun."""
    st.session_state["also"] = {}
    if "known" in st.session_state:
        return
    st.session_state["arrived_with"] = st.query_params.to_dict()
    settings = setting_names()
    findings, setting, problems = link.read(network(settings[0]), st.query_params.to_dict(), settings)
    st.session_state["known"] = Known(findings, setting, "")
    st.session_state["past"] = []
    st.session_state["link_problems"] = problems


def arrived_with(name: str) -> str:
    """
    A parameter of the link that the session began with; given once, empty after that and where it is missing.

    Whoever asks for it keeps it: `keeping.undisturbed`.
    """
    return str(st.session_state["arrived_with"].pop(name, ""))


def also(**items: str) -> None:
    """Further parameters that the screen wants in the address of this picture; empty ones are left out."""
    st.session_state["also"] |= {name: value for name, value in items.items() if value}


def query() -> dict[str, str]:
    """What the link holds: what is known, what the screen adds, and the language if it is not the browser's."""
    known = now()
    is_plain = not known.findings and known.setting == setting_names()[0]
    held = {} if is_plain else link.written(known.findings, known.setting)
    held |= st.session_state["also"]
    return held if language() == usual_language() else held | {"lang": language()}


def write_link() -> None:
    """
    Bring the address in line with what is known and with what the screen adds, so that it can be copied.

    What the browser sends as its address may be older than what it was last told: that has to be right as well.
    """
    held = query()
    last, st.session_state["address"] = st.session_state.get("address", held), held
    if not held == last == st.query_params.to_dict():
        st.query_params.from_dict(held)


def address() -> str:
    """The address of this picture for somebody else, without what is private; empty where the browser has not told it."""
    parts = urlsplit(st.context.url or "")
    held = {name: value for name, value in query().items() if name not in PRIVATE}
    return urlunsplit(parts._replace(query=urlencode(held), fragment="")) if parts.netloc else ""


def change(**changes: object) -> None:
    """Replace findings, setting or example; the state before can be undone."""
    known = now()._replace(**changes)
    if known.example != now().example or not known.findings:
        st.session_state["chosen_rows"] = {}
    if known != now():
        st.session_state["past"] = [*_past(), now()][-N_STEPS_KEPT:]
        st.session_state["known"] = known
    st.session_state["link_problems"] = []


def chosen_row(key: str) -> str:
    """The diagnosis that was chosen for this patient in one control; empty if none was."""
    return cast("dict[str, str]", st.session_state.setdefault("chosen_rows", {})).get(key, "")


def choose_row(key: str) -> None:
    """Keep the diagnosis that one control holds until another example is taken or all findings are forgotten."""
    st.session_state["chosen_rows"] = {**st.session_state["chosen_rows"], key: st.session_state[key]}


def put(finding: str, value: Value | None) -> None:
    """Record a finding; None or no state means not assessed."""
    findings = dict(now().findings)
    if value is None or value == []:
        findings.pop(finding, None)
    else:
        findings[finding] = value
    change(findings=findings)


def add(findings: Mapping[str, Value]) -> None:
    """Record several findings, as one change; what else is known by now stays."""
    change(findings={**now().findings, **findings})


def undo() -> None:
    """Take the last change back."""
    if _past():
        st.session_state["known"] = _past()[-1]
        st.session_state["past"] = _past()[:-1]
    st.session_state["link_problems"] = []


def reset() -> None:
    """Forget all findings; the prior setting stays."""
    change(findings={}, example="")
