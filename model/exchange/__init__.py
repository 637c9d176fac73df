"""
The network, its patients and its knowledge in the formats of other programs.

Each name below is imported when it is first used: pgmpy is loaded only for `to_pgmpy`.

>>> from model import exchange
>>> sorted(exchange.FORMATS)
['bif', 'net', 'uai', 'xdsl', 'xmlbif']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from model.exchange.data_package import write_data_package
from model.exchange.formats import FORMATS, exported
from model.exchange.hpoa import Annotations, hpo_annotations
from model.exchange.phenopacket_write import to_phenopacket
from model.intake.phenopacket import from_phenopacket

if TYPE_CHECKING:
    from model.exchange.standard import check_columns, to_pgmpy

__all__ = [
    "FORMATS",
    "Annotations",
    "check_columns",
    "exported",
    "from_phenopacket",
    "hpo_annotations",
    "to_pgmpy",
    "to_phenopacket",
    "write_data_package",
]


def __getattr__(name: str) -> object:
    """Import what needs pgmpy when it is first asked for (PEP 562)."""
    if name not in ("check_columns", "to_pgmpy"):
        raise AttributeError(
            f"module 'model.exchange' has no attribute {name!r}; it has {', '.join(__all__)}"
        )
    return getattr(import_module("model.exchange.standard"), name)
