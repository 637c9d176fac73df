"""What is installed is what is declared: the lock follows pyproject.toml, the wheel carries the tables."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.source import ROOT
from tests.support.wheel import build_wheel

FILE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, EXTRAS = FILE["project"], FILE["project"]["optional-dependencies"]
PLAIN = [Requirement(text) for text in PROJECT["dependencies"]]
RUN = [Requirement(text) for text in FILE["dependency-groups"]["run"]]
DECLARED = {
    "requirements.txt": [*PLAIN, *map(Requirement, (*EXTRAS["dev"], *EXTRAS["text"]))],
    "requirements-run.txt": RUN,
}
OWNERS = {"arviz", "numpy", "pandas", "pgmpy", "pymc", "pytest", "streamlit"}
"""What a plain `pip install` of the wheel has to bring, by the owner's wish."""

PYTHONS = ("3.11", "3.12", "3.13")


def lines(lock):
    """The pins of a lock, one a line, with their hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def pins_on(lock, python):
    """Name -> version of what pip installs from a lock with one version of Python on Linux."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": "linux",
        "platform_machine": "x86_64",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    pins = [Requirement(line.split("--hash")[0]) for line in lines(lock)]
    chosen = [pin for pin in pins if pin.marker is None or pin.marker.evaluate(environment)]
    names = [canonicalize_name(pin.name) for pin in chosen]
    assert sorted(names) == sorted(set(names)), "pinned twice"
    assert {one.operator for pin in chosen for one in pin.specifier} == {"=="}
    return {name: next(iter(pin.specifier)).version for name, pin in zip(names, chosen, strict=True)}


@pytest.mark.parametrize("python", PYTHONS)
def test_both_locks_pin_once_what_is_declared_within_its_bounds(python):
    broken = [
        f"{lock}, {requirement}: pinned {version_of.get(canonicalize_name(requirement.name))}"
        for lock, declared in DECLARED.items()
        for version_of in [pins_on(lock, python)]
        for requirement in declared
        if version_of.get(canonicalize_name(requirement.name), "none") not in requirement.specifier
    ]
    assert broken == []


@pytest.mark.parametrize("python", PYTHONS)
def test_the_run_set_is_a_lean_part_of_the_whole(python):
    everything, run = pins_on("requirements.txt", python), pins_on("requirements-run.txt", python)
    assert run.items() <= everything.items()
    assert not run.keys() & {"pymc", "arviz", "pgmpy", "pytest", "scikit-learn"}
    assert len(run) < len(everything) / 2


def test_a_plain_install_brings_what_the_run_set_has_and_what_the_owner_asked_for():
    plain = {one.name for one in PLAIN}
    assert plain >= OWNERS
    assert {one.name for one in RUN} - plain == {Requirement(text).name for text in EXTRAS["text"]}


@pytest.mark.parametrize("lock", DECLARED)
def test_every_pin_has_a_hash_and_no_line_says_where_to_look(lock):
    assert len(lines(lock)) > 50
    assert [line[:60] for line in lines(lock) if not re.search(r"--hash=sha256:[0-9a-f]{64}", line)] == []
    assert [line[:60] for line in lines(lock) if line.startswith("-") or "://" in line] == []


def test_the_installed_packages_are_within_the_declared_bounds():
    broken = {
        requirement.name: version(requirement.name)
        for requirement in DECLARED["requirements.txt"]
        if version(requirement.name) not in requirement.specifier
    }
    assert broken == {}


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory):
    """Names of all files in the wheel."""
    return set(zipfile.ZipFile(build_wheel(tmp_path_factory.mktemp("wheel"))).namelist())


@pytest.mark.parametrize("package", ["model", "priors", "app_pages"])
def test_the_wheel_carries_every_tracked_file_of_the_packages(wheel_names, package):
    listed = subprocess.run(
        ["git", "ls-files", package], cwd=ROOT, check=True, capture_output=True, text=True
    )
    names = set(listed.stdout.split("\n")) - {""}
    assert f"{package}/__init__.py" in names
    assert names - wheel_names == set()


def test_the_wheel_carries_tables_facts_and_draws(wheel_names):
    assert "priors/findings.csv" in wheel_names
    assert "priors/facts/001.csv" in wheel_names
    assert [name for name in wheel_names if name.startswith("priors/elicited/") and name.endswith(".npz")]


def test_the_wheel_carries_the_script_and_the_colours_of_the_app(wheel_names):
    assert {"app_pages/app.py", "app_pages/shared/.streamlit/config.toml"} <= wheel_names


def test_the_wheel_carries_nothing_else(wheel_names):
    tops = {name.split("/")[0] for name in wheel_names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"model", "priors", "app_pages"}


def test_the_version_is_the_same_everywhere():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^version: {re.escape(PROJECT['version'])}$", citation, re.MULTILINE)
    assert f"[{PROJECT['version']}]" in changelog or f"## {PROJECT['version']}" in changelog


def test_the_command_is_installed():
    result = subprocess.run(
        [sys.executable, "-m", "model", "--help"], check=True, capture_output=True, text=True
    )
    assert "usage: millet" in result.stdout
