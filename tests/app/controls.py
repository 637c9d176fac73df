"""
Every control of the app, read from its sources: which of Streamlit's widgets are drawn, under which keys.

A key that is put together while the app runs is a pattern: ``finding_*``. A key that cannot be read raises, so that no
control can be missing from the list.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

import streamlit as st

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / "app.py", *sorted((ROOT / "app_pages").rglob("*.py"))]
REACTIONS = {"on_change", "on_click", "on_select"}
WITHOUT_KEY = {"page_link": "stPageLink", "code": "stCode", "dataframe": "stDataFrame"}
"""What acts and shows no key to the page: its test name stands for it. A code block is there to be copied."""

UNSEEN = "seen"
"""What nobody can touch: it tells which picture the browser has."""


class Place(NamedTuple):
    """A module and the function of it that something stands in."""

    module: str
    function: ast.FunctionDef | None


def is_control(name: str) -> bool:
    """Whether one of Streamlit's functions draws something that acts: it takes a callback."""
    found = getattr(st, name, None)
    if name in WITHOUT_KEY:
        return True
    return callable(found) and bool(REACTIONS & set(inspect.signature(found).parameters))


@cache
def trees() -> dict[str, ast.Module]:
    """Dotted name of a module -> its tree."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
        for path in SOURCES
    }


def calls(tree: ast.AST, place: Place) -> Iterator[tuple[ast.Call, Place]]:
    """Every call, with the place that it stands in."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            yield node, place
        yield from calls(node, place._replace(function=node) if isinstance(node, ast.FunctionDef) else place)


@cache
def all_calls() -> tuple[tuple[ast.Call, Place], ...]:
    """Every call of the app."""
    return tuple(found for module, tree in trees().items() for found in calls(tree, Place(module, None)))


@cache
def imported(module: str) -> dict[str, str]:
    """Name in a module -> the dotted name of what it imports under it."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(trees()[module])
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def called(call: ast.Call, place: Place) -> str:
    """The dotted name of the function that is called; empty where that is no function of a module."""
    func, names = call.func, imported(place.module)
    if isinstance(func, ast.Name):
        return names.get(func.id, f"{place.module}.{func.id}")
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
        return f"{names.get(func.value.id, func.value.id)}.{func.attr}"
    return ""


def assigned(name: str, inside: ast.FunctionDef) -> list[ast.expr]:
    """What is assigned to a name in a function."""
    return [
        node.value
        for node in ast.walk(inside)
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]


def argument(name: str, function: ast.FunctionDef, call: ast.Call) -> ast.expr | None:
    """What a call gives for a parameter."""
    places = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    if name in places and places.index(name) < len(call.args):
        return call.args[places.index(name)]
    return next((one.value for one in call.keywords if one.arg == name), None)


def texts(value: ast.expr, place: Place) -> set[str]:
    """
    The texts that an expression can be; ``*`` stands for what the tables give.

    Raises
    ------
    LookupError
        If that cannot be read from the sources.
    """
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return {value.value}
    if isinstance(value, ast.JoinedStr):
        parts = [part_texts(part, place) for part in value.values]
        return {"".join(one) for one in product(*parts)}
    if isinstance(value, ast.Name) and place.function is not None:
        if found := assigned(value.id, place.function):
            return set().union(*(texts(one, place) for one in found))
        arguments = place.function.args
        if value.id in [one.arg for one in (*arguments.args, *arguments.kwonlyargs)]:
            return given(value.id, place)
    raise LookupError(f"{place.module}, line {value.lineno}: cannot read {ast.unparse(value)}")


def given(name: str, place: Place) -> set[str]:
    """The texts that all calls of a function give for a parameter."""
    function = place.function
    found: set[str] = set()
    for call, around in all_calls():
        if called(call, around) == f"{place.module}.{function.name}":
            value = argument(name, function, call)
            if value is None:
                raise LookupError(f"{around.module}, line {call.lineno}: {function.name} gets no {name}")
            found |= texts(value, around)
    return found


def part_texts(part: ast.expr, place: Place) -> set[str]:
    """The texts of a part of an f-string: its own, or those of a blank, where they can be read."""
    if isinstance(part, ast.FormattedValue):
        try:
            return texts(part.value, place)
        except LookupError:
            return {"*"}
    return texts(part, place)


def key_of(call: ast.Call, inside: ast.FunctionDef | None) -> ast.expr | None:
    """The key that a call gives, by name or in a dictionary of the same function."""
    for keyword in call.keywords:
        if keyword.arg == "key":
            return keyword.value
    if inside is None:
        return None
    for keyword in call.keywords:
        if keyword.arg is None and (found := in_dictionary(keyword.value, inside)) is not None:
            return found
    return None


def in_dictionary(value: ast.expr, inside: ast.FunctionDef) -> ast.expr | None:
    """What stands under ``key`` in a dictionary, also in one that was joined from others."""
    if isinstance(value, ast.Dict):
        names = [name.value if isinstance(name, ast.Constant) else None for name in value.keys]
        return value.values[names.index("key")] if "key" in names else None
    if isinstance(value, ast.BinOp):
        return in_dictionary(value.left, inside) or in_dictionary(value.right, inside)
    if isinstance(value, ast.Name):
        return next(filter(None, (in_dictionary(one, inside) for one in assigned(value.id, inside))), None)
    return None


def refuse_hidden(call: ast.Call, place: Place) -> None:
    """A control that a container draws would be missing from the list: whose method that is cannot be read."""
    func = call.func
    if not isinstance(func, ast.Attribute) or not is_control(func.attr):
        return
    if not (isinstance(func.value, ast.Name) and func.value.id in imported(place.module)):
        raise LookupError(
            f"{place.module}, line {call.lineno}: {ast.unparse(func)}; write st.{func.attr} inside `with`"
        )


@cache
def controls() -> dict[str, str]:
    """
    Key, or its pattern, of every control -> where it is drawn.

    Raises
    ------
    LookupError
        If a control has no key, or one that cannot be read, or is drawn by a container.
    """
    found = {}
    for call, place in all_calls():
        kind = called(call, place)
        name = kind.removeprefix("st.")
        if name == kind:
            refuse_hidden(call, place)
            continue
        if not is_control(name):
            continue
        if name in WITHOUT_KEY:
            found[WITHOUT_KEY[name]] = f"{place.module}, line {call.lineno}"
            continue
        key = key_of(call, place.function)
        if key is None:
            raise LookupError(f"{place.module}, line {call.lineno}: {kind} has no key; give one")
        found |= dict.fromkeys(texts(key, place), f"{place.module}, line {call.lineno}")
    return {key: where for key, where in found.items() if key != UNSEEN}


def is_touched(key: str, names: Iterable[str]) -> bool:
    """Whether one of the names, as the page tells them, is that of a control; an exact key does not stand for a pattern."""
    others = controls().keys() - {key}
    return any(fnmatchcase(name, key) and name not in others for name in names)
