"""
The knowledge base as a Frictionless data package: a folder with `datapackage.json` and one CSV file for each table.

Cells are those of the tables, unchanged; the files of facts, and those of cohorts, are merged. No number of it comes from
the network. Knows: tables, codes, the descriptor of a package. Must not know: stored draws, networks.

References
----------
Frictionless Data, Tabular Data Package 1: https://specs.frictionlessdata.io/tabular-data-package/
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from model.errors import StorageError, plain
from model.exchange.table_schema import CODES, SOURCE, WORDS, columns_of, resource_name, schema_of
from model.files import replacing
from model.text import SCOPE
from priors.checks import DEFAULT_FOLDER
from priors.codes import load_codes
from priors.loading import down_to, load_knowledge_base
from priors.schema import DEFAULT_LAYER
from priors.tables import COLUMNS, FACTS, OPTIONAL, PUBLICATIONS, Tables, read_tables

if TYPE_CHECKING:
    from priors.codes import Code
    from priors.schema import KnowledgeBase, Layer, Source
    from priors.tables import Row

DESCRIPTOR: Final = "datapackage.json"

ABOUT: Final = (
    "What Millet knows of brain miliary enhancement, multiple sclerosis and what looks like them. Statements of documents "
    "and figures of cohorts are in our own words, with their place; each resource says in `rests_on` what it rests on."
)
JUDGEMENT: Final = (
    "The resources `judgement_cells` and `judgement_ages` are the judgement of a language model: no source, not the "
    "opinion of clinicians, no observation. Do not cite them as evidence, and do not pool them with cohorts."
)
LICENCE: Final = {
    "name": "MIT",
    "title": "MIT License, copyright (c) 2026 The Millet authors",
    "path": "https://opensource.org/license/mit",
}

Rows = Iterable[Sequence[str]]


def write_data_package(
    target: Path, folder: Path | None = None, layer: Layer = DEFAULT_LAYER
) -> Mapping[str, int]:
    """
    Write the tables down to a layer as a data package; the number of rows by resource.

    The descriptor is written last, and holds length and SHA-256 of every file. What an earlier package in the same folder
    had and this one has not is removed.

    Parameters
    ----------
    target
        A folder that is new, empty, or holds an earlier package and nothing else.
    folder
        Tables; those of Millet if left out.
    layer
        ``documents``, ``published`` or ``full``; only the last has the resources of judgement.

    Raises
    ------
    KnowledgeError
        If the tables are broken.
    StorageError
        If the folder holds anything else, or cannot be written.
    """
    knowledge = load_knowledge_base(folder, layer)
    tables = down_to(layer, read_tables(folder or DEFAULT_FOLDER))
    _refuse_other_files(target)
    resources, counts = [], {}
    cited = _cited(knowledge)
    for table, rows in _contents(tables, load_codes(knowledge, folder), cited):
        name = resource_name(table)
        content = _csv((columns_of(table), *rows))
        _write(target / f"{name}.csv", content)
        resources.append(_resource(table, content))
        counts[name] = len(rows)
    _write(target / DESCRIPTOR, _json(_descriptor(knowledge, resources, cited.values())))
    for name in set(WORDS) - set(counts):
        with suppress(FileNotFoundError):
            (target / f"{name}.csv").unlink()
    return counts


def _contents(
    tables: Tables, codes: Sequence[Code], publications: Collection[str]
) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Tables that the layer has, each with its rows as cells in the order of its columns; publications that are cited."""
    for table in COLUMNS:
        rows = tables[table]
        if table == PUBLICATIONS:
            rows = tuple(row for row in rows if row["id"] in publications)
        if rows or table not in OPTIONAL:
            yield table, [tuple(_cell(table, row, column) for column in columns_of(table)) for row in rows]
    if codes:
        yield CODES, [(c.kind, c.id, "|".join(c.states), c.code, c.label, c.match) for c in codes]


def _cell(table: str, row: Row, column: str) -> str:
    return row["id"].split("-")[0] if (table, column) == (FACTS, SOURCE) else row[column]


def _resource(table: str, content: bytes) -> dict[str, object]:
    name = resource_name(table)
    words = WORDS[name]
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "title": words["title"],
        "description": words["description"],
        "rests_on": words["rests_on"],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema_of(table),
    }


def _descriptor(
    knowledge: KnowledgeBase, resources: list[dict[str, object]], cited: Iterable[Source]
) -> dict[str, object]:
    from model import __version__

    parts = (ABOUT, JUDGEMENT, SCOPE) if knowledge.judged else (ABOUT, SCOPE)
    return {
        "profile": "tabular-data-package",
        "name": "millet-knowledge",
        "title": "Millet: the knowledge base",
        "description": " ".join(parts),
        "version": __version__,
        "knowledge": knowledge.layer,
        "digest": knowledge.digest,
        "licenses": [LICENCE],
        "contributors": [{"title": "The Millet authors", "role": "author"}],
        "keywords": ["differential diagnosis", "neuroradiology", "multiple sclerosis", "miliary enhancement"],
        "resources": resources,
        "sources": [_source(source) for source in (*knowledge.sources.values(), *cited)],
    }


def _cited(knowledge: KnowledgeBase) -> dict[str, Source]:
    """Publications that a fact of the layer names."""
    used = {fact.publication for fact in knowledge.facts.values()}
    return {name: source for name, source in knowledge.publications.items() if name in used}


def _source(source: Source) -> dict[str, str]:
    """A source as a package names it; an address only if it is one."""
    is_page = source.address.startswith(("https://", "http://"))
    return {"title": source.citation or source.title, **({"path": source.address} if is_page else {})}


def _refuse_other_files(target: Path) -> None:
    ours = {DESCRIPTOR, *(f"{name}.csv" for name in WORDS)}
    if target.exists() and not target.is_dir():
        raise StorageError(f"{plain(str(target))}: is a file; a data package is a folder; give another path")
    others = (
        sorted(path.name for path in target.iterdir() if path.name not in ours) if target.is_dir() else []
    )
    if others:
        raise StorageError(
            f"{plain(str(target))}: holds {plain(others[0])}; allowed is a new or empty folder, or an earlier package; "
            "give another path"
        )


def _csv(rows: Rows) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def _json(content: Mapping[str, object]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _write(path: Path, content: bytes) -> None:
    with replacing(path) as aside:
        aside.write_bytes(content)


__all__ = ["DESCRIPTOR", "write_data_package"]
