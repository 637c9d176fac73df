"""
What would have to be otherwise for another diagnosis to lead? The fewest findings whose change would do it.

Two kinds of change: a finding that is *not known*, and a finding with *another state*. Who the patient is (age,
sex, region, ancestry) and how the scan was made is not changed to another state: it may be unknown, but is
no result that could have come out otherwise.

Knows: subsets of findings, states, exclusions. Must not know: facts.

References
----------
Wachter S, Mittelstadt B, Russell C. Counterfactual explanations without opening the black box. Harv J Law
Technol 2018;31:841-887. arXiv:1711.00399
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import numpy as np

from model.diagnosis.differential import posterior
from model.network.hierarchy import hierarchy
from model.patient.evidence import Evidence, contradictions
from model.text import percent
from model.why.citation import value_text
from model.why.subset import every_subset
from priors.frozen import Frozen

if TYPE_CHECKING:
    from model.inference.graph import FloatArray
    from model.network.network import Network
    from model.patient.evidence import BoolArray
    from model.why.weight import Coalitions

MAX_CHANGES = 3
"""Up to so many findings are changed together."""

N_CHECKED = 8
"""Of the changes of one size that a search at mean parameters ranks best, so many are checked in all draws."""

N_COMBINED = 16
"""So many of the best single changes are combined to larger sets."""

NEAR = 0.1
"""A row that is further behind the leader than this at mean parameters does not lead in the mean of the draws."""

UNKNOWN = ""
"""Stands for "not known" where a change names a new state."""

Kind = Literal["not_known", "other_state"]
Option = tuple[str, str]
Changes = tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One finding, what was found, and what would be known instead (``""``: nothing)."""

    finding: str
    label: str
    value: str
    to: str
    to_label: str


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """
    The fewest findings whose change makes another diagnosis lead.

    Parameters
    ----------
    kind
        ``not_known``: the findings were not known; ``other_state``: they had come out otherwise.
    changes
        What is changed; of equally few the changes that give the new leader the most.
    leader, leader_label, probability
        The table row that would lead, and its headline probability then.
    """

    kind: Kind
    changes: tuple[Change, ...]
    leader: str
    leader_label: str
    probability: float

    def sentence(self) -> str:
        """The change in words and numbers."""
        said = " and ".join(
            f"{c.label} were {'not known' if c.to == UNKNOWN else c.to_label} (is: {c.value})"
            for c in self.changes
        )
        return f"If {said}, {self.leader_label} would lead with {percent(self.probability)}."


def counterfactuals(network: Network, evidence: Evidence, known: Coalitions) -> tuple[Counterfactual, ...]:
    """
    The fewest findings of the first patient to leave out, and to change, for another table row to lead.

    Parameters
    ----------
    network, evidence
        Where `known` comes from.
    known
        From `model.why.weight.coalitions`.

    Returns
    -------
    tuple of Counterfactual
        At most one of each kind; none where no `MAX_CHANGES` findings (all of them, if every subset is in
        `known`) change the leader.
    """
    found = (_left_out(network, evidence, known), _changed(network, evidence, known))
    return tuple(one for one in found if one is not None)


def _left_out(network: Network, evidence: Evidence, known: Coalitions) -> Counterfactual | None:
    """
    The fewest findings without which another row leads.

    Approximation: of more findings than all subsets are known of, or with thinned draws, those that are left
    out are searched at mean parameters and checked in all draws.
    """
    n = len(known.findings)
    if known.orders is None and known.game.n_draws == network.n_draws:
        return _best(network, evidence, known, every_subset(n), known.game.mean)
    options = [(name, UNKNOWN) for name in known.findings]
    return _searched(network, evidence, known, options, "not_known")


def _best(
    network: Network, evidence: Evidence, known: Coalitions, kept: BoolArray, leaves: FloatArray
) -> Counterfactual | None:
    """Of all subsets the largest in which another row leads, and leads with the most."""
    rows = leaves @ hierarchy(network.knowledge, "row").membership
    flips = np.flatnonzero(rows.argmax(axis=1) != _leader(network, known))
    if not len(flips):
        return None
    best = max(flips, key=lambda i: (kept[i].sum(), rows[i].max()))
    changes = tuple(
        (name, UNKNOWN) for name, stays in zip(known.findings, kept[best], strict=True) if not stays
    )
    return _told(network, evidence, "not_known", changes, rows[best])


def _changed(network: Network, evidence: Evidence, known: Coalitions) -> Counterfactual | None:
    """The fewest findings that with another state let another row lead."""
    options = [option for name in known.findings for option in _other_states(network, evidence, name)]
    return _searched(network, evidence, known, options, "other_state")


def _other_states(network: Network, evidence: Evidence, name: str) -> list[Option]:
    variable = network.knowledge.variables[name]
    if variable.role != "finding" or variable.kind == "age" or name == "sex":
        return []
    weights = evidence.likelihoods[name][0]
    return [(name, state) for state, w in zip(variable.state_ids, weights, strict=True) if w == 0]


def _searched(
    network: Network, evidence: Evidence, known: Coalitions, options: Sequence[Option], kind: Kind
) -> Counterfactual | None:
    """
    The smallest set of changes that lets another row lead.

    Approximation: sets of one size are ranked at mean parameters by the lead of another row; of those that
    lead or nearly do, the best `N_CHECKED` are checked in all draws. Sets of several changes are made of the
    `N_COMBINED` best single ones.
    """
    now = _leader(network, known)
    singles: list[Changes] = [(option,) for option in options]
    for size in range(1, MAX_CHANGES + 1):
        sets = singles if size == 1 else _combined(singles, size)
        sets, lead = _ranked(network, evidence, sets, now)
        singles = sets[:N_COMBINED] if size == 1 else singles
        near = [changes for changes, ahead in zip(sets, lead, strict=True) if ahead > -NEAR][:N_CHECKED]
        if near and (found := _flipped(network, evidence, near, now, kind)) is not None:
            return found
    return None


def _leader(network: Network, known: Coalitions) -> int:
    """Position of the table row that leads with all findings."""
    return int((known.variants.mean[-1] @ hierarchy(network.knowledge, "row").membership).argmax())


def _combined(singles: Sequence[Changes], size: int) -> list[Changes]:
    """Sets of several of the single changes, no finding twice."""
    sets = (tuple(one for (one,) in chosen) for chosen in combinations(singles, size))
    return [changes for changes in sets if len({name for name, _ in changes}) == size]


def _ranked(
    network: Network, evidence: Evidence, sets: Sequence[Changes], now: int
) -> tuple[list[Changes], list[float]]:
    """Possible sets of changes, by the lead that another row then has at mean parameters, the best first."""
    allowed = [changes for changes in sets if _is_allowed(network, evidence, changes)]
    if not allowed:
        return [], []
    rows = posterior(network.at_mean(), _with_changes(network, evidence, allowed)).mean_by("row")
    lead = np.delete(rows, now, axis=1).max(axis=1) - rows[:, now]
    order = np.argsort(-lead, kind="stable")
    return [allowed[i] for i in order], lead[order].tolist()


def _is_allowed(network: Network, evidence: Evidence, changes: Changes) -> bool:
    """Whether no exclusion bars the changed findings."""
    row = {name: rows[0] for name, rows in _with_changes(network, evidence, [changes]).likelihoods.items()}
    return not contradictions("counterfactual", row, network.knowledge)


def _with_changes(network: Network, evidence: Evidence, sets: Sequence[Changes]) -> Evidence:
    """The first patient once for every set of changes."""
    likelihoods = {
        name: np.repeat(evidence.likelihoods[name][:1], len(sets), axis=0) for name in evidence.observed()
    }
    for row, changes in enumerate(sets):
        for name, state in changes:
            states = network.states[name]
            likelihoods[name][row] = 1.0 if state == UNKNOWN else np.eye(len(states))[states.index(state)]
    return Evidence(Frozen(likelihoods), evidence.cases[:1] * len(sets))


def _flipped(
    network: Network, evidence: Evidence, sets: Sequence[Changes], now: int, kind: Kind
) -> Counterfactual | None:
    """Of the sets that let another row lead in all draws, the one that gives it the most."""
    rows = posterior(network, _with_changes(network, evidence, sets)).mean_by("row")
    flips = [i for i in range(len(sets)) if rows[i].argmax() != now]
    if not flips:
        return None
    best = max(flips, key=lambda i: float(rows[i].max()))
    return _told(network, evidence, kind, sets[best], rows[best])


def _told(
    network: Network, evidence: Evidence, kind: Kind, changes: Changes, rows: FloatArray
) -> Counterfactual:
    """The changes and their effect with labels."""
    variables = network.knowledge.variables
    told = tuple(
        Change(
            finding=name,
            label=variables[name].label,
            value=value_text(evidence.cases[0], name),
            to=state,
            to_label=next((s.label for s in variables[name].states if s.id == state), "not known"),
        )
        for name, state in changes
    )
    units, leader = hierarchy(network.knowledge, "row"), int(rows.argmax())
    return Counterfactual(kind, told, units.names[leader], units.labels[leader], float(rows[leader]))


__all__ = ["MAX_CHANGES", "Change", "Counterfactual", "counterfactuals"]
