"""In a full run nothing may be skipped: a missing package must not look like a passed test."""

import os
import subprocess
import sys

import pytest

from tests.support.source import ROOT

SKIPPING = {
    "test": "import pytest\ndef test_one():\n    pytest.{}('no browser')\n",
    "file": "import pytest\npytest.importor{}('a_package_that_is_missing')\ndef test_one():\n    pass\n",
    "mark": "import pytest\n@pytest.mark.{}\ndef test_one():\n    pass\n",
}


def outcome(folder, source, **environment):
    """Exit status and output of pytest on one file, with the conftest of this project."""
    (folder / "test_one.py").write_text(source.format("skip"), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "MILLET_FULL")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.conftest",
        "-c",
        os.devnull,
        "--rootdir",
        str(folder),
    ]
    result = subprocess.run(
        [*command, "-p", "no:cacheprovider", str(folder / "test_one.py")],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return result.returncode, result.stdout


@pytest.mark.parametrize("way", SKIPPING)
@pytest.mark.parametrize("variable", ["CI", "MILLET_FULL"])
def test_a_skip_fails_in_a_full_run(tmp_path, way, variable):
    status, output = outcome(tmp_path, SKIPPING[way], **{variable: "true"})
    assert status not in (0, 5)
    assert "skipped in a full run" in output


@pytest.mark.parametrize("way", ["test", "mark"])
def test_a_skip_is_a_skip_elsewhere(tmp_path, way):
    status, output = outcome(tmp_path, SKIPPING[way])
    assert status == 0
    assert "1 skipped" in output


def test_a_passed_test_passes_in_a_full_run(tmp_path):
    assert outcome(tmp_path, "def test_one():\n    pass\n", CI="true")[0] == 0
