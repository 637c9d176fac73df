"""
From facts to parameter draws: how each kind of fact reads a frequency, and the model that combines them.

Knows: facts, scales, frequencies. Must not know: patients, evidence, the inference engine.

``from model.elicitation import elicit`` loads the sampler; the other modules of the package do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.elicitation.run import Elicitation, elicit

__all__ = ["Elicitation", "elicit"]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for (PEP 562): PyMC takes seconds to load."""
    if name not in __all__:
        raise AttributeError(
            f"module 'model.elicitation' has no attribute {name!r}; it has {', '.join(__all__)}"
        )
    from model.elicitation import run

    return getattr(run, name)
