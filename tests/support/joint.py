"""
P(diagnosis, findings | what is known) of a labelled network by one big sum, sharing nothing with the engine.
"""

from __future__ import annotations

import numpy as np


def joint_by_enumeration(network, known, findings):
    """P(leaf, pattern | known) in every draw, patterns in order: (n_draws, n_leaves, n_patterns)."""
    letters = {name: chr(ord("a") + i) for i, name in enumerate(network.states)}
    terms, arrays = [], []
    for name, table in network.tables.items():
        terms.append("Z" + "".join(letters[p] for p in network.parents[name]) + letters[name])
        arrays.append(table)
    for name, state in known.items():
        terms.append(letters[name])
        arrays.append(np.eye(len(network.states[name]))[network.states[name].index(state)])
    kept = "Z" + letters["diagnosis"] + "".join(letters[f] for f in findings)
    joint = np.einsum(",".join(terms) + "->" + kept, *arrays, optimize="greedy")
    joint = joint.reshape(*joint.shape[:2], -1)
    return joint / joint.sum(axis=(1, 2), keepdims=True)
