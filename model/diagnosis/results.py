"""
The differential diagnosis as a record: arrays inside, names on the outside, and text or a table on request.

Knows: how leaves add up to table rows and groups, and how draws become means, intervals and ranks. Must not
know: how the probabilities were computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from model.errors import EvidenceError, plain
from model.network.answer import Answer
from model.network.assembly import NOT_APPLICABLE
from model.network.hierarchy import Level, hierarchy
from model.text import bar, counted, percent, table

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from model.inference.graph import FloatArray
    from priors.schema import KnowledgeBase

EQUAL = 1e-9
"""Probabilities that differ by a smaller share of themselves are the same: the rest is rounding."""


@dataclass(frozen=True, eq=False)
class Differential(Answer):
    """
    Probability of every diagnosis for each patient, in each draw of the parameters.

    The headline is the mean over draws; it is not the answer at mean parameters
    (``posterior(network.at_mean(), ...)``).

    Parameters
    ----------
    probabilities : ndarray of shape (n_draws, n_patients, n_leaves)
        P(leaf | findings); sums to 1 over the last axis.
    ms_axes
        ``ms_course`` and ``ms_variant`` -> ndarray of shape (n_patients, n_states): P(state | findings), mean
        over draws, with the state ``not_applicable`` (no multiple sclerosis) among the states.
    log_evidence : ndarray of shape (n_draws, n_patients)
        Natural log of P(findings).
    ids
        Identifiers of the patients.
    n_findings
        Number of findings that say something, per patient; 0 means that the answer is the prior.
    knowledge
        Names and hierarchy of the diagnoses.
    setting, digest
        Prior setting and digest of the tables behind the numbers.
    """

    probabilities: FloatArray
    ms_axes: Mapping[str, FloatArray]
    log_evidence: FloatArray
    ids: tuple[str, ...]
    n_findings: tuple[int, ...]
    knowledge: KnowledgeBase
    setting: str
    digest: str

    @property
    def n_draws(self) -> int:
        """Number of parameter draws."""
        return len(self.probabilities)

    @property
    def n_patients(self) -> int:
        """Number of patients."""
        return len(self.ids)

    def select(self, patient: int) -> Differential:
        """The differential of one patient alone, by its place from 0."""
        if not 0 <= patient < self.n_patients:
            raise EvidenceError(
                f"patient {patient}: there are 0 to {self.n_patients - 1}; choose one of them"
            )
        one = slice(patient, patient + 1)
        return replace(
            self,
            probabilities=self.probabilities[:, one],
            ms_axes={name: rows[one] for name, rows in self.ms_axes.items()},
            log_evidence=self.log_evidence[:, one],
            ids=self.ids[one],
            n_findings=self.n_findings[one],
        )

    @cached_property
    def mean(self) -> FloatArray:
        """Headline probability of every leaf: ndarray of shape (n_patients, n_leaves), mean over draws."""
        return np.asarray(self.probabilities.mean(axis=0))

    def names(self, by: Level = "row") -> tuple[str, ...]:
        """Identifiers of the diagnoses of a level, in the order of every array's last axis."""
        return hierarchy(self.knowledge, by).names

    def draws(self, by: Level = "row") -> FloatArray:
        """Probability of every diagnosis of a level: ndarray of shape (n_draws, n_patients, n_names)."""
        if by == "leaf":
            return self.probabilities
        return np.asarray(self.probabilities @ hierarchy(self.knowledge, by).membership)

    def mean_by(self, by: Level = "row") -> FloatArray:
        """Headline probability of every diagnosis of a level: ndarray of shape (n_patients, n_names)."""
        return np.asarray(self.mean @ hierarchy(self.knowledge, by).membership)

    def interval(self, level: float = 0.9, by: Level = "row") -> FloatArray | None:
        """
        Equal-tailed credible interval of every probability, over the draws of the parameters.

        Parameters
        ----------
        level
            Probability inside the interval, in (0, 1); usual are 0.5, 0.9 and 0.95.
        by
            Level of the diagnoses.

        Returns
        -------
        ndarray of shape (2, n_patients, n_names) or None
            Lower and upper bound. None with a single draw: it knows nothing of its own uncertainty.

        Raises
        ------
        EvidenceError
            If `level` is not between 0 and 1.
        """
        if not 0 < level < 1:
            raise EvidenceError(
                f"interval: level is {level}; allowed are numbers between 0 and 1, such as 0.9"
            )
        if self.n_draws == 1:
            return None
        return np.quantile(self.draws(by), [(1 - level) / 2, (1 + level) / 2], axis=0)

    def p_top(self, k: int = 1, by: Level = "row") -> FloatArray | None:
        """
        Share of the draws in which a diagnosis is among the k most probable ones: how stable its rank is.

        Returns
        -------
        ndarray of shape (n_patients, n_names) or None
            Sums to k over the last axis. Equal probabilities share the places that they fill. None with a single draw.
        """
        if self.n_draws == 1:
            return None
        draws = self.draws(by)
        last = np.sort(draws, axis=-1)[..., [-k]]
        is_above, is_at = draws > last * (1 + EQUAL), np.abs(draws - last) <= last * EQUAL
        left = k - is_above.sum(axis=-1, keepdims=True)
        return np.asarray((is_above + is_at * left / is_at.sum(axis=-1, keepdims=True)).mean(axis=0))

    def leader(self, patient: int = 0, by: Level = "row") -> str:
        """The most probable diagnosis of one patient."""
        return self.names(by)[int(self.mean_by(by)[patient].argmax())]

    def first_more_often(self, patient: int = 0, by: Level = "row") -> str:
        """The diagnosis that is first in more draws than the leader of the mean; empty if there is none."""
        first = self.p_top(1, by)
        if first is None:
            return ""
        names, most = self.names(by), int(first[patient].argmax())
        of_leader = first[patient, names.index(self.leader(patient, by))]
        return names[most] if first[patient, most] > of_leader else ""

    @property
    def ms_course(self) -> FloatArray:
        """P(course | multiple sclerosis, findings): ndarray of shape (n_patients, n_courses), sums to 1."""
        return self._conditional("ms_course")

    @property
    def ms_variant(self) -> FloatArray:
        """P(variant | multiple sclerosis, findings): ndarray of shape (n_patients, n_variants), sums to 1."""
        return self._conditional("ms_variant")

    def _conditional(self, axis: str) -> FloatArray:
        kept = [
            i for i, name in enumerate(self.knowledge.variables[axis].state_ids) if name != NOT_APPLICABLE
        ]
        joint = self.ms_axes[axis][:, kept]
        total = joint.sum(axis=1, keepdims=True)
        if (total == 0).any():
            case = plain(self.ids[int((total == 0).argmax())])
            raise EvidenceError(
                f"case {case}, {axis}: multiple sclerosis has probability 0; use `ms` to get None there"
            )
        return np.asarray(joint / total)

    def ms(self, axis: str, patient: int = 0) -> dict[str, float] | None:
        """State -> probability of an MS axis if it is MS; None where MS has probability 0."""
        states = self.knowledge.variables[axis].state_ids
        row = self.ms_axes[axis][patient]
        joint = {name: float(p) for name, p in zip(states, row, strict=True) if name != NOT_APPLICABLE}
        total = sum(joint.values())
        return {name: p / total for name, p in joint.items()} if total > 0 else None

    def to_xarray(self, by: Level = "row") -> xr.Dataset:
        """
        Every draw with its names, as ArviZ reads it: ``az.summary``, ``az.plot_forest``.

        Returns
        -------
        xarray.Dataset
            ``probability`` with the dimensions chain (of length 1), draw, case and diagnosis; in ``attrs`` what it rests on.

        Examples
        --------
        >>> from model import encode, load_network, posterior
        >>> network = load_network()
        >>> found = posterior(network, encode(network, {"serum_aqp4_igg": "positive"})).to_xarray()
        >>> dict(found.sizes) == {"chain": 1, "draw": 500, "case": 1, "diagnosis": 19}
        True
        """
        import xarray as xr

        names = {"chain": [0], "draw": np.arange(self.n_draws), "case": list(self.ids)}
        return xr.Dataset(
            {"probability": (("chain", "draw", "case", "diagnosis"), self.draws(by)[None])},
            coords={**names, "diagnosis": list(self.names(by))},
            attrs={"setting": self.setting, "knowledge": self.knowledge.layer, "digest": self.digest},
        )

    def to_frame(self, by: Level = "row", level: float = 0.9, *, draws: bool = False) -> pd.DataFrame:
        """
        One line per patient and diagnosis, most probable first within a patient; with `draws` one per draw as well.

        Of draws the columns are draw, case, diagnosis, label and probability, in the order of the draws.

        Columns: case, diagnosis, label, probability, and, with more than one draw, low, high (of the `level`
        interval), p_top1 and p_top3.
        """
        import pandas as pd

        units = hierarchy(self.knowledge, by)
        n = len(units.names)
        if draws:
            index = pd.MultiIndex.from_product([range(self.n_draws), self.ids, units.names])
            lines = index.to_frame(index=False, name=["draw", "case", "diagnosis"])
            label = dict(zip(units.names, units.labels, strict=True))
            return lines.assign(label=lines.diagnosis.map(label), probability=self.draws(by).ravel())
        columns: dict[str, object] = {
            "case": np.repeat(self.ids, n),
            "diagnosis": units.names * self.n_patients,
            "label": units.labels * self.n_patients,
            "probability": self.mean_by(by).ravel(),
        }
        interval, top1, top3 = self.interval(level, by), self.p_top(1, by), self.p_top(3, by)
        if interval is not None and top1 is not None and top3 is not None:
            columns |= {"low": interval[0].ravel(), "high": interval[1].ravel()}
            columns |= {"p_top1": top1.ravel(), "p_top3": top3.ravel()}
        order = np.lexsort((-self.mean_by(by).ravel(), np.repeat(np.arange(self.n_patients), n)))
        return pd.DataFrame(columns).iloc[order].reset_index(drop=True)

    def summary(self, patient: int = 0, *, by: Level = "row", top: int = 5, level: float = 0.9) -> str:
        """The answer for one patient as plain text: `top` diagnoses, intervals, rank stability."""
        units, one = hierarchy(self.knowledge, by), self.select(patient)
        mean, interval, top1 = one.mean_by(by)[0], one.interval(level, by), one.p_top(1, by)
        order = np.argsort(-mean, kind="stable")[:top]
        header = ["diagnosis", "probability", ""]
        cells = [[units.labels[i], percent(mean[i]), bar(mean[i])] for i in order]
        if interval is not None and top1 is not None:
            header[2:2] = [f"{round(100 * level, 1):g} % interval", "leads in"]
            for row, i in zip(cells, order, strict=True):
                low, high = interval[:, 0, i]
                row[2:2] = [f"{percent(low)} to {percent(high)}", percent(top1[0, i])]
        lines = [
            f"Case {plain(self.ids[patient])}: {self._basis(patient)}",
            table(header, cells, right=(1, 2, 3)),
        ]
        if (other := one.first_more_often(0, by)) and top1 is not None:
            most, leader = (units.names.index(name) for name in (other, one.leader(0, by)))
            lines.insert(
                1,
                f"{units.labels[most]} leads in more draws ({percent(top1[0, most])}) than {units.labels[leader]} "
                f"({percent(top1[0, leader])}); on average the latter leads, and the average counts",
            )
        if n_rest := len(mean) - len(order):
            others = counted(n_rest, "further diagnosis", "further diagnoses")
            lines.append(f"{others}: {percent(float(np.delete(mean, order).sum()))}")
        return "\n".join(lines)

    def _basis(self, patient: int) -> str:
        """What the numbers rest on, in half a line."""
        n = self.n_findings[patient]
        said = counted(n, "finding") if n else "no finding given, so this is the prior"
        if self.n_draws == 1:
            return f"{said}; one set of parameters, so no intervals (setting {self.setting})"
        return f"{said}; mean over {self.n_draws} parameter draws (setting {self.setting})"


def ranked(names: Sequence[str], probabilities: FloatArray) -> dict[str, float]:
    """
    Name -> probability, most probable first; equal ones in the given order.

    Examples
    --------
    >>> ranked(("a", "b", "c"), np.array([0.2, 0.5, 0.3]))
    {'b': 0.5, 'c': 0.3, 'a': 0.2}
    """
    order = np.argsort(-probabilities, kind="stable")
    return {names[i]: float(probabilities[i]) for i in order}


__all__ = ["Differential", "ranked"]
