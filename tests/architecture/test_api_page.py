"""docs/api.md is what the docstrings say today."""

import importlib.util

import model
from tests.support.source import ROOT


def load():
    spec = importlib.util.spec_from_file_location("api_page", ROOT / "scripts" / "api_page.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date():
    made = load()
    assert made.PAGE.read_text(encoding="utf-8") == made.page(), "run: python scripts/api_page.py"


def test_every_public_name_stands_on_it_with_what_it_does():
    text = load().page()
    for name in set(model.__all__) - {"__version__"}:
        entry = text.split(f"## `{name}`\n")[1].split("\n## ")[0]
        assert len(entry.split("```")[-1].strip()) > 20, name
