"""
How each engine answers: the same four questions, the fastest correct way that each of them has.

Knows: engines. Must not know: clocks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
import pyagrum
from pgmpy.inference import VariableElimination

from benchmarks.problems import Problem, vectors
from model.inference.engine import infer, marginal, mean_joint_all, plan
from model.inference.graph import FloatArray
from model.information import bits_of_groups
from tests.support.peers import in_pgmpy, in_pyagrum, name_of

States = dict[int, int]


class Engine(ABC):
    """An engine that knows a problem; what it needs only once is done when it is made."""

    name: str

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    def unknown(self, states: States) -> list[int]:
        """Findings that may still be asked."""
        return [v for v in self.problem.findings if v not in states]

    @abstractmethod
    def posterior(self, states: States) -> FloatArray:
        """P(diagnosis | states) at the mean."""

    @abstractmethod
    def information(self, states: States) -> FloatArray:
        """Bits about the diagnosis of each unknown finding, at the mean."""

    @abstractmethod
    def over_draws(self, states: States, n_draws: int) -> FloatArray:
        """P(diagnosis | states) in the first draws: shape (n_draws, n_diagnoses)."""

    def many(self, n_patients: int) -> FloatArray:
        """P(diagnosis | states) of the first patients: shape (n_patients, n_diagnoses)."""
        rows = self.problem.many[:n_patients]
        return np.stack(
            [self.posterior({int(v): int(row[v]) for v in np.flatnonzero(row >= 0)}) for row in rows]
        )


class Millet(Engine):
    """The array core of this project."""

    name = "Millet"

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.mean = plan(problem.mean, problem.hub)
        self.draws = plan(problem.graph, problem.hub)
        self.rows = vectors(problem.many, problem.graph.cards)
        self.one_hot = [np.eye(card) for card in problem.graph.cards]

    def _rows(self, states: States) -> dict[int, FloatArray]:
        return {v: self.one_hot[v][state : state + 1] for v, state in states.items()}

    def posterior(self, states: States) -> FloatArray:
        """P(diagnosis | states) at the mean."""
        return marginal(infer(self.mean, self._rows(states), n_patients=1), self.problem.target)[0, 0]

    def information(self, states: States) -> FloatArray:
        """Bits about the diagnosis of each unknown finding, at the mean."""
        beliefs = infer(self.mean, self._rows(states), n_patients=1)
        joints = mean_joint_all(beliefs, self.unknown(states))
        cells = np.concatenate([joint[0] for joint in joints.values()], axis=1)
        sizes = [joint.shape[-1] for joint in joints.values()]
        starts = np.cumsum([0, *sizes[:-1]])
        return bits_of_groups(self.mean.indicator(self.problem.target).T @ cells, starts)

    def over_draws(self, states: States, n_draws: int) -> FloatArray:
        """P(diagnosis | states) in the first draws."""
        answer = marginal(infer(self.draws, self._rows(states), n_patients=1), self.problem.target)[:, 0]
        return answer[:n_draws]

    def many(self, n_patients: int) -> FloatArray:
        """P(diagnosis | states) of the first patients."""
        rows = {v: likelihoods[:n_patients] for v, likelihoods in self.rows.items()}
        return marginal(infer(self.mean, rows, n_patients=n_patients), self.problem.target)[0]


class PyAgrum(Engine):
    """Lazy propagation, with the diagnosis as only target, or with the diagnosis clamped to each of its states."""

    name = "pyAgrum"

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        pyagrum.setNumberOfThreads(1)
        self.target = name_of(problem.target)
        self.network = in_pyagrum(problem.mean)
        self.engine = self._engine(self.network)
        self.clamped = pyagrum.LazyPropagation(self.network)

    def _engine(self, network: pyagrum.BayesNet) -> pyagrum.LazyPropagation:
        engine = pyagrum.LazyPropagation(network)
        engine.setTargets({self.target})
        return engine

    def _answer(self, engine: pyagrum.LazyPropagation, states: States) -> FloatArray:
        engine.setEvidence({name_of(v): state for v, state in states.items()})
        engine.makeInference()
        return engine.posterior(self.target).toarray()

    def posterior(self, states: States) -> FloatArray:
        """P(diagnosis | states) at the mean."""
        return self._answer(self.engine, states)

    def information(self, states: States) -> FloatArray:
        """Bits about the diagnosis of each unknown finding, at the mean."""
        diagnosis = self.posterior(states)
        names = [name_of(v) for v in self.unknown(states)]
        sizes = [self.problem.mean.cards[v] for v in self.unknown(states)]
        self.clamped.setTargets(set(names))
        cells = np.zeros((len(diagnosis), sum(sizes)))
        for d in np.flatnonzero(diagnosis > 1e-12).tolist():
            self.clamped.setEvidence({**{name_of(v): s for v, s in states.items()}, self.target: d})
            self.clamped.makeInference()
            cells[d] = diagnosis[d] * np.concatenate(
                [self.clamped.posterior(name).toarray() for name in names]
            )
        return bits_of_groups(cells, np.cumsum([0, *sizes[:-1]]))

    def over_draws(self, states: States, n_draws: int) -> FloatArray:
        """P(diagnosis | states) in the first draws."""
        networks = (in_pyagrum(self.problem.graph, draw) for draw in range(n_draws))
        return np.stack([self._answer(self._engine(network), states) for network in networks])


class Pgmpy(Engine):
    """Variable elimination in its fastest order, "greedy"."""

    name = "pgmpy"

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.target = name_of(problem.target)
        self.engine = VariableElimination(in_pgmpy(problem.mean))

    def _answer(self, engine: VariableElimination, states: States, *targets: str) -> FloatArray:
        known = {name_of(v): state for v, state in states.items()}
        found = engine.query(list(targets), known, show_progress=False)
        return np.transpose(found.values, [found.variables.index(name) for name in targets])

    def posterior(self, states: States) -> FloatArray:
        """P(diagnosis | states) at the mean."""
        return self._answer(self.engine, states, self.target)

    def information(self, states: States) -> FloatArray:
        """Bits about the diagnosis of each unknown finding, at the mean."""
        found = [self._answer(self.engine, states, self.target, name_of(v)) for v in self.unknown(states)]
        starts = np.cumsum([0, *(joint.shape[1] for joint in found[:-1])])
        return bits_of_groups(np.concatenate(found, axis=1), starts)

    def over_draws(self, states: States, n_draws: int) -> FloatArray:
        """P(diagnosis | states) in the first draws."""
        engines = (VariableElimination(in_pgmpy(self.problem.graph, draw)) for draw in range(n_draws))
        return np.stack([self._answer(engine, states, self.target) for engine in engines])
