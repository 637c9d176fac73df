r"""
Do the findings fit together? The conflict measure, traced to the findings that clash.

.. math:: \mathrm{conf}(e) = \log_{10} \frac{\prod_i P(e_i)}{P(e)}

Findings of one disease support each other: together they are more probable than if they had nothing to do
with each other, and conf(e) is negative. A positive value says that they contradict each other: an error, a
second disease, a disease that the network does not know - or a *rare* disease that it does know. The last is told
apart: a diagnosis d explains the conflict if

* conf(e, d) = conf(e) - log10 P(d | e)/P(d) <= 0, that is, if the findings are as probable in d as they would be
  without any connection (Jensen et al.), and
* none of the findings that clash speaks against d when it is alone. Without this second condition nearly every
  clash of markers of two rare diseases would be explained away by one of the two and a false positive.

Knows: subsets of findings. Must not know: facts, text beyond one sentence.

References
----------
Jensen FV, Chamberlain B, Nordahl T, Jensen F. Analysis in HUGIN of data conflict. In: Uncertainty in Artificial
Intelligence 6. Amsterdam; 1991, 519-528. arXiv:1304.1146
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np

from model.diagnosis.differential import posterior
from model.inference.numeric import INTERVAL
from model.network.hierarchy import hierarchy
from model.text import percent
from model.why.subset import every_subset, subset_beliefs

if TYPE_CHECKING:
    from model.inference.graph import FloatArray
    from model.network.network import Network
    from model.patient.evidence import BoolArray, Evidence
    from model.why.weight import Coalitions
    from priors.schema import KnowledgeBase

LEAST = 0.5
"""Half a ban: a smaller clash inside findings that fit together as a whole is not worth a sentence."""

SHARE = 0.8
"""A set with this share of the whole conflict is what clashes; a bystander that adds a little stays out."""

ROUNDING = 1e-9
"""A finding that changes a probability by less than this share does not speak against it."""

MAX_CLASH = 3
"""Of very many findings, all sets up to this size are searched; larger ones are reached by leaving out."""

Verdict = Literal["coherent", "one_disease", "conflict"]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A diagnosis that explains a conflict, how far (log10), and how probable it is with all findings."""

    diagnosis: str
    label: str
    support: float
    probability: float


@dataclass(frozen=True, slots=True)
class Conflict:
    """
    Whether the findings fit together.

    Parameters
    ----------
    value
        conf(e) in log10 units, mean over draws; above 0 the findings contradict each other.
    low, high
        5 % and 95 % quantile over the draws; both equal `value` with a single draw.
    verdict
        ``coherent``: conf(e) is at most 0; ``one_disease``: it is above 0, and some diagnosis (a rare one, or
        it would not be) explains it; ``conflict``: none does.
    clash, clash_labels
        The smallest set of findings with at least four fifths of the conflict of all findings, or half a ban
        if the whole is coherent; empty if there is none.
    clash_value
        conf of these findings; 0 without any.
    explained_by
        Table rows that explain the conflict (of the clash, if the whole is coherent), the best first.
    """

    value: float
    low: float
    high: float
    verdict: Verdict
    clash: tuple[str, ...]
    clash_labels: tuple[str, ...]
    clash_value: float
    explained_by: tuple[Hypothesis, ...]

    def sentence(self) -> str:
        """The verdict in words and numbers."""
        clash = " + ".join(self.clash_labels)
        if self.verdict == "coherent":
            opening = f"The findings fit together (conflict {self.value:+.2f}, at most 0 is coherent)."
            if not self.clash:
                return opening
            least = f"By themselves {clash} are at odds ({self.clash_value:+.2f})"
            return f"{opening} {least}{self._rescue()}."
        how = "slightly at odds" if self.value < LEAST else "at odds"
        start = f"The findings are {how} (conflict {self.value:+.2f}); the smallest set that clashes: {clash}"
        if self.verdict == "one_disease":
            return f"{start}. A rare combination rather than an error{self._rescue()}."
        return f"{start}. No listed disease explains them together: look for an error or a second disease."

    def _rescue(self) -> str:
        if not self.explained_by:
            return ""
        best = self.explained_by[0]
        return f": {best.label} explains it (probability with all findings {percent(best.probability)})"


def conflict_value(network: Network, evidence: Evidence) -> float:
    r"""
    The conflict of all findings of one patient alone, without looking for the ones that clash: quick enough for a screen.

    .. math:: \mathrm{conf}(e) = \log_{10} \frac{\prod_i P(e_i)}{P(e)}

    Mean over the draws; 0 without findings.

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network()
    >>> round(abs(conflict_value(network, encode(network, {"fever": "present"}))), 9)
    0.0
    """
    names = list(evidence.observed())
    kept = np.vstack([np.eye(len(names), dtype=bool), np.ones((1, len(names)), dtype=bool)])
    log_p = posterior(network, evidence.with_only(kept, names)).log_evidence
    return float((log_p[:, :-1].sum(axis=1) - log_p[:, -1]).mean() / np.log(10))


def conflict(network: Network, evidence: Evidence, known: Coalitions) -> Conflict:
    """
    Conflict among the findings of the first patient.

    Parameters
    ----------
    network, evidence
        Where `known` comes from.
    known
        From `model.why.weight.coalitions`.
    """
    n = len(known.findings)
    draws = known.variants.log10_evidence[:, 1 : n + 1].sum(axis=1) - known.variants.log10_evidence[:, -1]
    draws = draws if n > 1 else np.zeros_like(draws)
    value, low, high = float(draws.mean()), *(float(q) for q in np.quantile(draws, INTERVAL))
    clash, clash_value, clash_mean = _trace(network, evidence, known, value)
    labels = tuple(network.knowledge.variables[name].label for name in clash)
    explained = _hypotheses(network.knowledge, known, clash, clash_mean, value, clash_value) if clash else ()
    verdict: Verdict = "coherent" if value <= 0 else "one_disease" if explained else "conflict"
    return Conflict(value, low, high, verdict, clash, labels, clash_value, explained)


def _hypotheses(
    knowledge: KnowledgeBase,
    known: Coalitions,
    clash: tuple[str, ...],
    clash_mean: FloatArray,
    value: float,
    clash_value: float,
) -> tuple[Hypothesis, ...]:
    """Table rows that explain the conflict of all findings (of the clash, if the whole is coherent), the best first."""
    units = hierarchy(knowledge, "row")
    rows = known.variants.mean @ units.membership
    prior, whole = rows[0], rows[-1]
    given, wanted = (whole, value) if value > 0 else (clash_mean @ units.membership, clash_value)
    alone = rows[[known.findings.index(name) + 1 for name in clash]]
    # A row of probability 0 explains nothing; it is kept out of the logarithm.
    possible = (prior > 0) & (given > 0) & (alone >= prior * (1 - ROUNDING)).all(axis=0)
    support = np.log10(np.where(possible, given, 1.0)) - np.log10(np.where(possible, prior, 1.0))
    chosen = [i for i in np.argsort(-support, kind="stable") if possible[i] and support[i] >= wanted]
    return tuple(
        Hypothesis(units.names[i], units.labels[i], float(support[i]), float(whole[i])) for i in chosen
    )


def _trace(
    network: Network, evidence: Evidence, known: Coalitions, value: float
) -> tuple[tuple[str, ...], float, FloatArray]:
    """The smallest set that clashes, its conflict, and the leaves given it; nothing if there is none."""
    found = _smallest(network, evidence, known, value)
    if found is None:
        return (), 0.0, known.variants.mean[0]
    kept = found[None]
    clash = tuple(name for name, is_kept in zip(known.findings, found, strict=True) if is_kept)
    beliefs = subset_beliefs(network, evidence, known.findings, kept, all_draws=True)
    n = len(known.findings)
    alone = known.variants.log10_evidence[:, 1 : n + 1][:, found].sum(axis=1)
    return clash, float((alone - beliefs.log10_evidence[:, 0]).mean()), beliefs.mean[0]


def _smallest(network: Network, evidence: Evidence, known: Coalitions, value: float) -> BoolArray | None:
    """
    The smallest set with four fifths of the conflict of all findings (or half a ban); of equals the worst.

    Approximation: of more findings than `every_subset` is asked for, sets of up to `MAX_CLASH` are searched
    at mean parameters, then findings are left out one by one while the rest clashes as much.
    """
    n = len(known.findings)
    if n <= 1:
        return None
    if known.orders is None:
        kept = every_subset(n)
        conf = _conf(kept, known.game.log10_evidence.mean(axis=0))
        # The conflict of the same draws: with thinned ones it is not exactly `value`.
        return _worst(kept, conf, SHARE * conf[-1] if value > 0 else LEAST)
    mean = network.at_mean()
    small = np.array([row for size in range(MAX_CLASH + 1) for row in _sets(n, size)])
    kept = np.concatenate([small, np.ones((1, n), dtype=bool)])
    conf = _conf(kept, subset_beliefs(mean, evidence, known.findings, kept).log10_evidence[0])
    wanted = SHARE * conf[-1] if value > 0 else LEAST
    if (found := _worst(small, conf[:-1], wanted)) is not None or value <= 0:
        return found
    return _left_out(mean, evidence, known, wanted)


def _sets(n: int, size: int) -> Iterator[BoolArray]:
    for members in combinations(range(n), size):
        row = np.zeros(n, dtype=bool)
        row[list(members)] = True
        yield row


def _conf(kept: BoolArray, log10_evidence: FloatArray) -> FloatArray:
    """Conflict of every subset: ndarray of shape (n_subsets,); single findings are among the subsets."""
    sizes = kept.sum(axis=1)
    alone = np.zeros(kept.shape[1])
    alone[kept[sizes == 1].argmax(axis=1)] = log10_evidence[sizes == 1]
    return np.where(sizes > 1, kept @ alone - log10_evidence, 0.0)


def _worst(kept: BoolArray, conf: FloatArray, wanted: float) -> BoolArray | None:
    """Of the sets that reach what is wanted the smallest, of those the one with the most conflict."""
    sizes = kept.sum(axis=1)
    reached = np.flatnonzero((conf >= wanted) & (sizes > 1))
    if not len(reached):
        return None
    best = min(reached, key=lambda i: (sizes[i], -conf[i]))
    return np.asarray(kept[best])


def _left_out(mean: Network, evidence: Evidence, known: Coalitions, wanted: float) -> BoolArray:
    """What remains when findings are left out while the rest clashes at least as much."""
    n = len(known.findings)
    singles = np.eye(n, dtype=bool)
    kept = np.ones(n, dtype=bool)
    while True:
        smaller = np.array([kept & ~one for one in singles if (kept & one).any()])
        asked = np.concatenate([smaller, singles])
        conf = _conf(asked, subset_beliefs(mean, evidence, known.findings, asked).log10_evidence[0])
        best = int(conf[: len(smaller)].argmax())
        if conf[best] < wanted:
            return kept
        kept = smaller[best]


__all__ = ["LEAST", "Conflict", "Hypothesis", "conflict", "conflict_value"]
