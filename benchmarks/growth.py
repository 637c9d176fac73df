"""
How cost grows: seconds of P(diagnosis | findings) on random networks of several sizes.

One axis is varied at a time, the others stay at the base; only Millet is timed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.subjects import patients, random_network
from benchmarks.works import timed
from model.inference.engine import infer
from model.network.network import DIAGNOSIS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

AXES = {
    "diagnoses": (10, 30, 100, 300),
    "findings": (35, 70, 140, 280),
    "draws": (1, 10, 100, 1000),
    "patients": (1, 100, 10_000, 100_000),
}
"""Sizes that are measured; each holds the base."""

N_SECONDS = 1.0
"""So long a size is measured, at least twice."""

SHARE_KNOWN = 1 / 6
"""Share of the findings that is known: of one patient these, of many another choice for each."""


@dataclass(frozen=True)
class Size:
    """How large a work is; as it stands, the base."""

    diagnoses: int = 30
    findings: int = 70
    draws: int = 1
    patients: int = 1


@dataclass(frozen=True)
class Growth:
    """Median seconds of one size of one axis, and how many times the base that is."""

    axis: str
    size: int
    seconds: float
    ratio: float


def picture(lines: Sequence[Growth]) -> Figure:
    """A panel for each axis: milliseconds by size, both by factors of ten, beside a straight growth from the base."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    base = next(line for line in lines if line.ratio == 1)
    # In one grey that can be read on a light page and on a dark one; text stays text.
    grey = dict.fromkeys(
        ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), "#7b858c"
    )
    with rc_context({**grey, "svg.fonttype": "none", "svg.hashsalt": "millet", "font.size": 9}):
        figure = Figure(figsize=(9, 2.6), layout="constrained")
        figure.patch.set_alpha(0)
        for panel, axis in zip(figure.subplots(1, len(AXES), sharey=True), AXES, strict=True):
            sizes, ms = zip(
                *((line.size, 1e3 * line.seconds) for line in lines if line.axis == axis), strict=True
            )
            straight = [1e3 * base.seconds * size / getattr(Size(), axis) for size in sizes]
            panel.loglog(sizes, straight, color="#7b858c", linestyle=":")
            panel.loglog(sizes, ms, color="#1f8fb8", marker="o", markersize=4)
            panel.set(
                xlabel=axis, facecolor="none", xticks=sizes, xticklabels=[_short(size) for size in sizes]
            )
            panel.minorticks_off()
            panel.tick_params(axis="x", labelsize=8)
            panel.spines[["top", "right"]].set_visible(False)
        figure.axes[0].set_ylabel("milliseconds")
    return figure


def _short(size: int) -> str:
    return f"{size // 1000}k" if size >= 1000 else str(size)


def growth() -> Iterator[Growth]:
    """Every size of every axis, the base measured once for all."""
    base = seconds_of(Size())
    for axis, sizes in AXES.items():
        for size in sizes:
            changed = replace(Size(), **{axis: size})
            seconds = base if changed == Size() else seconds_of(changed)
            yield Growth(axis, size, seconds, seconds / base)


def seconds_of(size: Size) -> float:
    """Median time of one posterior (all draws, all patients), after one to warm up."""
    subject = random_network(size.draws, n_diagnoses=size.diagnoses, n_findings=size.findings)
    n_known = round(size.findings * SHARE_KNOWN) if size.patients == 1 else None
    rows = patients(subject, size.patients, seed=1, n_observed=n_known)
    numbered = {subject.network.index(name): likelihoods for name, likelihoods in rows.items()}
    to_diagnosis = subject.draws_plan.indicator(subject.network.index(DIAGNOSIS))

    def posterior() -> object:
        return infer(subject.draws_plan, numbered, n_patients=size.patients).hub @ to_diagnosis

    posterior()
    taken: list[float] = []
    while len(taken) < 2 or sum(taken) < N_SECONDS:
        taken.append(timed(posterior)[0])
    return median(taken)
