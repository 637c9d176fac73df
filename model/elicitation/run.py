"""
A whole elicitation: draw, judge, check against the documents; one call, one frozen result.

Knows: the order of the steps. Must not know: files, options, terminals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from model.elicitation.cells import Cells
from model.elicitation.diagnostics import checks
from model.elicitation.predictive import spreads
from model.elicitation.reading import check_mapping, reread
from model.elicitation.sampling import SEED, parameters, sample
from model.elicitation.trace import trace
from model.network.convergence import problems
from model.network.mapping import DEFAULT_MAPPING
from model.network.parameters import Parameters
from priors import load_knowledge_base
from priors.schema import KnowledgeBase

if TYPE_CHECKING:
    import xarray as xr

KEEP: Final = 500
"""So many thinned draws are kept: an interval is then known to about 1 % of its level."""


@dataclass(frozen=True, slots=True)
class Elicitation:
    """
    Parameter draws, and everything that judges them.

    Attributes
    ----------
    parameters : Parameters
        Thinned draws, as the network takes them.
    record : mapping
        JSON-serialisable: digest of the tables, mapping, seed, sizes, seconds, versions, divergences, worst R-hat and
        ESS by variable, ``checks`` (see `model.elicitation.diagnostics.checks`), and ``spread`` (see
        `model.elicitation.predictive.spreads`).
    problems : tuple of str
        Why the run should be refused, one line each; empty for a good run.
    trace : xarray.DataTree, optional
        The whole sample with its names (see `model.elicitation.trace`).
    """

    parameters: Parameters
    record: Mapping[str, Any]
    problems: tuple[str, ...]
    trace: xr.DataTree | None = None

    def summary(self) -> str:
        """The diagnostics in a few lines."""
        return summary(self.record)

    def __repr__(self) -> str:
        return self.summary()


def elicit(
    knowledge: KnowledgeBase | None = None,
    *,
    mapping: str = DEFAULT_MAPPING,
    seed: int = SEED,
    chains: int = 4,
    draws: int = 1600,
    tune: int = 500,
    keep: int = KEEP,
    progress: bool = True,
) -> Elicitation:
    """
    Parameter draws of a knowledge base, with their diagnostics.

    Parameters
    ----------
    knowledge : KnowledgeBase, optional
        The shipped tables if left out.
    mapping : str
        Which reading of words and symbols to use (see `model.network.mapping`).
    seed : int
        Same tables, seed, sizes and package versions give the same draws.
    chains, draws, tune : int
        Number of chains, and of kept and discarded draws of each.
    keep : int
        Number of thinned draws in the result.
    progress : bool
        Show a progress bar.

    Raises
    ------
    UnknownNameError
        If there is no such mapping.
    """
    tables = load_knowledge_base() if knowledge is None else knowledge
    check_mapping(tables, mapping)
    drawn = sample(
        tables, mapping=mapping, seed=seed, chains=chains, draws=draws, tune=tune, progress=progress
    )
    cells = Cells(reread(tables, mapping))
    judged = checks(cells, drawn.values, mapping, seed)
    spread = spreads(cells, drawn.values)
    record = {**drawn.record, "keep": keep, "checks": judged, "spread": spread}
    return Elicitation(parameters(tables, drawn, keep), record, problems(record), trace(tables, drawn))


def summary(record: Mapping[str, Any]) -> str:
    """The diagnostics of a record in a few lines."""
    judged = list(record["variables"].values())
    r_hat = max(v["r_hat"] for v in judged)
    ess = min(min(v["ess_bulk"], v["ess_tail"]) for v in judged)
    sizes = f"{record['chains']} chains of {record['draws']} draws"
    seconds = f"{record['seconds_compile']:.0f} s to compile, {record['seconds_sample']:.0f} s to sample"
    lines = [
        f"{sizes}, knowledge {record['knowledge']}, mapping {record['mapping']}, seed {record['seed']}; {seconds}",
        f"worst R-hat {r_hat:.4f}, worst ESS {ess:.0f}, {record['divergences']} divergences",
    ]
    symbols = record["checks"]["symbols"]["columns"].values()
    if printed := sum(column["n"] for column in symbols):
        again = sum(column["n"] * column["reproduced"][0] for column in symbols)
        lines.append(f"printed symbols that a replicated table shows again: {again:.0f} of {printed}")
    lines += [f"in conflict: {_conflict(row)}" for row in record["checks"]["conflicts"][:5]]
    return "\n".join(lines)


def _conflict(row: Mapping[str, Any]) -> str:
    cell = f"{row['diagnosis']}, {row['finding']} {row['state']}: {row['kind']} {row['term']}".rstrip()
    return f"{row['fact']} ({cell}), p = {row['p']:.3f}; {row['without']:.2f} without it, {row['with']:.2f} with it"
