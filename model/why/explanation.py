"""
Question 3, "Why?": how far each finding speaks for or against a diagnosis, and the facts behind that.

Knows: which parts make an explanation. Must not know: how they are computed (`weight`, `contrast`, `conflict`,
`surprise`, `counterfactual`) or shown (`explanation_results`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.diagnosis.differential import posterior
from model.errors import EvidenceError, UnknownNameError, unknown_name
from model.network.hierarchy import hierarchy
from model.patient.evidence import as_evidence
from model.patient.naming import diagnosis_aliases
from model.why.citation import Citation, citations, cited, value_text
from model.why.conflict import conflict
from model.why.contrast import apart
from model.why.contrast import contrast as contrasted
from model.why.contribution import Contribution
from model.why.counterfactual import counterfactuals
from model.why.footing import footing
from model.why.results import Explanation
from model.why.surprise import N_SIMULATED, surprise
from model.why.weight import GRADES, Coalitions, Weights, coalitions, grade, weigh

if TYPE_CHECKING:
    from model.diagnosis.results import Differential
    from model.network.network import Network
    from model.patient.evidence import Asked, BoolArray, Evidence


def explain(
    network: Network,
    evidence: Asked,
    *,
    diagnosis: str | None = None,
    contrast: tuple[str, str] | None = None,
    n_simulated: int = N_SIMULATED,
    seed: int = 0,
) -> Explanation:
    r"""
    How far each finding speaks for a diagnosis, in log10 units (weight of evidence, in "bans").

    .. math:: W(d : f) = \log_{10} \frac{P(f \mid d)}{P(f \mid \neg d)}
        = \log_{10} \frac{P(d \mid f)}{P(\neg d \mid f)} - \log_{10} \frac{P(d)}{P(\neg d)}

    The right-hand side is computed, from the headline probabilities (means over draws), so that the
    contributions in sequence, and the order-free ones, add up exactly to the change of the headline odds.

    Parameters
    ----------
    network, evidence
        The evidence holds one patient (``evidence.select(i)``).
    diagnosis
        A leaf or a table row; by default the first of `contrast`, else the leading table row.
    contrast
        Two diagnoses: why the first and not the second?
    n_simulated
        Patients to simulate for the surprise.
    seed
        Of the simulated patients, and of the orders that are sampled with more than 12 findings.

    Raises
    ------
    UnknownNameError
        If a diagnosis does not exist.
    EvidenceError
        If the evidence holds several patients, or the findings make the diagnosis certain or impossible.
    ImpossibleFindingsError
        If the findings have probability 0 under every diagnosis.

    References
    ----------
    Good IJ. Weight of evidence: a brief survey. Bayesian Statistics 2 (1985) 249-270.

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network()
    >>> why = explain(network, encode(network, {"fever": "absent", "serum_aqp4_igg": "positive"}))
    >>> why.diagnosis, why.decisive
    ('nmosd', 'serum_aqp4_igg')
    """
    evidence = as_evidence(network, evidence)
    evidence.require_one("explain")
    wanted = diagnosis if diagnosis is not None or contrast is None else contrast[0]
    check_names(network, wanted, contrast)
    answer = posterior(network, evidence)  # asked first: it names findings that are impossible together
    leader = answer.leader()
    chosen = leader if wanted is None else wanted
    known = coalitions(network, evidence, seed=seed)
    inside = np.isin(network.knowledge.leaves, network.knowledge.members(chosen))
    _check_possible(chosen, known, inside)
    weights = weigh(known, inside, ~inside)
    share = known.variants.mean[:, inside].sum(axis=1)
    contributions = _contributions(network, evidence, known, chosen, weights)
    return Explanation(
        case=evidence.ids[0],
        diagnosis=chosen,
        label=network.knowledge.diagnoses[chosen].label,
        prior=float(share[0]),
        probability=float(share[-1]),
        total=weights.posterior - weights.prior,
        contributions=contributions,
        decisive=_decisive(known, weights),
        method=known.method,
        order_free_total=float(weights.order_free.sum()),
        order_free_draws=known.game.n_draws,
        conflict=conflict(network, evidence, known),
        surprise=surprise(network, evidence, n_simulated=n_simulated, seed=seed),
        counterfactuals=counterfactuals(network, evidence, known),
        footing=footing(network.knowledge, chosen, _rival(answer, chosen), contributions),
        contrast=contrasted(network, evidence, known, *contrast) if contrast else None,
        origin=network.origin,
    )


def _rival(answer: Differential, diagnosis: str) -> str:
    """The most probable table row that is not the explained one, nor holds it."""
    names, mean = answer.names("row"), answer.mean_by("row")[0]
    own = answer.knowledge.row(diagnosis)
    return max((name for name in names if name != own), key=lambda name: mean[names.index(name)])


def check_names(network: Network, diagnosis: str | None, contrast: tuple[str, str] | None) -> None:
    """
    Refuse what cannot be explained, before anything is computed.

    Raises
    ------
    UnknownNameError
        If a diagnosis does not exist.
    EvidenceError
        If the two diagnoses of a contrast overlap.
    """
    if contrast is not None:
        apart(network.knowledge, *contrast)
    if diagnosis is not None and diagnosis not in network.knowledge.diagnoses:
        aliases = diagnosis_aliases(network.knowledge)
        raise UnknownNameError(unknown_name("diagnosis to explain", "diagnosis", diagnosis, aliases))


def _check_possible(diagnosis: str, known: Coalitions, inside: BoolArray) -> None:
    for side, word in ((inside, "impossible"), (~inside, "certain")):
        if (known.variants.mean[:, side].sum(axis=1) == 0).any():
            line = f"explain, diagnosis {diagnosis}: the findings make it {word}; there is nothing to weigh"
            raise EvidenceError(line)


def _decisive(known: Coalitions, weights: Weights) -> str:
    """The finding without which the log-odds would fall most; "" if they would fall without none."""
    loss = weights.posterior - weights.without
    return known.findings[int(loss.argmax())] if known.findings and loss.max() > 0 else ""


def _contributions(
    network: Network, evidence: Evidence, known: Coalitions, diagnosis: str, weights: Weights
) -> tuple[Contribution, ...]:
    knowledge, units = network.knowledge, hierarchy(network.knowledge, "row")
    inside = np.isin(knowledge.leaves, knowledge.members(diagnosis))
    leaves = known.variants.mean[known.without]
    leaders = (leaves @ units.membership).argmax(axis=1)
    without = leaves[:, inside].sum(axis=1)
    return tuple(
        Contribution(
            finding=name,
            label=knowledge.variables[name].label,
            value=value_text(evidence.cases[0], name),
            alone=float(weights.alone[i]),
            in_sequence=float(weights.in_sequence[i]),
            order_free=float(weights.order_free[i]),
            order_free_error=float(weights.error[i]),
            without=float(without[i]),
            leader_without=units.names[leaders[i]],
            leader_label_without=units.labels[leaders[i]],
            grade=grade(float(weights.alone[i])),
            facts=cited(knowledge, evidence, diagnosis, name),
        )
        for i, name in enumerate(known.findings)
    )


__all__ = ["GRADES", "Citation", "Contribution", "Explanation", "citations", "explain", "grade"]
