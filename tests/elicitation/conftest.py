"""The shipped draws of the layer `documents`, as frequencies that tests can ask for: what the documents alone give."""

from __future__ import annotations

import numpy as np
import pytest

from model.elicitation.cells import Cells
from model.network.shipped import load_network
from model.network.storage import load_record
from priors import load_knowledge_base


@pytest.fixture(scope="session")
def knowledge():
    """The shipped tables, documents alone."""
    return load_knowledge_base(layer="documents")


@pytest.fixture(scope="session")
def cells(knowledge):
    """Layout of the log weights of the shipped tables."""
    return Cells(knowledge)


@pytest.fixture(scope="session")
def record():
    """What the shipped draws say of themselves."""
    return load_record(layer="documents")


@pytest.fixture(scope="module")
def frequency(knowledge):
    """Draws of P(state | leaf), the other parents at the states given, or at those that the facts speak of."""
    network = load_network(setting="flat", mechanisms=False, knowledge="documents")

    def draws(finding, state, leaf, **given):
        index = [network.states["diagnosis"].index(leaf)]
        for parent in network.parents[finding][1:]:
            states = network.states[parent]
            reference = [s.id for s in knowledge.variables[parent].states if s.is_reference]
            index.append(states.index(given.get(parent, (reference or states)[0])))
        return network.tables[finding][:, *index, network.states[finding].index(state)]

    return draws


def interval(draws, level=0.9):
    """Central interval of draws."""
    return np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
