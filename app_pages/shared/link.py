"""
A patient as the query of a link and back: ``?f=sex.male~age_years.39~pvs_pattern.present&prior=documents``.

A setting is what the network is asked under: a prior setting, and behind ``@`` the layer of knowledge, unless it is the
usual one. In a link the layer stands by itself: ``knowledge=published``.

Knows: spelling. Must not know: widgets, sessions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import cast

from app_pages.shared.texts import say
from model import Network, encode
from model.errors import MilletError
from model.network.prior import CUSTOM
from model.patient.weights import number
from priors.schema import DEFAULT_LAYER, LAYERS, Layer

MAX_CHARACTERS = 8000  # all findings at once need about 4,000
MIN_WEIGHT, MAX_WEIGHT = 1e-3, 1e6

LAYER_SIGN = "@"

Value = str | float | list[str]


def prior(setting: str) -> str:
    """The prior setting of a setting: a name, or weights as `custom` spells them."""
    return setting.partition(LAYER_SIGN)[0]


def layer(setting: str) -> Layer:
    """The layer of knowledge of a setting."""
    return cast("Layer", setting.partition(LAYER_SIGN)[2] or DEFAULT_LAYER)


def under(prior_setting: str, layer_name: str) -> str:
    """The setting of a prior and a layer; the usual layer is not written."""
    return prior_setting if layer_name == DEFAULT_LAYER else f"{prior_setting}{LAYER_SIGN}{layer_name}"


def written(findings: Mapping[str, Value], setting: str) -> dict[str, str]:
    """Query parameters that `read` turns into the same findings and setting."""
    items = [f"{name}.{_spelled(value)}" for name, value in findings.items()]
    knowledge = {} if layer(setting) == DEFAULT_LAYER else {"knowledge": layer(setting)}
    return ({"f": "~".join(items)} if items else {}) | {"prior": prior(setting)} | knowledge


def _spelled(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return value if isinstance(value, str) else "|".join(value)


def read(
    network: Network, query: Mapping[str, str], settings: Sequence[str]
) -> tuple[dict[str, Value], str, list[str]]:
    """
    Findings, setting and problems of a link; what can be read is kept, whatever else is wrong.

    Parameters
    ----------
    network
        Gives the findings and states that exist.
    query
        Query parameters of the link.
    settings
        Prior settings that exist; the first is taken where the link gives none or an unknown one.
    """
    findings: dict[str, Value] = {}
    problems: list[str] = []
    text = query.get("f", "")
    if len(text) > MAX_CHARACTERS:
        problems.append(say("link.too_long", limit=MAX_CHARACTERS))
        text = ""
    for item in filter(None, text.split("~")):
        name, _, value = item.partition(".")
        if name in findings:
            problems.append(say("link.twice", finding=name[:40]))
        try:
            findings[name] = _value(network, name, value)
        except MilletError as error:
            problems += [problem.partition(", ")[2] or problem for problem in error.problems]
    setting = prior(query.get("prior", settings[0]))
    if setting.partition("~")[0] == CUSTOM:
        setting, wrong = _custom(network, setting[:MAX_CHARACTERS])
        problems += wrong
    if setting not in settings and not weights(setting):
        problems.append(say("link.unknown_setting", setting=setting[:40], settings=", ".join(settings)))
        setting = settings[0]
    wanted = query.get("knowledge", DEFAULT_LAYER)
    if wanted not in LAYERS:
        problems.append(say("link.unknown_layer", layer=wanted[:40], layers=", ".join(LAYERS)))
        wanted = DEFAULT_LAYER
    return findings, under(setting, wanted), problems


def custom(given: Mapping[str, float]) -> str:
    """The prior setting with these relative weights of table rows: ``custom~nmosd.0.5~cns_lymphoma.20``."""
    return "~".join([CUSTOM, *(f"{row}.{weight:g}" for row, weight in given.items())])


def weights(setting: str) -> dict[str, float]:
    """The weights of a setting that `custom` spelled; none for any other setting."""
    name, *items = prior(setting).split("~")
    pairs = (item.partition(".") for item in items if name == CUSTOM)
    return {row: float(weight) for row, _, weight in pairs}


def _custom(network: Network, text: str) -> tuple[str, list[str]]:
    """What can be read of a custom prior, and what cannot."""
    kept: dict[str, float] = {}
    problems = []
    for item in filter(None, text.split("~")[1:]):
        row, _, weight_text = item.partition(".")
        try:
            weight = float(weight_text)
        except ValueError:
            weight = 0.0
        if row in network.knowledge.rows and isfinite(weight) and MIN_WEIGHT <= weight <= MAX_WEIGHT:
            kept[row] = weight
        else:
            problems.append(say("link.bad_weight", item=item[:60]))
    return custom(kept), problems


def _value(network: Network, name: str, text: str) -> Value:
    encode(network, {name: text})
    return normal(network, name, text)


def normal(network: Network, name: str, value: object) -> Value:
    """One spelling per meaning: an age is a float, one state a text, several states a list in axis order."""
    variable = network.knowledge.variables[name]
    if variable.kind == "age" and (years := number(value)) is not None:
        return years
    parts = value.split("|") if isinstance(value, str) else cast("Sequence[str]", value)
    given = {part.strip() for part in parts}
    states = [state for state in variable.state_ids if state in given]
    return states[0] if len(states) == 1 else states
