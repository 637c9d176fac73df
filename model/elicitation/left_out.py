"""
Does the knowledge predict publications that it has not read? Whole publications are left out, fold by fold.

For every cohort that was left out the model gives a distribution of its count: the cell, the spread between studies, and
chance. Judged by the log predictive density, by the distance between the expected and the observed share, and by how often
the count lies inside its 90 % interval.

Knows: the sampler, cohorts. Must not know: patients.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import nutpie
from numpy.typing import NDArray
from scipy.special import bdtr, expit, gammaln, xlog1py, xlogy

from model.elicitation.cells import Cells
from model.elicitation.cohort import SHIFTED, STUDY_DF, TRAITS, Cohorts, cohorts, spread
from model.elicitation.grouping import GROUPS
from model.elicitation.observations import log_odds
from model.elicitation.sampling import SEED, compiled
from model.network.mapping import DEFAULT_MAPPING
from model.progress import Progress, silent
from model.text import table
from priors.schema import KnowledgeBase

FloatArray = NDArray[np.float64]

FOLDS: Final = 5
LEVEL: Final = 0.9
N_DRAWS: Final = 1000
"""So many draws are kept of each fold, each with a study's effect of its own."""

HEADER: Final = ("cohorts", "n", "log density", "mean absolute error", f"inside {100 * LEVEL:.0f} %")


@dataclass(frozen=True, slots=True)
class Prediction:
    """
    Cohorts of publications that were left out, and what was predicted of them.

    Attributes
    ----------
    ids : tuple of str
        The cohorts, by the ids of their facts.
    group : tuple of str
        Their groups of findings.
    observed, expected : ndarray of shape (n_cohorts,)
        Share with the state, as counted and as predicted.
    log_density : ndarray of shape (n_cohorts,)
        Natural log of the predicted probability of the count.
    place : ndarray of shape (n_cohorts,)
        Where the count lies in its predicted distribution, 0 to 1, half of its own probability counted.
    known : ndarray of bool, shape (n_cohorts,)
        Whether another publication speaks of the same cell.
    """

    ids: tuple[str, ...]
    group: tuple[str, ...]
    observed: FloatArray
    expected: FloatArray
    log_density: FloatArray
    place: FloatArray
    known: NDArray[np.bool_]

    def summary(self) -> str:
        """A table: all cohorts, those whose cell others know, those whose cell nobody else knows, and each group."""
        rows = [("all", np.ones(len(self.ids), dtype=bool)), ("cell known", self.known)]
        rows.append(("cell not known", ~self.known))
        rows += [(name, np.array([g == name for g in self.group])) for name in GROUPS]
        return table(HEADER, [self._row(name, here) for name, here in rows if here.any()], right=(1, 2, 3, 4))

    def _row(self, name: str, here: NDArray[np.bool_]) -> tuple[str, ...]:
        tail = (1 - LEVEL) / 2
        inside = (self.place[here] > tail) & (self.place[here] < 1 - tail)
        error = np.abs(self.expected - self.observed)[here].mean()
        return (
            name,
            str(int(here.sum())),
            f"{self.log_density[here].mean():.3f}",
            f"{error:.3f}",
            f"{100 * inside.mean():.0f} %",
        )


def fold_of(publication: str, folds: int = FOLDS) -> int:
    """
    Fold of a publication; the same in every run, whatever other publications there are.

    Examples
    --------
    >>> 0 <= fold_of("akmandemir1999") < 5
    True
    """
    return zlib.crc32(publication.encode()) % folds


def left_out(
    knowledge: KnowledgeBase,
    *,
    folds: int = FOLDS,
    chains: int = 2,
    draws: int = 500,
    tune: int = 300,
    seed: int = SEED,
    progress: Progress = silent,
) -> Prediction:
    """
    Predictions of all cohorts, each from the publications of the other folds.

    Parameters
    ----------
    knowledge : KnowledgeBase
        Layer ``published`` or ``full``.
    folds, chains, draws, tune, seed : int
        Number of folds; sizes and seed of the run of each.
    progress : callable
        Told of each fold.
    """
    cells = Cells(knowledge)
    read = cohorts(cells)
    fold = np.array([fold_of(fact.publication, folds) for fact in read.facts])
    made = compiled(knowledge, DEFAULT_MAPPING)
    rng = np.random.default_rng(seed)
    found = {name: np.zeros(len(read)) for name in ("expected", "log_density", "place")}
    for left in progress(range(folds)):
        asked = made.with_data(cohort_in_use=(fold != left).astype(float))
        trace = nutpie.sample(
            asked, draws=draws, tune=tune, chains=chains, cores=2, seed=seed, progress_bar=False
        )
        here = np.flatnonzero(fold == left)
        predicted = predict(read, here, joined(trace["posterior"]), rng)
        for name, values in predicted.items():
            found[name][here] = values
    return Prediction(
        ids=tuple(fact.id for fact in read.facts),
        group=tuple(GROUPS[g] for g in read.group),
        observed=read.k / read.n,
        known=known(read, fold),
        **found,
    )


def joined(posterior: Any) -> dict[str, FloatArray]:
    """Draws of what a prediction needs, chains joined, at most `N_DRAWS` of them."""
    found = {}
    for name in ("log_weights", "shifts", "tau", "trait_sd", "trait_shift"):
        array = np.asarray(posterior[name])
        array = array.reshape(-1, *array.shape[2:])
        found[name] = array[np.linspace(0, len(array) - 1, min(N_DRAWS, len(array))).round().astype(int)]
    return found


def known(read: Cohorts, fold: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether a publication of another fold reads the same state of the same cell."""
    where: dict[tuple[str, str, str], set[int]] = {}
    keys = [(fact.finding, fact.state, fact.diagnosis) for fact in read.facts]
    for key, of in zip(keys, fold, strict=True):
        where.setdefault(key, set()).add(int(of))
    return np.array([bool(where[key] - {int(of)}) for key, of in zip(keys, fold, strict=True)])


def predict(
    read: Cohorts, here: NDArray[np.intp], values: Mapping[str, FloatArray], rng: np.random.Generator
) -> dict[str, FloatArray]:
    """Expected share, log density and place of the counts of some cohorts, averaged over draws of a new study."""
    part = read.select(here)
    side = part.traits[:, [TRAITS.index(trait) for trait in SHIFTED]]
    x = log_odds(part.design, values["log_weights"], values["shifts"]) + values["trait_shift"] @ side.T
    effect = rng.standard_t(STUDY_DF, size=x.shape)
    p = expit(x + effect * spread(part.traits, part.group, values))
    k, n = part.k.round(), part.n.round()
    choose = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    mass = np.exp(choose + xlogy(k, p) + xlog1py(n - k, -p))
    return {
        "expected": p.mean(axis=0),
        "log_density": np.log(np.maximum(mass.mean(axis=0), SMALLEST)),
        "place": (bdtr(k, n.astype(np.intp), p) - 0.5 * mass).mean(axis=0),
    }


SMALLEST: Final = 1e-12
"""Least probability of a count: with a thousand draws nothing smaller is known."""
