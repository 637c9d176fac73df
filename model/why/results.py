"""
The explanation as a record: numbers and citations inside; text, table, JSON and a paragraph on request.

Knows: how an explanation is shown. Must not know: how it was computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from model.errors import plain
from model.network.answer import Answer
from model.record import row
from model.text import bar, counted, percent, table
from model.why.citation import identifiers
from model.why.conflict import Conflict
from model.why.contrast import Contrast
from model.why.contribution import Contribution
from model.why.counterfactual import Counterfactual
from model.why.footing import Footing
from model.why.paragraph import SENTENCES, paragraph
from model.why.surprise import Surprise
from model.why.weight import Method

if TYPE_CHECKING:
    import pandas as pd

Unit = Literal["ban", "deciban"]
UNIT_NAMES = {"ban": "log10", "deciban": "decibans"}
IN_BANS = frozenset(
    [
        *("alone", "in_sequence", "order_free", "order_free_error", "total", "order_free_total"),
        *("value", "low", "high", "clash_value", "support"),
        *("prior_odds", "posterior_odds"),
    ]
)
"""Fields that hold a weight of evidence, wherever they stand."""


@dataclass(frozen=True, slots=True)
class Explanation(Answer):
    """
    Why a diagnosis has the probability it has.

    All weights of evidence are in bans (log10 units); decibans on request when shown.

    Parameters
    ----------
    case, diagnosis, label
        Identifier of the patient; identifier and label of what is explained.
    prior, probability
        Headline probability of the diagnosis before and after the findings.
    total
        Change of its log10 odds, the sum of the contributions in sequence.
    contributions
        One per finding that says something, in the order in which the case gives them.
    decisive
        The finding without which the diagnosis would lose most; "" if none speaks for it.
    method, order_free_total, order_free_draws
        How the order-free weights were found (``exact`` or ``sampled``), their sum, and in how many draws; with
        fewer draws than the network has (very many findings of one mechanism), it is not exactly `total`.
    conflict, surprise
        Whether the findings fit together; how unusual they are as a whole.
    counterfactuals
        The fewest findings whose change makes another table row lead.
    footing
        What the weight of evidence rests on: cohorts, documents, judgement.
    contrast
        Why this diagnosis and not another, if that was asked.
    """

    case: str
    diagnosis: str
    label: str
    prior: float
    probability: float
    total: float
    contributions: tuple[Contribution, ...]
    decisive: str
    method: Method
    order_free_total: float
    order_free_draws: int
    conflict: Conflict
    surprise: Surprise
    counterfactuals: tuple[Counterfactual, ...]
    footing: Footing
    contrast: Contrast | None = None

    def to_frame(self, *, unit: Unit = "ban") -> pd.DataFrame:
        """One line per finding, in the order of the case; the facts as their identifiers, joined by ``|``."""
        import pandas as pd

        numbers = ("alone", "in_sequence", "order_free", "order_free_error")
        names = ("finding", "label", "value", *numbers, "without", "leader_without", "grade")
        lines = [row(c, names, facts=identifiers(c.facts)) for c in self.contributions]
        frame = pd.DataFrame(lines, columns=[*names, "facts"])
        if unit == "deciban":
            frame[list(numbers)] = 10 * frame[list(numbers)]
        return frame

    def to_dict(self, *, unit: Unit = "ban") -> dict[str, object]:
        """
        All fields as plain objects for JSON, the weights in `unit`, the paragraph for teaching, and `unit` itself.

        Keys of weights keep their name in both units; probabilities, and P(findings) in log10, never change.
        """
        fields = {**asdict(self), "footing": self.footing.to_dict(), "paragraph": self.paragraph()}
        del fields["origin"]  # `Network.provenance` tells it
        if self.contrast is not None:
            fields["contrast"]["total"] = self.contrast.total
            del fields["contrast"]["origin"]
        if unit == "deciban":
            fields = {name: _in_decibans(value, name) for name, value in fields.items()}
        return {"unit": unit, **fields}

    def paragraph(
        self, sentences: Mapping[str, str] = SENTENCES, closing: Sequence[str] | None = None
    ) -> str:
        """
        The explanation for teaching: a paragraph in plain language, each word beside its number.

        Parameters
        ----------
        sentences
            As `model.why.paragraph.SENTENCES`, in the language wanted.
        closing
            What to say of conflict, surprise, counterfactuals and contrast; by default what they say of themselves.
        """
        return paragraph(
            self.label,
            (self.prior, self.probability),
            self.total,
            self.contributions,
            self._closing() if closing is None else closing,
            sentences,
        )

    def _closing(self) -> list[str]:
        """What the further parts of the explanation say of themselves."""
        said = [self.conflict.sentence(), self.surprise.sentence()]
        said += [one.sentence() for one in self.counterfactuals]
        return [*said, *([self.contrast.sentence()] if self.contrast else [])]

    def summary(self, *, n_facts: int = 2, unit: Unit = "ban") -> str:
        """The explanation as plain text, with up to `n_facts` facts for each finding."""
        lead = (
            f"Case {plain(self.case)}: why {self.label}? {percent(self.prior)} -> {percent(self.probability)}"
        )
        if not self.contributions:
            return f"{lead}\nNo finding given: the probability is the prior."
        per_ban = 10.0 if unit == "deciban" else 1.0
        lines = [lead, self._table(per_ban, unit), self._sum_line(per_ban, unit)]
        lines += [self._decisive_line()] if self.decisive else []
        lines += [self.conflict.sentence(), self.surprise.sentence()]
        lines += [one.sentence() for one in self.counterfactuals] or [
            "No small change would let another lead."
        ]
        lines += [self.footing.sentence()] if self.footing.shares else []
        lines += [self.contrast.summary(n_facts=n_facts, per_ban=per_ban)] if self.contrast else []
        return "\n".join([*lines, "Sources:", *self._source_lines(n_facts)])

    def _table(self, per_ban: float, unit: Unit) -> str:
        largest = max(abs(c.order_free) for c in self.contributions) or 1.0
        cells = [
            (
                c.label,
                c.value,
                f"{per_ban * c.alone:+.2f}",
                c.grade,
                f"{per_ban * c.in_sequence:+.2f}",
                f"{per_ban * c.order_free:+.2f}"
                + (f" ± {per_ban * c.order_free_error:.3f}" if self.method == "sampled" else ""),
                ("-" if c.order_free < 0 else "+") + bar(abs(c.order_free) / largest, 8),
                percent(c.without),
            )
            for c in self.contributions
        ]
        name = f"{UNIT_NAMES[unit]} LR"
        header = ("finding", "value", name, "alone it speaks", "in sequence", "order-free", "", "without it")
        return table(header, cells, right=(2, 4, 5, 7))

    def _sum_line(self, per_ban: float, unit: Unit) -> str:
        line = (
            f"In sequence the contributions add up to {per_ban * self.total:+.2f} ({UNIT_NAMES[unit]} odds)"
        )
        if abs(self.order_free_total - self.total) < 1e-6:
            return f"{line}; so do the order-free ones ({self.method})."
        return (
            f"{line}; the order-free ones ({self.method}, {counted(self.order_free_draws, 'draw')}) to "
            f"{per_ban * self.order_free_total:+.2f}."
        )

    def _decisive_line(self) -> str:
        c = next(c for c in self.contributions if c.finding == self.decisive)
        return (
            f"Decisive: {c.label} = {c.value}; without it {self.label} would have {percent(c.without)} "
            f"and {c.leader_label_without} would lead."
        )

    def _source_lines(self, n_facts: int) -> list[str]:
        lines = []
        for c in self.contributions:
            if not c.facts:
                lines.append(f"  {c.label}: no source for {self.label}; the pooled background is used")
            lines += [f"  {c.label}: {fact}" for fact in c.facts[:n_facts]]
            if len(c.facts) > n_facts:
                lines.append(f"  {c.label}: and {counted(len(c.facts) - n_facts, 'further fact')}")
        return lines


def _in_decibans(content: object, name: str = "") -> object:
    """The same objects with every weight, known by its name, ten times as large."""
    if isinstance(content, dict):
        return {key: _in_decibans(value, key) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_in_decibans(value, name) for value in content]
    return 10 * content if name in IN_BANS and isinstance(content, float) else content


__all__ = ["Explanation", "Unit"]
