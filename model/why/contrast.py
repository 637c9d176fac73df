r"""
Why X and not Y? How far each finding speaks for one diagnosis against one other.

.. math:: W(X : Y \mid f) = \log_{10} \frac{P(f \mid X)}{P(f \mid Y)}

Knows: weights and citations. Must not know: how they are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.errors import EvidenceError, UnknownNameError, unknown_name
from model.network.answer import Answer
from model.patient.naming import diagnosis_aliases
from model.record import row
from model.text import bar, counted, percent, table
from model.why.citation import Citation, cited, identifiers, value_text
from model.why.weight import Method, weigh
from priors.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

    from model.network.network import Network
    from model.patient.evidence import BoolArray, Evidence
    from model.why.weight import Coalitions
    from priors.schema import KnowledgeBase

EVEN = 1.05
"""Two diagnoses nearer to each other than by this factor are called equally probable."""


@dataclass(frozen=True, slots=True)
class ContrastContribution(Shown):
    """
    What one finding does to the odds of the one diagnosis against the other; positive favours the first.

    Parameters
    ----------
    finding, label, value
        Its identifier, its label and what was found, as text.
    alone, in_sequence, order_free, order_free_error
        As in `model.why.explanation.Contribution`, in log10 units.
    facts, facts_against
        The facts about this finding in the first and in the second diagnosis; empty: no source.
    """

    finding: str
    label: str
    value: str
    alone: float
    in_sequence: float
    order_free: float
    order_free_error: float
    facts: tuple[Citation, ...]
    facts_against: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Contrast(Answer):
    """
    Why one diagnosis rather than another.

    Parameters
    ----------
    diagnosis, label, against, against_label
        The two diagnoses; a leaf or a table row each.
    prior_odds, posterior_odds
        log10 odds of the first against the second, without and with the findings.
    method
        How the order-free weights are found.
    contributions
        One per finding that says something, in the order of the case.
    """

    diagnosis: str
    label: str
    against: str
    against_label: str
    prior_odds: float
    posterior_odds: float
    method: Method
    contributions: tuple[ContrastContribution, ...]

    @property
    def total(self) -> float:
        """Change of the log10 odds; the contributions in sequence add up to it."""
        return self.posterior_odds - self.prior_odds

    @property
    def best(self) -> ContrastContribution | None:
        """The finding that favours the first diagnosis most; None if none does."""
        top = max(self.contributions, key=lambda c: c.order_free, default=None)
        return top if top is not None and top.order_free > 0 else None

    def to_frame(self) -> pd.DataFrame:
        """One line per finding, in log10 units; the facts as their identifiers, joined by ``|``."""
        import pandas as pd

        names = ("finding", "label", "value", "alone", "in_sequence", "order_free", "order_free_error")
        lines = [
            row(c, names, facts=identifiers(c.facts), facts_against=identifiers(c.facts_against))
            for c in self.contributions
        ]
        columns = [*names, "facts", "facts_against"]
        return pd.DataFrame(lines, columns=columns)

    def summary(self, *, n_facts: int = 1, per_ban: float = 1.0) -> str:
        """The contrast as plain text; `per_ban` is 10 for decibans."""
        lead = f"Why {self.label} and not {self.against_label}? {self.sentence()}"
        if not self.contributions:
            return lead
        largest = max(abs(c.order_free) for c in self.contributions) or 1.0
        cells = [
            (
                c.label,
                c.value,
                f"{per_ban * c.alone:+.2f}",
                f"{per_ban * c.in_sequence:+.2f}",
                f"{per_ban * c.order_free:+.2f}",
                ("-" if c.order_free < 0 else "+") + bar(abs(c.order_free) / largest, 8),
            )
            for c in self.contributions
        ]
        header = ("finding", "value", "alone", "in sequence", "order-free", "")
        return "\n".join([lead, table(header, cells, right=(2, 3, 4)), *self._sources(n_facts)])

    def sentence(self) -> str:
        """The odds before and after, in words and numbers."""
        before, after = (
            _odds(o, self.label, self.against_label) for o in (self.prior_odds, self.posterior_odds)
        )
        said = f"Before the findings {before}, with {counted(len(self.contributions), 'finding')} {after}."
        if self.best is None:
            return f"{said} No finding favours {self.label}."
        return f"{said} Most in its favour: {self.best.label} = {self.best.value}."

    def _sources(self, n_facts: int) -> list[str]:
        return [
            f"  {c.label}, {label}: {fact}"
            for c in self.contributions
            for label, facts in ((self.label, c.facts), (self.against_label, c.facts_against))
            for fact in [*map(str, facts[:n_facts])] or ["no source; the pooled background is used"]
            if n_facts
        ]


def _odds(log10_odds: float, label: str, against: str) -> str:
    ratio = 10 ** abs(log10_odds)
    if ratio < EVEN:
        return f"{label} is as probable as {against}"
    one, other = (label, against) if log10_odds >= 0 else (against, label)
    share = percent(1 / (1 + 1 / ratio))
    return f"{one} is {ratio:.3g} times as probable as {other} ({share} of the two)"


def contrast(
    network: Network, evidence: Evidence, known: Coalitions, diagnosis: str, against: str
) -> Contrast:
    """
    Why the one diagnosis and not the other, for the first patient.

    Parameters
    ----------
    network, evidence
        Where `known` comes from.
    known
        From `model.why.weight.coalitions`.
    diagnosis, against
        Leaves or table rows that share no leaf.

    Raises
    ------
    UnknownNameError
        If one of them does not exist.
    EvidenceError
        If they overlap, or the findings make one of them impossible.
    """
    knowledge = network.knowledge
    masks = apart(knowledge, diagnosis, against)
    for name, mask in zip((diagnosis, against), masks, strict=True):
        if known.variants.mean[-1, mask].sum() == 0:
            raise EvidenceError(
                f"contrast, {name}: the findings make it impossible; there is nothing to weigh"
            )
    weights = weigh(known, *masks)
    return Contrast(
        diagnosis=diagnosis,
        label=knowledge.diagnoses[diagnosis].label,
        against=against,
        against_label=knowledge.diagnoses[against].label,
        prior_odds=weights.prior,
        posterior_odds=weights.posterior,
        method=known.method,
        contributions=tuple(
            ContrastContribution(
                finding=name,
                label=knowledge.variables[name].label,
                value=value_text(evidence.cases[0], name),
                alone=float(weights.alone[i]),
                in_sequence=float(weights.in_sequence[i]),
                order_free=float(weights.order_free[i]),
                order_free_error=float(weights.error[i]),
                facts=cited(knowledge, evidence, diagnosis, name),
                facts_against=cited(knowledge, evidence, against, name),
            )
            for i, name in enumerate(known.findings)
        ),
        origin=network.origin,
    )


def apart(knowledge: KnowledgeBase, diagnosis: str, against: str) -> tuple[BoolArray, BoolArray]:
    """
    Which leaves belong to the one diagnosis, and which to the other.

    Raises
    ------
    UnknownNameError, EvidenceError
        As `contrast`: if one of them does not exist, or they overlap.
    """
    one, other = (_leaves(knowledge, name) for name in (diagnosis, against))
    if (one & other).any():
        raise EvidenceError(
            f"contrast, {diagnosis} and {against}: they share a leaf; allowed are two diagnoses that exclude each "
            "other; choose another pair"
        )
    return one, other


def _leaves(knowledge: KnowledgeBase, name: str) -> BoolArray:
    if name not in knowledge.diagnoses:
        raise UnknownNameError(
            unknown_name("diagnosis to contrast", "diagnosis", name, diagnosis_aliases(knowledge))
        )
    return np.isin(knowledge.leaves, knowledge.members(name))


__all__ = ["Contrast", "ContrastContribution", "apart", "contrast"]
