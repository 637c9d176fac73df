"""
The network: nodes, parents and conditional probability tables, with a leading axis of parameter draws.

Knows: knowledge base and parameters. Must not know: evidence, or any question asked of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from threading import RLock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import EvidenceError, UnknownNameError, unknown_name
from model.inference.engine import Plan, plan
from model.inference.graph import Graph
from model.network.assembly import CONTEXT, DIAGNOSIS, parents_of, states_of, tables_of
from model.network.origin import Origin, fingerprint
from model.network.parameters import Parameters
from model.network.prior import prior_table
from model.network.what_if import WhatIf
from priors.frozen import Frozen
from priors.schema import KnowledgeBase

HUB: Final = (DIAGNOSIS, "ms_course", "ms_variant")
"""Variables that every finding may hang on; the engine conditions on them."""

DEFAULT_SETTING: Final = "documents"

_MAKING: Final = RLock()
"""Held while a network is read or compiled: threads that ask at the same time wait for one, and share it."""


@dataclass(frozen=True, eq=False)
class Network(WhatIf):
    """
    A Bayesian network over diagnosis, MS axes, context, protocol and findings.

    Attributes
    ----------
    states : mapping of node to its states, in axis order
    parents : mapping of node to its parents, in axis order
    tables : mapping of node to ndarray of shape (n_draws, *parents, n_states)
        P(node | parents); sums to 1 over the last axis. Never changed after construction.
    knowledge : KnowledgeBase
        The tables it was built from.
    setting : str
        Prior setting: a name in `prior_settings.csv`, or ``custom``.
    digest : str
        Digest of the tables that the parameters were elicited from.
    origin : Origin
        What is not usual about it: weights, changes, left-out draws, problems of the draws.
    """

    states: Mapping[str, tuple[str, ...]]
    parents: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, NDArray[np.float64]]
    knowledge: KnowledgeBase
    setting: str
    digest: str
    origin: Origin = field(default_factory=Origin)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Nodes; the position of a node is its number in the inference graph."""
        return tuple(self.states)

    @property
    def n_draws(self) -> int:
        """Number of parameter draws."""
        return int(self.tables[DIAGNOSIS].shape[0])

    def __repr__(self) -> str:
        """What it is, in a line; what is unusual about it, in one each."""
        size = f"{len(self.states)} nodes, {len(self.states[DIAGNOSIS])} diagnoses, {self.n_draws} draws"
        about = f"setting {self.setting}, knowledge {self.knowledge.layer}, digest {self.digest[:12]}"
        return "\n".join([f"Network: {size}; {about}", *self.origin.notes()])

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>".replace("\n", "<br>")

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {name: i for i, name in enumerate(self.states)}

    def index(self, name: str) -> int:
        """
        Number of a node.

        Raises
        ------
        UnknownNameError
            If there is no such node; the message holds the nearest names.
        """
        try:
            return self._numbers[name]
        except KeyError:
            raise UnknownNameError(unknown_name("network", "node", name, self.states)) from None

    @cached_property
    def plan(self) -> Plan:
        """The compiled elimination, made once and shared by all evidence."""
        with _MAKING:
            made: Plan | None = self.__dict__.get("plan")
            like: Network | None = self.__dict__.get("_like")
            return made or plan(
                self.graph(),
                tuple(self.index(name) for name in HUB if name in self.states),
                like=like.plan if like else None,
            )

    def graph(self) -> Graph:
        """Arrays of the network without labels, for the engine."""
        return Graph(
            cards=tuple(len(states) for states in self.states.values()),
            parents=tuple(tuple(self.index(p) for p in self.parents[name]) for name in self.states),
            tables=tuple(self.tables[name] for name in self.states),
        )

    def ancestors(self, names: Iterable[str]) -> set[str]:
        """Some nodes and all that they depend on."""
        return above(self.parents, names)

    def provenance(self) -> dict[str, object]:
        """
        What an answer of this network rests on, ready for JSON.

        ``version`` of Millet, ``digest`` of the tables, ``setting``, ``weights`` (of the setting custom), ``knowledge`` (the
        layer), ``mechanisms`` (whether findings hang together), ``n_draws``, ``draws`` (which of those stored), ``changed``
        (every number that was changed, in words), ``problems`` (of the draws: what keeps them from being sound), and
        ``fingerprint``, which differs wherever any of these does.
        """
        from model import __version__

        said: dict[str, object] = {
            "version": __version__,
            "digest": self.digest,
            "setting": self.setting,
            "knowledge": self.knowledge.layer,
            "n_draws": self.n_draws,
            **self.origin.told(),
        }
        return {**said, "fingerprint": fingerprint(sorted(said.items()))}

    @cached_property
    def _mean(self) -> Network:
        like: Network | None = self.__dict__.get("_like")
        origin = self.origin.only("mean")
        tables = {
            name: like.at_mean().tables[name]
            if like and like.tables[name] is table
            else table.mean(axis=0, keepdims=True)
            for name, table in self.tables.items()
        }
        if like is None:
            return replace(self, tables=tables, origin=origin)
        other = replace(self, tables={**like.at_mean().tables, **tables}, origin=origin)
        other.__dict__["_like"] = like.at_mean()
        return other

    def with_tables(
        self,
        tables: Mapping[str, NDArray[np.float64]],
        setting: str | None = None,
        *,
        changed: Iterable[str] | None = None,
        weights: Mapping[str, Any] | None = None,
    ) -> Network:
        """
        The same network with other tables for some nodes; the other tables and what they were compiled into are shared.

        Parameters
        ----------
        tables : mapping of node to ndarray
            As the attribute `tables`; whatever is not named stays.
        setting : str, optional
            What the prior setting is called now.
        changed : iterable of str, optional
            What provenance says of it; by default the nodes, unless there is another setting.
        weights : mapping, optional
            Of the setting ``custom``.
        """
        if changed is None:
            changed = (
                [] if setting else [f"table of {n}: {fingerprint(t.tobytes())}" for n, t in tables.items()]
            )
        origin = self.origin.after(*changed)
        origin = replace(origin, weights=Frozen(weights)) if weights else origin
        other = replace(
            self, tables={**self.tables, **tables}, setting=setting or self.setting, origin=origin
        )
        other.__dict__["_like"] = self
        return other

    def repeated(self, n_draws: int) -> Network:
        """The network with so many draws: its own, taken in turn."""
        if n_draws == self.n_draws:
            return self
        taken = np.arange(n_draws) % self.n_draws
        tables = {
            name: t if len(t) == 1 and name != DIAGNOSIS else t[taken] for name, t in self.tables.items()
        }
        return replace(self, tables=tables, origin=self.origin.only(f"{n_draws} in turn"))

    def at_mean(self) -> Network:
        """
        The network at the mean of its tables: what an exported file holds.

        Its answer is not the mean of the answers of the draws.
        """
        return self if self.n_draws == 1 else self._mean

    def at_draw(self, draw: int) -> Network:
        """The network at one draw, 0 to ``n_draws - 1``."""
        if not 0 <= draw < self.n_draws:
            raise IndexError(f"network: draw {draw}; 0 to {self.n_draws - 1} exist")
        tables = {
            name: table if len(table) == 1 else table[draw : draw + 1] for name, table in self.tables.items()
        }
        return replace(self, tables=tables, origin=self.origin.only(f"draw {draw}"))

    def relabelled(self, knowledge: KnowledgeBase) -> Network:
        """The same network under the labels of another knowledge base; what was compiled is shared."""
        other = replace(self, knowledge=knowledge)
        other.__dict__["plan"] = self.plan
        return other

    def thinned(self, n_draws: int) -> Network:
        """The network at so many evenly spaced draws; as it is if it has no more."""
        if n_draws >= self.n_draws:
            return self
        if n_draws < 1:
            raise EvidenceError(f"thinned: {n_draws} draws; at least 1 is needed; ask for more")
        kept = np.linspace(0, self.n_draws - 1, n_draws).round().astype(int)
        # A table that is the same in every draw has an axis of length 1.
        tables = {name: t if len(t) == 1 else t[kept] for name, t in self.tables.items()}
        return replace(self, tables=tables, origin=self.origin.only(f"{n_draws} of {self.n_draws}"))


def above(parents: Mapping[str, Sequence[str]], names: Iterable[str]) -> set[str]:
    """
    Some nodes and all that they depend on.

    Examples
    --------
    >>> sorted(above({"a": (), "b": ("a",), "c": ("b",)}, ["b"]))
    ['a', 'b']
    """
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(parents[name])
    return found


def build_network(
    knowledge: KnowledgeBase,
    parameters: Parameters,
    *,
    setting: str = DEFAULT_SETTING,
    weights: Mapping[str, float | tuple[float, float]] | None = None,
    mechanisms: bool = True,
    wanted: Collection[str] | None = None,
) -> Network:
    """
    Network of a knowledge base at given parameters.

    Parameters
    ----------
    knowledge : KnowledgeBase
    parameters : Parameters
    setting : str
        Name of a prior setting, or ``custom``.
    weights : mapping of diagnosis to weight or (low, high), optional
        Required by, and only allowed with, the setting ``custom``: relative weights of leaves or table rows; what
        is not named keeps its weight of the default setting. A pair is read as 5 % and 95 % limits.
    mechanisms : bool
        False makes the findings of a disease independent (naive Bayes): a structural sensitivity analysis.
    wanted : collection of str, optional
        Nodes that will be asked about: those that neither they nor the hub depend on are left out, which changes no answer.

    Raises
    ------
    UnknownNameError
        If the setting or a diagnosis does not exist.
    """
    prior = prior_table(knowledge, parameters, setting, weights)
    states = states_of(knowledge, mechanisms=mechanisms)
    parents = parents_of(knowledge, mechanisms=mechanisms)
    nodes = set(states) if wanted is None else above(parents, (*HUB, *wanted))
    return Network(
        states={name: own for name, own in states.items() if name in nodes},
        parents={name: own for name, own in parents.items() if name in nodes},
        tables=tables_of(knowledge, parameters, prior, mechanisms=mechanisms, nodes=nodes),
        knowledge=knowledge,
        setting=setting,
        digest=parameters.digest,
        origin=Origin(Frozen(weights or {}), mechanisms, problems=parameters.problems),
    )


__all__ = [
    "CONTEXT",
    "DEFAULT_SETTING",
    "DIAGNOSIS",
    "HUB",
    "Network",
    "build_network",
]
