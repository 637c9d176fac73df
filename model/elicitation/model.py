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

from typing import Any, Final

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from model.elicitation import populations
from model.elicitation.age import LOG_SD_PRIOR, MEAN_PRIOR, humps
from model.elicitation.cells import Cells
from model.elicitation.observations import (
    ABSENT,
    SYMBOLS,
    Design,
    compared_with,
    design,
    frequency_facts,
    rows_of,
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

CUT_POINTS: Final = ((0.03, 0.30), (0.09, 0.25), (0.14, 0.25))
"""A13: prior median and log-odds width of the cut-points between ``-``, ``rare``, ``+/-`` and ``+``.

``rare`` has one anchor near 0.05 and ``+`` reaches down to 0.10 (calibration pairs of the documents)."""

SHIFT_PRIOR: Final = {"+": (1.0, 0.4), "++": (3.0, 0.35), "-": (1.0, 0.4), "--": (3.0, 0.35)}
"""A8: median and log width of the size of a link."""

AGE_SD: Final = (3.0, 5.0)
"""A16: a mean age is read within 3 years, an end of a range within 5."""


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
        _read_frequencies(cells, flat, shifts, mapping)
        _read_bounds(cells, flat, shifts)
        _read_counts(cells, flat, shifts)
        _read_symbols(cells, flat, shifts)
        _read_orderings(cells, flat, shifts)
        _ages(cells)
        _weights(cells)
    return model


def _log_weights(cells: Cells, mapping: str) -> Any:
    """Flat vector of log weights: rows first, then the leaves of split rows around their rows."""
    prior = populations.population_prior(cells, scale_table(cells.knowledge, mapping))
    level = pm.Normal("level", prior.level_mean, prior.level_sd, shape=len(prior.level_mean))
    offset = pm.Normal("offset", 0.0, 1.0, shape=prior.n_offsets)
    z = pm.Normal("z", 0.0, 1.0, shape=cells.size)
    centre = pt.as_tensor(prior.constant) + pt.dot(pt.as_tensor(prior.on_level), level)
    centre = centre + pt.as_tensor(prior.offset_sd) * offset[prior.offset_index]
    top = centre + pt.as_tensor(prior.cell_sd) * z
    pooled = top[prior.parent_index] + pt.as_tensor(prior.cell_sd) * z
    return pm.Deterministic("log_weights", pt.where(pt.as_tensor(prior.is_leaf), pooled, top))


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
    weights = pt.concatenate([flat, np.array([0.0, ABSENT])])[rows.weight]
    weights = weights + pt.concatenate([shifts, np.zeros(1)])[rows.shift]
    own = weights[np.arange(len(rows.state)), rows.state]
    return own - pt.logsumexp(pt.where(rows.chosen, ABSENT, weights), axis=1)


def _read_frequencies(cells: Cells, flat: Any, shifts: Any, mapping: str) -> None:
    scales = scale_table(cells.knowledge, mapping)
    for name, kinds in (("word", ("word", "upper_bound")), ("number", ("percentage", "range"))):
        facts = frequency_facts(cells, *kinds)
        if not facts:
            continue
        x = log_odds_tensor(design(cells, rows_of(cells, facts)), flat, shifts)
        read = [reading(fact, scales) for fact in facts]
        mean, sd = (np.array([getattr(r, field) for r in read]) for field in ("mean", "sd"))
        if name == "word":
            pm.StudentT(name, nu=READING_DF, mu=x, sigma=sd, observed=mean)
        else:
            pm.Normal(name, x, sd, observed=mean)


def _read_bounds(cells: Cells, flat: Any, shifts: Any) -> None:
    facts = frequency_facts(cells, "listed", "negative")
    if not facts:
        return
    x = log_odds_tensor(design(cells, rows_of(cells, facts)), flat, shifts)
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
    """Mean and log standard deviation of every hump, and the share of the first of two humps."""
    all_humps = humps(cells.knowledge)
    mean = pm.Normal("age_mean", MEAN_PRIOR[0], MEAN_PRIOR[1], shape=len(all_humps))
    log_sd = pm.Normal("age_log_sd", LOG_SD_PRIOR[0], LOG_SD_PRIOR[1], shape=len(all_humps))
    pm.Deterministic("age", pt.stack([mean, log_sd], axis=1))
    pm.Beta("age_share", 2.0, 2.0, shape=len(cells.knowledge.leaves))
    means = [(h, value) for h, hump in enumerate(all_humps) for value in hump.means]
    index = np.array([h for h, _ in means], dtype=int)
    pm.Normal(
        "age_means", mean[index], AGE_SD[0], observed=np.array([value for _, value in means], dtype=float)
    )
    ranges = [(h, *values) for h, hump in enumerate(all_humps) for values in hump.ranges]
    index = np.array([row[0] for row in ranges], dtype=int)
    low, high, z = (np.array([row[i] for row in ranges], dtype=float) for i in (1, 2, 3))
    spread = z * pt.exp(log_sd[index])
    pm.Normal("age_low", mean[index] - spread, AGE_SD[1], observed=low)
    pm.Normal("age_high", mean[index] + spread, AGE_SD[1], observed=high)


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
