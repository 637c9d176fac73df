"""
Chapter 7. What the README says of the published patients is what `millet score` computes.

When the draws change, this fails and shows the lines that the README must have; the old and new figures then get a
line under *Results that moved* in the CHANGELOG.
"""

import json

import pytest

from model import load_network, read_cases, score
from model.cli import main
from priors.schema import DEFAULT_LAYER, LAYERS
from tests.support.source import ROOT

PATH = ROOT / "priors" / "cases" / "published.json"
README = (ROOT / "README.md").read_text(encoding="utf-8")
NAMES = {
    "network": "Millet",
    "naive_bayes": "naive Bayes from the bare table symbols",
    "prior": "prior alone",
}


def share(p, interval):
    return f"{p:.2f} ({interval[0]:.2f} to {interval[1]:.2f})"


def line(knowledge, setting, masked, name, totals):
    """One line of the table in the README; of the baselines, which knowledge hardly moves, those of the default."""
    cells = (
        f"`{knowledge}`" if name == "network" else "",
        f"`{setting}`",
        "masked" if masked else "given",
        NAMES[name],
        share(totals.top1, totals.top1_interval),
        share(totals.top3, totals.top3_interval),
        f"{totals.log_score:.2f}",
        f"{totals.brier:.2f}",
    )
    return f"| {' | '.join(cells)} |"


@pytest.fixture(scope="module")
def cases():
    return read_cases(PATH)


@pytest.mark.parametrize("knowledge", LAYERS)
def test_the_readme_has_the_scores(cases, knowledge):
    wanted = []
    for setting in ("documents", "flat"):
        network = load_network(setting=setting, knowledge=knowledge)
        for masked in (False, True):
            found = score(network, cases, mask_confirmatory=masked)
            named = {"network": found.totals, **found.baselines}
            names = NAMES if knowledge == DEFAULT_LAYER else ("network",)
            wanted += [line(knowledge, setting, masked, name, named[name]) for name in names]
    assert [text for text in wanted if text not in README] == []


@pytest.mark.parametrize("setting", ["documents", "flat"])
def test_findings_beat_the_prior_and_the_bare_table(cases, setting):
    """By every measure where the findings that proved the diagnosis are given, as the baselines have them."""
    found = score(load_network(setting=setting), cases)
    for other in found.baselines.values():
        assert found.totals.top1 > other.top1
        assert found.totals.top3 > other.top3
        assert found.totals.log_score > other.log_score
        assert found.totals.brier < other.brier


def test_the_command_prints_what_the_library_computes(cases, capsys):
    assert main(["score", str(PATH), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    found = score(load_network(), cases)
    names = ("n", "top1", "top3", "log_score", "brier")
    totals = printed.get("totals", printed)
    assert [totals[name] for name in names] == pytest.approx([getattr(found.totals, name) for name in names])


def test_the_command_of_the_readme_is_the_one_that_was_run():
    assert "millet score published" in README
