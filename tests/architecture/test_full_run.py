"""In a full run nothing may be skipped: a missing package must not look like a passed test."""

import os
import re
import subprocess
import sys

import pytest

from tests.support.source import ROOT

SKIPPING = {
    "test": "import pytest\ndef test_one():\n    pytest.{}('no browser')\n",
    "file": "import pytest\npytest.importor{}('a_package_that_is_missing')\ndef test_one():\n    pass\n",
    "mark": "import pytest\n@pytest.mark.{}\ndef test_one():\n    pass\n",
}
PASSING = "def test_one():\n    pass\n"


def outcome(folder, sources, **environment):
    """Exit status of pytest on some files with the conftest of this project, and the last line about each file."""
    for name, source in sources.items():
        (folder / f"test_{name}.py").write_text(source.format("skip"), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "MILLET_FULL")}
    options = [
        "-p",
        "tests.conftest",
        "-c",
        os.devnull,
        "--rootdir",
        str(folder),
        "-p",
        "no:cacheprovider",
        "-rfsEp",
        "--continue-on-collection-errors",
    ]
    result = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(folder)],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return result.returncode, result.stdout


@pytest.mark.parametrize("variable", ["CI", "MILLET_FULL"])
def test_a_skip_fails_in_a_full_run(tmp_path, variable):
    status, output = outcome(tmp_path, {**SKIPPING, "good": PASSING}, **{variable: "true"})
    assert status not in (0, 5)
    refused = re.findall(r"test_(\w+)\.py(?:::test_one)?: skipped in a full run", output)
    assert set(refused) == set(SKIPPING)
    assert "1 passed" in output.splitlines()[-1]
    assert "skipped," not in output.splitlines()[-1]


def test_a_skip_is_a_skip_elsewhere(tmp_path):
    status, output = outcome(tmp_path, {**SKIPPING, "good": PASSING})
    assert status == 0
    assert "1 passed, 3 skipped" in output


def test_a_passed_test_passes_in_a_full_run(tmp_path):
    assert outcome(tmp_path, {"good": PASSING}, CI="true")[0] == 0
