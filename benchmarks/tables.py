"""
Tables of patients: seconds and memory of `millet batch` by number of patients, and of Dask with one worker and two.

A table is made by repeating simulated patients, each under an identifier of its own; each run is a process of its own, whose
peak memory the operating system tells.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model import load_network, simulate

ROOT = Path(__file__).resolve().parent.parent
SIZES = (20_000, 200_000, 2_000_000)
N_DIFFERENT = 20_000
SHARE_KNOWN = 0.2
"""Share of the findings on record that is known of a patient."""

N_DASK = 100_000
N_WORKERS = (1, 2)
DASK = """
import sys, time
from dask.distributed import Client, LocalCluster
sys.path.insert(0, "docs/examples")
import dask.dataframe as dd
from dask_batch import answered
import pandas as pd
if __name__ == "__main__":
    source, target, n_workers = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with LocalCluster(n_workers=n_workers, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster):
        patients = dd.read_csv(source, dtype=str, keep_default_na=False, blocksize=2_000_000)
        like = answered(pd.DataFrame({"id": ["none"], "sex": [""]})).iloc[:0]
        started = time.perf_counter()
        patients.map_partitions(answered, meta=like).to_parquet(target, write_index=False)
        print(time.perf_counter() - started)
"""


@dataclass(frozen=True)
class Run:
    """Seconds of one run, and the most memory its process held; None where there are several processes."""

    what: str
    n_patients: int
    seconds: float
    peak_mib: float | None


def runs(sizes: Sequence[int] = SIZES) -> Iterator[Run]:
    """Every size of a table by `millet batch`, then one table under Dask."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "patients.csv"
        for n in sizes:
            write(source, n)
            command = [
                sys.executable,
                "-m",
                "model",
                "batch",
                str(source),
                "--out",
                f"{folder}/answers.parquet",
            ]
            started = time.perf_counter()
            peak = _peak_mib(command)
            yield Run("millet batch", n, time.perf_counter() - started, peak)
        write(source, N_DASK)
        script = Path(folder) / "under_dask.py"
        script.write_text(DASK, encoding="utf-8")
        for n_workers in N_WORKERS:
            command = [sys.executable, str(script), str(source), f"{folder}/{n_workers}", str(n_workers)]
            done = subprocess.run(
                command, cwd=ROOT, env=_environment(), check=True, capture_output=True, text=True
            )
            yield Run(f"Dask, {n_workers} workers", N_DASK, float(done.stdout.split()[-1]), None)


def write(path: Path, n: int) -> None:
    """A table of n patients as CSV."""
    import pandas as pd

    network = load_network().at_mean()
    found, rng = simulate(network, N_DIFFERENT, seed=1), np.random.default_rng(1)
    on_record = found.recorded()
    columns = {}
    for name in found.findings:
        states = np.array(network.states[name])[found.states[name]]
        columns[name] = np.where(on_record[name] & (rng.random(N_DIFFERENT) < SHARE_KNOWN), states, "")
    table = pd.DataFrame(columns)
    for start in range(0, n, N_DIFFERENT):
        piece = table.iloc[: n - start]
        ids = [f"P{start + i}" for i in range(len(piece))]
        piece.assign(id=ids).to_csv(path, index=False, mode="a" if start else "w", header=not start)


def _peak_mib(command: Sequence[str]) -> float:
    """Most memory of a process, told by one that has no other child."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, *command],
        cwd=ROOT,
        env=_environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    return int(told.stdout) / 1024


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}
