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

if TYPE_CHECKING:  # the same names as in the table, for type checkers and editors; a test compares them
    from model.diagnosis.batch import answer_table as answer_table
    from model.diagnosis.batch_files import answer_file as answer_file
    from model.diagnosis.differential import posterior as posterior
    from model.diagnosis.results import Differential as Differential
    from model.intake.patients import Patients as Patients
    from model.intake.patients import read_patients as read_patients
    from model.network.beliefs import Beliefs as Beliefs
    from model.network.beliefs import believed as believed
    from model.network.cell_evidence import evidence_of as evidence_of
    from model.network.cell_results import CellEvidence as CellEvidence
    from model.network.network import Network as Network
    from model.network.shipped import load_network as load_network
    from model.next_step.information import Information as Information
    from model.next_step.information import value_of_information as value_of_information
    from model.next_step.order import information_of_orders as information_of_orders
    from model.next_step.order_results import Orders as Orders
    from model.next_step.plan import OrderPlan as OrderPlan
    from model.next_step.plan import plan_orders as plan_orders
    from model.next_step.policy import compare_policies as compare_policies
    from model.next_step.stopping import biopsy_avoidance as biopsy_avoidance
    from model.next_step.stopping import same_decision as same_decision
    from model.next_step.target import Decision as Decision
    from model.patient.cases import Case as Case
    from model.patient.cases import read_cases as read_cases
    from model.patient.evidence import Evidence as Evidence
    from model.patient.evidence import encode as encode
    from model.patient.simulation import Simulated as Simulated
    from model.patient.simulation import simulate as simulate
    from model.reading.reading import read_text as read_text
    from model.reading.record import Reading as Reading
    from model.robustness.drivers import Drivers as Drivers
    from model.robustness.drivers import rank_drivers as rank_drivers
    from model.robustness.inverse import Changes as Changes
    from model.robustness.inverse import smallest_changes as smallest_changes
    from model.robustness.knowing import Knowing as Knowing
    from model.robustness.knowing import value_of_knowing as value_of_knowing
    from model.robustness.one_way import sensitivity as sensitivity
    from model.robustness.results import Sensitivity as Sensitivity
    from model.robustness.surface import two_way as two_way
    from model.robustness.sweep import prior_sweep as prior_sweep
    from model.robustness.switch import switches as switches
    from model.robustness.units import parameters_of as parameters_of
    from model.teaching.lesson import Feedback as Feedback
    from model.teaching.lesson import Stage as Stage
    from model.teaching.lesson import feedback as feedback
    from model.teaching.lesson import simulated_case as simulated_case
    from model.teaching.lesson import stages as stages
    from model.teaching.look_alikes import Separation as Separation
    from model.teaching.look_alikes import separating_findings as separating_findings
    from model.teaching.look_alikes import separation as separation
    from model.validation.assessment import calibrations as calibrations
    from model.validation.calibration import Calibration as Calibration
    from model.validation.calibration import calibration as calibration
    from model.validation.disease import Diseases as Diseases
    from model.validation.disease import by_disease as by_disease
    from model.validation.reliability import Reliability as Reliability
    from model.validation.reliability import reliability as reliability
    from model.validation.reveal import Reveal as Reveal
    from model.validation.reveal import reveal as reveal
    from model.validation.score import Score as Score
    from model.validation.score import score as score
    from model.why.explanation import explain as explain
    from model.why.most_probable import most_probable_explanation as most_probable_explanation
    from model.why.results import Explanation as Explanation
    from priors.checks import check as check
    from priors.loading import load_knowledge_base as load_knowledge_base

__version__ = "0.1.0"

_HOME = {
    "Beliefs": "model.network.beliefs",
    "Calibration": "model.validation.calibration",
    "Case": "model.patient.cases",
    "CellEvidence": "model.network.cell_results",
    "Changes": "model.robustness.inverse",
    "Decision": "model.next_step.target",
    "Differential": "model.diagnosis.results",
    "Diseases": "model.validation.disease",
    "Drivers": "model.robustness.drivers",
    "Evidence": "model.patient.evidence",
    "Explanation": "model.why.results",
    "Feedback": "model.teaching.lesson",
    "Information": "model.next_step.information",
    "Knowing": "model.robustness.knowing",
    "Network": "model.network.network",
    "OrderPlan": "model.next_step.plan",
    "Orders": "model.next_step.order_results",
    "Reading": "model.reading.record",
    "Patients": "model.intake.patients",
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
    "evidence_of": "model.network.cell_evidence",
    "explain": "model.why.explanation",
    "feedback": "model.teaching.lesson",
    "information_of_orders": "model.next_step.order",
    "load_knowledge_base": "priors.loading",
    "load_network": "model.network.shipped",
    "most_probable_explanation": "model.why.most_probable",
    "parameters_of": "model.robustness.units",
    "plan_orders": "model.next_step.plan",
    "posterior": "model.diagnosis.differential",
    "prior_sweep": "model.robustness.sweep",
    "rank_drivers": "model.robustness.drivers",
    "read_cases": "model.patient.cases",
    "read_text": "model.reading.reading",
    "read_patients": "model.intake.patients",
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
"""Public name -> where it lives: the one table of what the library offers; the manual's reference shows each."""

__all__ = ["__version__", *_HOME]  # noqa: PLE0604 - the keys are texts


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'model' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
