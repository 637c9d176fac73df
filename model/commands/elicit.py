"""
`millet elicit`: sample the parameters of the network from the facts, judge the run, store the draws.

Draws that have not converged are refused and the old file is kept, unless ``--force`` is given.

``--trace FILE`` writes the whole sample beside it, as netCDF for ArviZ (``az.from_netcdf``), even if the draws are refused.
Without a terminal a line a minute tells that it is still at work.

JSON keys: ``version``, ``scope``, ``file`` (where the draws were written), ``problems`` (why they should have been
refused, with ``--force``), and the stored record: ``digest`` of the tables, ``draws_digest``, ``mapping``, ``seed``,
``chains``, ``draws``, ``tune``, ``keep``, ``divergences``, ``seconds_compile``, ``seconds_sample``, ``python``,
``packages``, ``variables`` (name -> ``elements``, ``r_hat``, ``ess_bulk``, ``ess_tail``) and ``checks`` (``symbols``,
``conflicts``, ``background``, ``readings``; see `model.elicitation.diagnostics`).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final

from model.commands.common import (
    add_output_options,
    existing_folder,
    positive,
    print_json,
    print_text,
    seed_number,
)
from model.errors import ElicitationError, MissingPackageError, plain
from model.files import replacing, writable
from model.network.convergence import MIN_ESS
from model.text import SCOPE
from priors.schema import DEFAULT_LAYER, LAYERS

if TYPE_CHECKING:
    from xarray import DataTree

    from model.elicitation import Elicitation

NAME = "elicit"
HELP = "sample the parameters from the facts and store the draws"


EVERY: Final = 60.0
"""Seconds between two lines about a run that nobody watches."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "folder", nargs="?", type=Path, help="folder of tables (default: those of the package)"
    )
    parser.add_argument(
        "--mapping",
        default="literature",
        metavar="NAME",
        help="how words and symbols are read: literature (default), hpo, renooij_witteman, or one of these with "
        "+symbols_as_words behind it",
    )
    parser.add_argument(
        "--knowledge",
        choices=LAYERS,
        default=DEFAULT_LAYER,
        help="layer of knowledge to read: documents, published, full (default)",
    )
    parser.add_argument("--seed", type=seed_number, metavar="N", help="seed of the sampler")
    parser.add_argument("--chains", type=several, default=4, metavar="N", help="chains (4)")
    parser.add_argument(
        "--draws", type=positive, default=1600, metavar="N", help="draws of each chain (1600)"
    )
    parser.add_argument("--tune", type=positive, default=500, metavar="N", help="discarded first draws (500)")
    parser.add_argument(
        "--keep", type=positive, default=500, metavar="N", help="thinned draws to store (500)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="where to write (default: elicited/ beside the tables; other mappings in a folder of their name)",
    )
    parser.add_argument(
        "--trace",
        type=Path,
        metavar="FILE",
        help="write every chain and draw, too: netCDF (.nc), which ArviZ reads",
    )
    parser.add_argument("--force", action="store_true", help="store draws that have not converged, too")
    add_output_options(parser, top=None)


def several(text: str) -> int:
    """A number of chains, for argparse: R-hat compares chains, so there must be two at least."""
    number = positive(text)
    if number < 2:
        raise argparse.ArgumentTypeError(f"found {number}; allowed are whole numbers from 2 upwards")
    return number


def run(options: argparse.Namespace) -> int:
    """Sample, refuse or store, and print the diagnostics."""
    from model import __version__
    from model.network.storage import save_parameters

    path = writable(target(options))
    _can_pass(options)
    _check_trace(options.trace)
    found = _elicited(options)
    if options.trace is not None and found.trace is not None:
        with replacing(options.trace) as aside:
            found.trace.to_netcdf(aside, engine="h5netcdf", encoding=_compressed(found.trace))
    if found.problems and not options.force:
        raise ElicitationError(
            *found.problems, f"{path.name}: not written, the old file is kept; --force writes it"
        )
    record = save_parameters(found.parameters, found.record, path)
    if options.json:
        about = {"version": __version__, "scope": SCOPE, "file": str(path), "problems": list(found.problems)}
        print_json({**about, **record})
    else:
        print_text("\n".join([found.summary(), *found.problems, f"written: {path}"]))
    return 0


def _can_pass(options: argparse.Namespace) -> None:
    """Refuse at once what cannot reach the gate: an effective sample size is no larger than what is drawn."""
    total = options.chains * options.draws
    if total <= MIN_ESS and not options.force:
        raise ElicitationError(
            f"elicitation: {options.chains} chains of {options.draws} draws are {total}; their effective size must be above "
            f"{MIN_ESS:.0f}, so more are needed; raise --draws or --chains, or store them anyhow with --force"
        )


def _check_trace(path: Path | None) -> None:
    """Refuse at once what could not be written after all the sampling."""
    if path is None:
        return
    if path.suffix != ".nc":
        raise ElicitationError(f"--trace {plain(str(path))}: allowed is a name that ends in .nc; choose one")
    writable(path)
    for package in ("h5netcdf", "h5py"):
        if find_spec(package) is None:
            raise MissingPackageError(
                f"{package}: not installed; --trace needs it to write netCDF; pip install it"
            )


def _compressed(trace: DataTree) -> dict[str, dict[str, dict[str, object]]]:
    """How every array is stored: as it was drawn, packed."""
    how: dict[str, object] = {"zlib": True, "complevel": 4}
    return {
        node.path: dict.fromkeys(map(str, node.data_vars), how) for node in trace.subtree if node.data_vars
    }


def target(options: argparse.Namespace) -> Path:
    """The file that the draws go to."""
    from model.network.storage import FILE, default_path

    return (
        options.out / FILE
        if options.out is not None
        else default_path(options.folder, options.mapping, options.knowledge)
    )


def _elicited(options: argparse.Namespace) -> Elicitation:
    """The run that the options ask for; tables and mapping are checked before anything slow is loaded."""
    from model.elicitation.reading import check_mapping
    from priors import load_knowledge_base

    if options.folder is not None:
        existing_folder(options.folder)
    knowledge = load_knowledge_base(options.folder, options.knowledge)
    check_mapping(knowledge, options.mapping)
    if find_spec("pymc") is None:
        raise MissingPackageError(
            "pymc: not installed; install the wheel with what it needs (pip), or make environment"
        )
    watched = sys.stderr.isatty()
    print("compiling the model, two to three minutes", file=sys.stderr, flush=True)

    sizes = {name: getattr(options, name) for name in ("chains", "draws", "tune", "keep")}
    seed = {} if options.seed is None else {"seed": options.seed}
    with nullcontext() if watched else lines():
        from model.elicitation import elicit

        return elicit(knowledge, mapping=options.mapping, progress=watched, **sizes, **seed)


@contextmanager
def lines() -> Iterator[None]:
    """Where no bar can be drawn, a line every `EVERY` seconds says how long the work has gone on."""
    done, started = Event(), monotonic()

    def tell() -> None:
        while not done.wait(EVERY):
            print(f"elicit: at work for {(monotonic() - started) / 60:.1f} min", file=sys.stderr, flush=True)

    teller = Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
