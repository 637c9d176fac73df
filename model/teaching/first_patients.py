"""
Three patients to begin with: a typical one, a miliary pattern, and one that the model gets wrong.

Which patient stands for what is asked of the model each time; nothing is claimed that it does not answer.

Knows: cases with their truth, probabilities. Must not know: screens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

from model.diagnosis.differential import posterior
from model.patient.evidence import encode

if TYPE_CHECKING:
    from model.network.network import Network
    from model.patient.cases import Case

Kind = Literal["typical", "miliary", "wrong"]

PATTERN: Final = ("enhancement_pattern", "miliary")


@dataclass(frozen=True, slots=True)
class FirstPatient:
    """
    A patient to begin with, and what the model says of him.

    Parameters
    ----------
    kind
        What he stands for.
    case
        The patient, without the findings that proved his diagnosis.
    leader
        The table row that leads.
    lead, truth
        Probability of the leading row, and of the true one.
    """

    kind: Kind
    case: Case
    leader: str
    lead: float
    truth: float


def first_patients(
    network: Network, typical: Sequence[Case], published: Sequence[Case]
) -> tuple[FirstPatient, ...]:
    """
    One patient of each kind, in the order of the kinds; a kind that nobody stands for is left out.

    Parameters
    ----------
    network
        Answers for every case.
    typical
        Cases that were composed to be typical; the one whose true row has most, if it leads.
    published
        Published cases: of those with a miliary pattern whose true row leads, the one where it has most; of those where
        another row leads, the one where that has most, so that the model is as wrong as it gets.

    Raises
    ------
    MilletError
        If a case cannot be encoded.
    """
    known = [
        (case.without_confirmatory(), is_typical)
        for cases, is_typical in ((typical, True), (published, False))
        for case in cases
        if case.truth
    ]
    answer = posterior(network, encode(network, [case for case, _ in known]))
    rows, mean = answer.names("row"), answer.mean_by("row")
    found: dict[Kind, FirstPatient] = {}
    for (case, is_typical), shares in zip(known, mean, strict=True):
        leader, true = rows[int(shares.argmax())], network.knowledge.row(case.truth or "")
        kind = _kind(case, is_right=leader == true, is_typical=is_typical)
        lead = float(shares.max())
        if kind and (kind not in found or lead > found[kind].lead):
            found[kind] = FirstPatient(kind, case, leader, lead, float(shares[rows.index(true)]))
    return tuple(found[kind] for kind in get_args(Kind) if kind in found)


def _kind(case: Case, *, is_right: bool, is_typical: bool) -> Kind | None:
    if is_typical:
        return "typical" if is_right else None
    if not is_right:
        return "wrong"
    return "miliary" if case.findings.get(PATTERN[0]) == PATTERN[1] else None


__all__ = ["FirstPatient", "Kind", "first_patients"]
