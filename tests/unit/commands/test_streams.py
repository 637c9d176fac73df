"""The installed commands at a shell: streams that are closed, full, or read by nobody."""

from __future__ import annotations

import shlex
import subprocess
import sys

MILLET = f"{shlex.quote(sys.executable)} -P -m model"


def at_a_shell(line):
    """Status, and what stands on standard output and standard error together."""
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_streams_that_fail_give_one_line_and_never_a_traceback():
    full, closed_input, closed_output, unread = (
        at_a_shell(line)
        for line in (
            f"{MILLET} find smoking >/dev/full",
            f"{MILLET} diagnose - <&-",
            f"{MILLET} find smoking >&-",
            f"{MILLET} find smoking | true",
        )
    )
    assert full == (2, "millet: output cannot be written (No space left on device); give it another place\n")
    said = "millet diagnose: standard input: closed; give a file, or send one through a pipe\n"
    assert closed_input == (2, said)
    assert closed_output == (0, "")
    assert unread == (0, "")
