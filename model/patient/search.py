"""
The one search for findings, of command line and app: whole words and their beginnings in labels, synonyms and states.

A typing error of one letter is forgiven where nothing matches without. What is inferred, what is an order and what is known
not to be modelled is told as such.

Knows: names of the tables. Must not know: patients, probabilities, screens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from model.patient.naming import observable
from model.patient.search_names import UNHEARD, Index, Name, Named, asked, folded, index_of, spellings
from priors.schema import KnowledgeBase

LOOSE = frozenset({
    "ab", "abnormal", "absent", "anti", "antibodies", "antibody", "antigen", "blood", "brain", "csf", "igg",
    "level", "negative", "normal", "positive", "present", "raised", "serology", "serum", "test", "tests",
    "titre", "antikorper", "blut", "liquor", "serologie", "spiegel", "titer",
})  # fmt: skip
"""Words that a name may lack: "AQP4 antibodies" means AQP4-IgG; beside others they do not decide."""

EXACT, BEGINS, MISTYPED = 1.0, 0.8, 0.5
ENDING = re.compile(r"(?:es|en|er|em|e|s|n)$")
"""What English and German add to a word in the plural or to decline it."""

FORGIVEN_FROM = 4
"""Shorter words must be spelled right, and are no beginnings where they are words themselves."""

OF_ORDER = 0.5
"""What a finding counts that is found by the order which gives it."""

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
    others : tuple of str
        Diseases that match, by English name, and have no numbers of their own: they count with `other`.
    inferred : tuple of Hit
        Courses and variants of multiple sclerosis that match and are not among what was looked through.
    orders : tuple of str
        Orders of which a whole name was typed; where no finding is called so, the hits are theirs.
    """

    hits: tuple[Hit, ...] = ()
    not_modelled: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    inferred: tuple[Hit, ...] = ()
    orders: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return any((self.hits, self.not_modelled, self.diagnoses, self.others, self.inferred, self.orders))

    @property
    def findings(self) -> tuple[str, ...]:
        """Identifiers of the findings, the best first."""
        return tuple(hit.finding for hit in self.hits)


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
    every = observable(knowledge)
    allowed = [name for name in every if among is None or name in among]
    axes = [name for name, one in every.items() if one.role == "ms_axis" and name not in allowed]
    index = index_of(knowledge, also)
    apart, wanted = wanted, _joined(wanted, index.vocabulary)
    nearest = Found()
    for how in (_spelled, _inflected, _mistyped) if wanted else ():
        match = _matches(wanted, how, index)
        orders = tuple(name for name, names in index.orders.items() if _named_whole(names, _exact(match)))
        hits = _hits(index, match, allowed) or _of_orders(knowledge, index, match, orders, allowed)
        left_out = _not_findings(index.terms, match, is_whole=bool(hits))
        if apart != wanted:
            alone = _matches(apart, how, index)
            left_out = tuple(dict.fromkeys((*left_out, *_not_findings(index.terms, alone, is_whole=True))))
        asked_for = tuple(
            name for name in _called(index.diagnoses, match) if _score(index.diagnoses[name], match)
        )
        others = _not_findings(index.others, match, is_whole=bool(hits or asked_for))
        found = Found(hits, left_out, asked_for, others, _hits(index, match, axes), orders)
        # A part of a disease's name, or an order beside words that mean nothing, is less than a finding mistyped.
        whole = tuple(one for one in others if _named_whole(index.others[one], match))
        certain = tuple(one for one in asked_for if _named_whole(index.diagnoses[one], _exact(match)))
        if replace(found, diagnoses=certain, others=whole, orders=()):
            return found
        nearest = nearest or found
    return nearest


def _matches(
    words: Sequence[str], how: Callable[[str, Sequence[str]], dict[str, float]], index: Index
) -> Matches:
    """What each word matches; a number that matches nothing says nothing beside others."""
    match = {word: how(word, index.vocabulary) for word in words}
    return {word: others for word, others in match.items() if others or not word.isdecimal()} or match


def _hits(index: Index, match: Matches, among: Iterable[str]) -> tuple[Hit, ...]:
    """The findings that match, the best first."""
    found = [hit for name in _called(index.findings, match, among) if (hit := _hit(name, index, match))]
    return tuple(sorted(found, key=lambda hit: -hit.score))


def _of_orders(
    knowledge: KnowledgeBase, index: Index, match: Matches, orders: Sequence[str], allowed: Collection[str]
) -> tuple[Hit, ...]:
    """The findings of orders that match by the other words; all of them if there are none."""
    found: list[Hit] = []
    for order in orders:
        among = [name for name in allowed if knowledge.variables[name].order == order]
        own = {word for name in index.orders[order] for word in name.words}
        rest = {word: others for word, others in match.items() if not own & others.keys()}
        found += _hits(index, rest, among) if rest else [Hit(name, "", OF_ORDER) for name in among]
    return tuple(found)


def _exact(match: Matches) -> Matches:
    """The matches that are no beginnings."""
    return {
        word: {other: score for other, score in others.items() if score == EXACT}
        for word, others in match.items()
    }


def _called(named: Named, match: Matches, among: Iterable[str] | None = None) -> list[str]:
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


def _hit(finding: str, index: Index, match: Matches) -> Hit | None:
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


def _score(names: Sequence[Name], match: Matches) -> float:
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


def _not_findings(terms: Named, match: Matches, *, is_whole: bool) -> tuple[str, ...]:
    """What is no finding and matches; with `is_whole` those of which one name was typed from its first word to its last."""
    found = []
    for term in _called(terms, match):
        names = terms[term]
        score = _score(names, match)
        if score and (not is_whole or _named_whole(names, match)):
            found.append((-score, term))
    return tuple(term for _, term in sorted(found, key=lambda item: item[0]))


def _named_whole(names: Sequence[Name], match: Matches) -> bool:
    """Whether every word of one of the names was typed."""
    typed = {word for others in match.values() for word in others}
    return any(typed.issuperset(word for word in name.words if word not in UNHEARD) for name in names)


def _spelled(word: str, vocabulary: Sequence[str]) -> dict[str, float]:
    """The words that are this one, or begin with it."""
    if len(word) < FORGIVEN_FROM and word in vocabulary:
        return {word: EXACT}
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
