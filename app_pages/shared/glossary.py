"""
What a term means, with its drawing: beside a control, in a line of findings, in the popover of every screen, in a list.

Knows: the glossary of the tables, drawings, the session's language. Must not know: patients, probabilities.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from html import escape

import streamlit as st

from app_pages.shared.answers import knowledge
from app_pages.shared.texts import ENGLISH, language, say
from model import load_knowledge_base
from model.figures import drawing
from priors.glossary_rules import ORIGINS
from priors.schema import Term, Variable

N_FOUND = 12
# Places of a term that are searched: names, synonyms, definition.
N_PLACES = 3
ORIGIN_TEXTS = dict(zip(ORIGINS, ("note", "general", "here"), strict=True))


def named(term: Term) -> str:
    """What a term is called in the language of the session."""
    own = term.label if language() == ENGLISH else term.label_de
    return own or knowledge().variables[term.finding].label


def defined(term: Term) -> str:
    """What a term means, in the language of the session."""
    return term.definition if language() == ENGLISH else term.definition_de


def origin(term: Term) -> str:
    """Where a definition comes from: document and place, a note of the tables, or no source."""
    tables, places = knowledge(), []
    for source in term.sources:
        if source in ORIGIN_TEXTS:
            places.append(say(f"glossary.from_{ORIGIN_TEXTS[source]}"))
        else:
            fact = tables.facts[source]
            places.append(
                say("glossary.place", title=tables.sources[fact.source].title, location=fact.location)
            )
    return "; ".join(dict.fromkeys(places))


def terms_of(finding: str, states: Iterable[str] = ()) -> list[Term]:
    """The term of a finding and those of its states; of some states only, if they are given and defined."""
    found = _by_finding().get(finding, [])
    return [term for term in found if term.state in states] or found


@cache
def _by_finding() -> Mapping[str, list[Term]]:
    """The terms of each finding, that of the finding itself first; a term is the same in all layers and languages."""
    found: dict[str, list[Term]] = {}
    for term in sorted(load_knowledge_base().glossary.values(), key=lambda one: one.state != ""):
        found.setdefault(term.finding, []).append(term)
    return found


def sketch(term: Term, title: str = "") -> str:
    """The drawing of a term as SVG; empty if it has none. The definition stands beside it, unless a title is given."""
    if not term.drawing:
        return ""
    said = {"title": title, "description": defined(term)} if title else {"title": named(term)}
    return drawing(term.drawing, **said).html


def card(term: Term) -> str:
    """Drawing, name, definition and source of a term."""
    text = f"<b>{escape(named(term))}</b> {escape(defined(term))} <small>{escape(origin(term))}</small>"
    sketched = sketch(term)
    paragraph = "<p>" if sketched else '<p class="undrawn">'
    return f'<div class="term">{sketched}{paragraph}{text}</p></div>'


def folded(terms: list[Term], *, has_drawing: bool = True) -> str:
    """A small drawing, or a question mark, that opens into the cards of the terms."""
    question = say("glossary.question", label=named(terms[0]))
    drawn = next((term for term in terms if term.drawing), None) if has_drawing else None
    mark = sketch(drawn, question) if drawn else f'<i role="img" aria-label="{escape(question)}">?</i>'
    cards = "".join(card(term) for term in terms)
    return f'<details class="explained"><summary>{mark}</summary><div>{cards}</div></details>'


def beside(variable: Variable) -> None:
    """The explanation of a finding, left of its control; nothing if it is not in the glossary."""
    if terms := terms_of(variable.id):
        st.markdown(folded(terms), unsafe_allow_html=True, width="content")


def in_line(finding: str, value: object) -> str:
    """The explanation of what was found, for a line of text; the drawing only where the sign is there."""
    given = {str(one) for one in value} if isinstance(value, list) else {str(value)}
    variable = knowledge().variables[finding]
    normal = {state.id for state in variable.states if state.is_reference}
    terms = terms_of(finding, given)
    return folded(terms, has_drawing=not given <= normal) if terms else ""


def matching(text: str) -> list[Term]:
    """Terms that hold a text: those with it in a name of either language first, then in synonyms, then in the definition."""
    sought, tables = text.strip().casefold(), knowledge()

    def rank(term: Term) -> int:
        variable = None if term.state else tables.variables.get(term.finding)
        names = (named(term), term.label, term.label_de, term.id)
        synonyms = variable.synonyms if variable else ()
        places = (" ".join(names), " ".join(synonyms), defined(term))
        return next((i for i, place in enumerate(places) if sought in place.casefold()), N_PLACES)

    ranked = sorted((rank(term), named(term).casefold(), term.id) for term in tables.glossary.values())
    return [tables.glossary[name] for place, _, name in ranked if place < N_PLACES]


def cards(terms: Iterable[Term]) -> None:
    """Terms one below the other, or beside each other where there is room."""
    st.markdown(f'<div class="terms">{"".join(map(card, terms))}</div>', unsafe_allow_html=True)


def popover() -> None:
    """
    The glossary of every screen: a search; at the beginning signs with their drawings, then the words of the model.

    Not a fragment: one that was answered together with the page left a slow browser with the old view under a new name.
    """
    place = st.popover(
        say("glossary.title"),
        icon=":material/menu_book:",
        key="glossary",
        type="tertiary",
        on_change="rerun",
    )
    if not place.open:
        return
    with place:
        text = st.text_input(
            say("glossary.find"),
            key="glossary_find",
            placeholder=say("glossary.hint"),
            label_visibility="collapsed",
        )
        terms = list(knowledge().glossary.values())
        found = matching(text) if text else [term for term in terms if term.finding]
        if not found:
            st.html(f"<p>{escape(say('glossary.none', text=text))}</p>")
            return
        cards(found[:N_FOUND] if text else [term for term in found if term.drawing][:N_FOUND])
        if len(found) > N_FOUND:
            st.html(f'<p class="soft">{escape(say("glossary.more", n=len(found) - N_FOUND))}</p>')
        if not text:
            st.html(f'<h6 class="section">{escape(say("glossary.of_model"))}</h6>')
            cards(term for term in terms if not term.finding)
