"""
Names of diagnoses, findings, states and orders in other languages; the English ones stay as synonyms.

Knows: `labels.de.toml`, the tables. Must not know: which language a reader speaks, probabilities.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from priors.frozen import Frozen
from priors.reading_rules import words_said
from priors.schema import Fact, KnowledgeBase, NotModelled, Variable

FILES: Final = {path.name.split(".")[1]: path for path in Path(__file__).parent.glob("labels.*.toml")}
"""Language -> where its labels stand; the English ones stand in the tables."""


@cache
def labels(language: str) -> Mapping[str, Mapping[str, str]]:
    """Section -> identifier (of states: English label) -> label in a language; empty for English."""
    if language not in FILES:
        return {}
    with FILES[language].open("rb") as file:
        found: Mapping[str, Mapping[str, str]] = tomllib.load(file)
    return found


def in_other_languages(knowledge: KnowledgeBase) -> tuple[KnowledgeBase, ...]:
    """The tables under the labels of every other language, with all words that the search knows."""
    return tuple(searchable(translated(knowledge, language), language) for language in sorted(FILES))


def differentials(knowledge: KnowledgeBase) -> Iterator[tuple[str, Fact]]:
    """The diseases that the documents name and `other` stands for, each with the fact that names it."""
    for fact in knowledge.facts.values():
        if fact.diagnosis == "other" and fact.kind == "note" and ":" in fact.statement:
            yield fact.statement.partition(":")[0], fact


def translated(knowledge: KnowledgeBase, language: str) -> KnowledgeBase:
    """The same tables under other labels; what the file lacks keeps its English label."""
    named = labels(language)
    if not named:
        return knowledge
    diagnoses = {
        name: replace(one, label=named["diagnoses"].get(name, one.label))
        for name, one in knowledge.diagnoses.items()
    }
    orders = {
        name: replace(
            one,
            label=named["orders"].get(name, one.label),
            hazard=named["order_hazards"].get(name, one.hazard),
            note=named["order_notes"].get(name, one.note),
        )
        for name, one in knowledge.orders.items()
    }
    variables = {name: _variable(one, named) for name, one in knowledge.variables.items()}
    return replace(
        knowledge,
        not_modelled=Frozen(
            {name: _not_modelled(one, language) for name, one in knowledge.not_modelled.items()}
        ),
        diagnoses=Frozen(diagnoses),
        orders=Frozen(orders),
        variables=Frozen(variables),
        exclusions=tuple(
            replace(one, reason=named["exclusions"].get(one.reason, one.reason))
            for one in knowledge.exclusions
        ),
    )


def searchable(knowledge: KnowledgeBase, language: str) -> KnowledgeBase:
    """
    The same tables for the search alone: findings answer to further words of a language, too.

    These are the words by which a text states a finding (`priors/reading`).
    """
    if not labels(language):
        return knowledge
    further: dict[str, list[str]] = {}
    for concept, words in words_said(language):
        further.setdefault(concept, []).append(words)
    variables = {
        name: replace(one, synonyms=tuple(dict.fromkeys((*one.synonyms, *further.get(name, ())))))
        for name, one in knowledge.variables.items()
    }
    return replace(knowledge, variables=Frozen(variables))


def _not_modelled(term: NotModelled, language: str) -> NotModelled:
    # Of these the tables themselves hold both languages.
    label, note = getattr(term, f"label_{language}", term.label), getattr(term, f"note_{language}", term.note)
    return replace(term, label=label, note=note, synonyms=(term.label, *term.synonyms))


def _variable(variable: Variable, named: Mapping[str, Mapping[str, str]]) -> Variable:
    # One word does not serve all findings: nouns differ in gender.
    own = (named["states_of"].get(f"{variable.id} {s.label}") for s in variable.states)
    states = tuple(
        replace(s, label=label or named["states"].get(s.label, s.label))
        for s, label in zip(variable.states, own, strict=True)
    )
    label = named["findings"].get(variable.id, variable.label)
    synonyms = variable.synonyms if label == variable.label else (variable.label, *variable.synonyms)
    note = named["notes"].get(variable.id, variable.note)
    return replace(variable, label=label, states=states, synonyms=synonyms, note=note)
