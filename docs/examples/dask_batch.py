"""
Answer a table of patients under Dask, on a local cluster: the same answers as `millet batch`, chunk by chunk.

    pip install 'millet-dx[dask]'
    python docs/examples/dask_batch.py patients.csv answers

Every worker reads the network once; the scheduler hands out the blocks of the table. Answers are written as one Parquet
file per block into the folder named second.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import dask.dataframe as dd
import pandas as pd
from dask.distributed import Client, LocalCluster

from model import Network, answer_table, load_network


@cache
def network() -> Network:
    """The network at mean parameters, once in every worker."""
    return load_network().at_mean()


def answered(block: pd.DataFrame) -> pd.DataFrame:
    """The answers for one block of the table."""
    return answer_table(block, network())


def main(source: str, target: str, block_bytes: int = 2_000_000) -> None:
    """Answer the table `source` into the folder `target`."""
    patients = dd.read_csv(source, dtype=str, keep_default_na=False, blocksize=block_bytes)
    like = answered(pd.DataFrame({"id": ["none"], "sex": [""]})).iloc[:0]  # names and types of the columns
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        answers = patients.map_partitions(answered, meta=like)
        print(f"{answers.npartitions} blocks on {len(client.scheduler_info()['workers'])} workers")
        answers.to_parquet(Path(target), write_index=False)


if __name__ == "__main__":
    main(*sys.argv[1:3])
