"""
`millet simulate`: patients drawn from the network, with their truth.

With ``--json`` the output is a case file, a list of cases with the keys ``id``, ``findings``, ``truth``,
``ms_course``, ``ms_variant`` and ``source`` (digest, prior setting, seed), so that ``millet simulate --json |
millet score -`` works.
"""

from __future__ import annotations

import argparse
import json
from functools import partial

from model.commands.common import (
    add_network_options,
    add_seed_option,
    network_of,
    print_text,
    simulated,
)
from model.patient.simulation import Simulated, simulate
from model.progress import watched

NAME = "simulate"
HELP = "patients drawn from the network, with their truth"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("-n", type=simulated, default=10, metavar="N", help="number of patients (10)")
    add_seed_option(parser, "the random numbers")
    parser.add_argument("--diagnosis", metavar="NAME", help="only this leaf, table row or group")
    add_network_options(parser)
    parser.add_argument("--json", action="store_true", help="print a case file instead of a summary")


def run(options: argparse.Namespace) -> int:
    """Print the patients."""
    patients = simulate(
        network_of(options),
        options.n,
        seed=options.seed,
        diagnosis=options.diagnosis,
        progress=partial(watched, after=0, what="variables"),
    )
    if options.json:
        print(json.dumps(cases_json(patients, options.seed), indent=1, allow_nan=False))
    else:
        print_text(patients.summary())
    return 0


def cases_json(patients: Simulated, seed: int) -> list[dict[str, object]]:
    """The patients with the keys that the module describes."""
    network = patients.network
    source = f"simulated: digest {network.digest[:12]}, setting {network.setting}, seed {seed}"
    return [
        {
            "id": case.id,
            "findings": dict(case.findings),
            "truth": case.truth,
            "ms_course": case.ms_course,
            "ms_variant": case.ms_variant,
            "source": source,
        }
        for case in patients.cases(progress=partial(watched, after=0, what="patients"))
    ]
