"""
Forest plot of one cell: cohorts, documents and judgement, each with its interval, over what the network makes of them.

Every kind has a mark of its own, and every number stands beside its mark: grey is enough.

Knows: evidence about a cell. Must not know: how it was gathered, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from model.figures.base import Figure, cell, table
from model.figures.words import WORDS, placed, state_text
from model.network.cell_results import CellEvidence
from model.network.piece import Piece
from model.text import filled, localised, span

if TYPE_CHECKING:
    from priors.schema import KnowledgeBase

TICKS: Final = (0, 25, 50, 75, 100)
ONE_SIDED: Final = frozenset({"listed", "negative", "upper_bound", "lower_bound"})


def forest_plot(
    evidence: CellEvidence, knowledge: KnowledgeBase, *, words: Mapping[str, str] = WORDS
) -> Figure:
    """
    Each source of a cell with its interval, and a band behind all of them: what the network takes for a new patient.

    Parameters
    ----------
    evidence
        What `model.evidence_of` gave.
    knowledge
        Names diagnoses and conditions.
    words
        What the figure says; see `WORDS`.
    """
    groups = (
        ("cohorts", evidence.cohorts),
        ("documents", evidence.documents),
        ("judgement", evidence.judgement),
    )
    rows = [_scale(evidence, words)]
    for name, pieces in groups:
        if pieces:
            rows.append(cell("name", f"<strong>{escape(words[f'ground_{name}'])}</strong>"))
            rows += [_piece(one, evidence, knowledge, words) for one in pieces]
    rows.append(cell("name", f"<strong>{escape(words['forest_network'])}</strong>"))
    rows += _network(evidence, words)
    title = _title(evidence, words)
    return Figure(table("forest", *rows, label=title), title, _caption(evidence, words))


def _title(evidence: CellEvidence, words: Mapping[str, str]) -> str:
    said = evidence.label
    if evidence.states:
        state = words["forest_or"].join(placed(label, words) for label in evidence.state_labels)
        said = filled(words["state"], words, label=said, state=state)
    label = placed(evidence.diagnosis_label, words)
    return filled(words["forest"], words, said=filled(words["number_in"], words, said=said, label=label))


def _caption(evidence: CellEvidence, words: Mapping[str, str]) -> str:
    parts = [*_pull(evidence, words), words["forest_caption"]]
    if evidence.spread is not None:
        unit = words["forest_years" if evidence.is_age else "forest_log_odds"]
        parts.append(
            filled(
                words["forest_spread"], words, spread=localised(f"{evidence.spread:.2g}", words), unit=unit
            )
        )
    if evidence.n_other:
        parts.append(filled(words["forest_others"], words, n=evidence.n_other))
    if evidence.judgement:
        parts.append(words["judgement_note"])
    return " ".join(parts)


def _pull(evidence: CellEvidence, words: Mapping[str, str]) -> list[str]:
    """Why the network's middle is not that of the cohorts, with the numbers; nothing where they read the same."""
    counted = evidence.counted
    if counted is None or evidence.said(counted[0]) == evidence.said(evidence.middle):
        return []
    share, n = counted
    n_cohorts = sum(one.value is not None and bool(one.n) for one in evidence.cohorts)
    why = [words["forest_pull_one" if n_cohorts == 1 else "forest_pull_some"]]
    if any(one.value is not None for one in evidence.documents):
        why.append(words["forest_pull_documents"])
    judged = [one.value for one in evidence.judgement if one.value is not None]
    if judged:
        ends = dict.fromkeys(evidence.said(end, words) for end in (min(judged), max(judged)))
        why.append(filled(words["forest_pull_judgement"], words, value=" – ".join(ends)))
    said = {"share": evidence.said(share, words), "middle": evidence.said(evidence.middle, words)}
    head = filled(words[f"forest_pull{'_years' if evidence.is_age else ''}"], words, n=n, **said)
    return [f"{head} {'; '.join(why)}."]


def _scale(evidence: CellEvidence, words: Mapping[str, str]) -> str:
    """The row of ticks above the marks."""
    unit = "" if evidence.is_age else " %"
    marks = "".join(f'<small style="left:{at}%">{at}{unit}</small>' for at in TICKS)
    name = "forest_years" if evidence.is_age else "forest_share"
    return (
        cell("name", f"<small>{escape(words['forest_source'])}</small>")
        + cell("bar", f'<span class="mf-scale">{marks}</span>')
        + cell("p", f"<small>{escape(words[name])}</small>")
    )


def _piece(one: Piece, evidence: CellEvidence, knowledge: KnowledgeBase, words: Mapping[str, str]) -> str:
    """A row for one source."""
    diagnosis = knowledge.diagnoses[one.diagnosis].label
    title = one.title or diagnosis
    linked = (
        f'<a href="{escape(one.address)}" target="_blank" rel="noopener">{escape(title)}</a>'
        if one.address.startswith("https://")
        else escape(title)
    )
    about = [one.statement, one.population, one.location]
    if one.title and one.diagnosis != evidence.diagnosis:
        about.append(diagnosis)
    about += [_condition(one.given, knowledge, words)] if one.given else []
    about += [words[f"match_{one.match}"]] if one.match not in ("", "exact") else []
    about += [words[f"tag_{tag}"] for tag in one.tags]
    about += [words[f"says_{one.says}"]] if one.kind == "document" else []
    small = " · ".join(filter(None, [*about, one.fact.replace("|", " ")]))
    return (
        cell("name", f"<span>{linked}<small>{escape(small)}</small></span>")
        + cell("bar", _track(one.kind, one.value, (one.low, one.high), evidence, one.says in ONE_SIDED))
        + cell("p", _numbers(one, evidence, words))
    )


def _condition(given: str, knowledge: KnowledgeBase, words: Mapping[str, str]) -> str:
    """Under which condition a fact holds, in the labels of the tables."""
    name, _, states = given.partition("=")
    variable = knowledge.variables.get(name)
    if variable is None:
        return given
    labels = {state.id: state.label for state in variable.states}
    said = words["forest_or"].join(placed(labels.get(one, one), words) for one in states.split("|"))
    return filled(words["forest_given"], words, said=state_text(variable.label, said, words))


def _numbers(one: Piece, evidence: CellEvidence, words: Mapping[str, str]) -> str:
    """Value, interval and patients of one source, as text."""
    lines = [evidence.said(one.value, words)] if one.value is not None else []
    if one.says in ("listed", "lower_bound") and one.low is not None:
        lines.append(filled(words["forest_at_least"], words, value=evidence.said(one.low, words)))
    elif one.says in ("negative", "upper_bound") and one.high is not None:
        lines.append(filled(words["forest_at_most"], words, value=evidence.said(one.high, words)))
    elif one.low is not None and one.high is not None:
        lines.append(span(evidence.said(one.low, words), evidence.said(one.high, words), words))
    if one.k is not None and one.n is not None:
        lines.append(filled(words["forest_of"], words, k=one.k, n=one.n))
    elif one.n is not None:
        lines.append(filled(words["forest_n"], words, n=one.n))
    return _stacked(lines or [words["forest_no_number"]])


def _stacked(lines: Sequence[str]) -> str:
    first, *rest = lines
    return escape(first) + "".join(f'<span class="mf-interval">{escape(line)}</span>' for line in rest)


def _network(evidence: CellEvidence, words: Mapping[str, str]) -> list[str]:
    """Rows for what the network makes of it: the average study where it is told, and a new patient."""
    rows = []
    if evidence.pooled is not None:
        low, high = evidence.pooled
        rows.append(
            cell("name", escape(words["forest_pooled"]))
            + cell("bar", _track("network", evidence.middle, evidence.pooled, evidence, False))
            + cell(
                "p",
                _stacked(
                    [
                        evidence.said(evidence.middle, words),
                        span(evidence.said(low, words), evidence.said(high, words), words),
                    ]
                ),
            )
        )
    ends = span(evidence.said(evidence.low, words), evidence.said(evidence.high, words), words)
    rows.append(
        cell("name", escape(words["forest_predictive"]))
        + cell("bar", _track("network", evidence.mean, (evidence.low, evidence.high), evidence, False))
        + cell("p", _stacked([evidence.said(evidence.mean, words), ends]))
    )
    return rows


def _track(
    kind: str,
    value: float | None,
    ends: tuple[float | None, float | None],
    evidence: CellEvidence,
    is_open: bool,
) -> str:
    """Band of the network, interval and mark of one row."""
    scale = 1.0 if evidence.is_age else 100.0

    def at(number: float) -> float:
        return min(100.0, max(0.0, scale * number))

    band = at(evidence.low), at(evidence.high)
    parts = [f'<u style="left:{band[0]:.1f}%;width:{band[1] - band[0]:.1f}%"></u>']
    low, high = ends
    if low is not None and high is not None:
        name = f"mf-{kind}{' mf-open' if is_open else ''}"
        left, right = at(low), at(high)
        parts.append(f'<em class="{name}" style="left:{left:.1f}%;width:{right - left:.1f}%"></em>')
    if value is not None:
        parts.append(f'<i class="mf-{kind}" style="left:{at(value):.1f}%"></i>')
    return f'<span class="mf-track mf-bare" aria-hidden="true">{"".join(parts)}</span>'
