"""
`millet app`: the app in the browser, the same from an installed wheel and from a clone.

Ends with status 1 when the port is taken. Everything else that Streamlit can be told is read from its environment variables,
such as ``STREAMLIT_SERVER_BASE_URL_PATH``.
"""

from __future__ import annotations

import argparse
import os
from importlib.util import find_spec
from pathlib import Path

from model.errors import MissingPackageError, shown

NAME = "app"
HELP = "open the app: all questions on screens, in a browser"

PORT, HOST = 8501, "localhost"
MAX_PORT = 65535
NEEDED = ("streamlit", "app_pages")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--port", type=port, default=PORT, metavar="N", help=f"port of this machine ({PORT})")
    parser.add_argument(
        "--host",
        default=HOST,
        metavar="H",
        help=f"address that is listened to ({HOST}: nobody else can look); 0.0.0.0 for a class",
    )


def port(text: str) -> int:
    """
    A port, for argparse.

    Examples
    --------
    >>> port("8600")
    8600
    """
    if not text.isdecimal() or not 1 <= int(text) <= MAX_PORT:
        raise argparse.ArgumentTypeError(
            f"found {shown(text)}; allowed are whole numbers from 1 to {MAX_PORT}"
        )
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Serve the app until it is interrupted."""
    server = server_file()
    # Streamlit looks for the colours of a clone in the folder where it runs; those of a wheel lie beside the server.
    os.chdir(server.parents[2])
    from streamlit.web.cli import main

    words = ["run", str(server), f"--server.port={options.port}", f"--server.address={options.host}"]
    main([*words, "--server.headless=true", "--browser.gatherUsageStats=false"], prog_name="millet app")
    return 0


def server_file() -> Path:
    """
    The server of the app, in the wheel or in the clone.

    Raises
    ------
    MissingPackageError
        If Streamlit or the app itself is not installed.
    """
    origins = [getattr(find_spec(package), "origin", None) for package in NEEDED]
    if None in origins:
        raise MissingPackageError(
            f"{NEEDED[origins.index(None)]}: not installed; the app is part of the wheel (pip install) and of a clone "
            "(make app)"
        )
    return Path(str(origins[-1])).with_name("shared") / "server.py"
