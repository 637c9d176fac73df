"""The documents at the top of the repository say what is there: modules, assumptions, commands, links, words."""

import json
import re
from pathlib import Path

import pytest

from model.cli import parser
from tests.support.documents import code_blocks, commands
from tests.support.source import ROOT, sources, tracked_files

DOCUMENTS = sorted(
    path
    for path in tracked_files()
    if path.suffix == ".md" and (path.parent == ROOT or path.is_relative_to(ROOT / "docs"))
)
TEXT = {path: path.read_text(encoding="utf-8") for path in DOCUMENTS}
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
REGISTER = (ROOT / "docs" / "assumptions.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
ASSUMPTION = re.compile(r"\b(A\d+[a-z]?)\b")


def section(text, heading):
    """Text below a heading of the second level."""
    return text.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def test_the_documents_are_there():
    names = {path.name for path in DOCUMENTS}
    assert {
        "README.md",
        "ARCHITECTURE.md",
        "GLOSSARY.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    } <= names


def test_the_architecture_can_be_read_in_one_sitting():
    assert len(ARCHITECTURE.splitlines()) < 200


def test_every_assumption_of_the_code_is_in_the_register():
    register = re.findall(r"^\| (A\d+[a-z]?) \|", REGISTER, re.MULTILINE)
    assert len(register) == len(set(register)) > 15
    in_code = {
        name
        for path in sources("model", "priors")
        for name in re.findall(r"\b(A\d+[a-z]?):", path.read_text(encoding="utf-8"))
    }
    assert in_code - set(register) == set()


def test_every_assumption_stands_where_the_register_says():
    for line in REGISTER.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)]
        if len(cells) > 4 and ASSUMPTION.fullmatch(cells[1]):
            for name in re.findall(r"`([\w/]+\.\w+)`", cells[4]):
                text = (ROOT / name).read_text(encoding="utf-8")
                assert name.endswith(".csv") or f"{cells[1]}:" in text, f"{cells[1]} is not in {name}"


def test_every_assumption_that_a_document_cites_is_in_the_register():
    register = set(re.findall(r"^\| (A\d+[a-z]?) \|", REGISTER, re.MULTILINE))
    cited = {name for text in TEXT.values() for name in ASSUMPTION.findall(text)}
    assert cited - register == set()


def test_every_link_leads_somewhere():
    broken = [
        f"{path.name}: {target}"
        for path, text in TEXT.items()
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert broken == []


def headings(text):
    """Anchors of the headings of a document."""
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_every_anchor_is_a_heading():
    broken = [
        f"{path.name}: {target}#{anchor}"
        for path, text in TEXT.items()
        for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)]+)\)", text)
        if anchor not in headings((path.parent / target).read_text(encoding="utf-8") if target else text)
    ]
    assert broken == []


def test_every_path_that_is_named_exists():
    """Names in backquotes that look like a path of this repository."""
    tops = "model|priors|tests|app_pages|notebooks|benchmarks|docs|scripts"
    broken = [
        f"{path.name}: {name}"
        for path, text in TEXT.items()
        for name in re.findall(rf"`((?:{tops})/[\w./*-]*)`", text)
        if not list(ROOT.glob(name.rstrip("/")))
    ]
    assert broken == []


def test_the_readme_shows_commands():
    assert len(commands(README)) >= 5


def test_every_command_of_the_readme_is_understood():
    for words in commands(README):
        assert words[1] == parser().parse_args(words[1:]).command.NAME


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        name
        for path in DOCUMENTS
        for words in re.findall(
            r"^make ([a-z ]+?)(?: +#| ARGS|$)|`make ([a-z]+)", path.read_text(encoding="utf-8"), re.M
        )
        for name in " ".join(words).split()
    }
    assert {"app", "test"} <= named
    assert named - targets == set()


@pytest.mark.parametrize("block", code_blocks(README, "python"))
def test_every_example_of_the_readme_runs(block, capsys):
    exec(compile(block, "README.md", "exec"), {})
    assert capsys.readouterr().out.strip()


def test_the_readme_says_what_it_must_not_be_used_for():
    assert "no medical device" in README
    assert "## What it must not be used for" in README


def test_the_changelog_has_its_own_headings():
    version = section(CHANGELOG, re.search(r"^## (\[.*)$", CHANGELOG, re.MULTILINE)[1])
    assert {"### Added", "### Knowledge", "### Results that moved"} <= set(version.splitlines())


def test_the_glossary_is_in_order_and_defines_each_word_once():
    words = re.findall(r"^\| \*\*`?([^*`]+)`?\*\* \|", GLOSSARY, re.MULTILINE)
    assert words == sorted(set(words), key=str.lower)
    assert {"diagnosis", "finding", "state", "fact", "order", "mechanism", "setting"} <= set(words)


def test_the_documents_use_one_word_per_thing():
    other_words = re.compile(r"(?i)\b(?:features?|symptom nodes?|evidence nodes?)\b")
    assert [f"{path.name}: {word}" for path, text in TEXT.items() for word in other_words.findall(text)] == []


def test_notebooks_are_numbered_and_keep_their_outputs():
    paths = [path for path in tracked_files() if path.suffix == ".ipynb"]
    assert Path(ROOT / "notebooks" / "01_knowledge.ipynb") in paths
    for path in paths:
        assert re.fullmatch(r"\d\d_\w+\.ipynb", path.name)
        cells = [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
        assert all(cell["execution_count"] for cell in cells), path.name
        assert any(cell["outputs"] for cell in cells), path.name
