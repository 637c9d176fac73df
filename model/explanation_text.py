"""
A paragraph in plain language, each word beside its number: the explanation as a teacher would say it.

Numbers are given twice, as natural frequencies ("17 of 100 such patients") and as ratios, since people read
the former better. Knows: what an explanation holds. Must not know: how it was computed.

References
----------
Gigerenzer G, Hoffrage U. How to improve Bayesian reasoning without instruction: frequency formats. Psychol Rev
1995;102:684-704. doi:10.1037/0033-295X.102.4.684
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.text import percent

if TYPE_CHECKING:
    from model.explanation_results import Contribution, Explanation

N_NAMED = 3
"""So many findings are named on each side."""

NAMED = 0.05
"""A finding that moves the odds by less than a twentieth of a ban (a factor of 1.12) is not named."""


def paragraph(explanation: Explanation) -> str:
    """The explanation in a few sentences."""
    e = explanation
    opening = f"Before anything is known of the patient, {e.label} has a probability of {percent(e.prior)}, {of(e.prior)}."
    if not e.contributions:
        return f"{opening} No finding is given, so nothing changes that."
    ranked = sorted(e.contributions, key=lambda c: -c.order_free)
    in_favour = [c for c in ranked if c.order_free >= NAMED][:N_NAMED]
    against = [c for c in reversed(ranked) if c.order_free <= -NAMED][:N_NAMED]
    change = f"its odds become {factor(e.total)}"
    sentences = [
        opening,
        f"The findings {_moved(e)} to {percent(e.probability)}, {of(e.probability)}: {change}.",
        *([f"In its favour: {_listed(in_favour)}."] if in_favour else ["No finding clearly speaks for it."]),
        *([f"Against it: {_listed(against)}."] if against else []),
        e.conflict.sentence(),
        e.surprise.sentence(),
        *[one.sentence() for one in e.counterfactuals],
        *([e.contrast.sentence()] if e.contrast else []),
    ]
    return " ".join(sentences)


def of(probability: float) -> str:
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
        return "all such patients" if probability else "no such patient"
    if probability > 0.995:
        return "nearly all such patients"
    for base in (100, 1000, 10000):
        if probability * base >= 1:
            return f"{round(probability * base)} of {base} such patients"
    return "fewer than 1 of 10000 such patients"


def factor(weight: float) -> str:
    """
    A change of log10 odds as a factor.

    Examples
    --------
    >>> factor(1.0), factor(-0.301), factor(0.0), factor(4.2)
    ('10 times as large', '2.0 times as small', 'no different', '16,000 times as large')
    """
    ratio = 10 ** abs(weight)
    if ratio < 1.005:
        return "no different"
    number = f"{ratio:.1f}" if ratio < 9.95 else f"{float(f'{ratio:.2g}'):,.0f}"
    return f"{number} times as {'large' if weight > 0 else 'small'}"


def _moved(explanation: Explanation) -> str:
    if abs(explanation.total) < NAMED:
        return "hardly move it and bring it"
    return "raise it" if explanation.total > 0 else "lower it"


def _listed(contributions: list[Contribution]) -> str:
    return "; ".join(
        f"{c.label} = {c.value} ({c.grade.split()[0]} evidence alone, which makes the odds {factor(c.alone)}; beside "
        f"the other findings {factor(c.order_free)})"
        for c in contributions
    )


__all__ = ["factor", "of", "paragraph"]
