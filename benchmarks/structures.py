"""
Structures of the meta-analysis side by side: how well each predicts publications that it has not read.

A quick stand-in for the sampler, cell by cell: judgement is a normal on the log-odds, a cohort another, all spreads are
found by maximum marginal likelihood on four fifths of the publications and judged on the last fifth, five times. It chose
the structure of `model.elicitation`; the first line, with nothing learnt, is the preview that the full model must beat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import bdtr, expit, gammaln, logit, xlog1py, xlogy
from scipy.stats import norm
from scipy.stats import t as student

from model.elicitation.cells import Cells
from model.elicitation.cohort import TRAITS, Cohorts, cohorts
from model.elicitation.grouping import GROUPS
from model.elicitation.left_out import FOLDS, fold_of
from model.text import table
from priors import load_knowledge_base

GRID = np.linspace(-8, 8, 1601)
N_GROUPS, N_TRAITS = len(GROUPS), len(TRAITS)


@dataclass(frozen=True)
class Structure:
    """One way of putting judgement and cohorts together."""

    name: str
    learnt: bool = True
    bias: bool = False
    slope: bool = False
    pooled: float = 0.4
    df: float = np.inf
    judged: bool = True


TRIED = (
    Structure("preview: spread 0.5, judgement as wide as it says", learnt=False),
    Structure("cohorts alone, no judgement", judged=False),
    Structure("all spreads learnt, one for each group"),
    Structure("and a bias of judgement in each group", bias=True),
    Structure("and a slope of judgement in each group", bias=True, slope=True),
    Structure("groups pooled towards one spread", pooled=0.2),
    Structure("groups pooled, studies like a Student t (chosen)", pooled=0.2, df=6.0),
    Structure("groups pooled, studies like a heavier Student t", pooled=0.2, df=4.0),
)


@dataclass(frozen=True)
class Data:
    """Cohorts of judged cells: readings, cells, and what judgement says of each."""

    y: np.ndarray
    v: np.ndarray
    k: np.ndarray
    n: np.ndarray
    group: np.ndarray
    traits: np.ndarray
    cell: np.ndarray
    fold: np.ndarray
    judged: np.ndarray
    width: np.ndarray
    group_of_cell: np.ndarray


def data() -> Data:
    """Everything that the structures are tried on, from the shipped tables."""
    knowledge = load_knowledge_base()
    cells = Cells(knowledge)
    read = cohorts(cells)
    kept, keys, judged, width = [], [], [], []
    for i, fact in enumerate(read.facts):
        found = _judged(cells, read, i)
        if found is not None and not fact.given:
            kept.append(i)
            keys.append((fact.finding, fact.state, fact.diagnosis, int(read.design.others[i].sum())))
            judged.append(found[0])
            width.append(found[1])
    part = read.select(np.array(kept))
    names = list(dict.fromkeys(keys))
    cell = np.array([names.index(key) for key in keys])
    first = np.array([keys.index(name) for name in names])
    return Data(
        part.log_odds, part.variance, part.k.round(), part.n.round(), part.group, part.traits, cell,
        np.array([fold_of(fact.publication) for fact in part.facts]),
        np.array(judged)[first], np.array(width)[first], part.group[first],
    )  # fmt: skip


def _judged(cells: Cells, read: Cohorts, row: int) -> tuple[float, float] | None:
    """Judged log-odds of what a row reads, and its width; None where nobody judged it."""
    fact = read.facts[row]
    block = cells.blocks[fact.finding, fact.diagnosis]
    found = [cells.judged(block, state) for state in block.states]
    said = [judged for judged in found if judged is not None]
    if not said:
        return None
    rest = max(1 - sum(judged.median for judged in said), 0.002)
    p = np.array([rest if judged is None else judged.median for judged in found])
    own, others = (p[mask[row, : len(p)]].sum() for mask in (read.design.chosen, read.design.others))
    width = np.mean([(logit(judged.high) - logit(judged.low)) / (2 * 1.645) for judged in said])
    return float(np.log(own / others)), float(width)


def unpacked(theta: np.ndarray, how: Structure) -> dict[str, np.ndarray]:
    """Spreads, factors, biases and slopes from one vector."""
    tau, factor, bias, slope, trait, shift = np.split(theta, np.cumsum([N_GROUPS] * 4 + [N_TRAITS]))
    return {
        "tau": np.exp(tau),
        "factor": np.exp(factor),
        "bias": bias if how.bias else np.zeros(N_GROUPS),
        "slope": slope if how.slope else np.ones(N_GROUPS),
        "trait": np.exp(trait),
        "shift": np.r_[shift, np.zeros(N_TRAITS - 2)],
    }


def start() -> np.ndarray:
    """Where the search begins, and what the preview stays at."""
    return np.r_[
        np.full(N_GROUPS, np.log(0.5)),
        np.zeros(2 * N_GROUPS),
        np.ones(N_GROUPS),
        np.full(N_TRAITS, np.log(0.4)),
        0,
        0,
    ]


def loss(theta: np.ndarray, d: Data, use: np.ndarray, how: Structure) -> float:
    """Minus the log of marginal likelihood and priors."""
    p = unpacked(theta, how)
    weight, mean, precision = _pooled(d, use, p)
    centre, width = _prior(d, p, how)
    spread = width + 1 / np.maximum(precision, 1e-9)
    inside = (
        -0.5 * (use * (-np.log(weight) + weight * (d.y - d.traits @ p["shift"] - mean[d.cell]) ** 2)).sum()
    )
    between = np.where(
        precision > 0,
        -0.5 * np.log(np.maximum(precision, 1e-9))
        - 0.5 * np.log(spread)
        - 0.5 * (mean - centre) ** 2 / spread,
        0,
    ).sum()
    tau, factor, bias, slope, trait, shift = np.split(theta, np.cumsum([N_GROUPS] * 4 + [N_TRAITS]))
    middle = tau.mean()
    priors = (
        ((tau - middle) ** 2).sum() / how.pooled**2
        + (middle - np.log(0.5)) ** 2 / 0.16
        + (factor**2).sum() / 0.25
    )
    priors += (
        (bias**2).sum() / 0.09 + ((slope - 1) ** 2).sum() / 0.04 + ((trait - np.log(0.4)) ** 2).sum() / 0.36
    )
    return float(-inside - between + 0.5 * (priors + (shift**2).sum() / 0.16))


def _pooled(
    d: Data, use: np.ndarray, p: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weight of each cohort, and mean and precision of all cohorts of each cell."""
    weight = 1 / (d.v + p["tau"][d.group] ** 2 + d.traits @ p["trait"] ** 2)
    n_cells = len(d.judged)
    precision = np.bincount(d.cell, use * weight, n_cells)
    total = np.bincount(d.cell, use * weight * (d.y - d.traits @ p["shift"]), n_cells)
    return weight, total / np.maximum(precision, 1e-9), precision


def _prior(d: Data, p: Mapping[str, np.ndarray], how: Structure) -> tuple[np.ndarray, np.ndarray]:
    """Centre and variance of every cell before its cohorts."""
    if not how.judged:
        return np.full(len(d.judged), -1.5), np.full(len(d.judged), 4.0)
    g = d.group_of_cell
    return p["bias"][g] + p["slope"][g] * d.judged, (p["factor"][g] * d.width) ** 2


def judged_by(d: Data, how: Structure) -> dict[str, np.ndarray]:
    """Log density, error and place of every cohort, each predicted from the other folds."""
    found = {name: np.zeros(len(d.y)) for name in ("density", "error", "place")}
    for left in range(FOLDS):
        use = (d.fold != left).astype(float)
        theta = start()
        if how.learnt:
            theta = minimize(loss, theta, (d, use, how), method="L-BFGS-B", options={"maxiter": 40}).x
        p = unpacked(theta, how)
        _, mean, precision = _pooled(d, use, p)
        centre, width = _prior(d, p, how)
        after = 1 / (precision + 1 / width)
        here = np.flatnonzero(d.fold == left)
        middle = (after * (precision * mean + centre / width))[d.cell[here]] + d.traits[here] @ p["shift"]
        sd = np.sqrt(after[d.cell[here]] + p["tau"][d.group[here]] ** 2 + d.traits[here] @ p["trait"] ** 2)
        density = student.pdf(GRID, how.df) if np.isfinite(how.df) else norm.pdf(GRID)
        share = expit(middle[:, None] + sd[:, None] * GRID)
        k, n, weight = d.k[here, None], d.n[here, None], density / density.sum()
        mass = np.exp(
            gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + xlogy(k, share) + xlog1py(n - k, -share)
        )
        found["density"][here] = np.log(np.maximum(mass @ weight, 1e-12))
        found["error"][here] = np.abs(share @ weight - d.k[here] / d.n[here])
        found["place"][here] = (bdtr(k, n.astype(np.intp), share) - 0.5 * mass) @ weight
    return found


def summary() -> str:
    """One line a structure: log predictive density, mean absolute error, share inside the 90 % interval."""
    d = data()
    lines = []
    for how in TRIED:
        found = judged_by(d, how)
        inside = ((found["place"] > 0.05) & (found["place"] < 0.95)).mean()
        lines.append(
            (
                how.name,
                f"{found['density'].mean():.3f}",
                f"{found['error'].mean():.3f}",
                f"{100 * inside:.0f} %",
            )
        )
    head = (
        f"structure, {len(d.y)} cohorts, {FOLDS} folds over publications",
        "log density",
        "error",
        "inside 90 %",
    )
    return table(head, lines, right=(1, 2, 3))
