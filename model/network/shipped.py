"""
The network with its stored draws: read once, shared by all who ask, given back when nobody holds it.

Knows: tables, draws, which networks are in memory. Must not know: what a network is made of, questions.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import Final
from weakref import WeakValueDictionary

from model.errors import UnsoundWarning
from model.network.assembly import DIAGNOSIS
from model.network.network import DEFAULT_SETTING, Network, build_network
from model.network.parameters import Parameters
from model.network.prior import prior_table
from model.network.storage import load_parameters
from priors import load_knowledge_base
from priors.schema import DEFAULT_LAYER, KnowledgeBase, Layer

_ALIVE: Final[WeakValueDictionary[tuple[str, bool, Layer, Path | None], Network]] = WeakValueDictionary()
_MAKING: Final = RLock()
"""Held while a network is read: threads that ask at the same time wait for one, and share it."""


def load_network(
    *,
    setting: str = DEFAULT_SETTING,
    weights: Mapping[str, float | tuple[float, float]] | None = None,
    mechanisms: bool = True,
    knowledge: Layer = DEFAULT_LAYER,
    folder: Path | str | None = None,
) -> Network:
    """
    The shipped network with its stored parameter draws.

    Parameters
    ----------
    setting : str
        Name of a prior setting (``documents``, ``flat`` ...), or ``custom`` together with `weights`.
    weights : mapping of diagnosis to weight, optional
        See `build_network`.
    mechanisms : bool
        See `build_network`.
    knowledge : {"full", "published", "documents"}
        How far down to go: the five documents alone, with cohorts from the literature, or with judgement where little is
        published (the default).
    folder : Path or str, optional
        Folder of tables and draws; the shipped ones by default.

    Raises
    ------
    KnowledgeError
        If the tables are broken.
    StorageError
        If the draws are missing, damaged, or older than the tables.

    Warns
    -----
    UnsoundWarning
        If the draws have not converged (``millet elicit --force``).

    Examples
    --------
    >>> network = load_network(setting="flat")
    >>> network.setting, network.n_draws
    ('flat', 500)
    >>> load_network(setting="custom", weights={"nmosd": 3, "multiple_sclerosis": 1}).setting
    'custom'
    """
    folder = None if folder is None else Path(folder)
    with _MAKING:
        found = (
            _cached_network(setting, mechanisms, knowledge, folder)
            if weights is None
            else _under_prior(setting, weights, mechanisms, knowledge, folder)
        )
    for problem in found.origin.problems[:1]:
        warnings.warn(f"draws that have not converged; {problem}", UnsoundWarning, stacklevel=2)
    return found


@lru_cache(maxsize=8)
def _cached_network(setting: str, mechanisms: bool, layer: Layer, folder: Path | None) -> Network:
    """The last ones are kept; and none that somebody still holds is made a second time."""
    asked = (setting, mechanisms, layer, folder)
    found = _ALIVE.get(asked)
    if found is None:
        found = _ALIVE[asked] = _made(*asked)
    return found


def _made(setting: str, mechanisms: bool, layer: Layer, folder: Path | None) -> Network:
    if setting != DEFAULT_SETTING:
        return _under_prior(setting, None, mechanisms, layer, folder)
    tables, parameters = _stored(layer, folder)
    return build_network(tables, parameters, setting=setting, mechanisms=mechanisms)


def forget_networks() -> None:
    """Give back the memory of networks that nobody holds any more, some 300 MB for each layer of knowledge in use."""
    with _MAKING:
        _cached_network.cache_clear()


def _under_prior(
    setting: str,
    weights: Mapping[str, float | tuple[float, float]] | None,
    mechanisms: bool,
    layer: Layer,
    folder: Path | None,
) -> Network:
    """The network under another prior: everything but the table of the diagnosis is that of the default setting."""
    prior = prior_table(*_stored(layer, folder), setting, weights)
    return _cached_network(DEFAULT_SETTING, mechanisms, layer, folder).with_tables(
        {DIAGNOSIS: prior}, setting, weights=weights
    )


@lru_cache(maxsize=3)
def _stored(layer: Layer, folder: Path | None) -> tuple[KnowledgeBase, Parameters]:
    """Tables and draws, which take far less room than the networks made of them."""
    tables = load_knowledge_base(folder, layer)
    return tables, load_parameters(tables, folder)


__all__ = ["forget_networks", "load_network"]
