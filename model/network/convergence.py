"""
When a run of the sampler has converged: the gate that new draws must pass, and that stored ones are judged by.

Knows: the record of a run. Must not know: how draws are made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

MAX_R_HAT: Final = 1.01
MIN_ESS: Final = 400.0


def problems(record: Mapping[str, Any]) -> tuple[str, ...]:
    """
    Why a run must not be used, one line each: divergences, R-hat at or above 1.01, an ESS at or below 400.

    Parameters
    ----------
    record : mapping
        With ``divergences`` and ``variables`` (name -> ``r_hat``, ``ess_bulk``, ``ess_tail``), as the sampler writes it.

    Examples
    --------
    >>> good = {"r_hat": 1.002, "ess_bulk": 900.0, "ess_tail": 800.0}
    >>> problems({"divergences": 0, "variables": {"level": good}})
    ()
    >>> problems({"divergences": 0, "variables": {"level": {**good, "r_hat": 1.03}}})
    ('elicitation, level: R-hat 1.030; must be below 1.01; draw more (--draws, --tune)',)
    """
    found = []
    if record.get("divergences"):
        found.append(
            f"elicitation: {record['divergences']} divergences; none is allowed; tune longer (--tune)"
        )
    for name, judged in record.get("variables", {}).items():
        worst = min(judged["ess_bulk"], judged["ess_tail"])
        if not judged["r_hat"] < MAX_R_HAT:
            line = f"R-hat {judged['r_hat']:.3f}; must be below {MAX_R_HAT}; draw more (--draws, --tune)"
            found.append(f"elicitation, {name}: {line}")
        if not worst > MIN_ESS:
            line = f"ESS {worst:.0f}; must be above {MIN_ESS:.0f}; draw more (--draws, --chains)"
            found.append(f"elicitation, {name}: {line}")
    return tuple(found)


__all__ = ["MAX_R_HAT", "MIN_ESS", "problems"]
