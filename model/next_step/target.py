r"""
What information is about: the diagnosis at some level, an MS axis, or a decision with utilities.

Each pattern of results x has a gain that is never negative, and the value of asking is the mean gain:

.. math:: \sum_x p(x) \sum_t p(t \mid x) \log_2 \frac{p(t \mid x)}{p(t)}
    \quad\text{bits, or}\quad
    \sum_x p(x) \bigl(\max_a U(a \mid x) - U(a_0 \mid x)\bigr)

with :math:`a_0` the action that is best now: mutual information, or the expected value of sample information.

Knows: arrays over the hub. Must not know: orders, findings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.errors import CaseFileError, EvidenceError, UnknownNameError, plain, shown, unknown_name
from model.inference.graph import FloatArray
from model.inference.numeric import divided
from model.network.assembly import NOT_APPLICABLE
from model.network.hierarchy import LEVELS, Level, hierarchy
from model.network.network import DIAGNOSIS, Network
from model.record import Record

MS_AXES = ("ms_course", "ms_variant")
TARGETS = ("diagnosis", "row", "group", *MS_AXES)
"""What bits may be counted of; `ms_course` and `ms_variant` are meant within multiple sclerosis."""

DEFAULT_KEY = "default"
DECISION_KEYS = ("actions", "utilities", "unit")


@dataclass(frozen=True, slots=True)
class Decision:
    """
    Something to be decided, and what each action is worth in each diagnosis.

    Parameters
    ----------
    actions
        Two or more names.
    utilities
        Leaf, table row or group -> utility of each action, in the order of `actions`; the narrowest name
        holds. The key ``default`` stands for all diagnoses that are not named.
    unit
        What a utility of 1 is, such as ``quality-adjusted life years``.

    Examples
    --------
    >>> Decision(("treat", "wait"), {"nmosd": (1.0, 0.0), "default": (-0.2, 0.0)}).actions
    ('treat', 'wait')
    """

    actions: tuple[str, ...]
    utilities: Mapping[str, Sequence[float]]
    unit: str = "utility"

    def __post_init__(self) -> None:
        if len(set(self.actions)) != len(self.actions) or len(self.actions) < 2:
            raise EvidenceError(
                f"decision, actions: found {shown(self.actions)}; two or more different names; add them"
            )
        for name, values in self.utilities.items():
            if len(values) != len(self.actions) or not all(_is_number(value) for value in values):
                raise EvidenceError(
                    f"decision, utilities of {plain(name)}: found {shown(values)}; "
                    f"one finite number for each of {', '.join(self.actions)}"
                )

    def table(self, network: Network) -> FloatArray:
        """
        Utility of each action in each leaf.

        Returns
        -------
        ndarray of shape (n_leaves, n_actions)

        Raises
        ------
        UnknownNameError
            If a name is no diagnosis and no group.
        EvidenceError
            If a leaf has no utility.
        """
        knowledge = network.knowledge
        groups = dict.fromkeys(diagnosis.group for diagnosis in knowledge.diagnoses.values())
        allowed = [*knowledge.diagnoses, *groups, DEFAULT_KEY]
        for name in self.utilities:
            if name not in allowed:
                where = f"decision, utilities of {plain(name)}"
                raise UnknownNameError(unknown_name(where, "diagnosis", name, allowed))
        rows = []
        for leaf in network.states[DIAGNOSIS]:
            chain = (leaf, knowledge.row(leaf), knowledge.diagnoses[leaf].group, DEFAULT_KEY)
            holder = next((name for name in chain if name in self.utilities), None)
            if holder is None:
                raise EvidenceError(
                    f"decision, utilities: {leaf} has none; every diagnosis needs one; add it or the key default"
                )
            rows.append([float(value) for value in self.utilities[holder]])
        return np.array(rows)


@dataclass(frozen=True, slots=True, eq=False)
class Target(Record):
    """
    A target laid out over the hub states of a network.

    Attributes
    ----------
    name, unit : str
        ``bits``, or the unit of the utilities.
    values : ndarray of shape (n_hub, n_classes or n_actions)
        Membership of the classes, 0 or 1, or the utility of each action.
    applies : ndarray of shape (n_hub,)
        1 where the target has a meaning: everywhere, but for an MS axis in multiple sclerosis only.
    is_decision : bool
    """

    name: str
    unit: str
    values: FloatArray
    applies: FloatArray
    is_decision: bool

    def now(self, hub: FloatArray) -> float:
        """Entropy of the target in bits, or the expected utility of the best action, for P(hub state)."""
        scores = self._scores(hub[None])[0]
        return float(scores.max()) if self.is_decision else float(-_plogp(scores).sum())

    def gains(self, after: FloatArray, before: FloatArray) -> FloatArray:
        """
        What each result is worth, already weighed by how much of it concerns the target.

        Parameters
        ----------
        after : ndarray of shape (n_patterns, n_hub)
            P(hub state | pattern).
        before : ndarray of shape (n_hub,)

        Returns
        -------
        ndarray of shape (n_patterns,)
            Not negative; their mean over the patterns is the value of asking.
        """
        scores, now = self._scores(after), self._scores(before[None])[0]
        if self.is_decision:
            return np.asarray(scores.max(axis=1) - scores[:, now.argmax()])
        log_now = np.log2(now, where=now > 0, out=np.zeros_like(now))
        divergence = (_plogp(scores) - scores * log_now).sum(axis=1)
        return np.asarray(np.maximum(divergence, 0.0) * (after @ self.applies) / (before @ self.applies))

    def _scores(self, hub: FloatArray) -> FloatArray:
        """Probability of each class, or expected utility of each action: shape (n, n_classes or n_actions)."""
        scores = hub @ self.values
        if self.is_decision:
            return np.asarray(scores)
        total = scores.sum(axis=1, keepdims=True)
        return divided(scores, total)


def target_of(network: Network, target: str | Decision, hub: FloatArray) -> Target:
    """
    Lay a target out over the hub.

    Parameters
    ----------
    network
    target
        One of `TARGETS`, or a decision.
    hub : ndarray of shape (n_hub,)
        P(hub state | what is known).

    Raises
    ------
    UnknownNameError
        If there is no such target, or a decision names an unknown diagnosis.
    EvidenceError
        If an MS axis is asked for though multiple sclerosis has probability 0.
    """
    to_leaf = network.plan.indicator(network.index(DIAGNOSIS))
    everywhere = np.ones(len(to_leaf))
    if isinstance(target, Decision):
        return Target("decision", target.unit, to_leaf @ target.table(network), everywhere, is_decision=True)
    if target not in TARGETS:
        raise UnknownNameError(unknown_name("target", "target", target, TARGETS))
    if target in MS_AXES:
        is_applicable = [state != NOT_APPLICABLE for state in network.states[target]]
        classes = network.plan.indicator(network.index(target))[:, is_applicable]
        if (hub @ classes).sum() == 0:
            raise EvidenceError(
                f"target {target}: multiple sclerosis has probability 0; its course and variant mean nothing; "
                "choose another target"
            )
        return Target(target, "bits", classes, classes.sum(axis=1), is_decision=False)
    level: Level = "leaf" if target == "diagnosis" else next(name for name in LEVELS if name == target)
    classes = to_leaf @ hierarchy(network.knowledge, level).membership
    return Target(target, "bits", classes, everywhere, is_decision=False)


def taken_together(
    hub: FloatArray, to_row: FloatArray, aim: Target
) -> tuple[FloatArray, NDArray[np.intp] | None, FloatArray, Target]:
    """
    Hub states taken together that neither the target nor the table rows tell apart: for most targets, the forms of MS.

    Parameters
    ----------
    hub : ndarray of shape (n_draws, n_hub)
    to_row : ndarray of shape (n_hub, n_rows)
    aim : Target

    Returns
    -------
    hub : ndarray of shape (n_groups,)
        Mean over the draws.
    groups : ndarray of int, shape (n_hub,), or None
        None for a single draw, where it saves nothing: each state is a group.
    to_row : ndarray of shape (n_groups, n_rows)
    aim : Target
        Over the groups.
    """
    if len(hub) == 1:
        return hub[0], None, to_row, aim
    told = np.column_stack([to_row, aim.values, aim.applies])
    _, first, groups = np.unique(told, axis=0, return_index=True, return_inverse=True)
    over_groups = replace(aim, values=aim.values[first], applies=aim.applies[first])
    return hub.mean(axis=0) @ np.eye(len(first))[groups], groups, to_row[first], over_groups


def read_decision(path: str | Path) -> Decision:
    """
    A decision from a JSON file: ``{"actions": [...], "utilities": {diagnosis: [...]}, "unit": "..."}``.

    Raises
    ------
    CaseFileError
        If the file cannot be read or has other keys.
    EvidenceError
        If its numbers do not fit its actions.
    """
    where = f"decision {plain(str(path))}"
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CaseFileError(f"{where}: cannot be read ({reason}); give a JSON file") from None
    if not isinstance(content, dict) or not {"actions", "utilities"} <= set(content):
        raise CaseFileError(
            f'{where}: found {shown(content)}; allowed is {{"actions": [...], "utilities": {{...}}}}'
        )
    for key in content:
        if key not in DECISION_KEYS:
            raise CaseFileError(unknown_name(where, "key", key, DECISION_KEYS))
    actions, utilities = content["actions"], content["utilities"]
    if not isinstance(actions, list) or not all(isinstance(action, str) for action in actions):
        raise CaseFileError(f"{where}, actions: found {shown(actions)}; allowed is a list of names")
    if not isinstance(utilities, dict) or not all(isinstance(row, list) for row in utilities.values()):
        raise CaseFileError(
            f"{where}, utilities: found {shown(utilities)}; allowed is diagnosis -> list of numbers"
        )
    values = {name: tuple(row) for name, row in utilities.items()}
    return Decision(tuple(actions), values, str(content.get("unit", "utility")))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and bool(np.isfinite(value))


def _plogp(p: FloatArray) -> FloatArray:
    return np.asarray(p * np.log2(p, where=p > 0, out=np.zeros_like(p)))


__all__ = ["TARGETS", "Decision", "Target", "read_decision", "taken_together", "target_of"]
