"""
The one search for findings, of command line and app: whole words and their beginnings in labels, synonyms and states.

A typing error of one letter is forgiven where nothing matches without. What is known not to be modelled is told as such.

Knows: names of the tables. Must not know: patients, probabilities, screens.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from model.patient.naming import observable
from priors.labels import in_other_languages
from priors.schema import KnowledgeBase, NotModelled, Variable

UNHEARD = frozenset({
    "a", "an", "and", "at", "by", "for", "in", "is", "no", "not", "of", "on", "or", "the", "to", "with",
    "without", "auf", "bei", "das", "dem", "den", "der", "des", "die", "ein", "eine", "fur", "im", "kein",
    "keine", "mit", "nicht", "oder", "ohne", "und", "von", "zu",
})  # fmt: skip
"""Words, of both languages, that say nothing of what is looked for."""

LOOSE = frozenset({
    "ab", "abnormal", "absent", "anti", "antibodies", "antibody", "antigen", "blood", "brain", "csf", "igg",
    "level", "negative", "normal", "positive", "present", "raised", "serology", "serum", "test", "tests",
    "titre", "antikorper", "blut", "liquor", "serologie", "spiegel", "titer",
})  # fmt: skip
"""Words that a name may lack: "AQP4 antibodies" means AQP4-IgG; beside others they do not decide."""

EXACT, BEGINS, MISTYPED = 1.0, 0.8, 0.5
OTHER_NAME, OF_STATE = 0.95, 0.9
"""A label counts 1; identifier, synonym and the label of another language less, a state still less."""

ENDING = re.compile(r"(?:es|en|er|em|e|s|n)$")
"""What English and German add to a word in the plural or to decline it."""

POSSESSIVE = re.compile(r"['\N{RIGHT SINGLE QUOTATION MARK}]s\b", re.IGNORECASE)

FORGIVEN_FROM = 4
"""Shorter words must be spelled right."""

Matches = Mapping[str, Mapping[str, float]]
"""Word that is looked for -> words of names that it matches -> how well."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A finding that matches, and the state that was meant; empty if none was."""

    finding: str
    state: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """
    What a search gives.

    Attributes
    ----------
    hits : tuple of Hit
        Findings, the best first.
    not_modelled : tuple of str
        Terms of `not_modelled.csv` that match, the best first. Beside hits only those whose name was typed whole.
    diagnoses : tuple of str
        Diagnoses that match: they are what is asked for, no findings.
    """

    hits: tuple[Hit, ...]
    not_modelled: tuple[str, ...]
    diagnoses: tuple[str, ...]

    @property
    def findings(self) -> tuple[str, ...]:
        """Identifiers of the findings, the best first."""
        return tuple(hit.finding for hit in self.hits)


@dataclass(frozen=True, slots=True)
class _Name:
    """The words of one name, what a match in it counts, and the state that it is the name of."""

    words: tuple[str, ...]
    weight: float
    state: str = ""


def search(
    knowledge: KnowledgeBase,
    words: str,
    *,
    among: Iterable[str] | None = None,
    also: Sequence[KnowledgeBase] = (),
) -> Found:
    """
    The findings that some words may mean.

    Every word must match, but for those that say little beside others ("antibodies", "raised").

    Parameters
    ----------
    knowledge
        The tables, under the labels of one language.
    words
        What was typed.
    among
        Findings to look through; by default all that a patient can have.
    also
        The same tables under other labels, which are searched, too; by default under those of every language.

    Examples
    --------
    >>> from priors import load_knowledge_base
    >>> tables = load_knowledge_base()
    >>> search(tables, "Virchow").findings, search(tables, "MOG").findings, search(tables, "MOG").not_modelled
    (('pvs_pattern', 'dilated_perivascular_spaces'), (), ('mog_antibodies',))
    """
    wanted = asked(words)
    if not wanted:
        return Found((), (), ())
    allowed = [name for name in observable(knowledge) if among is None or name in among]
    index = _index(_Tables((knowledge, *also)))
    apart, wanted = wanted, _joined(wanted, index.vocabulary)
    for how in (_spelled, _inflected, _mistyped):
        match = {word: how(word, index.vocabulary) for word in wanted}
        match = {word: others for word, others in match.items() if others or not word.isdecimal()} or match
        hits = [hit for name in _called(index.findings, match, allowed) if (hit := _hit(name, index, match))]
        hits.sort(key=lambda hit: -hit.score)
        left_out = _not_modelled(index.terms, match, is_whole=bool(hits))
        if apart != wanted:
            alone = {word: how(word, index.vocabulary) for word in apart}
            left_out = tuple(dict.fromkeys((*left_out, *_not_modelled(index.terms, alone, is_whole=True))))
        asked_for = tuple(
            name for name in _called(index.diagnoses, match) if _score(index.diagnoses[name], match)
        )
        if hits or left_out or asked_for:
            return Found(tuple(hits), left_out, asked_for)
    return Found((), (), ())


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
    The words of a question that are looked for, each once.

    Examples
    --------
    >>> asked("Lesion of the cord"), asked("of the")
    (('lesion', 'cord'), ())
    """
    return tuple(dict.fromkeys(word for word in folded(words) if word not in UNHEARD))


class _Tables:
    """Tables in several languages, compared by identity: their content is far too large to be compared."""

    def __init__(self, tables: tuple[KnowledgeBase, ...]) -> None:
        self.tables = tables

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.tables)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Tables) and list(map(id, self.tables)) == list(map(id, other.tables))


@dataclass(frozen=True, slots=True)
class _Index:
    """Names of findings, of terms that are not modelled, of diagnoses; and all words of them."""

    findings: Mapping[str, list[_Name]]
    terms: Mapping[str, list[_Name]]
    diagnoses: Mapping[str, list[_Name]]
    vocabulary: tuple[str, ...]


@lru_cache(maxsize=8)
def _index(of: _Tables) -> _Index:
    knowledge = of.tables[0]
    tables = of.tables if len(of.tables) > 1 else (knowledge, *in_other_languages(knowledge))
    findings = {name: _names(name, tables) for name in observable(knowledge)}
    terms = {
        term.id: [_Name(folded(text), 1.0) for text in spellings(term)]
        for term in knowledge.not_modelled.values()
    }
    diagnoses = {name: _of_diagnosis(name, tables) for name in knowledge.diagnoses}
    groups = (*findings.values(), *terms.values(), *diagnoses.values())
    words = dict.fromkeys(word for group in groups for name in group for word in name.words)
    return _Index(findings, terms, diagnoses, tuple(words))


def _names(name: str, tables: Sequence[KnowledgeBase]) -> list[_Name]:
    """All names of a finding and of its states, in all languages."""
    found = [_Name(folded(tables[0].variables[name].label), 1.0), _Name(folded(name), OTHER_NAME)]
    for knowledge in tables:
        variable = knowledge.variables[name]
        found += [_Name(folded(text), OTHER_NAME) for text in (variable.label, *variable.synonyms)]
        found += _of_states(variable)
    for term in (one for one in tables[0].glossary.values() if one.finding == name):
        weight = OF_STATE if term.state else OTHER_NAME
        found += [_Name(folded(text), weight, term.state) for text in (term.label, term.label_de) if text]
    return found


def _of_diagnosis(name: str, tables: Sequence[KnowledgeBase]) -> list[_Name]:
    """All names of a diagnosis; "sarcoidosis" means neurosarcoidosis, too."""
    texts = [name, *(knowledge.diagnoses[name].label for knowledge in tables)]
    whole = [folded(text) for text in texts]
    return [
        _Name(words, 1.0)
        for one in whole
        for words in (one, tuple(word.removeprefix("neuro") for word in one))
    ]


def _of_states(variable: Variable) -> list[_Name]:
    """The names of the states; those of yes and no are no names of a finding."""
    if variable.kind in ("age", "binary"):
        return []
    return [
        _Name(folded(text), OF_STATE, state.id)
        for state in variable.states
        for text in (state.label, state.id)
    ]


def _called(
    named: Mapping[str, Sequence[_Name]], match: Matches, among: Iterable[str] | None = None
) -> list[str]:
    """Those of which some name holds each word that decides; the others need not be scored."""
    wanted = [others.keys() for others in _deciding(match).values()]
    return [
        one
        for one in (named if among is None else among)
        if all(any(word in others for name in named[one] for word in name.words) for others in wanted)
    ]


def _deciding(match: Matches) -> Matches:
    """All words but the loose ones; the loose ones if there are no others."""
    return {word: others for word, others in match.items() if word not in LOOSE} or match


def _hit(finding: str, index: _Index, match: Matches) -> Hit | None:
    """The finding with the state that fits best, if every word that decides matches."""
    names = index.findings[finding]
    own = [name for name in names if not name.state]
    best = _score(own, match), ""
    is_named = best[0] > 0
    for state in dict.fromkeys(name.state for name in names if name.state):
        of_state = [name for name in names if name.state == state]
        # A state is meant if it is needed for the match, or if its name alone was typed.
        if not is_named or any(name.words == tuple(match) for name in of_state):
            best = max(best, (_score([*own, *of_state], match), state))
    return Hit(finding, best[1], best[0]) if best[0] else None


def _score(names: Sequence[_Name], match: Matches) -> float:
    """How well all words match some names, from 0 to about 1; a name that holds more of them counts more."""
    of_word = {
        word: max(name.weight * _best(others, name.words) for name in names) for word, others in match.items()
    }
    if not all(of_word[word] for word in _deciding(match)):
        return 0.0
    together = max(
        name.weight
        * sum(_best(others, name.words) > 0 for others in match.values())
        / max(len(name.words), 1)
        for name in names
    )
    return sum(of_word.values()) / len(of_word) + 0.1 * min(together, 1.0)


def _best(others: Mapping[str, float], words: Sequence[str]) -> float:
    return max((others.get(word, 0.0) for word in words), default=0.0)


def _not_modelled(terms: Mapping[str, Sequence[_Name]], match: Matches, *, is_whole: bool) -> tuple[str, ...]:
    """Terms that match; with `is_whole` those of which one name was typed from its first word to its last."""
    found = []
    for term in _called(terms, match):
        names = terms[term]
        score = _score(names, match)
        if score and (not is_whole or any(_is_whole(name, match) for name in names)):
            found.append((-score, term))
    return tuple(term for _, term in sorted(found, key=lambda item: item[0]))


def _is_whole(name: _Name, match: Matches) -> bool:
    """Whether every word of a name was typed."""
    return all(any(word in others for others in match.values()) for word in name.words if word not in UNHEARD)


def spellings(term: NotModelled) -> tuple[str, ...]:
    """Everything that a term is called, in both languages."""
    return (term.label, term.label_de, *term.synonyms)


def _spelled(word: str, vocabulary: Sequence[str]) -> dict[str, float]:
    """The words that are this one, or begin with it."""
    begin = [other for other in vocabulary if other.startswith(word)] if len(word) > 1 else []
    found = {other: BEGINS + (EXACT - BEGINS) * len(word) / (len(other) + 1) for other in begin}
    return {**found, word: EXACT} if word in vocabulary else found


def _joined(words: Sequence[str], vocabulary: Sequence[str]) -> tuple[str, ...]:
    """
    The words, with neighbours as one where only together they are a word of the tables.

    Examples
    --------
    >>> _joined(("brain", "stem", "lesion"), ("brainstem", "lesion")), _joined(("optic", "nerve"), ("optic", "nerve"))
    (('brainstem', 'lesion'), ('optic', 'nerve'))
    """
    known, found = set(vocabulary), list[str]()
    for word in words:
        if found and found[-1] + word in known:
            found[-1] += word
        else:
            found.append(word)
    return tuple(found)


def _inflected(word: str, vocabulary: Sequence[str]) -> dict[str, float]:
    """As `_spelled`, of words that differ in their ending alone: a plural, a case, a gender."""
    stem = ENDING.sub("", word)
    if len(stem) < FORGIVEN_FROM:
        return _spelled(word, vocabulary)
    return {
        **_spelled(word, vocabulary),
        **{one: BEGINS for one in vocabulary if ENDING.sub("", one) == stem},
    }


def _mistyped(word: str, vocabulary: Sequence[str]) -> dict[str, float]:
    """As `_spelled`, but one letter may be wrong, missing, too many, or exchanged with its neighbour."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found: dict[str, float] = {}
    if len(word) >= FORGIVEN_FROM:
        long = [other for other in vocabulary if len(other) >= FORGIVEN_FROM]
        for end in (None, *((len(word) + more for more in (-1, 0, 1)) if len(word) > FORGIVEN_FROM else ())):
            beginnings = [other[:end] for other in long]
            near = process.extract(word, beginnings, scorer=OSA.distance, score_cutoff=1, limit=None)
            found |= {long[place]: MISTYPED for _, _, place in near}
    return found | _spelled(word, vocabulary)


__all__ = ["Found", "Hit", "asked", "folded", "search", "spellings"]
