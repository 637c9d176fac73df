"""Build the wheel of this checkout."""

import subprocess
import sys

from tests.support.source import ROOT


def build_wheel(folder):
    """Path of the wheel, built into a folder."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel
