r"""
Cohorts of the literature as arrays: which cell each one reads, what it counted, and what sets its patients apart.

A cohort j reads the log-odds x of its cell with a spread between studies (random effects on the log-odds):

.. math:: \operatorname{logit} p_j = x + \beta' d_j + s_j u_j, \quad u_j \sim t_6, \quad k_j \sim \text{Binomial}(n_j, p_j),
   \quad s_j^2 = \tau_g^2 + \sum_f d_{jf} \delta_f^2

with a spread :math:`\tau_g` for each group of findings, and for each trait f of the cohort (its term is broader or
narrower than our finding, children, patients of the systemic disease, an uncertain denominator, quoted figures) a
further spread :math:`\delta_f` and, for broad and narrow terms, a shift :math:`\beta`. A study's own effect has heavy
tails, so that one that does not fit widens its cell instead of moving it. It is integrated out: where the counts are
large on both sides the observed log-odds are a Student t around x, elsewhere the effect is summed over a grid.

Shares of several states that one publication gives of the same patients are read one after the other, each among the
patients that are left (a multinomial as a chain of binomials), so that none counts twice.

Knows: facts and cells. Must not know: pymc, draws.

References
----------
Higgins JPT, Thompson SG, Spiegelhalter DJ. A re-evaluation of random-effects meta-analysis. J R Stat Soc A
2009;172:137-159. doi:10.1111/j.1467-985X.2008.00552.x
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.elicitation.cells import Block, Cells
from model.elicitation.grouping import group_of
from model.elicitation.observations import Design, design
from model.elicitation.reading import EFFECTIVE_N
from priors.schema import Fact

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

KINDS: Final = ("count", "percentage", "range")
"""Kinds of facts that give the frequency of a state in a cohort."""

TRAITS: Final = ("broad", "narrow", "children", "parent_disease", "denominator_uncertain", "secondary")
"""What sets a cohort apart: how its term matches our finding, and its tags."""

SHIFTED: Final = ("broad", "narrow")
"""Traits that may move a cohort to one side: a wider term is met more often."""

NOT_COUNTED: Final[Mapping[str, frozenset[str]]] = {
    "ms_course": frozenset({"clinically_isolated_syndrome", "radiologically_isolated_syndrome"})
}
"""States that a cohort of the disease does not hold unless it counts them: registries of MS are of definite MS."""

N_LARGE: Final = 15
"""From so many patients on either side the log-odds of a count are taken as normal, each state of the cohort alike."""

STUDY_DF: Final = 6.0
"""A29: degrees of freedom of a study's own effect; chosen by predicting publications that were left out."""

NODES: Final = np.linspace(-4.8, 4.8, 25)
"""Grid over a study's own effect, in its standard deviations."""


@dataclass(frozen=True)
class Cohorts:
    """
    Readings of cohorts, one a row.

    Attributes
    ----------
    facts : tuple of Fact
        What each row comes from.
    design : Design
        The log-odds that each row reads.
    k, n : ndarray of shape (n_rows,)
        Patients with the state, and patients looked at; not whole where only a percentage is known (`EFFECTIVE_N`).
    group : ndarray of int, shape (n_rows,)
        Group of findings (`grouping.GROUPS`).
    traits : ndarray of shape (n_rows, n_traits)
        1 where a trait of `TRAITS` holds, else 0.
    """

    facts: tuple[Fact, ...]
    design: Design
    k: FloatArray
    n: FloatArray
    group: IntArray
    traits: FloatArray

    def __len__(self) -> int:
        return len(self.facts)

    def select(self, rows: IntArray) -> Cohorts:
        """Some of the rows."""
        return Cohorts(
            tuple(self.facts[i] for i in rows),
            self.design.select(rows),
            self.k[rows],
            self.n[rows],
            self.group[rows],
            self.traits[rows],
        )

    @property
    def is_large(self) -> NDArray[np.bool_]:
        """Rows whose counts are large on both sides: their log-odds are normal."""
        large: NDArray[np.bool_] = np.minimum(self.k, self.n - self.k) >= N_LARGE
        return large

    @property
    def log_odds(self) -> FloatArray:
        """Observed log-odds, with half a patient added on either side."""
        return np.log((self.k + 0.5) / (self.n - self.k + 0.5))

    @property
    def variance(self) -> FloatArray:
        """Sampling variance of the observed log-odds."""
        return 1 / (self.k + 0.5) + 1 / (self.n - self.k + 0.5)


@dataclass(frozen=True, slots=True)
class _Row:
    fact: Fact
    block: Block
    state: str
    aside: frozenset[str]
    k: float
    n: float


def cohorts(cells: Cells) -> Cohorts:
    """All cohorts that give a frequency, in table order; shares of the same patients as a chain."""
    together: dict[tuple[object, ...], list[Fact]] = {}
    for fact in cells.knowledge.facts.values():
        if fact.is_cohort and fact.kind in KINDS and (fact.finding, fact.diagnosis) in cells.blocks:
            tags = "|".join(fact.tags)
            key = (fact.publication, fact.diagnosis, fact.finding, fact.given, fact.n, fact.match, tags)
            together.setdefault(key, []).append(fact)
    rows = [row for facts in together.values() for row in _chain(cells, facts)]
    variables = cells.knowledge.variables
    return Cohorts(
        facts=tuple(row.fact for row in rows),
        design=design(cells, [(r.block, r.state, r.fact.given) for r in rows], [row.aside for row in rows]),
        k=np.array([row.k for row in rows]),
        n=np.array([row.n for row in rows]),
        group=np.array([group_of(variables[row.fact.finding]) for row in rows], dtype=np.intp),
        traits=np.array([traits_of(row.fact) for row in rows]).reshape(len(rows), len(TRAITS)),
    )


def traits_of(fact: Fact) -> list[float]:
    """Which of `TRAITS` a cohort has, as 1 and 0."""
    return [float(fact.match == trait or trait in fact.tags) for trait in TRAITS]


def counted(fact: Fact) -> tuple[float, float]:
    """
    Patients with the state, and patients looked at.

    A percentage without its denominator counts like one seen in `EFFECTIVE_N` patients (A5), a range by its middle.
    """
    if fact.kind == "count":
        return float(fact.low or 0), float(fact.n or 1)
    ends = [value for value in (fact.low, fact.high) if value is not None]
    return EFFECTIVE_N * sum(ends) / len(ends), EFFECTIVE_N


def _chain(cells: Cells, facts: Sequence[Fact]) -> Iterable[_Row]:
    """
    Rows of the figures that one publication gives of the same patients.

    Disjoint states of counted patients form a chain, the commonest first: the second is read among those who do not
    show the first. A figure that does not fit into the chain (more patients than are left) is read by itself.
    """
    block = cells.blocks[facts[0].finding, facts[0].diagnosis]
    named = {state for fact in facts for state in fact.state.split("|")}
    missing = NOT_COUNTED.get(block.finding, frozenset())
    aside: set[str] = set() if named & missing else set(missing)
    gone = 0.0
    for fact in sorted(facts, key=lambda fact: -counted(fact)[0]):
        k, n = counted(fact)
        states = set(fact.state.split("|"))
        fits = not states & aside and gone + k <= n and fact.kind == "count"
        left = set(block.states) - aside - states
        if not fits:
            yield _Row(fact, block, fact.state, frozenset(), k, n)
        elif left and n - gone > 0:
            yield _Row(fact, block, fact.state, frozenset(aside), k, n - gone)
        if fits:
            aside |= states
            gone += k


def log_node_weights() -> FloatArray:
    """Natural log of the weight of each of `NODES` under a Student t; ``exp`` sums to 1."""
    log_density = -(STUDY_DF + 1) / 2 * np.log1p(NODES**2 / STUDY_DF)
    weights: FloatArray = log_density - np.logaddexp.reduce(log_density)
    return weights


def spread(traits: FloatArray, group: IntArray, values: Mapping[str, FloatArray]) -> FloatArray:
    """
    Standard deviation between studies of each cohort, in log-odds.

    Parameters
    ----------
    traits, group : ndarray
        As in `Cohorts`.
    values : mapping
        ``tau`` of shape (..., n_groups) and ``trait_sd`` of shape (..., n_traits).
    """
    variance = values["tau"][..., group] ** 2 + (values["trait_sd"] ** 2) @ traits.T
    result: FloatArray = np.sqrt(variance)
    return result
