"""
Ways of reading what documents say as frequencies: the words in it, and the symbols of its tables.

A mapping is the name of a reading of words (column ``mapping`` of `scales.csv`), with ``+symbols_as_words`` behind it where
the symbols of the tables are read as words, too. Without it they are steps of a scale of their own, with cut-points that
are learnt for each column.

Knows: names of readings. Must not know: what they make of a fact, files.
"""

from __future__ import annotations

from typing import Final

from priors.schema import KnowledgeBase

DEFAULT_MAPPING: Final = "literature"
"""The reading whose draws the network is built from."""

AS_WORDS: Final = "symbols_as_words"


def mappings(knowledge: KnowledgeBase) -> tuple[str, ...]:
    """
    Every mapping there is: those of words, in table order, then the same with symbols as words.

    Examples
    --------
    >>> from priors import load_knowledge_base
    >>> mappings(load_knowledge_base())[::3]
    ('literature', 'literature+symbols_as_words')
    """
    words = tuple(dict.fromkeys(scale.mapping for scale in knowledge.scales))
    return (*words, *(f"{name}+{AS_WORDS}" for name in words))


def words_of(mapping: str) -> str:
    """
    The reading of words in a mapping.

    Examples
    --------
    >>> words_of("hpo"), words_of("hpo+symbols_as_words")
    ('hpo', 'hpo')
    """
    return mapping.partition("+")[0]


def reads_symbols_as_words(mapping: str) -> bool:
    """Whether a mapping reads the symbols of the tables as words."""
    return mapping.partition("+")[2] == AS_WORDS
