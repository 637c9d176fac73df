"""
A paragraph in plain language, each word beside its number: the explanation as a teacher would say it.

Numbers are given twice, as natural frequencies ("17 of 100 such patients") and as ratios, since people read
the former better. Knows: what each finding does. Must not know: how it was computed.

References
----------
Gigerenzer G, Hoffrage U. How to improve Bayesian reasoning without instruction: frequency formats. Psychol Rev
1995;102:684-704. doi:10.1037/0033-295X.102.4.684
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from model.text import ENGLISH, localised, percent
from model.why.contribution import Contribution

N_NAMED = 3
"""So many findings are named on each side."""

NAMED = 0.05
"""A finding that moves the odds by less than a twentieth of a ban (a factor of 1.12) is not named."""

SENTENCES: Final[Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
"""Name of a sentence -> the sentence in English, with blanks in braces."""


def paragraph(
    label: str,
    probabilities: tuple[float, float],
    total: float,
    contributions: Sequence[Contribution],
    closing: Sequence[str],
    sentences: Mapping[str, str] = SENTENCES,
) -> str:
    """
    An explanation in a few sentences; see `model.why.results.Explanation.paragraph`.

    Parameters
    ----------
    label
        What is explained.
    probabilities
        Its probability before and after the findings.
    total
        Change of its log10 odds.
    contributions
        What each finding does; empty: only the prior is told.
    closing
        Sentences at the end.
    sentences
        As `SENTENCES`, in the language wanted.
    """
    prior, probability = probabilities
    opening = sentences["opening"].format(label=label, p=percent(prior, sentences), of=of(prior, sentences))
    if not contributions:
        return f"{opening} {sentences['nothing']}"
    ranked = sorted(contributions, key=lambda c: -c.order_free)
    in_favour = [c for c in ranked if c.order_free >= NAMED][:N_NAMED]
    against = [c for c in reversed(ranked) if c.order_free <= -NAMED][:N_NAMED]
    moved = "kept" if abs(total) < NAMED else "raised" if total > 0 else "lowered"
    after = {"p": percent(probability, sentences), "of": of(probability, sentences)}
    parts = [
        opening,
        sentences[moved].format(**after, factor=factor(total, sentences)),
        sentences["in_favour" if in_favour else "none_in_favour"].format(
            findings=_listed(in_favour, sentences)
        ),
        *([sentences["against"].format(findings=_listed(against, sentences))] if against else []),
        *closing,
    ]
    return " ".join(parts)


def of(probability: float, sentences: Mapping[str, str] = SENTENCES) -> str:
    """
    A probability as a natural frequency.

    Examples
    --------
    >>> of(0.17), of(0.0213), of(0.9996)
    ('17 of 100 such patients', '2 of 100 such patients', 'nearly all such patients')
    >>> of(0.00002)
    'fewer than 1 of 10000 such patients'
    """
    if probability in (0.0, 1.0):
        return sentences["of_all"] if probability else sentences["of_none"]
    if probability > 0.995:
        return sentences["of_nearly_all"]
    for base in (100, 1000, 10000):
        if probability * base >= 1:
            return sentences["of_some"].format(n=round(probability * base), base=base)
    return sentences["of_fewer"].format(base=10000)


def factor(weight: float, sentences: Mapping[str, str] = SENTENCES) -> str:
    """
    A change of log10 odds as a factor.

    Examples
    --------
    >>> factor(1.0), factor(-0.301), factor(0.0), factor(4.2)
    ('10 times as large', '2.0 times as small', 'no different', '16,000 times as large')
    """
    ratio = 10 ** abs(weight)
    if ratio < 1.005:
        return sentences["no_factor"]
    return sentences["times_large" if weight > 0 else "times_small"].format(times=times(ratio, sentences))


def times(ratio: float, words: Mapping[str, str] = ENGLISH) -> str:
    """
    A factor of 1 or more with two digits that count.

    Examples
    --------
    >>> times(1.26), times(122.9), times(15849), times(15849, {"decimal": ","})
    ('1.3', '120', '16,000', '16.000')
    """
    return localised(f"{ratio:.1f}" if ratio < 9.95 else f"{float(f'{ratio:.2g}'):,.0f}", words)


def _listed(contributions: list[Contribution], sentences: Mapping[str, str]) -> str:
    return "; ".join(
        sentences["finding"].format(
            label=c.label,
            value=c.value.replace("_", " "),  # without a screen it is an identifier
            grade=sentences[c.grade.removesuffix(" for").removesuffix(" against").replace(" ", "_")],
            alone=factor(c.alone, sentences),
            beside=factor(c.order_free, sentences),
        )
        for c in contributions
    )


__all__ = ["SENTENCES", "factor", "of", "paragraph", "times"]
