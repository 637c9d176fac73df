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
    from model.order import Orders, information_of_orders
    from model.plan import OrderPlan, plan_orders
    from model.policy import compare_policies
    from model.results import Differential
    from model.simulation import Simulated, simulate
    from model.stopping import biopsy_avoidance, same_decision
    from model.target import Decision
    from model.validation import Score, score
    from priors.checks import check
    from priors.loading import load_knowledge_base

__version__ = "0.1.0"

_HOME = {
    "Case": "model.evidence",
    "Decision": "model.target",
    "Differential": "model.results",
    "Evidence": "model.evidence",
    "Explanation": "model.explanation",
    "Information": "model.information",
    "Network": "model.network",
    "OrderPlan": "model.plan",
    "Orders": "model.order",
    "Score": "model.validation",
    "Simulated": "model.simulation",
    "biopsy_avoidance": "model.stopping",
    "check": "priors.checks",
    "compare_policies": "model.policy",
    "encode": "model.evidence",
    "explain": "model.explanation",
    "information_of_orders": "model.order",
    "load_knowledge_base": "priors.loading",
    "load_network": "model.network",
    "plan_orders": "model.plan",
    "posterior": "model.differential",
    "read_cases": "model.evidence",
    "same_decision": "model.stopping",
    "score": "model.validation",
    "simulate": "model.simulation",
    "value_of_information": "model.information",
}

__all__ = [
    "Case",
    "Decision",
    "Differential",
    "Evidence",
    "Explanation",
    "Information",
    "Network",
    "OrderPlan",
    "Orders",
    "Score",
    "Simulated",
    "__version__",
    "biopsy_avoidance",
    "check",
    "compare_policies",
    "encode",
    "explain",
    "information_of_orders",
    "load_knowledge_base",
    "load_network",
    "plan_orders",
    "posterior",
    "read_cases",
    "same_decision",
    "score",
    "simulate",
    "value_of_information",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'model' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
