"""
Stored parameter draws: written aside and renamed, read without pickle, refused if they do not fit the tables.

The file is a compressed NumPy archive of single-precision arrays (their last 10 bits cleared, which moves a log weight
by less than 0.1 % and halves the size) and one JSON text `record` that says what they were drawn from.

Knows: files. Must not know: how draws are made or used.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import StorageError
from model.parameters import FloatArray, Parameters
from priors.schema import KnowledgeBase, Variable

FILE: Final = "parameters.npz"
REMEDY: Final = "run `millet elicit`"
CLEARED_BITS: Final = 10


def default_path(folder: Path | None = None) -> Path:
    """Where the draws of a folder of tables lie."""
    base = folder if folder is not None else Path(__file__).resolve().parent.parent / "priors"
    return base / "elicited" / FILE


def save_parameters(parameters: Parameters, record: Mapping[str, Any], path: Path) -> None:
    """
    Write draws and their record; an interrupted run leaves the previous file intact.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {f"log_weights/{name}": array for name, array in parameters.log_weights.items()}
    arrays |= {f"roots/{name}": array for name, array in parameters.roots.items()}
    arrays |= {f"odds_ratios/{name}": array for name, array in parameters.odds_ratios.items()}
    arrays |= {"shifts": parameters.shifts, "prior_weights": parameters.prior_weights}
    text = json.dumps({**record, "digest": parameters.digest}, indent=1, sort_keys=True)
    aside = path.with_suffix(".partial.npz")
    contents: dict[str, Any] = {name: _shortened(array) for name, array in arrays.items()}
    np.savez_compressed(aside, record=np.array(text), **contents)
    aside.replace(path)


def _shortened(array: FloatArray) -> NDArray[np.float32]:
    """Single precision with the last bits of the mantissa rounded away, so that it compresses."""
    bits = np.ascontiguousarray(array, dtype=np.float32).view(np.uint32)
    half = np.uint32(1 << (CLEARED_BITS - 1))
    mask = np.uint32(0xFFFFFFFF ^ ((1 << CLEARED_BITS) - 1))
    return ((bits + half) & mask).view(np.float32)


def load_parameters(knowledge: KnowledgeBase, folder: Path | None = None) -> Parameters:
    """
    Stored draws of a knowledge base.

    Raises
    ------
    StorageError
        If the file is missing or damaged, was drawn from other tables, or holds arrays of the wrong shape or NaN.
    """
    path = default_path(folder)
    arrays, record = _read(path)
    if record.get("digest") != knowledge.digest:
        raise StorageError(
            f"{path.name}: drawn from other tables (digest {str(record.get('digest'))[:12]}); "
            f"the tables now have {knowledge.digest[:12]}; {REMEDY}"
        )
    expected = _shapes(knowledge)
    for name, shape in expected.items():
        _check(path.name, name, arrays.get(name), shape)
    counts = {len(arrays[name]) for name in expected}
    if len(counts) != 1:
        raise StorageError(
            f"{path.name}: arrays hold {sorted(counts)} draws; all must hold as many; {REMEDY}"
        )
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
    )


def load_record(folder: Path | None = None) -> dict[str, Any]:
    """
    What the stored draws say of themselves: digest, seed, versions, diagnostics.

    Raises
    ------
    StorageError
        If the file is missing or damaged.
    """
    return _read(default_path(folder))[1]


def _read(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    if not path.is_file():
        raise StorageError(f"{path.name}: no stored draws; they belong beside the tables; {REMEDY}")
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        record = json.loads(str(arrays.pop("record")))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise StorageError(f"{path.name}: cannot be read ({type(error).__name__}); {REMEDY}") from error
    if not isinstance(record, dict):
        raise StorageError(f"{path.name}: its record is no JSON object; {REMEDY}")
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


def _check(file: str, name: str, array: NDArray[Any] | None, shape: tuple[int, ...]) -> None:
    if array is None or array.shape[1:] != shape or array.ndim != len(shape) + 1 or not len(array):
        found = "missing" if array is None else f"of shape {array.shape}"
        raise StorageError(
            f"{file}: array {name} is {found}; (draws, {', '.join(map(str, shape))}) fits; {REMEDY}"
        )
    if array.dtype != np.float32 or not np.isfinite(array).all():
        raise StorageError(
            f"{file}: array {name} holds something else than finite single-precision numbers; {REMEDY}"
        )
