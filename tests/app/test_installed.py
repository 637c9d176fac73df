"""
What a stranger gets from the built wheel in an empty environment: every command of README, and the app in a browser.

All of it happens in a folder with files called `model.py`, `priors.py` and the like, which nothing may pick up.
"""

import os
import re
import shlex
import subprocess
import sys

import pytest

from model.patient.cases import read_cases
from tests.app.conftest import serving
from tests.support.documents import FILES, commands
from tests.support.source import ROOT
from tests.support.wheel import build_wheel

COMMANDS = commands((ROOT / "README.md").read_text(encoding="utf-8"))

HIDING = ("app", "app_pages", "benchmarks", "model", "numpy", "priors", "streamlit", "tests")
"""Names of modules of ours, or of others, that a user's own file may have."""


@pytest.fixture(scope="module")
def bin_folder(tmp_path_factory):
    """Folder of the commands of an environment with the locked run set and the wheel in it, and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    wheel = build_wheel(folder)
    bin_folder = folder / "env" / "bin"
    pip = [str(bin_folder / "python"), "-m", "pip", "install", "--quiet", "--no-compile"]
    for command in (
        [sys.executable, "-m", "venv", str(folder / "env")],
        [*pip, "--require-hashes", "-r", str(ROOT / "requirements-run.txt")],
        [*pip, "--no-deps", "--no-index", str(wheel)],
    ):
        subprocess.run(command, check=True, cwd=folder, env=environment())
    return bin_folder


@pytest.fixture
def folder(tmp_path):
    """A folder in which a user works: files that README names, and modules that break whatever imports them."""
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    for name in HIDING:
        (tmp_path / f"{name}.py").write_text(f"raise SystemExit('{name}.py of the user was imported')\n")
    return tmp_path


def environment():
    """The variables of this process without what points at this checkout, or has every command compile all it reads anew."""
    foreign = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if name not in foreign}


def millet(bin_folder, folder, *words):
    """What a command of the wheel did."""
    command = [str(bin_folder / "millet"), *words]
    return subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_every_command_of_the_readme_runs(bin_folder, folder):
    asked = [words[1:] for words in COMMANDS if words[1] != "app"]
    assert {"diagnose", "next", "explain", "score", "batch", "convert", "export", "check"} <= {
        a[0] for a in asked
    }
    failed = {
        shlex.join(words): done.stderr[-500:] or done.stdout[-500:]
        for words in asked
        if (done := millet(bin_folder, folder, *words)).returncode
    }
    assert failed == {}


@pytest.mark.slow
def test_patients_that_come_with_millet_have_a_name(bin_folder, folder):
    assert len(read_cases(ROOT / "priors" / "cases" / "published.json")) == 30
    assert "30" in millet(bin_folder, folder, "score", "published").stdout
    (folder / "published").write_text(FILES["patient.json"], encoding="utf-8")
    own = millet(bin_folder, folder, "diagnose", "published").stdout
    assert own == millet(bin_folder, folder, "diagnose", "patient.json").stdout


@pytest.mark.slow
def test_a_command_that_needs_more_than_is_installed_says_so_in_one_line(bin_folder, folder):
    done = millet(bin_folder, folder, "elicit")
    assert done.returncode == 2
    assert re.fullmatch(r"millet elicit: pymc: not installed; .*\n", done.stderr)


@pytest.mark.slow
def test_the_app_of_the_wheel_opens_with_its_own_colours(bin_folder, folder, browser):
    with serving(command=(str(bin_folder / "millet"),), cwd=folder, env=environment()) as (address, _):
        page = browser.new_page()
        page.touched = set()
        page.emulate_media(color_scheme="dark")
        page.goto(f"{address}/?f=enhancement_pattern.miliary")
        page.wait_for_selector(".mf-differential")
        background = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
        page.close()
    assert background == "rgb(18, 23, 27)"
