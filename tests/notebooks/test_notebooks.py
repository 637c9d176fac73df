"""Every notebook runs from stored results, shows what is committed, and uses public names only."""

from __future__ import annotations

import ast
import os
import time

import nbformat
import pytest
from nbclient import NotebookClient

from tests.support.source import ROOT

FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LONGEST_SECONDS = 150


def cells(path, kind):
    """Cells of a notebook of one kind."""
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path):
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=LONGEST_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(FOLDER)}},
    )
    started = time.perf_counter()
    client.execute(
        env={**os.environ, "PYTHONPATH": str(ROOT)}
    )  # raises CellExecutionError with the traceback
    assert time.perf_counter() - started < LONGEST_SECONDS
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [o.text for o in outputs if o.output_type == "stream" and o.name == "stderr"] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_with_its_outputs(path):
    counts = [cell.execution_count for cell in cells(path, "code")]
    assert counts == list(range(1, len(counts) + 1)), "run `make notebooks`"
    assert any(cell.outputs for cell in cells(path, "code"))
    assert path.stat().st_size < 2e6


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_answers_its_question_first(path):
    """Title, then a paragraph in bold or plain words before any code."""
    first = nbformat.read(path, as_version=4).cells[0]
    assert first.cell_type == "markdown"
    title, _, text = first.source.partition("\n")
    assert title.startswith(f"# {int(path.stem.split('_')[0])}. ")
    assert len(text.strip().split("\n\n")[0]) > 80


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_uses_public_names_only(path):
    tree = ast.parse("\n".join(cell.source for cell in cells(path, "code")))
    private = [n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr.startswith("_")]
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    private += [alias.name for n in imports for alias in n.names if alias.name.startswith("_")]
    assert private == []
    assert "seaborn" not in {n.module for n in imports}
