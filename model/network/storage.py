"""
Stored parameter draws: written aside and renamed, read without pickle, refused if they do not fit the tables.

The file is a compressed NumPy archive of single-precision arrays, rounded to multiples of a step, and one JSON text
`record` that says what they were drawn from, how the run was judged, and the SHA-256 of the arrays (``draws_digest``).

Knows: files. Must not know: how draws are made or used.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import StorageError
from model.files import replacing
from model.network.convergence import problems
from model.network.mapping import DEFAULT_MAPPING
from model.network.parameters import FloatArray, Parameters
from priors.checks import DEFAULT_FOLDER
from priors.schema import DEFAULT_LAYER, KnowledgeBase, Variable

FILE: Final = "parameters.npz"
STEP: Final = 1 / 64
FINE_STEP: Final = 1 / 4096
"""Stored log weights of findings are multiples of the first, 0.008 off at most, far less than any is known to; the few other
numbers, some of which are certain, of the second."""

MAX_BYTES: Final = 500_000_000
"""Arrays that unpack to more are refused before anything is unpacked; those of the package take 40 MB."""

RATIOS: Final = "odds_ratios/"
"""Arrays that hold no logarithms: their numbers are above 0."""


def default_path(
    folder: Path | None = None, mapping: str = DEFAULT_MAPPING, layer: str = DEFAULT_LAYER
) -> Path:
    """Where the draws of a folder of tables lie: a folder a layer, and in it one for each other mapping."""
    base = (folder if folder is not None else DEFAULT_FOLDER) / "elicited" / layer
    return base / FILE if mapping == DEFAULT_MAPPING else base / mapping / FILE


def remedy(folder: Path | None = None, mapping: str = DEFAULT_MAPPING, layer: str = DEFAULT_LAYER) -> str:
    """
    What to do about stored draws that do not fit.

    Examples
    --------
    >>> remedy(), remedy(Path("mine"), "hpo", "documents")
    ('run `millet elicit`', 'run `millet elicit mine --knowledge documents --mapping hpo`')
    """
    options = f" {folder}" if folder is not None else ""
    options += "" if layer == DEFAULT_LAYER else f" --knowledge {layer}"
    options += "" if mapping == DEFAULT_MAPPING else f" --mapping {mapping}"
    return f"run `millet elicit{options}`"


def save_parameters(parameters: Parameters, record: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """
    Write draws and their record, return the record as written; an interrupted run leaves the previous file intact.

    Raises
    ------
    StorageError
        If the file cannot be written.
    """
    arrays = _arrays(parameters)
    held = {**record, "digest": parameters.digest, "draws_digest": draws_digest(parameters)}
    text = json.dumps(held, indent=1, sort_keys=True, allow_nan=False)
    contents: dict[str, Any] = {"record": np.array(text), **arrays}
    with (
        replacing(path) as aside,
        zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
    ):
        for (
            name,
            array,
        ) in contents.items():  # as `numpy.savez_compressed`, which leaves 6 % of the size on the table
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, array, allow_pickle=False)
    return held


def draws_digest(parameters: Parameters) -> str:
    """SHA-256 over names, shapes and stored values of the draws, as 64 hexadecimal digits; the same in every file."""
    found = hashlib.sha256()
    for name, array in sorted(_arrays(parameters).items()):
        found.update(f"{name}{array.shape}".encode())
        found.update(array.tobytes())
    return found.hexdigest()


def _arrays(parameters: Parameters) -> dict[str, NDArray[np.float32]]:
    """The arrays of a file, as they are stored: shortening them once more changes nothing."""
    arrays = {f"log_weights/{name}": array for name, array in parameters.log_weights.items()}
    arrays |= {f"roots/{name}": array for name, array in parameters.roots.items()}
    arrays |= {f"odds_ratios/{name}": array for name, array in parameters.odds_ratios.items()}
    arrays |= {"shifts": parameters.shifts, "prior_weights": parameters.prior_weights}
    return {name: _shortened(array, name) for name, array in arrays.items()}


def _shortened(array: FloatArray, name: str) -> NDArray[np.float32]:
    """Single precision, rounded to multiples of a step, so that it compresses; ratios stay above 0."""
    step = STEP if name.startswith("log_weights/") else FINE_STEP
    rounded = np.round(np.asarray(array, dtype=np.float64) / step) * step
    return (np.maximum(rounded, step) if name.startswith(RATIOS) else rounded).astype(np.float32)


def load_parameters(
    knowledge: KnowledgeBase, folder: Path | None = None, mapping: str = DEFAULT_MAPPING
) -> Parameters:
    """
    Stored draws of a knowledge base, made with one reading of the frequency words.

    Raises
    ------
    StorageError
        If the file is missing or damaged, was drawn from other tables, or holds arrays of the wrong shape or NaN.
    """
    layer = knowledge.layer
    path, cure = default_path(folder, mapping, layer), remedy(folder, mapping, layer)
    arrays, record = _read(path, cure)
    if record.get("digest") != knowledge.digest:
        raise StorageError(
            f"{path.name}: drawn from other tables (digest {str(record.get('digest'))[:12]}); "
            f"the tables now have {knowledge.digest[:12]}; {cure}"
        )
    expected = _shapes(knowledge)
    for name, shape in expected.items():
        _check(f"{path.name}, array {name}", arrays.get(name), shape, cure)
    counts = {len(arrays[name]) for name in expected}
    if len(counts) != 1:
        raise StorageError(f"{path.name}: arrays hold {sorted(counts)} draws; all must hold as many; {cure}")
    log_weights, roots, odds_ratios = (
        {name.removeprefix(group): arrays[name] for name in expected if name.startswith(group)}
        for group in ("log_weights/", "roots/", "odds_ratios/")
    )
    return Parameters(
        log_weights=log_weights,
        shifts=arrays["shifts"],
        roots=roots,
        odds_ratios=odds_ratios,
        prior_weights=arrays["prior_weights"],
        digest=knowledge.digest,
        problems=problems(record),
    )


def load_record(
    folder: Path | None = None, mapping: str = DEFAULT_MAPPING, layer: str = DEFAULT_LAYER
) -> dict[str, Any]:
    """
    What the stored draws say of themselves: digests, seed, versions, diagnostics, checks against the documents.

    Raises
    ------
    StorageError
        If the file is missing or damaged.
    """
    return _read(default_path(folder, mapping, layer), remedy(folder, mapping, layer))[1]


_DAMAGE: Final = (
    *(OSError, ValueError, KeyError, EOFError, AttributeError, TypeError, RuntimeError),
    *(MemoryError, zipfile.BadZipFile, zlib.error),
)
"""What NumPy, zipfile and json raise on a file that is cut off, overwritten, pickled or something else altogether."""


def _read(path: Path, cure: str) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    if not path.is_file():
        raise StorageError(f"{path.name}: no stored draws; they belong beside the tables; {cure}")
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(member.file_size for member in packed.infolist())
        if size > MAX_BYTES:
            raise StorageError(
                f"{path.name}: unpacks to {size:,} bytes; at most {MAX_BYTES:,} are allowed; {cure}"
            )
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        record = json.loads(str(arrays.pop("record")))
    except StorageError:
        raise
    except _DAMAGE as error:
        raise StorageError(f"{path.name}: cannot be read ({type(error).__name__}); {cure}") from error
    if not isinstance(record, dict):
        raise StorageError(f"{path.name}: its record is no JSON object; {cure}")
    return arrays, record


def _shapes(knowledge: KnowledgeBase) -> dict[str, tuple[int, ...]]:
    """Shape of each array without the axis of draws."""
    shapes: dict[str, tuple[int, ...]] = {
        "shifts": (len(knowledge.links),),
        "prior_weights": (len(knowledge.prior_weights),),
    }
    for name, variable in knowledge.variables.items():
        if variable.role in ("context", "protocol"):
            shapes[f"roots/{name}"] = (len(variable.states),)
        elif variable.role == "mechanism":
            shapes[f"odds_ratios/{name}"] = ()
        else:
            shapes[f"log_weights/{name}"] = _weight_shape(knowledge, variable)
    return shapes


def _weight_shape(knowledge: KnowledgeBase, variable: Variable) -> tuple[int, int]:
    """An MS axis has weights in one disease only, and none for `not_applicable`."""
    if variable.role == "ms_axis":
        return 1, len(variable.states) - 1
    return len(knowledge.leaves), len(variable.states)


def _check(where: str, array: NDArray[Any] | None, shape: tuple[int, ...], cure: str) -> None:
    if not isinstance(array, np.ndarray) or array.shape[1:] != shape or not array.ndim or not len(array):
        found = f"shape {array.shape}" if isinstance(array, np.ndarray) else "missing"
        fitting = ", ".join(["draws", *map(str, shape)])
        raise StorageError(f"{where}: {found}; the tables need shape ({fitting}); {cure}")
    if array.dtype != np.float32 or not np.isfinite(array).all():
        raise StorageError(f"{where}: not all are finite single-precision numbers; they must be; {cure}")
    if RATIOS in where and not (array > 0).all():
        raise StorageError(f"{where}: not all are above 0; they must be; {cure}")
