"""
Draw the parameters: compile the model, sample it, judge the run, keep thinned draws.

The sampler is nutpie's NUTS: of those tried on two cores it needs seconds where PyMC's own needs minutes, and its
samples were equal within their error (see ARCHITECTURE.md).

Knows: the model, nutpie, arviz. Must not know: files.
"""

from __future__ import annotations

import importlib.metadata
import platform
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import arviz as az
import numpy as np
import nutpie
import xarray as xr
from numpy.typing import NDArray
from pytensor.compile.mode import predefined_modes

from model.elicitation.age import AGE, age_log_weights
from model.elicitation.cells import Cells
from model.elicitation.model import build
from model.elicitation.predictive import for_new_patients
from model.elicitation.reading import reread
from model.errors import ElicitationError
from model.network.convergence import problems
from model.network.mapping import DEFAULT_MAPPING
from model.network.parameters import Parameters
from priors.schema import KnowledgeBase

MONITORED: Final = (
    *("log_weights", "shifts", "age", "age_share", "prior_weights", "roots", "log_odds_ratios"),
    *(
        "cut_points",
        "level",
        "offset_scale",
        "judged_scale",
        "reading_shift",
        "tau",
        "trait_sd",
        "trait_shift",
        "age_tau",
    ),
)
"""Variables that every run is judged by: all numbers that the network uses, and what they are pooled towards."""

SEED: Final = 20261121
"""Of the shipped draws."""

PACKAGES: Final = ("pymc", "pytensor", "nutpie", "arviz", "numpy", "scipy")


@dataclass(frozen=True, slots=True)
class Draws:
    """
    Raw draws of a run, chains joined: a leading axis of n_chains * n_draws for each monitored variable.

    `record` holds what judges the run: seed, sizes, seconds, versions, divergences, worst R-hat and ESS.
    """

    values: dict[str, NDArray[np.float64]]
    record: dict[str, Any]


def sample(
    knowledge: KnowledgeBase,
    *,
    mapping: str = DEFAULT_MAPPING,
    seed: int = SEED,
    chains: int = 4,
    draws: int = 1600,
    tune: int = 500,
    progress: bool = True,
) -> Draws:
    """
    Sample the model of all facts.

    Parameters
    ----------
    knowledge : KnowledgeBase
    mapping : str
        Which reading of words and symbols to use (see `model.network.mapping`).
    seed : int
        Same tables, seed and package versions give the same draws.
    chains, draws, tune : int
        Number of chains, and of kept and discarded draws of each.
    progress : bool
        Show a progress bar.

    Raises
    ------
    UnknownNameError
        If there is no such mapping.
    """
    started = time.perf_counter()
    made = compiled(knowledge, mapping)
    compiled_at = time.perf_counter()
    trace = nutpie.sample(
        made, draws=draws, tune=tune, chains=chains, cores=2, seed=seed, progress_bar=progress
    )
    sampled_at = time.perf_counter()
    posterior = trace["posterior"]
    found = {name: np.asarray(posterior[name]) for name in MONITORED if name in posterior}
    record = {
        "digest": knowledge.digest,
        "mapping": mapping,
        "knowledge": knowledge.layer,
        "seed": seed,
        "chains": chains,
        "draws": draws,
        "tune": tune,
        "divergences": int(np.asarray(trace["sample_stats"]["diverging"]).sum()),
        "seconds_compile": round(compiled_at - started, 1),
        "seconds_sample": round(sampled_at - compiled_at, 1),
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
        "variables": {name: convergence(array) for name, array in found.items() if varies(array)},
    }
    joined = {name: array.reshape(chains * draws, *array.shape[2:]) for name, array in found.items()}
    return Draws(joined, record)


def compiled(knowledge: KnowledgeBase, mapping: str) -> Any:
    """
    The model of all facts as machine code.

    pytensor 3.3 cannot fuse the indexed reads of this model ("multiple destroyers"), and nutpie offers no way to say
    so: the mode that it asks for by name is replaced while it compiles. Older versions have no such fusion.
    """
    usual = predefined_modes["NUMBA"]
    predefined_modes["NUMBA"] = usual.excluding("fuse_indexed_into_elemwise")
    try:
        with warnings.catch_warnings():
            # The code is Numba's, which brings its own linear algebra.
            warnings.filterwarnings("ignore", message="PyTensor could not link to a BLAS")
            # PyTensor hides these once, when it is imported; whoever changes the filters later would see them.
            warnings.filterwarnings(
                "ignore", message='(?s).*Cannot cache compiled function "numba_funcified_fgraph'
            )
            warnings.filterwarnings("ignore", message=r"(?s).*np\.dot\(\) is faster on contiguous arrays")
            return nutpie.compile_pymc_model(build(Cells(reread(knowledge, mapping)), mapping))
    finally:
        predefined_modes["NUMBA"] = usual


def varies(array: NDArray[np.float64]) -> bool:
    """Whether any element differs between draws: certain weights and switched-off links do not."""
    return bool(array.size) and bool(np.ptp(array, axis=(0, 1)).max() > 0)


def convergence(array: NDArray[np.float64]) -> dict[str, float]:
    """
    Worst R-hat, bulk and tail effective sample size over all elements of a variable that vary at all.

    Parameters
    ----------
    array : ndarray of shape (n_chains, n_draws, ...)

    References
    ----------
    Vehtari A, Gelman A, Simpson D, Carpenter B, Buerkner PC. Bayesian Analysis 2021;16:667. doi:10.1214/20-BA1221
    """
    flat = array.reshape(*array.shape[:2], -1)
    flat = flat[..., np.ptp(flat, axis=(0, 1)) > 0]
    data = xr.Dataset({"x": (("chain", "draw", "element"), flat)})
    return {
        "elements": float(flat.shape[-1]),
        "r_hat": float(np.max(np.asarray(az.rhat(data)["x"]))),
        "ess_bulk": float(np.min(np.asarray(az.ess(data, method="bulk")["x"]))),
        "ess_tail": float(np.min(np.asarray(az.ess(data, method="tail")["x"]))),
    }


def gate(record: Mapping[str, Any]) -> None:
    """
    Refuse a run that has not converged.

    Raises
    ------
    ElicitationError
        With the lines of `problems`, if there are any.
    """
    if found := problems(record):
        raise ElicitationError(*found)


def parameters(knowledge: KnowledgeBase, draws: Draws, keep: int = 500) -> Parameters:
    """
    Evenly thinned draws in the form the network is built from, for a new patient (`model.elicitation.predictive`).

    Parameters
    ----------
    knowledge : KnowledgeBase
    draws : Draws
    keep : int
        Number of draws to keep, at most those that were made.
    """
    total = len(draws.values["shifts"])
    chosen = np.linspace(0, total - 1, min(keep, total)).round().astype(int)
    cells = Cells(knowledge)
    thinned = {name: array[chosen] for name, array in draws.values.items()}
    values = for_new_patients(cells, thinned, int(draws.record["seed"]))
    log_weights = cells.leaf_log_weights(values["log_weights"])
    ages = age_log_weights(knowledge, values["age"], values["age_share"])
    return Parameters(
        log_weights={**log_weights, AGE: ages},
        shifts=values["shifts"],
        roots=_roots(knowledge, values["roots"]),
        odds_ratios=_odds_ratios(knowledge, values["log_odds_ratios"]),
        prior_weights=values["prior_weights"],
        digest=knowledge.digest,
    )


def _roots(knowledge: KnowledgeBase, values: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Split the log weights of the scale ``root`` by variable, in state order."""
    terms = [scale.term for scale in knowledge.scales if scale.scale == "root"]
    return {
        name: values[:, [terms.index(f"{name}={state}") for state in variable.state_ids]]
        for name, variable in knowledge.of_role("context", "protocol").items()
    }


def _odds_ratios(knowledge: KnowledgeBase, values: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Odds ratio of every mechanism, from their logs in the order of the scale ``odds_ratio``."""
    terms = [scale.term for scale in knowledge.scales if scale.scale == "odds_ratio"]
    return {name: np.exp(values[:, terms.index(name)]) for name in knowledge.of_role("mechanism")}
