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
    from model.batch import answer_table
    from model.batch_files import answer_file
    from model.differential import posterior
    from model.discrimination import Separation, separating_findings, separation
    from model.evidence import Case, Evidence, encode, read_cases
    from model.explanation import Explanation, explain
    from model.information import Information, value_of_information
    from model.knowledge import Beliefs, believed
    from model.network import Network, load_network
    from model.order import Orders, information_of_orders
    from model.plan import OrderPlan, plan_orders
    from model.policy import compare_policies
    from model.results import Differential
    from model.robustness.inverse import Changes, smallest_changes
    from model.robustness.knowing import Knowing, value_of_knowing
    from model.robustness.one_way import Sensitivity, sensitivity
    from model.robustness.parameter import parameters_of
    from model.robustness.surface import two_way
    from model.robustness.sweep import prior_sweep
    from model.robustness.switch import switches
    from model.simulation import Simulated, simulate
    from model.stopping import biopsy_avoidance, same_decision
    from model.target import Decision
    from model.teaching import Feedback, Stage, feedback, simulated_case, stages
    from model.validation.calibration import Calibration, calibration
    from model.validation.disease import Diseases, by_disease
    from model.validation.reliability import Reliability, reliability
    from model.validation.report import calibrations
    from model.validation.reveal import Reveal, reveal
    from model.validation.score import Score, score
    from priors.checks import check
    from priors.loading import load_knowledge_base

__version__ = "0.1.0"

_HOME = {
    "Beliefs": "model.knowledge",
    "Calibration": "model.validation.calibration",
    "Case": "model.evidence",
    "Changes": "model.robustness.inverse",
    "Decision": "model.target",
    "Differential": "model.results",
    "Diseases": "model.validation.disease",
    "Evidence": "model.evidence",
    "Explanation": "model.explanation",
    "Feedback": "model.teaching",
    "Information": "model.information",
    "Knowing": "model.robustness.knowing",
    "Network": "model.network",
    "OrderPlan": "model.plan",
    "Orders": "model.order",
    "Reliability": "model.validation.reliability",
    "Reveal": "model.validation.reveal",
    "Score": "model.validation.score",
    "Sensitivity": "model.robustness.one_way",
    "Separation": "model.discrimination",
    "Simulated": "model.simulation",
    "Stage": "model.teaching",
    "answer_file": "model.batch_files",
    "answer_table": "model.batch",
    "believed": "model.knowledge",
    "biopsy_avoidance": "model.stopping",
    "by_disease": "model.validation.disease",
    "calibration": "model.validation.calibration",
    "calibrations": "model.validation.report",
    "check": "priors.checks",
    "compare_policies": "model.policy",
    "encode": "model.evidence",
    "explain": "model.explanation",
    "feedback": "model.teaching",
    "information_of_orders": "model.order",
    "load_knowledge_base": "priors.loading",
    "load_network": "model.network",
    "most_probable_explanation": "model.most_probable",
    "parameters_of": "model.robustness.parameter",
    "plan_orders": "model.plan",
    "posterior": "model.differential",
    "prior_sweep": "model.robustness.sweep",
    "read_cases": "model.evidence",
    "reliability": "model.validation.reliability",
    "reveal": "model.validation.reveal",
    "same_decision": "model.stopping",
    "score": "model.validation.score",
    "sensitivity": "model.robustness.one_way",
    "separating_findings": "model.discrimination",
    "separation": "model.discrimination",
    "simulate": "model.simulation",
    "simulated_case": "model.teaching",
    "smallest_changes": "model.robustness.inverse",
    "stages": "model.teaching",
    "switches": "model.robustness.switch",
    "two_way": "model.robustness.surface",
    "value_of_information": "model.information",
    "value_of_knowing": "model.robustness.knowing",
}

__all__ = [
    "Beliefs",
    "Calibration",
    "Case",
    "Changes",
    "Decision",
    "Differential",
    "Diseases",
    "Evidence",
    "Explanation",
    "Feedback",
    "Information",
    "Knowing",
    "Network",
    "OrderPlan",
    "Orders",
    "Reliability",
    "Reveal",
    "Score",
    "Sensitivity",
    "Separation",
    "Simulated",
    "Stage",
    "__version__",
    "answer_file",
    "answer_table",
    "believed",
    "biopsy_avoidance",
    "by_disease",
    "calibration",
    "calibrations",
    "check",
    "compare_policies",
    "encode",
    "explain",
    "feedback",
    "information_of_orders",
    "load_knowledge_base",
    "load_network",
    "most_probable_explanation",
    "parameters_of",
    "plan_orders",
    "posterior",
    "prior_sweep",
    "read_cases",
    "reliability",
    "reveal",
    "same_decision",
    "score",
    "sensitivity",
    "separating_findings",
    "separation",
    "simulate",
    "simulated_case",
    "smallest_changes",
    "stages",
    "switches",
    "two_way",
    "value_of_information",
    "value_of_knowing",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'model' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
