"""Two runs say the same to the byte, whatever the order in which Python keeps its sets."""

import os
import subprocess
import sys

from model.exchange.formats import FORMATS
from tests.support.source import ROOT

CREATED = "2026-01-31T12:00:00Z"
PATIENT = [
    "--finding",
    "age_years=39",
    "--finding",
    "enhancement_pattern=miliary",
    "--finding",
    "facial_palsy=unilateral|bilateral",
]
RUNS = {
    "check": ["check", "--json"],
    "diagnose": ["diagnose", *PATIENT, "--json"],
    "diagnose_text": ["diagnose", *PATIENT, "--by", "leaf"],
    "next": ["next", *PATIENT, "--json"],
    "orders": ["next", *PATIENT, "--orders", "--budget", "6", "--json"],
    "explain": ["explain", *PATIENT, "--paragraph", "--contrast", "cns_lymphoma", "neurosarcoidosis"],
    "explain_json": ["explain", *PATIENT, "--json"],
    "sensitivity": ["sensitivity", *PATIENT, "--json"],
    "simulate": ["simulate", "-n", "20", "--json"],
    "score": ["score", "--simulated", "40", "--draws", "20", "--details", "--report", "report.html", "--json"],
    "convert": ["convert", "cases.json", "--to", "phenopacket", "--created", CREATED, "--out", "packet.json"],
    "batch": ["batch", "table.csv", "--out", "answers.parquet", "--draws", "10", "--json"],
}  # fmt: skip
RUNS |= {f"export_{name}": ["export", f"network.{name}", "--format", name, "--json"] for name in FORMATS}
CASES = (
    '[{"id": "A", "findings": {"sex": "male", "headache": "present", "chest_ct": "normal|miliary_nodules"}}]'
)
TABLE = "id,sex,facial_palsy\nA,male,unilateral|bilateral\nB,,\n"
SCRIPT = """
import contextlib, json, sys
from pathlib import Path
from model.cli import main
for name, words in json.loads(sys.argv[1]).items():
    with Path(name + ".out").open("w", encoding="utf-8") as out, contextlib.redirect_stdout(out):
        status = main(words)
    assert status == 0, (name, status)
"""


def everything(folder, hash_seed):
    """Every file that all the commands write, in a process with its own order of sets."""
    import json

    folder.mkdir()
    (folder / "cases.json").write_text(CASES, encoding="utf-8")
    (folder / "table.csv").write_text(TABLE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(RUNS)],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_all_outputs_of_two_runs_are_equal(tmp_path):
    first, second = everything(tmp_path / "a", "1"), everything(tmp_path / "b", "2")
    assert len(first) >= len(RUNS) + len(FORMATS)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert [name for name, content in first.items() if not content] == ["convert.out"]  # it wrote packet.json
