"""
What the model says, asked once per picture and kept for the session.

Knows: which question a screen asks. Must not know: widgets. Only the networks are shared between sessions;
what is said of a patient stays in the patient's own session.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, cast

import streamlit as st

from app_pages.shared import link
from app_pages.shared.texts import ENGLISH, FILES, language, say
from app_pages.shared.waiting import progress, tell
from model import (
    Differential,
    Information,
    Network,
    OrderPlan,
    Orders,
    encode,
    information_of_orders,
    load_knowledge_base,
    load_network,
    plan_orders,
)
from model import biopsy_avoidance as ask_biopsy
from model import posterior as ask_posterior
from model import same_decision as ask_same
from model import value_of_information as ask_information
from model.network.prior import CUSTOM
from model.next_step.stopping import BiopsyAvoidance, SameDecision
from priors.labels import searchable, translated
from priors.schema import DEFAULT_LAYER, KnowledgeBase, Layer

N_KEPT = 24
# Networks in memory: some 150 MB each.
N_NETWORKS = 5
# Patterns of results drawn for an order with too many to list; their standard error is shown.
SAMPLES = 400


@st.cache_resource(show_spinner=say("app.loading"), max_entries=N_NETWORKS)
def _network(setting: str) -> Network:
    weights = link.weights(setting)
    known = link.layer(setting)
    if weights:
        return load_network(setting=CUSTOM, weights=weights, knowledge=known)
    return load_network(setting=link.prior(setting), knowledge=known)


@st.cache_resource(show_spinner=False, max_entries=2 * N_NETWORKS)
def _labelled(setting: str, spoken: str) -> Network:
    base = _network(setting)
    return base if spoken == ENGLISH else base.relabelled(translated(base.knowledge, spoken))


def network(setting: str) -> Network:
    """The network under one setting, as `link` spells it, in the session's language; shared by all sessions."""
    return _labelled(setting, language())


def layer() -> Layer:
    """The layer of knowledge that the session answers from."""
    known = st.session_state.get("known")
    return DEFAULT_LAYER if known is None else link.layer(known.setting)


def usual() -> str:
    """The setting that does not depend on the patient's prior: the first one of the tables, in the session's layer."""
    return link.under(setting_names()[0], layer())


@cache
def _tables(known: Layer, spoken: str) -> KnowledgeBase:
    return translated(load_knowledge_base(layer=known), spoken)


def knowledge() -> KnowledgeBase:
    """The tables, down to the session's layer, under the labels of its language."""
    return _tables(layer(), language())


@cache
def _searchable(known: Layer, spoken: str) -> KnowledgeBase:
    return searchable(_tables(known, spoken), spoken)


def in_all_languages() -> tuple[KnowledgeBase, ...]:
    """The tables under the labels of each language, with all words that the search knows."""
    return tuple(_searchable(layer(), spoken) for spoken in FILES)


@cache
def setting_names() -> tuple[str, ...]:
    """Prior settings of the tables, in table order."""
    return tuple(dict.fromkeys(weight.setting for weight in load_knowledge_base().prior_weights))


def kept(question: str, findings: Mapping[str, object], setting: str, ask: Callable[[], Any]) -> Any:
    """The answer to a question about a patient: asked once, then kept in the session among the latest ones."""
    answers: dict[str, Any] = st.session_state.setdefault("answers", {})
    key = json.dumps([question, setting, sorted(findings.items()), language()])
    if key not in answers:
        tell(0.0)
        answers[key] = ask()
        for oldest in list(answers)[:-N_KEPT]:
            del answers[oldest]
    return answers[key]


def differential(findings: Mapping[str, object], setting: str) -> Differential:
    """
    The differential diagnosis.

    Raises
    ------
    MilletError
        If the findings contradict each other or are impossible.
    """

    def ask() -> Differential:
        net = network(setting)
        return ask_posterior(net, encode(net, findings))

    return cast("Differential", kept("posterior", findings, setting, ask))


def information(findings: Mapping[str, object], setting: str, target: str = "row") -> Information:
    """
    What each finding not yet known would tell about the target.

    Raises
    ------
    MilletError
        As `differential`.
    """

    def ask() -> Information:
        net = network(setting)
        return ask_information(net, encode(net, findings), target=target)

    return cast("Information", kept(target, findings, setting, ask))


def orders(findings: Mapping[str, object], setting: str, target: str) -> Orders:
    """
    What whole orders would tell about the target.

    Raises
    ------
    MilletError
        As `differential`.
    """

    def ask() -> Orders:
        net = network(setting)
        return information_of_orders(net, encode(net, findings), target=target, samples=SAMPLES)

    return cast("Orders", kept(f"orders {target}", findings, setting, ask))


def plan(
    findings: Mapping[str, object], setting: str, target: str, budget: float, costs: Mapping[str, float]
) -> OrderPlan:
    """
    What to order first, and what then, within a budget.

    Raises
    ------
    MilletError
        As `differential`.
    """

    def ask() -> OrderPlan:
        net = network(setting)
        return plan_orders(
            net, encode(net, findings), target=target, budget=budget, costs=costs, progress=progress
        )

    question = f"plan {target} {budget} {sorted(costs.items())}"
    return cast("OrderPlan", kept(question, findings, setting, ask))


def same_decision(findings: Mapping[str, object], setting: str) -> SameDecision:
    """
    Whether the leading table row would still lead if everything were known.

    Raises
    ------
    MilletError
        As `differential`.
    """

    def ask() -> SameDecision:
        net = network(setting)
        return ask_same(net, encode(net, findings))

    return cast("SameDecision", kept("same decision", findings, setting, ask))


def biopsy(findings: Mapping[str, object], setting: str, threshold: float) -> BiopsyAvoidance:
    """
    Which results would lift a table row above a threshold.

    Raises
    ------
    MilletError
        As `differential`.
    """

    def ask() -> BiopsyAvoidance:
        net = network(setting)
        return ask_biopsy(net, encode(net, findings), threshold=threshold, samples=SAMPLES)

    return cast("BiopsyAvoidance", kept(f"biopsy {threshold}", findings, setting, ask))
