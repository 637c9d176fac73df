"""
What one finding does to the odds of a diagnosis, as a record: numbers, words and the facts behind them.

Must not know: how the numbers were found (`model.why.weight`), how they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from model.why.citation import Citation
from priors.shown import Shown


@dataclass(frozen=True, slots=True)
class Contribution(Shown):
    """
    What one finding does to the odds of the explained diagnosis.

    Parameters
    ----------
    finding, label, value
        Its identifier, its label and what was found, as text.
    alone
        log10 P(finding | diagnosis) / P(finding | not the diagnosis), as if nothing else were known.
    in_sequence
        Change of the log10 odds when it is added to the findings before it; these add up to the whole change.
    order_free
        Its Shapley value: the change of the log10 odds that it makes on average over all orders; these add up
        to the whole change, too.
    order_free_error
        Standard error of `order_free` from sampling orders; 0 if it is exact.
    without
        Probability of the diagnosis if this finding alone were not known.
    leader_without, leader_label_without
        Identifier and label of the leading table row if this finding alone were not known.
    grade
        `alone` in words.
    facts
        The facts about this finding in this diagnosis; empty: no source.
    """

    finding: str
    label: str
    value: str
    alone: float
    in_sequence: float
    order_free: float
    order_free_error: float
    without: float
    leader_without: str
    leader_label_without: str
    grade: str
    facts: tuple[Citation, ...]


__all__ = ["Contribution"]
