"""
The command `millet` (or ``python -m model``): finds the command, runs it, and turns errors into one line.

Exit status: 0 done, 1 the tables have errors (`check`), 2 bad input, 130 interrupted, 141 the reader of a
pipe left. Knows: argparse and exit statuses. Must not know: what the commands do.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import NoReturn

from model.text import SCOPE

BAD_INPUT, INTERRUPTED, PIPE_CLOSED = 2, 130, 141

MAX_LINES = 40
"""So many problems are told at a time."""


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        """Say what was wrong with the options and leave with status 2."""
        line = "".join(c if c.isprintable() else " " for c in message)
        self.exit(BAD_INPUT, f"{self.prog}: {' '.join(line.split())}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run a command; its exit status.

    Parameters
    ----------
    arguments
        Words after ``millet``; those of the command line if None.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        options = parser().parse_args(arguments)
        status = _run(options)
        if sys.stdout is not None:  # closed by a shell with >&-
            sys.stdout.flush()
    except KeyboardInterrupt:
        print("millet: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The interpreter flushes standard output once more when it ends; give it somewhere to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except OSError as error:
        if error.filename is not None:  # no stream, and none of ours: a fault, to be seen whole
            raise
        print(f"millet: output cannot be written ({error.strerror}); give it another place", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BAD_INPUT
    return status


def _run(options: argparse.Namespace) -> int:
    from model.errors import USER_ERRORS

    command: ModuleType = options.command
    try:
        status: int = command.run(options)
    except USER_ERRORS as error:
        lines = str(error).splitlines()
        if more := len(lines[MAX_LINES:]):
            lines[MAX_LINES:] = [f"and {more} more; correct these first"]
        for line in lines:
            print(f"millet {command.NAME}: {line}", file=sys.stderr)
        return BAD_INPUT
    return status


def _commands() -> tuple[ModuleType, ...]:
    """The commands in the order in which the help lists them."""
    from model.commands import (
        app,
        batch,
        check,
        convert,
        diagnose,
        elicit,
        explain,
        export,
        find,
        next_finding,
        read,
        score,
        sensitivity,
        simulate,
    )

    asking = (find, diagnose, batch, next_finding, explain, sensitivity, score)
    return (app, *asking, simulate, convert, read, export, check, elicit)


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    from model import __version__

    top = Parser(
        prog="millet",
        description=f"Reason about brain miliary enhancement and MS. {SCOPE}",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"millet {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for module in _commands():
        one = commands.add_parser(
            module.NAME,
            help=module.HELP,
            description=f"{module.HELP.capitalize()}. {SCOPE}",
            allow_abbrev=False,
        )
        module.add_options(one)
        one.set_defaults(command=module)
    return top


if __name__ == "__main__":
    sys.exit(main())
