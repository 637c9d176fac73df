"""
How a network came to be: what was switched, changed or left out between the stored draws and its tables.

Knows: words. Must not know: tables, arrays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from priors.frozen import Frozen

Said = float | tuple[float, float]

N_SAID = 5
"""So many changes are written out in a summary; provenance has all."""


@dataclass(frozen=True, slots=True)
class Origin:
    """
    What is not usual about a network; the usual one has the defaults of all fields.

    Attributes
    ----------
    weights : mapping of diagnosis to weight, or (low, high)
        Of the setting ``custom``.
    mechanisms : bool
        Whether findings of a disease hang together.
    draws : str
        Which of the stored draws there are, such as ``draw 7``; "" for all.
    changed : tuple of str
        Every change of a number, in the order in which they were made.
    problems : tuple of str
        What keeps the draws from being sound, such as that they have not converged.

    Examples
    --------
    >>> Origin().after("pvs_pattern=present | diagnosis=nmosd: 0.2").changed
    ('pvs_pattern=present | diagnosis=nmosd: 0.2',)
    """

    weights: Mapping[str, Said] = field(default_factory=lambda: Frozen({}))
    mechanisms: bool = True
    draws: str = ""
    changed: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    def after(self, *changes: str) -> Origin:
        """The origin of a network in which something more was changed."""
        return replace(self, changed=(*self.changed, *changes))

    def only(self, draws: str) -> Origin:
        """The origin of a network that holds some of the draws."""
        return replace(self, draws=f"{draws} of {self.draws}" if self.draws else draws)

    def notes(self) -> list[str]:
        """What a summary says of it, a line each; empty for the usual network."""
        found = []
        if self.problems:
            more = f" and {len(self.problems) - 1} more problems" if len(self.problems) > 1 else ""
            found.append(f"Not to be relied on: the draws have not converged ({self.problems[0]}{more}).")
        if self.weights:
            found.append(f"Weights of one's own: {', '.join(map(_weight, self.weights.items()))}.")
        if not self.mechanisms:
            found.append("Without mechanisms: findings are independent given the diagnosis.")
        if self.changed:
            more = f" and {len(self.changed) - N_SAID} more" if len(self.changed) > N_SAID else ""
            found.append(f"Numbers changed: {'; '.join(self.changed[:N_SAID])}{more}.")
        return found

    def told(self) -> dict[str, object]:
        """What provenance says of it, ready for JSON."""
        return {
            "weights": {name: list(w) if isinstance(w, tuple) else w for name, w in self.weights.items()},
            "mechanisms": self.mechanisms,
            "draws": self.draws or "all",
            "changed": list(self.changed),
            "problems": list(self.problems),
        }


def _weight(item: tuple[str, Said]) -> str:
    name, weight = item
    return f"{name} {weight[0]:g} to {weight[1]:g}" if isinstance(weight, tuple) else f"{name} {weight:g}"


def fingerprint(*said: object) -> str:
    """
    Sixteen digits that differ wherever what is said differs.

    Examples
    --------
    >>> fingerprint("documents", 1) == fingerprint("documents", 1), fingerprint("flat") == fingerprint("custom")
    (True, False)
    """
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


__all__ = ["Origin", "Said", "fingerprint"]
