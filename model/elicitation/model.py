r"""
All facts in one PyMC model.

The log weight of a cell is :math:`\lambda = \mu + \sigma z` with :math:`z \sim N(0, 1)`; :math:`\mu` and
:math:`\sigma` depend on which population the cell belongs to (`cells.SILENT` ... `cells.BROAD`) and are pooled over
the diseases of a finding. A leaf of a split row is pooled towards its row. Facts then read the log-odds
:math:`x = \lambda_s - \log \sum_{t \ne s} e^{\lambda_t}`:

* word, upper bound: Student t (4 degrees of freedom: facts that contradict each other leave both places possible and
  so widen the cell) around x;
* percentage, range: normal around x;
* listing, denial: :math:`\mathrm{expit}(\pm 1.5 (x - b))`, one-sided around the bound b of the term;
* count k of n: binomial;
* symbol: ordered logistic with cut-points per table column;
* ordering: :math:`\mathrm{expit}((x_1 - x_2) / 0.3)`.

Knows: pymc, observations. Must not know: how the draws are stored or used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from model.elicitation import cohort, populations
from model.elicitation.age import age_readings, first_share_prior, humps
from model.elicitation.cells import Cells
from model.elicitation.grouping import GROUPS
from model.elicitation.observations import (
    ABSENT,
    SYMBOLS,
    Design,
    compared_with,
    design,
    frequency_facts,
    rows_of,
    term_index,
    terms,
)
from model.elicitation.reading import (
    BOUND_SLOPE,
    ORDER_WIDTH,
    READING_DF,
    SYMBOL_SLOPE,
    Z95,
    bound,
    logit,
    reading,
    scale_table,
)
from model.network.mapping import DEFAULT_MAPPING
from priors.schema import Fact

CUT_POINTS: Final = ((0.03, 0.30), (0.09, 0.25), (0.14, 0.25))
"""A13: prior median and log-odds width of the cut-points between ``-``, ``rare``, ``+/-`` and ``+``.

``rare`` has one anchor near 0.05 and ``+`` reaches down to 0.10 (calibration pairs of the documents)."""

SHIFT_PRIOR: Final = {"+": (1.0, 0.4), "++": (3.0, 0.35), "-": (1.0, 0.4), "--": (3.0, 0.35)}
"""A8: median and log width of the size of a link."""

READING_SHIFT_SD: Final = 0.5
"""A3: prior of how far what a term means here lies from `scales.csv`, in log-odds; learnt from cells with counts."""

TAU_PRIOR: Final = (float(np.log(0.5)), 0.4)
TAU_APART: Final = 0.2
TRAIT_SD: Final = (float(np.log(0.35)), 0.5)
TRAIT_SHIFT_SD: Final = 0.4
"""A29: priors of the spread between studies and of what the traits of a cohort add to it, in log-odds; all are learnt."""

AGE_TAU: Final = np.array([4.0, 0.2])
"""A30: prior median of the spread between studies of a mean age, in years, and of a log standard deviation; learnt."""


def build(cells: Cells, mapping: str = DEFAULT_MAPPING) -> pm.Model:
    """
    PyMC model of every free number of the network.

    Parameters
    ----------
    cells : Cells
    mapping : str
        Which reading of the frequency words to use.

    Returns
    -------
    pymc.Model
        With the deterministic variables ``log_weights`` (size,), ``shifts`` (n_links,), ``age`` (n_humps, 2),
        ``age_share`` (n_leaves,), ``prior_weights`` (n_rows,), ``roots`` (n_root_states,) and
        ``log_odds_ratios`` (n_mechanisms,).
    """
    with pm.Model() as model:
        flat = _log_weights(cells, mapping)
        shifts = _shifts(cells)
        said = pm.Normal("reading_shift", 0.0, READING_SHIFT_SD, shape=len(terms(cells)) or 1)
        _read_frequencies(cells, flat, shifts, said, mapping)
        _read_bounds(cells, flat, shifts, said)
        _read_counts(cells, flat, shifts)
        _read_cohorts(cells, flat, shifts)
        _read_symbols(cells, flat, shifts)
        _read_orderings(cells, flat, shifts)
        _ages(cells)
        _weights(cells)
    return model


def _log_weights(cells: Cells, mapping: str) -> Any:
    """Flat vector of log weights, see `populations.log_weights`."""
    prior = populations.population_prior(cells, scale_table(cells.knowledge, mapping))
    n_groups = len(GROUPS)
    values = {
        "level": pm.Normal("level", prior.level_mean, prior.level_sd, shape=len(prior.level_mean)),
        "offset_scale": pm.Normal("offset_scale", *populations.OFFSET_SCALE),
        "offset": pm.Normal("offset", 0.0, 1.0, shape=prior.n_offsets),
        "z": pm.Normal("z", 0.0, 1.0, shape=cells.size),
        "base": pm.Normal("base", 0.0, 1.0, shape=prior.n_bases),
        "judged_scale": pm.Normal("judged_scale", *populations.JUDGED_SCALE, shape=n_groups),
    }
    return pm.Deterministic("log_weights", populations.log_weights(prior, values, pt.where))


def _shifts(cells: Cells) -> Any:
    """Signed sizes of the links."""
    links = cells.knowledge.links
    free = np.array([link.direction == "none" for link in links])
    still = np.array([link.direction == "mechanism" for link in links])
    sign = np.array([-1.0 if link.direction.startswith("-") else 1.0 for link in links])
    median = np.array([SHIFT_PRIOR.get(link.direction, (1.0, 1.0))[0] for link in links])
    width = np.array([SHIFT_PRIOR.get(link.direction, (1.0, 1.0))[1] for link in links])
    z = pm.Normal("shift_z", 0.0, 1.0, shape=len(links))
    size = pt.where(free, z, sign * median * pt.exp(width * z))
    return pm.Deterministic("shifts", pt.where(still, 0.0, size))


def log_odds_tensor(rows: Design, flat: Any, shifts: Any) -> Any:
    """Symbolic twin of `observations.log_odds` for one draw, shape (n_rows,)."""
    padded = pt.concatenate([flat, np.array([0.0, ABSENT])])
    moved = pt.concatenate([shifts, np.zeros(1)])
    simple = rows.is_simple
    one, other = (mask[simple].argmax(axis=1) for mask in (rows.chosen, rows.others))
    here = np.arange(len(one))
    ends = [padded[rows.weight[simple][here, s]] + moved[rows.shift[simple][here, s]] for s in (one, other)]
    weights = padded[rows.weight[~simple]] + moved[rows.shift[~simple]]
    own, others = (pt.where(mask[~simple], weights, ABSENT) for mask in (rows.chosen, rows.others))
    found = pt.concatenate([ends[0] - ends[1], pt.logsumexp(own, axis=1) - pt.logsumexp(others, axis=1)])
    return found[np.argsort(np.concatenate([np.flatnonzero(simple), np.flatnonzero(~simple)]))]


def _read_cohorts(cells: Cells, flat: Any, shifts: Any) -> None:
    """Counts with a spread between studies; a study's own effect is integrated out (`model.elicitation.cohort`)."""
    read = cohort.cohorts(cells)
    if not len(read):
        return
    centre = pm.Normal("tau_centre", *TAU_PRIOR)
    apart = pm.Normal("tau_apart", 0.0, 1.0, shape=len(GROUPS))
    tau = pm.Deterministic("tau", pt.exp(centre + TAU_APART * apart))
    trait_z = pm.Normal("trait_z", 0.0, 1.0, shape=len(cohort.TRAITS))
    trait_sd = pm.Deterministic("trait_sd", pt.exp(TRAIT_SD[0] + TRAIT_SD[1] * trait_z))
    shift = pm.Normal("trait_shift", 0.0, TRAIT_SHIFT_SD, shape=len(cohort.SHIFTED))
    in_use = pm.Data("cohort_in_use", np.ones(len(read)))
    side = read.traits[:, [cohort.TRAITS.index(trait) for trait in cohort.SHIFTED]]
    x = log_odds_tensor(read.design, flat, shifts) + pt.dot(side, shift)
    variance = tau[read.group] ** 2 + pt.dot(read.traits, trait_sd**2)
    large, small = np.flatnonzero(read.is_large), np.flatnonzero(~read.is_large)
    total = read.variance[large] + variance[large]
    squares = (read.log_odds[large] - x[large]) ** 2 / total
    around = -0.5 * (pt.log(total) + (cohort.STUDY_DF + 1) * pt.log1p(squares / cohort.STUDY_DF))
    logit_p = x[small][:, None] + pt.sqrt(variance[small])[:, None] * cohort.NODES
    k, n = read.k[small][:, None], read.n[small][:, None]
    binomial = -n * pt.softplus(-logit_p) - (n - k) * logit_p
    counted = pt.logsumexp(binomial + cohort.log_node_weights(), axis=1)
    pm.Potential("cohort_large", (in_use[large] * around).sum())
    pm.Potential("cohort_small", (in_use[small] * counted).sum())


def _as_said(cells: Cells, facts: Sequence[Fact], x: Any, said: Any) -> Any:
    """Log-odds as the words of the facts put them: less what their term turned out to mean beyond `scales.csv`."""
    return (
        x - pt.concatenate([said, np.zeros(1)])[np.minimum(term_index(cells, facts), len(terms(cells)) or 1)]
    )


def _read_frequencies(cells: Cells, flat: Any, shifts: Any, said: Any, mapping: str) -> None:
    scales = scale_table(cells.knowledge, mapping)
    for name, kinds in (("word", ("word", "upper_bound")), ("number", ("percentage", "range"))):
        facts = frequency_facts(cells, *kinds)
        if not facts:
            continue
        x = log_odds_tensor(design(cells, rows_of(cells, facts)), flat, shifts)
        x = _as_said(cells, facts, x, said)
        read = [reading(fact, scales) for fact in facts]
        mean, sd = (np.array([getattr(r, field) for r in read]) for field in ("mean", "sd"))
        if name == "word":
            pm.StudentT(name, nu=READING_DF, mu=x, sigma=sd, observed=mean)
        else:
            pm.Normal(name, x, sd, observed=mean)


def _read_bounds(cells: Cells, flat: Any, shifts: Any, said: Any) -> None:
    facts = frequency_facts(cells, "listed", "negative")
    if not facts:
        return
    x = _as_said(cells, facts, log_odds_tensor(design(cells, rows_of(cells, facts)), flat, shifts), said)
    found = [bound(fact, cells.knowledge) for fact in facts]
    point, side = (np.array([pair[i] for pair in found if pair]) for i in (0, 1))
    pm.Potential("bound", -pt.softplus(-BOUND_SLOPE * side * (x - point)).sum())


def _read_counts(cells: Cells, flat: Any, shifts: Any) -> None:
    facts = frequency_facts(cells, "count")
    if not facts:
        return
    x = log_odds_tensor(design(cells, rows_of(cells, facts)), flat, shifts)
    k, n = (np.array([int(getattr(fact, name) or 0) for fact in facts]) for name in ("low", "n"))
    pm.Binomial("count", n=n, logit_p=x, observed=k)


def _read_symbols(cells: Cells, flat: Any, shifts: Any) -> None:
    """Ordered logistic emission; P(symbol at or above j) = expit(slope (x - cut_j of the column))."""
    facts = frequency_facts(cells, "symbol")
    if not facts:
        return
    columns = sorted({fact.finding for fact in facts})
    medians = np.array([logit(p) for p, _ in CUT_POINTS])
    widths = np.array([width for _, width in CUT_POINTS])
    column_z = pm.Normal("cut_column", 0.0, 0.3, shape=(len(columns), 1))
    gap_z = pm.Normal("cut_z", 0.0, 1.0, shape=(len(columns), len(CUT_POINTS)))
    gaps = np.diff(medians) * pt.exp(widths[1:] * gap_z[:, 1:])
    first = medians[0] + widths[0] * gap_z[:, :1] + column_z
    cuts = pm.Deterministic("cut_points", pt.concatenate([first, first + pt.cumsum(gaps, axis=1)], axis=1))
    x = log_odds_tensor(design(cells, rows_of(cells, facts)), flat, shifts)
    own = cuts[np.array([columns.index(fact.finding) for fact in facts])]
    reached = pt.sigmoid(SYMBOL_SLOPE * (x[:, None] - own))
    ends = pt.ones((len(facts), 1))
    above = pt.concatenate([ends, reached, 0.0 * ends], axis=1)
    level = np.array([SYMBOLS.index(fact.term) for fact in facts])
    p = above[np.arange(len(facts)), level] - above[np.arange(len(facts)), level + 1]
    pm.Potential("symbol", pt.log(pt.maximum(p, 1e-12)).sum())


def _read_orderings(cells: Cells, flat: Any, shifts: Any) -> None:
    facts = frequency_facts(cells, "ordering")
    if not facts:
        return
    left = log_odds_tensor(design(cells, rows_of(cells, facts)), flat, shifts)
    right = log_odds_tensor(design(cells, [compared_with(cells, fact) for fact in facts]), flat, shifts)
    sign = np.array([1.0 if fact.term.startswith(">") else -1.0 for fact in facts])
    pm.Potential("ordering", -pt.softplus(-sign * (left - right) / ORDER_WIDTH).sum())


def _ages(cells: Cells) -> None:
    """Mean and log standard deviation of every hump, the share of the first of two, and what the facts say of them."""
    knowledge = cells.knowledge
    all_humps = humps(knowledge)
    mean = pm.Normal("age_mean", *np.array([hump.mean for hump in all_humps]).T, shape=len(all_humps))
    log_sd = pm.Normal("age_log_sd", *np.array([hump.log_sd for hump in all_humps]).T, shape=len(all_humps))
    pm.Deterministic("age", pt.stack([mean, log_sd], axis=1))
    share = pm.Beta("age_share", *first_share_prior(knowledge).T, shape=len(knowledge.leaves))
    tau = pm.LogNormal("age_tau", np.log(AGE_TAU), 0.4, shape=2)
    readings = age_readings(knowledge)
    # Which humps each reading is about, first and second of its leaf; a reading of one hump names it twice.
    own = [
        [h for h, hump in enumerate(all_humps) if hump.leaf == r.leaf and r.peak in ("", hump.peak)]
        for r in readings
    ]
    first, last = (np.array([humps_of[i] for humps_of in own], dtype=int) for i in (0, -1))
    weight = share[np.array([knowledge.leaves.index(r.leaf) for r in readings], dtype=int)]
    centre = weight * mean[first] + (1 - weight) * mean[last]
    square = weight * (pt.exp(2 * log_sd[first]) + mean[first] ** 2)
    square = square + (1 - weight) * (pt.exp(2 * log_sd[last]) + mean[last] ** 2)
    sd = pt.sqrt(square - centre**2)
    for kind, side in (("mean", 0.0), ("low", -1.0), ("high", 1.0), ("log_sd", None)):
        here = np.array([i for i, r in enumerate(readings) if r.kind == kind], dtype=int)
        if not len(here):
            continue
        z, within, cohort_, value = (
            np.array([getattr(readings[i], name) for i in here], dtype=float)
            for name in ("z", "within", "is_cohort", "value")
        )
        at = pt.log(sd[here]) if side is None else centre[here] + side * z * sd[here]
        spread = tau[1 if side is None else 0]
        pm.Normal(f"age_{kind}_read", at, pt.sqrt(within**2 + (cohort_ * spread) ** 2), observed=value)


def _weights(cells: Cells) -> None:
    """Log-normal weights of prior settings and of variables without parents, and odds ratios of the mechanisms."""
    rows = cells.knowledge.prior_weights
    roots = [scale for scale in cells.knowledge.scales if scale.scale == "root"]
    ratios = [scale for scale in cells.knowledge.scales if scale.scale == "odds_ratio"]
    for name, entries in (("prior_weights", rows), ("roots", roots), ("log_odds_ratios", ratios)):
        median = np.log([entry.median for entry in entries])
        sd = np.log([entry.high / entry.low for entry in entries]) / (2 * Z95)
        z = pm.Normal(f"{name}_z", 0.0, 1.0, shape=len(entries))
        pm.Deterministic(name, median + sd * z)
