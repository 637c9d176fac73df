"""Size, names and wording of the source: what ruff and mypy do not look at."""

import ast
import re
import statistics
from collections import Counter

from tests.support.source import ROOT, sources, tracked_files, tree

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


def offenders(paths, found_in):
    """`file: what was found` for every file in which something was found."""
    return [f"{relative(path)}: {found}" for path in paths if (found := found_in(path))]


def test_a_module_has_at_most_400_lines():
    def too_long(path):
        n = len(path.read_text(encoding="utf-8").splitlines())
        return n if n > 400 else None

    assert offenders(PRODUCT, too_long) == []


def test_the_median_module_is_short():
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in sources("model", "priors")]
    assert statistics.median(lengths) <= 200


def test_a_function_has_at_most_50_lines():
    def too_long(path):
        return [f"{node.name} ({length(node)})" for node in functions(path) if length(node) > 50]

    assert offenders(PRODUCT, too_long) == []


def test_most_functions_have_at_most_15_lines():
    lengths = [length(node) for path in sources("model", "priors") for node in functions(path)]
    assert sum(n <= 15 for n in lengths) / len(lengths) > 0.6


def test_what_streamlit_keeps_is_told_apart_by_all_that_it_is_given():
    """A parameter that begins with a stroke is none of the key: what one session asked for was given to all others."""

    def left_out(path):
        kept = [node for node in functions(path) if "cache_" in " ".join(map(ast.dump, node.decorator_list))]
        return [f"{one.name}({arg.arg})" for one in kept for arg in one.args.args if arg.arg.startswith("_")]

    assert offenders(PRODUCT, left_out) == []


def test_no_part_of_a_page_is_drawn_by_a_timer_of_streamlit():
    """What rings while a picture is on its way to the browser takes a part of it along, see `app_pages.shared.tally`."""
    assert (
        offenders(PRODUCT, lambda path: re.findall(r"\brun_every\b", path.read_text(encoding="utf-8"))) == []
    )


def test_a_module_says_what_it_is_for():
    assert [relative(path) for path in PRODUCT if not ast.get_docstring(tree(path))] == []


def test_no_two_modules_say_the_same_of_themselves():
    """Modules of one name in several folders (`results`, `answers`, `page`) are told apart by their first lines."""
    first_lines = Counter(ast.get_docstring(tree(path)).splitlines()[0] for path in PRODUCT)
    assert [line for line, n in first_lines.items() if n > 1] == []


def test_a_folder_of_the_library_says_what_lives_there():
    folders = [path for path in sources("model") if path.name == "__init__.py" and path.parent.parent != ROOT]
    assert len(folders) > 10
    assert [relative(path) for path in folders if len(ast.get_docstring(tree(path)).splitlines()) < 3] == []


def test_no_top_level_folder_has_a_name_with_a_second_meaning():
    folders = {path.relative_to(ROOT).parts[0] for path in tracked_files()}
    # app/ would hide app.py, and pages/ is the old way of telling Streamlit which screens there are
    assert folders & {"app", "pages"} == set()


def test_no_file_names_a_machine_or_a_registry():
    def named(path):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".sh" or path.name == "requirements.txt":
            text = re.sub(r"--no-emit-\S+", "", text)  # the options that keep such names out
        return [name for name in MACHINE if name in text]

    assert len(TEXTS) > 300
    assert offenders(TEXTS, named) == []


def test_nothing_is_left_unfinished():
    def unfinished(path):
        return re.findall(rf"\b(?:{'|'.join(UNFINISHED)})\b", path.read_text(encoding="utf-8"))

    assert offenders([path for path in TEXTS if path.suffix == ".py"], unfinished) == []


def test_no_test_is_skipped_by_its_author():
    def skips(path):
        names = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
        return sorted(names & {"skip", "skipif", "xfail", "importorskip"})

    assert offenders(sources("tests"), skips) == []


def test_no_test_watches_the_clock():
    """What takes how long is measured in benchmarks/; a machine ten times slower passes the same tests."""

    def clocks(path):
        text = path.read_text(encoding="utf-8")
        found = re.findall(r"\b(?:perf_counter|process_time|timeit|wait_for_timeout|deadline=\S+)", text)
        return found if path.name != "conftest.py" or path.parent.name != "tests" else []

    others = [path for path in sources("tests") if path.name != "test_source.py"]
    assert offenders(others, clocks) == []


def test_one_word_per_thing():
    def other_words(path):
        # findings, states and orders, see GLOSSARY.md
        return re.findall(
            r"(?i)\b(?:features?|symptom nodes?|evidence nodes?)\b", path.read_text(encoding="utf-8")
        )

    assert offenders(PRODUCT, other_words) == []


def test_no_screen_defines_a_class():
    def classes(path):
        return [node.name for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)]  # re-executed

    assert offenders(sources("app.py", "app_pages"), classes) == []


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
