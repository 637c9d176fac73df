"""Who may import whom: the law is read from ARCHITECTURE.md, the imports from the source and a running interpreter."""

import ast
import json
import re
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter

import pytest

import model
from tests.support.source import ROOT, imports, module_name, sources, tree

# Packages that only one place may import, whatever the law says.
SOLE_IMPORTER = {
    "pymc": ("model.elicitation",),
    "pytensor": ("model.elicitation",),
    "arviz": ("model.elicitation",),
    "nutpie": ("model.elicitation",),
    "pgmpy": ("model.exchange.standard",),
    "fpdf": ("model.pages.patient_pdf", "model.pages.worksheet_pdf"),
    "segno": ("model.figures.qr",),
    "matplotlib": ("model.figures.ink", "model.figures.vector"),
    "fontTools": ("model.figures.vector",),
    "spacy": ("model.reading",),
    "streamlit": ("app", "app_pages", "model.commands.app"),
}

# Packages that take long to load, and the places that may load them together with themselves.
LOADED_AT_ONCE = {
    "pandas": ("app", "app_pages"),
    "altair": (),
    "matplotlib": (),
    "fpdf": (),
    "spacy": (),
    "pymc": ("model.elicitation",),
    "pytensor": ("model.elicitation",),
    "arviz": ("model.elicitation",),
    "nutpie": ("model.elicitation",),
    "pgmpy": ("model.exchange.standard",),
}
HEAVY = (*LOADED_AT_ONCE, "streamlit", "scipy.stats", "numba")

PUBLIC_NAMES = "model"
"""The module whose table of public names points at every folder; it alone is exempt from the law and from cycles."""

PRODUCT = sources("model", "priors", "app.py", "app_pages")
NAMES = {module_name(path) for path in PRODUCT}


@cache
def every_import():
    """Every import of the product, read when the first test asks."""
    return [found for path in PRODUCT for found in imports(path)]


def is_below(name: str, *packages: str) -> bool:
    """Whether a dotted name is one of the packages or something inside one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def rows(header: str) -> list[list[str]]:
    """Cells of the table of ARCHITECTURE.md that begins with this header."""
    lines = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split(f"\n{header}\n")[1].splitlines()[1:]
    table = lines[: next(i for i, line in enumerate(lines) if not line.startswith("|"))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def quoted(cell: str) -> list[str]:
    """Names in backquotes."""
    return re.findall(r"`([\w.]+)`", cell)


def base() -> set[str]:
    """What the law calls the base."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    return set(quoted(next(line for line in text.splitlines() if line.startswith("The base: "))))


def the_law() -> dict[str, tuple[set[str], set[str]]]:
    """Place -> what it may use of ours and of others."""
    law: dict[str, tuple[set[str], set[str]]] = {}
    alike = {}
    for who, ours, others, _ in rows("| who | may use of ours | and of others | must not know |"):
        for place in quoted(who):
            law[place] = set(quoted(ours)) | (base() if "the base" in ours else set()), set(quoted(others))
            if ours.startswith("as "):
                alike[place] = quoted(ours)[0]
    for place, other in alike.items():
        law[place] = {other, *law[other][0]} if is_below(place, other) else law[other][0], law[place][1]
    return law


def named_pairs() -> set[tuple[str, str]]:
    """Arrows that the law names one by one."""
    table = rows("| who | may use | because |")
    assert all(len(reason) > 10 for *_, reason in table)
    return {(a, b) for who, whom, _ in table for a in quoted(who) for b in quoted(whom)}


LAW, PAIRS = the_law(), named_pairs()


def place_of(name: str) -> str:
    """The longest place of the law that covers a module; empty if none does."""
    return max((place for place in LAW if is_below(name, place)), key=len, default="")


def folder_of(name: str) -> str:
    """`model.why` of `model.why.weight`, `priors` of all below it, the module itself elsewhere."""
    return "priors" if is_below(name, "priors") else ".".join(name.split(".")[:2])


def is_named(importer: str, imported: str) -> bool:
    """Whether the law names this arrow; `model` alone means its public names, not what is below."""
    return any(
        is_below(importer, a) and (imported == b if b == PUBLIC_NAMES else is_below(imported, b))
        for a, b in PAIRS
    )


def breaks_the_law(found) -> bool:
    ours, others = LAW.get(place_of(found.importer), (set(), set()))
    if found.is_standard or folder_of(found.imported) == folder_of(found.importer):
        return False
    allowed = is_below(found.imported, *ours, *others)
    return not allowed and not is_named(found.importer, found.imported)


def test_the_walk_sees_imports_of_every_kind():
    assert len(every_import()) > 1000
    assert any(found.imported == "priors.schema" for found in every_import())
    assert any(not found.at_load and not found.for_types for found in every_import())
    assert any(found.for_types and found.importer == "model" for found in every_import())
    assert any(found.top == "numpy" for found in every_import())


def test_the_law_covers_every_module_and_names_nothing_that_is_gone():
    assert len(LAW) > 20
    assert [name for name in NAMES if not place_of(name) and name != PUBLIC_NAMES] == []
    tops = ("model", "priors", "app", "app_pages")
    named = set(LAW) | {name for ours, _ in LAW.values() for name in ours}
    named |= {name for pair in PAIRS for name in pair}
    assert [name for name in named if is_below(name, *tops) and name not in NAMES] == []


def test_every_import_is_within_the_law():
    assert [
        str(found) for found in every_import() if found.importer != PUBLIC_NAMES and breaks_the_law(found)
    ] == []


def test_the_law_allows_nothing_that_nobody_uses():
    arrows = [(found.importer, found.imported) for found in every_import()]
    unused = [(a, b) for a, b in PAIRS if not any(is_below(x, a) and is_below(y, b) for x, y in arrows)]
    assert unused == []


def test_the_questions_know_each_other_only_where_the_law_names_it():
    questions = ("model.next_step", "model.why", "model.robustness", "model.validation")
    broken = [(q, other) for q in questions for other in LAW[q][0] if other in questions or other == "model"]
    assert broken == []


def cycle(arrows) -> list[str]:
    """Modules that import each other in a circle; empty if there is none."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for importer, imported in arrows:
        sorter.add(importer, imported)
    try:
        sorter.prepare()
    except CycleError as error:
        return error.args[1]
    return []


def arrows_between(name_of):
    """Importer and imported of every import of ours, as `name_of` names them, but for the table of public names."""
    found = {
        (name_of(one.importer), name_of(one.imported)) for one in every_import() if one.imported in NAMES
    }
    return {(a, b) for a, b in found if a != b and PUBLIC_NAMES not in (a, b)}


def test_no_modules_import_each_other_in_a_circle_of_any_length():
    assert cycle([("a", "b"), ("b", "c"), ("c", "a")])
    assert cycle(arrows_between(lambda name: name)) == []


def test_no_folders_import_each_other_in_a_circle_of_any_length():
    assert cycle(arrows_between(folder_of)) == []


def test_a_package_with_one_home_is_used_there_and_nowhere_else():
    broken = [
        str(found)
        for found in every_import()
        if not is_below(found.importer, *SOLE_IMPORTER.get(found.top, ("", found.importer)))
    ]
    assert broken == []
    assert set(SOLE_IMPORTER) - {found.top for found in every_import()} == set()


def test_a_heavy_package_is_imported_inside_functions():
    at_load = [found for found in every_import() if found.at_load and found.top in LOADED_AT_ONCE]
    broken = [str(found) for found in at_load if not is_below(found.importer, *LOADED_AT_ONCE[found.top], "")]
    assert broken == []


def loaded_by(statement: str) -> list[str]:
    """Modules in memory after a statement has run in a fresh interpreter."""
    code = f"import sys, json\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return json.loads(result.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    "statement",
    [
        "import model",
        "import priors; priors.load_knowledge_base(); priors.check()",
        "from model import load_network, encode, posterior, value_of_information, explain",
        "import model.cli",
    ],
)
def test_loading_the_library_loads_nothing_heavy(statement):
    loaded = loaded_by(statement)
    assert "priors" in loaded or "model" in loaded
    assert [name for name in loaded if name in HEAVY] == []


def test_importing_the_library_loads_little():
    """What a command that only says its version waits for."""
    ours = [name for name in loaded_by("import model") if is_below(name, "model", "priors", "numpy")]
    assert ours == ["model"]


def test_the_tables_are_read_without_numpy():
    assert "numpy" not in loaded_by("import priors; priors.load_knowledge_base()")


def test_one_table_of_public_names_is_what_everybody_sees():
    """The table, `__all__`, the imports for type checkers and what can be got are the same names."""
    table = dict(model._HOME)
    blocks = [node for node in tree(ROOT / "model" / "__init__.py").body if isinstance(node, ast.If)]
    imported = [node for block in blocks for node in block.body if isinstance(node, ast.ImportFrom)]
    for_types = {alias.asname: node.module for node in imported for alias in node.names}
    assert for_types == table
    assert sorted(model.__all__) == sorted([*table, "__version__"])
    assert len(table) > 50
    for name, home in table.items():
        assert getattr(model, name).__module__ == home, name
