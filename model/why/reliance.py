"""
What the lead of an answer relies on: how much of it would be lost without each finding, and what stands behind that.

Quick enough for every change of a patient: one question for each finding, while order-free weights (`model.why.footing`)
ask for thousands of subsets.

Knows: leaving findings out, what is said of each cell. Must not know: screens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from model.network.beliefs import GROUND, GROUNDS, Ground, bases
from model.network.hierarchy import hierarchy
from model.why.footing import ROLES
from model.why.subset import subset_beliefs, thinned
from model.why.weight import log10_odds

if TYPE_CHECKING:
    from model.network.network import Network
    from model.patient.evidence import Evidence

WITHOUT_SOURCE: Final[frozenset[Ground]] = frozenset({"judgement", "nothing"})
"""Grounds that are no source."""

MAX_ROWS: Final = 12_000
"""Approximation: beyond 23 findings fewer draws are asked, evenly spaced, so that the answer does not wait."""


@dataclass(frozen=True, slots=True)
class Reliance:
    """
    What the lead of one answer relies on.

    Parameters
    ----------
    leader, label
        The table row that leads.
    shares
        Ground of the leader's cell -> share of what would be lost without the findings, one by one, without sign, in log10
        odds of the leader; empty if no finding has cells or none of them matters.
    findings
        Ground of the leader's cell -> how many findings have one of this ground.
    decisive
        Finding without which another row would lead -> that row: the lead hangs on each of them.
    unsourced
        Those of `decisive` of which nothing but judgement, or nothing at all, says how often they are seen in the leader or
        in the row that would lead: finding -> the row of which that holds, the leader first.
    """

    leader: str
    label: str
    shares: Mapping[Ground, float]
    findings: Mapping[Ground, int]
    decisive: Mapping[str, str]
    unsourced: Mapping[str, str]


def reliance(network: Network, evidence: Evidence) -> Reliance:
    """
    What the lead of the first patient's answer relies on.

    Parameters
    ----------
    network, evidence
        The findings must be possible together.

    Raises
    ------
    EvidenceError
        If the evidence holds several patients.
    ImpossibleEvidenceError
        If the findings have probability 0 in some draw.

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network()
    >>> found = reliance(network, encode(network, {"serum_aqp4_igg": "positive"}))
    >>> found.leader, found.decisive
    ('nmosd', {'serum_aqp4_igg': 'multiple_sclerosis'})
    """
    evidence.require_one("reliance")
    knowledge, units = network.knowledge, hierarchy(network.knowledge, "row")
    findings = evidence.observed()
    n = len(findings)
    kept = np.concatenate([~np.eye(n, dtype=bool), np.ones((1, n), dtype=bool)])
    network = thinned(network, max(1, MAX_ROWS // (n + 1)))
    mean = subset_beliefs(network, evidence, findings, kept, all_draws=True).mean
    leaders = [units.names[i] for i in (mean @ units.membership).argmax(axis=1)]
    leader, without = leaders[-1], dict(zip(findings, leaders, strict=False))
    inside = np.isin(knowledge.leaves, knowledge.members(leader))
    is_certain = not mean[
        -1, ~inside
    ].any()  # a course of multiple sclerosis is known: there are no odds to lose
    odds = np.zeros(n + 1) if is_certain else log10_odds(mean, inside, ~inside)
    said = bases(knowledge, set(findings))

    def ground(finding: str, row: str) -> Ground:
        return GROUND[said.get((finding, row), "nothing")]

    lost, counts = dict.fromkeys(GROUNDS, 0.0), dict.fromkeys(GROUNDS, 0)
    decisive: dict[str, str] = {}
    unsourced: dict[str, str] = {}
    for finding, loss in zip(findings, np.abs(odds[-1] - odds[:-1]), strict=True):
        if knowledge.variables[finding].role in ROLES:
            lost[ground(finding, leader)] += float(loss)
            counts[ground(finding, leader)] += 1
            if (then := without[finding]) != leader:
                decisive[finding] = then
                for row in (leader, then):
                    if ground(finding, row) in WITHOUT_SOURCE:
                        unsourced.setdefault(finding, row)
    total = sum(lost.values())
    shares = {name: share / total for name, share in lost.items()} if total else {}
    return Reliance(leader, knowledge.diagnoses[leader].label, shares, counts, decisive, unsourced)


__all__ = ["WITHOUT_SOURCE", "Reliance", "reliance"]
