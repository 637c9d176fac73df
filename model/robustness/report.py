"""
One-way sensitivity as a table and as text.

Knows: the record `Sensitivity`. Must not know: how it was computed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.errors import plain
from model.text import counted, percent, table

if TYPE_CHECKING:
    import pandas as pd

    from model.robustness.one_way import Sensitivity
    from model.robustness.parameter import IntArray

NOBODY = ""
HEADING = "if this number in the model were wrong"


def influence(found: Sensitivity, patient: int = 0) -> IntArray:
    """
    Parameters of one patient, the most influential first.

    Influence is how far the probability of the target moves when the parameter goes from its 5 % to its 95 % point;
    equal ones (with a single draw, all) are ordered by their elasticity.
    """
    one, parameters = found.select(patient), found.parameters
    swing = np.abs(one.at(parameters.high) - one.at(parameters.low))[0]
    return np.lexsort((np.arange(len(swing)), -np.abs(one.elasticity[0]), -swing))


def frame(found: Sensitivity, *, by_influence: bool = False, top: int | None = None) -> pd.DataFrame:
    """
    One line per case and parameter, in the order of the network, or the most influential first within a case.

    With `top` only so many for each case.

    Columns: case, diagnosis (the target), probability (at mean parameters), parameter, node, state, given, leaf (the
    diagnosis that the parameter belongs to; empty for none), value, low, high (5 % and 95 % point over the draws), a,
    b, c, d (the function), at_low, at_high (probability of the target there), derivative, bound (of the derivative),
    elasticity (log-odds per log-odds), admissible_low, admissible_high (the leader still leads), leader_below,
    leader_above (who leads outside; empty for nobody), flip_log_odds (inf: nothing flips), flips_within (the leader
    changes between low and high).
    """
    import pandas as pd

    orders = [
        influence(found, i) if by_influence else np.arange(len(found.parameters))
        for i in range(found.n_patients)
    ]
    return pd.concat([_frame_of(found, i, order[:top]) for i, order in enumerate(orders)], ignore_index=True)


def _frame_of(found: Sensitivity, patient: int, order: IntArray) -> pd.DataFrame:
    import pandas as pd

    one, parameters = found.select(patient), found.parameters
    described = [parameters.addresses[i] for i in order]
    ends, slope, total = one.admissible[0], one.of_target[0], one.total[0]
    columns: dict[str, object] = {
        "case": one.ids[0],
        "diagnosis": one.classes.names[int(one.target[0])],
        "probability": float(one.present[0, 0]),
        "parameter": [parameters.names[i] for i in order],
        "node": [node for node, _, _ in described],
        "state": [state for _, _, state in described],
        "given": [", ".join(f"{k}={v}" for k, v in given.items()) for _, given, _ in described],
        "leaf": [parameters.diagnosis(i) for i in order],
        "value": parameters.value[order],
        "low": parameters.low[order],
        "high": parameters.high[order],
        "a": slope[order],
        "b": (one.present[0] - slope * parameters.value)[order],
        "c": total[order],
        "d": (1 - total * parameters.value)[order],
        "at_low": one.at(parameters.low)[0, order],
        "at_high": one.at(parameters.high)[0, order],
        "derivative": one.derivative[0, order],
        "bound": one.bound[0, order],
        "elasticity": one.elasticity[0, order],
        "admissible_low": ends[order, 0],
        "admissible_high": ends[order, 1],
        "leader_below": _names(one, 0)[order],
        "leader_above": _names(one, 1)[order],
        "flip_log_odds": one.flip[0, order],
        "flips_within": ((ends[:, 0] > parameters.low) | (ends[:, 1] < parameters.high))[order],
    }
    return pd.DataFrame(columns)


def _names(one: Sensitivity, side: int) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    names = np.array([*one.classes.names, NOBODY], dtype=object)
    found: np.ndarray[tuple[int], np.dtype[np.object_]] = names[one.next_leader[0, :, side]]
    return found


def summary(one: Sensitivity, *, top: int = 10) -> str:
    """The `top` parameters of one patient with what they would do, where the leader changes, and the facts."""
    parameters = one.parameters
    order = influence(one)[:top]
    label = one.classes.labels[int(one.target[0])]
    lines = [
        f"Case {plain(one.ids[0])}: {label} {percent(float(one.present[0, 0]))} at mean parameters; {HEADING}"
    ]
    headline = int(one.headline[0].argmax())
    if headline != one.leader[0]:
        said = f"{one.classes.labels[headline]} {percent(float(one.headline[0, headline]))}"
        lines.append(f"Mind: the mean over all draws has another leader, {said}.")
    header = ("number in the model", "value", "plausible", f"P({label})", "leader holds", "facts")
    cells = [_cells(one, int(i)) for i in order]
    lines.append(table(header, cells, right=(1,)))
    within = (one.admissible[0, :, 0] > parameters.low) | (one.admissible[0, :, 1] < parameters.high)
    n = int(within.sum())
    lines.append(
        f"Of {counted(len(parameters), 'parameter')}, {n} could change the leader alone within "
        "5 % to 95 % of the draws."
    )
    return "\n".join(lines)


def _cells(one: Sensitivity, i: int) -> tuple[str, ...]:
    parameters = one.parameters
    low, high = one.at(parameters.low)[0, i], one.at(parameters.high)[0, i]
    start, end = one.admissible[0, i]
    facts = parameters.facts(i)
    more = f" and {len(facts) - 2} more" if len(facts) > 2 else ""
    return (
        parameters.name(i),
        percent(float(parameters.value[i])),
        f"{percent(float(parameters.low[i]))} to {percent(float(parameters.high[i]))}",
        f"{percent(float(low))} to {percent(float(high))}",
        "always" if one.flip[0, i] == np.inf else f"{percent(float(start))} to {percent(float(end))}",
        f"{' '.join(facts[:2])}{more}" if facts else "no source",
    )


__all__ = ["HEADING", "frame", "influence", "summary"]
