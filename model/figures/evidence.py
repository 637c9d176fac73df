"""
How findings move the odds of a diagnosis: the evidence waterfall, and why one diagnosis and not another.

What speaks for a diagnosis is a filled bar, what speaks against it a striped one: colour is not needed to tell them apart.

Knows: explanations. Must not know: how weights of evidence are computed, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final, Literal

from model.figures.base import Figure, cell, table
from model.figures.words import WORDS
from model.text import filled, localised, percent
from model.why.contrast import Contrast
from model.why.paragraph import times
from model.why.results import Explanation, Unit
from model.why.weight import bans

Kind = Literal["in_sequence", "order_free", "alone"]
Times = Literal["times"]

FOR, AGAINST = "#0072b2", "#d55e00"
MARGIN: Final = 0.25
"""Bans left free at either end of the scale."""
TICKS: Final = (
    0.5,
    0.1,
    0.9,
    0.01,
    0.99,
    0.001,
    0.999,
    0.0001,
    0.9999,
    0.3,
    0.7,
    0.03,
    0.97,
    0.2,
    0.8,
    0.05,
    0.95,
)
"""Probabilities that the scale may name, the most wanted first; those too near to one that is named are left out."""
APART: Final = 0.11
"""Share of the scale that lies between two names at least."""
SAME: Final = 1.05
"""A finding less than this many times likelier is called as likely."""


def waterfall(
    explanation: Explanation,
    *,
    kind: Kind = "order_free",
    unit: Unit | Times = "times",
    n: int | None = None,
    words: Mapping[str, str] = WORDS,
) -> Figure:
    """
    From the odds before the findings to those with all of them, one bar for each finding.

    Parameters
    ----------
    explanation
        What `model.explain` gave.
    kind
        ``order_free``: Shapley values, the largest first, the weights that all views and reports name;
        ``in_sequence``: in the order of the case. Both add up.
    unit
        Of the numbers beside the bars: ``times`` says how many times likelier the finding is in the diagnosis than
        otherwise. The scale itself shows probabilities on log-odds.
    n
        How many findings to show at most, the others as one (of the kind ``order_free``); None: all.
    words
        What the figure says; see `WORDS`.

    Raises
    ------
    ValueError
        For the kind ``alone``, whose weights do not add up to anything.
    """
    if kind == "alone":
        raise ValueError(
            "waterfall, kind: found 'alone'; allowed are in_sequence and order_free, which add up"
        )
    found = _steps(explanation, kind, words)
    if n is not None and kind == "order_free":
        found = gathered(explanation, n, words)
    steps = [step for _, step in found]
    at = [bans(explanation.prior)]
    for step in steps:
        at.append(at[-1] + step)
    low, high = min(at) - MARGIN, max(at) + MARGIN
    low, high = min(low, high - 1.5), max(high, low + 1.5)

    def place(odds: float) -> float:
        return 100 * (odds - low) / (high - low)

    rows = [_scale(low, high, words), _end(words["before_findings"], explanation.prior, place(at[0]), words)]
    for i, (name, step) in enumerate(found):
        rows.append(_step(name, step, (place(at[i]), place(at[i + 1])), unit, words))
    rows.append(_end(words["after_findings"], explanation.probability, place(at[-1]), words))
    title = filled(words[f"waterfall_{kind}"], words, label=explanation.label)
    caption = filled(words["waterfall_caption"], words)
    return Figure(
        table("waterfall", *rows, label=title),
        title,
        f"{caption} {unit_said(unit, words, explanation.label, words['otherwise'])}",
    )


def _steps(explanation: Explanation, kind: Kind, words: Mapping[str, str]) -> list[tuple[str, float]]:
    """Finding with its state, and its weight in bans; order-free ones the weightiest first."""
    found = list(explanation.contributions)
    if kind == "order_free":
        found.sort(key=lambda c: -abs(c.order_free))
    return [
        (filled(words["state"], words, label=c.label, state=c.value), float(getattr(c, kind))) for c in found
    ]


def gathered(explanation: Explanation, n: int, words: Mapping[str, str] = WORDS) -> list[tuple[str, float]]:
    """The `n` weightiest findings, each with its order-free weight in bans, and all others as one."""
    found = _steps(explanation, "order_free", words)
    if len(found) <= n:
        return found
    rest = found[n - 1 :]
    together = filled(words["further_findings"], words, n=len(rest)), sum(weight for _, weight in rest)
    return [*found[: n - 1], together]


def contrast_bars(
    contrast: Contrast,
    *,
    kind: Kind = "order_free",
    unit: Unit | Times = "times",
    words: Mapping[str, str] = WORDS,
) -> Figure:
    """
    How far each finding speaks for one diagnosis rather than another, the most telling first.

    Parameters
    ----------
    contrast
        What `model.explain` gave for two diagnoses.
    kind
        Which weight: alone, in sequence, or free of order.
    unit
        Of the numbers beside the bars.
    words
        What the figure says; see `WORDS`.
    """
    found = sorted(contrast.contributions, key=lambda c: -abs(getattr(c, kind)))
    steps = [float(getattr(c, kind)) for c in found]
    widest = max((abs(step) for step in steps), default=0.0) or 1.0
    header = cell("name", "") + cell(
        "bar", f"<small>{escape(contrast.against_label)}</small><small>{escape(contrast.label)}</small>"
    )
    rows = [header + cell("p", "")]
    for one, step in zip(found, steps, strict=True):
        name = filled(words["state"], words, label=one.label, state=one.value)
        rows.append(_step(name, step, (50.0, 50.0 + 50.0 * step / widest), unit, words))
    title = filled(words["contrast"], words, label=contrast.label, against=contrast.against_label)
    caption = filled(
        words["contrast_caption"],
        words,
        label=contrast.label,
        against=contrast.against_label,
        before=_odds(contrast.prior_odds, words),
        after=_odds(contrast.posterior_odds, words),
    )
    told = unit_said(
        unit, words, contrast.label, filled(words["in_other"], words, label=contrast.against_label)
    )
    return Figure(table("contrast", *rows, label=title), title, f"{caption} {told}")


def unit_said(unit: Unit | Times, words: Mapping[str, str], label: str, against: str) -> str:
    """What the numbers beside the bars mean, with an example."""
    if unit == "times":
        example = filled(words["likelier"], words, times=localised("3", words))
        return filled(words["times_caption"], words, example=example, label=label, against=against)
    return filled(words["unit_caption"], words, unit=words[unit])


def _odds(bans: float, words: Mapping[str, str]) -> str:
    """Odds as people write them: 3 to 1, or 1 to 3."""
    ratio = 10 ** abs(bans)
    said = localised(f"{ratio:.2g}" if ratio < 100 else f"{ratio:,.0f}", words)
    return f"{said} : 1" if bans >= 0 else f"1 : {said}"


def _scale(low: float, high: float, words: Mapping[str, str]) -> str:
    """The row of probabilities above the bars."""
    named: dict[float, float] = {}
    for p in TICKS:
        place = (bans(p) - low) / (high - low)
        if 0 <= place <= 1 and all(abs(place - other) >= APART for other in named.values()):
            named[p] = place
    marks = "".join(
        f'<small style="left:{100 * named[p]:.1f}%">{percent(p, words)}</small>' for p in sorted(named)
    )
    name = f'<span class="mf-hidden">{escape(words["scale"])}</span>'
    return cell("name", name) + cell("bar", f'<span class="mf-scale">{marks}</span>') + cell("p", "")


def _end(name: str, probability: float, place: float, words: Mapping[str, str]) -> str:
    """A row for a state of knowledge: a mark on the scale and its probability."""
    mark = f'<span class="mf-track mf-bare" aria-hidden="true"><b style="left:{place:.1f}%"></b></span>'
    shown = percent(probability, words)
    return cell("name", f"<strong>{escape(name)}</strong>") + cell("bar", mark) + cell("p", shown)


def _step(name: str, step: float, ends: Sequence[float], unit: Unit | Times, words: Mapping[str, str]) -> str:
    """A row for a finding: a bar between two places of the scale, and its weight."""
    return (
        cell("name", escape(name))
        + cell("bar", floating(min(ends), max(ends), against=step < 0))
        + cell("p", escape(weight_text(step, unit, words)))
    )


def weight_text(weight: float, unit: Unit | Times = "times", words: Mapping[str, str] = WORDS) -> str:
    """
    A weight of evidence in bans as a person reads it.

    Examples
    --------
    >>> weight_text(1.5), weight_text(-0.5), weight_text(0.01)
    ('32 × likelier', '3.2 × less likely', 'as likely')
    >>> weight_text(-0.5, "ban"), weight_text(-0.5, "deciban")
    ('−0.50', '−5.0')
    """
    if unit == "times":
        ratio = 10 ** abs(weight)
        if ratio < SAME:
            return words["as_likely"]
        return filled(words["likelier" if weight > 0 else "less_likely"], words, times=times(ratio, words))
    number = f"{weight:+.2f}" if unit == "ban" else f"{10 * weight:+.1f}"
    return localised(number, words).replace("-", "−")


def floating(start: float, end: float, *, against: bool) -> str:
    """
    A bar from one place of a track to another, in per cent; striped if it speaks against.

    Examples
    --------
    >>> 'class="mf-against"' in floating(20.0, 50.0, against=True)
    True
    """
    kind, colour = ("mf-against", AGAINST) if against else ("mf-for", FOR)
    style = f"margin-left:{start:.1f}%;width:{max(end - start, 0.4):.1f}%;--bar:{colour}"
    return f'<span class="mf-track mf-bare" aria-hidden="true"><span class="{kind}" style="{style}"></span></span>'
