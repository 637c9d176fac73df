"""
What an answer rests on: the share of its weight of evidence that stands on cohorts, on documents, on judgement.

Knows: weights of evidence, and what is said of each cell. Must not know: how weights are computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from model.network.beliefs import GROUND, GROUNDS, Basis, Ground, bases
from model.text import JUDGEMENT, percent

if TYPE_CHECKING:
    from model.why.contribution import Contribution
    from priors.schema import KnowledgeBase

ROLES: Final = frozenset({"finding", "ms_axis"})
"""What has cells; context and protocol say nothing of a disease by themselves."""

SAID: Final[Mapping[Ground, str]] = {
    "cohorts": "cohorts of the literature",
    "documents": "the documents",
    "judgement": "judgement",
    "nothing": "nothing (pooled background)",
}


@dataclass(frozen=True, slots=True)
class Foothold:
    """
    What one finding of the patient rests on.

    Parameters
    ----------
    finding, label
        Identifier and label.
    order_free
        Its weight of evidence, free of order, in bans.
    basis, ground
        The firmest thing said of its cell in the explained diagnosis, and the layer that comes from.
    basis_against, ground_against
        The same in the nearest rival.
    """

    finding: str
    label: str
    order_free: float
    basis: Basis
    ground: Ground
    basis_against: Basis
    ground_against: Ground


@dataclass(frozen=True, slots=True)
class Footing:
    """
    What the weight of evidence of one answer rests on.

    Parameters
    ----------
    diagnosis, label
        What is explained.
    against, against_label
        Its nearest rival: the runner-up, or the leader if it is not explained itself.
    findings
        One for each finding that has cells, the weightiest first.
    """

    diagnosis: str
    label: str
    against: str
    against_label: str
    findings: tuple[Foothold, ...]

    @property
    def shares(self) -> dict[Ground, float]:
        """Ground -> share of the weight without sign, by the cells of the explained diagnosis; empty without weight."""
        return _shares([(one.ground, one.order_free) for one in self.findings])

    @property
    def shares_against(self) -> dict[Ground, float]:
        """The same by the cells of the rival."""
        return _shares([(one.ground_against, one.order_free) for one in self.findings])

    def to_dict(self) -> dict[str, object]:
        """All fields as plain objects for JSON, with both shares, and what judgement is where some rests on it."""
        note = {"judgement": JUDGEMENT} if self.is_judged else {}
        return {**asdict(self), "shares": self.shares, "shares_against": self.shares_against, **note}

    @property
    def is_judged(self) -> bool:
        """Whether any of it rests on judgement."""
        return any("judgement" in (one.ground, one.ground_against) for one in self.findings)

    def sentence(self) -> str:
        """The shares in words; empty where nothing has weight."""
        if not self.shares:
            return ""
        parts = [
            f"for {label} on {_listed(shares)}"
            for label, shares in ((self.label, self.shares), (self.against_label, self.shares_against))
        ]
        said = f"The weight of evidence rests {'; '.join(parts)}."
        return f"{said} {JUDGEMENT}" if self.is_judged else said


def _shares(weighed: Sequence[tuple[Ground, float]]) -> dict[Ground, float]:
    total = sum(abs(weight) for _, weight in weighed)
    if not total:
        return {}
    return {ground: sum(abs(w) for g, w in weighed if g == ground) / total for ground in GROUNDS}


def _listed(shares: Mapping[Ground, float]) -> str:
    return ", ".join(f"{SAID[ground]} {percent(share)}" for ground, share in shares.items() if share)


def footing(
    knowledge: KnowledgeBase, diagnosis: str, against: str, contributions: Sequence[Contribution]
) -> Footing:
    """
    What the findings of an explanation rest on, in the explained diagnosis and in its nearest rival.

    Parameters
    ----------
    knowledge
        The tables.
    diagnosis, against
        Leaves or table rows.
    contributions
        What each finding does to the odds of `diagnosis`.
    """
    said = bases(knowledge, {one.finding for one in contributions})
    found = []
    for one in sorted(contributions, key=lambda c: -abs(c.order_free)):
        if knowledge.variables[one.finding].role in ROLES:
            own, other = (said.get((one.finding, name), "nothing") for name in (diagnosis, against))
            weight = one.order_free
            found.append(Foothold(one.finding, one.label, weight, own, GROUND[own], other, GROUND[other]))
    labels = [knowledge.diagnoses[name].label for name in (diagnosis, against)]
    return Footing(diagnosis, labels[0], against, labels[1], tuple(found))


__all__ = ["Foothold", "Footing", "footing"]
