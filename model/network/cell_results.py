"""
What is known of one cell, as a record: pieces and the network's own number inside; table and text on request.

Knows: how it is shown. Must not know: how it was found (`model.network.cell_evidence`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from model.errors import plain
from model.network.answer import Answer
from model.network.beliefs import AGE, Basis
from model.network.piece import Piece
from model.text import ENGLISH, JUDGEMENT, counted, percent, table

if TYPE_CHECKING:
    import pandas as pd

    from priors.schema import Layer


@dataclass(frozen=True, slots=True)
class CellEvidence(Answer):
    """
    What is known of one or several states of a finding in one diagnosis.

    Parameters
    ----------
    finding, label, diagnosis, diagnosis_label
        The cell, by identifiers and labels.
    states, state_labels
        The states that it is about, taken together; of the age none.
    pieces
        Cohorts (the closest match and the largest first), documents, judgement.
    n_other
        So many further facts speak of other states of the finding.
    mean, low, high
        What the network takes for a new patient: mean, 5 % and 95 % point over the draws; of the age years, else a
        share. The spread between studies is in it.
    spread
        Standard deviation between studies in log-odds (of the age in years), where the stored draws tell it.
    middle
        50 % point over the draws: of the average study, as the network takes it, for the spread between studies reaches
        equally far to both sides (in log-odds, or in years).
    pooled
        5 % and 95 % point of the average study, without that spread; None where it is not told, or where the
        draws vary no more than studies do.
    basis
        The firmest thing it rests on.
    layer, n_draws
        Layer of knowledge, and number of draws, of the network.
    """

    finding: str
    label: str
    diagnosis: str
    diagnosis_label: str
    states: tuple[str, ...]
    state_labels: tuple[str, ...]
    pieces: tuple[Piece, ...]
    n_other: int
    mean: float
    low: float
    high: float
    spread: float | None
    middle: float
    pooled: tuple[float, float] | None
    basis: Basis
    layer: Layer
    n_draws: int

    @property
    def is_age(self) -> bool:
        """Whether numbers are years, not shares."""
        return self.finding == AGE

    @property
    def cohorts(self) -> tuple[Piece, ...]:
        """Cohorts of the literature."""
        return tuple(one for one in self.pieces if one.kind == "cohort")

    @property
    def documents(self) -> tuple[Piece, ...]:
        """Statements of the documents."""
        return tuple(one for one in self.pieces if one.kind == "document")

    @property
    def judgement(self) -> tuple[Piece, ...]:
        """What judgement says, leaf by leaf."""
        return tuple(one for one in self.pieces if one.kind == "judgement")

    @property
    def counted(self) -> tuple[float, int] | None:
        """Share (of ages: years) and number of all patients of the cohorts, counted together; None without such cohorts."""
        told = [(one.value, one.n) for one in self.cohorts if one.value is not None and one.n]
        n = sum(patients for _, patients in told)
        return (sum(value * patients for value, patients in told) / n, n) if told else None

    def said(self, value: float | None, words: Mapping[str, str] = ENGLISH) -> str:
        """A number as a person reads it, in his language: a percentage, or years; a dash for none."""
        if value is None:
            return "–"
        return f"{value:.0f}" if self.is_age else percent(value, words)

    def to_frame(self) -> pd.DataFrame:
        """One line per piece, with the fields of `Piece` (tags joined by ``|``), and a last one of kind ``network``."""
        import pandas as pd

        lines = [asdict(one) | {"tags": "|".join(one.tags)} for one in self.pieces]
        own = {"kind": "network", "diagnosis": self.diagnosis}
        lines.append(own | {"value": self.mean, "low": self.low, "high": self.high})
        return pd.DataFrame(lines, columns=list(Piece.__dataclass_fields__))

    def summary(self) -> str:
        """Each piece with its numbers, then what the network makes of them, as text."""
        state = f": {' or '.join(self.state_labels)}" if self.states else ""
        head = f"{self.label}{state}, in {self.diagnosis_label} (knowledge {self.layer})"
        rows = [self._row(one) for one in self.pieces]
        rows.append(
            ("the network", "", self.said(self.mean), f"{self.said(self.low)} to {self.said(self.high)}")
        )
        lines = [head, table(("what", "patients", "value", "90 % interval"), rows, right=(1, 2))]
        if self.spread is not None:
            lines.append(f"Between studies: standard deviation {self.spread:.2f} ({self.unit}).")
        if self.pooled is not None:
            ends = " to ".join(map(self.said, self.pooled))
            lines.append(f"The average study, without that spread: {self.said(self.middle)}, {ends}.")
        if self.n_other:
            lines.append(f"{counted(self.n_other, 'further fact')} on other states.")
        return "\n".join([*lines, *([JUDGEMENT] if self.judgement else [])])

    @property
    def unit(self) -> str:
        """Of the spread."""
        return "years" if self.is_age else "log-odds"

    def _row(self, one: Piece) -> tuple[str, str, str, str]:
        name = f"judgement ({one.diagnosis})" if one.kind == "judgement" else f"{one.fact} {one.title[:60]}"
        marks = " ".join(filter(None, (one.match if one.match != "exact" else "", *one.tags, one.term)))
        patients = "" if one.n is None else str(one.n) if one.k is None else f"{one.k} of {one.n}"
        ends = (
            "–" if one.low is None and one.high is None else f"{self.said(one.low)} to {self.said(one.high)}"
        )
        return (
            f"{name} {plain(one.given) if one.given else ''} {marks}".strip(),
            patients,
            self.said(one.value),
            ends,
        )


__all__ = ["CellEvidence"]
