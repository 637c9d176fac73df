"""
All that one cell rests on: every cohort, every statement of a document, judgement, and what the network makes of them.

Knows: the network, facts. Must not know: patients, how draws are made.

References
----------
Higgins JPT, Thompson SG, Spiegelhalter DJ. A re-evaluation of random-effects meta-analysis. J R Stat Soc A
2009;172:137-159. doi:10.1111/j.1467-985X.2008.00552.x
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.errors import StorageError, UnknownNameError, unknown_name
from model.inference.engine import Beliefs, infer, joint
from model.inference.numeric import INTERVAL
from model.network.beliefs import AGE, bases
from model.network.cell_results import CellEvidence
from model.network.network import DIAGNOSIS, Network
from model.network.piece import AGES, Z90, Piece, judged_age, judged_piece, piece_of
from model.network.storage import load_record
from model.record import Record

if TYPE_CHECKING:
    from model.inference.graph import FloatArray
    from priors.schema import Fact, KnowledgeBase, Variable

OLDEST: Final = 100.0
"""End of the last age bin, in years."""

UNSAID: Final = frozenset({"note", "ordering", "prior"})
"""Kinds of facts that give no frequency of a cell by themselves."""


@dataclass(frozen=True, eq=False)
class Frequencies(Record):
    """
    P(state | diagnosis) of every finding, before any finding is known, for many cells of one network.

    Parameters
    ----------
    network
        Whose.
    beliefs
        What the engine gives without evidence.
    record
        What the stored draws say of themselves; empty if they are not those of the network.
    """

    network: Network
    beliefs: Beliefs
    record: Mapping[str, Any]

    def of(self, finding: str, diagnosis: str) -> FloatArray:
        """Shape (n_draws, n_states); sums to 1 over the last axis."""
        tables = self.network.knowledge
        inside = np.isin(self.network.states[DIAGNOSIS], tables.members(diagnosis)).astype(float)
        hub = self.network.plan.indicator(self.network.index(DIAGNOSIS)) @ inside
        cells: FloatArray = np.einsum(
            "shk,h->sk", joint(self.beliefs, self.network.index(finding))[:, 0], hub
        )
        return np.asarray(cells / cells.sum(axis=-1, keepdims=True))


def frequencies(network: Network) -> Frequencies:
    """What `evidence_of` can share between many cells of one network."""
    return Frequencies(network, infer(network.plan, {}, n_patients=1), _record(network))


def evidence_of(
    network: Network | Frequencies, finding: str, diagnosis: str, state: str = ""
) -> CellEvidence:
    """
    All that one cell rests on: cohorts, documents, judgement, and what the network makes of them.

    Parameters
    ----------
    network
        The network, or its `frequencies`, which are worth keeping where many cells are asked for.
    finding, diagnosis
        The finding, and a leaf or table row. What is said of the row above it or of a leaf below it is listed, too.
    state
        One state, or several joined by ``|``, taken together. By default those that most cohorts count (else most
        facts); where nothing is said, every state that is not normal.

    Raises
    ------
    UnknownNameError
        If there is no such finding, diagnosis or state.

    Examples
    --------
    >>> from model import load_network
    >>> found = evidence_of(load_network(), "csf_pleocytosis", "neurotuberculosis")
    >>> found.states, len(found.cohorts) > 2, found.low < found.mean < found.high
    (('present',), True, True)
    """
    known = network if isinstance(network, Frequencies) else frequencies(network)
    tables, net = known.network.knowledge, known.network
    variable = _variable(net, finding)
    if diagnosis not in tables.diagnoses:
        line = unknown_name(f"evidence of {finding}", "diagnosis", diagnosis, tables.diagnoses)
        raise UnknownNameError(line)
    facts = _facts(tables, finding, diagnosis)
    is_age = finding == AGE
    states = () if is_age else _states(variable, state) or _usual(variable, facts)
    fitting = facts if is_age else [f for f in facts if _fits(f, states, variable)]
    readings = known.record.get("checks", {}).get("readings", {})
    pieces = (
        _ages(tables, fitting, readings)
        if is_age
        else [piece_of(tables, f, states, readings) for f in fitting]
    )
    pieces += _judged_ages(tables, diagnosis) if is_age else _judged(tables, variable, states, diagnosis)
    p = known.of(finding, diagnosis)
    value = (
        p @ _midpoints(variable)
        if is_age
        else p[:, [variable.state_ids.index(s) for s in states]].sum(axis=1)
    )
    low, high = (float(end) for end in np.quantile(value, INTERVAL))
    spread = _spread(known.record, variable)
    return CellEvidence(
        finding=finding,
        label=variable.label,
        diagnosis=diagnosis,
        diagnosis_label=tables.diagnoses[diagnosis].label,
        states=states,
        state_labels=tuple(s.label for s in variable.states if s.id in states),
        pieces=tuple(sorted(pieces, key=_place)),
        n_other=len(facts) - len(fitting),
        mean=float(value.mean()),
        low=low,
        high=high,
        spread=spread,
        middle=float(np.median(value)),
        pooled=None if spread is None else _pooled(value, spread, is_age),
        basis=bases(tables, {finding}).get((finding, diagnosis), "nothing"),
        layer=tables.layer,
        n_draws=net.n_draws,
        origin=net.origin,
    )


def _variable(network: Network, finding: str) -> Variable:
    allowed = [v for v in network.knowledge.of_role("finding", "ms_axis").values() if v.id in network.states]
    found = next((v for v in allowed if v.id == finding), None)
    if found is None:
        raise UnknownNameError(
            unknown_name("evidence of a cell", "finding", finding, [v.id for v in allowed])
        )
    return found


def _facts(tables: KnowledgeBase, finding: str, diagnosis: str) -> list[Fact]:
    """Facts about a finding in a diagnosis, in its ancestors and in the leaves below it."""
    family = {diagnosis, *tables.members(diagnosis)}
    while parent := tables.diagnoses[diagnosis].parent:
        diagnosis = parent
        family.add(parent)
    return [
        fact
        for fact in tables.facts.values()
        if fact.finding == finding and fact.diagnosis in family and fact.kind not in UNSAID
    ]


def _states(variable: Variable, text: str) -> tuple[str, ...]:
    """The states that were asked for, in axis order; none if none was."""
    given = [part for part in text.split("|") if part]
    for one in given:
        if one not in variable.state_ids:
            line = unknown_name(f"evidence of {variable.id}, state {one}", "state", one, variable.state_ids)
            raise UnknownNameError(line)
    return tuple(s for s in variable.state_ids if s in given)


def _usual(variable: Variable, facts: Iterable[Fact]) -> tuple[str, ...]:
    """The states that most cohorts count, else most facts; else all that are not normal."""
    normal = {state.id for state in variable.states if state.is_reference}
    unusual = tuple(s for s in variable.state_ids if s not in normal)
    counts: Counter[tuple[str, ...]] = Counter()
    for fact in facts:
        given = set(fact.state.split("|")) if fact.state else set(unusual)
        turned = set(variable.state_ids) - given if given & normal else given
        counts[tuple(s for s in variable.state_ids if s in turned)] += 1000 if fact.is_cohort else 1
    del counts[()]
    return counts.most_common(1)[0][0] if counts else unusual or variable.state_ids[:1]


def _fits(fact: Fact, states: tuple[str, ...], variable: Variable) -> bool:
    """Whether a fact speaks of just these states, or of just the others."""
    given = set(fact.state.split("|"))
    return given in ({*states}, set(variable.state_ids) - {*states})


def _ages(tables: KnowledgeBase, facts: Iterable[Fact], readings: Mapping[str, Any]) -> list[Piece]:
    """Ages, one piece for what one source says of the same patients: mean or median, and the middle 90 % or the range."""
    together: dict[tuple[object, ...], dict[str, Fact]] = {}
    for fact in facts:
        if fact.kind in AGES:
            key = (fact.source, fact.diagnosis, fact.denominator, fact.n, fact.given, fact.state)
            together.setdefault(key, {})[fact.kind] = fact
    found = []
    for kinds in together.values():
        first = next(kinds[kind] for kind in AGES if kind in kinds)
        piece = piece_of(tables, replace(first, state=""), (), readings)
        middle = piece.value
        low, high = piece.low, piece.high
        if middle is not None and "age_sd" in kinds and kinds["age_sd"].low is not None:
            half = Z90 * kinds["age_sd"].low
            low, high = max(0.0, middle - half), middle + half
        elif "age_range" in kinds:
            low, high = kinds["age_range"].low, kinds["age_range"].high
        found.append(replace(piece, fact="|".join(f.id for f in kinds.values()), low=low, high=high))
    return found


def _judged(
    tables: KnowledgeBase, variable: Variable, states: tuple[str, ...], diagnosis: str
) -> Iterator[Piece]:
    """Judgement of each leaf; of states that nobody judged, what the others leave."""
    for leaf in tables.members(diagnosis):
        judged = {s: tables.judged.get((variable.id, s, leaf)) for s in variable.state_ids}
        own = [one for s in states if (one := judged[s]) is not None]
        rest = [one for s in variable.state_ids if s not in states and (one := judged[s]) is not None]
        if len(own) == len(states):
            yield judged_piece(leaf, own)
        elif len(rest) == len(variable.states) - len(states):
            other = judged_piece(leaf, rest)
            ends = [1 - (end or 0.0) for end in (other.value, other.high, other.low)]
            yield replace(other, value=ends[0], low=ends[1], high=ends[2])


def _judged_ages(tables: KnowledgeBase, diagnosis: str) -> Iterator[Piece]:
    for leaf in tables.members(diagnosis):
        for age in tables.judged_ages.get(leaf, ()):
            yield judged_age(leaf, age.mean, age.sd)


def _place(one: Piece) -> tuple[object, ...]:
    """Cohorts first, the exact and the largest on top; then documents; then judgement."""
    kinds = ("cohort", "document", "judgement")
    matches = ("exact", "narrow", "broad", "")
    return kinds.index(one.kind), bool(one.given), matches.index(one.match), -(one.n or 0), one.fact


def _midpoints(variable: Variable) -> FloatArray:
    """Middle of each age bin in years, read off the state ids ``age_low_high``."""
    edges = np.array([*(float(s.split("_")[1]) for s in variable.state_ids), OLDEST])
    return np.asarray((edges[1:] + edges[:-1]) / 2)


def _record(network: Network) -> Mapping[str, Any]:
    """What the stored draws say of themselves; nothing if they are not those of this network."""
    try:
        record = load_record(layer=network.knowledge.layer)
    except StorageError:
        return {}
    return record if record.get("digest") == network.digest else {}


def _spread(record: Mapping[str, Any], variable: Variable) -> float | None:
    """Spread between studies of the group of findings that one belongs to, if it was stored."""
    told = record.get("spread", {}).get(variable.id)
    return None if told is None else float(told)


def _pooled(value: FloatArray, spread: float, is_age: bool) -> tuple[float, float] | None:
    """
    Middle 90 % of the mean of studies: the draws are for a new patient, so the spread between studies is taken out.

    Approximation: normal on the log-odds (of the age in years).
    """
    inside = np.clip(value, 1e-9, 1 - 1e-9)
    x = value if is_age else np.log(inside) - np.log1p(-inside)
    variance = float(x.var()) - spread**2
    if variance <= 0:
        return None
    low, high = (float(x.mean() + z * np.sqrt(variance)) for z in (-Z90, Z90))
    return (low, high) if is_age else (1 / (1 + float(np.exp(-low))), 1 / (1 + float(np.exp(-high))))


__all__ = ["Frequencies", "evidence_of", "frequencies"]
