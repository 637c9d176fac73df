"""
What must be true of the shape that the tables give the network: states, arcs, orders, scales, weights.

Knows: how the tables refer to each other. Must not know: files, records, probabilities.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise, product
from typing import Final

from priors.rules import HUB, MAX_AGE, number, numbers, ordered, state_problems
from priors.tables import Problem, Tables, nearest

AGE_BIN: Final = re.compile(r"age_(\d+)_(\d+)")


def enough_states(tables: Tables) -> Iterator[Problem]:
    """A variable has two states or more, a binary one exactly two; one state at most is the reference."""
    for row in tables["findings"]:
        states = tables.states_of(row["id"])
        if len(states) < 2 or (row["kind"] == "binary" and len(states) != 2):
            allowed = "exactly two" if row["kind"] == "binary" else "two or more"
            message = f"{row['id']!r} has {len(states)} states; a {row['kind']} finding has {allowed}"
            yield row.error(message, "add or remove rows in states.csv")
        marked = [state["id"] for state in states if state["reference"]]
        if len(marked) > 1 or (row["kind"] == "binary" and marked != [state["id"] for state in states[:1]]):
            message = f"{row['id']!r} has the reference states {', '.join(marked) or 'none'}"
            yield row.error(message, "mark one state with yes: of a binary finding the first, its absence")


def age_bins(tables: Tables) -> Iterator[Problem]:
    """The bins of an age are called `age_35_40`, meaning [35, 40) years, and have no gap."""
    ages = {row["id"] for row in tables["findings"] if row["kind"] == "age"}
    for age in sorted(ages):
        rows = tables.states_of(age)
        bins = [(row, AGE_BIN.fullmatch(row["id"])) for row in rows]
        for row, match in bins:
            if match is None or not int(match[1]) < int(match[2]) <= MAX_AGE + 1:
                remedy = f"write age_35_40 for [35, 40), up to {MAX_AGE + 1}"
                yield row.error(f"{row['id']!r} is no age bin", remedy)
        for (_, left), (row, right) in pairwise(bins):
            if left and right and left[2] != right[1]:
                message = f"bin {row['id']!r} does not begin where the one before ends, at {left[2]}"
                yield row.error(message, "close the gap or remove the overlap")


def no_cycles(tables: Tables) -> Iterator[Problem]:
    """The hierarchy of diagnoses is a forest and the arcs of the network have no cycle."""
    hierarchy = [(row["id"], row["parent"]) for row in tables["diagnoses"] if row["parent"]]
    yield from _cycle(tables.file("diagnoses"), hierarchy, "give one of them another parent")
    arcs = {(row["child"], row["parent"]) for row in tables["links"] if row["child"] and row["parent"]}
    upstream = {parent for child, parent in arcs if child == HUB}
    downstream = {row["id"] for row in tables["findings"] if row["role"] in ("finding", "ms_axis")} - upstream
    arcs |= {(child, HUB) for child in downstream}
    yield from _cycle(tables.file("links"), arcs, "remove one of these arcs")


def _cycle(file: str, arcs: Iterable[tuple[str, str]], remedy: str) -> Iterator[Problem]:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for child, parent in sorted(arcs):
        sorter.add(child, parent)
    try:
        sorter.prepare()
    except CycleError as cause:
        yield Problem("error", file, 0, f"cycle: {' -> '.join(cause.args[1])}", remedy)


def table_rows(tables: Tables) -> Iterator[Problem]:
    """A row of the printed tables stands at the top of the hierarchy; parts share the group of the whole."""
    group = {row["id"]: row["group"] for row in tables["diagnoses"]}
    for row in tables["diagnoses"]:
        if row["table_row"] and row["parent"]:
            yield row.error(f"{row['id']!r} is a table row and has a parent", "clear one of the two")
        if row["parent"] in group and group[row["parent"]] != row["group"]:
            message = f"group {row['group']!r} differs from that of its parent, {group[row['parent']]!r}"
            yield row.error(message, "results by group need one group per table row")


def links_complete(tables: Tables) -> Iterator[Problem]:
    """An arc with a direction says which state of which parent moves which state of the child."""
    for row in tables["links"]:
        if row["child"] and row["child"] == row["parent"]:
            yield row.error(f"{row['child']!r} is its own parent", "name another parent")
        if row["direction"] != "none" and not (row["parent_state"] and row["child_state"]):
            message = f"direction {row['direction']!r} without parent_state or child_state"
            yield row.error(message, "fill in both, or write none as direction")


def exclusions_between_findings(tables: Tables) -> Iterator[Problem]:
    """An exclusion is between two findings and stands in the table once."""
    seen: set[frozenset[tuple[str, str]]] = set()
    for row in tables["exclusions"]:
        pair = frozenset({(row["finding"], row["state"]), (row["other"], row["other_state"])})
        if row["finding"] == row["other"]:
            yield row.error(
                f"{row['finding']!r} excludes itself", "states of one finding exclude each other anyway"
            )
        elif pair in seen:
            yield row.error(
                "this exclusion stands in the table the other way round", "remove one of the two rows"
            )
        seen.add(pair)


def orders_in_range(tables: Tables) -> Iterator[Problem]:
    """Positions differ, cost is 0 to 10, delay in days, invasiveness 0 to 3; every finding has an order."""
    taken: dict[str, str] = {}
    for row in tables["orders"]:
        yield from numbers(row, ("position", "delay_days"), 0, math.inf)
        yield from numbers(row, ("cost",), 0, 10)
        yield from numbers(row, ("invasiveness",), 0, 3)
        if row["position"] and not row["position"].isdigit():
            yield row.error(
                f"position {row['position']!r} is no whole number", "number the orders 1, 2, 3, ..."
            )
        other = taken.setdefault(row["position"], row["id"])
        if other != row["id"]:
            yield row.error(f"position {row['position']} is that of {other!r} already", "give it its own")
    used = set(tables.ids("findings", "order"))
    for row in tables["orders"]:
        if row["id"] and row["id"] not in used and not row["hazard"]:  # a brain biopsy is there to be spared
            yield row.warning(
                f"no finding is obtained by {row['id']!r}", "name it in findings.csv, or say its hazard"
            )
    for row in tables["findings"]:
        if row["role"] in ("finding", "context") and not row["order"]:
            message = f"{row['id']!r} has no order: it is never suggested"
            yield row.error(message, nearest("", tables.ids("orders")))


def unambiguous_names(tables: Tables) -> Iterator[Problem]:
    """No two findings and no two diagnoses share a label; synonyms are search words and may be shared."""
    for table in ("findings", "diagnoses"):
        owner: dict[str, str] = {}
        for row in tables[table]:
            other = owner.setdefault(row["label"].casefold(), row["id"])
            if row["label"] and other != row["id"]:
                yield row.error(
                    f"label {row['label']!r} is that of {other!r} already", "choose another label"
                )


def scales_in_range(tables: Tables) -> Iterator[Problem]:
    """The 5 %, 50 % and 95 % points rise; they are odds ratios from 1, or probabilities that never reach 0 or 1."""
    points = ("low", "median", "high")
    for row in tables["scales"]:
        yield from ordered(row, points)
        if row["scale"] == "odds_ratio":
            yield from numbers(row, points, 1, math.inf)
            continue
        yield from numbers(row, points, 0, 1)
        if any(number(row[column]) in (0, 1) for column in points):
            yield row.error("a point is 0 or 1: certainty makes evidence impossible", "use 0.001 or 0.999")


def mechanisms_complete(tables: Tables) -> Iterator[Problem]:
    """Every mechanism has an odds ratio and two findings or more; a finding hangs on one mechanism at most."""
    mechanisms = {row["id"]: row for row in tables["findings"] if row["role"] == "mechanism"}
    ratios = {row["term"] for row in tables["scales"] if row["scale"] == "odds_ratio"}
    members = [row for row in tables["links"] if row["direction"] == "mechanism"]
    for name, row in mechanisms.items():
        if name not in ratios:
            yield row.error(f"scales.csv has no odds ratio for {name!r}", "add a row on the scale odds_ratio")
        if len({member["child"] for member in members if member["parent"] == name}) < 2:
            yield row.error(f"{name!r} has fewer than two findings in links.csv", "add findings, or drop it")
    seen: set[str] = set()
    for member in members:
        if member["parent"] not in mechanisms:
            yield member.error(f"{member['parent']!r} is no mechanism", "name a finding of role mechanism")
        if member["child"] in seen:
            yield member.error(f"{member['child']!r} hangs on two mechanisms", "keep one")
        seen.add(member["child"])


def roots_complete(tables: Tables) -> Iterator[Problem]:
    """Every state of a variable without parents (context, protocol) has a share on the scale `root`."""
    states = tables.states()
    children = set(tables.ids("links", "child"))
    roots = [row["id"] for row in tables["findings"] if row["role"] in ("context", "protocol")]
    wanted = {f"{root}={state}" for root in roots if root not in children for state in states.get(root, ())}
    rows = {row["term"]: row for row in tables["scales"] if row["scale"] == "root"}
    for term in sorted(wanted - set(rows)):
        yield Problem(
            "error", tables.file("scales"), 0, f"no row gives {term!r} on the scale 'root'", "add one"
        )
    for term in sorted(set(rows) - wanted):
        yield rows[term].error(f"{term!r} is no state of a root", nearest(term, wanted))


def weights_complete(tables: Tables) -> Iterator[Problem]:
    """In every setting every leaf has a weight, whatever the region and ancestry; weights are positive."""
    states = tables.states()
    for row in tables["prior_settings"]:
        points = ("low", "median", "high")
        yield from numbers(row, points, 0, math.inf)
        yield from ordered(row, points)
        if number(row["median"]) == 0:
            yield row.error(
                "the weight is 0: no evidence could ever bring the diagnosis back", "make it small"
            )
        for column in ("region", "ancestry"):
            for state in row.many(column):
                yield from state_problems(row, column, column, state, states)
    places = tuple(product(states.get("region", ("",)), states.get("ancestry", ("",))))
    for setting in dict.fromkeys(tables.ids("prior_settings", "setting")):
        for leaf in states[HUB]:
            yield from _missing_weight(tables, setting, leaf, places)


def _missing_weight(
    tables: Tables, setting: str, leaf: str, places: tuple[tuple[str, str], ...]
) -> Iterator[Problem]:
    rows = [row for row in tables["prior_settings"] if (row["setting"], row["diagnosis"]) == (setting, leaf)]
    missing = [
        place
        for place in places
        if not any(row["region"] in ("", place[0]) and row["ancestry"] in ("", place[1]) for row in rows)
    ]
    if missing:
        where = "" if len(missing) == len(places) else f" for {' and '.join(filter(None, missing[0]))}"
        message = f"setting {setting!r} gives {leaf!r} no weight{where}"
        yield Problem("error", tables.file("prior_settings"), 0, message, "add a row for it")


RULES: Final[tuple[Callable[[Tables], Iterator[Problem]], ...]] = (
    enough_states,
    age_bins,
    no_cycles,
    table_rows,
    links_complete,
    exclusions_between_findings,
    orders_in_range,
    unambiguous_names,
    scales_in_range,
    mechanisms_complete,
    roots_complete,
    weights_complete,
)
"""Every rule of this module, in the order in which its problems are shown."""
