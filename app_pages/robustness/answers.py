"""
What is asked about the model's own uncertainty, kept for the session.

Knows: the questions of the screen Robustness. Must not know: widgets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import streamlit as st

from app_pages.shared import answers, patient
from app_pages.shared.waiting import progress
from model import (
    Changes,
    Differential,
    Drivers,
    Knowing,
    Sensitivity,
    encode,
    parameters_of,
    posterior,
    prior_sweep,
    rank_drivers,
    smallest_changes,
    switches,
    two_way,
    value_of_knowing,
)
from model import sensitivity as ask_sensitivity
from model.robustness.number import Numbers, numbers_of
from model.robustness.number_list import NumberList
from model.robustness.surface import Surface
from model.robustness.sweep import Sweep
from model.robustness.switch import Switches

GRID = 25


@st.cache_resource(show_spinner=False, max_entries=answers.N_NETWORKS)
def _parameters(setting: str) -> NumberList:
    return parameters_of(answers.network(setting))


def parameters(setting: str) -> NumberList:
    """All numbers of the network under one setting; shared by all sessions, under the labels of each one's language."""
    shared = _parameters(setting)
    mean = shared.network.relabelled(answers.network(setting).knowledge)
    return replace(shared, rows=replace(shared.rows, network=mean))


@st.cache_resource(show_spinner=False, max_entries=answers.N_NETWORKS)
def numbers(setting: str) -> Numbers:
    """All numbers in every draw under one setting; they know of no patient, so all sessions share them."""
    return numbers_of(answers.network(setting))


def sensitivity() -> Sensitivity:
    """
    What every number does to the answer.

    Raises
    ------
    MilletError
        If the findings are impossible.
    """
    now = patient.now()

    def ask() -> Sensitivity:
        net = answers.network(now.setting)
        return ask_sensitivity(net, encode(net, now.findings), parameters=parameters(now.setting))

    return cast("Sensitivity", answers.kept("sensitivity", now.findings, now.setting, ask))


def surface(first: int, second: int) -> Surface:
    """Two numbers at once."""
    now = patient.now()

    def ask() -> Surface:
        evidence = encode(answers.network(now.setting), now.findings)
        return two_way(parameters(now.setting), evidence, first, second, n=GRID)

    return cast("Surface", answers.kept(f"surface {first} {second}", now.findings, now.setting, ask))


def changed(number: int, value: float) -> Differential:
    """The answer with one number of the model another one on average, and as uncertain as it is."""
    now = patient.now()

    def ask() -> Differential:
        found = parameters(now.setting)
        moved = found.numbers.moved(number, value)
        net = answers.network(now.setting).with_probabilities({found.name(number): moved})
        return posterior(net, encode(net, now.findings))

    return cast("Differential", answers.kept(f"what if {number} {value}", now.findings, now.setting, ask))


def changes(constraint: str) -> Changes:
    """The smallest changes that reach a goal."""
    now = patient.now()

    def ask() -> Changes:
        net = answers.network(now.setting)
        evidence = encode(net, now.findings)
        return smallest_changes(net, evidence, constraint, parameters=parameters(now.setting))

    return cast("Changes", answers.kept(f"goal {constraint}", now.findings, now.setting, ask))


def sweep(diagnosis: str) -> Sweep:
    """The answer over the pre-test probability of one diagnosis."""
    now = patient.now()

    def ask() -> Sweep:
        net = answers.network(now.setting)
        return prior_sweep(net, encode(net, now.findings), diagnosis)

    return cast("Sweep", answers.kept(f"sweep {diagnosis}", now.findings, now.setting, ask))


def knowing() -> Knowing:
    """Which number would be worth knowing."""
    now = patient.now()

    def ask() -> Knowing:
        net = answers.network(now.setting)
        return value_of_knowing(
            net, encode(net, now.findings), numbers=numbers(now.setting), progress=progress
        )

    return cast("Knowing", answers.kept("knowing", now.findings, now.setting, ask))


def drivers() -> Drivers:
    """Which numbers decide over the draws who leads."""
    now = patient.now()

    def ask() -> Drivers:
        net = answers.network(now.setting)
        return rank_drivers(net, encode(net, now.findings), numbers=numbers(now.setting), progress=progress)

    return cast("Drivers", answers.kept("drivers", now.findings, now.setting, ask))


def switched(each: Callable[[Switches], None]) -> Switches:
    """Every assumption switched; while it is worked out, `each` is told what is known so far."""
    now = patient.now()

    def ask() -> Switches:
        net = answers.network(now.setting)
        return switches(net, encode(net, now.findings), progress=progress, each=each)

    return cast("Switches", answers.kept("switches", now.findings, now.setting, ask))
