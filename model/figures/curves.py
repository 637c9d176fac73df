"""
The answer as a function: of one number of the model, of two, and of a pre-test probability.

Knows: sensitivity results. Must not know: how they were computed, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np

from model.figures.base import Figure, group_colour
from model.figures.plot import PALETTE, Axis, Plot, key
from model.figures.robustness import number_label
from model.figures.words import WORDS, placed
from model.robustness.results import Sensitivity
from model.robustness.surface import Surface
from model.robustness.sweep import Sweep
from model.text import filled, percent
from priors.schema import KnowledgeBase

N_POINTS = 101
N_CURVES = 4
LEAST = 0.02
"""A diagnosis that never reaches this probability has no curve."""


def sensitivity_curve(
    sensitivity: Sensitivity, parameter: int, *, patient: int = 0, words: Mapping[str, str] = WORDS
) -> Figure:
    """
    The leading diagnoses as functions of one number of the model, from 0 to 1.

    The pale band is the number's plausible range (5 to 95 % of the draws), the dotted line its present value.

    Parameters
    ----------
    sensitivity
        What `model.sensitivity` gave.
    parameter
        Position in ``sensitivity.parameters``.
    patient
        Whose.
    words
        What the figure says; see `WORDS`.
    """
    parameters, classes = sensitivity.parameters, sensitivity.classes
    node, given, state = parameters.addresses[parameter]
    name = number_label(parameters.network.knowledge, node, state, given, words)
    t = np.linspace(0, 1, N_POINTS)[1:-1]
    p = sensitivity.along(parameter, t, patient).T
    shown = [int(i) for i in np.argsort(-p.max(axis=1), kind="stable")[:N_CURVES] if p[i].max() > LEAST]
    plot = Plot(
        Axis(0, 1, words["axis_number"], words=words), Axis(0, 1, words["axis_probability"], words=words)
    )
    low, high = (float(getattr(parameters, end)[parameter]) for end in ("low", "high"))
    parts = [plot.band([low, high], [0, 0], [1, 1])]
    parts.append(plot.rule(x=float(parameters.value[parameter]), text=words["present_value"]))
    parts += [plot.line(t, p[i], series) for series, i in enumerate(shown)]
    start, end = (float(v) for v in sensitivity.admissible[patient, parameter])
    holds = words["holds"] if (start <= 0 and end >= 1) else words["holds_between"]
    leader = classes.labels[int(sensitivity.leader[patient])]
    said = holds.format(label=leader, start=percent(start, words), end=percent(end, words))
    caption = filled(
        words["curve_caption"], words, low=percent(low, words), high=percent(high, words), holds=said
    )
    svg = plot.drawn(*parts, title=name, description=caption)
    return Figure(svg + key([classes.labels[i] for i in shown]), name, caption)


def sweep_curves(sweep: Sweep, knowledge: KnowledgeBase, *, words: Mapping[str, str] = WORDS) -> Figure:
    """The leading diagnoses over the pre-test probability of one of them, on log-odds."""
    shown = [int(i) for i in np.argsort(-sweep.after.max(axis=0), kind="stable")[:N_CURVES]]
    low, high = float(sweep.before[0]), float(sweep.before[-1])
    axis = Axis(low, high, words["axis_before"], scale="log odds", words=words)
    plot = Plot(axis, Axis(0, 1, words["axis_probability"], words=words))
    parts = [plot.rule(x=sweep.present, text=words["present_value"])]
    parts += [plot.line(sweep.before, sweep.after[:, i], series) for series, i in enumerate(shown)]
    label = knowledge.diagnoses[sweep.diagnosis].label
    title = filled(words["sweep"], words, label=placed(label, words))
    turns = [
        filled(words["turn"], words, at=percent(at, words), label=knowledge.diagnoses[new].label)
        for at, _, new in sweep.changes()
    ]
    caption = filled(words["sweep_caption"], words, turns="; ".join(turns) or words["no_turn"])
    svg = plot.drawn(*parts, title=title, description=caption)
    return Figure(svg + key([sweep.rows.labels[i] for i in shown]), title, caption)


def surface_map(
    surface: Surface, names: tuple[str, str], knowledge: KnowledgeBase, *, words: Mapping[str, str] = WORDS
) -> Figure:
    """
    Who leads over a grid of two numbers of the model; the paler, the less sure.

    Parameters
    ----------
    surface
        What `model.two_way` gave.
    names
        What the two numbers are called (see `number_label`).
    knowledge
        Gives the groups of the diagnoses.
    words
        What the figure says; see `WORDS`.
    """
    colours = _area_colours(surface, knowledge)
    plot = Plot(
        Axis(0, 1, words["axis_first"], words=words),
        Axis(0, 1, words["axis_second"], words=words),
        height=400,
    )  # nearly square: both axes are probabilities
    first, second = surface.values
    half = float(first[1] - first[0]) / 2
    parts = []
    for i, x in enumerate(first):
        for j, y in enumerate(second):
            if surface.inside[i, j]:
                p = surface.probabilities[i, j]
                colour = colours[surface.classes.names[int(p.argmax())]]
                box = (float(x) - half, float(x) + half), (float(y) - half, float(y) + half)
                parts.append(plot.cell(*box, colour, opacity=0.25 + 0.75 * float(p.max())))
    leaders = list(surface.leaders)
    labels = [surface.classes.labels[surface.classes.names.index(name)] for name in leaders]
    parts += _area_names(plot, surface)
    title = words["surface"]
    caption = filled(words["surface_caption"], words, first=names[0], second=names[1])
    svg = plot.drawn(*parts, title=title, description=caption)
    return Figure(svg + _areas(labels, [colours[name] for name in leaders]), title, caption)


def _area_names(plot: Plot, surface: Surface) -> list[str]:
    """The name of every leader in the middle of its area, if the area is large enough for it."""
    leads = np.where(surface.inside, surface.probabilities.argmax(axis=-1), -1)
    found = []
    for name in surface.leaders:
        i = surface.classes.names.index(name)
        here = np.argwhere(leads == i)
        if len(here) > leads.size / 20:
            x, y = (
                float(axis[round(place)])
                for axis, place in zip(surface.values, here.mean(axis=0), strict=True)
            )
            found.append(plot.word(min(max(x, 0.2), 0.8), y, surface.classes.labels[i]))
    return found


def _area_colours(surface: Surface, knowledge: KnowledgeBase) -> dict[str, str]:
    """A colour for every leader: its group's, or one of the palette where two leaders share a group."""
    found: dict[str, str] = {}
    for name in surface.leaders:
        own = group_colour(knowledge.diagnoses[name].group) if name in knowledge.diagnoses else PALETTE[0]
        free = [colour for colour in (own, *PALETTE) if colour not in found.values()]
        found[name] = free[0] if free else own
    return found


def _areas(labels: list[str], colours: list[str]) -> str:
    items = "".join(
        f'<span role="listitem"><i style="background:{colour}"></i>{escape(label)}</span>'
        for label, colour in zip(labels, colours, strict=True)
    )
    return f'<div class="mf mf-legend" role="list">{items}</div>'
