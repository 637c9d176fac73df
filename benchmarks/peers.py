"""
The same network in pyAgrum, and the same questions asked of pyAgrum and of pgmpy.

Likelihoods are vectors by node name; every question here is about one patient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyagrum as gum
from pgmpy.factors.discrete import TabularCPD
from pgmpy.inference import VariableElimination
from pgmpy.models import DiscreteBayesianNetwork

from model.inference.graph import FloatArray
from model.network.network import Network

Likelihoods = Mapping[str, FloatArray]


def to_pyagrum(network: Network, draw: int = 0) -> gum.BayesNet:
    """The network at one draw, with the same nodes and states."""
    twin = gum.BayesNet()
    for name, states in network.states.items():
        twin.add(gum.LabelizedVariable(name, name, list(states)))
    for name, parents in network.parents.items():
        for parent in parents:
            twin.addArc(parent, name)
    for name in network.names:
        fill(twin, network, name, draw)
    return twin


def fill(twin: gum.BayesNet, network: Network, name: str, draw: int) -> None:
    """Give a node its table of one draw; pyAgrum's arrays have their axes in reversed order."""
    table = twin.cpt(name)
    axes = (*network.parents[name], name)
    order = [axes.index(axis) for axis in reversed(table.names)]
    table[:] = np.ascontiguousarray(network.tables[name][draw].transpose(order))


def ask_pyagrum(twin: gum.BayesNet, node: str, likelihoods: Likelihoods) -> tuple[FloatArray, float]:
    """P(node | evidence) and P(evidence) by lazy propagation with one target; the default target is every node."""
    engine = gum.LazyPropagation(twin)
    engine.setTargets({node})
    for name, likelihood in likelihoods.items():
        engine.addEvidence(name, likelihood.tolist())
    engine.makeInference()
    return engine.posterior(node)[:].copy(), engine.evidenceProbability()


def information_pyagrum(
    twin: gum.BayesNet, node: str, likelihoods: Likelihoods, findings: Sequence[str]
) -> FloatArray:
    """Mutual information in bits; `InformationTheory` respects evidence, `jointMutualInformation` does not."""
    engine = gum.LazyPropagation(twin)
    for name, likelihood in likelihoods.items():
        engine.addEvidence(name, likelihood.tolist())
    return np.array([gum.InformationTheory(engine, node, f).mutualInformationXY() for f in findings])


def ask_pgmpy(
    standard: DiscreteBayesianNetwork,
    nodes: Sequence[str],
    states: Mapping[str, str],
    likelihoods: Likelihoods | None = None,
    engine: VariableElimination | None = None,
) -> FloatArray:
    """
    P(nodes | evidence) by variable elimination, axes in the order of `nodes`.

    Likelihoods that are no single state make pgmpy change its engine, so an engine is only shared without them.
    """
    virtual = [
        TabularCPD(
            name, len(vector), (vector / vector.max())[:, None], state_names=_states_of(standard, name)
        )
        for name, vector in (likelihoods or {}).items()
    ]
    solver = engine or VariableElimination(standard)
    answer = solver.query(
        list(nodes), evidence=dict(states), virtual_evidence=virtual or None, show_progress=False
    )
    order = [answer.variables.index(node) for node in nodes]
    return np.asarray(answer.values.transpose(order))


def _states_of(standard: DiscreteBayesianNetwork, name: str) -> dict[str, list[str]]:
    return {name: standard.get_cpds(name).state_names[name]}
