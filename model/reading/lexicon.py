"""
Every phrase that means something in one language, and what it means.

Beside the rows of `priors/reading` the labels and synonyms of the findings count, and the names that other vocabularies
have for them, so that a finding is recognised on the day that it enters the tables.

Knows: the tables. Must not know: texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from model.reading.words import Phrases
from priors.codes import load_codes
from priors.frozen import Frozen
from priors.reading_rules import load_reading_rules
from priors.reading_schema import LaboratoryTest, Pattern, ReadingRules, Term

if TYPE_CHECKING:
    from priors.schema import KnowledgeBase, Role, Variable

SPEAKING_ROLES: Final[tuple[Role, ...]] = ("finding", "context", "protocol")
"""Roles that a text may speak of; axes of MS and mechanisms are inferred."""

TEST_STATES: Final = ("negative", "positive")
CSF_ORDER: Final = "lumbar_puncture"


@dataclass(frozen=True, slots=True)
class Entry:
    """
    What a phrase means.

    Parameters
    ----------
    kind
        ``concept``, ``context`` (see `Context`) or ``other``: recognised, no finding.
    name
        Concept, category or code.
    states
        Of a finding: states that the words state.
    direction
        Of a context.
    source
        Row of the tables that it comes from.
    words
        The phrase.
    """

    kind: str
    name: str
    states: tuple[str, ...]
    direction: str
    source: str
    words: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All phrases of a language with the rules that use them."""

    language: str
    knowledge: KnowledgeBase
    rules: ReadingRules
    tests: tuple[LaboratoryTest, ...]
    patterns: tuple[Pattern, ...]
    entries: tuple[Entry, ...]
    phrases: Phrases

    def negation(self, finding: str, states: tuple[str, ...]) -> tuple[str, ...]:
        """What it means that a statement is denied: the reference state if nothing else is left, else nothing."""
        reference = [state.id for state in self.knowledge.variables[finding].states if state.is_reference]
        left = set(self.knowledge.variables[finding].state_ids) - set(states)
        return tuple(reference) if left == set(reference) else ()


class _Tables:
    """A knowledge base as the key of a cache: tables with the same names share their lexicon."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge
        self.names = tuple((v.id, v.label, v.synonyms, v.state_ids) for v in knowledge.variables.values())

    def __hash__(self) -> int:
        return hash(self.names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Tables) and self.names == other.names


def lexicon(knowledge: KnowledgeBase, language: str) -> Lexicon:
    """The phrases of a language; made once for each set of tables, which takes about a second."""
    return _lexicon(_Tables(knowledge), language)


@lru_cache(maxsize=4)
def _lexicon(tables: _Tables, language: str) -> Lexicon:
    knowledge = tables.knowledge
    rules = load_reading_rules(knowledge)
    found = {(entry.words, entry): entry for entry in _entries(rules, knowledge, language)}.values()
    return Lexicon(
        language=language,
        knowledge=knowledge,
        rules=rules,
        tests=(*rules.tests, *_unlisted_tests(rules, knowledge)),
        patterns=tuple(pattern for pattern in rules.patterns if pattern.language in (language, "any")),
        entries=tuple(found),
        phrases=Phrases(language, [entry.words for entry in found]),
    )


def _entries(rules: ReadingRules, knowledge: KnowledgeBase, language: str) -> Iterator[Entry]:
    """Every phrase; what the tables say comes before what labels say."""
    said = {(term.concept, term.words.casefold()) for term in rules.terms}
    for term in (*rules.terms, *_names(rules, knowledge)):
        if term.language in (language, "any") and not (
            term.source != "terms" and (term.concept, term.words.casefold()) in said
        ):
            states = term.states or _present(knowledge.variables.get(term.concept))
            yield Entry("concept", term.concept, states, "", term.source, term.words)
    for context in rules.contexts:
        if context.language == language:
            yield from (
                Entry("context", context.category, (), context.direction, "context", phrase)
                for phrase in context.phrases
            )
    ours = {code.code for code in load_codes(knowledge)}
    for code, words in rules.hpo:
        if code not in ours and language == "en":
            yield Entry("other", code, (), "", "hpo", words)
    for name, diagnosis in knowledge.diagnoses.items():
        yield Entry("other", name, (), "", "diagnosis", diagnosis.label)


def _present(variable: Variable | None) -> tuple[str, ...]:
    """The states of a finding that are not its reference; nothing for a concept that is no finding."""
    if variable is None or variable.kind == "age":
        return ()
    return tuple(state.id for state in variable.states if not state.is_reference)


def _names(rules: ReadingRules, knowledge: KnowledgeBase) -> Iterator[Term]:
    """Labels, synonyms and names of other vocabularies that state a finding by themselves."""
    for term in (*_own_names(rules, knowledge), *_other_names(rules, knowledge)):
        if (term.concept, term.words) not in rules.not_statements:
            yield term


def _own_names(rules: ReadingRules, knowledge: KnowledgeBase) -> Iterator[Term]:
    variables = knowledge.variables
    owners: dict[str, set[str]] = {}
    for variable in variables.values():
        for name in (variable.label, *variable.synonyms):
            owners.setdefault(name.casefold(), set()).add(variable.id)
    tested = {test.finding for test in rules.tests}
    written = {term.concept for term in rules.terms} | {rule.finding for rule in rules.rules} | tested
    for variable in knowledge.of_role(*SPEAKING_ROLES).values():
        is_test = variable.state_ids == TEST_STATES
        if variable.kind == "binary" and not (is_test and variable.id in tested):
            # Synonyms are words to search by, wider than the finding; they count until somebody has written its terms.
            synonyms = () if variable.id in written else variable.synonyms
            for name in (variable.label, *synonyms):
                if owners[name.casefold()] == {variable.id}:
                    # A language is not marked in findings.csv: German texts share most names.
                    yield Term("any", variable.id, (), name, "label" if name == variable.label else "synonym")


def _other_names(rules: ReadingRules, knowledge: KnowledgeBase) -> Iterator[Term]:
    by_code = {code.code: code for code in load_codes(knowledge) if code.kind == "finding"}
    for code, words in rules.hpo:
        target = by_code.get(code)
        if target is None or target.match == "broad":
            continue
        if knowledge.variables[target.id].state_ids != TEST_STATES:
            yield Term("en", target.id, target.states, words, code)


def _unlisted_tests(rules: ReadingRules, knowledge: KnowledgeBase) -> Iterator[LaboratoryTest]:
    """Findings that are negative or positive and have no row in `tests.csv`: their names alone say nothing."""
    tested = {test.finding for test in rules.tests}
    for variable in knowledge.variables.values():
        if variable.state_ids == TEST_STATES and variable.id not in tested:
            outcomes = Frozen({state: state for state in TEST_STATES})
            specimen = "csf" if variable.order == CSF_ORDER else "serum"
            yield LaboratoryTest(variable.id, variable.id, specimen, "usual", outcomes, "", "")


__all__ = ["Entry", "Lexicon", "lexicon"]
