"""
Question 3, "Why?": how far each finding speaks for or against a diagnosis, and the facts behind that.

Knows: weight of evidence, and which facts belong to a finding in a diagnosis. Must not know: how results are
drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.differential import posterior
from model.errors import EvidenceError, UnknownNameError, plain, unknown_name
from model.naming import diagnosis_aliases
from model.text import bar, counted, percent, table

if TYPE_CHECKING:
    import pandas as pd

    from model.evidence import Evidence
    from model.inference.graph import FloatArray
    from model.network import Network
    from priors.schema import Fact, KnowledgeBase

GRADES = ((2.0, "decisive"), (1.5, "very strong"), (1.0, "strong"), (0.5, "substantial"), (0.0, "weak"))
"""Words of Jeffreys (1961, appendix B) for log10 of a Bayes factor, from each bound upwards."""

NO_WEIGHT = 0.005
"""A weight that rounds to 0.00 is called neutral."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One fact behind a number: what it says, in which document, and where."""

    fact: str
    diagnosis: str
    statement: str
    document: str
    location: str


@dataclass(frozen=True, slots=True)
class Contribution:
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
    without: float
    leader_without: str
    leader_label_without: str
    grade: str
    facts: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    Why a diagnosis has the probability it has.

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
    """

    case: str
    diagnosis: str
    label: str
    prior: float
    probability: float
    total: float
    contributions: tuple[Contribution, ...]
    decisive: str

    def to_frame(self) -> pd.DataFrame:
        """One line per finding, in the order of the case; the facts as their identifiers, joined by ``|``."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "finding": c.finding,
                    "label": c.label,
                    "value": c.value,
                    "alone": c.alone,
                    "in_sequence": c.in_sequence,
                    "without": c.without,
                    "leader_without": c.leader_without,
                    "grade": c.grade,
                    "facts": "|".join(citation.fact for citation in c.facts),
                }
                for c in self.contributions
            ]
        )

    def summary(self, *, n_facts: int = 2) -> str:
        """The explanation as plain text, with up to `n_facts` facts for each finding."""
        lines = [
            f"Case {plain(self.case)}: why {self.label}? {percent(self.prior)} -> {percent(self.probability)}"
        ]
        if not self.contributions:
            return f"{lines[0]}\nNo finding given: the probability is the prior."
        largest = max(abs(c.alone) for c in self.contributions)
        cells = [
            (
                c.label,
                c.value,
                f"{c.alone:+.2f}",
                ("-" if c.alone < 0 else "+") + bar(abs(c.alone) / largest if largest else 0.0, 8),
                c.grade,
                f"{c.in_sequence:+.2f}",
                percent(c.without),
            )
            for c in self.contributions
        ]
        header = ("finding", "value", "log10 LR", "", "alone it speaks", "in sequence", "without it")
        lines.append(table(header, cells, right=(2, 5, 6)))
        lines.append(f"In sequence the contributions add up to {self.total:+.2f} (log10 odds).")
        lines += [self._decisive_line()] if self.decisive else []
        return "\n".join([*lines, "Sources:", *self._source_lines(n_facts)])

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
            lines += [
                f"  {c.label}: {f.statement} [{f.document}, {f.location}; {f.fact}]"
                for f in c.facts[:n_facts]
            ]
            if len(c.facts) > n_facts:
                lines.append(f"  {c.label}: and {counted(len(c.facts) - n_facts, 'further fact')}")
        return lines

    def __repr__(self) -> str:
        return self.summary(n_facts=1)


def explain(network: Network, evidence: Evidence, *, diagnosis: str | None = None) -> Explanation:
    r"""
    How far each finding speaks for a diagnosis, in log10 units (weight of evidence, in "bans").

    .. math:: W(d : f) = \log_{10} \frac{P(f \mid d)}{P(f \mid \neg d)}
        = \log_{10} \frac{P(d \mid f)}{P(\neg d \mid f)} - \log_{10} \frac{P(d)}{P(\neg d)}

    The right-hand side is computed, from the headline probabilities (means over draws), so that the
    contributions in sequence add up exactly to the change of the headline odds.

    Parameters
    ----------
    network, evidence
        The evidence holds one patient (``evidence.select(i)``).
    diagnosis
        A leaf or a table row; by default the leading table row.

    Raises
    ------
    UnknownNameError
        If the diagnosis does not exist.
    EvidenceError
        If the evidence holds several patients, or the findings make the diagnosis certain or impossible.
    ImpossibleFindingsError
        If the findings have probability 0 under every diagnosis.

    References
    ----------
    Good IJ. Weight of evidence: a brief survey. Bayesian Statistics 2 (1985) 249-270.
    Jeffreys H. Theory of Probability. 3rd ed. Oxford; 1961, appendix B.

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network()
    >>> why = explain(network, encode(network, {"fever": "absent", "serum_aqp4_igg": "positive"}))
    >>> why.diagnosis, why.decisive
    ('nmosd', 'serum_aqp4_igg')
    """
    if evidence.n_patients != 1:
        raise EvidenceError(f"explain: {evidence.n_patients} patients given; give one: evidence.select(0)")
    knowledge = network.knowledge
    if diagnosis is not None and diagnosis not in knowledge.diagnoses:
        raise UnknownNameError(
            unknown_name("diagnosis to explain", "diagnosis", diagnosis, diagnosis_aliases(knowledge))
        )
    variants = _variants(network, evidence, diagnosis)
    chosen = variants.diagnosis
    return Explanation(
        case=evidence.ids[0],
        diagnosis=chosen,
        label=knowledge.diagnoses[chosen].label,
        prior=float(variants.probability[0]),
        probability=float(variants.probability[-1]),
        total=float(variants.log_odds[-1] - variants.log_odds[0]),
        contributions=_contributions(knowledge, evidence, variants),
        decisive=variants.decisive,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Variants:
    """
    The explained diagnosis when only some findings are known.

    Of n findings the 3 n + 1 variants know: none; each alone; all but one; the first 1, 2, ..., n.
    """

    diagnosis: str
    findings: tuple[str, ...]
    probability: FloatArray
    log_odds: FloatArray
    leaders: tuple[str, ...]

    @property
    def alone(self) -> FloatArray:
        return np.asarray(self.log_odds[1 : len(self.findings) + 1] - self.log_odds[0])

    @property
    def without(self) -> slice:
        return slice(len(self.findings) + 1, 2 * len(self.findings) + 1)

    @property
    def in_sequence(self) -> FloatArray:
        return np.diff(self.log_odds[2 * len(self.findings) + 1 :], prepend=self.log_odds[0])

    @property
    def decisive(self) -> str:
        """The finding without which the log-odds would fall most; "" if they would fall without none."""
        loss = self.log_odds[-1] - self.log_odds[self.without]
        return self.findings[int(loss.argmax())] if self.findings and loss.max() > 0 else ""


def _variants(network: Network, evidence: Evidence, diagnosis: str | None) -> _Variants:
    knowledge, findings = network.knowledge, evidence.observed()
    one = np.eye(len(findings), dtype=bool)
    kept = np.concatenate([np.zeros((1, len(findings)), bool), one, ~one, np.tri(len(findings), dtype=bool)])
    answer = posterior(network, evidence.with_only(kept, findings))
    names, rows = answer.names("row"), answer.mean_by("row")
    chosen = diagnosis or names[int(rows[-1].argmax())]
    is_member = np.isin(knowledge.leaves, knowledge.members(chosen))
    # Both sides of the odds are summed: 1 - p would lose the small one to rounding.
    inside, outside = answer.mean[:, is_member].sum(axis=1), answer.mean[:, ~is_member].sum(axis=1)
    for side, word in ((inside, "impossible"), (outside, "certain")):
        if (side == 0).any():
            line = f"explain, diagnosis {chosen}: the findings make it {word}; there is nothing to weigh"
            raise EvidenceError(line)
    leaders = tuple(names[i] for i in rows.argmax(axis=1))
    return _Variants(chosen, findings, inside, np.log10(inside) - np.log10(outside), leaders)


def _contributions(
    knowledge: KnowledgeBase, evidence: Evidence, variants: _Variants
) -> tuple[Contribution, ...]:
    alone, in_sequence = variants.alone, variants.in_sequence
    without, leaders = variants.probability[variants.without], variants.leaders[variants.without]
    return tuple(
        Contribution(
            finding=name,
            label=knowledge.variables[name].label,
            value=_value_text(evidence, name),
            alone=float(alone[i]),
            in_sequence=float(in_sequence[i]),
            without=float(without[i]),
            leader_without=leaders[i],
            leader_label_without=knowledge.diagnoses[leaders[i]].label,
            grade=grade(float(alone[i])),
            facts=citations(knowledge, variants.diagnosis, name, _possible(knowledge, evidence, name)),
        )
        for i, name in enumerate(variants.findings)
    )


def _value_text(evidence: Evidence, finding: str) -> str:
    value = evidence.cases[0].findings[finding]
    if isinstance(value, Mapping):
        return ", ".join(f"{state} {weight}" for state, weight in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return " or ".join(str(state) for state in value)
    return str(value).replace("|", " or ")


def grade(weight: float) -> str:
    """
    Weight of evidence (log10) in the words of Jeffreys.

    Examples
    --------
    >>> grade(1.2), grade(-0.3), grade(0.001)
    ('strong for', 'weak against', 'neutral')
    """
    if abs(weight) < NO_WEIGHT:
        return "neutral"
    word = next(word for bound, word in GRADES if abs(weight) >= bound)
    return f"{word} {'for' if weight > 0 else 'against'}"


def citations(
    knowledge: KnowledgeBase, diagnosis: str, finding: str, states: Collection[str] = ()
) -> tuple[Citation, ...]:
    """
    The facts about a finding in a diagnosis, then those of its table row and of the leaves below it.

    Facts about one of `states` come before all others. Empty if no document says anything: the number is then
    the pooled background.
    """
    family = (diagnosis, knowledge.row(diagnosis), *knowledge.members(diagnosis))
    found = [f for f in knowledge.facts.values() if f.finding == finding and f.diagnosis in family]
    found.sort(key=lambda f: (f.state not in states, family.index(f.diagnosis), f.id))
    return tuple(_citation(knowledge, f) for f in found)


def _possible(knowledge: KnowledgeBase, evidence: Evidence, finding: str) -> tuple[str, ...]:
    """States that what was found leaves possible."""
    weights = evidence.likelihoods[finding][0]
    states = knowledge.variables[finding].state_ids
    return tuple(state for state, weight in zip(states, weights, strict=True) if weight > 0)


def _citation(knowledge: KnowledgeBase, fact: Fact) -> Citation:
    return Citation(
        fact=fact.id,
        diagnosis=fact.diagnosis,
        statement=fact.statement,
        document=knowledge.sources[fact.source].title,
        location=fact.location,
    )


__all__ = ["GRADES", "Citation", "Contribution", "Explanation", "citations", "explain", "grade"]
