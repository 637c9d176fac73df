"""
Patients drawn from the network itself: their findings, and the truth behind them.

Knows: the tables of the network, and what excludes what. Must not know: inference; a simulated patient comes
from causes to findings, so that answers can be judged by something that shares no code with them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

import numpy as np
from numpy.typing import NDArray

from model.errors import EvidenceError, UnknownNameError, plain, unknown_name
from model.network.answer import Answer
from model.network.assembly import NOT_APPLICABLE
from model.network.network import DIAGNOSIS, Network
from model.patient.cases import Case
from model.patient.evidence import Evidence
from model.progress import Progress, silent, watched
from priors.frozen import Frozen
from priors.schema import Role

IntArray = NDArray[np.intp]

SEEN_ROLES: tuple[Role, ...] = ("finding", "context", "protocol")
"""What a complete record of a patient holds; MS axes belong to the truth, mechanisms are never seen."""


@dataclass(frozen=True, slots=True, eq=False)
class Simulated(Answer):
    """
    Patients drawn from a network.

    Parameters
    ----------
    network
        Where they come from.
    states
        Node -> ndarray of int, shape (n_patients,): which of its states each patient is in. Holds every node,
        also the diagnosis, the MS axes and the mechanisms.
    draws : ndarray of int, shape (n_patients,)
        Parameter draw that each patient was made with.
    """

    network: Network
    states: Mapping[str, IntArray]
    draws: IntArray

    @property
    def n_patients(self) -> int:
        """Number of patients."""
        return len(self.draws)

    @property
    def truth(self) -> tuple[str, ...]:
        """Leaf diagnosis of every patient."""
        return tuple(self._names(DIAGNOSIS))

    @property
    def findings(self) -> tuple[str, ...]:
        """Variables that a complete record holds, in table order."""
        return tuple(self.network.knowledge.of_role(*SEEN_ROLES))

    def recorded(self, findings: Collection[str] | None = None) -> Mapping[str, NDArray[np.bool_]]:
        """Findings (all by default) -> ndarray of bool, shape (n_patients,): see `on_record`."""
        names = [name for name in self.findings if findings is None or name in findings]
        return on_record(self.network, {name: self.states[name] for name in names})

    def cases(
        self, findings: Collection[str] | None = None, *, progress: Progress = watched
    ) -> tuple[Case, ...]:
        """Patients as cases, with their truth and some of the findings (all on record by default)."""
        on_record = {name: flags.tolist() for name, flags in self.recorded(findings).items()}
        axes = ("ms_course", "ms_variant")
        said = {name: self._names(name) for name in (*on_record, *axes)}
        return tuple(
            Case(
                id=f"simulated_{i + 1}",
                findings={name: said[name][i] for name, flags in on_record.items() if flags[i]},
                truth=truth,
                ms_course=_applicable(said["ms_course"][i]),
                ms_variant=_applicable(said["ms_variant"][i]),
                source="simulated from the network",
            )
            for i, truth in enumerate(progress(self.truth))
        )

    def evidence(self, findings: Collection[str] | None = None) -> Evidence:
        """What `model.encode` would give for `cases`, without the detour."""
        rows = {
            name: np.where(flags[:, None], np.eye(len(self.network.states[name]))[self.states[name]], 1.0)
            for name, flags in self.recorded(findings).items()
        }
        return Evidence(
            Frozen({name: one for name, one in rows.items() if (one != 1).any()}),
            self.cases(findings),
        )

    def _names(self, name: str) -> list[str]:
        states = self.network.states[name]
        return [states[i] for i in self.states[name].tolist()]

    def summary(self) -> str:
        """How many patients there are of each diagnosis, the commonest first."""
        names, counts = np.unique(self.truth, return_counts=True)
        order = np.argsort(-counts, kind="stable")
        said = ", ".join(f"{names[i]} {counts[i]}" for i in order)
        return f"{self.n_patients} simulated patients: {said}"


def simulate(
    network: Network, n: int, *, seed: int, diagnosis: str | None = None, progress: Progress = watched
) -> Simulated:
    """
    Patients as the network expects them.

    Every patient comes from one parameter draw, drawn anew for each. The same seed gives the same patients.

    Parameters
    ----------
    network
        With any number of draws; ``network.at_mean()`` gives patients at mean parameters.
    n
        Number of patients, from 1 upwards.
    seed
        Of the random numbers, from 0 upwards.
    diagnosis
        Only patients with this leaf, table row, or group; by default all, as common as the prior says.
    progress
        Wraps the nodes of the network, such as a progress bar.

    Raises
    ------
    EvidenceError
        If `n` or the seed is out of range.
    UnknownNameError
        If there is no such diagnosis.

    Examples
    --------
    >>> from model import load_network
    >>> patients = simulate(load_network(), 3, seed=1, diagnosis="nmosd")
    >>> patients.truth
    ('nmosd', 'nmosd', 'nmosd')
    """
    if n < 1 or seed < 0:
        raise EvidenceError(
            f"simulate: n is {n} and seed {seed}; n is at least 1, the seed at least 0; change them"
        )
    states, draws = _states(network, list(network.states), _leaves(network, diagnosis), n, seed, progress)
    return Simulated(
        network, Frozen({name: states[name] for name in network.states}), draws, origin=network.origin
    )


def states_of(network: Network, names: Iterable[str], n: int, *, seed: int) -> Mapping[str, IntArray]:
    """
    What some nodes are in simulated patients, without the nodes that they do not depend on.

    Parameters
    ----------
    network, n, seed
        As of `simulate`; the patients are others.
    names
        Nodes.

    Returns
    -------
    mapping of node to ndarray of int, shape (n,)
        Which of its states each patient is in; holds the nodes that these depend on as well.
    """
    return _states(network, names, _leaves(network, None), n, seed, silent)[0]


def _states(
    network: Network, names: Iterable[str], leaves: IntArray, n: int, seed: int, progress: Progress
) -> tuple[dict[str, IntArray], IntArray]:
    """States of some nodes and of all that they depend on, parents first; and the draw of each patient."""
    wanted: set[str] = set()
    further = set(names)
    while further:
        wanted |= further
        further = {parent for name in further for parent in network.parents[name]} - wanted
    needed = {name: parents for name, parents in network.parents.items() if name in wanted}
    rng = np.random.default_rng(seed)
    states, draws = _diagnosed(network, leaves, n, rng)
    for name in progress(list(TopologicalSorter(needed).static_order())):
        if name not in states:
            table = network.tables[name]
            rows = table[(draws if len(table) > 1 else 0, *(states[p] for p in needed[name]))]
            states[name] = pick(np.broadcast_to(rows, (n, rows.shape[-1])), rng)
    return states, draws


def _leaves(network: Network, diagnosis: str | None) -> IntArray:
    """Numbers of the leaves that patients may have."""
    knowledge = network.knowledge
    names = network.states[DIAGNOSIS]
    if diagnosis is None:
        return np.arange(len(names))
    groups = {d.group for d in knowledge.diagnoses.values()}
    if diagnosis in groups:
        members = {leaf for leaf in knowledge.leaves if knowledge.diagnoses[leaf].group == diagnosis}
    elif diagnosis in knowledge.diagnoses:
        members = set(knowledge.members(diagnosis))
    else:
        raise UnknownNameError(
            unknown_name(
                f"simulate, diagnosis {plain(diagnosis)}", "diagnosis", diagnosis, knowledge.diagnoses
            )
        )
    return np.array([i for i, name in enumerate(names) if name in members])


def _diagnosed(
    network: Network, leaves: IntArray, n: int, rng: np.random.Generator
) -> tuple[dict[str, IntArray], IntArray]:
    """Draw, parents of the diagnosis (all of them roots) and diagnosis, from their joint distribution."""
    parents = network.parents[DIAGNOSIS]
    joint = network.tables[DIAGNOSIS][..., leaves]
    for axis, parent in enumerate(parents):
        shape = [1] * joint.ndim
        shape[0], shape[axis + 1] = len(network.tables[parent]), -1
        joint = joint * network.tables[parent].reshape(shape)
    cells = rng.choice(joint.size, size=n, p=(joint / joint.sum()).ravel())
    draws, *roots, leaf = np.unravel_index(cells, joint.shape)
    return dict(zip(parents, roots, strict=True)) | {DIAGNOSIS: leaves[leaf]}, draws


def on_record(network: Network, states: Mapping[str, IntArray]) -> dict[str, NDArray[np.bool_]]:
    """
    Whether each finding of each patient can be on record beside the others.

    Tables of single findings cannot bar a pair of states, no encoder would accept one that `exclusions.csv`
    bars: a length of cord lesions without a lesion. So a finding is not on record where another one that is
    on record bars some state of it, whatever its own state. What is missing then depends on what is recorded
    alone, and changes no posterior.

    Parameters
    ----------
    network
    states : mapping of finding to ndarray of int, shape (n_patients,)

    Returns
    -------
    dict of finding to ndarray of bool, shape (n_patients,)
        In the order of `states`.
    """
    bars: dict[str, dict[str, set[int]]] = {name: {} for name in states}
    for e in network.knowledge.exclusions:
        if e.finding in bars and e.other in bars:
            state = network.states[e.other].index(e.other_state)
            bars[e.finding].setdefault(e.other, set()).add(state)
    found = {name: np.ones(len(rows), dtype=bool) for name, rows in states.items()}
    for name in TopologicalSorter({name: barred for name, barred in bars.items() if barred}).static_order():
        for other, barring in bars[name].items():
            for state in barring:  # few: quicker than to look each of them up in the whole
                found[name] &= ~(found[other] & (states[other] == state))
    return found


def pick(probabilities: NDArray[np.float64], rng: np.random.Generator) -> IntArray:
    """
    One state for each row of probabilities.

    Parameters
    ----------
    probabilities : ndarray of shape (n, n_states)
        Each row sums to 1.
    rng

    Returns
    -------
    ndarray of int, shape (n,)

    Examples
    --------
    >>> pick(np.array([[1.0, 0.0], [0.0, 1.0]]), np.random.default_rng(0)).tolist()
    [0, 1]
    """
    # Scaled by the last sum, so that a row that adds up to 1 - 1e-16 cannot be left without a state.
    ends = probabilities.cumsum(axis=1)
    return np.asarray((rng.random((len(ends), 1)) * ends[:, -1:] >= ends).sum(axis=1), dtype=np.intp)


def _applicable(state: str) -> str | None:
    return None if state == NOT_APPLICABLE else state


__all__ = ["SEEN_ROLES", "Simulated", "on_record", "pick", "simulate"]
