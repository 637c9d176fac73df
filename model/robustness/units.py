"""
What a sensitivity analysis varies: the numbers of the literature, or the rows of tables one by one.

Knows: both lists. Must not know: what is done with them.
"""

from __future__ import annotations

from typing import Literal, overload

from model.errors import EvidenceError, shown
from model.network.network import Network
from model.robustness.number_list import NumberList, list_numbers
from model.robustness.parameter import ParameterList, rows_of

Unit = Literal["number", "row"]


@overload
def parameters_of(network: Network, unit: Literal["number"] = "number") -> NumberList: ...
@overload
def parameters_of(network: Network, unit: Literal["row"]) -> ParameterList: ...
@overload
def parameters_of(network: Network, unit: Unit) -> NumberList | ParameterList: ...
def parameters_of(network: Network, unit: Unit = "number") -> NumberList | ParameterList:
    """
    All that is uncertain in a network, to share it between questions.

    Parameters
    ----------
    network : Network
    unit : {"number", "row"}
        Numbers of the literature, P(state | leaf), each with all rows of a table that it is about; or the rows one by
        one, as closed forms and other programs have them.

    Raises
    ------
    EvidenceError
        If there is no such unit.

    Examples
    --------
    >>> from model import load_network
    >>> network = load_network()
    >>> numbers, rows = parameters_of(network), parameters_of(network, unit="row")
    >>> len(numbers) < len(rows)
    True
    >>> numbers.name(numbers.position("enhancement_pattern=miliary | diagnosis=secondary_cns_lymphoma"))
    'enhancement_pattern=miliary | diagnosis=secondary_cns_lymphoma'
    """
    if unit not in ("number", "row"):
        raise EvidenceError(f"unit: found {shown(unit)}; allowed are number and row; choose one")
    return list_numbers(network) if unit == "number" else rows_of(network)


__all__ = ["Unit", "parameters_of"]
