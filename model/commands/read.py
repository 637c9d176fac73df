"""
`millet read`: the findings that a report, a letter or an abstract states.

With ``--json`` a case file (``id``, ``findings``) with what the text states of the patient, for `millet diagnose -`. What it
only thinks of, says of the past or of others is no finding: it is said on standard error, one line each.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from model.commands.common import file_named, print_text
from model.patient.source import report_text
from model.text import counted, table

if TYPE_CHECKING:
    from model.reading.record import FindingValue, Reading, Suggestion
    from priors.schema import KnowledgeBase

NAME = "read"
HELP = "findings that a text states: a report, a letter, an abstract"
LANGUAGES = ("en", "de")
WIDTH = 60
"""Characters of the text that are shown beside a finding."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("file", metavar="FILE", help="text of one patient (UTF-8), or - for standard input")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the text (default: en)")
    parser.add_argument("--json", action="store_true", help="print a case file instead of a table")


def run(options: argparse.Namespace) -> int:
    """Print what the text states."""
    from model.reading.reading import read_text
    from priors import load_knowledge_base

    knowledge = load_knowledge_base()
    found = read_text(report_text(file_named(options.file)), knowledge, options.language)
    if options.json:
        identifier = "text" if options.file == "-" else Path(options.file).stem
        print(json.dumps({"id": identifier, "findings": dict(found.findings)}, indent=2, allow_nan=False))
        for one in found.suggestions:
            if not one.is_certain:
                print(f"millet read: {_left_out(one, knowledge)}", file=sys.stderr)
    else:
        print_text(*_blocks(found, knowledge))
    return 0


def _blocks(found: Reading, knowledge: KnowledgeBase) -> list[str]:
    taken = [one for one in found.suggestions if one.is_certain]
    rows = [(*_named(one, knowledge), _words(one)) for one in taken]
    blocks = [
        table(("finding", "value", "words of the text"), rows) if rows else "The text states no finding."
    ]
    if others := [one for one in found.suggestions if not one.is_certain]:
        blocks.append("Not taken:\n" + "\n".join(_left_out(one, knowledge) for one in others))
    if found.unlisted:
        words = dict.fromkeys(" ".join(one.words.split()).lower() for one in found.unlisted)
        blocks.append(f"Recognised, no finding of the tables: {'; '.join(words)}")
    contradicted = [_named(one, knowledge)[0] for one in found.suggestions if one.is_contradicted]
    if contradicted:
        what = counted(len(contradicted), "finding")
        blocks.append(f"The text says both of {what}: {'; '.join(contradicted)}")
    return blocks


def _named(one: Suggestion, knowledge: KnowledgeBase) -> tuple[str, str]:
    return knowledge.variables[one.finding].label, _value(one.value, one.finding, knowledge)


def _value(value: FindingValue, finding: str, knowledge: KnowledgeBase) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    labels = {state.id: state.label for state in knowledge.variables[finding].states}
    return " or ".join(labels[state] for state in ([value] if isinstance(value, str) else value))


def _words(one: Suggestion) -> str:
    """The words of the first place that counts, on one line."""
    first = next((place for place in one.mentions if place.counts), one.mentions[0])
    words = " ".join(first.words.split())
    return words if len(words) <= WIDTH else f"{words[: WIDTH - 3]}..."


def _left_out(one: Suggestion, knowledge: KnowledgeBase) -> str:
    """A suggestion that is no finding, and why."""
    place = one.mentions[0]
    reason = "of a relative" if place.relative else "uncertain" if place.uncertain else "of the past"
    label, value = _named(one, knowledge)
    return f"{label} = {value}: {reason} ({_words(one)!r})"
