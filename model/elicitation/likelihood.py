r"""
How well each draw agrees with each fact: the NumPy twin of the likelihoods of `model.elicitation.model`.

The sampler needs them as symbols and all together; the diagnostics need them as numbers and fact by fact. A test
holds the two equal.

Knows: facts, readings, draws. Must not know: pymc, files, the network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, expit, gammaln, ndtr, stdtr

from model.elicitation.cells import Cells
from model.elicitation.observations import (
    SYMBOLS,
    compared_with,
    design,
    frequency_facts,
    log_odds,
    rows_of,
    term_index,
)
from model.elicitation.reading import (
    BOUND_SLOPE,
    ORDER_WIDTH,
    READING_DF,
    SYMBOL_SLOPE,
    Reading,
    bound,
    reading,
    scale_table,
)
from model.network.mapping import DEFAULT_MAPPING
from priors.schema import Fact

FloatArray = NDArray[np.float64]
Draws = Mapping[str, NDArray[np.floating]]

FREQUENCY_KINDS: Final = (
    *("word", "upper_bound", "percentage", "range", "listed", "negative", "count", "symbol", "ordering"),
)
"""Kinds of fact that read the frequency of a state; ages and prior weights are read elsewhere."""

N_AT_ONCE: Final = 64
"""So many facts are compared with all draws at once, which bounds the memory."""

SMALLEST: Final = 1e-12
"""Least probability of a symbol, here and in the model: it keeps the gradient finite."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """
    Facts beside draws.

    Attributes
    ----------
    facts : tuple of Fact
        Those that read a frequency, each statement once.
    log_odds : ndarray of shape (n_draws, n_facts)
        What each draw gives the state that the fact is about.
    log_likelihood : ndarray of shape (n_draws, n_facts)
        Natural log of the probability (density) of the fact in each draw.
    below : ndarray of shape (n_draws, n_facts)
        Probability of a reading below the printed one, half of a tie counted, in each draw; for the one-sided kinds
        (listed, negative, ordering) the probability of the statement itself.
    """

    facts: tuple[Fact, ...]
    log_odds: FloatArray
    log_likelihood: FloatArray
    below: FloatArray


def agreement(
    cells: Cells, draws: Mapping[str, NDArray[np.floating]], mapping: str = DEFAULT_MAPPING
) -> Agreement:
    """
    Log likelihood of every fact in every draw.

    Parameters
    ----------
    cells : Cells
    draws : mapping of name to ndarray
        ``log_weights`` (n_draws, size), ``shifts`` (n_draws, n_links), and, if there are symbols, ``cut_points``
        (n_draws, n_columns, 3).
    mapping : str
        The reading of words that the draws were made with.
    """
    scales = scale_table(cells.knowledge, mapping)
    parts = []
    for kind in FREQUENCY_KINDS:
        facts = frequency_facts(cells, kind)
        for start in range(0, len(facts), N_AT_ONCE):
            chosen = facts[start : start + N_AT_ONCE]
            x = fact_log_odds(cells, chosen, draws)
            parts.append(
                (chosen, x, *_READ[kind](cells, chosen, as_said(cells, chosen, x, draws), draws, scales))
            )
    return Agreement(
        tuple(fact for part in parts for fact in part[0]),
        *(np.concatenate([part[i] for part in parts], axis=1) for i in (1, 2, 3)),
    )


def fact_log_odds(
    cells: Cells, facts: Sequence[Fact], draws: Mapping[str, NDArray[np.floating]]
) -> FloatArray:
    """Log-odds of the state that each fact is about, shape (n_draws, n_facts)."""
    return log_odds(design(cells, rows_of(cells, facts)), draws["log_weights"], draws["shifts"])


def as_said(cells: Cells, facts: Sequence[Fact], x: FloatArray, draws: Draws) -> FloatArray:
    """Log-odds as the words of the facts put them; as they are where no reading was learnt (``reading_shift``)."""
    if "reading_shift" not in draws:
        return x
    padded = np.hstack([draws["reading_shift"], np.zeros((len(x), 1))])
    said: FloatArray = x - padded[:, np.minimum(term_index(cells, facts), padded.shape[1] - 1)]
    return said


def symbol_columns(cells: Cells) -> tuple[str, ...]:
    """Findings with a column of symbols, in the order of the cut-points."""
    return tuple(sorted({fact.finding for fact in frequency_facts(cells, "symbol")}))


def symbol_probabilities(x: FloatArray, cut_points: FloatArray) -> FloatArray:
    r"""
    P(symbol | log-odds): ordered logistic, :math:`P(\ge j) = \mathrm{expit}(a (x - c_j))`.

    Parameters
    ----------
    x : ndarray of shape (...)
        Log-odds of the cell.
    cut_points : ndarray of shape (..., 3)
        Rising log-odds between ``-``, ``rare``, ``+/-`` and ``+``.

    Returns
    -------
    ndarray of shape (..., 4)
        In the order of `observations.SYMBOLS`; sums to 1 over the last axis.

    Examples
    --------
    On the first cut-point, far below the others, ``-`` is as likely as the rest together.

    >>> symbol_probabilities(np.array(0.0), np.array([0.0, 9.0, 18.0])).round(3)
    array([0.5, 0.5, 0. , 0. ])
    """
    reached = expit(SYMBOL_SLOPE * (x[..., None] - cut_points))
    ends = np.ones((*x.shape, 1))
    p: FloatArray = -np.diff(np.concatenate([ends, reached, 0 * ends], axis=-1), axis=-1)
    return p


Pair = tuple[FloatArray, FloatArray]
Scales = Mapping[tuple[str, str], Reading]


def _points(facts: Sequence[Fact], scales: Scales) -> tuple[FloatArray, FloatArray]:
    found = [r for fact in facts if (r := reading(fact, scales)) is not None]
    return np.array([r.mean for r in found]), np.array([r.sd for r in found])


def _heavy(_: Cells, facts: Sequence[Fact], x: FloatArray, __: Draws, scales: Scales) -> Pair:
    """Student t around the log-odds."""
    mean, sd = _points(facts, scales)
    z, nu = (mean - x) / sd, READING_DF
    constant = gammaln((nu + 1) / 2) - gammaln(nu / 2) - 0.5 * np.log(nu * np.pi)
    return constant - np.log(sd) - (nu + 1) / 2 * np.log1p(z**2 / nu), stdtr(nu, z)


def _normal(_: Cells, facts: Sequence[Fact], x: FloatArray, __: Draws, scales: Scales) -> Pair:
    mean, sd = _points(facts, scales)
    z = (mean - x) / sd
    return -0.5 * z**2 - np.log(sd) - 0.5 * np.log(2 * np.pi), ndtr(z)


def _one_sided(cells: Cells, facts: Sequence[Fact], x: FloatArray, _: Draws, __: Scales) -> Pair:
    found = [pair for fact in facts if (pair := bound(fact, cells.knowledge)) is not None]
    point, side = np.array(found).T
    log_p = -np.logaddexp(0, -BOUND_SLOPE * side * (x - point))
    return log_p, np.exp(log_p)


def _counted(_: Cells, facts: Sequence[Fact], x: FloatArray, __: Draws, ___: Scales) -> Pair:
    k, n = (np.array([int(getattr(fact, name) or 0) for fact in facts]) for name in ("low", "n"))
    choose = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    log_p = choose - k * np.logaddexp(0, -x) - (n - k) * np.logaddexp(0, x)
    at_most = bdtr(k, n, expit(x))
    return log_p, at_most - 0.5 * np.exp(log_p)


def _ordered(cells: Cells, facts: Sequence[Fact], x: FloatArray, draws: Draws, _: Scales) -> Pair:
    columns = symbol_columns(cells)
    cuts = np.asarray(draws["cut_points"], dtype=np.float64)[
        :, [columns.index(fact.finding) for fact in facts]
    ]
    p = symbol_probabilities(x, cuts)
    level = np.array([SYMBOLS.index(fact.term) for fact in facts])
    own = np.take_along_axis(p, np.broadcast_to(level[:, None], (*x.shape, 1)), axis=-1)[..., 0]
    lower = np.where(np.arange(len(SYMBOLS)) < level[:, None], p, 0).sum(axis=-1)
    return np.log(np.maximum(own, SMALLEST)), lower + 0.5 * own


def _compared(cells: Cells, facts: Sequence[Fact], x: FloatArray, draws: Draws, _: Scales) -> Pair:
    rows = design(cells, [compared_with(cells, fact) for fact in facts])
    right = log_odds(rows, draws["log_weights"], draws["shifts"])
    sign = np.array([1.0 if fact.term.startswith(">") else -1.0 for fact in facts])
    log_p = -np.logaddexp(0, -sign * (x - right) / ORDER_WIDTH)
    return log_p, np.exp(log_p)


ONE_SIDED: Final = frozenset({"listed", "negative", "ordering"})
"""Kinds that are a statement, not a reading on a scale."""

_READ: Final[Mapping[str, Callable[[Cells, Sequence[Fact], FloatArray, Draws, Scales], Pair]]] = {
    "word": _heavy,
    "upper_bound": _heavy,
    "percentage": _normal,
    "range": _normal,
    "listed": _one_sided,
    "negative": _one_sided,
    "count": _counted,
    "symbol": _ordered,
    "ordering": _compared,
}
