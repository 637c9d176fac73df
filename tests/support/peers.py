"""A graph of numbers in pgmpy and in pyAgrum: two exact engines that share nothing with ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyagrum
from pgmpy.factors.discrete import TabularCPD
from pgmpy.inference import VariableElimination
from pgmpy.models import DiscreteBayesianNetwork

from model.inference.graph import Graph


def name_of(v: int) -> str:
    """Name of a variable; both engines want text."""
    return f"v{v}"


def in_pgmpy(graph: Graph, draw: int = 0) -> DiscreteBayesianNetwork:
    """One draw of a graph as a pgmpy network."""
    model = DiscreteBayesianNetwork()
    model.add_nodes_from(name_of(v) for v in range(len(graph.cards)))
    model.add_edges_from((name_of(p), name_of(v)) for v, ps in enumerate(graph.parents) for p in ps)
    for v, parents in enumerate(graph.parents):
        values = table_of(graph, v, draw).reshape(-1, graph.cards[v]).T
        evidence = [name_of(p) for p in parents]
        model.add_cpds(
            TabularCPD(name_of(v), graph.cards[v], values, evidence, [graph.cards[p] for p in parents])
        )
    assert model.check_model()
    return model


def in_pyagrum(graph: Graph, draw: int = 0) -> pyagrum.BayesNet:
    """One draw of a graph as a pyAgrum network."""
    network = pyagrum.BayesNet()
    for v, card in enumerate(graph.cards):
        network.add(pyagrum.LabelizedVariable(name_of(v), "", card))
    for v, parents in enumerate(graph.parents):
        for p in reversed(parents):  # its axes run from the last parent to the first
            network.addArc(name_of(p), name_of(v))
        assert network.cpt(name_of(v)).names == (name_of(v), *map(name_of, reversed(parents)))
        network.cpt(name_of(v))[:] = np.ascontiguousarray(table_of(graph, v, draw))
    return network


def table_of(graph: Graph, v: int, draw: int) -> np.ndarray:
    """Conditional table of a variable in one draw."""
    return graph.tables[v][draw if len(graph.tables[v]) > 1 else 0]


def by_pgmpy(model: DiscreteBayesianNetwork, targets: Sequence[int], states: Mapping[int, int]) -> np.ndarray:
    """P(targets | states) by variable elimination: one axis for each target."""
    names = [name_of(v) for v in targets]
    known = {name_of(v): state for v, state in states.items()}
    found = VariableElimination(model).query(names, known, show_progress=False)
    return np.transpose(found.values, [found.variables.index(name) for name in names])


def by_pyagrum(
    network: pyagrum.BayesNet, targets: Sequence[int], likelihoods: Mapping[int, np.ndarray]
) -> tuple[np.ndarray, float]:
    """P(targets | likelihood vectors) by lazy propagation, one axis for each target; and log P(evidence)."""
    engine = pyagrum.LazyPropagation(network)
    names = [name_of(v) for v in targets]
    engine.addJointTarget(set(names)) if len(names) > 1 else engine.setTargets(set(names))
    engine.setEvidence({name_of(v): rows.tolist() for v, rows in likelihoods.items()})
    engine.makeInference()
    found = engine.jointPosterior(set(names)) if len(names) > 1 else engine.posterior(names[0])
    axes = list(reversed(found.names))
    values = np.transpose(found.toarray(), [axes.index(name) for name in names])
    return values, float(np.log(engine.evidenceProbability()))
