"""The manual: it builds without a warning or the network, holds every public name once, and all its examples run."""

import doctest
import os
import re
import shlex
import subprocess
import sys
from importlib import import_module
from inspect import getdoc, isfunction

import pytest

import model
from model.cli import parser
from tests.support.command import run
from tests.support.documents import FILES, code_blocks, commands
from tests.support.source import ROOT

DOCS = ROOT / "docs"
REFERENCE = {
    path.stem: path.read_text(encoding="utf-8") for path in sorted((DOCS / "reference").glob("*.md"))
}
PAGES = sorted(
    path for folder in ("tutorial", "howto", "explanation") for path in (DOCS / folder).glob("*.md")
)
PUBLIC = [name for name in model.__all__ if name != "__version__"]
SHOWN = re.compile(r"^::: ([\w.]+)$", re.MULTILINE)
AS_IN_PYTEST = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The manual, built where any warning ends the build and no proxy leads anywhere."""
    folder = tmp_path_factory.mktemp("site")
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env=os.environ | nowhere | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (built.returncode, built.stderr) == (0, "")
    return folder


@pytest.mark.slow
def test_no_page_loads_anything_from_elsewhere(site):
    loaded = re.compile(r"""<(?:script|img|iframe|link)\b[^>]*\b(?:src|href)=["']?(?:https?:)?//""")
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 40
    texts = {page: page.read_text(encoding="utf-8") for page in pages}
    assert [str(page.relative_to(site)) for page, text in texts.items() if loaded.search(text)] == []
    assert [str(page.relative_to(site)) for page, text in texts.items() if str(ROOT) in text] == []


@pytest.mark.slow
def test_the_reference_shows_what_tables_of_names_hid(site):
    text = "".join(page.read_text(encoding="utf-8") for page in (site / "reference").glob("*.html"))
    wanted = {
        "model.Network.index",
        "model.Differential.draws",
        "model.Simulated.evidence",
        "model.figures.Figure.save",
        "model.exchange.to_pgmpy",
        "model.robustness.surface.Surface.probabilities",
        "model.robustness.switch.Switches.flips",
        "model.robustness.sweep.Sweep.after",
        "priors.schema.KnowledgeBase.rows",
        "model.errors.MilletError.problems",
        "model.robustness.number.numbers_of",
    }
    assert {name for name in wanted if f'id="{name}"' not in text and f"id={name}" not in text} == set()


def test_every_public_name_stands_on_one_page_of_the_reference():
    shown = [name for text in REFERENCE.values() for name in SHOWN.findall(text)]
    assert sorted(name for name in shown if shown.count(name) > 1) == []
    assert {f"model.{name}" for name in PUBLIC} - set(shown) == set()
    figures = {name for name in import_module("model.figures").__all__ if name != "FloatArray"}
    assert {f"model.figures.{name}" for name in figures} - set(shown) == set()
    exchange = import_module("model.exchange").__all__
    assert {f"model.exchange.{name}" for name in exchange} - set(shown) == set()


def test_every_public_function_has_an_example():
    functions = {name: getattr(model, name) for name in PUBLIC if isfunction(getattr(model, name))}
    assert [name for name, function in functions.items() if ">>>" not in getdoc(function)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_of_a_page_run(page):
    text = "\n".join(code_blocks(page.read_text(encoding="utf-8"), "python"))
    examples = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    said = []
    runner = doctest.DocTestRunner(optionflags=AS_IN_PYTEST)
    runner.run(examples, out=said.append)
    assert "".join(said) == ""


def test_the_commands_of_the_pages_run(tmp_path, monkeypatch, capsys):
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    asked = [words[1:] for page in PAGES for words in commands(page.read_text(encoding="utf-8"))]
    assert len(asked) > 10
    failed = {}
    for words in asked:
        status, _, error = run(capsys, *words)
        if status:
            failed[shlex.join(words)] = error
    assert failed == {}


@pytest.mark.slow
def test_the_help_of_every_command_stands_on_its_page(site):
    page = (site / "reference" / "commands.html").read_text(encoding="utf-8")
    (choices,) = (action.choices for action in parser()._actions if action.choices)
    assert len(choices) > 10
    assert [name for name in choices if f"usage: millet {name} " not in page] == []
