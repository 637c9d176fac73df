"""
What if some numbers were others, in every draw: a network with changed probabilities, a changed prior, own samples.

Knows: the tables of a network. Must not know: patients, questions.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from model.errors import EvidenceError, UnknownNameError, plain, shown, unknown_name
from model.inference.engine import infer
from model.inference.errors import ImpossibleEvidenceError
from model.inference.graph import FloatArray
from model.network.address import Place, places
from model.network.assembly import DIAGNOSIS
from model.network.origin import fingerprint
from model.network.prior import Z95
from model.network.reshape import reshaped
from model.network.tabled import Tabled, TabledType

Value = float | tuple[float, float] | Sequence[float] | NDArray[Any]
"""A probability; its 5 % and 95 % limits as a pair; or one for each draw."""

ALLOWED = "a number between 0 and 1 (both excluded), a rising pair of them, or one for each draw"


def with_probabilities(network: TabledType, changes: Mapping[str, Value | Mapping[str, Value]]) -> TabledType:
    """
    The network with some probabilities changed in every draw; see `Network.with_probabilities`.

    Raises
    ------
    UnknownNameError
        If there is no such node, parent or state.
    EvidenceError
        If a value is none, probabilities of one place add up to more than 1, or structure keeps one from being reached.
    """
    found = places(network, changes)
    tables: dict[str, FloatArray] = {}
    said: list[str] = []
    for place, values in found:
        wanted = np.stack(
            [_draws(place.name(i), value, network.n_draws) for i, value in enumerate(values)], axis=-1
        )
        _check_sum(network, place, wanted)
        table = tables.get(place.node, network.tables[place.node])
        tables[place.node] = _changed(network, place, wanted, table)
        said += [f"{place.name(i)}: {_told(value)}" for i, value in enumerate(values)]
    return network.with_tables(tables, changed=said)


def with_prior(network: TabledType, probabilities: Mapping[str, Value]) -> TabledType:
    """The network with other pre-test probabilities; see `Network.with_prior`."""
    knowledge = network.knowledge
    for name in probabilities:
        if name not in knowledge.diagnoses:
            raise UnknownNameError(unknown_name("prior", "diagnosis", name, knowledge.diagnoses))
    return with_probabilities(network, {DIAGNOSIS: probabilities})


def with_draws(
    network: TabledType,
    samples: Mapping[str, Sequence[float] | NDArray[Any] | Mapping[str, Sequence[float] | NDArray[Any]]],
    others: Literal["draws", "mean"] = "draws",
) -> TabledType:
    """The network with samples of one's own; see `Network.with_draws`."""
    if others not in ("draws", "mean"):
        raise EvidenceError(f"draws, others: found {shown(others)}; allowed are draws and mean; choose one")
    lengths: dict[int, str] = {}
    for place, values in places(network, samples):
        for i, value in enumerate(values):
            if np.ndim(value) != 1 or not len(value):  # type: ignore[arg-type]
                raise EvidenceError(
                    f"draws of {place.name(i)}: found {shown(value)}; allowed is a list with one number for each sample"
                )
            lengths.setdefault(len(value), place.name(i))  # type: ignore[arg-type]
    if len(lengths) != 1:
        said = ", ".join(f"{n} of {name}" for n, name in lengths.items()) or "none"
        raise EvidenceError(
            f"draws: found {said}; all need the same number of samples; make them equally long"
        )
    [n] = lengths
    base = network.at_mean() if others == "mean" else network
    return with_probabilities(base.repeated(n), dict(samples))


def row_weights(network: Tabled, node: str) -> FloatArray:
    """
    How probable each combination of a node's parents is before any finding.

    Returns
    -------
    ndarray of shape (n_draws, *cards of the parents)
        Sums to 1 over all axes but the first.

    Examples
    --------
    >>> from model import load_network
    >>> row_weights(load_network().at_mean(), "sex").shape  # diagnosis, region
    (1, 22, 9)
    """
    plan = network.plan
    parents = plan.graph.parents[network.index(node)]
    cards = [plan.graph.cards[p] for p in parents]
    found = np.zeros((network.n_draws, *cards))
    outside = [p for p in parents if p not in plan.hub]
    inside = [p for p in parents if p in plan.hub]
    for states in np.ndindex(*(plan.graph.cards[p] for p in outside)):
        chosen = dict(zip(outside, states, strict=True))
        fixed = {p: np.eye(plan.graph.cards[p])[[state]] for p, state in chosen.items()}
        try:
            beliefs = infer(plan, fixed, n_patients=1)
        except ImpossibleEvidenceError:
            continue
        share = beliefs.hub[:, 0] * np.exp(beliefs.log_evidence)
        of_hub = np.zeros((len(share), *(plan.graph.cards[p] for p in inside)))
        for hub_state, p in zip(plan.support, share.T, strict=True):
            of_hub[(slice(None), *(hub_state[plan.hub.index(parent)] for parent in inside))] += p
        where = tuple(chosen[p] if p in chosen else slice(None) for p in parents)
        found[(slice(None), *where)] = of_hub
    return found


def _changed(network: Tabled, place: Place, wanted: FloatArray, table: FloatArray) -> FloatArray:
    """The table of a node with the rows of one place moved."""
    states = network.states[place.node]
    given = dict(place.given)
    where = (
        slice(None),
        *(
            network.states[p].index(given[p]) if p in given else slice(None)
            for p in network.parents[place.node]
        ),
    )
    groups = np.array([[float(state in group) for state in states] for group in place.groups])
    result: FloatArray = np.array(np.broadcast_to(table, (network.n_draws, *table.shape[1:])))
    part = result[where]
    weights = row_weights(network, place.node)[where].reshape(network.n_draws, -1)
    total = weights.sum(axis=1, keepdims=True)
    if not total.all():
        raise EvidenceError(f"number {place.name(0)}: these parents never occur together; ask for another")
    try:
        rows = reshaped(part.reshape(len(part), -1, len(states)), weights / total, groups, wanted)
    except ValueError:
        raise EvidenceError(
            f"number {place.name(0)}: {shown(wanted[0].tolist())} cannot be reached; entries that are 0 or 1 by "
            "structure stay so; ask for another"
        ) from None
    result[where] = rows.reshape(part.shape)
    return result


def _draws(name: str, value: object, n_draws: int) -> FloatArray:
    """A value in every draw: itself, a reproducible logit-normal sample of its limits, or what is given for each."""
    if isinstance(value, tuple) and len(value) == 2:
        low, high = (_number(name, one) for one in value)
        if low > high:
            raise _bad(name, value)
        ends = np.log([low, high]) - np.log1p([-low, -high])
        normal = np.random.default_rng(zlib.crc32(name.encode())).standard_normal(n_draws)
        z = ends.mean() + np.ptp(ends) / (2 * Z95) * normal
        return np.asarray(1 / (1 + np.exp(-z)))
    if np.ndim(value) == 0:  # type: ignore[arg-type]
        return np.full(n_draws, _number(name, value))
    try:
        found = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise _bad(name, value) from None
    if found.shape != (n_draws,):
        raise EvidenceError(
            f"number {name}: {len(found)} samples; the network has {n_draws} draws; give so many, or call with_draws"
        )
    if not ((found > 0) & (found < 1)).all():
        raise _bad(name, found.tolist())
    return found


def _number(name: str, value: object) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise _bad(name, value) from None
    if not isfinite(number) or not 0 < number < 1:
        raise _bad(name, value)
    return number


def _bad(name: str, value: object) -> EvidenceError:
    return EvidenceError(f"number {name}: found {shown(value)}; allowed is {ALLOWED}; change it")


def _check_sum(network: Tabled, place: Place, wanted: FloatArray) -> None:
    """Probabilities of one place leave something for the states that are not named, or add up to 1."""
    total = wanted.sum(axis=-1)
    is_all = sum(map(len, place.groups)) == len(network.states[place.node])
    if np.abs(total - 1).max() > 1e-9 if is_all else (total >= 1).any():
        found = f"{plain(place.node)}: {shown(wanted[0].tolist())}"
        needed = "values of all states add up to 1" if is_all else "some of the states leave less than 1"
        raise EvidenceError(f"number of {found}; {needed}; change one")


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return " to ".join(f"{one:g}" for one in value)
    if np.ndim(value) == 0:  # type: ignore[arg-type]
        return f"{float(value):g}"  # type: ignore[arg-type]
    array = np.asarray(value, dtype=np.float64)
    return f"{len(array)} samples of mean {array.mean():.4g} ({fingerprint(array.tobytes())})"


__all__ = ["Value", "row_weights", "with_draws", "with_prior", "with_probabilities"]
