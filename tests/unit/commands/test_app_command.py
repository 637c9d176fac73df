"""`millet app`: its options, and what it says when something is missing. That it serves is tested in tests/app."""

import importlib.machinery

import pytest

from model.commands import app
from tests.support.command import run
from tests.support.source import ROOT


@pytest.mark.parametrize("given", ["0", "65536", "-1", "http", "8501.0", ""])
def test_a_port_that_is_none_is_refused_in_one_line(capsys, given):
    status, out, err = run(capsys, "app", f"--port={given}")
    assert (status, out) == (2, "")
    allowed = "allowed are whole numbers from 1 to 65535; see millet app --help"
    assert err == f"millet app: argument --port: found {given!r}; {allowed}\n"


def test_the_server_is_that_of_this_checkout():
    assert app.server_file() == ROOT / "app_pages" / "shared" / "server.py"


@pytest.mark.parametrize("package", app.NEEDED)
def test_without_what_it_needs_it_says_so_in_one_line(capsys, monkeypatch, package):
    def found(name):
        return (
            None
            if name == package
            else importlib.machinery.ModuleSpec(name, None, origin=f"/{name}/__init__.py")
        )

    monkeypatch.setattr(app, "find_spec", found)
    status, out, err = run(capsys, "app")
    assert (status, out) == (2, "")
    assert err.startswith(f"millet app: {package}: not installed; ")


def test_it_is_the_first_of_the_commands_that_the_help_lists(capsys):
    _, out, _ = run(capsys, "--help")
    assert out.split("COMMAND\n")[1].split()[0] == "app"
