"""
The formats by name.

Knows: which module writes what. Must not know: how a file is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from model.errors import UnknownNameError, unknown_name
from model.exchange.bif import bif
from model.exchange.content import about, fixed, nodes
from model.exchange.net import net
from model.exchange.uai import uai
from model.exchange.xdsl import xdsl
from model.exchange.xmlbif import xmlbif

if TYPE_CHECKING:
    from model.exchange.content import Node
    from model.network.network import Network

FORMATS: Final[Mapping[str, Callable[[list[Node], str], str]]] = {
    "bif": bif,
    "xmlbif": xmlbif,
    "xdsl": xdsl,
    "net": net,
    "uai": uai,
}
"""Name of a format -> what writes it."""


def exported(network: Network, format_: str, *, draw: int | None = None) -> str:
    """
    The network as text in a format of other programs.

    Parameters
    ----------
    network
        With any number of draws.
    format_
        ``bif``, ``xmlbif``, ``xdsl`` (GeNIe, SMILE), ``net`` (Hugin) or ``uai``.
    draw
        Which draw; the mean of the tables by default, whose answer is not the mean of the answers.

    Raises
    ------
    UnknownNameError
        If there is no such format.
    EvidenceError
        If there is no such draw.
    """
    if format_ not in FORMATS:
        raise UnknownNameError(unknown_name("export", "format", format_, FORMATS))
    return FORMATS[format_](list(nodes(fixed(network, draw))), about(network, draw))


__all__ = ["FORMATS", "exported"]
