"""
Millet: a Bayesian network for brain miliary enhancement and multiple sclerosis.

For education and research; not a medical device. ``import model`` loads nothing heavy: each name below is
imported when it is first used.

>>> import model
>>> isinstance(model.__version__, str)
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.differential import posterior
    from model.evidence import Case, Evidence, encode, read_cases
    from model.explanation import Explanation, explain
    from model.information import Information, value_of_information
    from model.network import Network, load_network
    from model.results import Differential
    from model.validation import Score, score
    from priors.checks import check
    from priors.loading import load_knowledge_base

__version__ = "0.1.0"

_HOME = {
    "Case": "model.evidence",
    "Differential": "model.results",
    "Evidence": "model.evidence",
    "Explanation": "model.explanation",
    "Information": "model.information",
    "Network": "model.network",
    "Score": "model.validation",
    "check": "priors.checks",
    "encode": "model.evidence",
    "explain": "model.explanation",
    "load_knowledge_base": "priors.loading",
    "load_network": "model.network",
    "posterior": "model.differential",
    "read_cases": "model.evidence",
    "score": "model.validation",
    "value_of_information": "model.information",
}

__all__ = [
    "Case",
    "Differential",
    "Evidence",
    "Explanation",
    "Information",
    "Network",
    "Score",
    "__version__",
    "check",
    "encode",
    "explain",
    "load_knowledge_base",
    "load_network",
    "posterior",
    "read_cases",
    "score",
    "value_of_information",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'model' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
