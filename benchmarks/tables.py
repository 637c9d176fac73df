"""
Tables of patients: seconds and memory of `millet batch` by number of patients, and of Dask with one worker and two.

A table repeats simulated patients, each time under identifiers of their own; each run is a process of its own, whose memory
is looked at from outside.
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
from typing import TYPE_CHECKING

import numpy as np
import psutil

from model import load_network, simulate

if TYPE_CHECKING:
    import pyarrow as pa

ROOT = Path(__file__).resolve().parent.parent
SIZES = (20_000, 200_000, 2_000_000)
N_DIFFERENT = 20_000

SHARE_KNOWN = 0.2
"""Share of the findings on record that is known of a patient."""

LOOK = 0.5
"""Seconds between two looks at the memory of a run."""

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
    """Seconds of one run, and the most memory (MiB) in each tenth of them; none where there are several processes."""

    what: str
    n_patients: int
    seconds: float
    mib: tuple[float, ...] = ()


def runs(sizes: Sequence[int] = SIZES) -> Iterator[Run]:
    """Every size of a table by `millet batch`."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "patients.csv"
        for n in sizes:
            write(source, n)
            yield batch(source, Path(folder) / "answers.parquet", n)


def under_dask(n: int = N_DASK) -> Iterator[Run]:
    """One table under Dask, by number of workers."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "patients.csv"
        write(source, n)
        yield from dask(source, n)


def large(n: int) -> Iterator[Run]:
    """One table of n patients: Parquet into Parquet, and CSV into CSV."""
    with tempfile.TemporaryDirectory() as folder:
        for ending in ("parquet", "csv"):
            source, target = Path(folder) / f"patients.{ending}", Path(folder) / f"answers.{ending}"
            write(source, n)
            yield batch(source, target, n)
            source.unlink()
            target.unlink()


def batch(source: Path, target: Path, n: int) -> Run:
    """`millet batch` at mean parameters, its memory looked at from outside."""
    command = [sys.executable, "-m", "model", "batch", str(source), "--out", str(target)]
    started, looks = time.perf_counter(), []
    with subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=subprocess.DEVNULL) as running:
        seen = psutil.Process(running.pid)
        while running.poll() is None:
            looks.append(seen.memory_info().rss / 2**20)
            time.sleep(LOOK)
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, command)
    seconds = time.perf_counter() - started
    tenths = [part for part in np.array_split(looks, 10) if len(part)]
    kind = f"{source.suffix[1:]} to {target.suffix[1:]}"
    return Run(f"millet batch, {kind}", n, seconds, tuple(float(part.max()) for part in tenths))


def dask(source: Path, n: int) -> Iterator[Run]:
    """The example under Dask, by number of workers."""
    script = source.with_name("under_dask.py")
    script.write_text(DASK, encoding="utf-8")
    for n_workers in N_WORKERS:
        target = source.with_name(str(n_workers))
        command = [sys.executable, str(script), str(source), str(target), str(n_workers)]
        done = subprocess.run(
            command, cwd=ROOT, env=_environment(), check=True, capture_output=True, text=True
        )
        yield Run(f"Dask, {n_workers} workers", n, float(done.stdout.split()[-1]))


def write(path: Path, n: int) -> None:
    """A table of n patients, CSV or Parquet."""
    import pyarrow as pa
    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    rows = simulated()
    with (pq.ParquetWriter if path.suffix == ".parquet" else pc.CSVWriter)(path, rows.schema) as file:
        for start in range(0, n, N_DIFFERENT):
            ids = pa.array([f"P{start + i}" for i in range(N_DIFFERENT)])
            file.write_table(rows.set_column(0, "id", ids)[: n - start])


def simulated(seed: int = 1) -> pa.Table:
    """The different patients, as texts."""
    import pyarrow as pa

    network = load_network().at_mean()
    found, rng = simulate(network, N_DIFFERENT, seed=seed), np.random.default_rng(seed)
    columns = {"id": pa.array([""] * N_DIFFERENT)}
    for name, is_recorded in found.recorded().items():
        is_known = is_recorded & (rng.random(N_DIFFERENT) < SHARE_KNOWN)
        codes = pa.array(found.states[name], mask=~is_known)
        columns[name] = pa.DictionaryArray.from_arrays(codes, network.states[name]).cast(pa.string())
    return pa.table(columns)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}
