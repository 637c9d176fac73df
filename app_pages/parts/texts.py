"""Every sentence that a screen shows, by its dotted name in `texts.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from model.figures import WORDS

FILE = Path(__file__).resolve().parent.parent / "texts.toml"


@cache
def _texts() -> dict[str, str]:
    with FILE.open("rb") as file:
        sections = tomllib.load(file)
    return {f"{section}.{name}": text for section, texts in sections.items() for name, text in texts.items()}


def say(name: str, **values: object) -> str:
    """
    The text `section.name`, with its blanks filled in.

    Raises
    ------
    KeyError
        If there is no such text or a blank is not given.
    """
    return _texts()[name].format(**values)


def optional(name: str, fallback: str) -> str:
    """The text `section.name` as it stands, or `fallback` where the tables have grown beyond the texts."""
    return _texts().get(name, fallback)


def section(name: str) -> dict[str, str]:
    """All texts of one section, without the section's name."""
    return {
        key.removeprefix(f"{name}."): text for key, text in _texts().items() if key.startswith(f"{name}.")
    }


def figure_words() -> Mapping[str, str]:
    """What figures say beside the names of the tables."""
    return WORDS
