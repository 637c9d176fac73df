"""Every notebook runs from stored results, shows what is committed, and uses public names only."""

from __future__ import annotations

import ast
import os

import nbformat
import pytest
from nbclient import NotebookClient

from tests.support.source import ROOT
from tests.support.waiting import MAX_SECONDS

FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def cells(path, kind):
    """Cells of a notebook of one kind."""
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path):
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=10 * MAX_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(FOLDER)}},
    )
    # raises CellExecutionError with the traceback
    client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [o.text for o in outputs if o.output_type == "stream" and o.name == "stderr"] == []


def test_notebooks_are_committed_with_their_outputs():
    broken = []
    for path in NOTEBOOKS:
        counts = [cell.execution_count for cell in cells(path, "code")]
        is_run = counts == list(range(1, len(counts) + 1)) and any(c.outputs for c in cells(path, "code"))
        if not is_run or path.stat().st_size >= 2e6:
            broken.append(path.name)
    assert broken == [], "run `make notebooks`"


def test_a_notebook_answers_its_question_first():
    """Title, then a paragraph in bold or plain words before any code."""
    broken = []
    for path in NOTEBOOKS:
        first = nbformat.read(path, as_version=4).cells[0]
        title, _, text = first.source.partition("\n")
        is_title = first.cell_type == "markdown" and title.startswith(f"# {int(path.stem.split('_')[0])}. ")
        if not is_title or len(text.strip().split("\n\n")[0]) <= 80:
            broken.append(path.name)
    assert broken == []


def test_notebooks_use_public_names_only():
    broken = []
    for path in NOTEBOOKS:
        tree = ast.parse("\n".join(cell.source for cell in cells(path, "code")))
        names = [n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)]
        imports = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        names += [alias.name for n in imports for alias in n.names]
        broken += [f"{path.name}: {name}" for name in names if name.startswith("_")]
        broken += [f"{path.name}: seaborn" for n in imports if n.module == "seaborn"]
    assert broken == []
