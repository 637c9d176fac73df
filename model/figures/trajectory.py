"""
A learner's probability of one diagnosis beside the model's, stage by stage.

Knows: two series. Must not know: lessons, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from model.figures.base import Figure
from model.figures.plot import Axis, Plot, key
from model.figures.words import WORDS
from model.text import filled


def trajectory(
    learner: Sequence[float], model: Sequence[float], label: str, *, words: Mapping[str, str] = WORDS
) -> Figure:
    """
    Probability that learner and model gave to one diagnosis at each stage.

    Parameters
    ----------
    learner, model
        One probability for each stage.
    label
        The diagnosis.
    words
        What the figure says; see `WORDS`.
    """
    n = len(learner)
    plot = Plot(
        Axis(0.5, max(n, 2) + 0.5, words["axis_stage"], is_share=False, words=words),
        Axis(0, 1, words["axis_given"], words=words),
    )
    stages = list(range(1, n + 1))
    parts = []
    for series, values in enumerate((learner, model)):
        parts += [plot.line(stages, values, series), plot.points(stages, values, series)]
    title = filled(words["trajectory"], words, label=label)
    svg = plot.drawn(*parts, title=title)
    return Figure(svg + key([words["learner"], words["baseline_network"]]), title)
