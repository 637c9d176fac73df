"""Size, names and wording of the source: what ruff and mypy do not look at."""

import ast
import re
import statistics

import pytest

from tests.support.source import ROOT, module_name, sources, tracked_files, tree

PRODUCT = sources("model", "priors", "app.py", "app_pages")
ENDINGS = {
    "py",
    "md",
    "toml",
    "csv",
    "json",
    "txt",
    "sh",
    "ipynb",
    "cff",
    "cfg",
    "ini",
    "yml",
    "svg",
    "html",
    "css",
}
NAMES = {"Makefile", "run", "LICENSE", ".gitignore"}
TEXTS = tuple(path for path in tracked_files() if path.suffix[1:] in ENDINGS or path.name in NAMES)

# Written in two parts so that this file does not hold them itself.
MACHINE = [
    *("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/op" + "t/", "/t" + "mp/", "/mn" + "t/", "/Us" + "ers/"),
    *("py" + "pi.org", "pythonho" + "sted.org", "artifact" + "ory", "--index" + "-url", "--find" + "-links"),
]
UNFINISHED = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK", "NotImplemented" + "Error"]


def relative(path):
    return path.relative_to(ROOT).as_posix()


def functions(path):
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(node):
    """Lines of a function without its docstring, which is documentation."""
    docstring = ast.get_docstring(node, clean=False)
    return node.end_lineno - node.lineno + 1 - (docstring.count("\n") + 1 if docstring is not None else 0)


@pytest.mark.parametrize("path", PRODUCT, ids=module_name)
def test_a_module_has_at_most_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_the_median_module_is_short():
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in sources("model", "priors")]
    assert statistics.median(lengths) <= 200


@pytest.mark.parametrize("path", PRODUCT, ids=module_name)
def test_a_function_has_at_most_50_lines(path):
    assert [f"{node.name}: {length(node)} lines" for node in functions(path) if length(node) > 50] == []


def test_most_functions_have_at_most_15_lines():
    lengths = [length(node) for path in sources("model", "priors") for node in functions(path)]
    assert sum(n <= 15 for n in lengths) / len(lengths) > 0.6


@pytest.mark.parametrize("path", PRODUCT, ids=module_name)
def test_a_module_says_what_it_is_for(path):
    assert ast.get_docstring(tree(path))


def test_no_top_level_folder_has_a_name_with_a_second_meaning():
    folders = {path.relative_to(ROOT).parts[0] for path in tracked_files()}
    # app/ would hide app.py, and pages/ is the old way of telling Streamlit which screens there are
    assert folders & {"app", "pages"} == set()


@pytest.mark.parametrize("path", TEXTS, ids=relative)
def test_no_file_names_a_machine_or_a_registry(path):
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".sh" or path.name == "requirements.txt":
        text = re.sub(r"--no-emit-\S+", "", text)  # the options that keep such names out
    assert [name for name in MACHINE if name in text] == []


@pytest.mark.parametrize("path", [path for path in TEXTS if path.suffix == ".py"], ids=relative)
def test_nothing_is_left_unfinished(path):
    text = path.read_text(encoding="utf-8")
    assert [word for word in UNFINISHED if re.search(rf"\b{word}\b", text)] == []


@pytest.mark.parametrize("path", sources("tests"), ids=relative)
def test_no_test_is_skipped_by_its_author(path):
    names = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
    assert names & {"skip", "skipif", "xfail", "importorskip"} == set()


@pytest.mark.parametrize("path", PRODUCT, ids=module_name)
def test_one_word_per_thing(path):
    words = re.findall(
        r"(?i)\b(?:features?|symptom nodes?|evidence nodes?)\b", path.read_text(encoding="utf-8")
    )
    assert words == []  # findings, states and orders, see GLOSSARY.md


@pytest.mark.parametrize("path", sources("app.py", "app_pages"), ids=module_name)
def test_no_screen_defines_a_class(path):
    assert [node.name for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)] == []  # re-executed


def test_the_router_does_no_arithmetic():
    nodes = ast.walk(tree(ROOT / "app.py"))
    assert [ast.unparse(node) for node in nodes if isinstance(node, ast.BinOp)] == []


def test_no_value_that_is_not_a_number_is_made():
    made = [
        f"{relative(path)}:{node.lineno}"
        for path in sources("model", "priors")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"nan", "NaN", "NAN"}
    ]
    assert made == []
