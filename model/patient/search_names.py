"""
The words of all names that the search knows: of findings and their states, diagnoses, orders, and what is not modelled.

Knows: names of the tables. Must not know: how a typed word is compared with them, patients, probabilities.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from model.patient.naming import observable
from priors.labels import FILES, differentials, in_other_languages, labels
from priors.schema import KnowledgeBase, NotModelled, Variable

UNHEARD = frozenset({
    "a", "an", "and", "at", "by", "for", "in", "is", "no", "not", "of", "on", "or", "the", "to", "with",
    "without", "auf", "bei", "das", "dem", "den", "der", "des", "die", "ein", "eine", "fur", "im", "kein",
    "keine", "mit", "nicht", "oder", "ohne", "und", "von", "zu",
})  # fmt: skip
"""Words, of both languages, that say nothing of what is looked for."""

OTHER_NAME, OF_STATE = 0.95, 0.9
"""A label counts 1; identifier, synonym and the label of another language less, a state still less."""

POSSESSIVE = re.compile(r"['\N{RIGHT SINGLE QUOTATION MARK}]s\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """The words of one name, what a match in it counts, and the state that it is the name of."""

    words: tuple[str, ...]
    weight: float
    state: str = ""


Named = Mapping[str, Sequence[Name]]
"""Identifier -> all names."""


@dataclass(frozen=True, slots=True)
class Index:
    """
    Names of findings, of terms that are not modelled, of diagnoses and of orders; and all words of them.

    `others` are the diseases that count with `other`, by their English name.
    """

    findings: Named
    terms: Named
    diagnoses: Named
    others: Named
    orders: Named
    vocabulary: tuple[str, ...]


def folded(text: str) -> tuple[str, ...]:
    """
    The words of a text without capitals, accents and punctuation.

    Examples
    --------
    >>> folded("AQP4-IgG im Behçet-Größenwahn")
    ('aqp4', 'igg', 'im', 'behcet', 'grossenwahn')
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return tuple(re.findall(r"[^\W_]+", POSSESSIVE.sub("", bare)))


def asked(words: str) -> tuple[str, ...]:
    """
    The words of a question that are looked for, each once; one in capitals alone is an abbreviation.

    Examples
    --------
    >>> asked("Lesion of the cord"), asked("of the"), asked("ON")
    (('lesion', 'cord'), (), ('on',))
    """
    every = tuple(dict.fromkeys(folded(words)))
    if len(every) == 1 and words.isupper():
        return every
    return tuple(word for word in every if word not in UNHEARD)


def spellings(term: NotModelled) -> tuple[str, ...]:
    """Everything that a term is called, in both languages."""
    return (term.label, term.label_de, *term.synonyms)


def index_of(knowledge: KnowledgeBase, also: Sequence[KnowledgeBase]) -> Index:
    """All names of the tables, under the labels given or of every language."""
    return _index(_Tables((knowledge, *also)))


class _Tables:
    """Tables in several languages, compared by identity: their content is far too large to be compared."""

    def __init__(self, tables: tuple[KnowledgeBase, ...]) -> None:
        self.tables = tables

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.tables)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Tables) and list(map(id, self.tables)) == list(map(id, other.tables))


@lru_cache(maxsize=8)
def _index(of: _Tables) -> Index:
    knowledge = of.tables[0]
    tables = of.tables if len(of.tables) > 1 else (knowledge, *in_other_languages(knowledge))
    groups = (
        {name: _of_finding(name, tables) for name in observable(knowledge)},
        {term.id: _plain(spellings(term)) for term in knowledge.not_modelled.values()},
        {name: _of_diagnosis(name, tables) for name in knowledge.diagnoses},
        _of_others(knowledge),
        {name: _of_order(name, tables) for name in knowledge.orders},
    )
    words = dict.fromkeys(
        word for group in groups for names in group.values() for name in names for word in name.words
    )
    return Index(*groups, tuple(words))


def _plain(texts: Sequence[str]) -> list[Name]:
    return [Name(folded(text), 1.0) for text in dict.fromkeys(texts)]


def _of_finding(name: str, tables: Sequence[KnowledgeBase]) -> list[Name]:
    """All names of a finding and of its states, in all languages."""
    found = [Name(folded(tables[0].variables[name].label), 1.0), Name(folded(name), OTHER_NAME)]
    for knowledge in tables:
        variable = knowledge.variables[name]
        found += [Name(folded(text), OTHER_NAME) for text in (variable.label, *variable.synonyms)]
        found += _of_states(variable)
    further = [
        (one.state, text) for one in tables[0].search_words if one.finding == name for text in one.words
    ]
    for term in (one for one in tables[0].glossary.values() if one.finding == name):
        further += [(term.state, text) for text in (term.label, term.label_de) if text]
    return found + [Name(folded(text), OF_STATE if state else OTHER_NAME, state) for state, text in further]


def _of_states(variable: Variable) -> list[Name]:
    """The names of the states; those of yes and no are no names of a finding."""
    if variable.kind in ("age", "binary"):
        return []
    return [
        Name(folded(text), OF_STATE, state.id)
        for state in variable.states
        for text in (state.label, state.id)
    ]


def _of_diagnosis(name: str, tables: Sequence[KnowledgeBase]) -> list[Name]:
    """All names of a diagnosis; "sarcoidosis" means neurosarcoidosis, too."""
    further = [text for one in tables[0].search_words if one.diagnosis == name for text in one.words]
    texts = [name, *(knowledge.diagnoses[name].label for knowledge in tables)]
    whole = [folded(text) for text in (*texts, *(further if name != "other" else ()))]
    return [
        Name(words, 1.0)
        for one in whole
        for words in (one, tuple(word.removeprefix("neuro") for word in one))
    ]


def _of_others(knowledge: KnowledgeBase) -> dict[str, list[Name]]:
    """The diseases that `other` stands for: those that the documents name, and further words of it."""
    named = dict.fromkeys(name for name, _ in differentials(knowledge))
    spoken = [labels(language).get("differentials", {}) for language in FILES]
    further = {
        text: [text] for one in knowledge.search_words if one.diagnosis == "other" for text in one.words
    }
    texts = further | {name: [name, *(said.get(name, name) for said in spoken)] for name in named}
    return {name: _plain(said) for name, said in texts.items()}


def _of_order(name: str, tables: Sequence[KnowledgeBase]) -> list[Name]:
    further = [text for one in tables[0].search_words if one.order == name for text in one.words]
    return _plain([*(knowledge.orders[name].label for knowledge in tables), *further])


__all__ = ["UNHEARD", "Index", "Name", "Named", "asked", "folded", "index_of", "spellings"]
