"""
How answers improve as findings come in, order by order: first nothing, then the history, the examination, the MRI ...

Knows: cases, orders, scores. Must not know: how answers are computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from model.network.answer import Answer
from model.patient.cases import Case
from model.progress import Progress, watched
from model.text import percent, table
from model.validation.score import Totals, score

if TYPE_CHECKING:
    import pandas as pd

    from model.network.network import Network
    from priors.schema import KnowledgeBase


@dataclass(frozen=True, slots=True)
class Step:
    """
    All findings up to and with one order.

    Parameters
    ----------
    order, label
        The order; empty for the prior.
    n_findings
        Mean number of findings known by then.
    totals, baselines
        Scores of the network, and of ``prior`` and ``naive_bayes``.
    """

    order: str
    label: str
    n_findings: float
    totals: Totals
    baselines: Mapping[str, Totals]


@dataclass(frozen=True, slots=True)
class Reveal(Answer):
    """Scores after each order, in table order; orders that no case has are left out."""

    steps: tuple[Step, ...]

    def to_frame(self) -> pd.DataFrame:
        """One line per step: order, n_findings, and top1, top3, log_score, brier of the network and the baselines."""
        import pandas as pd

        lines = []
        for step in self.steps:
            line: dict[str, object] = {"order": step.order, "n_findings": step.n_findings}
            for name, totals in {"network": step.totals, **step.baselines}.items():
                for measure in ("top1", "top3", "log_score", "brier"):
                    line[f"{name}_{measure}"] = getattr(totals, measure)
            lines.append(line)
        return pd.DataFrame(lines)

    def summary(self) -> str:
        """The steps as a plain table."""
        cells = [
            (
                step.label or "nothing (prior)",
                f"{step.n_findings:.1f}",
                percent(step.totals.top1),
                percent(step.totals.top3),
                f"{step.totals.log_score:.2f}",
                f"{step.baselines['naive_bayes'].log_score:.2f}",
            )
            for step in self.steps
        ]
        header = ("known up to", "findings", "top 1", "top 3", "log score", "naive Bayes")
        return table(header, cells, right=(1, 2, 3, 4, 5))


def reveal(
    network: Network, cases: Sequence[Case], *, mask_confirmatory: bool = False, progress: Progress = watched
) -> Reveal:
    """
    Scores of cases as their findings are revealed order by order, in the order of `orders.csv`.

    Parameters
    ----------
    network, cases, mask_confirmatory, progress
        As for `model.score`; only cases with a truth count.

    Raises
    ------
    MilletError
        As `model.score`.

    Examples
    --------
    >>> from model import Case, load_network
    >>> case = Case(id="A", findings={"sex": "female", "serum_aqp4_igg": "positive"}, truth="nmosd")
    >>> found = reveal(load_network().thinned(50), [case])
    >>> [step.label for step in found.steps]
    ['', 'History', 'Blood tests']
    """
    known = [case.without_confirmatory() if mask_confirmatory else case for case in cases if case.truth]
    shown, steps, last = set[str](), [], -1.0
    for order, findings in {"": set[str](), **findings_of(network.knowledge)}.items():
        shown |= findings
        partial = [_with_only(case, shown) for case in known]
        n = sum(len(case.findings) for case in partial) / len(partial)
        if n > last:
            found = score(network, partial, progress=progress)
            label = network.knowledge.orders[order].label if order else ""
            steps.append(Step(order, label, n, found.totals, found.baselines))
            last = n
    return Reveal(tuple(steps), origin=network.origin)


def findings_of(knowledge: KnowledgeBase) -> dict[str, set[str]]:
    """Order -> the findings that it gives, in table order."""
    found: dict[str, set[str]] = {name: set() for name in knowledge.orders}
    for variable in knowledge.variables.values():
        if variable.order:
            found[variable.order].add(variable.id)
    return found


def _with_only(case: Case, findings: set[str]) -> Case:
    kept = {name: value for name, value in case.findings.items() if name in findings and value is not None}
    return replace(case, findings=kept, confirmatory=())


__all__ = ["Reveal", "Step", "findings_of", "reveal"]
