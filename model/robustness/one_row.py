"""
Joint probabilities of the rows of one table, and what each of its entries does.

Knows: families, parameters. Must not know: which numbers are varied.
"""

from __future__ import annotations

import numpy as np

from model.inference.graph import FloatArray
from model.robustness.parameter import ParameterList, Table


def by_row(table: Table, family: FloatArray, weights: FloatArray) -> FloatArray:
    """
    P(class, row, state | findings) for the reachable rows of one table.

    Parameters
    ----------
    table : Table
        The reachable rows of the node.
    family : ndarray of shape (n_patients, n_hub, n_configurations, n_states)
        From `families`.
    weights : ndarray of shape (n_hub, n_classes)

    Returns
    -------
    ndarray of shape (n_patients, n_classes, n_groups, n_configurations, n_states)
    """
    members = np.eye(len(table.rows))[table.group]
    spread = (weights[:, :, None] * members[:, None, :]).reshape(len(weights), -1)
    flat = family.reshape(*family.shape[:2], -1)
    found: FloatArray = np.matmul(spread.T, flat)
    return found.reshape(-1, weights.shape[1], *table.rows.shape, family.shape[-1])


def gradients(parameters: ParameterList, name: str, family: FloatArray, weights: FloatArray) -> FloatArray:
    """
    Derivatives of P(class, findings) / P(findings) with respect to the entries of one table.

    Parameters
    ----------
    parameters : ParameterList
    name : str
        The node.
    family, weights : ndarray
        As `by_row`, which gives the shape, too.

    0 where the entry is 0 by structure.
    """
    summed = by_row(parameters.tables[name], family, weights)
    mean = parameters.network.tables[name]
    values = mean.reshape(-1, mean.shape[-1])[parameters.tables[name].rows]
    found: FloatArray = np.divide(summed, values, out=np.zeros_like(summed), where=values > 0)
    return found


__all__ = ["by_row", "gradients"]
