"""What the chapters of the specification speak with: the shipped network and a few words."""

import pytest

from model import encode, load_network, posterior


class Asked:
    """One network, asked about one patient at a time."""

    def __init__(self, network):
        self.network = network

    def differential(self, findings):
        """Differential of one patient."""
        return posterior(self.network, encode(self.network, findings))

    def rows(self, **findings):
        """Table row -> headline probability, the likeliest first."""
        answer = self.differential(findings)
        pairs = zip(answer.names("row"), answer.mean_by("row")[0].tolist(), strict=True)
        return dict(sorted(pairs, key=lambda pair: -pair[1]))

    def leaves(self, **findings):
        """Leaf -> headline probability, the likeliest first."""
        answer = self.differential(findings)
        pairs = zip(answer.names("leaf"), answer.mean[0].tolist(), strict=True)
        return dict(sorted(pairs, key=lambda pair: -pair[1]))

    def leader(self, **findings):
        """The likeliest table row."""
        return next(iter(self.rows(**findings)))

    def ms(self, axis, **findings):
        """Course or variant -> probability, given multiple sclerosis."""
        return self.differential(findings).ms(axis, 0)


@pytest.fixture(scope="module")
def documents():
    """The shipped network with the prior that the documents state."""
    return Asked(load_network())


@pytest.fixture(scope="module")
def printed():
    """The network of the documents alone: for what they say and cohorts or judgement see otherwise; each test says why."""
    return Asked(load_network(knowledge="documents"))


@pytest.fixture(scope="module")
def printed_flat():
    """The network of the documents alone, with equal weight for every table row."""
    return Asked(load_network(setting="flat", knowledge="documents"))


@pytest.fixture(scope="module")
def flat():
    """The shipped network with equal weight for every table row."""
    return Asked(load_network(setting="flat"))


@pytest.fixture(scope="module")
def independent():
    """The flat network without mechanisms: findings independent given the disease."""
    return Asked(load_network(setting="flat", mechanisms=False))
