"""Published patients to look at: read from `priors/cases`, never fitted to."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import priors
from app_pages.shared import link
from app_pages.shared.link import Value
from app_pages.shared.texts import figure_words, say
from model import Case, Network, read_cases
from model.figures import age_text

# A36: what a person of this age is called, by sex; empty: not known.
ADULT = 18
ADULTS = {"female": "woman", "male": "man", "": "person"}
CHILDREN = {"female": "girl", "male": "boy", "": "child"}

FOLDER = Path(priors.__file__).with_name("cases")
FILE = FOLDER / "published.json"
TEXTBOOK = FOLDER / "textbook.json"


@cache
def published() -> dict[str, Case]:
    """The published patients by their identifier."""
    return {case.id: case for case in read_cases(FILE)}


@cache
def textbook() -> dict[str, Case]:
    """Patients composed to be typical, by their identifier; nobody published them."""
    return {case.id: case for case in read_cases(TEXTBOOK)}


def known(name: str) -> Case:
    """A published or a textbook patient."""
    return {**textbook(), **published()}[name]


def findings(network: Network, case: Case, *, confirmatory: bool = False) -> dict[str, Value]:
    """What is known of a case, with or without the findings that proved the diagnosis."""
    shown = case if confirmatory else case.without_confirmatory()
    return {name: link.normal(network, name, v) for name, v in shown.findings.items() if v is not None}


def described(case: Case) -> str:
    """One line that tells the cases apart without giving the diagnosis away."""
    return say("case.example_item", id=case.id, who=person(case))


def person(case: Case) -> str:
    """Who it is and how much is known, without the diagnosis and without the name of the case."""
    age, sex = case.findings.get("age_years"), case.findings.get("sex")
    who = say("case.no_age")
    if isinstance(age, (int, float)):
        kinds = ADULTS if age >= ADULT else CHILDREN
        who = say(f"case.{kinds.get(str(sex), kinds[''])}", age=age_text(age, figure_words()))
    return say("case.example_person", who=who, n=len(case.without_confirmatory().findings))
