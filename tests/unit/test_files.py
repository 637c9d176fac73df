"""A file is whole or not there: an error, or a kill at any moment, leaves the earlier one as it was."""

import random
import subprocess
import sys
import time

import pytest

from model.errors import StorageError
from model.files import replacing


def test_an_error_leaves_the_earlier_file(tmp_path):
    path = tmp_path / "result.txt"
    path.write_text("old", encoding="utf-8")

    def fail():
        with replacing(path) as aside:
            aside.write_text("half", encoding="utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["result.txt"]


def test_the_new_file_takes_its_place_and_folders_are_made(tmp_path):
    path = tmp_path / "a" / "b" / "result.html"
    with replacing(path) as aside:
        assert aside.suffix == ".html"
        aside.write_text("new", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "new"


def test_a_place_that_cannot_be_written_is_one_line(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match="cannot be written") as caught, replacing(blocked / "x") as aside:
        aside.write_text("never", encoding="utf-8")
    assert len(caught.value.problems) == 1


WRITER = """
import sys
from pathlib import Path
from model.files import replacing
path = Path(sys.argv[1])
print("ready", flush=True)
for n in range(10**6):
    with replacing(path) as aside:
        with aside.open("w") as file:
            for _ in range(2000):
                file.write(f"{n:06d}")
"""


def test_a_run_that_is_killed_at_any_moment_leaves_a_whole_file(tmp_path):
    path, rng = tmp_path / "numbers.txt", random.Random(7)
    path.write_text("000000" * 2000, encoding="utf-8")
    for _ in range(6):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(rng.uniform(0.0, 0.15))
        process.kill()
        process.wait()
        process.stdout.close()
        text = path.read_text(encoding="utf-8")
        assert len(text) == 6 * 2000
        assert len({text[i : i + 6] for i in range(0, len(text), 6)}) == 1
