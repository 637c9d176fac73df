"""What holds for every screen and every text."""

import ast
import re
import tomllib

import pytest

from app_pages.shared.texts import say
from model.errors import StorageError
from tests.app.conftest import ROOT, SCREENS

TEXTS = tomllib.loads((ROOT / "app_pages" / "texts.toml").read_text(encoding="utf-8"))
SOURCES = [ROOT / "app.py", *sorted((ROOT / "app_pages").rglob("*.py"))]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES).replace("'", '"')
WHOLE_SECTIONS = {
    "settings",
    "targets",
    "views",
    "ranks",
    "why_views",
    "why_kinds",
    "why_units",
    "robust_views",
    "drills",
    "goals",
}
WHOLE_SECTIONS |= {"layers", "knowledge_views", "cited", "fact_kinds", "worksheet", "report"}
WHOLE_SECTIONS |= {
    "worths",
    "exercises",
    "months",
    "teach_views",
    "topics",
    "roster_columns",
    "successes",
    "ballot",
    "own",
}
COMPOSED = re.findall(r'say\(\s*f"([a-z_]+)\.([a-z_]*)\{', CODE)
"""Section and beginning of names that are put together while the app runs; the rest of them is a text of the code."""

LIBRARY = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "model").rglob("*.py"))


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_opens_with_the_scope_statement(open_app, screen):
    app = open_app(screen)
    assert not app.exception
    assert any(say("app.scope") in block.proto.body for block in app.get("html"))


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_is_registered_with_its_title(screen):
    assert f'"{screen}"' in (ROOT / "app.py").read_text(encoding="utf-8")
    assert say(f"{screen}.title")


def test_every_text_that_is_asked_for_exists():
    asked = set(re.findall(r'say\(\s*"([a-z_]+\.[a-z_]+)"', CODE))
    assert len(asked) > 40
    assert asked - {f"{section}.{name}" for section, texts in TEXTS.items() for name in texts} == set()


def is_composed(section, name):
    """Whether some screen can put a name together."""
    ends = [
        name.removeprefix(start) for where, start in COMPOSED if where == section and name.startswith(start)
    ]
    return name == "title" or any(f'"{end}"' in CODE or f'"{end}"' in LIBRARY for end in ends)


def test_every_text_is_used():
    unused = [
        f"{section}.{name}"
        for section, texts in TEXTS.items()
        if section not in WHOLE_SECTIONS
        for name in texts
        if f'"{section}.{name}"' not in CODE and not is_composed(section, name)
    ]
    assert unused == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_screen_holds_a_sentence(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if hasattr(node, "body")
            and isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef)}  # fmt: skip
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    said = [text for text in texts if text not in docs and "<" not in text and "{" not in text]
    assert [text for text in said if re.search(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}", text)] == []


def test_draws_that_are_out_of_date_are_named_with_the_remedy(open_app, monkeypatch):
    def refuse(*_, **__):
        raise StorageError("parameters.npz: drawn from other tables; run `millet elicit`")

    open_app()  # a module that is first imported below would keep the refusal
    monkeypatch.setattr("app_pages.shared.answers.load_network", refuse)
    monkeypatch.setattr("app_pages.shared.answers.network", refuse)
    monkeypatch.setattr("app_pages.shared.patient.network", refuse)
    app = open_app()
    assert not app.exception
    assert "millet elicit" in app.error[0].value
