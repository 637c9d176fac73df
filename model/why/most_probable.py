"""
The single story that fits a patient best: one state for every node of the network, all at once.

It is another question than the differential: the diagnosis of the most probable story need not be the most probable
diagnosis, which adds up over all stories.

Knows: how the array core is asked. Must not know: how it computes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.diagnosis.differential import clash, indexed
from model.errors import ImpossibleEvidenceError
from model.inference.explanation import most_probable_explanation as most_probable_states
from model.network.answer import Answer
from model.network.network import DIAGNOSIS, Network
from model.patient.evidence import Asked, as_evidence


@dataclass(frozen=True, slots=True)
class MostProbable(Answer):
    """
    The most probable joint state of all nodes, at mean parameters.

    Parameters
    ----------
    case
        Identifier of the patient.
    states
        Node -> state, for every node: diagnosis, MS axes, mechanisms, context, protocol, findings.
    log_probability
        Natural log of P(all of these states and what was seen).
    """

    case: str
    states: Mapping[str, str]
    log_probability: float

    def summary(self) -> str:
        """The state of every node."""
        others = [f"{name} = {state}" for name, state in self.states.items() if name != DIAGNOSIS]
        return f"Case {self.case}: {self.states[DIAGNOSIS]} with {'; '.join(others)}"


def most_probable_explanation(network: Network, evidence: Asked) -> MostProbable:
    """
    The joint state of all nodes that is most probable given the findings of one patient, at mean parameters.

    Raises
    ------
    EvidenceError
        If the evidence holds several patients, or was encoded for another network.
    ImpossibleFindingsError
        If the findings have probability 0 under every diagnosis.

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network()
    >>> found = most_probable_explanation(network, encode(network, {"csf_jc_virus_pcr": "positive"}))
    >>> found.states["csf_jc_virus_pcr"], len(found.states) == len(network.names), found.log_probability < 0
    ('positive', True, True)
    """
    evidence = as_evidence(network, evidence)
    evidence.require_one("most probable explanation")
    mean = network.at_mean()
    rows = {v: np.asarray(row[0]) for v, row in indexed(mean, evidence).items()}
    try:
        states, log_probability = most_probable_states(mean.graph(), rows)
    except ImpossibleEvidenceError:
        raise clash(mean, evidence, 0) from None
    named = {name: mean.states[name][state] for name, state in zip(mean.names, states, strict=True)}
    return MostProbable(evidence.ids[0], named, log_probability, origin=network.origin)


__all__ = ["MostProbable", "most_probable_explanation"]
