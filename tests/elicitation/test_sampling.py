"""
The sampler: the same answer twice, refused when it has not converged, and the density that the readings say.

PyMC and ArviZ are loaded by the tests that need them, not while tests are collected: every worker collects every file.
"""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
import tomllib
from importlib import import_module
from threading import Event

import numpy as np
import pytest
from numpy.testing import assert_allclose

from model.cli import parser
from model.commands import elicit as elicit_command
from model.elicitation.cells import Cells
from model.elicitation.likelihood import agreement
from model.errors import ElicitationError, UnsoundWarning
from model.network.shipped import load_network
from model.network.storage import default_path, load_parameters, load_record
from priors import load_knowledge_base
from tests.support import command
from tests.support.invented import one_of_each, write_invented
from tests.support.source import ROOT

COMPILING = "compiling the model, two to three minutes"
SIZES = ("--chains", "2", "--draws", "60", "--tune", "80", "--keep", "50")


def run(capsys, *arguments):
    """Status, standard output and standard error of `millet elicit`."""
    return command.run(capsys, "elicit", *map(str, arguments))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Invented tables."""
    return write_invented(tmp_path_factory.mktemp("invented"), one_of_each())


RUNS = """
import json, sys
from model.cli import main
from model.elicitation import sampling

usual, made = sampling.compiled, {}

def once(knowledge, mapping):
    if mapping not in made:
        made[mapping] = usual(knowledge, mapping)
    return made[mapping]

sampling.compiled = once
for words in json.loads(sys.argv[1]):
    assert main(words) == 0
"""
"""Runs of one folder of tables, in a process of their own: what the compiler takes in memory would stay with other tests."""


@pytest.fixture(scope="module")
def forced(folder, tmp_path_factory):
    """Three short runs, stored although they have not converged: one seed twice, compiled for each, and another seed."""
    outs = [tmp_path_factory.mktemp("out") for _ in range(3)]
    usual = ("elicit", str(folder), "--force", "--json", *SIZES)
    words = [
        [*usual, "--seed", seed, "--out", str(out), "--trace", str(out / "trace.nc")]
        for seed, out in zip(("5", "5", "6"), outs, strict=True)
    ]
    for runs in (words[:1], words[1:]):
        subprocess.run([sys.executable, "-c", RUNS, json.dumps(runs)], cwd=ROOT, check=True)
    return [out / "parameters.npz" for out in outs]


def record_of(path):
    with np.load(path) as archive:
        return json.loads(str(archive["record"]))


@pytest.mark.slow
def test_the_same_seed_gives_the_same_draws(forced):
    first, again, other = (record_of(path)["draws_digest"] for path in forced)
    assert first == again
    assert first != other


def test_the_record_says_what_was_done(forced, folder):
    record = record_of(forced[0])
    assert record["digest"] == load_knowledge_base(folder).digest
    assert (record["seed"], record["chains"], record["draws"], record["tune"], record["keep"]) == (
        5,
        2,
        60,
        80,
        50,
    )
    assert record["mapping"] == "literature"
    assert {"pymc", "nutpie", "arviz", "numpy"} <= set(record["packages"])
    assert set(record["checks"]) == {"symbols", "conflicts", "background", "readings", "learnt"}
    assert len(record["checks"]["symbols"]["cells"]) == 2


def test_stored_draws_make_a_network(forced, folder):
    path = default_path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(forced[0].read_bytes())
    with pytest.warns(UnsoundWarning, match="draws that have not converged"):
        network = load_network(folder=folder)
    assert network.n_draws == 50
    assert load_record(folder)["seed"] == 5
    for table in network.tables.values():
        assert_allclose(table.sum(axis=-1), 1, rtol=1e-9)


def test_arviz_reads_the_trace_with_the_names_of_its_numbers(forced, folder):
    import arviz as az

    from model.elicitation.sampling import convergence

    trace = az.from_netcdf(str(forced[0].with_name("trace.nc")))
    posterior = trace["posterior"]
    assert (posterior.sizes["chain"], posterior.sizes["draw"]) == (2, 60)
    assert posterior.attrs["digest"] == load_knowledge_base(folder).digest
    cells = [str(name) for name in posterior["cell"].values]
    assert len(set(cells)) == len(cells) == Cells(load_knowledge_base(folder)).size
    record = record_of(forced[0])
    for name, told in record["variables"].items():
        found = convergence(np.asarray(posterior[name], dtype=float))
        assert found["r_hat"] == pytest.approx(told["r_hat"], rel=1e-10), name
    summary = az.summary(trace, var_names=["log_weights"], coords={"cell": cells[:2]})
    assert [str(name) for name in summary.index] == [f"log_weights[{cell}]" for cell in cells[:2]]


def test_arviz_draws_the_trace(forced):
    import arviz as az

    trace = az.from_netcdf(str(forced[0].with_name("trace.nc")))
    names = {"var_names": ["log_weights"], "coords": {"cell": trace["posterior"]["cell"].values[:2]}}
    for plot in (az.plot_forest, az.plot_pair):
        assert plot(trace, **names) is not None


@pytest.fixture
def finished(forced, folder, monkeypatch):
    """Puts a finished run in the place of the sampler, with the problems that are given."""
    from model.elicitation import run as run_module
    from model.elicitation.run import Elicitation

    stored = default_path(folder)
    stored.parent.mkdir(parents=True, exist_ok=True)
    stored.write_bytes(forced[0].read_bytes())
    drawn = load_parameters(load_knowledge_base(folder), folder)

    def with_problems(*found):
        record = record_of(forced[0])
        monkeypatch.setattr(run_module, "elicit", lambda *_, **__: Elicitation(drawn, record, found))

    return with_problems


def test_a_trace_has_the_ending_of_netcdf(finished, folder, tmp_path, capsys):
    finished()
    status, _, complaint = run(capsys, folder, "--out", tmp_path, "--trace", tmp_path / "trace.csv")
    assert status == 2
    assert "a name that ends in .nc" in complaint
    assert "\n" not in complaint.strip()
    assert not list(tmp_path.iterdir())


def test_where_no_bar_can_be_drawn_lines_tell_that_it_is_at_work(monkeypatch):
    told, heard = [], Event()

    def take(line, **_):
        told.append(line)
        heard.set()

    monkeypatch.setattr(elicit_command, "EVERY", 0.0)
    monkeypatch.setattr(elicit_command, "print", take, raising=False)
    with elicit_command.lines():
        assert heard.wait(30)
    assert told[0].startswith("elicit: at work for")


def test_a_run_that_has_not_converged_is_refused_and_the_old_file_kept(finished, folder, tmp_path, capsys):
    finished("elicitation, level: ESS 12; must be above 400; draw more (--draws, --chains)")
    out = tmp_path / "parameters.npz"
    out.write_bytes(b"old")
    status, printed, complaint = run(capsys, folder, "--out", tmp_path)
    assert status == 2
    assert printed == ""
    assert complaint.splitlines() == [
        COMPILING,
        "millet elicit: elicitation, level: ESS 12; must be above 400; draw more (--draws, --chains)",
        "millet elicit: parameters.npz: not written, the old file is kept; --force writes it",
    ]
    assert out.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["parameters.npz"]


def test_a_good_run_is_stored_and_summed_up(finished, folder, tmp_path, capsys):
    finished()
    status, printed, complaint = run(capsys, folder, "--out", tmp_path / "new")
    assert (status, complaint) == (0, f"{COMPILING}\n")
    assert "2 chains of 60 draws, knowledge full, mapping literature, seed 5" in printed
    assert f"written: {tmp_path / 'new' / 'parameters.npz'}" in printed
    assert "in conflict: 101-" in printed


def test_the_json_of_a_run_is_its_record(finished, folder, tmp_path, capsys):
    finished("elicitation: 3 divergences")
    status, printed, _ = run(capsys, folder, "--out", tmp_path, "--force", "--json")
    assert status == 0
    answer = json.loads(printed)
    assert answer["problems"] == ["elicitation: 3 divergences"]
    assert answer["file"] == str(tmp_path / "parameters.npz")
    assert answer["draws_digest"] == record_of(tmp_path / "parameters.npz")["draws_digest"]


def test_another_reading_of_words_does_not_replace_the_shipped_draws():
    options = parser().parse_args(["elicit", "--mapping", "hpo"])
    assert options.command.target(options) == default_path(None, "hpo") != default_path()


def test_a_place_that_cannot_be_written_is_named(finished, folder, tmp_path, capsys):
    finished()
    (tmp_path / "file").write_text("no folder")
    status, printed, complaint = run(capsys, folder, "--out", tmp_path / "file")
    assert (status, printed) == (2, "")
    assert "cannot be written" in complaint
    assert len(complaint.splitlines()) == 1  # asked before anything is sampled


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--mapping", "hpx"], "scales.csv: unknown mapping hpx; allowed: literature"),
        (["--seed", "-1"], "found -1; allowed are whole numbers from 0"),
        (["--seed", "x"], "found x; allowed are whole numbers from 0"),
        (["--chains", "1"], "found 1; allowed are whole numbers from 2"),
        (["--draws", "0"], "allowed are whole numbers from 1"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_compiled(folder, capsys, options, complaint):
    status, printed, said = run(capsys, folder, *options)
    assert status == 2
    assert printed == ""
    assert complaint in said
    assert len(said.splitlines()) == 1


def test_a_folder_without_tables_is_refused(tmp_path, capsys):
    status, _, said = run(capsys, tmp_path / "nowhere")
    assert status == 2
    assert "no such folder" in said


def good():
    return {"r_hat": 1.001, "ess_bulk": 900.0, "ess_tail": 800.0}


@pytest.mark.parametrize(
    ("change", "word"),
    [({"r_hat": 1.01}, "R-hat"), ({"ess_bulk": 400.0}, "ESS 400"), ({"ess_tail": 12.0}, "ESS 12")],
)
def test_the_gate_refuses_each_failure(change, word):
    from model.elicitation.sampling import gate

    record = {"divergences": 0, "variables": {"level": good(), "shifts": good() | change}}
    with pytest.raises(ElicitationError, match=f"elicitation, shifts: {word}"):
        gate(record)


def test_the_gate_refuses_divergences_and_lets_a_good_run_pass():
    from model.elicitation.sampling import gate, problems

    record = {"divergences": 3, "variables": {"level": good()}}
    assert problems(record) == ("elicitation: 3 divergences; none is allowed; tune longer (--tune)",)
    gate(record | {"divergences": 0})


def test_chains_that_disagree_are_seen():
    from model.elicitation.sampling import convergence

    rng = np.random.default_rng(1)
    mixed = rng.normal(size=(4, 500, 3))
    apart = mixed + np.array([0.0, 0.0, 0.0, 1.0])[:, None, None]
    assert convergence(mixed)["r_hat"] < 1.01
    assert convergence(apart)["r_hat"] > 1.1
    constant = np.concatenate([mixed, np.zeros((4, 500, 1))], axis=-1)
    assert convergence(constant) == convergence(mixed)


def test_the_density_that_is_sampled_is_the_one_of_the_readings(knowledge):
    """PyMC's log density of all frequency facts at three random points equals the sum of the NumPy twins."""
    from model.elicitation.model import build

    cells = Cells(knowledge)
    model = build(cells)
    names = ("log_weights", "shifts", "cut_points", "reading_shift")
    observed = [rv for rv in model.observed_RVs if rv.name in ("word", "number", "count")]
    outputs = [*model.replace_rvs_by_values([model[name] for name in names])]
    outputs += [model.logp(vars=observed), model.potentiallogp]
    evaluate = model.compile_fn(
        outputs, inputs=model.value_vars, mode="FAST_COMPILE", on_unused_input="ignore"
    )
    rng = np.random.default_rng(7)
    for _ in range(3):
        point = {name: value + rng.normal(size=value.shape) * 0.5 for name, value in start(model).items()}
        *values, observed_logp, potential = evaluate(point)
        draws = dict(zip(names, (np.asarray(value)[None] for value in values), strict=True))
        assert_allclose(agreement(cells, draws).log_likelihood.sum(), observed_logp + potential, rtol=1e-8)


def start(model):
    return {name: np.asarray(value, dtype=float) for name, value in model.initial_point().items()}


def test_draws_fit_the_tables(forced, folder):
    knowledge = load_knowledge_base(folder)
    path = default_path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(forced[2].read_bytes())
    stored = load_parameters(knowledge, folder)
    assert stored.log_weights["finding_0"].shape == (50, 13, 2)
    assert stored.shifts.shape == (50, 1)
    assert (stored.shifts > 0).all()  # a link with the direction + only raises


def test_the_examples_of_the_modules_that_load_the_sampler_hold():
    """What is left out of collecting, so that no worker loads the sampler for it."""
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"][
        "ini_options"
    ]
    left_out = [word.removeprefix("--ignore=") for word in options["addopts"] if word.startswith("--ignore=")]
    names = [path.removesuffix(".py").replace("/", ".") for path in left_out]
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    results = {name: doctest.testmod(import_module(name), optionflags=flags) for name in names}
    assert {name for name, result in results.items() if result.failed} == set()
    assert sum(result.attempted for result in results.values()) > 0
