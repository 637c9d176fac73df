r"""
One-way sensitivity functions of every parameter, in closed form and in one pass.

If one entry t of a conditional table changes and the other states of its row keep their proportions, then for every
diagnosis

.. math:: f(t) = P(d \mid e)(t) = \frac{a t + b}{c t + d}

With :math:`p = P(d \mid e)` and the joint probabilities of the row, F of the state itself and S of all others (both
also with d), :math:`a = F_d / \theta - S_d / (1 - \theta)` and :math:`b = p - a \theta`; c and d are their sums over
the diagnoses. A26: all of it holds at mean parameters. This answers "if this number in the model were wrong", never
"if this finding were present".

Knows: families, parameters. Must not know: how results are shown (`model.robustness.results`).

References
----------
Castillo E, Gutiérrez JM, Hadi AS. Sensitivity analysis in discrete Bayesian networks. IEEE Trans Syst Man Cybern A
1997;27(4):412-423. doi:10.1109/3468.594909
Coupé VMH, van der Gaag LC. Properties of sensitivity analysis of Bayesian belief networks. Ann Math Artif Intell
2002;36:323-356. doi:10.1023/A:1016398407857
Chan H, Darwiche A. When do numbers really matter? J Artif Intell Res 2002;17:265-287. doi:10.1613/jair.967
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.diagnosis.differential import beliefs_in_pieces, posterior
from model.inference.graph import FloatArray
from model.network.hierarchy import Level, hierarchy
from model.network.network import DIAGNOSIS, Network
from model.robustness.family import families
from model.robustness.parameter import ParameterList, parameters_of
from model.robustness.results import Sensitivity

if TYPE_CHECKING:
    from model.patient.evidence import Evidence


def sensitivity(
    network: Network,
    evidence: Evidence,
    *,
    diagnosis: str | None = None,
    by: Level = "row",
    parameters: ParameterList | None = None,
) -> Sensitivity:
    """
    What every parameter of the network does to the diagnoses of each patient.

    Parameters
    ----------
    network, evidence
        Functions are those of ``network.at_mean()``; the draws tell how far each parameter may be off. Kept are 8
        bytes for every patient, parameter and diagnosis: ask for very many patients in groups.
    diagnosis : str, optional
        The diagnosis asked about; by default the leader of the headline, which all other answers name.
    by : {"row", "leaf", "group"}
        Level of the diagnoses.
    parameters : ParameterList, optional
        ``parameters_of(network)``, to share it between calls.

    Raises
    ------
    UnknownNameError
        If the level has no such diagnosis.
    ImpossibleFindingsError
        If the findings have probability 0 under every diagnosis.

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network()
    >>> found = sensitivity(network, encode(network, {"serum_aqp4_igg": "positive"}))
    >>> found.classes.names[found.target[0]], bool((abs(found.elasticity) <= 1 + 1e-9).all())
    ('nmosd', True)
    """
    classes = hierarchy(network.knowledge, by)
    target = None if diagnosis is None else classes.position(diagnosis, "sensitivity")
    parameters = parameters or parameters_of(network)
    mean = parameters.network
    to_class = mean.plan.indicator(mean.index(DIAGNOSIS)) @ classes.membership
    probabilities, slopes = [], []
    for beliefs in beliefs_in_pieces(mean, evidence):
        probabilities.append(beliefs.hub[0] @ to_class)
        found = dict(families(beliefs))
        slopes.append(_slopes(parameters, found, to_class))
    headline = posterior(network, evidence).mean @ classes.membership
    chosen = headline.argmax(axis=1) if target is None else np.full(len(headline), target)
    return Sensitivity(
        parameters,
        classes,
        np.concatenate(probabilities),
        headline,
        np.concatenate(slopes),
        chosen,
        evidence.ids,
    )


def gradients(parameters: ParameterList, name: str, family: FloatArray, weights: FloatArray) -> FloatArray:
    """
    Derivatives of P(class, findings) / P(findings) with respect to the entries of one table.

    Parameters
    ----------
    parameters : ParameterList
    name : str
        The node.
    family : ndarray of shape (n_patients, n_hub, n_configurations, n_states)
        From `families`.
    weights : ndarray of shape (n_hub, n_classes)

    Returns
    -------
    ndarray of shape (n_patients, n_classes, n_groups, n_configurations, n_states)
        0 where the entry is 0 by structure.
    """
    table = parameters.tables[name]
    members = np.eye(len(table.rows))[table.group]
    spread = (weights[:, :, None] * members[:, None, :]).reshape(len(weights), -1)
    flat = family.reshape(*family.shape[:2], -1)
    summed = np.matmul(spread.T, flat).reshape(-1, weights.shape[1], *table.rows.shape, family.shape[-1])
    mean = parameters.network.tables[name]
    values = mean.reshape(-1, mean.shape[-1])[table.rows]
    found: FloatArray = np.divide(summed, values, out=np.zeros_like(summed), where=values > 0)
    return found


def _slopes(parameters: ParameterList, found: dict[int, FloatArray], weights: FloatArray) -> FloatArray:
    """The coefficient a: ndarray of shape (n_patients, n_parameters, n_classes)."""
    network, slopes = parameters.network, []
    for number, name in enumerate(network.names):
        gradient = gradients(parameters, name, found[number], weights)
        table = parameters.tables[name]
        values = network.tables[name].reshape(-1, gradient.shape[-1])[table.rows]
        group, configuration, state = table.kept.T
        own = gradient[:, :, group, configuration, state]
        value = values[group, configuration, state]
        row = (gradient * values).sum(axis=-1)[:, :, group, configuration]
        slopes.append(((own - row) / (1 - value)).swapaxes(1, 2))
    return np.concatenate(slopes, axis=1)


__all__ = ["gradients", "sensitivity"]
