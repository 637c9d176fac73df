"""
What the commands share: the options for prior and patients, reading them, and printing text or JSON.

Knows: argparse, JSON, the terminal. Must not know: arithmetic.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from model.errors import CaseFileError, EvidenceError, StorageError, UnsoundWarning, plain, shown
from model.files import writable
from model.patient.cases import Case, parsed, read_cases
from model.patient.source import Source, is_json, source_of
from model.text import SCOPE
from priors.checks import DEFAULT_FOLDER
from priors.schema import DEFAULT_LAYER, LAYERS

if TYPE_CHECKING:
    from model.network.network import Network
    from model.patient.evidence import Evidence
    from priors.schema import KnowledgeBase

COMMAND_LINE = "command_line"
"""Identifier of a patient given by ``--finding``."""


def add_network_options(parser: argparse.ArgumentParser) -> None:
    """Options that choose the prior and the parameters."""
    group = parser.add_argument_group("network")
    group.add_argument(
        "--prior",
        metavar="NAME",
        help="prior setting: documents (default), flat, custom, or another one of prior_settings.csv",
    )
    group.add_argument(
        "--weights",
        metavar="FILE|NAME=WEIGHT",
        action="append",
        default=[],
        help="relative weights for --prior custom, positive numbers: a JSON file {diagnosis: weight} or a pair; repeatable",
    )
    group.add_argument(
        "--knowledge",
        choices=LAYERS,
        default=DEFAULT_LAYER,
        help="documents: the five documents alone; published: and cohorts from the literature; full (default): and "
        "judgement, by a language model, where little is published",
    )
    group.add_argument(
        "--tables",
        metavar="FOLDER",
        type=Path,
        help="folder of tables with its draws in elicited/ (default: those of the package)",
    )
    group.add_argument(
        "--at-mean",
        action="store_true",
        help="one set of parameters, the mean of the draws: another number, and no intervals",
    )


def add_patient_options(parser: argparse.ArgumentParser) -> None:
    """Options that say who the patients are."""
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="case file, phenopackets or table (JSON, CSV, Parquet), patients that come with Millet (published), or - for "
        "standard input",
    )
    parser.add_argument(
        "--finding",
        metavar="NAME=STATE",
        action="append",
        default=[],
        help='a finding of one patient: sex=male, age_years=39, chest_ct="normal|mass_or_cavity"; repeatable',
    )


def add_answer_options(parser: argparse.ArgumentParser, top: int | None) -> None:
    """Options that come last wherever something is asked of the network: prior and parameters, then printing."""
    add_network_options(parser)
    add_output_options(parser, top)


def add_seed_option(parser: argparse.ArgumentParser, of: str) -> None:
    """The option that says from which number everything random starts."""
    parser.add_argument("--seed", type=seed_number, default=0, metavar="S", help=f"seed of {of} (0)")


def add_output_options(parser: argparse.ArgumentParser, top: int | None) -> None:
    """Options for printing; `top` is the default number of lines, None for no such option."""
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    if top is not None:
        parser.add_argument(
            "--top", type=positive, default=top, metavar="N", help=f"lines per patient ({top})"
        )


MOST = 1_000_000
"""No option that counts something needs more."""

MOST_SIMULATED = 100_000
"""Simulated patients are held in memory, some 20 kB each."""


def positive(text: str) -> int:
    """A whole number from 1 to `MOST`, for argparse."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= MOST:
        raise argparse.ArgumentTypeError(f"found {shown(text)}; allowed are whole numbers from 1 to {MOST:,}")
    return number


def seed_number(text: str) -> int:
    """A seed, for argparse: a whole number from 0 to 2**63 - 1."""
    if not text.isdecimal() or int(text) >= 2**63:
        raise argparse.ArgumentTypeError(
            f"found {plain(text)}; allowed are whole numbers from 0 upwards (to 2**63 - 1)"
        )
    return int(text)


def simulated(text: str) -> int:
    """A number of simulated patients, for argparse."""
    number = positive(text)
    if number > MOST_SIMULATED:
        raise argparse.ArgumentTypeError(
            f"found {shown(text)}; allowed are at most {MOST_SIMULATED:,} simulated patients; take several seeds"
        )
    return number


def written_file(text: str) -> Path:
    """A file that can be written, for argparse."""
    try:
        return writable(Path(text))
    except StorageError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def network_of(options: argparse.Namespace) -> Network:
    """The network that the options ask for."""
    from model.network.shipped import load_network

    weights = read_weights(options.weights)
    if weights and options.prior not in (None, "custom"):
        raise EvidenceError(
            f"--weights: given with --prior {options.prior}; weights belong to --prior custom"
        )
    setting = "custom" if weights else options.prior or "documents"
    folder = None if options.tables is None else existing_folder(options.tables)
    with warnings.catch_warnings(action="ignore", category=UnsoundWarning):  # told below, in one line
        network = load_network(
            setting=setting, weights=weights or None, knowledge=options.knowledge, folder=folder
        )
    if network.origin.problems:
        print(f"millet {options.command.NAME}: {network.origin.notes()[0]}", file=sys.stderr)
    return network.at_mean() if options.at_mean else network


def existing_folder(folder: Path) -> Path:
    """
    The folder itself, if there is one.

    Raises
    ------
    CaseFileError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise CaseFileError(f"{plain(str(folder))}: no such folder; give a folder of tables")
    return folder


def read_weights(items: Sequence[str]) -> dict[str, float]:
    """
    Prior weights of ``name=weight`` pairs and JSON files.

    Examples
    --------
    >>> read_weights(["nmosd=3", "other=0.5"])
    {'nmosd': 3.0, 'other': 0.5}
    """
    weights: dict[str, float] = {}
    for item in items:
        name, separator, number = item.partition("=")
        given: Mapping[str, object] = {name.strip(): number} if separator else _weights_file(item)
        for diagnosis, weight in given.items():
            if diagnosis in weights:
                raise EvidenceError(f"--weights, {plain(diagnosis)}: given twice; keep one of them")
            weights[diagnosis] = _weight(diagnosis, weight)
    return weights


def _weights_file(name: str) -> Mapping[str, object]:
    content = parsed(f"--weights {plain(name)}", source_of(Path(name)).whole_text())
    if not isinstance(content, dict):
        raise CaseFileError(
            f"--weights {plain(name)}: found {shown(content)}; allowed is an object {{diagnosis: weight}}"
        )
    for diagnosis, weight in content.items():
        if isinstance(weight, str):
            raise bad_weight(diagnosis, weight)
    return content


def _weight(diagnosis: str, given: object) -> float:
    try:
        weight = float("nan") if isinstance(given, bool) else float(given)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        weight = float("nan")
    if not 0 < weight < float("inf"):
        raise bad_weight(diagnosis, given)
    return weight


def bad_weight(diagnosis: str, given: object) -> EvidenceError:
    """The error for a weight that is none."""
    return EvidenceError(
        f"--weights, {plain(diagnosis)}: found {shown(given)}; allowed are positive numbers, for before the findings "
        "nothing is impossible; change it, to 1e-6 for what is hardly possible"
    )


def patients_of(options: argparse.Namespace, knowledge: KnowledgeBase) -> list[Case]:
    """The patients that the options name: those of a file, or one given by ``--finding``."""
    if options.finding and options.file:
        raise EvidenceError("--finding: given together with a case file; give one of them")
    if options.finding:
        return [Case(COMMAND_LINE, read_findings(options.finding))]
    if not options.file:
        raise EvidenceError(
            "patient: none given; give a case file, - for standard input, or --finding name=state"
        )
    return cases_of(options, knowledge)


def asked(
    options: argparse.Namespace, check: Callable[[Network], object] | None = None
) -> tuple[Network, Evidence]:
    """The network that the options ask, and the patients that they ask it about, read once `check` has found no fault."""
    from model.patient.evidence import encode

    network = network_of(options)
    if check is not None:
        check(network)
    return network, encode(network, patients_of(options, network.knowledge))


def cases_of(options: argparse.Namespace, knowledge: KnowledgeBase) -> list[Case]:
    """The cases of the file that is named, whatever its format; what of it is not used is told."""
    from model.intake.patients import read_patients

    found = read_patients(file_named(options.file), knowledge)
    tell_notes(options, found.notes)
    return list(found.cases)


def file_named(file: str) -> Source:
    """The file of that name, standard input for ``-``, or patients that come with Millet, such as ``published``."""
    if file == "-":
        return source_of("-")
    shipped = DEFAULT_FOLDER / "cases" / f"{file}.json"
    is_shipped = file.isidentifier() and not Path(file).exists() and shipped.exists()
    return source_of(shipped if is_shipped else Path(file))


def tell_notes(options: argparse.Namespace, notes: Iterable[str]) -> None:
    """What of a file was not used, on standard error, a line each."""
    for note in notes:
        print(f"millet {options.command.NAME}: {note}", file=sys.stderr)


def read_findings(items: Sequence[str]) -> dict[str, object]:
    """
    Findings of ``name=state`` pairs; a value that starts with ``{`` or ``[`` is read as JSON.

    Examples
    --------
    >>> read_findings(["sex=male", 'fever={"absent": 1, "present": 4}'])
    {'sex': 'male', 'fever': {'absent': 1, 'present': 4}}
    """
    findings: dict[str, object] = {}
    for item in items:
        name, separator, value = (part.strip() for part in item.partition("="))
        if not separator or not name or not value:
            raise EvidenceError(f"--finding: found {shown(item)}; allowed is name=state, such as sex=male")
        if name in findings:
            raise EvidenceError(
                f"--finding {plain(name)}: given twice; for several possible states write a|b"
            )
        findings[name] = _json_value(name, value) if value[0] in "{[" else value
    return findings


def _json_value(name: str, value: str) -> object:
    [case] = read_cases(f'{{"findings": {{"value": {value}}}}}') if is_json(value) else [None]
    if case is None:
        raise EvidenceError(
            f'--finding {plain(name)}: {shown(value)} is not JSON; such as {{"present": 3, "absent": 1}}'
        )
    return case.findings["value"]


T = TypeVar("T")


def provenance(network: Network, cases: Iterable[Case] = ()) -> dict[str, object]:
    """
    What every JSON answer begins with.

    What `Network.provenance` tells (``version``, ``digest`` of the tables, ``setting``, ``weights``, ``knowledge``: the
    layer, ``mechanisms``, ``n_draws``, ``draws``, ``changed``, ``problems``, ``fingerprint``), ``scope``, and
    ``protocol``: identifier of a case -> how it was examined (field strength, contrast, sequences). Cases that say
    nothing of it are not there: they are answered as patients are usually examined.
    """
    names = network.knowledge.of_role("protocol")
    given = {
        case.id: {n: case.findings[n] for n in names if case.findings.get(n) is not None} for case in cases
    }
    protocol = {case: said for case, said in given.items() if said}
    return {**network.provenance(), "protocol": protocol, "scope": SCOPE}


def tell(
    options: argparse.Namespace,
    asked_of: tuple[Network, Evidence],
    found: Iterable[T],
    as_json: Callable[[T], Mapping[str, object]],
    as_text: Callable[[T], str],
    **more: object,
) -> int:
    """
    Print what was found for each patient, in the way that the options ask for; exit status 0.

    Parameters
    ----------
    options
        With ``json``.
    asked_of
        What `asked` gave.
    found
        The answer for each patient; may be computed while it is printed.
    as_json, as_text
        How an answer is said in either way.
    more
        Keys of the JSON object between its provenance and ``cases``.
    """
    network, evidence = asked_of
    if options.json:
        cases = [as_json(one) for one in found]
        print_json({**provenance(network, evidence.cases), **more, "cases": cases})
    else:
        print_text(*(as_text(one) for one in found))
    return 0


def print_json(content: Mapping[str, object]) -> None:
    """One JSON object on standard output, in ASCII."""
    print(json.dumps(content, indent=2, allow_nan=False))


def print_text(*blocks: str) -> None:
    """Blocks of text with an empty line between them, and the scope line at the end."""
    print("\n\n".join([*blocks, SCOPE]))
