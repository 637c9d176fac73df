"""
The four works: what Millet, pyAgrum and pgmpy each do for the same answer, how long it takes, how far they differ.

Peers are given what makes them fast: one engine for all patients, the diagnosis as only target. Where they would take
minutes, a part is timed and scaled up; the part is stated.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

import numpy as np
import pyagrum as gum
from pgmpy.inference import VariableElimination

from benchmarks.peers import ask_pgmpy, ask_pyagrum, information_pyagrum, to_pyagrum
from benchmarks.subjects import N_OBSERVED, Subject, patients
from model.exchange import to_pgmpy
from model.inference.engine import infer, mean_joint_all
from model.inference.graph import FloatArray
from model.inference.measure import mutual_information_all
from model.network.network import DIAGNOSIS

T = TypeVar("T")

N_SAMPLED = {"posterior": 20, "information": 5, "draws": 5, "patients": 100}
"""So many patients (or draws) are answered by the peers in each work."""


@dataclass(frozen=True)
class Line:
    """
    One work: seconds of each program, goals as ratios to Millet, and the largest difference to Millet's numbers.

    `sampled` says on how much the peers were timed.
    """

    work: str
    seconds: Mapping[str, float]
    goals: Mapping[str, float]
    difference: Mapping[str, float]
    sampled: str

    def ratio(self, peer: str) -> float:
        """How many times as long as Millet a peer takes."""
        return self.seconds[peer] / self.seconds["millet"]


def posterior_of_one(subject: Subject) -> Line:
    """P(diagnosis | 12 findings), of several patients in turn."""
    cases = [_case(subject, seed) for seed in range(N_SAMPLED["posterior"])]
    twin, standard = to_pyagrum(subject.mean), to_pgmpy(subject.mean)
    lazy, elimination = gum.LazyPropagation(twin), VariableElimination(standard)
    lazy.setTargets({DIAGNOSIS})

    def with_pyagrum(case: Case) -> FloatArray:
        lazy.setEvidence(case.states)
        lazy.makeInference()
        return np.array(lazy.posterior(DIAGNOSIS)[:])

    programs: dict[str, Callable[[Case], FloatArray]] = {
        "millet": lambda case: _millet_posterior(subject, case),
        "pyagrum": with_pyagrum,
        "pgmpy": lambda case: ask_pgmpy(standard, [DIAGNOSIS], case.states, engine=elimination),
    }
    goals = {"pyagrum": 8.0, "pgmpy": 20.0}
    return _in_turn("posterior of one patient", programs, cases, goals)


def information_of_all(subject: Subject) -> Line:
    """The same, and bits about the diagnosis of every finding that is not known."""
    cases = [_case(subject, seed) for seed in range(N_SAMPLED["information"])]
    twin, standard = to_pyagrum(subject.mean), to_pgmpy(subject.mean)
    elimination = VariableElimination(standard)

    def with_millet(case: Case) -> FloatArray:
        plan = subject.mean_plan
        beliefs = infer(plan, case.rows, n_patients=1)
        to_diagnosis = plan.indicator(subject.mean.index(DIAGNOSIS)).T
        joints = mean_joint_all(beliefs, [subject.mean.index(name) for name in case.unknown])
        bits = mutual_information_all([cells[0] for cells in joints.values()], to_diagnosis)
        return np.concatenate([(to_diagnosis @ beliefs.hub[0, 0]), bits])

    def with_pyagrum(case: Case) -> FloatArray:
        posterior, _ = ask_pyagrum(twin, DIAGNOSIS, case.vectors)
        return np.concatenate([posterior, information_pyagrum(twin, DIAGNOSIS, case.vectors, case.unknown)])

    def with_pgmpy(case: Case) -> FloatArray:
        joints = [
            ask_pgmpy(standard, [DIAGNOSIS, name], case.states, engine=elimination) for name in case.unknown
        ]
        return np.concatenate([joints[0].sum(axis=1), mutual_information_all(joints)])

    programs = {"millet": with_millet, "pyagrum": with_pyagrum, "pgmpy": with_pgmpy}
    goals = {"pyagrum": 80.0, "pgmpy": 200.0}
    return _in_turn("posterior and information of all unknown findings", programs, cases, goals)


def interval_over_draws(subject: Subject) -> Line:
    """95 % interval of P(diagnosis | findings) over all parameter draws, of one patient."""
    network, case = subject.network, _case(subject, seed=1)
    n_draws, n_sampled = network.n_draws, N_SAMPLED["draws"]
    to_diagnosis = subject.draws_plan.indicator(network.index(DIAGNOSIS))
    ours: dict[str, FloatArray] = {}

    def with_millet() -> None:
        ours["posterior"] = infer(subject.draws_plan, case.rows, n_patients=1).hub[:, 0] @ to_diagnosis
        ours["interval"] = np.quantile(ours["posterior"], [0.025, 0.975], axis=0)

    def with_pyagrum(draw: int) -> FloatArray:
        return ask_pyagrum(to_pyagrum(network, draw), DIAGNOSIS, case.vectors)[0]

    def with_pgmpy(draw: int) -> FloatArray:
        return ask_pgmpy(to_pgmpy(network, draw=draw), [DIAGNOSIS], case.states)

    seconds = {"millet": median(timed(with_millet)[0] for _ in range(11))}
    difference = {}
    for peer, program in {"pyagrum": with_pyagrum, "pgmpy": with_pgmpy}.items():
        taken, answers = timed(lambda program=program: [program(draw) for draw in range(n_sampled)])
        seconds[peer] = taken * n_draws / n_sampled
        difference[peer] = float(np.abs(np.array(answers) - ours["posterior"][:n_sampled]).max())
    work = f"95 % interval over {n_draws} draws, one patient"
    return Line(work, seconds, {"pyagrum": 100.0}, difference, f"{n_sampled} draws")


def many_patients(subject: Subject, n_patients: int = 100_000) -> Line:
    """P(diagnosis | findings) of many patients, each with other findings known."""
    rows = patients(subject, n_patients, seed=2)
    numbered = {subject.mean.index(name): likelihoods for name, likelihoods in rows.items()}
    n_sampled = N_SAMPLED["patients"]
    infer(subject.mean_plan, {v: likelihoods[:1] for v, likelihoods in numbered.items()}, n_patients=1)
    taken, beliefs = timed(lambda: infer(subject.mean_plan, numbered, n_patients=n_patients))
    posterior = beliefs.hub[0] @ subject.mean_plan.indicator(subject.mean.index(DIAGNOSIS))
    twin, standard = to_pyagrum(subject.mean), to_pgmpy(subject.mean)
    elimination = VariableElimination(standard)
    known = [_known(subject, rows, patient) for patient in range(n_sampled)]
    lazy = gum.LazyPropagation(twin)
    lazy.setTargets({DIAGNOSIS})

    def with_pyagrum(states: Mapping[str, str]) -> FloatArray:
        lazy.setEvidence(dict(states))
        lazy.makeInference()
        return np.array(lazy.posterior(DIAGNOSIS)[:])

    programs: dict[str, Callable[[Mapping[str, str]], FloatArray]] = {
        "pyagrum": with_pyagrum,
        "pgmpy": lambda states: ask_pgmpy(standard, [DIAGNOSIS], states, engine=elimination),
    }
    seconds, difference = {"millet": taken}, {}
    for peer, program in programs.items():
        taken, answers = timed(lambda program=program: [program(states) for states in known])
        seconds[peer] = taken * n_patients / n_sampled
        difference[peer] = float(np.abs(np.array(answers) - posterior[:n_sampled]).max())
    return Line(f"{n_patients:,} patients", seconds, {"pyagrum": 200.0}, difference, f"{n_sampled} patients")


WORKS: tuple[Callable[[Subject], Line], ...] = (
    posterior_of_one,
    information_of_all,
    interval_over_draws,
    many_patients,
)


def peak_memory_bytes() -> int:
    """Most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@dataclass(frozen=True)
class Case:
    """One patient in the form that each program wants: states, vectors, numbered rows; and what is unknown."""

    states: dict[str, str]
    vectors: dict[str, FloatArray]
    rows: dict[int, FloatArray]
    unknown: tuple[str, ...]


def _case(subject: Subject, seed: int) -> Case:
    rows = patients(subject, 1, seed, N_OBSERVED)
    return Case(
        states=_known(subject, rows, 0),
        vectors={name: likelihoods[0] for name, likelihoods in rows.items()},
        rows={subject.mean.index(name): likelihoods for name, likelihoods in rows.items()},
        unknown=tuple(name for name in subject.findings if name not in rows),
    )


def _known(subject: Subject, rows: Mapping[str, FloatArray], patient: int) -> dict[str, str]:
    """Names of the states that are known of a patient."""
    vectors = {name: likelihoods[patient] for name, likelihoods in rows.items()}
    return {
        name: subject.mean.states[name][int(vector.argmax())]
        for name, vector in vectors.items()
        if vector.sum() == 1
    }


def _millet_posterior(subject: Subject, case: Case) -> FloatArray:
    plan = subject.mean_plan
    hub: FloatArray = infer(plan, case.rows, n_patients=1).hub[0, 0]
    return hub @ plan.indicator(subject.mean.index(DIAGNOSIS))


def _in_turn(
    work: str,
    programs: Mapping[str, Callable[[Case], FloatArray]],
    cases: list[Case],
    goals: Mapping[str, float],
) -> Line:
    """Each program answers each patient; the median time of each, after one answer to warm up."""
    seconds, answers = {}, {}
    for name, program in programs.items():
        program(cases[0])
        runs = [timed(lambda case=case, program=program: program(case)) for case in cases]
        seconds[name] = median(taken for taken, _ in runs)
        answers[name] = [answer for _, answer in runs]
    difference = {
        peer: max(
            float(np.abs(ours - theirs).max())
            for ours, theirs in zip(answers["millet"], answers[peer], strict=True)
        )
        for peer in programs
        if peer != "millet"
    }
    return Line(work, seconds, goals, difference, f"{len(cases)} patients")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer
