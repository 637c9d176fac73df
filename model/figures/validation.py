"""
Does it work? Calibration, ranks of simulated patients, and scores as findings come in, as plots.

Knows: results of `model.validation`. Must not know: how they were computed, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.figures.base import Figure
from model.figures.plot import PALETTE, Axis, Plot, key
from model.figures.words import WORDS
from model.text import filled, localised, percent
from model.validation.calibration import Calibration
from model.validation.reliability import N_BINS, Reliability
from model.validation.reveal import Reveal


def calibration_plot(calibration: Calibration, *, of: str = "", words: Mapping[str, str] = WORDS) -> Figure:
    """
    What was said against what came true, with the range of chance as a band and Wilson intervals as lines.

    Parameters
    ----------
    calibration
        What `model.calibration` gave.
    of
        Which answers they are, for the title.
    words
        What the figure says; see `WORDS`.
    """
    plot = Plot(
        Axis(0, 1, words["axis_said"], words=words), Axis(0, 1, words["axis_true"], words=words), height=400
    )
    x, low, high = (values.tolist() for values in (calibration.predicted, *calibration.interval.T))
    chance_low, chance_high = (values.tolist() for values in calibration.by_chance.T)
    half = 0.012
    boxes = [
        plot.band([p - half, p + half], [a, a], [b, b])
        for p, a, b in zip(x, chance_low, chance_high, strict=True)
    ]
    parts = [
        plot.line([0, 1], [0, 1], 1, colour="currentColor", width=1),
        *boxes,
        plot.errors(x, low, high),
        plot.points(x, calibration.observed.tolist()),
    ]
    title = filled(words["calibration"], words, of=of) if of else words["calibration_all"]
    caption = filled(
        words["calibration_caption"],
        words,
        n=int(calibration.n.sum()),
        error=calibration.error,
        chance=calibration.error_by_chance,
        p=localised(f"{calibration.p_value:.2g}", words),
    )
    return Figure(plot.drawn(*parts, title=title, description=caption), title, caption)


def rank_histogram(reliability: Reliability, *, words: Mapping[str, str] = WORDS) -> Figure:
    """
    Where the probability under a patient's own numbers lies among the draws: level bars mean reliable intervals.

    The band holds 99 % of the bars of a level histogram.
    """
    n = len(reliability.as_shown)
    expected, spread = n / N_BINS, 2.58 * (n / N_BINS * (1 - 1 / N_BINS)) ** 0.5
    counts = {way: reliability.histogram(way).tolist() for way in reliability.ways}
    most = max(expected + spread, *(max(heights) for heights in counts.values()))
    plot = Plot(
        Axis(0, 1, words["axis_rank"], words=words),
        Axis(0, 1.08 * most, words["axis_patients"], is_share=False, words=words),
    )
    band = plot.band([0.0, 1.0], [max(0.0, expected - spread)] * 2, [expected + spread] * 2)
    parts = [band]
    edges = np.linspace(0, 1, N_BINS + 1)
    for series, heights in enumerate(counts.values()):
        xs = np.repeat(edges, 2)[1:-1]
        parts.append(plot.line(xs, np.repeat(heights, 2), series))
    covered = reliability.coverage()[0.9][0], reliability.coverage("weighted")[0.9][0]
    caption = filled(
        words["ranks_caption"],
        words,
        n=n,
        shown=percent(covered[0], words),
        weighted=percent(covered[1], words),
        p_shown=localised(f"{reliability.p_value():.2g}", words),
        p_weighted=localised(f"{reliability.p_value('weighted'):.2g}", words),
    )
    title = words["ranks"]
    svg = plot.drawn(*parts, title=title, description=caption)
    return Figure(svg + key([words[f"ranks_{way}"] for way in reliability.ways]), title, caption)


def reveal_curves(reveal: Reveal, *, words: Mapping[str, str] = WORDS) -> Figure:
    """Log score of the network and of the baselines over the mean number of findings known, order after order."""
    n = [step.n_findings for step in reveal.steps]
    names = ("network", *reveal.steps[0].baselines)
    lines = {
        name: [
            (step.totals if name == "network" else step.baselines[name]).log_score for step in reveal.steps
        ]
        for name in names
    }
    lowest = min(min(values) for values in lines.values())
    plot = Plot(
        Axis(0, max(n) * 1.02 or 1.0, words["axis_findings"], is_share=False, words=words),
        Axis(1.05 * lowest, 0, words["axis_log_score"], is_share=False, words=words),
    )
    parts = []
    for series, values in enumerate(lines.values()):
        parts += [plot.line(n, values, series), plot.points(n, values, series)]
    title, caption = words["reveal"], words["reveal_caption"]
    svg = plot.drawn(*parts, title=title, description=caption)
    return Figure(svg + key([words[f"baseline_{name}"] for name in names], PALETTE), title, caption)
