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
    from model.diagnosis.batch import answer_table
    from model.diagnosis.batch_files import answer_file
    from model.diagnosis.differential import posterior
    from model.diagnosis.results import Differential
    from model.network.beliefs import Beliefs, believed
    from model.network.network import Network, load_network
    from model.next_step.information import Information, value_of_information
    from model.next_step.order import Orders, information_of_orders
    from model.next_step.plan import OrderPlan, plan_orders
    from model.next_step.policy import compare_policies
    from model.next_step.stopping import biopsy_avoidance, same_decision
    from model.next_step.target import Decision
    from model.patient.evidence import Case, Evidence, encode, read_cases
    from model.patient.simulation import Simulated, simulate
    from model.robustness.inverse import Changes, smallest_changes
    from model.robustness.knowing import Knowing, value_of_knowing
    from model.robustness.one_way import sensitivity
    from model.robustness.parameter import parameters_of
    from model.robustness.results import Sensitivity
    from model.robustness.surface import two_way
    from model.robustness.sweep import prior_sweep
    from model.robustness.switch import switches
    from model.teaching.lesson import Feedback, Stage, feedback, simulated_case, stages
    from model.teaching.look_alikes import Separation, separating_findings, separation
    from model.validation.assessment import calibrations
    from model.validation.calibration import Calibration, calibration
    from model.validation.disease import Diseases, by_disease
    from model.validation.reliability import Reliability, reliability
    from model.validation.reveal import Reveal, reveal
    from model.validation.score import Score, score
    from model.why.explanation import Explanation, explain
    from priors.checks import check
    from priors.loading import load_knowledge_base

__version__ = "0.1.0"

_HOME = {
    "Beliefs": "model.network.beliefs",
    "Calibration": "model.validation.calibration",
    "Case": "model.patient.evidence",
    "Changes": "model.robustness.inverse",
    "Decision": "model.next_step.target",
    "Differential": "model.diagnosis.results",
    "Diseases": "model.validation.disease",
    "Evidence": "model.patient.evidence",
    "Explanation": "model.why.explanation",
    "Feedback": "model.teaching.lesson",
    "Information": "model.next_step.information",
    "Knowing": "model.robustness.knowing",
    "Network": "model.network.network",
    "OrderPlan": "model.next_step.plan",
    "Orders": "model.next_step.order",
    "Reliability": "model.validation.reliability",
    "Reveal": "model.validation.reveal",
    "Score": "model.validation.score",
    "Sensitivity": "model.robustness.results",
    "Separation": "model.teaching.look_alikes",
    "Simulated": "model.patient.simulation",
    "Stage": "model.teaching.lesson",
    "answer_file": "model.diagnosis.batch_files",
    "answer_table": "model.diagnosis.batch",
    "believed": "model.network.beliefs",
    "biopsy_avoidance": "model.next_step.stopping",
    "by_disease": "model.validation.disease",
    "calibration": "model.validation.calibration",
    "calibrations": "model.validation.assessment",
    "check": "priors.checks",
    "compare_policies": "model.next_step.policy",
    "encode": "model.patient.evidence",
    "explain": "model.why.explanation",
    "feedback": "model.teaching.lesson",
    "information_of_orders": "model.next_step.order",
    "load_knowledge_base": "priors.loading",
    "load_network": "model.network.network",
    "most_probable_explanation": "model.why.most_probable",
    "parameters_of": "model.robustness.parameter",
    "plan_orders": "model.next_step.plan",
    "posterior": "model.diagnosis.differential",
    "prior_sweep": "model.robustness.sweep",
    "read_cases": "model.patient.evidence",
    "reliability": "model.validation.reliability",
    "reveal": "model.validation.reveal",
    "same_decision": "model.next_step.stopping",
    "score": "model.validation.score",
    "sensitivity": "model.robustness.one_way",
    "separating_findings": "model.teaching.look_alikes",
    "separation": "model.teaching.look_alikes",
    "simulate": "model.patient.simulation",
    "simulated_case": "model.teaching.lesson",
    "smallest_changes": "model.robustness.inverse",
    "stages": "model.teaching.lesson",
    "switches": "model.robustness.switch",
    "two_way": "model.robustness.surface",
    "value_of_information": "model.next_step.information",
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
