"""
Weight of one observation under every state of its variable, however the observation is written.

Knows: the states of a variable. Must not know: patients, probabilities, the network.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from model.errors import EvidenceError, UnknownNameError, near_names, plain, shown, unknown_name
from model.patient.cases import FindingValue
from model.patient.naming import state_aliases
from priors.schema import Variable

if TYPE_CHECKING:
    from model.inference.graph import FloatArray

MAX_AGE_YEARS: Final = 120

_BIN: Final = re.compile(r"_(\d+)_(\d+)$")

_NUMBER: Final = re.compile(r"\s*[+-]?(\d+([.,]\d{1,2})?|\d*\.\d+)\s*")
"""A number as a text; with a comma, as spreadsheets of many countries write it, only where it separates no thousands."""


NOT_ASSESSED: Final = frozenset(
    {
        "",
        "?",
        "-",
        "--",
        "na",
        "n/a",
        "#n/a",
        "<na>",
        "nan",
        "none",
        "null",
        "nil",
        "unknown",
        "missing",
        "nd",
        "n.d.",
    }
    | {"not assessed", "not_assessed", "not done", "not known", "unbekannt", "k.a.", "nicht erhoben", "fehlt"}
)
"""What others write for it, in lower case; some of it may mean that a finding is absent, so that none of it is guessed."""


def weights(value: FindingValue, variable: Variable, where: str) -> FloatArray:
    """
    Weight of one observation under every state of its variable.

    Parameters
    ----------
    value
        A state, ``"a|b"``, a list or array of possible states, a mapping of every state to its weight, or an age.
    variable
        What it is an observation of.
    where
        How a message begins.

    Returns
    -------
    ndarray of shape (n_states,)
        In [0, 1], the largest is 1.

    Raises
    ------
    EvidenceError, UnknownNameError
        If the value is none of these.

    Examples
    --------
    >>> from priors.schema import State, Variable
    >>> states = tuple(State(name, name, False, "") for name in ("absent", "unilateral", "bilateral"))
    >>> palsy = Variable("facial_palsy", "Palsy", "categorical", "finding", "history", (), "", states)
    >>> weights("unilateral|bilateral", palsy, "case H1").tolist()
    [0.0, 1.0, 1.0]
    >>> weights({"absent": 1, "unilateral": 4, "bilateral": 0}, palsy, "case H1").tolist()
    [0.25, 1.0, 0.0]
    """
    if variable.kind == "age" and (age := number(value)) is not None:
        return _age_weights(age, value, variable, where)
    if isinstance(value, Mapping):
        return _mapping_weights(value, variable, where)
    if isinstance(value, str):
        states: Sequence[object] = [part.strip() for part in value.split("|")]
    elif isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        states = list(value)
    else:
        raise EvidenceError(f"{where}: found {shown(value)}; {_allowed(variable)}")
    if not states:
        raise EvidenceError(
            f"{where}: no state is left possible; {_allowed(variable)}, or null for not assessed"
        )
    result = np.zeros(len(variable.states))
    for state in states:
        result[_state_index(state, variable, where)] = 1.0
    return result


def _mapping_weights(value: Mapping[object, object], variable: Variable, where: str) -> FloatArray:
    result = np.zeros(len(variable.states))
    for state, given in value.items():
        weight = None if isinstance(given, str) else number(given)
        if weight is None or not math.isfinite(weight) or weight < 0:
            raise EvidenceError(
                f"{where}: weight of {plain(state)} is {shown(given)}; allowed are finite numbers from 0 up"
            )
        result[_state_index(state, variable, where)] = weight
    if left_out := [state for state in variable.state_ids if state not in value]:
        raise EvidenceError(
            f"{where}: no weight for {', '.join(left_out)}; give every state one, 0 where it is ruled out"
        )
    if not result.any():
        raise EvidenceError(
            f"{where}: every weight is 0; at least one state needs a weight above 0, or give null"
        )
    return np.asarray(result / result.max())


def _state_index(state: object, variable: Variable, where: str) -> int:
    if isinstance(state, str) and state in variable.state_ids:
        return variable.state_ids.index(state)
    if not isinstance(state, str):
        raise EvidenceError(f"{where}: found {shown(state)}; {_allowed(variable)}")
    said = state.casefold()
    if said in NOT_ASSESSED and said not in map(str.casefold, state_aliases(variable)):
        raise EvidenceError(
            f"{where}: found {shown(state)}; {_allowed(variable)}; leave it empty (null in JSON) if it was not assessed"
        )
    if variable.kind == "age" and not near_names(state, variable.state_ids):
        raise EvidenceError(f"{where}: found {shown(state)}; {_allowed(variable)}")
    raise UnknownNameError(unknown_name(where, "state", state, state_aliases(variable)))


def _allowed(variable: Variable) -> str:
    if variable.kind == "age":
        return f"allowed is an age in years from 0 to {MAX_AGE_YEARS}"
    return f"allowed: {', '.join(variable.state_ids)}"


def number(value: object) -> float | None:
    """
    A number, also one written as a text; None for anything else (True is no number).

    Examples
    --------
    >>> number(39), number("39.5"), number("39,5"), number("1,000"), number(True)
    (39.0, 39.5, 39.5, None, None)
    """
    if isinstance(value, str):
        return float(value.replace(",", ".")) if _NUMBER.fullmatch(value) else None
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _age_weights(age: float, value: object, variable: Variable, where: str) -> FloatArray:
    if not 0 <= age <= MAX_AGE_YEARS:
        raise EvidenceError(f"{where}: found {shown(value)}; {_allowed(variable)}")
    bounds = [_BIN.search(state) for state in variable.state_ids]
    result = np.zeros(len(bounds))
    below = [index for index, bound in enumerate(bounds) if bound and float(bound[1]) <= age]
    if not below:
        raise EvidenceError(f"{where}: found {shown(value)}; no age group reaches down to it")
    result[below[-1]] = 1.0
    return result


__all__ = ["MAX_AGE_YEARS", "number", "weights"]
