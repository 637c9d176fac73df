"""A disease and a finding are added by editing tables only; the old diseases keep their odds."""

from __future__ import annotations

import csv
import functools
import itertools
import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app_pages.knowledge import facts as knowledge_facts
from app_pages.shared import answers, prior
from model import encode, load_network, posterior
from model.cli import main
from priors.checks import DEFAULT_FOLDER, check
from tests.support.source import ROOT
from tests.support.waiting import MAX_SECONDS

# few draws, so that the test stays short: that they say so is tested where the gate is
pytestmark = [pytest.mark.filterwarnings("ignore:draws that have not converged"), pytest.mark.slow]

NEW, SIGN = "tsukumo_disease", "blue_toes"
PATIENT = {
    "sex": "female",
    "age_years": 34,
    "pvs_pattern": "present",
    "headache": "present",
    "uveitis": "present",
}


def append(path, **cells):
    """One more row in a table; what is not given is blank."""
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow([cells.get(name, "") for name in header])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The shipped tables with an invented disease, an invented finding and six invented facts, elicited briefly."""
    folder = tmp_path_factory.mktemp("tables") / "priors"
    shutil.copytree(DEFAULT_FOLDER, folder, ignore=shutil.ignore_patterns("elicited", "__pycache__", "*.py"))
    append(
        folder / "diagnoses.csv", id=NEW, label="Tsukumo disease", group="infectious", definition="Invented"
    )
    append(
        folder / "findings.csv",
        id=SIGN,
        label="Blue toes",
        kind="binary",
        role="finding",
        order="examination",
    )
    append(folder / "states.csv", finding=SIGN, id="absent", label="Absent", reference="yes")
    append(folder / "states.csv", finding=SIGN, id="present", label="Present")
    append(
        folder / "sections.csv", id="toes", order="examination", label="Toes", label_de="Zehen", findings=SIGN
    )
    append(folder / "sources.csv", id="901", title="Invented", citation="Nobody. Invented for the tests.")
    for setting in ("documents", "flat", "incidence"):
        append(folder / "prior_settings.csv", setting=setting, diagnosis=NEW, low=1, median=1, high=1)
    shutil.copy(folder / "facts" / "003.csv", folder / "facts" / "901.csv")
    header = (folder / "facts" / "901.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "facts" / "901.csv").write_text(f"{header}\n", encoding="utf-8")
    facts = [
        {"finding": SIGN, "state": "present", "kind": "count", "low": 45, "n": 50},
        {"finding": "pvs_pattern", "state": "present", "kind": "word", "term": "common"},
        {"finding": "uveitis", "state": "present", "kind": "negative", "term": "not_reported"},
        {"finding": "fever", "state": "present", "kind": "percentage", "low": 0.6},
        {"finding": "sex", "state": "female", "kind": "word", "term": "equal"},
        {"finding": "age_years", "kind": "age_range", "low": 20, "high": 60, "term": "typical"},
    ]
    for number, fact in enumerate(facts, 1):
        about = {"location": "Results", "diagnosis": NEW, "denominator": "patients", "statement": "Invented"}
        append(folder / "facts" / "901.csv", id=f"901-{number:04d}", **about, **fact)
    assert check(folder).errors == ()
    sizes = ("--chains", "2", "--draws", "100", "--tune", "250", "--keep", "200")
    # a process of its own: what the compiler takes in memory would stay with the tests that follow
    command = [sys.executable, "-m", "model", "elicit", str(folder), "--force", *sizes]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0
    return folder


def test_the_disease_is_in_the_network(folder):
    network = load_network(folder=folder)
    assert NEW in network.states["diagnosis"]
    assert network.states[SIGN] == ("absent", "present")
    leaf = network.states["diagnosis"].index(NEW)
    draws = network.tables[SIGN][:, leaf, 1]
    assert abs(draws.mean() - 45 / 50) < 0.06
    others = np.delete(network.tables[SIGN].mean(axis=0), leaf, axis=0)[:, 1]
    assert others.max() < 0.3  # silence; more only in `other`, which stands for everything else


def test_the_command_finds_it(folder, capsys):
    capsys.readouterr()
    options = ["--tables", str(folder), "--prior", "flat", "--json"]
    findings = [f"--finding={pair}" for pair in (f"{SIGN}=present", "fever=present", "pvs_pattern=present")]
    assert main(["diagnose", *options, *findings]) == 0
    [patient] = json.loads(capsys.readouterr().out)["cases"]
    assert max(patient["posterior"], key=patient["posterior"].get) == NEW


def test_the_app_offers_the_finding_and_shows_the_disease(folder, monkeypatch):
    shipped = answers.load_network
    monkeypatch.setattr(answers, "load_network", functools.partial(shipped, folder=folder))
    tables = functools.partial(answers.load_knowledge_base, folder)
    monkeypatch.setattr(answers, "load_knowledge_base", tables)
    forget_tables()
    try:
        app = AppTest.from_file(str(DEFAULT_FOLDER.parent / "app.py"), default_timeout=MAX_SECONDS)
        app.query_params["prior"] = "flat"
        app.query_params["f"] = f"{SIGN}.present~fever.present~pvs_pattern.present"
        app.run()
        assert not app.exception
        [rows] = [b.proto.body for b in app.get("html") if "mf-differential" in b.proto.body][:1]
        labels = [d.label for d in load_network(folder=folder).knowledge.diagnoses.values()]
        assert min((label for label in labels if label in rows), key=rows.index) == "Tsukumo disease"
    finally:
        forget_tables()


def forget_tables():
    """The app reads its tables once in a process; these tests give it others."""
    st.cache_resource.clear()
    for kept in (answers._tables, answers.setting_names, prior.usual_weights, knowledge_facts.facts_frame):
        kept.cache_clear()


def log_odds(folder, pairs):
    """Draws of the log odds of pairs of leaves for one patient."""
    network = load_network(setting="flat", folder=folder)
    p = posterior(network, encode(network, [PATIENT])).probabilities[:, 0]
    leaves = network.states["diagnosis"]
    return np.array([np.log(p[:, leaves.index(a)] / p[:, leaves.index(b)]) for a, b in pairs])


def test_the_odds_among_the_old_diseases_stay(folder):
    """Means differ by less than the Monte Carlo error of the short run allows: 4 standard errors at an ESS of 60."""
    old_leaves = load_network().states["diagnosis"]
    pairs = list(itertools.combinations(old_leaves, 2))
    old, new = log_odds(None, pairs), log_odds(folder, pairs)
    error = np.hypot(old.std(axis=1) / np.sqrt(400), new.std(axis=1) / np.sqrt(60))
    moved = np.abs(new.mean(axis=1) - old.mean(axis=1))
    assert (moved < 4 * error).all()
    assert np.median(moved) < 0.2
