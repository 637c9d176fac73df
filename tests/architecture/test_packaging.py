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

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8").replace("\\\n", " ")
LINES = [line for line in LOCK.splitlines() if line and not line.startswith("#")]
PINS = [Requirement(line.split("--hash")[0]) for line in LINES]
DECLARED = [
    Requirement(text) for text in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"])
]
PYTHONS = ("3.11", "3.12", "3.13")


def pins_on(python):
    """Pins that pip installs with one version of Python on Linux."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.9",
        "sys_platform": "linux",
        "platform_machine": "x86_64",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    return [pin for pin in PINS if pin.marker is None or pin.marker.evaluate(environment)]


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_pins_what_is_declared_within_its_bounds(python):
    pinned = {canonicalize_name(pin.name): pin.specifier for pin in pins_on(python)}
    assert {
        operator
        for specifiers in pinned.values()
        for operator in map(str, specifiers)
        if "==" not in operator
    } == set()
    versions = {name: next(iter(specifiers)).version for name, specifiers in pinned.items()}
    broken = [
        f"{requirement}: pinned {versions.get(canonicalize_name(requirement.name))}"
        for requirement in DECLARED
        if versions.get(canonicalize_name(requirement.name), "none") not in requirement.specifier
    ]
    assert broken == []


@pytest.mark.parametrize("python", PYTHONS)
def test_no_package_is_pinned_twice_for_one_python(python):
    names = [canonicalize_name(pin.name) for pin in pins_on(python)]
    assert sorted(names) == sorted(set(names))


def test_every_pin_has_a_hash_and_no_line_says_where_to_look():
    assert len(LINES) > 100
    assert [line[:60] for line in LINES if not re.search(r"--hash=sha256:[0-9a-f]{64}", line)] == []
    assert [line[:60] for line in LINES if line.startswith("-") or "://" in line] == []


def test_the_installed_packages_are_within_the_declared_bounds():

    broken = {
        requirement.name: version(requirement.name)
        for requirement in DECLARED
        if version(requirement.name) not in requirement.specifier
    }
    assert broken == {}


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory):
    """Names of all files in the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.parametrize("package", ["model", "priors"])
def test_the_wheel_carries_every_tracked_file_of_the_packages(wheel_names, package):
    listed = subprocess.run(
        ["git", "ls-files", package], cwd=ROOT, check=True, capture_output=True, text=True
    )
    names = set(listed.stdout.split("\n")) - {""}
    assert f"{package}/py.typed" in names
    assert names - wheel_names == set()


def test_the_wheel_carries_tables_facts_and_draws(wheel_names):
    assert "priors/findings.csv" in wheel_names
    assert "priors/facts/001.csv" in wheel_names
    assert [name for name in wheel_names if name.startswith("priors/elicited/") and name.endswith(".npz")]


def test_the_wheel_carries_nothing_else(wheel_names):
    tops = {name.split("/")[0] for name in wheel_names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"model", "priors"}


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
