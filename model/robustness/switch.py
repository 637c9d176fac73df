"""
The structure switched: prior setting, reading of words and symbols, mechanisms, and the diagnosis `other`.

One switch at a time tells what each assumption does, all combinations tell whether they matter together.

Knows: how a network is built. Must not know: single parameters of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from model.diagnosis.differential import posterior
from model.errors import EvidenceError, plain
from model.inference.graph import FloatArray
from model.network.answer import Answer
from model.network.assembly import MECHANISM
from model.network.hierarchy import Hierarchy, hierarchy
from model.network.mapping import DEFAULT_MAPPING, reads_symbols_as_words, words_of
from model.network.mapping import mappings as every_mapping
from model.network.network import DIAGNOSIS, Network, build_network
from model.network.parameters import Parameters
from model.network.prior import CUSTOM, prior_table, settings
from model.network.storage import default_path, load_parameters
from model.patient.evidence import Asked, as_evidence
from model.progress import Progress, watched
from model.text import counted, percent, table
from priors.schema import KnowledgeBase

if TYPE_CHECKING:
    import pandas as pd

    from model.patient.evidence import Evidence

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Position:
    """
    One position of all switches.

    Attributes
    ----------
    setting, mapping : str
        Prior setting; reading of words and symbols (see `model.network.mapping`).
    mechanisms, other : bool
        Whether findings share latent causes; whether "none of the listed diseases" is possible.
    """

    setting: str
    mapping: str
    mechanisms: bool
    other: bool

    def moved(self, base: Position) -> tuple[str, ...]:
        """The switches that differ from those of `base`, as text such as ``words hpo`` or ``without other``."""
        said = []
        if self.setting != base.setting:
            said.append(f"setting {self.setting}")
        if words_of(self.mapping) != words_of(base.mapping):
            said.append(f"words {words_of(self.mapping)}")
        if reads_symbols_as_words(self.mapping) != reads_symbols_as_words(base.mapping):
            said.append("symbols as words" if reads_symbols_as_words(self.mapping) else "symbols as steps")
        if self.mechanisms != base.mechanisms:
            said.append("with mechanisms" if self.mechanisms else "without mechanisms")
        if self.other != base.other:
            said.append("with other" if self.other else "without other")
        return tuple(said)


@dataclass(frozen=True, slots=True, eq=False)
class Switches(Answer):
    """
    Headline probabilities of each patient at every combination of the switches.

    Attributes
    ----------
    positions : tuple of Position
        The first is the one of the network that was asked.
    probabilities : ndarray of shape (n_positions, n_patients, n_rows)
        Means over draws.
    n_draws : tuple of int
        How many draws each position has: other readings of words and symbols are stored with fewer.
    rows : Hierarchy
    ids : tuple of str
    """

    positions: tuple[Position, ...]
    probabilities: FloatArray
    n_draws: tuple[int, ...]
    rows: Hierarchy
    ids: tuple[str, ...]

    def flips(self, patient: int = 0) -> tuple[tuple[str, ...], ...]:
        """Smallest combinations of moved switches after which another diagnosis leads."""
        leads = self.probabilities[:, patient].argmax(axis=-1)
        found: list[tuple[str, ...]] = []
        moved = [position.moved(self.positions[0]) for position in self.positions]
        for i in sorted(range(len(moved)), key=lambda i: len(moved[i])):
            if leads[i] != leads[0] and not any(set(smaller) <= set(moved[i]) for smaller in found):
                found.append(moved[i])
        return tuple(found)

    def to_frame(self) -> pd.DataFrame:
        """
        One line per case and position.

        Columns: case, setting, mapping, mechanisms, other, n_moved, leader, probability (of that leader), present
        (probability of the leader of the first position), flips (whether another one leads).
        """
        import pandas as pd

        rows = [self._row(patient, i) for patient in range(len(self.ids)) for i in range(len(self.positions))]
        return pd.DataFrame(rows)

    def _row(self, patient: int, i: int) -> dict[str, object]:
        p, base = self.probabilities[i, patient], int(self.probabilities[0, patient].argmax())
        position, leader = self.positions[i], int(p.argmax())
        return {
            "case": self.ids[patient],
            "setting": position.setting,
            "mapping": position.mapping,
            "mechanisms": position.mechanisms,
            "other": position.other,
            "n_moved": len(position.moved(self.positions[0])),
            "leader": self.rows.names[leader],
            "probability": float(p[leader]),
            "present": float(p[base]),
            "flips": leader != base,
        }

    def summary(self, patient: int = 0) -> str:
        """What each switch alone does, and which combinations change the leader, as text."""
        base = int(self.probabilities[0, patient].argmax())
        label = self.rows.labels[base]
        cells = []
        for position, p in zip(self.positions, self.probabilities[:, patient], strict=True):
            moved = position.moved(self.positions[0])
            if len(moved) <= 1:
                leader = int(p.argmax())
                cells.append(
                    (
                        " ".join(moved) or "as it is",
                        percent(float(p[base])),
                        self.rows.labels[leader],
                        percent(float(p[leader])),
                    )
                )
        flips = [" and ".join(moved) for moved in self.flips(patient)]
        last = f"The leader changes: {'; '.join(flips)}." if flips else "No combination changes the leader."
        head = f"Case {plain(self.ids[patient])}: assumptions switched, {counted(self.n_draws[0], 'draw')}"
        if min(self.n_draws) < self.n_draws[0]:
            head += f" ({min(self.n_draws)} with other readings)"
        header = ("switched", f"P({label})", "leads", "with")
        return "\n".join([head, table(header, cells, right=(1, 3)), last])


def switches(
    network: Network,
    evidence: Asked,
    *,
    folder: Path | None = None,
    mappings: Sequence[str] | None = None,
    n_draws: int | None = None,
    progress: Progress = watched,
    each: Callable[[Switches], None] | None = None,
) -> Switches:
    """
    Headline probabilities of each patient at every combination of the switches.

    Parameters
    ----------
    network, evidence
        Of a named prior setting. With a single set of parameters all positions are at mean parameters.
    folder : Path, optional
        Folder of tables and draws that the network was built from; the shipped ones by default.
    mappings : sequence of str, optional
        Readings of words and symbols to switch to; by default all whose draws are stored.
    n_draws : int, optional
        At most so many evenly spaced draws; by default as many as the network has, so that its own answer, and that
        under every other setting, is the one given elsewhere.
    progress
        Wraps the positions of the switches, such as a progress bar.
    each
        Told what is known so far after every position. A combination comes after all that it holds, so that `flips` among
        these positions are right already.

    Raises
    ------
    EvidenceError
        If the network has the setting ``custom``, whose weights are not stored.
    StorageError
        If the draws of a mapping are missing or older than the tables.

    Examples
    --------
    >>> from model import encode, load_network
    >>> network = load_network()
    >>> found = switches(network, encode(network, {"enhancement_pattern": "miliary"}), mappings=(), n_draws=10)
    >>> set(found.n_draws) == {10}, found.probabilities.shape[-1] == len(network.knowledge.rows)
    (True, True)
    """
    evidence = as_evidence(network, evidence)
    knowledge = network.knowledge
    stored_setting(network)
    has_mechanisms = any(node in network.states for node in knowledge.of_role(MECHANISM))
    readings = list(dict.fromkeys([DEFAULT_MAPPING, *(mappings or stored_mappings(knowledge, folder))]))
    names = [name for name in settings(knowledge) if name != CUSTOM]
    ordered = sorted(names, key=lambda name: name != network.setting)
    rows = hierarchy(knowledge, "row")
    modes = (has_mechanisms, not has_mechanisms)
    positions = [
        Position(setting, mapping, mechanisms, other)
        for mapping, mechanisms, setting, other in product(readings, modes, ordered, (True, False))
    ]
    answers, used = list[FloatArray](), list[int]()
    switched = _switched(network, evidence, folder, positions, n_draws or network.n_draws)

    def known() -> Switches:
        so_far = tuple(positions[: len(used)])
        return Switches(so_far, np.stack(answers), tuple(used), rows, evidence.ids, origin=network.origin)

    for _, asked in zip(progress(positions), switched, strict=True):
        answers.append(posterior(asked, evidence).mean @ rows.membership)
        used.append(asked.n_draws)
        if each:
            each(known())
    return known()


def _switched(
    network: Network, evidence: Evidence, folder: Path | None, positions: Sequence[Position], most: int
) -> Iterator[Network]:
    """The network at each position, as far as the evidence needs it; what neighbours have in common is built once."""
    knowledge = network.knowledge
    for mapping, alike in groupby(positions, key=lambda position: position.mapping):
        parameters = load_parameters(knowledge, folder, mapping)
        parameters = parameters if most == 1 else thinned(parameters, most)
        for mechanisms, last in groupby(alike, key=lambda position: position.mechanisms):
            built = build_network(
                knowledge,
                parameters,
                setting=network.setting,
                mechanisms=mechanisms,
                wanted=tuple(evidence.likelihoods),
            )
            for position in last:
                prior = prior_table(knowledge, parameters, position.setting)
                if not position.other:
                    prior = without(prior, built.states[DIAGNOSIS].index(OTHER))
                changed = built.with_tables({DIAGNOSIS: prior}, position.setting)
                yield changed.at_mean() if most == 1 else changed


def stored_setting(network: Network) -> None:
    """
    Refuse weights of one's own, which are in no table.

    Raises
    ------
    EvidenceError
        If the setting is ``custom``.
    """
    if network.setting == CUSTOM:
        raise EvidenceError("switches: setting custom; its weights are not stored; ask a named setting")


def stored_mappings(knowledge: KnowledgeBase, folder: Path | None = None) -> tuple[str, ...]:
    """Readings of words and symbols whose draws are stored."""
    return tuple(
        name for name in every_mapping(knowledge) if default_path(folder, name, knowledge.layer).is_file()
    )


def without(prior: FloatArray, leaf: int) -> FloatArray:
    """
    A prior table without one diagnosis, the others in proportion.

    Examples
    --------
    >>> without(np.array([[0.2, 0.3, 0.5]]), 2)
    array([[0.4, 0.6, 0. ]])
    """
    table_ = prior.copy()
    table_[..., leaf] = 0.0
    result: FloatArray = table_ / table_.sum(axis=-1, keepdims=True)
    return result


def thinned(parameters: Parameters, n_draws: int) -> Parameters:
    """At most so many evenly spaced draws."""
    kept = np.unique(np.linspace(0, parameters.n_draws - 1, n_draws).round().astype(int))
    if len(kept) >= parameters.n_draws:
        return parameters
    return replace(
        parameters,
        log_weights={node: draws[kept] for node, draws in parameters.log_weights.items()},
        roots={node: draws[kept] for node, draws in parameters.roots.items()},
        odds_ratios={node: draws[kept] for node, draws in parameters.odds_ratios.items()},
        shifts=parameters.shifts[kept],
        prior_weights=parameters.prior_weights[kept],
    )


__all__ = ["Position", "Switches", "stored_mappings", "switches", "thinned", "without"]
