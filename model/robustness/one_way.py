r"""
One-way sensitivity of every number, or of every row of every table, exact and in one pass.

If one entry t of a conditional table changes and the other states of its row keep their proportions, then for every
diagnosis

.. math:: f(t) = P(d \mid e)(t) = \frac{a t + b}{c t + d}

With :math:`p = P(d \mid e)` and the joint probabilities of the row, F of the state itself and S of all others (both
also with d), :math:`a = F_d / \theta - S_d / (1 - \theta)` and :math:`b = p - a \theta`; c and d are their sums over
the diagnoses. That is one row; a number of the literature moves several at once (`model.robustness.number_list`). A26: all
of it holds at mean parameters. This answers "if this number in the model were wrong", never "if this finding were present".

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
from model.patient.evidence import as_evidence
from model.robustness.curve import along_numbers, curves_of
from model.robustness.family import families
from model.robustness.number_list import NumberList
from model.robustness.one_row import gradients
from model.robustness.parameter import ParameterList
from model.robustness.results import Sensitivity
from model.robustness.units import Unit, parameters_of

if TYPE_CHECKING:
    from model.patient.evidence import Asked


def sensitivity(
    network: Network,
    evidence: Asked,
    *,
    diagnosis: str | None = None,
    by: Level = "row",
    unit: Unit = "number",
    parameters: NumberList | ParameterList | None = None,
) -> Sensitivity:
    """
    What every number of the network does to the diagnoses of each patient.

    Parameters
    ----------
    network, evidence
        Functions are those of ``network.at_mean()``; the draws tell how far each parameter may be off. Kept are 8
        bytes for every patient, parameter and diagnosis: ask for very many patients in groups.
    diagnosis : str, optional
        The diagnosis asked about; by default the leader of the headline, which all other answers name.
    by : {"row", "leaf", "group"}
        Level of the diagnoses.
    unit : {"number", "row"}
        What is varied: a number of the literature with all rows of a table that it is about, or one row at a time.
    parameters : NumberList or ParameterList, optional
        ``parameters_of(network, unit)``, to share it between calls; then it says the unit.

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
    >>> found.classes.names[found.target[0]], len(found.parameters) == found.derivative.shape[1]
    ('nmosd', True)
    """
    evidence = as_evidence(network, evidence)
    classes = hierarchy(network.knowledge, by)
    target = None if diagnosis is None else classes.position(diagnosis, "sensitivity")
    parameters = parameters or parameters_of(network, unit)
    mean = parameters.network
    to_class = mean.plan.indicator(mean.index(DIAGNOSIS)) @ classes.membership
    probabilities, slopes, cells = [], [], []
    for beliefs in beliefs_in_pieces(mean, evidence):
        probabilities.append(beliefs.hub[0] @ to_class)
        found = dict(families(beliefs))
        if isinstance(parameters, NumberList):
            slope, *joint = along_numbers(parameters, found, to_class)
            cells.append(joint)
        else:
            slope = _slopes(parameters, found, to_class)
        slopes.append(slope)
    headline = posterior(network, evidence).mean @ classes.membership
    chosen = headline.argmax(axis=1) if target is None else np.full(len(headline), target)
    base, curves = np.concatenate(probabilities), None
    if isinstance(parameters, NumberList):
        inside, total = (np.concatenate(piece) for piece in zip(*cells, strict=True))
        curves = curves_of(parameters, inside, total, base)
    return Sensitivity(
        parameters,
        classes,
        base,
        headline,
        np.concatenate(slopes),
        chosen,
        evidence.ids,
        curves,
        origin=network.origin,
    )


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


__all__ = ["sensitivity"]
