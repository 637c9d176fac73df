"""
Does the model say what the documents say? Replicated tables, facts in conflict, backgrounds, calibrated readings.

All results are small, nested and JSON-serialisable: they are stored beside the draws.

Knows: draws and facts, as arrays. Must not know: pymc, files, the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from model.elicitation import populations
from model.elicitation.cells import BROAD, DENIED, JUDGED, MENTIONED, PROFILE, SILENT, SPECIFIC, Cells
from model.elicitation.cohort import SHIFTED, TRAITS
from model.elicitation.grouping import GROUPS
from model.elicitation.likelihood import (
    ONE_SIDED,
    Agreement,
    agreement,
    fact_log_odds,
    symbol_columns,
    symbol_probabilities,
)
from model.elicitation.observations import SYMBOLS, frequency_facts, terms
from model.elicitation.reading import scale_table
from model.network.mapping import DEFAULT_MAPPING
from priors.schema import Fact

FloatArray = NDArray[np.float64]
Draws = Mapping[str, NDArray[np.floating]]

N_DRAWS: Final = 2000
"""So many evenly spaced draws are looked at: enough for a tail probability of 0.01, and quick."""

N_CONFLICTS: Final = 60
"""So many of the most surprising facts are stored."""

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)

POPULATIONS: Final = {
    SILENT: "silence",
    MENTIONED: "mentioned",
    SPECIFIC: "specific",
    PROFILE: "profile",
    BROAD: "other",
    DENIED: "denied",
    JUDGED: "judged",
}
"""Names of the priors of a cell."""


def checks(cells: Cells, draws: Draws, mapping: str = DEFAULT_MAPPING, seed: int = 1) -> dict[str, Any]:
    """
    All diagnostics of a run.

    Parameters
    ----------
    cells : Cells
    draws : mapping of name to ndarray
        ``log_weights`` (n_draws, size), ``shifts`` (n_draws, n_links), ``cut_points`` (n_draws, n_columns, 3).
    mapping : str
        The reading of words that the draws were made with.
    seed : int
        For the replicated tables and the draws from the prior.

    Returns
    -------
    dict
        ``symbols`` (`replicated_symbols`), ``conflicts`` (the first `N_CONFLICTS` of `conflicts`), ``background``
        (`backgrounds`), ``readings`` (`calibration`), ``learnt`` (`learnt`).
    """
    few = thinned(draws)
    agreed = agreement(cells, few, mapping)
    ranked = conflicts(agreed)
    return {
        "symbols": replicated_symbols(cells, few, seed),
        "conflicts": ranked[:N_CONFLICTS],
        "background": backgrounds(cells, few, mapping, seed),
        "readings": calibration(agreed, ranked),
        "learnt": learnt(cells, few),
    }


def thinned(draws: Draws, n_draws: int = N_DRAWS) -> dict[str, NDArray[np.floating]]:
    """Evenly spaced draws of every variable."""
    total = len(draws["log_weights"])
    chosen = np.linspace(0, total - 1, min(n_draws, total)).round().astype(int)
    return {name: array[chosen] for name, array in draws.items()}


def replicated_symbols(cells: Cells, draws: Draws, seed: int = 1) -> dict[str, Any]:
    """
    Posterior predictive check of the printed symbols: Tables 2 and 3 printed again from each draw.

    Returns
    -------
    dict
        ``columns``: by finding the number of symbols ``n``, the expected share of them printed alike
        (``reproduced``, with its 5 % and 95 % point), the number whose most probable symbol is the printed one
        (``modal``), and for each symbol ``[printed, expected, 5 %, 95 %]`` counts.
        ``cells``: rows ``[fact, diagnosis, column, printed symbol, [P(-), P(rare), P(+/-), P(+)]]``.
    """
    facts = frequency_facts(cells, "symbol")
    if not facts:
        return {"columns": {}, "cells": []}
    columns = symbol_columns(cells)
    x = fact_log_odds(cells, facts, draws)
    own = np.asarray(draws["cut_points"], dtype=np.float64)[
        :, [columns.index(fact.finding) for fact in facts]
    ]
    p = symbol_probabilities(x, own)
    uniform = np.random.default_rng(seed).random((*x.shape, 1))
    printed_again = (uniform > p.cumsum(axis=-1)[..., :-1]).sum(axis=-1)
    printed = np.array([SYMBOLS.index(fact.term) for fact in facts])
    return {
        "columns": {
            column: _column_check(p[:, here].mean(axis=0), printed[here], printed_again[:, here])
            for column in columns
            for here in ([i for i, fact in enumerate(facts) if fact.finding == column],)
        },
        "cells": [
            [fact.id, fact.diagnosis, fact.finding, fact.term, _rounded(p[:, i].mean(axis=0))]
            for i, fact in enumerate(facts)
        ],
    }


def _column_check(p: FloatArray, printed: NDArray[np.intp], again: NDArray[np.intp]) -> dict[str, Any]:
    same = (again == printed).mean(axis=1)
    counts = np.stack([(again == s).sum(axis=1) for s in range(len(SYMBOLS))])
    return {
        "n": len(printed),
        "reproduced": _rounded([same.mean(), *np.quantile(same, (0.05, 0.95))]),
        "modal": int((p.argmax(axis=1) == printed).sum()),
        "counts": {
            symbol: [
                int((printed == s).sum()),
                *_rounded([counts[s].mean(), *np.quantile(counts[s], (0.05, 0.95))]),
            ]
            for s, symbol in enumerate(SYMBOLS)
        },
    }


def conflicts(agreed: Agreement) -> list[dict[str, Any]]:
    r"""
    Facts by how surprising each is to someone who knows all the others; the most surprising first.

    Leaving fact i out weights each draw by :math:`w_s \propto 1 / p(y_i \mid \theta_s)`, truncated at
    :math:`\bar w \sqrt S`. The surprise is the probability, under those weights, of a reading at least as far out
    on its side (twice the smaller tail), or of the statement itself where it is one-sided.

    Returns
    -------
    list of dict
        ``fact``, ``kind``, ``term``, ``finding``, ``state``, ``diagnosis``; ``p`` (small = surprising); ``with`` and
        ``without``: mean frequency of the cell with and without the fact; ``ess`` of the weights (a low one says that
        the fact carries its cell almost alone).

    References
    ----------
    Ionides EL. Truncated importance sampling. J Comput Graph Stat 2008;17:295-311. doi:10.1198/106186008X320456
    """
    weights = left_out_weights(agreed.log_likelihood)
    frequency = expit(agreed.log_odds)
    below = (weights * agreed.below).sum(axis=0)
    one_sided = np.array([fact.kind in ONE_SIDED for fact in agreed.facts], dtype=bool)
    p = np.where(one_sided, below, 2 * np.minimum(below, 1 - below))
    without, ess = (weights * frequency).sum(axis=0), 1 / (weights**2).sum(axis=0)
    rows = [
        {
            **_named(fact),
            "p": round(float(p[i]), 5),
            "with": round(float(frequency[:, i].mean()), 4),
            "without": round(float(without[i]), 4),
            "ess": round(float(ess[i])),
        }
        for i, fact in enumerate(agreed.facts)
    ]
    return sorted(rows, key=lambda row: (row["p"], row["fact"]))


def left_out_weights(log_likelihood: FloatArray) -> FloatArray:
    """
    Weights that take one fact out of each column of draws; truncated, and summing to 1 over the draws.

    Parameters
    ----------
    log_likelihood : ndarray of shape (n_draws, n_facts)

    Returns
    -------
    ndarray of shape (n_draws, n_facts)

    Examples
    --------
    A draw that makes the fact three times as probable counts a third: weights in the ratio 3 : 1 : 1 : 1.

    >>> left_out_weights(np.log([[0.25], [0.75], [0.75], [0.75]])).round(4).ravel()
    array([0.5   , 0.1667, 0.1667, 0.1667])
    """
    log_w = -log_likelihood
    w = np.exp(log_w - log_w.max(axis=0))
    w = np.minimum(w, w.mean(axis=0) * np.sqrt(len(w)))
    normalised: FloatArray = w / w.sum(axis=0)
    return normalised


def _named(fact: Fact) -> dict[str, str]:
    names = {"fact": fact.id, "kind": fact.kind, "term": fact.term, "finding": fact.finding}
    return {**names, "state": fact.state, "diagnosis": fact.diagnosis}


def backgrounds(cells: Cells, draws: Draws, mapping: str = DEFAULT_MAPPING, seed: int = 1) -> dict[str, Any]:
    """
    Frequencies of each population before and after the facts.

    Returns
    -------
    dict
        By population (``silence``, ``mentioned`` ...): ``n`` cells, and the `QUANTILES` over cells and draws of
        P(state | diagnosis) under the ``prior`` and the ``posterior``.
    """
    before = prior_log_weights(cells, mapping, len(draws["log_weights"]), seed)
    kinds: dict[str, list[tuple[FloatArray, FloatArray]]] = {}
    for block in cells.blocks.values():
        free = [s for s in range(len(block.states)) if s != block.base]
        here = slice(block.start, block.start + len(free))
        pair = tuple(_frequencies(np.asarray(flat[:, here])) for flat in (before, draws["log_weights"]))
        for column, state in enumerate(free):
            name = POPULATIONS[cells.prior_kind(block, block.states[state])]
            kinds.setdefault(name, []).append((pair[0][:, column], pair[1][:, column]))
    return {
        name: {
            "n": len(found),
            "prior": _rounded(np.quantile(np.stack([pair[0] for pair in found]), QUANTILES)),
            "posterior": _rounded(np.quantile(np.stack([pair[1] for pair in found]), QUANTILES)),
        }
        for name, found in sorted(kinds.items())
    }


def _frequencies(log_weights: FloatArray) -> FloatArray:
    """Probabilities of the states other than the base state, whose log weight is 0."""
    top = np.maximum(log_weights.max(axis=-1, keepdims=True), 0)
    weights = np.exp(log_weights - top)
    p: FloatArray = weights / (np.exp(-top) + weights.sum(axis=-1, keepdims=True))
    return p


def prior_log_weights(cells: Cells, mapping: str, n_draws: int, seed: int) -> FloatArray:
    """Log weights of every cell before any fact is read, shape (n_draws, size)."""
    prior = populations.population_prior(cells, scale_table(cells.knowledge, mapping))
    rng = np.random.default_rng(seed)
    values = {
        "level": rng.normal(prior.level_mean, prior.level_sd, (n_draws, len(prior.level_mean))),
        "offset_scale": rng.normal(*populations.OFFSET_SCALE, (n_draws, 1)),
        "offset": rng.standard_normal((n_draws, prior.n_offsets)),
        "z": rng.standard_normal((n_draws, cells.size)),
        "base": rng.standard_normal((n_draws, prior.n_bases)),
        "judged_scale": rng.normal(*populations.JUDGED_SCALE, (n_draws, len(GROUPS))),
    }
    flat: FloatArray = populations.log_weights(prior, values, np.where)
    return flat


def learnt(cells: Cells, draws: Draws) -> dict[str, dict[str, list[float]]]:
    """
    What the facts have taught about how to read them: ``[mean, 5 %, 95 %]`` of each number, in log-odds or as a factor.

    Returns
    -------
    dict
        ``tau`` (spread between studies, by group of findings), ``trait_sd`` and ``trait_shift`` (by trait of a cohort),
        ``judged_factor`` (on the width of judgement, by group), ``reading_shift`` (by kind/term); only what was read.
    """
    names = {
        "tau": GROUPS,
        "trait_sd": TRAITS,
        "trait_shift": SHIFTED,
        "judged_factor": GROUPS,
        "reading_shift": tuple(f"{kind}/{term}" for kind, term in terms(cells)),
    }
    values = {name: draws[name] for name in names if name in draws}
    if cells.knowledge.judged:
        values["judged_factor"] = np.exp(draws["judged_scale"])
    return {
        group: {
            name: _rounded([column.mean(), *np.quantile(column, (0.05, 0.95))], 3)
            for name, column in zip(names[group], np.asarray(array).T, strict=False)
        }
        for group, array in values.items()
    }


def calibration(agreed: Agreement, ranked: list[dict[str, Any]]) -> dict[str, Any]:
    """
    Each kind of reading beside the frequencies that all facts together give its cells.

    Returns
    -------
    dict
        By ``kind`` or ``kind/term``: the number of facts ``n``, the 5 %, 50 % and 95 % point of the frequencies of
        their cells (over facts and draws), and the share of facts that are ``surprising`` (p < 0.1; about 0.1 is
        right for readings on a scale, less for one-sided ones).
    """
    p = {row["fact"]: row["p"] for row in ranked}
    groups: dict[str, list[int]] = {}
    for i, fact in enumerate(agreed.facts):
        groups.setdefault(f"{fact.kind}/{fact.term}" if _has_term(fact) else fact.kind, []).append(i)
    return {
        name: {
            "n": len(rows),
            "frequency": _rounded(np.quantile(expit(agreed.log_odds[:, rows]), (0.05, 0.5, 0.95))),
            "surprising": round(float(np.mean([p[agreed.facts[i].id] < 0.1 for i in rows])), 3),
        }
        for name, rows in sorted(groups.items())
    }


def _has_term(fact: Fact) -> bool:
    return fact.kind in ("word", "symbol", "listed", "negative")


def _rounded(values: Any, digits: int = 4) -> list[float]:
    return [round(float(value), digits) for value in values]
