"""
Words of a text and the phrases among them, by spaCy: a blank pipeline, no model, nothing to download.

Words are compared without their endings, in either spelling of English, and without accents. Knows: spaCy, spelling.
Must not know: what a phrase means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from model.errors import MissingPackageError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_FOLDED: Final = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "é": "e", "è": "e", "ó": "o"})
_ENGLISH: Final = (
    ("ae", "e"),
    ("oe", "e"),
    ("our", "or"),
    ("isation", "ization"),
    ("ised", "ized"),
    ("ising", "izing"),
)
_GERMAN_ENDING: Final = re.compile(r"(.{4,}?)(?:en|em|er|es|e|n|s)$")
_JOINED: Final = re.compile(r"[-/]")
_SHORTEST: Final = 4
"""Letters that stay when an ending is taken off."""


def pipeline(language: str) -> Language:
    """
    The empty pipeline of a language: it splits words and holds the vocabulary.

    Raises
    ------
    MissingPackageError
        If spaCy is not installed.
    """
    try:
        import spacy
    except ImportError:
        raise MissingPackageError(
            'reading texts: spaCy is not installed; install the extra: pip install "millet-dx[text]"'
        ) from None
    blank = spacy.blank(language)
    suffixes = [*(blank.Defaults.suffixes or ()), r"\."]
    # The usual rules leave the full stop at IgG. and 3T.
    setattr(blank.tokenizer, "suffix_search", spacy.util.compile_suffix_regex(suffixes).search)  # noqa: B010
    return blank


def stem(word: str, language: str) -> str:
    """
    A word without its ending, in one spelling.

    Examples
    --------
    >>> stem("Haemorrhages", "en"), stem("hemorrhage", "en"), stem("Läsionen", "de")
    ('hemorrhage', 'hemorrhage', 'lasio')
    """
    word = word.lower().translate(_FOLDED)
    if language == "de":
        # One after the other, so that singular and plural meet: Läsion, Läsionen.
        while match := _GERMAN_ENDING.match(word):
            word = match[1]
        return word
    for old, new in _ENGLISH:
        word = word.replace(old, new)
    if len(word) <= _SHORTEST - 1 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > _SHORTEST:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "ches", "shes", "xes")) else word[:-1]


@dataclass(frozen=True, slots=True)
class Words:
    """
    The words of a text.

    Parameters
    ----------
    texts
        Each word as it is written.
    stems
        Each word without its ending.
    starts, ends
        Position of each in the cleaned text.
    """

    texts: tuple[str, ...]
    stems: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        """How many words."""
        return len(self.texts)


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase: words `start` to before `end`, and the number of the phrase."""

    start: int
    end: int
    phrase: int


class Phrases:
    """
    A list of phrases that are looked for together.

    Parameters
    ----------
    language
        ``en`` or ``de``.
    phrases
        As they are written; capitals count in words of capitals and in short names.
    """

    def __init__(self, language: str, phrases: Sequence[str]) -> None:
        from spacy.matcher import PhraseMatcher

        self.language = language
        self._pipeline = pipeline(language)
        self._matcher = PhraseMatcher(self._pipeline.vocab, attr="NORM")
        self._numbers: dict[tuple[str, ...], list[tuple[int, tuple[str, ...]]]] = {}
        documents = []
        for number, phrase in enumerate(phrases):
            document = self._document(phrase)
            key = tuple(word.norm_ for word in document)
            if key not in self._numbers:
                documents.append(document)
            capitals = tuple(word.text if _is_short_name(word.text) else "" for word in document)
            self._numbers.setdefault(key, []).append((number, capitals))
        self._matcher.add("phrases", documents)

    def _document(self, text: str) -> Doc:
        document = self._pipeline.make_doc(_JOINED.sub(" ", text))
        for word in document:
            word.norm_ = stem(word.text, self.language)
        return document

    def find(self, text: str) -> tuple[Words, list[Found]]:
        """The words of a cleaned text, and every phrase in it, by place."""
        document = self._document(text)
        words = Words(
            tuple(word.text for word in document),
            tuple(word.norm_ for word in document),
            tuple(word.idx for word in document),
            tuple(word.idx + len(word.text) for word in document),
        )
        found = []
        for _, start, end in self._matcher(document):
            for number, capitals in self._numbers[words.stems[start:end]]:
                written = zip(capitals, words.texts[start:end], strict=True)
                if all(_as_written(name, word) for name, word in written):
                    found.append(Found(start, end, number))
        return words, sorted(found, key=lambda one: (one.start, one.end, one.phrase))


def _is_short_name(word: str) -> bool:
    """Whether capitals tell a word from another: AIDS from aid, Mr from MR."""
    return word.isalpha() and len(word) > 1 and (word.isupper() or (word.istitle() and len(word) < _SHORTEST))


def _as_written(name: str, word: str) -> bool:
    return not name or (word.isupper() if name.isupper() else word == name)


def longest(spans: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """
    Spans that no longer one overlaps, the first of equals.

    Examples
    --------
    >>> sorted(longest([(0, 1), (0, 3), (2, 4), (5, 6)]))
    [(0, 3), (5, 6)]
    """
    kept: set[tuple[int, int]] = set()
    taken: set[int] = set()
    for start, end in sorted(set(spans), key=lambda span: (span[0] - span[1], span)):
        if taken.isdisjoint(range(start, end)):
            kept.add((start, end))
            taken.update(range(start, end))
    return kept


__all__ = ["Found", "Phrases", "Words", "longest", "pipeline", "stem"]
