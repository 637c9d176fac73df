"""
The search for findings: a field for words, and below it the controls of what they mean, or that the model does not have it.

Knows: Streamlit. Must not know: how words are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

import streamlit as st

from app_pages.shared.answers import in_all_languages, knowledge
from app_pages.shared.controls import askable, finding_control
from app_pages.shared.keeping import MAX_PASTED
from app_pages.shared.texts import language, say
from model.patient.search import Found, asked, search
from priors.labels import labels
from priors.schema import NotModelled

MAX_WORDS = 80
N_FOUND = 5


def show(place: str) -> None:
    """The field and what is found, in labels of all languages; `place` tells where on the screens it is."""
    words = st.text_input(
        say("search.field"),
        max_chars=MAX_PASTED,
        key=f"search_{place}",
        type="search",
        placeholder=say("search.field"),
        label_visibility="collapsed",
        live=True,
    )
    if len(words or "") > MAX_WORDS:
        line = say("search.too_long", n=len(words), limit=MAX_WORDS)
        st.html(f'<p class="caution" role="status">{escape(line)}</p>')
    elif words and asked(words):
        with st.container(key=f"hits_{place}", gap="xsmall"):
            hits(search(knowledge(), words, among=askable(), also=in_all_languages()), words, place)


def hits(found: Found, words: str, place: str) -> None:
    """Controls of the best findings, and one line for each name that is none."""
    tables = knowledge()
    for name in found.findings[:N_FOUND]:
        finding_control(tables.variables[name], f"found_{place}")
    more = len(found.findings) - N_FOUND
    lines = [say("search.more", n=more)] if more > 0 else []
    lines += [not_modelled(tables.not_modelled[name]) for name in found.not_modelled[:N_FOUND]]
    lines += list(inferred(found))
    for line in lines or ([] if found.hits else [say("search.nothing", words=words)]):
        st.html(f'<p class="caution" role="status">{escape(line)}</p>')


def inferred(found: Found) -> Iterator[str]:
    """One line for each kind of what is no finding but follows from findings, or gives them, and where it stands."""
    tables, named = knowledge(), labels(language()).get("differentials", {})
    if found.orders:
        yield say("search.order", labels=joined(tables.orders[name].label for name in found.orders))
    if found.inferred:
        states = (_axis_said(hit.finding, hit.state) for hit in found.inferred)
        yield say("search.axis", labels=joined(states))
    if found.diagnoses:
        key = "search.diagnosis" if len(found.diagnoses) == 1 else "search.diagnoses"
        yield say(key, labels=joined(tables.diagnoses[name].label for name in found.diagnoses))
    if found.others:
        names = joined(named.get(name, name) for name in found.others)
        yield say("search.other", labels=names, label=tables.diagnoses["other"].label)


def joined(names: Iterable[str]) -> str:
    """The first names, and how many more there are."""
    every = list(names)
    more = [say("search.more_names", n=len(every) - N_FOUND)] if len(every) > N_FOUND else []
    return "; ".join([*every[:N_FOUND], *more])


def _axis_said(axis: str, state: str) -> str:
    """A course or a variant; the axis itself where no state was meant."""
    variable = knowledge().variables[axis]
    return {one.id: one.label for one in variable.states}.get(state, variable.label)


def not_modelled(term: NotModelled) -> str:
    """That something is no finding, why, and what comes nearest."""
    text = say("search.not_modelled", label=term.label, note=term.note)
    nearest = "; ".join(knowledge().variables[name].label for name in term.instead)
    return f"{text} {say('search.instead', labels=nearest)}" if nearest else text
