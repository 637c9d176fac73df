"""
`millet find`: findings by words of their labels, synonyms and states; or that the model does not have them.

JSON keys: ``version``, ``digest`` (of the tables), ``scope``, ``words``, ``findings`` (the best first:
``finding``, ``label``, ``order``, ``state`` (the one that was meant, or null), ``states``: identifier ->
label), ``not_modelled`` (what is known to be left out: ``term``, ``label``, ``note``, ``instead``: findings
that come nearest), ``diagnoses`` (they are inferred), ``others`` (diseases that count with `other`) and ``orders``
(examinations of which a whole name was given).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from model.commands.common import add_output_options, existing_folder, print_json, print_text
from model.errors import plain
from model.patient.search import Found, Hit, search
from model.text import SCOPE, table
from priors import load_knowledge_base
from priors.schema import KnowledgeBase

NAME = "find"
HELP = "search the findings by words, and learn what is not in the model"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("words", nargs="+", metavar="WORD", help="such as: short cord lesion")
    parser.add_argument(
        "--tables", metavar="FOLDER", type=Path, help="folder of tables (default: those of the package)"
    )
    add_output_options(parser, top=8)


def run(options: argparse.Namespace) -> int:
    """Print what was found."""
    from model import __version__

    tables = load_knowledge_base(None if options.tables is None else existing_folder(options.tables))
    words = " ".join(options.words)
    found = search(tables, words)
    if options.json:
        head = {"version": __version__, "digest": tables.digest, "scope": SCOPE, "words": words}
        print_json({**head, **found_json(tables, found, options.top)})
    else:
        print_text(*_text(tables, words, found, options.top))
    return 0


def found_json(tables: KnowledgeBase, found: Found, top: int) -> dict[str, object]:
    """What was found with the keys that the module describes."""
    terms = [tables.not_modelled[name] for name in found.not_modelled]
    return {
        "findings": [_hit_json(tables, hit) for hit in found.hits[:top]],
        "not_modelled": [
            {"term": one.id, "label": one.label, "note": one.note, "instead": list(one.instead)}
            for one in terms
        ],
        "diagnoses": list(found.diagnoses),
        "others": list(found.others),
        "orders": list(found.orders),
    }


def _hit_json(tables: KnowledgeBase, hit: Hit) -> dict[str, object]:
    variable = tables.variables[hit.finding]
    return {
        "finding": hit.finding,
        "label": variable.label,
        "order": variable.order,
        "state": hit.state or None,
        "states": {state.id: state.label for state in variable.states},
    }


def _text(tables: KnowledgeBase, words: str, found: Found, top: int) -> list[str]:
    blocks = []
    if found.hits:
        shown = found.hits[:top]
        cells = [_cells(tables, hit) for hit in shown]
        blocks.append(table(("finding", "label", "states"), cells))
        if len(found.hits) > len(shown):
            blocks.append(f"and {len(found.hits) - len(shown)} more: --top {len(found.hits)}")
    for name in found.not_modelled:
        term = tables.not_modelled[name]
        nearest = f" Nearest: {', '.join(term.instead)}." if term.instead else ""
        blocks.append(f"Not in the model: {term.label}. {term.note}{nearest}")
    blocks += _inferred(tables, found, top)
    return blocks or [f"{plain(words)}: not in the model."]


def _inferred(tables: KnowledgeBase, found: Found, top: int) -> Iterator[str]:
    """A line for each thing that is no finding but follows from findings, or gives them."""
    for name in found.orders:
        yield f"{tables.orders[name].label} ({name}) is an order: give its findings."
    axes = dict.fromkeys(
        hit.finding for hit in found.hits[:top] if tables.variables[hit.finding].role == "ms_axis"
    )
    if axes:
        yield f"{' and '.join(axes)}: inferred, `millet diagnose` gives it; give it only where it is known."
    for name in found.diagnoses:
        yield f"{tables.diagnoses[name].label} ({name}) is a diagnosis: inferred, no finding; `millet diagnose` gives it."
    if found.others:
        label = tables.diagnoses["other"].label
        yield f"{'; '.join(found.others)}: inferred, no finding; counts with {label!r} (other)."


def _cells(tables: KnowledgeBase, hit: Hit) -> tuple[str, str, str]:
    variable = tables.variables[hit.finding]
    states = "an age in years" if variable.kind == "age" else "|".join(variable.state_ids)
    return hit.finding, variable.label, f"{states} (meant: {hit.state})" if hit.state else states
