"""The package from outside: light to import, public names in their places, a program that works in pipes."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import tomllib

import pytest

import model


def python(*arguments, **keywords):
    """A fresh interpreter in the repository."""
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, **keywords
    )


class TestImport:
    def test_nothing_heavy_is_loaded(self, root):
        code = "import sys, model; print(*sorted({name.split('.')[0] for name in sys.modules}))"
        loaded = python("-c", code, cwd=root).stdout.split()
        assert "model" in loaded
        assert not {"numpy", "pandas", "pymc", "arviz", "pgmpy", "streamlit", "scipy", "opt_einsum"} & set(
            loaded
        )

    def test_answering_needs_no_pandas(self, root):
        code = "import sys, model.cli; model.cli.parser(); print(*sys.modules)"
        loaded = python("-c", code, cwd=root).stdout.split()
        assert "model.cli" in loaded
        assert not {"pandas", "pymc", "arviz", "pgmpy", "streamlit"} & set(loaded)

    def test_every_public_name_is_there_and_no_module_hides_it(self):
        assert [name for name in model.__all__ if inspect.ismodule(getattr(model, name))] == []
        assert sorted(model.__all__) == dir(model)

    def test_an_unknown_name_is_an_attribute_error(self):
        with pytest.raises(AttributeError, match="no attribute 'nothing'"):
            _ = model.nothing

    def test_the_version_is_that_of_the_distribution(self, root):
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        assert model.__version__ == project["version"]


class TestProgram:
    def test_it_runs_as_a_module(self, root):
        done = python("-m", "model", "--version", cwd=root)
        assert (done.returncode, done.stdout) == (0, f"millet {model.__version__}\n")

    @pytest.mark.parametrize("words", [("model", "check"), ("priors",)], ids=" ".join)
    def test_a_reader_that_leaves_causes_no_traceback(self, root, words):
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "w") as closed:
            done = subprocess.run(
                [sys.executable, "-m", *words],
                stdout=closed,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
                cwd=root,
            )
        assert (done.returncode, done.stderr) == (141, "")

    def test_a_terminal_without_unicode_causes_no_traceback(self, root):
        done = python("-m", "model", "check", cwd=root, env={**os.environ, "PYTHONIOENCODING": "ascii"})
        assert (done.returncode, done.stderr) == (0, "")
