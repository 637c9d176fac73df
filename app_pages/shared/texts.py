"""
Every sentence that a screen shows, by its dotted name, in the language of the session.

English stands in `texts.toml`, another language in a file of its own; what that lacks is shown in English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path

import streamlit as st

from model.figures import WORDS
from model.text import filled, localised, unparted
from model.text import percent as english_percent
from priors.labels import labels

FOLDER = Path(__file__).resolve().parent.parent
FILES = {"en": FOLDER / "texts.toml", "de": FOLDER / "texts.de.toml"}
ENGLISH = "en"

# Asked for some hundred times a picture; the session is slow to ask.
_spoken: ContextVar[str] = ContextVar("_spoken")


def begin() -> None:
    """Choose the language of a new session: that of the link, else the browser's, else English."""
    if "language" not in st.session_state:
        wanted = (st.query_params.get("lang", ""), usual_language())
        st.session_state["language"] = next((name for name in wanted if name in FILES), ENGLISH)
    _spoken.set(st.session_state["language"])


def usual_language() -> str:
    """What the browser prefers, if there are texts in it; else English."""
    name = (st.context.locale or ENGLISH)[:2].lower()
    return name if name in FILES else ENGLISH


def language() -> str:
    """The language of the session: that of the picture, where one is drawn."""
    return _spoken.get("") or str(st.session_state.get("language") or ENGLISH)


@cache
def _texts(name: str) -> dict[str, str]:
    with FILES[name].open("rb") as file:
        sections = tomllib.load(file)
    return {f"{section}.{key}": text for section, texts in sections.items() for key, text in texts.items()}


def _all() -> Mapping[str, str]:
    own = language()
    return _texts(ENGLISH) if own == ENGLISH else {**_texts(ENGLISH), **_texts(own)}


def say(name: str, **values: object) -> str:
    """
    The text `section.name`, with its blanks filled in; no line parts a number from its per cent sign.

    Raises
    ------
    KeyError
        If there is no such text or a blank is not given.
    """
    return say_in(language(), name, **values)


def say_in(spoken: str, name: str, **values: object) -> str:
    """The same in a language; needs no session."""
    text = _texts(spoken).get(name) or _texts(ENGLISH)[name]
    return unparted(filled(text, _figure_words(spoken), **values))


def percent(probability: float) -> str:
    """A probability as `model.text.percent` writes it, in the session's language, its sign on the same line."""
    return unparted(english_percent(probability, figure_words()))


def number(value: float, spec: str = "g") -> str:
    """A number as the session's language writes it."""
    return localised(format(value, spec), figure_words())


def optional(name: str, fallback: str) -> str:
    """The text `section.name` as it stands, or `fallback` where the tables have grown beyond the texts."""
    return _all().get(name, fallback)


def section(name: str) -> dict[str, str]:
    """All texts of one section, without the section's name."""
    return {key.removeprefix(f"{name}."): text for key, text in _all().items() if key.startswith(f"{name}.")}


def section_in(name: str, spoken: str) -> dict[str, str]:
    """All texts of one section in a language, without the section's name; needs no session."""
    both = {**_texts(ENGLISH), **_texts(spoken)}
    return {key.removeprefix(f"{name}."): text for key, text in both.items() if key.startswith(f"{name}.")}


def figure_words() -> Mapping[str, str]:
    """What figures say beside the names of the tables."""
    return _figure_words(language())


@cache
def _figure_words(own: str) -> Mapping[str, str]:
    if own == ENGLISH:
        return WORDS
    said = {
        key.removeprefix("figure."): text for key, text in _texts(own).items() if key.startswith("figure.")
    }
    groups = {f"group {name}": label for name, label in labels(own).get("groups", {}).items()}
    return {**WORDS, **said, **groups}
