"""
Explain many patients in several processes: the same answers as one after the other.

    python docs/examples/process_pool.py priors/cases/published.json

The network goes to each process once, evidence and answers as they are: every record of Millet can be pickled, and equals
itself afterwards.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from model import Evidence, Explanation, Network, encode, explain, load_network, read_cases

held: list[Network] = []
"""The network of a process."""


def hold(network: Network) -> None:
    """Keep the network that every patient of this process is asked of."""
    held.append(network)


def explained(patient: Evidence) -> Explanation:
    """Why the leading diagnosis of one patient leads."""
    return explain(held[0], patient)


def main(source: str, n_processes: int = 2) -> list[Explanation]:
    """Explain every patient of the case file `source`."""
    network = load_network().thinned(50)
    evidence = encode(network, read_cases(source))
    patients = [evidence.select(i) for i in range(evidence.n_patients)]
    # A process that is spawned holds no locks of this one, whatever the system; so the network is sent to it.
    pool = ProcessPoolExecutor(n_processes, get_context("spawn"), hold, (network,))
    with pool:
        return list(pool.map(explained, patients))


if __name__ == "__main__":
    for found in main(sys.argv[1]):
        print(found)
        print()
