"""Who may import whom: the law of ARCHITECTURE.md, read from the source and from a running interpreter."""

import json
import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

from tests.support.source import imports, module_name, sources

# Importer (the longest matching name wins) -> what it may import beside the standard library.
ALLOWED = {
    "priors": {"priors"},
    "model": {"model", "priors", "numpy", "pandas", "scipy", "tqdm"},
    "model.inference": {"model.inference", "numpy", "opt_einsum"},
    "model.elicitation": {
        *("model", "priors", "numpy", "scipy", "tqdm", "pandas"),
        *("pymc", "pytensor", "arviz", "nutpie", "xarray"),
    },
    "model.diagnosis.batch_files": {"model", "pandas", "pyarrow"},
    "model.exchange": {"model", "priors", "numpy"},
    "model.exchange.standard": {"model", "priors", "numpy", "pgmpy"},
    "model.figures": {"model", "priors", "numpy", "pandas", "matplotlib", "altair"},
    "model.pages.patient": {"model", "priors", "numpy", "fpdf"},
    "app": {"app_pages", "model", "priors", "streamlit"},
    "app_pages": {"app_pages", "model", "priors", "streamlit", "numpy", "pandas", "altair"},
    "app_pages.shared.server": {"app_pages", "model", "streamlit", "starlette"},
}

# Packages that only one place may import, however the table above is edited.
SOLE_IMPORTER = {
    "pymc": ("model.elicitation",),
    "pytensor": ("model.elicitation",),
    "arviz": ("model.elicitation",),
    "nutpie": ("model.elicitation",),
    "pgmpy": ("model.exchange.standard",),
    "fpdf": ("model.pages.patient",),
    "streamlit": ("app", "app_pages"),
}

# Packages that take long to load, and the places that may load them together with themselves.
LOADED_AT_ONCE = {
    "pandas": ("app", "app_pages"),
    "altair": ("app_pages", "model.figures"),
    "matplotlib": (),
    "fpdf": (),
    "pymc": ("model.elicitation",),
    "pytensor": ("model.elicitation",),
    "arviz": ("model.elicitation",),
    "nutpie": ("model.elicitation",),
    "pgmpy": ("model.exchange.standard",),
}
HEAVY = (*LOADED_AT_ONCE, "streamlit", "scipy.stats", "numba")

PRODUCT = sources("model", "priors", "app.py", "app_pages")
IMPORTS = [found for path in PRODUCT for found in imports(path)]


def is_below(name: str, package: str) -> bool:
    """Whether a dotted name is a package or something inside it."""
    return name == package or name.startswith(f"{package}.")


def law_for(importer: str) -> set[str]:
    """What the longest entry of the table that covers a module allows."""
    return ALLOWED[max((entry for entry in ALLOWED if is_below(importer, entry)), key=len)]


def test_the_walk_sees_imports_of_every_kind():
    assert len(IMPORTS) > 100
    assert any(found.imported == "priors.schema" for found in IMPORTS)
    assert any(not found.at_load for found in IMPORTS)
    assert any(found.top == "numpy" for found in IMPORTS)


@pytest.mark.parametrize("path", PRODUCT, ids=module_name)
def test_a_module_imports_only_what_its_place_allows(path):
    allowed = law_for(module_name(path))
    broken = [
        str(found)
        for found in imports(path)
        if not found.is_standard and not any(is_below(found.imported, entry) for entry in allowed)
    ]
    assert broken == []


@pytest.mark.parametrize("package", SOLE_IMPORTER)
def test_a_package_with_one_home_is_imported_nowhere_else(package):
    homes = SOLE_IMPORTER[package]
    users = [found for found in IMPORTS if found.top == package]
    assert [str(found) for found in users if not any(is_below(found.importer, home) for home in homes)] == []


@pytest.mark.parametrize("package", ["pymc", "arviz", "pgmpy", "streamlit"])
def test_a_package_with_one_home_is_used_there(package):
    assert any(found.top == package for found in IMPORTS)


@pytest.mark.parametrize("package", LOADED_AT_ONCE)
def test_a_heavy_package_is_imported_inside_functions(package):
    homes = LOADED_AT_ONCE[package]
    users = [found for found in IMPORTS if found.top == package and found.at_load]
    assert [str(found) for found in users if not any(is_below(found.importer, home) for home in homes)] == []


def test_modules_load_in_an_order_without_cycles():
    sorter: TopologicalSorter[str] = TopologicalSorter()
    names = {module_name(path) for path in PRODUCT}
    for found in IMPORTS:
        if found.at_load and found.imported in names and found.imported != found.importer:
            sorter.add(found.importer, found.imported)
    sorter.prepare()  # raises CycleError, which names the cycle


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


def test_the_tables_are_read_without_numpy():
    assert "numpy" not in loaded_by("import priors; priors.load_knowledge_base()")


def test_every_public_name_of_the_library_can_be_imported():
    statement = "import model\nfor name in model.__all__: getattr(model, name)\nassert len(model.__all__) > 5"
    assert "model" in loaded_by(statement)


def test_importing_the_library_takes_less_than_half_a_second_of_processor_time():
    code = "import time; start = time.process_time(); import model; print(time.process_time() - start)"
    seconds = [
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
        for _ in range(3)
    ]
    assert min(seconds) < 0.5
